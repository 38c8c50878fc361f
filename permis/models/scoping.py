"""Whether an application falls under the rule, and inside which perimeter: found at the deposit, settled by a person."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from territories.enums import Certainty, Doubt


class Scoping(models.Model):
    """What a case knows of its scope; ``zoning`` is empty until the deposit."""

    future_buyer = models.BooleanField(
        "J’achète ce logement : l’acte de vente n’est pas encore signé",
        default=False,
        help_text="Seul le bailleur demande. Avant l’acte, vous le pouvez avec l’accord écrit du vendeur, pour qui vous agissez alors.",
    )
    seller_agrees = models.BooleanField("Le vendeur est d’accord par écrit", default=False)
    zoning = models.CharField("périmètre", max_length=10, choices=Certainty, blank=True)
    zone_doubts = ArrayField(models.CharField(max_length=12, choices=Doubt), default=list, blank=True, verbose_name="à vérifier")
    zone_confirmed_on = models.DateField("périmètre vérifié le", null=True)
    kept_in_scope = models.TextField("raison de garder le dossier dans le champ", blank=True)

    class Meta:
        abstract = True

    @property
    def awaits_zone_check(self) -> bool:
        """Nobody has looked yet at a perimeter that the software could not tell with certainty."""
        return bool(self.zoning) and self.zoning != Certainty.CERTAIN and self.zone_confirmed_on is None
