"""The adversarial procedure: the holder of a permit may answer before it is taken away (CRPA L.121-1, L.122-1)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from permis.enums import Means
from permis.models.application import Application
from permis.models.decision import PrescribedWork


class Hearing(models.Model):
    """One letter that says what is held against the permit, the day it was received, and what was answered."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="hearings")
    works = models.ManyToManyField(PrescribedWork, related_name="hearings", verbose_name="travaux non faits")
    reasons = models.TextField("faits reprochés")
    means = models.CharField("envoyée par", max_length=20, choices=Means)
    tracking_number = models.CharField("numéro de recommandé", max_length=40, blank=True)
    sent_on = models.DateField("envoyée le")
    received_on = models.DateField("reçue ou présentée le", null=True, blank=True)
    answer_by = models.DateField("observations attendues jusqu’au", null=True)
    observations = models.TextField("observations", blank=True)
    observations_on = models.DateField("observations reçues le", null=True, blank=True)

    class Meta:
        verbose_name = "procédure contradictoire"
        verbose_name_plural = "procédures contradictoires"
        constraints = [
            models.CheckConstraint(
                name="hearing_received_after_it_was_sent",
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")),
                violation_error_message="La lettre ne peut pas être reçue avant son envoi.",
            ),
            models.CheckConstraint(
                name="observations_are_dated",
                condition=Q(observations="") | Q(observations_on__isnull=False),
                violation_error_message="Dites quel jour ces observations ont été reçues.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lettre contradictoire du {self.sent_on:%d/%m/%Y}, {self.application}"
