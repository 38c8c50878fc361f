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
    VISIT_REPORT = "visit_report", "Rapport de visite"
    POLICE_NOTE = "police_note", "Note de saisine du pouvoir de police"
    CONVOCATION = "convocation", "Convocation à une visite"
    OCCUPANT_CONVOCATION = "occupant_convocation", "Convocation de l’occupant"
    HEARING = "hearing", "Lettre contradictoire"
    HEARING_REVOCATION = "hearing_revocation", "Lettre contradictoire avant retrait"
    REPEAL = "repeal", "Abrogation de l’autorisation"
    APPEAL_RECEIPT = "appeal_receipt", "Accusé de réception d’un recours"
    APPEAL_REJECTION = "appeal_rejection", "Rejet d’un recours gracieux"
    APPEAL_ACCEPTANCE = "appeal_acceptance", "Recours gracieux accueilli"
    SANCTION_LETTER = "sanction_letter", "Lettre d’observations avant amende"
    SANCTION_CLOSURE = "sanction_closure", "Classement de la procédure de sanction"
    FINE = "fine", "Arrêté prononçant une amende"
    FINE_TITLE = "fine_title", "Données du titre de recette"
    FINE_WITHDRAWAL = "fine_withdrawal", "Retrait de l’amende"
    DECLARATION_RECEIPT = "declaration_receipt", "Récépissé de déclaration"
    TENANT_COPY = "tenant_copy", "Récépissé, exemplaire à remettre au locataire"
    DECLARATION_INCOMPLETE = "declaration_incomplete", "Accusé de réception d’une déclaration incomplète"
    DECLARATION_EXPIRED = "declaration_expired", "Déclaration non complétée"
    TRANSFER_RECEIPT = "transfer_receipt", "Récépissé de transfert"
    WORKS_COMMITMENT = "works_commitment", "Engagement écrit de travaux"

    @classmethod
    def decisions(cls) -> list["ActKind"]:
        """Acts that exist for the landlord only once they are notified."""
        return [cls.DECISION_GRANTED, cls.DECISION_CONDITIONAL, cls.DECISION_REFUSED]

    @classmethod
    def hearings(cls) -> list["ActKind"]:
        """Letters after which the holder of a permit is heard."""
        return [cls.HEARING, cls.HEARING_REVOCATION]

    @classmethod
    def contestable(cls) -> list["ActKind"]:
        """Acts other than decisions whose notification opens a period before the court."""
        return [cls.CLOSURE, cls.REVOCATION, cls.REPEAL, cls.APPEAL_REJECTION]

    @classmethod
    def letters_of_sanctions(cls) -> list["ActKind"]:
        """Written to the person blamed: theirs as soon as they are issued."""
        return [cls.SANCTION_LETTER, cls.SANCTION_CLOSURE]

    @classmethod
    def fines(cls) -> list["ActKind"]:
        """They exist for the person blamed only once the fine is notified."""
        return [cls.FINE, cls.FINE_WITHDRAWAL]

    @classmethod
    def internal(cls) -> list["ActKind"]:
        """Written from one authority to another: the landlord hears of it from the one that uses its power."""
        return [cls.POLICE_NOTE]

    @classmethod
    def to_others(cls) -> list["ActKind"]:
        """Letters to somebody else than the landlord, who does not read them."""
        return [cls.OCCUPANT_CONVOCATION]


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
    def kept(cls) -> list["FileState"]:
        """Examined, and kept: of a dangerous file nothing is."""
        return [cls.CLEAN, cls.UNREADABLE]

    @classmethod
    def unusable(cls) -> list["FileState"]:
        """Received for nothing: the landlord must send another one."""
        return [cls.INFECTED, cls.UNREADABLE]


class FilePurpose(models.TextChoices):
    """Why a file is in a case."""

    DEPOSITED = "deposited", "Document du dossier"
    VISIT = "visit", "Document de visite"
    OPINION = "opinion", "Pièce d’un avis"
    EXCHANGE = "exchange", "Pièce jointe d’un message"
    LITIGATION = "litigation", "Document de contentieux"
    SERVICE = "service", "Document réservé au service"

    @classmethod
    def of_the_service(cls) -> list["FilePurpose"]:
        """For the service and who sent it: photos where people may be, opinions, papers of a court, of a former holder."""
        return [cls.VISIT, cls.OPINION, cls.LITIGATION, cls.SERVICE]


class LookUpOutcome(models.TextChoices):
    """What came of a question to ADEME's register."""

    FOUND = "found", "Publié"
    ABSENT = "absent", "Absent du registre"
    UNAVAILABLE = "unavailable", "Registre indisponible"


class Verdict(models.TextChoices):
    PENDING = "pending", "À vérifier"
    ACCEPTED = "accepted", "Acceptée"
    REFUSED = "refused", "Refusée"


class Discrepancy(models.TextChoices):
    """Where the rows and the objects of the storage tell two stories."""

    MISSING = "missing", "Fichier absent du stockage"
    ALTERED = "altered", "Contenu qui n’est plus celui d’origine"
    SIZE = "size", "Taille qui n’est plus celle d’origine"
    UNREADABLE = "unreadable", "Fichier que le stockage ne rend pas"
    MISSING_PICTURE = "missing_picture", "Image de page absente"
    ORPHAN = "orphan", "Objet qu’aucun dossier ne connaît"
    STRAY = "stray", "Objet de quarantaine qu’aucun dossier ne connaît"
    LEFTOVER = "leftover", "Quarantaine d’un fichier déjà rangé"
    HIDDEN = "hidden", "Objet de quarantaine effacé dont une version reste"
    EXPIRED = "expired", "Envoi annoncé qui n’est jamais arrivé"
    STUCK = "stuck", "Reste que le stockage refuse d’effacer"

    @classmethod
    def mended(cls) -> list["Discrepancy"]:
        """Harmless remains, which reconciliation removes by itself."""
        return [cls.STRAY, cls.LEFTOVER, cls.HIDDEN, cls.EXPIRED]
