"""The ledger of mandatory transmissions: who must be told what, by when, how it went, and the proof of it.

CCH L.634-2 and L.635-2 (deliberations), L.635-6 (refusals), L.635-10 (refusals and conditions), R.635-5 (annual report).
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django_fsm import FSMField, transition

from accounts.enums import Role
from accounts.models import Membership, User
from documents.models import Act
from notifications import permissions
from notifications.enums import Occasion, RecipientKind, TransmissionMeans, TransmissionState
from notifications.models.message import Message
from permis.models import Application
from territories.models import Authority, Zone

KEEPERS = (Role.OFFICER, Role.MANAGER, Role.AUDITOR)


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def in_force(self, on: date) -> RecipientQuerySet:
        return self.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))

    def visible_to(self, user: User) -> RecipientQuerySet:
        """The directory of the authorities whose ledger a person keeps or reads; for a partner, the one they sit for."""
        kept = Q(authority__in=user.authorities_as(*KEEPERS))
        seats = PartnerSeat.objects.filter(membership__user=user, membership__role=Role.PARTNER)
        return self.filter(kept | Q(pk__in=seats.values("recipient")))


class Recipient(models.Model):
    """One administration to which an authority transmits, and how it is reached."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="recipients", verbose_name="collectivité")
    kind = models.CharField("nature", max_length=12, choices=RecipientKind)
    name = models.CharField("nom", max_length=160, help_text="Par exemple « CAF de la Gironde ».")
    means = models.CharField(
        "moyen d’envoi", max_length=8, choices=TransmissionMeans, default=TransmissionMeans.EMAIL,
        help_text="Par courriel ou dans l’espace partenaire, le logiciel envoie lui-même et garde la preuve. Autrement, le service "
        "envoie, puis enregistre ici la preuve de l’envoi.",
    )  # fmt: skip
    email = models.EmailField("boîte aux lettres", blank=True, help_text="L’adresse de service qui reçoit les bordereaux.")
    contact = models.CharField("interlocuteur", max_length=200, blank=True, help_text="Nom, service, téléphone.")
    matter = models.CharField(
        "matière @CTES", max_length=10, blank=True, default="8.5",
        help_text="Code de la nomenclature @CTES convenu avec la préfecture : 8.5 habitat, 6.1 police municipale.",
    )  # fmt: skip
    since = models.DateField("depuis le")
    until = models.DateField("jusqu’au", null=True, blank=True, help_text="Le dernier jour. Vide : sans limite.")

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = "destinataire"
        constraints = [
            models.CheckConstraint(
                name="recipient_ends_after_its_start",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="recipient_by_email_has_a_mailbox",
                condition=~Q(means=TransmissionMeans.EMAIL) | ~Q(email=""),
                violation_error_message="Indiquez la boîte aux lettres qui reçoit les bordereaux.",
            ),
            models.CheckConstraint(
                name="actes_is_for_the_prefecture",
                condition=~Q(means=TransmissionMeans.ACTES) | Q(kind=RecipientKind.PREFECTURE),
                violation_error_message="@CTES ne sert qu’à la préfecture.",
            ),
            models.UniqueConstraint(
                fields=["authority", "kind"], name="one_recipient_of_a_kind", condition=Q(until__isnull=True),
                violation_error_message="Un destinataire de cette nature est déjà en place : donnez-lui d’abord une fin.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PartnerSeat(models.Model):
    """The one recipient for which a person with the role of partner reads, in one authority; it ends with the role."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="partner_seat", verbose_name="habilitation")
    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="seats", verbose_name="destinataire")

    class Meta:
        verbose_name = "accès partenaire"
        verbose_name_plural = "accès partenaires"

    def __str__(self) -> str:
        return f"{self.membership.user}, {self.recipient}"


class SlipQuerySet(models.QuerySet["Slip"]):
    def visible_to(self, user: User) -> SlipQuerySet:
        return self.filter(recipient__in=Recipient.objects.visible_to(user))


class Slip(models.Model):
    """One sending: the slip as it was made, by what means, and the message that carries it."""

    recipient = models.ForeignKey(Recipient, models.PROTECT, related_name="slips", verbose_name="destinataire")
    year = models.PositiveSmallIntegerField("année")
    rank = models.PositiveIntegerField("rang")
    means = models.CharField("moyen", max_length=8, choices=TransmissionMeans)
    made_on = models.DateField("établi le")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="établi par")
    message = models.OneToOneField(Message, models.PROTECT, related_name="slip", null=True, verbose_name="message")
    pdf = models.BinaryField("bordereau", editable=False)
    sha256 = models.CharField("empreinte du bordereau", max_length=64, editable=False)

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = "bordereau"
        verbose_name_plural = "bordereaux"
        constraints = [
            models.UniqueConstraint(fields=["recipient", "year", "rank"], name="slips_in_order"),
            models.CheckConstraint(
                name="slip_by_email_has_its_message",
                condition=~Q(means=TransmissionMeans.EMAIL) | Q(message__isnull=False),
                violation_error_message="Un bordereau envoyé par courriel a son message.",
            ),
        ]

    def __str__(self) -> str:
        return f"bordereau n° {self.number}"

    @property
    def number(self) -> str:
        """« CAF-2026-0012 »."""
        return f"{RecipientKind(self.recipient.kind).code}-{self.year}-{self.rank:04d}"


class TransmissionQuerySet(models.QuerySet["Transmission"]):
    def visible_to(self, user: User) -> TransmissionQuerySet:
        """The ledger of the authorities where a person keeps or reads it."""
        return self.filter(authority__in=user.authorities_as(*KEEPERS))

    def received_by(self, user: User) -> TransmissionQuerySet:
        """What was sent to the recipients for which a partner reads, and nothing else."""
        seats = PartnerSeat.objects.filter(membership__user=user, membership__role=Role.PARTNER)
        return self.filter(recipient__in=seats.values("recipient"), sent_on__isnull=False)

    def locked(self) -> TransmissionQuerySet:
        return self.select_for_update(of=("self",))

    def due(self) -> TransmissionQuerySet:
        return self.filter(state=TransmissionState.DUE)

    def to_send(self) -> TransmissionQuerySet:
        """Due, and in no slip that is on its way."""
        return self.due().filter(slip__isnull=True)

    def late_on(self, day: date) -> TransmissionQuerySet:
        return self.due().filter(due_on__lt=day)

    def untold_on(self, day: date) -> TransmissionQuerySet:
        """Late, and nobody was warned of it."""
        return self.late_on(day).filter(alerted_on__isnull=True)

    def standing(self) -> TransmissionQuerySet:
        """The last word said, or to be said, to each recipient: nothing corrects it."""
        return self.filter(corrections__isnull=True).exclude(state=TransmissionState.CORRECTED)

    def with_subject(self) -> TransmissionQuerySet:
        return self.select_related("recipient", "application", "zone", "slip__recipient", "authority")


class Transmission(models.Model):
    """One thing that one administration must be told, with the least data it needs, frozen when it became due.

    ``recipient`` is empty while the authority has named nobody of that kind: what is due is never lost for that.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="transmissions", verbose_name="collectivité")
    kind = models.CharField("nature du destinataire", max_length=12, choices=RecipientKind)
    recipient = models.ForeignKey(
        Recipient, models.PROTECT, related_name="transmissions", null=True, blank=True, verbose_name="destinataire"
    )
    occasion = models.CharField("objet", max_length=20, choices=Occasion)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="transmissions", null=True, blank=True, verbose_name="dossier"
    )
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="transmissions", null=True, blank=True, verbose_name="périmètre")
    year = models.PositiveSmallIntegerField("année du rapport", null=True, blank=True)
    act = models.ForeignKey(
        Act, models.PROTECT, related_name="transmissions", null=True, blank=True, verbose_name="acte transmis"
    )
    state = FSMField("état", choices=TransmissionState, default=TransmissionState.DUE, protected=True)
    opened_on = models.DateField("née le")
    due_on = models.DateField("à envoyer avant le")
    payload = models.JSONField("données transmises", default=dict)
    search = models.TextField(editable=False, default="")
    corrects = models.ForeignKey(
        "self", models.PROTECT, related_name="corrections", null=True, blank=True, verbose_name="rectifie"
    )
    reason = models.CharField("raison", max_length=250, blank=True)
    slip = models.ForeignKey(Slip, models.PROTECT, related_name="transmissions", null=True, blank=True, verbose_name="bordereau")
    means = models.CharField("moyen", max_length=8, choices=TransmissionMeans, blank=True)
    sent_on = models.DateField("envoyée le", null=True, blank=True)
    sending_proof = models.CharField("preuve de l’envoi", max_length=250, blank=True)
    acknowledged_on = models.DateField("reçue le", null=True, blank=True)
    acknowledgement = models.CharField("preuve de la réception", max_length=250, blank=True)
    alerted_on = models.DateField("retard signalé le", null=True, blank=True)

    objects = TransmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "transmission"
        constraints = [
            models.CheckConstraint(
                name="transmission_of_one_thing",
                condition=Q(occasion=Occasion.DELIBERATION, zone__isnull=False, application__isnull=True, year__isnull=True)
                | Q(occasion=Occasion.ANNUAL_REPORT, year__isnull=False, application__isnull=True, zone__isnull=True)
                | Q(occasion__in=Occasion.of_cases(), application__isnull=False, zone__isnull=True, year__isnull=True),
                violation_error_message="Une transmission porte sur un dossier, une délibération ou un rapport.",
            ),
            models.CheckConstraint(
                name="sent_transmission_is_proved",
                condition=~Q(state__in=[TransmissionState.SENT, TransmissionState.ACKNOWLEDGED])
                | Q(sent_on__isnull=False, recipient__isnull=False, slip__isnull=False) & ~Q(means="") & ~Q(sending_proof=""),
                violation_error_message="Une transmission envoyée porte sa date, son moyen, son bordereau et sa preuve.",
            ),
            models.CheckConstraint(
                name="acknowledged_transmission_is_dated",
                condition=~Q(state=TransmissionState.ACKNOWLEDGED)
                | Q(acknowledged_on__isnull=False, acknowledged_on__gte=F("sent_on")) & ~Q(acknowledgement=""),
                violation_error_message="Un accusé de réception porte sa date, au plus tôt celle de l’envoi, et sa preuve.",
            ),
            models.CheckConstraint(
                name="corrective_says_why",
                condition=Q(corrects__isnull=True) | ~Q(reason=""),
                violation_error_message="Dites pourquoi la transmission est rectifiée.",
            ),
            models.UniqueConstraint(
                fields=["corrects"], name="corrected_once", condition=Q(corrects__isnull=False),
                violation_error_message="Cette transmission a déjà son rectificatif.",
            ),
            models.UniqueConstraint(
                fields=["authority", "kind", "year"], name="report_transmitted_once",
                condition=Q(year__isnull=False, corrects__isnull=True),
                violation_error_message="Ce rapport est déjà à transmettre.",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["authority", "due_on", "id"], name="transmissions_due", condition=Q(state=TransmissionState.DUE)
            ),
            models.Index(fields=["recipient", "id"], name="transmissions_of_recipient"),
            models.Index(
                fields=["due_on"], name="transmissions_late", condition=Q(state=TransmissionState.DUE, alerted_on__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}, {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("transmission", args=[self.pk])

    @property
    def subject(self) -> str:
        """What it is about, in words; nothing of the payload."""
        if self.application is not None:
            return f"dossier n° {self.application.number}"
        return str(self.zone) if self.zone is not None else f"année {self.year}"

    @property
    def recipient_name(self) -> str:
        return self.recipient.name if self.recipient is not None else str(self.get_kind_display())

    @property
    def is_under_way(self) -> bool:
        """Handed to the mail server's queue, and not yet taken by it."""
        return self.state == TransmissionState.DUE and self.slip_id is not None

    def is_late(self, day: date) -> bool:
        return self.state == TransmissionState.DUE and self.due_on < day

    @transition(state, source=TransmissionState.DUE, target=TransmissionState.SENT, permission=permissions.can_transmit)
    def send(self, *, on: date, proof: str) -> None:
        """Constater l’envoi, avec sa preuve."""
        self.sent_on, self.sending_proof = on, proof

    @transition(
        state, source=TransmissionState.SENT, target=TransmissionState.ACKNOWLEDGED, permission=permissions.can_acknowledge
    )
    def acknowledge(self, *, on: date, proof: str) -> None:
        """Constater la réception, avec sa preuve."""
        self.acknowledged_on, self.acknowledgement = on, proof

    @transition(
        state,
        source=[TransmissionState.DUE, TransmissionState.SENT, TransmissionState.ACKNOWLEDGED],
        target=TransmissionState.CORRECTED,
        permission=permissions.can_transmit,
    )
    def correct(self) -> None:
        """Tenir pour remplacée : un rectificatif est parti, ou la décision n’a jamais eu à être connue."""
