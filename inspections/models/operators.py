"""External operators who visit for an authority, the mandate that allows it, and the hours of its visits."""

from __future__ import annotations

from datetime import date, time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from documents.french import day as in_words
from inspections.planning import Routine
from territories.models import Authority


class Operator(models.Model):
    """An organisation whose people visit dwellings for an authority, under a written mandate."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="operators", verbose_name="collectivité")
    name = models.CharField("organisme", max_length=160)
    people = models.ManyToManyField(User, related_name="operators", blank=True, verbose_name="personnes")

    class Meta:
        verbose_name = "opérateur de visites"
        verbose_name_plural = "opérateurs de visites"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "name"], name="operator_once", violation_error_message="Cet organisme est déjà enregistré."
            )
        ]

    def __str__(self) -> str:
        return self.name


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, on: date) -> MandateQuerySet:
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class Mandate(models.Model):
    """The written mandate of an operator, printed on the convocations of the visits that its people make."""

    operator = models.ForeignKey(Operator, models.CASCADE, related_name="mandates", verbose_name="opérateur")
    reference = models.CharField("référence", max_length=120, help_text="Par exemple « marché n° 2026-12, lot 1 ».")
    signed_on = models.DateField("signé le")
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", help_text="Dernier jour du mandat.")

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_its_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du mandat précède son début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.operator}, {self.reference}"

    @property
    def printed(self) -> str:
        """« SOLIHA Gironde, par mandat écrit marché n° 2026-12 du 3 mars 2026 », as convocations say it."""
        return f"{self.operator.name}, par mandat écrit {self.reference} du {in_words(self.signed_on)}"


class VisitRoutine(models.Model):
    """The hours of visits of an authority, and what is left between two of them; the law's own hours bound them."""

    authority = models.OneToOneField(Authority, models.CASCADE, related_name="visit_routine", verbose_name="collectivité")
    opens = models.TimeField("première visite à partir de", default=time(9))
    closes = models.TimeField("dernière visite finie à", default=time(17, 30))
    visit_minutes = models.PositiveSmallIntegerField(
        "durée d’une visite, en minutes", default=45, validators=[MinValueValidator(10), MaxValueValidator(240)]
    )
    travel_minutes = models.PositiveSmallIntegerField(
        "trajet entre deux visites, en minutes", default=15, validators=[MaxValueValidator(180)]
    )
    margin_days = models.PositiveSmallIntegerField(
        "jours gardés pour décider", default=5, validators=[MaxValueValidator(20)],
        help_text="Les rendez-vous proposés laissent au moins ces jours avant l’échéance.",
    )  # fmt: skip
    saturdays = models.BooleanField("proposer aussi le samedi", default=False)

    class Meta:
        verbose_name = "horaires de visite"
        verbose_name_plural = "horaires de visite"
        constraints = [
            models.CheckConstraint(
                name="visit_routine_within_the_law",
                condition=Q(opens__gte=time(6), closes__lte=time(21), closes__gt=F("opens")),
                violation_error_message="Les visites se font entre 6 h et 21 h (CCH L. 635-3), et finissent après leur début.",
            )
        ]

    def __str__(self) -> str:
        return f"Horaires de visite, {self.authority}"

    def as_routine(self) -> Routine:
        return Routine(
            opens=self.opens,
            closes=self.closes,
            visit_minutes=self.visit_minutes,
            travel_minutes=self.travel_minutes,
            margin_days=self.margin_days,
            saturdays=self.saturdays,
        )
