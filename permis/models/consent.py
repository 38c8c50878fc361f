"""The express consent to be notified online, and its withdrawal: neither is ever erased (CRPA L.112-15, R.112-17)."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from permis.models.application import Application


class Consent(models.Model):
    """What a recipient accepted or took back, in the very words that were shown; the last one holds."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="consents")
    is_given = models.BooleanField("accord donné")
    recipient = models.CharField("destinataire", max_length=200)
    text = models.TextField("texte accepté")
    on = models.DateField("le")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="par")
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "accord pour la notification en ligne"
        verbose_name_plural = "accords pour la notification en ligne"

    def __str__(self) -> str:
        return f"{'Accord' if self.is_given else 'Retrait'} du {self.on:%d/%m/%Y}, {self.application}"
