"""The words of what contests a decision: hearings, appeals to the authority, judgments."""

from django.db import models


class HearingPurpose(models.TextChoices):
    """What the authority intends when it hears the holder of a permit first (CRPA L.121-1)."""

    REPEAL = "repeal", "Abrogation, travaux non faits"
    REVOCATION = "revocation", "Retrait, autorisation illégale"


class AppealKind(models.TextChoices):
    ADMINISTRATIVE = "administrative", "Recours gracieux"
    COURT = "court", "Recours devant le tribunal administratif"


class AppealState(models.TextChoices):
    """Where an appeal stands (CRPA L.411-2, L.411-7; CJA R.421-1)."""

    PENDING = "pending", "En cours d’examen"
    IMPLICITLY_REJECTED = "implicitly_rejected", "Rejeté par le silence"
    REJECTED = "rejected", "Rejeté"
    ACCEPTED = "accepted", "Accueilli"
    BEFORE_COURT = "before_court", "Devant le tribunal"
    DISMISSED = "dismissed", "Requête rejetée"
    ANNULLED = "annulled", "Décision annulée"
    WITHDRAWN = "withdrawn", "Désistement"

    @classmethod
    def of(cls, kind: str) -> list["AppealState"]:
        """Les états que connaît une sorte de recours."""
        court = [cls.BEFORE_COURT, cls.DISMISSED, cls.ANNULLED]
        return [*court, cls.WITHDRAWN] if kind == AppealKind.COURT else [state for state in cls if state not in court]

    @classmethod
    def open(cls) -> list["AppealState"]:
        """Something may still be decided: after the silence, an express answer is still possible."""
        return [cls.PENDING, cls.IMPLICITLY_REJECTED, cls.BEFORE_COURT]


class AppealChannel(models.TextChoices):
    """How an appeal reached the authority."""

    ONLINE = "online", "En ligne"
    LETTER = "letter", "Courrier"
    COUNTER = "counter", "Guichet"
    EMAIL = "email", "Courriel"
    COURT = "court", "Tribunal"


class Suspension(models.TextChoices):
    """What was asked of the judge of urgency (CJA L.521-1)."""

    ASKED = "asked", "Suspension demandée"
    ORDERED = "ordered", "Suspension ordonnée"
    REJECTED = "rejected", "Suspension refusée"


class Replacement(models.TextChoices):
    """Why a decision is no longer the one of its case."""

    APPEAL = "appeal", "Remplacée sur recours gracieux"
    JUDGMENT = "judgment", "Annulée, demande à réexaminer"
    SUSPENSION = "suspension", "Suspendue par le juge, demande à réexaminer"


class Judgment(models.TextChoices):
    DISMISSED = "dismissed", "Requête rejetée"
    ANNULLED = "annulled", "Décision annulée"
    ANNULLED_REEXAMINE = "annulled_reexamine", "Décision annulée, demande à réexaminer"
