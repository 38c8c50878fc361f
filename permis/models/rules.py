"""What an authority has settled where the law leaves a question open, since when and by whom."""

from __future__ import annotations

from datetime import date

from django.db import models

from accounts.models import User
from territories.models import Authority


class RuleChangeQuerySet(models.QuerySet["RuleChange"]):
    def in_force(self, on: date) -> RuleChangeQuerySet:
        """Those that have begun; the last of a rule is the one that holds."""
        return self.filter(since__lte=on)


class RuleChange(models.Model):
    """One answer to one question; a later one replaces it, none is rewritten."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="rule_changes", verbose_name="collectivité")
    rule = models.CharField("règle", max_length=40)
    value = models.JSONField("réponse")
    since = models.DateField("depuis le")
    reason = models.CharField("délibération ou raison", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="auteur")
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "choix de la collectivité"
        verbose_name_plural = "choix de la collectivité"
        indexes = [models.Index(fields=["authority", "rule", "since"], name="rule_in_force")]

    def __str__(self) -> str:
        return f"{self.rule}, {self.since:%d/%m/%Y}"
