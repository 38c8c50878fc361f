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
