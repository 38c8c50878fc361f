"""The report of a visit, version by version: each is an act that nothing changes any more."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from documents.models import Act
from inspections.enums import Conclusion, SignatureGiven
from inspections.models.visit import Visit


class Report(models.Model):
    """One version of the report of a visit; a number above 1 corrects the one before, and says why.

    The visit and its findings hold what the last version says; what each version said is in its act.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="reports", verbose_name="visite")
    number = models.PositiveSmallIntegerField("numéro")
    reason = models.CharField("raison de la correction", max_length=500, blank=True)
    conclusion = models.CharField("conclusion", max_length=14, choices=Conclusion)
    mandate = models.CharField("qualité ou mandat de l’agent de visite", max_length=160, blank=True)
    signature = models.CharField("signature de la personne présente", max_length=12, choices=SignatureGiven)
    others_conform = models.BooleanField("tous les autres points de la grille ont été examinés : rien à signaler", default=False)
    act = models.OneToOneField(Act, models.PROTECT, related_name="report", verbose_name="acte")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="auteur")
    established_on = models.DateField("établi le")
    established_at = models.DateTimeField("établi à", auto_now_add=True)

    class Meta:
        verbose_name = "rapport de visite"
        verbose_name_plural = "rapports de visite"
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="reports_in_order"),
            models.CheckConstraint(
                name="correction_says_why",
                condition=Q(number=1) | (Q(number__gt=1) & ~Q(reason="")),
                violation_error_message="Un rapport corrigé dit toujours pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"Rapport n° {self.number}, {self.visit}"
