"""The words of the ledger of transmissions: to whom, by what means, on what occasion, and where one stands."""

from django.db import models


class RecipientKind(models.TextChoices):
    """The administrations that the law, or a choice of the authority, makes recipients."""

    CAF = "caf", "Caisse d’allocations familiales"
    MSA = "msa", "Mutualité sociale agricole"
    TAX = "tax", "Services fiscaux"
    PDALHPD = "pdalhpd", "Comité du plan départemental (PDALHPD)"
    OBSERVATORY = "observatory", "Observatoire des logements indignes"
    PREFECTURE = "prefecture", "Préfecture, contrôle de légalité"
    EPCI = "epci", "Intercommunalité délégante"

    @property
    def code(self) -> str:
        """How the numbers of its slips begin, as its people say it."""
        return _CODES.get(self, self.name)


_CODES = {RecipientKind.TAX: "FISC", RecipientKind.OBSERVATORY: "OBSERVATOIRE", RecipientKind.PREFECTURE: "PREF"}


class TransmissionMeans(models.TextChoices):
    """How a recipient is reached."""

    EMAIL = "email", "Courriel"
    SPACE = "space", "Espace partenaire"
    HAND = "hand", "Envoi par le service"
    ACTES = "actes", "@CTES"


class Occasion(models.TextChoices):
    """What happened that somebody must be told of."""

    DELIBERATION = "deliberation", "Délibération exécutoire"
    REFUSAL = "refusal", "Refus"
    CONDITIONAL = "conditional", "Autorisation sous conditions"
    GRANT = "grant", "Autorisation"
    SILENCE_REVERSED = "silence_reversed", "Autorisation tacite remplacée"
    LIFTING = "lifting", "Conditions levées"
    REPEAL = "repeal", "Autorisation abrogée"
    REVOCATION = "revocation", "Autorisation retirée"
    APPEAL_ACCEPTED = "appeal_accepted", "Recours accueilli, décision remplacée"
    ANNULMENT = "annulment", "Décision annulée par le juge"
    TRANSFER = "transfer", "Autorisation transférée"
    ANNUAL_REPORT = "annual_report", "Rapport annuel"

    @classmethod
    def of_cases(cls) -> list["Occasion"]:
        return [occasion for occasion in cls if occasion not in (cls.DELIBERATION, cls.ANNUAL_REPORT)]

    @classmethod
    def as_if_never(cls) -> list["Occasion"]:
        """The former decision is deemed never taken: whoever has not heard of it yet must not hear of it."""
        return [cls.SILENCE_REVERSED, cls.REVOCATION, cls.APPEAL_ACCEPTED, cls.ANNULMENT]


class TransmissionState(models.TextChoices):
    DUE = "due", "À envoyer"
    SENT = "sent", "Envoyée"
    ACKNOWLEDGED = "acknowledged", "Reçue"
    CORRECTED = "corrected", "Remplacée"
