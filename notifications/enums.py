from django.db import models

from accounts.enums import Role


class MessageState(models.TextChoices):
    TO_SEND = "to_send", "À envoyer"
    SENT = "sent", "Remis au serveur de messagerie"
    FAILED = "failed", "Échec"


class Kind(models.TextChoices):
    """What a message says; each kind has a subject and a text in `templates/notifications/`."""

    SUBMITTED = "submitted", "Demande enregistrée"
    RECEIPT = "receipt", "Dossier complet"
    PIECES_REQUESTED = "pieces_requested", "Pièces demandées"
    OPTIONAL_REQUESTED = "optional_requested", "Pièces facultatives demandées"
    REMINDER = "reminder", "Relance"
    COMPLETED = "completed", "Dossier complété"
    OUT_OF_SCOPE = "out_of_scope", "Hors champ"
    CLOSED_INCOMPLETE = "closed_incomplete", "Classement sans suite"
    WITHDRAWN = "withdrawn", "Retrait de la demande"
    VISIT_PLANNED = "visit_planned", "Rendez-vous de visite"
    VISIT_CANCELLED = "visit_cancelled", "Visite annulée"
    VISIT_MISSED = "visit_missed", "Visite manquée"
    DECISION_NOTIFIED = "decision_notified", "Décision"
    TACIT = "tacit", "Autorisation tacite"
    CONDITIONS_LIFTED = "conditions_lifted", "Conditions levées"
    REVOKED = "revoked", "Autorisation retirée"
    LAPSED = "lapsed", "Autorisation caduque"
    DECISION_TO_SIGN = "decision_to_sign", "Décision à signer"
    DECISION_SENT_BACK = "decision_sent_back", "Projet renvoyé"
    DECISION_TO_NOTIFY = "decision_to_notify", "Décision à notifier"
    TACIT_ALERT = "tacit_alert", "Permis né du silence"
    DEADLINE_ALERT = "deadline_alert", "Échéance proche"
    ACCESS_REFUSED = "access_refused", "Accès refusé"
    WORKS_PROVED = "works_proved", "Preuve de travaux reçue"
    DATE_CORRECTED = "date_corrected", "Date corrigée"

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles it is for; none for what goes to the landlord."""
        return _ROLES.get(self, ())


_ROLES = {
    Kind.DECISION_TO_SIGN: (Role.SIGNATORY,),
    Kind.DECISION_SENT_BACK: (Role.OFFICER,),
    Kind.DECISION_TO_NOTIFY: (Role.OFFICER,),
    Kind.TACIT_ALERT: (Role.MANAGER, Role.SIGNATORY),
    Kind.DEADLINE_ALERT: (Role.OFFICER, Role.MANAGER),
    Kind.ACCESS_REFUSED: (Role.MANAGER,),
    Kind.WORKS_PROVED: (Role.OFFICER,),
    Kind.DATE_CORRECTED: (Role.MANAGER,),
}
