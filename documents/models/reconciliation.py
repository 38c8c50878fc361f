"""What the comparison of the rows with the storage found."""

from __future__ import annotations

from django.db import models

from documents.enums import Discrepancy


class Reconciliation(models.Model):
    """What one comparison of the rows with the storage found; ``discrepancies`` are the first of them, ``counts`` all of them."""

    started_at = models.DateTimeField("commencé le")
    ended_at = models.DateTimeField("terminé le", null=True)
    objects_seen = models.PositiveIntegerField("objets vus", default=0)
    rows_seen = models.PositiveIntegerField("fichiers et actes attendus", default=0)
    hashed = models.PositiveIntegerField("contenus relus", default=0)
    counts = models.JSONField("écarts par sorte", default=dict)
    discrepancies = models.JSONField("premiers écarts", default=list)
    problem = models.CharField("interrompu par", max_length=300, blank=True)

    class Meta:
        verbose_name = "rapprochement du stockage"
        verbose_name_plural = "rapprochements du stockage"
        indexes = [models.Index(fields=["-started_at"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"Rapprochement du {self.started_at:%d/%m/%Y}"

    @property
    def is_sound(self) -> bool:
        """It went to the end, and whatever it found was harmless remains."""
        return self.ended_at is not None and not set(self.counts) - set(Discrepancy.mended())

    @property
    def lines(self) -> list[tuple[str, int]]:
        """What was found, in words, with how many of each; the gravest first."""
        return [(str(kind.label), self.counts[kind]) for kind in Discrepancy if kind in self.counts]
