"""Opinions asked of others before a decision; the month runs on, whether they answer or not."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from permis.enums import Adviser, OpinionOutcome
from permis.models.application import Application


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def awaited(self) -> OpinionQuerySet:
        return self.filter(answered_on__isnull=True)

    def to_remind(self, on: date) -> OpinionQuerySet:
        """Awaited past their day, and not recalled yet."""
        return self.awaited().filter(due_on__lt=on, reminded_on__isnull=True)


class Opinion(models.Model):
    """One question to one adviser, and what they answered."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="opinions")
    adviser = models.CharField("service consulté", max_length=10, choices=Adviser)
    name = models.CharField("nom du service ou de la personne", max_length=160)
    email = models.EmailField("adresse électronique", blank=True)
    question = models.TextField("question posée")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="demandé par")
    asked_on = models.DateField("demandé le")
    due_on = models.DateField("attendu avant le")
    reminded_on = models.DateField("relancé le", null=True)
    outcome = models.CharField("avis", max_length=12, choices=OpinionOutcome, blank=True)
    answer = models.TextField("réponse", blank=True)
    answered_by = models.CharField("donné par", max_length=160, blank=True)
    answered_on = models.DateField("reçu le", null=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        constraints = [
            models.CheckConstraint(
                name="opinion_due_after_it_was_asked",
                condition=Q(due_on__gte=F("asked_on")),
                violation_error_message="L’avis ne peut pas être attendu avant d’avoir été demandé.",
            ),
            models.CheckConstraint(
                name="opinion_given_is_dated",
                condition=Q(answered_on__isnull=True, outcome="") | Q(answered_on__isnull=False) & ~Q(outcome=""),
                violation_error_message="Un avis rendu a son sens et sa date.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="opinion_to_remind", condition=Q(answered_on__isnull=True, reminded_on__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"Avis de {self.name}, {self.application}"

    def is_late(self, today: date) -> bool:
        """Still awaited after its day."""
        return self.answered_on is None and today > self.due_on
