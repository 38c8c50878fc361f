"""The words of a sanction: what was breached, who found it, where the procedure stands."""

from django.db import models

from territories.enums import Regime


class Breach(models.TextChoices):
    """What a landlord is blamed for (CCH L.634-4, L.635-7)."""

    NO_REQUEST = "no_request", "Mise en location sans demande d’autorisation"
    DESPITE_REFUSAL = "despite_refusal", "Mise en location malgré un refus notifié"
    NO_DECLARATION = "no_declaration", "Mise en location sans déclaration"

    @property
    def regime(self) -> Regime:
        """The regime whose obligation was not met: a fine supposes its perimeter."""
        return Regime.DML if self == Breach.NO_DECLARATION else Regime.APML


class FindingSource(models.TextChoices):
    """What showed that the dwelling is let."""

    LEASE = "lease", "Bail ou quittance"
    VISIT = "visit", "Visite ou constat sur place"
    COMPLAINT = "complaint", "Signalement ou plainte"
    BENEFIT = "benefit", "Données de la CAF ou de la MSA"
    OTHER = "other", "Autre élément"


class SanctionState(models.TextChoices):
    """Where a sanction stands, from the finding to the recovery of the fine (CCH R.634-4, R.635-4, R.635-5)."""

    CONSTAT = "constat", "Constat établi"
    OBSERVATIONS_OPEN = "observations_open", "Observations attendues"
    REGULARISED = "regularised", "Régularisée"
    TO_DECIDE = "to_decide", "À décider"
    FINED = "fined", "Amende prononcée"
    CLOSED = "closed", "Classée"
    TITLE_ISSUED = "title_issued", "Titre de recette émis"
    PAID = "paid", "Payée"
    RECOVERY = "recovery", "En recouvrement forcé"
    APPEAL = "appeal", "Contestée"
    WITHDRAWN = "withdrawn", "Retirée ou annulée"

    @classmethod
    def before_decision(cls) -> list["SanctionState"]:
        """No fine and no closure yet: the year of the bar runs."""
        return [cls.CONSTAT, cls.OBSERVATIONS_OPEN, cls.REGULARISED, cls.TO_DECIDE]

    @classmethod
    def decidable(cls) -> list["SanctionState"]:
        """The month of the observations may be over: a fine or a closure is next."""
        return [cls.REGULARISED, cls.TO_DECIDE]

    @classmethod
    def ordered(cls) -> list["SanctionState"]:
        """A fine was ordered and stands."""
        return [cls.FINED, cls.TITLE_ISSUED, cls.PAID, cls.RECOVERY, cls.APPEAL]

    @classmethod
    def ended(cls) -> list["SanctionState"]:
        """Nobody has anything more to do."""
        return [cls.CLOSED, cls.PAID, cls.WITHDRAWN]
