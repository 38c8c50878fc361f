from django.db import models


class Regime(models.TextChoices):
    """The two prior-control regimes of the CCH, articles L.634-1 and L.635-1."""

    APML = "APML", "Autorisation préalable de mise en location"
    DML = "DML", "Déclaration de mise en location"


class AuthorityKind(models.TextChoices):
    EPCI = "epci", "Intercommunalité"
    COMMUNE = "commune", "Commune"


class PlaceKind(models.TextChoices):
    """Named places with an INSEE code of their own that belong to a current commune."""

    DISTRICT = "arrondissement-municipal", "Arrondissement municipal"
    DELEGATED = "commune-deleguee", "Commune déléguée"
    ASSOCIATED = "commune-associee", "Commune associée"


class Certainty(models.TextChoices):
    """What is known of a dwelling against the perimeters of a regime."""

    CERTAIN = "certain", "Dans un périmètre"
    TO_CHECK = "to_check", "À vérifier par une personne"
    OUTSIDE = "outside", "Dans aucun périmètre"


class Doubt(models.TextChoices):
    """Why only a person can say whether a dwelling is in a perimeter; the label is the sentence people read."""

    STREETS = "streets", "le périmètre est une liste de rues, reconnues par leur nom"
    NUMBER = "number", "le numéro dans la rue n’est pas connu"
    BOUNDARY = "boundary", "le logement est au bord du périmètre"
    UNPLACED = "unplaced", "le logement n’est pas placé sur la carte"
    UNDRAWN = "undrawn", "le tracé du périmètre n’est pas enregistré"
    CATEGORY = "category", "une caractéristique du logement dont dépend le périmètre n’est pas connue"
    OVERLAP = "overlap", "plusieurs périmètres se recouvrent à cet endroit"
    DECLARED = "declared", "le périmètre indiqué par le demandeur n’est pas celui que donne l’adresse"
