"""What people arrange of their worklists: views, columns, what they have seen, who gets a new case, who stands in for whom."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from accounts.enums import Role
from accounts.models import User
from permis.models import Application
from territories.enums import Regime
from territories.models import Authority, Commune


def _range(key: str) -> Func:
    """A key as a range of one, which compares without any extension of PostgreSQL."""
    return Func(key, key, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> SavedViewQuerySet:
        """One's own, and those shared with the authorities where one reads cases."""
        return self.filter(Q(owner=user, authority=None) | Q(authority__in=user.authorities_as(*Role.reading_cases())))

    def kept_by(self, user: User) -> SavedViewQuerySet:
        """Those a person may rename or delete: one's own, and the shared ones where one is a manager."""
        return self.filter(Q(owner=user, authority=None) | Q(authority__in=user.authorities_as(Role.MANAGER)))


class SavedView(models.Model):
    """A worklist as somebody left it: filters, order and columns, as the query of its address; never the words of a search."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name="personne")
    authority = models.ForeignKey(
        Authority, models.CASCADE, related_name="saved_views", null=True, blank=True, verbose_name="partagée avec"
    )
    name = models.CharField("nom de la vue", max_length=60)
    query = models.CharField("filtres", max_length=500, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], name="own_view_named_once", condition=Q(authority__isnull=True),
                violation_error_message="Vous avez déjà une vue de ce nom.",
            ),
            models.UniqueConstraint(
                fields=["authority", "name"], name="shared_view_named_once", condition=Q(authority__isnull=False),
                violation_error_message="Une vue partagée porte déjà ce nom.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ChosenColumns(models.Model):
    """The columns that a person wants in every list whose address names none."""

    user = models.OneToOneField(User, models.CASCADE, related_name="chosen_columns")
    columns = ArrayField(models.CharField(max_length=20), verbose_name="colonnes")

    class Meta:
        verbose_name = "colonnes choisies"

    def __str__(self) -> str:
        return ", ".join(self.columns)


class CaseVisit(models.Model):
    """When a person last opened a case with something to do, and when somebody else first changed it since.

    ``changed_at`` is written by the database itself, after each line of the journal (`workflows_case_changed`): no action
    can forget it. The rows of a case go with its last task.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    at = models.DateTimeField("ouvert le")
    changed_at = models.DateTimeField("modifié depuis", null=True)

    class Meta:
        verbose_name = "dossier ouvert"
        verbose_name_plural = "dossiers ouverts"
        constraints = [models.UniqueConstraint(fields=["user", "application"], name="last_visit_of_a_case")]
        indexes = [
            # The dots of a person's list, and the filter that keeps only those: nothing else is read for them.
            models.Index(fields=["user", "application"], name="changed_since_opened", condition=Q(changed_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.application}"


class AssignmentRule(models.Model):
    """Who follows the new cases of an authority, of one commune or all, of one regime or both; the most precise one wins."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="assignment_rules", verbose_name="collectivité")
    commune = models.ForeignKey(
        Commune, models.CASCADE, related_name="+", null=True, blank=True, verbose_name="commune", help_text="Vide : toutes."
    )
    regime = models.CharField("régime", max_length=4, choices=Regime, blank=True, help_text="Vide : les deux.")
    officer = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="suivi par")

    class Meta:
        verbose_name = "règle d’attribution"
        verbose_name_plural = "règles d’attribution"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "commune", "regime"], name="one_officer_a_place", nulls_distinct=False,
                violation_error_message="Une règle existe déjà pour cette commune et ce régime.",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.commune or 'toutes les communes'}, {self.regime or 'tous les régimes'} : {self.officer}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def in_force(self) -> AbsenceQuerySet:
        """Handed over, and not come back yet: the tasks of the person are their replacement's."""
        return self.filter(begun_on__isnull=False, closed_on__isnull=True)

    def not_over(self) -> AbsenceQuerySet:
        return self.filter(closed_on__isnull=True)

    def to_begin(self, day: date) -> AbsenceQuerySet:
        return self.filter(begun_on__isnull=True, closed_on__isnull=True, starts_on__lte=day)

    def to_close(self, day: date) -> AbsenceQuerySet:
        """Over by their own date, whether or not they ever began."""
        return self.filter(closed_on__isnull=True, ends_on__lt=day)


class Absence(models.Model):
    """The days on which the tasks of a person go to a replacement; the cases stay theirs.

    ``begun_on`` and ``closed_on`` are the days when the tasks went and came back: each is written once, with the tasks.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="absences", verbose_name="collectivité")
    user = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name="personne absente")
    replacement = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="remplacée par")
    starts_on = models.DateField("premier jour")
    ends_on = models.DateField("dernier jour")
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="déclarée par")
    declared_at = models.DateTimeField("déclarée le", auto_now_add=True)
    begun_on = models.DateField("tâches confiées le", null=True)
    closed_on = models.DateField("tâches rendues le", null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "absence"
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_its_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="Le dernier jour précède le premier.",
            ),
            models.CheckConstraint(
                name="nobody_replaces_themselves",
                condition=~Q(user=F("replacement")),
                violation_error_message="Choisissez une autre personne que celle qui s’absente.",
            ),
            ExclusionConstraint(
                name="one_absence_at_a_time",
                # Of ranges alone, as `one_visit_at_a_time`.
                expressions=[
                    (_range("user"), RangeOperators.OVERLAPS),
                    (_range("authority"), RangeOperators.OVERLAPS),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(closed_on__isnull=True),
                violation_error_message="Une absence est déjà déclarée sur une partie de ces jours.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"
