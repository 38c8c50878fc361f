"""The journal of a case: what happened, when, by whom; each line sealed over the one before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from permis.enums import PieceKind
from permis.models.application import Application


class Event(models.TextChoices):
    """One fact of the procedure; the label is the sentence people read, completed by `journal.sentence`."""

    SUBMITTED = "submitted", "Demande déposée"
    OUT_OF_SCOPE = "out_of_scope", "Demande hors champ"
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
    WITHDRAWN = "withdrawn", "Demande retirée par le demandeur"
    ASSIGNED = "assigned", "Dossier attribué"
    POLICE_ORDER = "police_order", "Arrêté de police vérifié"
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
    DECISION_PROPOSED = "decision_proposed", "Projet de décision transmis à la signature"
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
    PHOTO_BLURRED = "photo_blurred", "Photo floutée"
    PHOTOS_SHARED = "photos_shared", "Photos remises"
    CONDITIONS_LIFTED = "conditions_lifted", "Conditions levées"
    REVOKED = "revoked", "Autorisation retirée"
    LAPSED = "lapsed", "Autorisation caduque"
    DATE_CORRECTED = "date_corrected", "Date corrigée"
    ALERTED = "alerted", "Alerte d’échéance"
    TRANSMITTED = "transmitted", "Transmission envoyée"

    @classmethod
    def internal(cls) -> list[Event]:
        """What the landlord does not see: preparation of the decision, assignment, alerts, contacts about a visit."""
        return [cls.ASSIGNED, cls.POLICE_ORDER, cls.DECISION_PROPOSED, cls.SENT_BACK, cls.SIGNED, cls.NOTICE_SENT,
                cls.NOTICE_RETURNED, cls.ALERTED, cls.PIECE_ACCEPTED, cls.VERDICT_UNDONE, cls.GRID_ATTACHED,
                cls.DANGER_FOUND, cls.POLICE_NOTE, cls.CONFLICT_SETTLED, cls.VISIT_ANSWERED, cls.PHOTO_BLURRED,
                cls.OCCUPANT_NAMED, cls.CONTACT_ATTEMPTED, cls.JUDGE_ASKED, cls.JUDGE_GRANTED, cls.PLACED, cls.TRANSMITTED]  # fmt: skip


class EntryQuerySet(models.QuerySet["Entry"]):
    def for_landlord(self) -> EntryQuerySet:
        return self.exclude(event__in=Event.internal())


class Entry(models.Model):
    """One line of the journal; the database refuses to change or delete it."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="journal")
    position = models.PositiveIntegerField()
    event = models.CharField("événement", max_length=30, choices=Event)
    on = models.DateField("date du fait")
    recorded_at = models.DateTimeField("enregistré le")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="auteur")
    author_name = models.CharField(max_length=170, blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

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
        """The pieces that the fact concerns, by their names; a free document has its own."""
        kinds = [self.facts["piece"]] if "piece" in self.facts else self.facts.get("pieces", [])
        return self.facts.get("title") or ", ".join(str(PieceKind(kind).label) for kind in kinds)
