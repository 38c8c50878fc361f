"""What a message says, to whom, and where it stands."""

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
    FILE_UNUSABLE = "file_unusable", "Fichier à remplacer"
    REMINDER = "reminder", "Relance"
    COMPLETED = "completed", "Dossier complété"
    OUT_OF_SCOPE = "out_of_scope", "Hors champ"
    CLOSED_INCOMPLETE = "closed_incomplete", "Classement sans suite"
    WITHDRAWN = "withdrawn", "Retrait de la demande"
    VISIT_PLANNED = "visit_planned", "Rendez-vous de visite"
    VISIT_CANCELLED = "visit_cancelled", "Visite annulée"
    VISIT_MOVED = "visit_moved", "Visite déplacée"
    VISIT_REMINDER = "visit_reminder", "Rappel de visite"
    VISIT_MISSED = "visit_missed", "Visite manquée"
    OCCUPANT_CONVOKED = "occupant_convoked", "Convocation de l’occupant"
    OCCUPANT_MOVED = "occupant_moved", "Visite déplacée, à l’occupant"
    OCCUPANT_CANCELLED = "occupant_cancelled", "Visite annulée, à l’occupant"
    OCCUPANT_REMINDER = "occupant_reminder", "Rappel de visite, à l’occupant"
    DECISION_NOTIFIED = "decision_notified", "Décision"
    TACIT = "tacit", "Autorisation tacite"
    CONDITIONS_LIFTED = "conditions_lifted", "Conditions levées"
    WORKS_REMINDER = "works_reminder", "Travaux à faire"
    HEARING = "hearing", "Lettre contradictoire"
    REVOKED = "revoked", "Autorisation retirée"
    LAPSED = "lapsed", "Autorisation caduque"

    DECISION_TO_SIGN = "decision_to_sign", "Décision à signer"
    DECISION_SENT_BACK = "decision_sent_back", "Projet renvoyé"
    DECISION_TO_NOTIFY = "decision_to_notify", "Décision à notifier"
    TACIT_ALERT = "tacit_alert", "Permis né du silence"
    SILENCE_REVERSED = "silence_reversed", "Permis né du silence remplacé"
    DEADLINE_ALERT = "deadline_alert", "Échéance proche"
    ACCESS_REFUSED = "access_refused", "Accès refusé"
    DANGER_FOUND = "danger_found", "Danger constaté"
    WORKS_PROVED = "works_proved", "Preuve de travaux reçue"
    VISIT_ANSWERED = "visit_answered", "Réponse à une convocation"
    WORKS_OVERDUE = "works_overdue", "Travaux en retard"
    DATE_CORRECTED = "date_corrected", "Date corrigée"

    TRANSMISSION_SLIP = "transmission_slip", "Bordereau de transmission"
    TRANSMISSIONS_LATE = "transmissions_late", "Transmissions en retard"

    INVITATION = "invitation", "Invitation"
    PASSWORD_RESET = "password_reset", "Mot de passe à choisir"
    EMAIL_CONFIRMATION = "email_confirmation", "Adresse à confirmer"
    UNKNOWN_ACCOUNT = "unknown_account", "Compte inconnu"

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles it is for in the authority of the case; none for what goes to the landlord."""
        return _ROLES.get(self, ())

    @property
    def call(self) -> str:
        """What the link of the message does, in words."""
        return _CALLS.get(self, "Voir le dossier" if self.roles else "Suivre la demande")

    @property
    def needs(self) -> frozenset[str]:
        """The names that its texts use besides those of the case."""
        return _NEEDS.get(self, frozenset())

    @classmethod
    def of_accounts(cls) -> list["Kind"]:
        """Written to a person about their account: no case calls for them."""
        return [cls.INVITATION, cls.PASSWORD_RESET, cls.EMAIL_CONFIRMATION, cls.UNKNOWN_ACCOUNT]

    @classmethod
    def of_transmissions(cls) -> list["Kind"]:
        """Written of several cases at once: to another administration, or to the managers about it."""
        return [cls.TRANSMISSION_SLIP, cls.TRANSMISSIONS_LATE]

    @classmethod
    def without_case(cls) -> list["Kind"]:
        """No single case calls for them."""
        return [*cls.of_accounts(), *cls.of_transmissions()]

    @classmethod
    def to_occupants(cls) -> list["Kind"]:
        """Written to who lives in the dwelling: the landlord does not read them."""
        return [cls.OCCUPANT_CONVOKED, cls.OCCUPANT_MOVED, cls.OCCUPANT_CANCELLED, cls.OCCUPANT_REMINDER]

    @classmethod
    def to_landlords(cls) -> list["Kind"]:
        """Written to the lessors and their agent: what a landlord may read again on their own case."""
        others = (*cls.without_case(), *cls.to_occupants())
        return [kind for kind in cls if not kind.roles and kind not in others]


_ROLES = {
    Kind.DECISION_TO_SIGN: (Role.SIGNATORY,),
    Kind.DECISION_SENT_BACK: (Role.OFFICER,),
    Kind.DECISION_TO_NOTIFY: (Role.OFFICER,),
    Kind.TACIT_ALERT: (Role.MANAGER, Role.SIGNATORY),
    Kind.SILENCE_REVERSED: (Role.MANAGER, Role.SIGNATORY),
    Kind.DEADLINE_ALERT: (Role.OFFICER, Role.MANAGER),
    Kind.ACCESS_REFUSED: (Role.MANAGER,),
    Kind.DANGER_FOUND: (Role.MANAGER,),
    Kind.WORKS_PROVED: (Role.OFFICER,),
    Kind.VISIT_ANSWERED: (Role.OFFICER, Role.INSPECTOR),
    Kind.WORKS_OVERDUE: (Role.OFFICER,),
    Kind.DATE_CORRECTED: (Role.MANAGER,),
    Kind.TRANSMISSIONS_LATE: (Role.MANAGER,),
}
_CALLS = {
    Kind.PIECES_REQUESTED: "Déposer les pièces",
    Kind.OPTIONAL_REQUESTED: "Déposer les pièces",
    Kind.REMINDER: "Déposer les pièces",
    Kind.FILE_UNUSABLE: "Déposer un autre fichier",
    Kind.TACIT: "Demander l’attestation",
    Kind.DECISION_NOTIFIED: "Voir la décision",
    Kind.DECISION_TO_SIGN: "Lire et signer",
    Kind.DECISION_SENT_BACK: "Reprendre le projet",
    Kind.DECISION_TO_NOTIFY: "Notifier la décision",
    Kind.WORKS_PROVED: "Vérifier la preuve",
    Kind.VISIT_PLANNED: "Changer ou annuler ce rendez-vous",
    Kind.VISIT_MOVED: "Changer ou annuler ce rendez-vous",
    Kind.VISIT_REMINDER: "Changer ou annuler ce rendez-vous",
    Kind.OCCUPANT_CONVOKED: "Changer ou refuser ce rendez-vous",
    Kind.OCCUPANT_MOVED: "Changer ou refuser ce rendez-vous",
    Kind.OCCUPANT_CANCELLED: "Relire ce rendez-vous",
    Kind.OCCUPANT_REMINDER: "Changer ou refuser ce rendez-vous",
    Kind.WORKS_REMINDER: "Envoyer une preuve",
    Kind.WORKS_OVERDUE: "Voir les travaux",
    Kind.TRANSMISSION_SLIP: "Ouvrir l’espace partenaire",
    Kind.TRANSMISSIONS_LATE: "Voir les transmissions",
    Kind.INVITATION: "Choisir mon mot de passe",
    Kind.PASSWORD_RESET: "Choisir un nouveau mot de passe",
    Kind.EMAIL_CONFIRMATION: "Confirmer mon adresse",
    Kind.UNKNOWN_ACCOUNT: "Créer un compte",
}
_NEEDS = {
    Kind.PIECES_REQUESTED: frozenset({"request"}),
    Kind.OPTIONAL_REQUESTED: frozenset({"request"}),
    Kind.REMINDER: frozenset({"request"}),
    Kind.FILE_UNUSABLE: frozenset({"pieces", "name", "reason"}),
    Kind.OUT_OF_SCOPE: frozenset({"reason"}),
    Kind.VISIT_PLANNED: frozenset({"visit"}),
    Kind.VISIT_CANCELLED: frozenset({"visit"}),
    Kind.VISIT_MOVED: frozenset({"visit"}),
    Kind.VISIT_REMINDER: frozenset({"visit"}),
    Kind.VISIT_MISSED: frozenset({"visit"}),
    Kind.OCCUPANT_CONVOKED: frozenset({"visit"}),
    Kind.OCCUPANT_MOVED: frozenset({"visit"}),
    Kind.OCCUPANT_CANCELLED: frozenset({"visit"}),
    Kind.OCCUPANT_REMINDER: frozenset({"visit"}),
    Kind.VISIT_ANSWERED: frozenset({"visit", "party", "note", "moved"}),
    Kind.DECISION_NOTIFIED: frozenset({"grounds", "works"}),
    Kind.DECISION_TO_SIGN: frozenset({"author", "outcome"}),
    Kind.DECISION_SENT_BACK: frozenset({"author", "reason"}),
    Kind.TACIT_ALERT: frozenset({"late_refusal", "withdrawable_until"}),
    Kind.ACCESS_REFUSED: frozenset({"visit"}),
    Kind.DANGER_FOUND: frozenset({"dangers", "visit"}),
    Kind.WORKS_PROVED: frozenset({"work"}),
    Kind.WORKS_REMINDER: frozenset({"works", "due_on", "is_over"}),
    Kind.WORKS_OVERDUE: frozenset({"works", "due_on"}),
    Kind.HEARING: frozenset({"works", "reasons"}),
    Kind.DATE_CORRECTED: frozenset({"after", "already_sent", "author", "before", "reason", "what"}),
    Kind.TRANSMISSION_SLIP: frozenset({"slip"}),
    Kind.TRANSMISSIONS_LATE: frozenset({"late"}),
    Kind.INVITATION: frozenset({"user"}),
}


class RecipientKind(models.TextChoices):
    """The administrations that the law, or a choice of the authority, makes recipients."""

    CAF = "caf", "Caisse d’allocations familiales"
    MSA = "msa", "Mutualité sociale agricole"
    TAX = "tax", "Services fiscaux"
    PDALHPD = "pdalhpd", "Comité du plan départemental (PDALHPD)"
    OBSERVATORY = "observatory", "Observatoire des logements indignes"
    PREFECTURE = "prefecture", "Préfecture, contrôle de légalité"
    EPCI = "epci", "Intercommunalité délégante"


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
    ACKNOWLEDGED = "acknowledged", "Acquittée"
    CORRECTED = "corrected", "Remplacée"
