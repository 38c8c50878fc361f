"""The outbox: what must be sent is a row written with the change that calls for it; a job delivers it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from notifications.enums import MessageState
from permis.models import Application


class Message(models.Model):
    """One e-mail, frozen as text when it was decided, with the acts that it carries."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="messages", null=True, blank=True)
    kind = models.CharField("type", max_length=40)
    recipient = models.EmailField("destinataire")
    reply_to = models.EmailField("réponse à", blank=True)
    sender_name = models.CharField("expéditeur", max_length=200, blank=True)
    subject = models.CharField("objet", max_length=250)
    text = models.TextField("texte")
    html = models.TextField("texte mis en forme")
    acts = ArrayField(models.BigIntegerField(), default=list, verbose_name="actes joints")
    state = models.CharField("état", max_length=10, choices=MessageState, default=MessageState.TO_SEND)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    sent_at = models.DateTimeField("remis le", null=True)
    error = models.CharField("erreur", max_length=250, blank=True)

    class Meta:
        verbose_name = "message"
        constraints = [
            models.CheckConstraint(
                name="sent_message_is_dated",
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                violation_error_message="Un message remis porte sa date.",
            )
        ]

    def __str__(self) -> str:
        return self.subject
