"""The ways in which a decision reaches its recipient, and what proves the day (CRPA L.221-8, R.112-17 to R.112-20)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from permis import deadlines
from permis.enums import Means, NoticeState, ReturnReason
from permis.models.application import Application
from permis.validators import validate_tracking_number


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of_decision(self) -> NoticeQuerySet:
        """Those of the decision in force."""
        return self.filter(act_sha256="")

    def of_act(self, sha256: str) -> NoticeQuerySet:
        """Those of another act: a revocation, the answer to an appeal, a decision that was replaced."""
        return self.filter(act_sha256=sha256)

    def unread(self) -> NoticeQuerySet:
        """Made available online, not opened, and not taken for notified yet."""
        return self.of_decision().filter(means=Means.PORTAL, available_on__isnull=False, opened_on__isnull=True, is_deemed=False)

    def out(self) -> NoticeQuerySet:
        """Sent, handed over or made available, whatever became of it."""
        return self.exclude(sent_on=None, first_presented_on=None, handed_over_on=None, available_on=None)


class Notice(models.Model):
    """One sending of an act and the proof of its date, which is the authority's burden (CRPA L.221-8).

    ``act_sha256`` names the act wherever it is not the decision in force.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="notices")
    means = models.CharField("moyen", max_length=20, choices=Means)
    tracking_number = models.CharField("numéro de recommandé", max_length=40, blank=True, validators=[validate_tracking_number])
    sent_on = models.DateField("envoyée le", null=True, blank=True)
    first_presented_on = models.DateField("première présentation le", null=True, blank=True)
    collected_on = models.DateField("retirée le", null=True, blank=True)
    returned_on = models.DateField("revenue le", null=True, blank=True)
    return_reason = models.CharField("motif du retour", max_length=12, choices=ReturnReason, blank=True)
    handed_over_on = models.DateField("remise le", null=True, blank=True)
    recipient = models.CharField("remise à", max_length=160, blank=True)
    available_on = models.DateField("mise à disposition le", null=True)
    opened_on = models.DateField("ouverte le", null=True)
    opened_at = models.DateTimeField("ouverte à", null=True)
    is_deemed = models.BooleanField("réputée notifiée faute d’ouverture", default=False)
    sent_proof_sha256 = models.CharField("empreinte de la preuve de dépôt", max_length=64, blank=True, editable=False)
    proof_sha256 = models.CharField("empreinte de la preuve", max_length=64, blank=True, editable=False)
    act_sha256 = models.CharField("empreinte de l’acte notifié", max_length=64, blank=True, editable=False)
    returned_proof_sha256 = models.CharField("empreinte du pli revenu", max_length=64, blank=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        constraints = [
            models.CheckConstraint(
                name="letter_presented_after_it_was_sent",
                condition=Q(first_presented_on__isnull=True) | Q(sent_on__isnull=True) | Q(first_presented_on__gte=F("sent_on")),
                violation_error_message="La première présentation ne peut pas précéder l’envoi.",
            ),
            models.CheckConstraint(
                name="letter_collected_after_it_was_presented",
                condition=Q(collected_on__isnull=True) | Q(first_presented_on__isnull=True) | Q(collected_on__gte=F("first_presented_on")),
                violation_error_message="Une lettre ne peut pas être retirée avant sa première présentation.",
            ),
            models.CheckConstraint(
                name="letter_collected_or_returned",
                condition=Q(collected_on__isnull=True) | Q(returned_on__isnull=True),
                violation_error_message="Une lettre est retirée par son destinataire, ou elle revient : pas les deux.",
            ),
            models.CheckConstraint(
                name="online_notice_opened_after_it_was_available",
                condition=Q(opened_on__isnull=True) | Q(available_on__isnull=False, opened_on__gte=F("available_on")),
                violation_error_message="Une décision ne peut pas être ouverte avant d’être mise à disposition.",
            ),
            models.CheckConstraint(
                name="online_notice_opened_or_deemed",
                condition=Q(is_deemed=False) | Q(available_on__isnull=False),
                violation_error_message="Seule une décision mise à disposition en ligne peut être réputée notifiée.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_means_display()}, {self.application}"

    @property
    def notified_on(self) -> date | None:
        """The day that counts: first presentation, hand-over, first opening, or availability where nobody opened."""
        if self.means == Means.REGISTERED_LETTER:
            return self.first_presented_on
        if self.means == Means.PORTAL:
            return self.available_on if self.is_deemed else self.opened_on
        return self.handed_over_on

    @property
    def reading_ends_on(self) -> date | None:
        """The last day to open what was made available."""
        return deadlines.reading_ends_on(self.available_on) if self.available_on else None

    @property
    def state(self) -> NoticeState:
        """Where it stands, from its dates alone: a letter that came back after its presentation has notified all the same."""
        if self.notified_on:
            return NoticeState.NOTIFIED
        if self.returned_on:
            return NoticeState.RETURNED
        if self.available_on:
            return NoticeState.PENDING
        return NoticeState.SENT if self.sent_on else NoticeState.TO_SEND
