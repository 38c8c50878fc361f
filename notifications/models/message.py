"""The outbox: what must be sent is a row written with the change that calls for it; a job delivers it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.enums import Role
from accounts.models import User
from documents.models import Act
from notifications.enums import Kind, MessageState
from permis import scope
from permis.models import Application, Sanction, Transfer


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> MessageQuerySet:
        """Messages of the cases a person may see, those to the service or to a former holder for the service alone; of their sanctions."""
        agents = Q(application__authority__in=user.authorities_as(*Role.reading_cases()))
        of_cases = Q(application__in=Application.objects.filter(scope.of(user)))
        since = Transfer.objects.effective().filter(application=OuterRef("application"), settled_at__gt=OuterRef("created_at"))
        is_own = Q(Q(kind__in=Kind.to_landlords()), ~Exists(since))
        return self.filter((of_cases & (is_own | agents)) | Q(sanction__in=Sanction.objects.visible_to(user)))

    def locked(self) -> MessageQuerySet:
        return self.select_for_update(of=("self",))

    def waiting_since(self, moment: datetime) -> MessageQuerySet:
        """Written before ``moment`` and not sent yet."""
        return self.filter(state=MessageState.TO_SEND, created_at__lt=moment)


class Message(models.Model):
    """One e-mail to one person, frozen as text when it was decided, with the acts that it carries."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="messages", null=True, blank=True)
    sanction = models.ForeignKey(Sanction, models.CASCADE, related_name="messages", null=True, blank=True)
    kind = models.CharField("type", max_length=24, choices=Kind)
    recipient = models.EmailField("destinataire")
    reply_to = models.EmailField("réponse à", blank=True)
    sender_name = models.CharField("expéditeur", max_length=200)
    subject = models.CharField("objet", max_length=250)
    text = models.TextField("texte")
    html = models.TextField("texte mis en forme")
    calendar = models.TextField("rendez-vous joint", blank=True)
    acts = models.ManyToManyField(Act, related_name="messages", blank=True, verbose_name="actes joints")
    once = models.CharField("écrit une seule fois pour", max_length=60, blank=True, editable=False)
    state = models.CharField("état", max_length=10, choices=MessageState, default=MessageState.TO_SEND)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    sent_at = models.DateTimeField("remis le", null=True)
    error = models.CharField("erreur", max_length=250, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        constraints = [
            models.CheckConstraint(
                name="sent_message_is_dated",
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                violation_error_message="Un message remis porte sa date.",
            ),
            models.CheckConstraint(
                name="message_of_a_case_a_sanction_or_neither",
                condition=Q(kind__in=Kind.without_case(), application__isnull=True, sanction__isnull=True)
                | Q(kind__in=Kind.of_sanctions(), application__isnull=True, sanction__isnull=False)
                | ~Q(kind__in=[*Kind.without_case(), *Kind.of_sanctions()]) & Q(application__isnull=False, sanction__isnull=True),
                violation_error_message="Un message est écrit pour un dossier, une sanction, un compte ou une collectivité.",
            ),
            models.UniqueConstraint(
                fields=["application", "kind", "recipient", "once"],
                name="message_written_once",
                condition=~Q(once=""),
                violation_error_message="Ce message est déjà écrit.",
            ),
            models.UniqueConstraint(
                fields=["sanction", "kind", "recipient", "once"],
                name="sanction_message_written_once",
                condition=~Q(once=""),
                violation_error_message="Ce message est déjà écrit.",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="message_waiting", condition=Q(state=MessageState.TO_SEND))]

    def __str__(self) -> str:
        return self.subject


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, user: User) -> PostingQuerySet:
        """What was posted for the authorities where the person reads cases."""
        return self.filter(act__application__authority__in=user.authorities_as(*Role.reading_cases()))


class Posting(models.Model):
    """One act that left by the post: the day, by whom, and the number of a registered letter."""

    act = models.OneToOneField(Act, models.PROTECT, related_name="posting", verbose_name="acte")
    posted_on = models.DateField("posté le")
    tracking_number = models.CharField("numéro de recommandé", max_length=40, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="par")
    recorded_at = models.DateTimeField("noté le", auto_now_add=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi postal"
        verbose_name_plural = "envois postaux"
        indexes = [models.Index(fields=["-posted_on"], name="posting_latest")]

    def __str__(self) -> str:
        return f"{self.act.get_kind_display()}, posté le {self.posted_on:%d/%m/%Y}"
