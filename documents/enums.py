"""The acts of the procedure and what the service says of a piece."""

from django.db import models


class ActKind(models.TextChoices):
    REGISTRATION = "registration", "Accusé d’enregistrement"
    RECEIPT = "receipt", "Accusé de réception valant récépissé"
    RECEIPT_AFTER_COMPLETION = "receipt_after_completion", "Accusé de réception du dossier complété"
    MISSING_PIECES = "missing_pieces", "Demande de pièces"
    DECISION_GRANTED = "decision_granted", "Autorisation préalable de mise en location"
    DECISION_CONDITIONAL = "decision_conditional", "Autorisation assortie de conditions"
    DECISION_REFUSED = "decision_refused", "Refus d’autorisation"
    LIFTING = "lifting", "Levée des conditions"
    CLOSURE = "closure", "Classement sans suite"
    TACIT_ATTESTATION = "tacit_attestation", "Attestation d’autorisation tacite"
    OUT_OF_SCOPE_LETTER = "out_of_scope_letter", "Réponse « hors champ »"
    WITHDRAWAL_ACK = "withdrawal_ack", "Accusé de retrait de la demande"
    REVOCATION = "revocation", "Retrait de l’autorisation"

    @classmethod
    def decisions(cls) -> list["ActKind"]:
        """Acts that exist for the landlord only once they are notified."""
        return [cls.DECISION_GRANTED, cls.DECISION_CONDITIONAL, cls.DECISION_REFUSED]


class FileState(models.TextChoices):
    """What is known of a file; people read it only once a scan found it clean."""

    AWAITED = "awaited", "Envoi commencé"
    PENDING = "pending", "Vérification en cours"
    CLEAN = "clean", "Vérifié"
    INFECTED = "infected", "Dangereux"
    UNREADABLE = "unreadable", "Illisible"
    ERROR = "error", "Vérification à refaire"

    @classmethod
    def waiting(cls) -> list["FileState"]:
        """Received, and still to be examined."""
        return [cls.PENDING, cls.ERROR]

    @classmethod
    def unusable(cls) -> list["FileState"]:
        """Received for nothing: the landlord must send another one."""
        return [cls.INFECTED, cls.UNREADABLE]


class LookUpOutcome(models.TextChoices):
    """What came of a question to ADEME's register."""

    FOUND = "found", "Publié"
    ABSENT = "absent", "Absent du registre"
    UNAVAILABLE = "unavailable", "Registre indisponible"


class Verdict(models.TextChoices):
    PENDING = "pending", "À vérifier"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"
