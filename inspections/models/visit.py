"""Visits of a dwelling and what the inspector found there."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django_fsm import FSMField, transition

from accounts.enums import Role
from accounts.models import User
from inspections.enums import Conclusion, Party, Purpose, Severity, VisitState
from inspections.models.grids import GridSnapshot
from inspections.models.operators import Mandate
from permis import permissions, scope
from permis.models import Application, PrescribedWork


def can_inspect(visit: Visit, user: User) -> bool:
    """L’agent de visite, l’instructeur ou le responsable de la collectivité ; un opérateur, ses seules visites."""
    return permissions.can_inspect(visit.application, user) or (
        visit.inspector_id == user.pk and user.has_role(Role.OPERATOR, in_=visit.application.authority)
    )


def can_plan(visit: Visit, user: User) -> bool:
    """Déplacer ou annuler un rendez-vous : le service, pas l’opérateur."""
    return permissions.can_inspect(visit.application, user)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> VisitQuerySet:
        """Visits of the cases a person may see; of those entrusted to an operator, their own alone."""
        entrusted = Q(inspector=user, application__in=Application.objects.filter(scope.entrusted_to(user)))
        return self.filter(Q(application__in=Application.objects.filter(scope.by_right(user))) | entrusted)


class Visit(models.Model):
    """One appointment at a dwelling, inside the month of the decision for the first one (CCH L.635-3)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="visits", verbose_name="dossier")
    purpose = models.CharField("objet", max_length=10, choices=Purpose, default=Purpose.FIRST)
    state = FSMField("état", choices=VisitState, default=VisitState.PLANNED, protected=True)
    inspector = models.ForeignKey(User, models.PROTECT, related_name="visits", verbose_name="agent de visite")
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    instructions = models.TextField("consignes", blank=True, help_text="Imprimées sur la convocation.")
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="visits", null=True, blank=True, verbose_name="mandat")
    agreed_on = models.DateField("accord du bailleur le", null=True, blank=True)
    convoked_on = models.DateField("convocation du", null=True, blank=True)
    reminded_on = models.DateField("rappel du", null=True, blank=True)
    sequence = models.PositiveSmallIntegerField("rang du rendez-vous", default=0, editable=False)

    occupied = models.BooleanField("logement occupé", null=True, blank=True)
    occupant_name = models.CharField("nom de l’occupant", max_length=160, blank=True)
    occupant_email = models.EmailField("courriel de l’occupant", blank=True)
    occupant_phone = models.CharField("téléphone de l’occupant", max_length=30, blank=True)
    answered_by = models.CharField("dernière réponse de", max_length=10, choices=Party, blank=True)
    answer = models.CharField("dernière réponse", max_length=500, blank=True)
    answers = models.PositiveSmallIntegerField("réponses reçues", default=0, editable=False)

    judge_asked_on = models.DateField("autorisation du juge demandée le", null=True, blank=True)
    judge_granted_on = models.DateField("autorisation du juge obtenue le", null=True, blank=True)

    started_at = models.DateTimeField("commencée à", null=True, blank=True)
    finished_at = models.DateTimeField("terminée à", null=True, blank=True)
    people_present = models.CharField("personnes présentes et leur qualité", max_length=250, blank=True)
    consent = models.BooleanField("accord de l’occupant pour la visite", null=True)
    rooms_not_visited = models.CharField("pièces non visitées", max_length=250, blank=True)
    conclusion = models.CharField("conclusion", max_length=14, choices=Conclusion, blank=True)
    report = models.TextField("observations", blank=True)
    reported_on = models.DateField("rapport du", null=True)
    grid_version = models.CharField("version de la grille", max_length=20, blank=True)
    grid = models.ForeignKey(GridSnapshot, models.PROTECT, related_name="visits", null=True, verbose_name="grille")
    works = models.ManyToManyField(PrescribedWork, related_name="counter_visits", blank=True, verbose_name="travaux à revoir")
    scope_codes = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, editable=False, verbose_name="points à regarder"
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "visite"
        constraints = [
            models.CheckConstraint(
                name="visit_ends_after_its_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="La fin de la visite précède son début.",
            ),
            models.CheckConstraint(
                name="visit_done_concludes",
                condition=~Q(state=VisitState.DONE) | (~Q(conclusion="") & Q(reported_on__isnull=False)),
                violation_error_message="Un rapport de visite a toujours une conclusion.",
            ),
            models.CheckConstraint(
                name="judge_grants_what_was_asked",
                condition=Q(judge_granted_on__isnull=True) | Q(judge_granted_on__gte=F("judge_asked_on")),
                violation_error_message="L’autorisation du juge suit sa demande.",
            ),
            ExclusionConstraint(
                name="one_visit_at_a_time",
                # Of ranges alone: a plain key would need an extension of PostgreSQL that the embedded server has not.
                expressions=[
                    (
                        Func("inspector", "inspector", Value("[]"), function="int8range", output_field=BigIntegerRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state=VisitState.PLANNED),
                violation_error_message="Cette personne a déjà une visite à cette heure.",
            ),
        ]
        indexes = [models.Index(fields=["inspector", "starts_at"], name="visit_day")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.application}"

    def codes(self) -> list[str]:
        """The grid codes that this visit looks at; empty when it looks at everything."""
        return list(self.scope_codes)

    @transition(state, source=VisitState.PLANNED, target=VisitState.DONE, permission=can_inspect)
    def record(self, *, conclusion: Conclusion, on: date) -> None:
        """Rendre compte de la visite."""
        self.conclusion, self.reported_on = conclusion, on

    @transition(state, source=VisitState.PLANNED, target=VisitState.NO_SHOW, permission=can_inspect)
    def record_no_show(self, *, on: date) -> None:
        """Constater que personne n’était au rendez-vous ; le délai court toujours."""
        self.reported_on = on

    @transition(state, source=VisitState.PLANNED, target=VisitState.ACCESS_REFUSED, permission=can_inspect)
    def record_access_refused(self, *, on: date) -> None:
        """Constater le refus d’accès ; le délai court toujours, le juge peut autoriser la visite (L.635-3)."""
        self.reported_on = on

    @transition(state, source=VisitState.PLANNED, target=VisitState.CANCELLED, permission=can_plan)
    def cancel(self) -> None:
        """Annuler un rendez-vous."""
        self.sequence += 1

    @transition(state, source=VisitState.PLANNED, target=VisitState.PLANNED, permission=can_plan)
    def move(self, *, starts_at: datetime, ends_at: datetime, inspector: User) -> None:
        """Déplacer un rendez-vous, à une autre heure ou avec une autre personne."""
        self.starts_at, self.ends_at, self.inspector = starts_at, ends_at, inspector
        self.sequence += 1

    @property
    def mandate_text(self) -> str:
        """What is printed of the mandate of an external operator; its row must be loaded."""
        return self.mandate.printed if self.mandate is not None else ""


class Finding(models.Model):
    """One defect seen at a visit, with its legal basis and the works that would cure it."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="findings")
    position = models.PositiveSmallIntegerField(default=0)
    code = models.CharField("point de contrôle", max_length=10, blank=True)
    place = models.CharField("lieu", max_length=120)
    description = models.TextField("constat")
    severity = models.CharField("gravité", max_length=1, choices=Severity)
    severity_reason = models.CharField("raison d’une autre gravité que celle de la grille", max_length=300, blank=True)
    basis = models.CharField("fondement", max_length=160, blank=True)
    work = models.TextField("travaux proposés", blank=True)
    quick = models.BooleanField("travaux rapides, possibles avant la location", default=False)
    room = models.UUIDField("pièce, selon la saisie", null=True)

    class Meta:
        verbose_name = "constat"
        constraints = [models.UniqueConstraint(fields=["visit", "position"], name="findings_in_order")]

    def __str__(self) -> str:
        return self.description
