"""Cases shown to somebody from outside the authority."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from permis.models.application import Application


class Entrusted(models.Model):
    """A case whose dwelling a person of an external operator visits: they see it, and no other."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="entrusted", verbose_name="dossier")
    user = models.ForeignKey(User, models.CASCADE, related_name="entrusted", verbose_name="personne")

    class Meta:
        verbose_name = "dossier confié"
        verbose_name_plural = "dossiers confiés"
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="entrusted_once")]

    def __str__(self) -> str:
        return f"{self.application}, {self.user}"
