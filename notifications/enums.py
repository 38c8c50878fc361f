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
    DECISION_AVAILABLE = "decision_available", "Décision à ouvrir en ligne"
    TACIT = "tacit", "Autorisation tacite"
    CONDITIONS_LIFTED = "conditions_lifted", "Conditions levées"
    WORKS_REMINDER = "works_reminder", "Travaux à faire"
    HEARING = "hearing", "Lettre contradictoire"
    REVOKED = "revoked", "Autorisation retirée"
    HANDED_OVER = "handed_over", "Changement de service"
    SERVICE_WROTE = "service_wrote", "Message du service"
    REPEALED = "repealed", "Autorisation abrogée"
    HEARING_DROPPED = "hearing_dropped", "Procédure contradictoire abandonnée"
    APPEAL_RECEIVED = "appeal_received", "Recours reçu"
    APPEAL_SILENT = "appeal_silent", "Recours rejeté par le silence"
    APPEAL_REJECTED = "appeal_rejected", "Recours rejeté"
    APPEAL_ACCEPTED = "appeal_accepted", "Recours accueilli"
    APPEAL_WITHDRAWN = "appeal_withdrawn", "Désistement reçu"
    SUSPENDED = "suspended", "Décision suspendue par le juge"
    SUSPENSION_ENDED = "suspension_ended", "Fin de la suspension"
    REOPENED = "reopened", "Demande réexaminée"
    LAPSED = "lapsed", "Autorisation caduque"
    LEASE_DECLARED = "lease_declared", "Bail déclaré"
    LAPSE_WARNING = "lapse_warning", "Autorisation bientôt caduque"
    TRANSFER_ASKED = "transfer_asked", "Accord demandé pour un transfert"
    TRANSFER_GIVEN_UP = "transfer_given_up", "Autorisation transférée, au titulaire initial"
    TRANSFER_DONE = "transfer_done", "Autorisation transférée"
    TRANSFER_RECORDED = "transfer_recorded", "Déclaration de transfert reçue"
    TRANSFER_REFUSED = "transfer_refused", "Transfert sans effet"
    TRANSFER_CLOSED = "transfer_closed", "Transfert clos, à qui l’a déclaré"
    TRANSFER_CLOSED_HOLDER = "transfer_closed_holder", "Transfert clos, au titulaire"
    DECLARED = "declared", "Déclaration enregistrée"
    DECLARATION_INCOMPLETE = "declaration_incomplete", "Déclaration à compléter"
    RECEIPTED = "receipted", "Récépissé de déclaration"
    EXPIRED = "expired", "Déclaration à refaire"

    SANCTION_LETTER = "sanction_letter", "Observations avant amende"
    SANCTION_CLOSED = "sanction_closed", "Procédure de sanction classée"
    FINE_NOTIFIED = "fine_notified", "Amende notifiée"
    FINE_WITHDRAWN = "fine_withdrawn", "Amende retirée"
    SANCTION_ANSWERED = "sanction_answered", "Observations reçues"
    SANCTION_TO_DECIDE = "sanction_to_decide", "Sanction à décider"
    SANCTION_BAR = "sanction_bar", "Amende bientôt prescrite"
    FINE_TO_SIGN = "fine_to_sign", "Amende à signer"
    FINE_TO_NOTIFY = "fine_to_notify", "Amende à notifier"

    DECISION_TO_VISA = "decision_to_visa", "Projet à viser"
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
    ORDER_FOUND = "order_found", "Arrêté de police à vérifier"
    TRANSFER_FILED = "transfer_filed", "Transfert déclaré"
    WORKS_COMMITTED = "works_committed", "Engagement de travaux"
    DATE_CORRECTED = "date_corrected", "Date corrigée"
    ANSWER_OVERDUE = "answer_overdue", "Pièces non reçues"
    RECEIPT_OVERDUE = "receipt_overdue", "Récépissé en retard"
    LANDLORD_WROTE = "landlord_wrote", "Message du bailleur"
    OPINION_GIVEN = "opinion_given", "Avis reçu"
    CASE_TAKEN_OVER = "case_taken_over", "Dossier reçu d’une autre collectivité"

    OPINION_ASKED = "opinion_asked", "Avis demandé"
    OPINION_REMINDED = "opinion_reminded", "Avis attendu"

    DELEGATION_ENDING = "delegation_ending", "Fin d’une délégation"
    OBSERVATIONS_RECEIVED = "observations_received", "Observations reçues"
    APPEAL_FILED = "appeal_filed", "Recours à examiner"
    APPEAL_SILENT_ALERT = "appeal_silent_alert", "Rejet né du silence"
    APPEAL_WITHDRAWN_SERVICE = "appeal_withdrawn_service", "Désistement d’un recours"
    SUSPENDED_SERVICE = "suspended_service", "Décision suspendue, au service"
    SUSPENSION_ENDED_SERVICE = "suspension_ended_service", "Fin de la suspension, au service"
    REASONS_ASKED = "reasons_asked", "Motifs demandés"
    REEXAMINE = "reexamine", "Réexamen ordonné par le juge"

    TRANSMISSION_SLIP = "transmission_slip", "Bordereau de transmission"
    TRANSMISSIONS_LATE = "transmissions_late", "Transmissions en retard"

    EXPORT_READY = "export_ready", "Export prêt"
    EXPORT_FAILED = "export_failed", "Export en échec"

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
    def of_exports(cls) -> list["Kind"]:
        """Written to who asked for a large export of cases."""
        return [cls.EXPORT_READY, cls.EXPORT_FAILED]

    @classmethod
    def without_case(cls) -> list["Kind"]:
        """About an account, an authority or several cases: no single one calls for them."""
        return [*cls.of_accounts(), *cls.of_transmissions(), *cls.of_exports(), cls.DELEGATION_ENDING]

    @classmethod
    def to_occupants(cls) -> list["Kind"]:
        """Written to who lives in the dwelling: the landlord does not read them."""
        return [cls.OCCUPANT_CONVOKED, cls.OCCUPANT_MOVED, cls.OCCUPANT_CANCELLED, cls.OCCUPANT_REMINDER]

    @classmethod
    def to_advisers(cls) -> list["Kind"]:
        """Written to a service that is asked for its opinion."""
        return [cls.OPINION_ASKED, cls.OPINION_REMINDED]

    @classmethod
    def to_others(cls) -> list["Kind"]:
        """Written to one address, of somebody who is neither the landlord nor the service."""
        return [*cls.to_occupants(), *cls.to_advisers(), *cls.to_new_owners()]

    @classmethod
    def of_sanctions(cls) -> list["Kind"]:
        """Written about a sanction, which may have no case; those without roles go to the person blamed."""
        return [cls.SANCTION_LETTER, cls.SANCTION_CLOSED, cls.FINE_NOTIFIED, cls.FINE_WITHDRAWN, cls.SANCTION_ANSWERED,
                cls.SANCTION_TO_DECIDE, cls.SANCTION_BAR, cls.FINE_TO_SIGN, cls.FINE_TO_NOTIFY]  # fmt: skip

    @classmethod
    def to_new_owners(cls) -> list["Kind"]:
        """Written to who declares a transfer, while the permit is still somebody else’s."""
        return [cls.TRANSFER_RECORDED, cls.TRANSFER_REFUSED, cls.TRANSFER_CLOSED]

    @classmethod
    def to_landlords(cls) -> list["Kind"]:
        """Written to the lessors and their agent: what a landlord may read again on their own case."""
        others = (*cls.without_case(), *cls.to_others(), *cls.of_sanctions())
        return [kind for kind in cls if not kind.roles and kind not in others]


