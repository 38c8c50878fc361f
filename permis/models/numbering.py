"""The last case number given, per regime, commune and year; that of a sanction, per authority and year."""

from django.db import models

from territories.enums import Regime
from territories.models import Authority, Commune


class Counter(models.Model):
    """Locked by each deposit: numbers have no gap, and a deposit that rolls back gives its number back."""

    regime = models.CharField(max_length=4, choices=Regime)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["regime", "commune", "year"], name="one_counter")]

    def __str__(self) -> str:
        return f"{self.regime} {self.commune_id} {self.year}"


class SanctionCounter(models.Model):
    """The last number given to a sanction, per authority and year: no gap, and one that rolls back is given again."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="one_sanction_counter")]

    def __str__(self) -> str:
        return f"SANC {self.authority_id} {self.year}"
