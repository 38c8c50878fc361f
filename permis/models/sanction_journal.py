"""The journal of a sanction: the same sealed chain as that of a case, with its own facts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permis.models.line import Line
from permis.models.sanction import Sanction


class SanctionEvent(models.TextChoices):
    """One fact of a sanction; the label is the sentence that people read."""

    OPENED = "opened", "Constat établi"
    EVIDENCE_ADDED = "evidence_added", "Élément de preuve joint"
    REPEAT_SETTLED = "repeat_settled", "Manquement antérieur examiné"
    LETTER_SENT = "letter_sent", "Lettre d’observations envoyée"
    LETTER_RECEIVED = "letter_received", "Lettre d’observations présentée"
    OBSERVATIONS = "observations", "Observations reçues"
    HEARD = "heard", "Audition faite"
    REGULARISED = "regularised", "Situation régularisée"
    TO_DECIDE = "to_decide", "Mois des observations passé"
    FINE_PROPOSED = "fine_proposed", "Projet d’amende transmis à la signature"
    FINED = "fined", "Amende signée"
    NOTIFIED = "notified", "Amende notifiée"
    CLOSED = "closed", "Procédure classée"
    TITLE_ISSUED = "title_issued", "Titre de recette émis"
    PAYMENT = "payment", "Paiement reçu"
    PAID = "paid", "Amende payée"
    RECOVERY = "recovery", "Recouvrement forcé engagé"
    CONTESTED = "contested", "Amende contestée"
    UPHELD = "upheld", "Amende maintenue"
    ANNULLED = "annulled", "Amende annulée"
    WITHDRAWN = "withdrawn", "Amende retirée"
    ALERTED = "alerted", "Alerte de prescription"


class SanctionEntry(Line):
    """One line of the journal of a sanction; the database refuses to change or delete it."""

    owner_name = "sanction"

    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="journal")
    event = models.CharField("événement", max_length=30, choices=SanctionEvent)

    class Meta:
        verbose_name = "ligne de journal d’une sanction"
        verbose_name_plural = "lignes de journal des sanctions"
        constraints = [
            models.UniqueConstraint(fields=["sanction", "position"], name="sanction_journal_in_order"),
            models.CheckConstraint(
                name="sanction_journal_starts_at_one",
                condition=Q(position__gte=1),
                violation_error_message="Position invalide.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}, {self.on:%d/%m/%Y}"
