from django.db import models


class VisitState(models.TextChoices):
    PLANNED = "planned", "Planifiée"
    DONE = "done", "Faite"
    NO_SHOW = "no_show", "Personne au rendez-vous"
    ACCESS_REFUSED = "access_refused", "Accès refusé"
    CANCELLED = "cancelled", "Annulée"

    @classmethod
    def failed(cls) -> list["VisitState"]:
        """Somebody came and saw nothing: another appointment, or a decision on the documents."""
        return [cls.NO_SHOW, cls.ACCESS_REFUSED]


class Purpose(models.TextChoices):
    FIRST = "first", "Première visite"
    COUNTER = "counter", "Contre-visite"


class Party(models.TextChoices):
    """Who is told of an appointment, and may ask for another one."""

    LANDLORD = "landlord", "Bailleur"
    OCCUPANT = "occupant", "Occupant"


class ContactChannel(models.TextChoices):
    PHONE = "phone", "Téléphone"
    MAIL = "mail", "Courriel"
    LETTER = "letter", "Lettre"
    ON_SPOT = "on_spot", "Sur place"


class ContactResult(models.TextChoices):
    JOINED = "joined", "Personne jointe"
    NO_ANSWER = "no_answer", "Pas de réponse"
    WRONG_NUMBER = "wrong_number", "Mauvais numéro ou mauvaise adresse"
    REFUSES = "refuses", "Refuse la visite"
    AGREES = "agrees", "D’accord pour la visite"


class Conclusion(models.TextChoices):
    FAVOURABLE = "favourable", "Favorable"
    RESERVES = "reserves", "Favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "Défavorable"


class Severity(models.TextChoices):
    """How serious a finding is, and what it leads to (danger, blocking, reserve, observation)."""

    DANGER = "D", "Danger"
    BLOCKING = "B", "Bloquant"
    RESERVE = "R", "Réserve"
    OBSERVATION = "O", "Observation"


class SignatureGiven(models.TextChoices):
    """Whether the person present signed what was seen."""

    DRAWN = "drawn", "A signé sur le téléphone"
    PAPER = "paper", "A signé sur papier"
    REFUSED = "refused", "A refusé de signer"
    NOT_ASKED = "not_asked", "Signature non recueillie"


class RoomKind(models.TextChoices):
    """Where an item of the grid is looked at."""

    BUILDING = "building", "Immeuble"
    DWELLING = "dwelling", "Logement"
    LIVING = "living", "Séjour"
    BEDROOM = "bedroom", "Chambre"
    KITCHEN = "kitchen", "Cuisine"
    BATHROOM = "bathroom", "Salle d’eau"
    TOILET = "toilet", "WC"


class Reply(models.TextChoices):
    """What an inspector answers to an item of the grid."""

    CONFORM = "conform", "Conforme"
    NON_CONFORM = "non_conform", "Non conforme"
    NOT_APPLICABLE = "not_applicable", "Sans objet"
    NOT_VERIFIABLE = "not_verifiable", "Non vérifiable"


class Measure(models.TextChoices):
    """What is measured in a room, in the unit of its label."""

    SURFACE = "surface", "Surface (m²)"
    HEIGHT = "height", "Hauteur sous plafond (m)"
    VOLUME = "volume", "Volume (m³)"
    TEMPERATURE = "temperature", "Température (°C)"
    HUMIDITY = "humidity", "Humidité (%)"


class EntryKind(models.TextChoices):
    """What one entry of a visit says; `inspections.survey` describes the payload of each."""

    START = "start", "Début de la visite"
    ROOM = "room", "Pièce"
    ANSWER = "answer", "Point de contrôle"
    MEASURE = "measure", "Mesure"
    PHOTO = "photo", "Photo"
    PHOTO_REMOVED = "photo_removed", "Photo ôtée"
    PEOPLE = "people", "Personnes présentes"
    CONCLUSION = "conclusion", "Conclusion"
    SIGNATURE = "signature", "Signature"
    OUTCOME = "outcome", "Visite impossible"
    FINISH = "finish", "Fin de la visite"
