"""What a landlord and the service write to each other about a case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from permis.models.application import Application


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def unread_by_service(self) -> ExchangeQuerySet:
        return self.filter(from_service=False, read_at__isnull=True)

    def unread_by_landlord(self) -> ExchangeQuerySet:
        return self.filter(from_service=True, read_at__isnull=True)


class Exchange(models.Model):
    """One message of the thread of a case; it is never changed, and neither side reads the notes of the other."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="exchanges")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="auteur")
    from_service = models.BooleanField("écrit par le service")
    text = models.TextField("message")
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True)
    read_at = models.DateTimeField("lu le", null=True)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "message échangé"
        verbose_name_plural = "messages échangés"
        indexes = [
            models.Index(fields=["application"], name="exchange_to_read", condition=Q(from_service=False, read_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"Message de {self.author}, {self.application}"
