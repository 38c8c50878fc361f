"""The leases that a permit was used for: one, or one for each tenant of a shared dwelling."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from permis.enums import LeaseSource
from permis.models.application import Application


class Lease(models.Model):
    """One lease signed under a permit; a colocation with separate leases has several, under one permit."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="leases")
    signed_on = models.DateField("signé le")
    source = models.CharField("connu par", max_length=12, choices=LeaseSource)
    evidence = models.CharField("pièce ou renseignement", max_length=200, blank=True)
    declared_on = models.DateField("déclaré le")
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="déclaré par")

    class Meta:
        verbose_name = "bail"
        verbose_name_plural = "baux"
        constraints = [
            models.CheckConstraint(
                name="lease_declared_once_signed",
                condition=models.Q(declared_on__gte=models.F("signed_on")),
                violation_error_message="Un bail se déclare une fois signé.",
            ),
            models.CheckConstraint(
                name="lease_by_evidence_names_it",
                condition=~models.Q(source=LeaseSource.EVIDENCE) | ~models.Q(evidence=""),
                violation_error_message="Dites quelle pièce établit la date du bail.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bail du {self.signed_on:%d/%m/%Y}"
