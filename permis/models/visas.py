"""The visas that a draft receives before it is signed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.models import User
from permis.models.decision import Decision


class VisaQuerySet(models.QuerySet["Visa"]):
    def standing(self) -> VisaQuerySet:
        """Those given to the draft as it is now."""
        return self.filter(void_on__isnull=True)


class Visa(models.Model):
    """One person has read the draft and lets it go to its signature; void once the draft has changed."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="visas")
    rank = models.PositiveSmallIntegerField("rang")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="visé par")
    given_at = models.DateTimeField("visé le", auto_now_add=True)
    comment = models.CharField("observation", max_length=500, blank=True)
    fingerprint = models.CharField("empreinte du projet", max_length=64, editable=False)
    void_on = models.DateField("sans effet depuis le", null=True)

    objects = VisaQuerySet.as_manager()

    class Meta:
        verbose_name = "visa"
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "rank"], name="one_standing_visa_a_rank", condition=Q(void_on__isnull=True),
                violation_error_message="Ce visa est déjà donné.",
            ),
            models.UniqueConstraint(
                fields=["decision", "by"], name="one_standing_visa_a_person", condition=Q(void_on__isnull=True),
                violation_error_message="Vous avez déjà visé ce projet.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.by}, {self.decision}"
