"""The grids of authorities, and the very grid that each visit was made with."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from territories.models import Authority


class GridEdition(models.Model):
    """What one authority adds to the national grid and switches off in it; a new edition never changes the ones before."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="grid_editions", verbose_name="collectivité")
    number = models.PositiveIntegerField("numéro")
    added = models.JSONField("points ajoutés", default=list)
    switched_off = models.JSONField("points facultatifs désactivés", default=list)
    made_at = models.DateTimeField("enregistrée le", auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "édition de la grille"
        verbose_name_plural = "éditions de la grille"
        constraints = [models.UniqueConstraint(fields=["authority", "number"], name="grid_editions_in_order")]

    def __str__(self) -> str:
        return f"{self.authority}, édition {self.number}"


class GridSnapshot(models.Model):
    """A whole grid as visits used it, kept once for all the visits made with it."""

    digest = models.CharField("empreinte", max_length=64, unique=True)
    version = models.CharField("version", max_length=20)
    content = models.JSONField("contenu")
    kept_at = models.DateTimeField("gardée depuis", auto_now_add=True)

    class Meta:
        verbose_name = "grille utilisée"
        verbose_name_plural = "grilles utilisées"

    def __str__(self) -> str:
        return self.version
