from django.db import models


class VisitState(models.TextChoices):
    PLANNED = "planned", "Planifiée"
    DONE = "done", "Faite"
    NO_SHOW = "no_show", "Personne au rendez-vous"
    ACCESS_REFUSED = "access_refused", "Accès refusé"
    CANCELLED = "cancelled", "Annulée"


class Purpose(models.TextChoices):
    FIRST = "first", "Première visite"
    COUNTER = "counter", "Contre-visite"


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


class RoomKind(models.TextChoices):
    """Where an item of the grid is looked at."""

    BUILDING = "building", "Immeuble"
    DWELLING = "dwelling", "Logement"
    LIVING = "living", "Séjour"
    BEDROOM = "bedroom", "Chambre"
    KITCHEN = "kitchen", "Cuisine"
    BATHROOM = "bathroom", "Salle d’eau"
    TOILET = "toilet", "WC"