_ROLES = {
    Kind.DECISION_TO_VISA: (Role.MANAGER, Role.LEGAL),
    Kind.ORDER_FOUND: (Role.MANAGER,),
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
    Kind.TRANSFER_FILED: (Role.OFFICER,),
    Kind.WORKS_COMMITTED: (Role.OFFICER,),
    Kind.DATE_CORRECTED: (Role.MANAGER,),
    Kind.TRANSMISSIONS_LATE: (Role.MANAGER,),
    Kind.ANSWER_OVERDUE: (Role.OFFICER,),
    Kind.RECEIPT_OVERDUE: (Role.OFFICER, Role.MANAGER),
    Kind.CASE_TAKEN_OVER: (Role.MANAGER,),
    Kind.LANDLORD_WROTE: (Role.OFFICER,),
    Kind.OPINION_GIVEN: (Role.OFFICER,),
    Kind.OBSERVATIONS_RECEIVED: (Role.OFFICER, Role.LEGAL),
    Kind.APPEAL_FILED: (Role.LEGAL, Role.MANAGER, Role.SIGNATORY),
    Kind.APPEAL_SILENT_ALERT: (Role.LEGAL, Role.MANAGER),
    Kind.APPEAL_WITHDRAWN_SERVICE: (Role.LEGAL, Role.MANAGER, Role.SIGNATORY),
    Kind.SUSPENDED_SERVICE: (Role.OFFICER, Role.LEGAL, Role.MANAGER, Role.SIGNATORY),
    Kind.SUSPENSION_ENDED_SERVICE: (Role.OFFICER, Role.LEGAL, Role.MANAGER, Role.SIGNATORY),
    Kind.REASONS_ASKED: (Role.LEGAL, Role.MANAGER),
    Kind.REEXAMINE: (Role.OFFICER, Role.MANAGER, Role.SIGNATORY),
    Kind.SANCTION_ANSWERED: (Role.LEGAL,),
    Kind.SANCTION_TO_DECIDE: (Role.LEGAL,),
    Kind.SANCTION_BAR: (Role.LEGAL, Role.MANAGER),
    Kind.FINE_TO_SIGN: (Role.SIGNATORY,),
    Kind.FINE_TO_NOTIFY: (Role.LEGAL,),
}
_CALLS = {
    Kind.PIECES_REQUESTED: "Déposer les pièces",
    Kind.OPTIONAL_REQUESTED: "Déposer les pièces",
    Kind.REMINDER: "Déposer les pièces",
    Kind.DECLARED: "Suivre la déclaration",
    Kind.DECLARATION_INCOMPLETE: "Déposer les pièces",
    Kind.RECEIPTED: "Télécharger le récépissé",
    Kind.EXPIRED: "Déclarer de nouveau",
    Kind.FILE_UNUSABLE: "Déposer un autre fichier",
    Kind.TACIT: "Demander l’attestation",
    Kind.DECISION_AVAILABLE: "Ouvrir la décision",
    Kind.ANSWER_OVERDUE: "Relancer ou classer",
    Kind.DECISION_NOTIFIED: "Voir la décision",
    Kind.DECISION_TO_VISA: "Lire et viser",
    Kind.ORDER_FOUND: "Vérifier l’arrêté",
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
    Kind.SERVICE_WROTE: "Répondre",
    Kind.LANDLORD_WROTE: "Lire et répondre",
    Kind.OPINION_GIVEN: "Lire l’avis",
    Kind.OPINION_ASKED: "Donner un avis",
    Kind.OPINION_REMINDED: "Donner un avis",
    Kind.DELEGATION_ENDING: "Voir la délégation",
    Kind.HEARING: "Présenter mes observations",
    Kind.APPEAL_FILED: "Voir le recours",
    Kind.SANCTION_LETTER: "Ouvrir le site",
    Kind.SANCTION_CLOSED: "Ouvrir le site",
    Kind.FINE_NOTIFIED: "Ouvrir le site",
    Kind.FINE_WITHDRAWN: "Ouvrir le site",
    Kind.SANCTION_ANSWERED: "Lire les observations",
    Kind.SANCTION_TO_DECIDE: "Décider",
    Kind.SANCTION_BAR: "Voir la procédure",
    Kind.FINE_TO_SIGN: "Lire et signer",
    Kind.FINE_TO_NOTIFY: "Notifier l’amende",
    Kind.LAPSE_WARNING: "Déclarer le bail",
    Kind.TRANSFER_ASKED: "Répondre à cette demande",
    Kind.TRANSFER_DONE: "Voir mon autorisation",
    Kind.TRANSFER_RECORDED: "Suivre ma déclaration",
    Kind.TRANSFER_REFUSED: "Voir la réponse",
    Kind.TRANSFER_CLOSED: "Voir ma déclaration",
    Kind.EXPORT_READY: "Télécharger le fichier",
    Kind.EXPORT_FAILED: "Voir mes exports",
    Kind.INVITATION: "Choisir mon mot de passe",
    Kind.PASSWORD_RESET: "Choisir un nouveau mot de passe",
    Kind.EMAIL_CONFIRMATION: "Confirmer mon adresse",
    Kind.UNKNOWN_ACCOUNT: "Créer un compte",
}
_OF_AN_APPEAL = [
    Kind.APPEAL_RECEIVED, Kind.APPEAL_FILED, Kind.APPEAL_SILENT, Kind.APPEAL_SILENT_ALERT, Kind.APPEAL_REJECTED, Kind.REASONS_ASKED,
    Kind.APPEAL_WITHDRAWN_SERVICE,
]  # fmt: skip
_OF_ITS_EFFECT = [
    Kind.APPEAL_ACCEPTED, Kind.SUSPENDED, Kind.SUSPENDED_SERVICE, Kind.SUSPENSION_ENDED, Kind.SUSPENSION_ENDED_SERVICE,
]  # fmt: skip
_NEEDS = {
    Kind.PIECES_REQUESTED: frozenset({"request"}),
    Kind.OPTIONAL_REQUESTED: frozenset({"request"}),
    Kind.DECLARATION_INCOMPLETE: frozenset({"request"}),
    Kind.REMINDER: frozenset({"request"}),
    Kind.FILE_UNUSABLE: frozenset({"pieces", "name", "reason"}),
    Kind.OUT_OF_SCOPE: frozenset({"reason"}),
    Kind.DECISION_AVAILABLE: frozenset({"until"}),
    Kind.ANSWER_OVERDUE: frozenset({"request"}),
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
    Kind.DECISION_TO_VISA: frozenset({"author", "outcome"}),
    Kind.ORDER_FOUND: frozenset({"orders"}),
    Kind.DECISION_TO_SIGN: frozenset({"author", "outcome"}),
    Kind.DECISION_SENT_BACK: frozenset({"author", "reason"}),
    Kind.TACIT_ALERT: frozenset({"late_refusal", "withdrawable_until"}),
    Kind.ACCESS_REFUSED: frozenset({"visit"}),
    Kind.DANGER_FOUND: frozenset({"dangers", "visit"}),
    Kind.WORKS_PROVED: frozenset({"work"}),
    Kind.WORKS_REMINDER: frozenset({"works", "due_on", "is_over"}),
    Kind.WORKS_OVERDUE: frozenset({"works", "due_on"}),
    Kind.HEARING: frozenset({"works", "reasons", "days", "is_repeal"}),
    Kind.HEARING_DROPPED: frozenset({"sent_on"}),
    Kind.OBSERVATIONS_RECEIVED: frozenset({"asks_interview"}),
    **dict.fromkeys(_OF_AN_APPEAL, frozenset({"appeal"})),
    **dict.fromkeys(_OF_ITS_EFFECT, frozenset({"appeal", "effect"})),
    Kind.APPEAL_WITHDRAWN: frozenset({"appeal", "until"}),
    Kind.REOPENED: frozenset({"decide_by"}),
    Kind.REEXAMINE: frozenset({"decide_by"}),
    Kind.LEASE_DECLARED: frozenset({"leases", "works"}),
    Kind.TRANSFER_ASKED: frozenset({"transfer", "owners"}),
    Kind.TRANSFER_GIVEN_UP: frozenset({"transfer", "owners"}),
    Kind.TRANSFER_CLOSED_HOLDER: frozenset({"transfer", "owners"}),
    **dict.fromkeys([Kind.TRANSFER_DONE, *Kind.to_new_owners()], frozenset({"transfer"})),
    Kind.TRANSFER_FILED: frozenset({"transfer", "asked"}),
    Kind.WORKS_COMMITTED: frozenset({"commitment"}),
    Kind.DATE_CORRECTED: frozenset({"after", "already_sent", "author", "before", "reason", "what"}),
    Kind.HANDED_OVER: frozenset({"former"}),
    Kind.SERVICE_WROTE: frozenset({"text"}),
    Kind.LANDLORD_WROTE: frozenset({"author"}),
    Kind.OPINION_GIVEN: frozenset({"opinion"}),
    Kind.OPINION_ASKED: frozenset({"opinion"}),
    Kind.OPINION_REMINDED: frozenset({"opinion"}),
    Kind.CASE_TAKEN_OVER: frozenset({"former", "visits"}),
    Kind.DELEGATION_ENDING: frozenset({"delegation"}),
    Kind.TRANSMISSION_SLIP: frozenset({"slip"}),
    Kind.TRANSMISSIONS_LATE: frozenset({"late"}),
    Kind.INVITATION: frozenset({"user"}),
}
_NEEDS |= dict.fromkeys(Kind.of_sanctions(), frozenset({"sanction"}))
_NEEDS |= dict.fromkeys(Kind.of_exports(), frozenset({"export"}))


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
