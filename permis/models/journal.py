"""The journal of a case: what happened, when, by whom; each line sealed over the one before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permis.enums import PieceKind
from permis.models.application import Application
from permis.models.line import Line


class Event(models.TextChoices):
    """One fact of the procedure; the label is the sentence people read, completed by `journal.sentence`."""

    SUBMITTED = "submitted", "Dossier déposé"
    OUT_OF_SCOPE = "out_of_scope", "Hors champ"
    COMPLETE = "complete", "Dossier complet"
    MISSING_REQUESTED = "missing_requested", "Pièces demandées"
    OPTIONAL_REQUESTED = "optional_requested", "Pièces facultatives demandées"
    PIECE_ACCEPTED = "piece_accepted", "Pièce acceptée"
    PIECE_REFUSED = "piece_refused", "Pièce refusée"
    VERDICT_UNDONE = "verdict_undone", "Avis sur une pièce annulé"
    PIECES_RECEIVED = "pieces_received", "Pièces reçues"
    PIECE_DESCRIBED = "piece_described", "Pièce décrite autrement"
    FILE_UNUSABLE = "file_unusable", "Fichier inutilisable"
    REMINDED = "reminded", "Relance envoyée"
    CLOSED_INCOMPLETE = "closed_incomplete", "Dossier classé sans suite"
    WITHDRAWN = "withdrawn", "Retrait par le demandeur"
    ASSIGNED = "assigned", "Dossier attribué"
    POLICE_ORDER = "police_order", "Arrêté de police vérifié"
    ORDER_FOUND = "order_found", "Arrêté de police trouvé à cette adresse"
    ORDER_DISMISSED = "order_dismissed", "Arrêté de police écarté"
    ORDER_CONFIRMED = "order_confirmed", "Arrêté de police rattaché au dossier"
    VISIT_PLANNED = "visit_planned", "Visite planifiée"
    VISIT_MOVED = "visit_moved", "Visite déplacée"
    VISIT_ANSWERED = "visit_answered", "Réponse à une convocation"
    OCCUPANT_NAMED = "occupant_named", "Occupant du logement indiqué"
    CONTACT_ATTEMPTED = "contact_attempted", "Essai de contact"
    JUDGE_ASKED = "judge_asked", "Autorisation de visite demandée au juge"
    JUDGE_GRANTED = "judge_granted", "Visite autorisée par le juge"
    PLACED = "placed", "Logement placé sur la carte"
    VISIT_WAIVED = "visit_waived", "Décision sans visite"
    VISIT_CANCELLED = "visit_cancelled", "Visite annulée"
    VISIT_DONE = "visit_done", "Visite faite"
    REPORT_ESTABLISHED = "report_established", "Rapport de visite établi"
    REPORT_CORRECTED = "report_corrected", "Rapport de visite corrigé"
    DANGER_FOUND = "danger_found", "Danger constaté, responsable alerté"
    POLICE_NOTE = "police_note", "Note de saisine du pouvoir de police établie"
    CONFLICT_SETTLED = "conflict_settled", "Écart entre deux saisies de la visite tranché"
    VISIT_MISSED = "visit_missed", "Visite manquée"
    ACCESS_REFUSED = "access_refused", "Accès au logement refusé"
    GRID_ATTACHED = "grid_attached", "Grille papier jointe à la visite"
    OPINION_ASKED = "opinion_asked", "Avis demandé"
    OPINION_REMINDED = "opinion_reminded", "Avis relancé"
    OPINION_GIVEN = "opinion_given", "Avis reçu"
    WRITTEN = "written", "Message échangé"
    DECISION_PROPOSED = "decision_proposed", "Projet de décision transmis à la signature"
    VISED = "vised", "Projet visé"
    SENT_BACK = "sent_back", "Projet renvoyé au service"
    SIGNED = "signed", "Décision signée"
    NOTICE_SENT = "notice_sent", "Décision envoyée"
    NOTICE_RETURNED = "notice_returned", "Lettre recommandée revenue"
    NOTIFIED = "notified", "Décision notifiée"
    NOTIFIED_LATE = "notified_late", "Notification tardive, sans effet"
    SILENCE_REVERSED = "silence_reversed", "Autorisation tacite effacée par une notification faite à temps"
    GRANTED_TACITLY = "granted_tacitly", "Autorisation tacite"
    ATTESTED = "attested", "Attestation d’autorisation tacite délivrée"
    WORKS_PROVED = "works_proved", "Preuve de travaux reçue"
    WORKS_SETTLED = "works_settled", "Travaux vérifiés"
    WORKS_REMINDED = "works_reminded", "Travaux rappelés"
    COUNTER_VISIT_ORDERED = "counter_visit_ordered", "Contre-visite ordonnée"
    HEARING_OPENED = "hearing_opened", "Lettre contradictoire envoyée"
    HEARING_RECEIVED = "hearing_received", "Lettre contradictoire reçue"
    OBSERVATIONS_RECEIVED = "observations_received", "Observations reçues"
    INTERVIEW_ASKED = "interview_asked", "Entretien demandé"
    INTERVIEW_HELD = "interview_held", "Entretien tenu"
    FILE_READ = "file_read", "Dossier consulté"
    HEARING_DROPPED = "hearing_dropped", "Procédure contradictoire abandonnée"
    PHOTO_BLURRED = "photo_blurred", "Photo floutée"
    PHOTOS_SHARED = "photos_shared", "Photos remises"
    CONDITIONS_LIFTED = "conditions_lifted", "Conditions levées"
    LEASE_DECLARED = "lease_declared", "Bail déclaré"
    LAPSE_WARNED = "lapse_warned", "Fin prochaine de l’autorisation annoncée"
    TRANSFER_FILED = "transfer_filed", "Déclaration de transfert déposée"
    TRANSFER_EFFECTIVE = "transfer_effective", "Autorisation transférée"
    TRANSFER_REFUSED = "transfer_refused", "Transfert resté sans effet"
    TRANSFER_CLOSED = "transfer_closed", "Déclaration de transfert close"
    TRANSFER_WITHDRAWN = "transfer_withdrawn", "Déclaration de transfert abandonnée"
    RESUBMITTED = "resubmitted", "Nouvelle demande déposée pour ce logement"
    WORKS_COMMITTED = "works_committed", "Engagement écrit de travaux"
    REVOKED = "revoked", "Autorisation retirée"
    REPEALED = "repealed", "Autorisation abrogée"
    ACT_NOTIFIED = "act_notified", "Acte notifié"
    APPEAL_FILED = "appeal_filed", "Recours gracieux reçu"
    APPEAL_SILENT = "appeal_silent", "Recours gracieux rejeté par le silence"
    APPEAL_REJECTED = "appeal_rejected", "Recours gracieux rejeté"
    APPEAL_ACCEPTED = "appeal_accepted", "Recours gracieux accueilli"
    APPEAL_WITHDRAWN = "appeal_withdrawn", "Désistement d’un recours"
    REASONS_ASKED = "reasons_asked", "Motifs d’un rejet implicite demandés"
    REASONS_GIVEN = "reasons_given", "Motifs d’un rejet implicite donnés"
    COURT_SEIZED = "court_seized", "Tribunal administratif saisi"
    COURT_FOLLOWED = "court_followed", "Suite de l’affaire devant le tribunal"
    SUSPENDED = "suspended", "Décision suspendue par le juge des référés"
    SUSPENSION_ENDED = "suspension_ended", "Fin de la suspension"
    RESTORED = "restored", "Autorisation rendue"
    RESUMED = "resumed", "Demande reprise, le classement étant retiré"
    JUDGED = "judged", "Jugement rendu"
    ANNULLED = "annulled", "Décision annulée par le tribunal"
    REOPENED = "reopened", "Demande à réexaminer"
    LAPSED = "lapsed", "Autorisation caduque"
    HANDED_OVER = "handed_over", "Dossier transmis à une autre collectivité"
    DATE_CORRECTED = "date_corrected", "Date corrigée"
    ALERTED = "alerted", "Alerte d’échéance"
    RECEIPTED = "receipted", "Récépissé délivré"
    EXPIRED = "expired", "Déclaration non complétée, sans suite"
    ZONE_CONFIRMED = "zone_confirmed", "Périmètre vérifié"
    KEPT_IN_SCOPE = "kept_in_scope", "Gardé dans le champ"
    CONSENT_GIVEN = "consent_given", "Accord donné pour la notification en ligne"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Accord pour la notification en ligne retiré"
    NOTICE_AVAILABLE = "notice_available", "Décision mise à disposition en ligne"
    NOTICE_OPENED = "notice_opened", "Décision ouverte en ligne"
    NOTICE_COLLECTED = "notice_collected", "Lettre recommandée retirée"
    NOTICE_PRESENTED = "notice_presented", "Autre lettre recommandée présentée"
    NOTICE_CORRECTED = "notice_corrected", "Suivi d’une lettre recommandée corrigé"
    ANSWERED = "answered", "Pièces demandées toutes reçues"
    LETTER_POSTED = "letter_posted", "Courrier posté"
    ANSWER_OVERDUE = "answer_overdue", "Pièces non reçues à la date fixée"
    TRANSMITTED = "transmitted", "Transmission envoyée"
    TRANSMISSION_ACKNOWLEDGED = "transmission_acknowledged", "Transmission acquittée par son destinataire"
    TRANSMISSION_CORRECTED = "transmission_corrected", "Rectificatif d’une transmission ouvert"

    @classmethod
    def internal(cls) -> list[Event]:
        """What the landlord does not see: preparation of the decision, assignment, alerts, contacts about a visit."""
        return [
            cls.ASSIGNED, cls.POLICE_ORDER, cls.DECISION_PROPOSED, cls.SENT_BACK, cls.SIGNED, cls.NOTICE_SENT,
            cls.NOTICE_RETURNED, cls.ALERTED, cls.PIECE_ACCEPTED, cls.VERDICT_UNDONE, cls.GRID_ATTACHED, cls.DANGER_FOUND,
            cls.POLICE_NOTE, cls.CONFLICT_SETTLED, cls.VISIT_ANSWERED, cls.PHOTO_BLURRED, cls.OPINION_ASKED,
            cls.OPINION_REMINDED, cls.OPINION_GIVEN, cls.OCCUPANT_NAMED, cls.CONTACT_ATTEMPTED, cls.JUDGE_ASKED,
            cls.JUDGE_GRANTED, cls.PLACED, cls.COURT_FOLLOWED, cls.ZONE_CONFIRMED, cls.KEPT_IN_SCOPE, cls.ORDER_FOUND,
            cls.ORDER_DISMISSED, cls.ORDER_CONFIRMED, cls.NOTICE_PRESENTED, cls.NOTICE_CORRECTED, cls.VISED, cls.NOTICE_COLLECTED, cls.LETTER_POSTED, cls.ANSWER_OVERDUE, cls.TRANSMITTED,
            cls.TRANSMISSION_ACKNOWLEDGED, cls.TRANSMISSION_CORRECTED,
        ]  # fmt: skip


class EntryQuerySet(models.QuerySet["Entry"]):
    def for_landlord(self) -> EntryQuerySet:
        return self.exclude(event__in=Event.internal())


class Entry(Line):
    """One line of the journal; the database refuses to change or delete it."""

    owner_name = "application"

    application = models.ForeignKey(Application, models.PROTECT, related_name="journal")
    event = models.CharField("événement", max_length=30, choices=Event)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne de journal"
        verbose_name_plural = "lignes de journal"
        constraints = [
            models.UniqueConstraint(fields=["application", "position"], name="journal_in_order"),
            models.CheckConstraint(
                name="journal_starts_at_one", condition=Q(position__gte=1), violation_error_message="Position invalide."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}, {self.on:%d/%m/%Y}"

    @property
    def about(self) -> str:
        """The pieces that the fact concerns, by their names, and the case that this one follows; a free document has its own name."""
        kinds = [self.facts["piece"]] if "piece" in self.facts else self.facts.get("pieces", [])
        follows = self.facts.get("follows", "")
        if follows and self.event == Event.SUBMITTED:
            follows = f"suite du dossier {follows}"
        told = self.facts.get("title") or ", ".join(str(PieceKind(kind).label) for kind in kinds)
        return ", ".join(part for part in (follows, told) if part)
