"""One line of a journal, whatever it is the journal of: sealed over the line before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import User


class Line(models.Model):
    """What happened, when, by whom; ``owner_name`` is the field that says whose journal it is."""

    owner_name: ClassVar[str]

    position = models.PositiveIntegerField()
    on = models.DateField("date du fait")
    recorded_at = models.DateTimeField("enregistré le")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="auteur")
    author_name = models.CharField(max_length=170, blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        abstract = True
