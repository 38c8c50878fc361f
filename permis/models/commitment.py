"""What a landlord commits in writing to do before the decision, with its date."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from permis.models.application import Application


class Commitment(models.Model):
    """A written commitment to works: it binds nobody but its author, and the decision may cite it as evidence."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="commitments")
    text = models.TextField("travaux promis", help_text="Ce que vous ferez, pièce par pièce, avec vos mots.")
    due_on = models.DateField("faits au plus tard le")
    name = models.CharField("nom de la personne qui s’engage", max_length=160)
    made_on = models.DateField("pris le")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="écrit par")

    class Meta:
        verbose_name = "engagement de travaux"
        verbose_name_plural = "engagements de travaux"
        constraints = [
            models.CheckConstraint(
                name="commitment_is_about_the_future",
                condition=models.Q(due_on__gte=models.F("made_on")),
                violation_error_message="La date des travaux ne peut pas être passée.",
            )
        ]

    def __str__(self) -> str:
        return f"Engagement de {self.name}, {self.made_on:%d/%m/%Y}"
