"""Who gets the new cases of an authority, and who stands in for a person who is away."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from permis.models import Application
from territories.models import Authority, Commune
from workflows import flows, projection
from workflows.actions import owed
from workflows.guards import require_permission
from workflows.models import Absence, AssignmentRule, WorkItem

# How long the clock still looks at an absence that is over: a run that was cut short is made good by the next ones.
_LOOKED_AT = timedelta(days=7)
_OFFICERS_TASKS = [node for node, role in projection.ROLES.items() if role == Role.OFFICER]


@transaction.atomic
def set_rule(authority: Authority, *, commune: Commune | None, regime: str, officer: User, by: User) -> AssignmentRule:
    """Dire qui suit les dossiers nouveaux d’une commune ou d’un régime ; les dossiers ouverts ne changent pas de main."""
    require_permission(by.has_role(Role.MANAGER, in_=authority))
    require_permission(officer.has_role(Role.OFFICER, Role.MANAGER, in_=authority))
    rule, _ = AssignmentRule.objects.update_or_create(
        authority=authority, commune=commune, regime=regime, defaults={"officer": officer}
    )
    return rule


@transaction.atomic
def remove_rule(rule: AssignmentRule, *, by: User) -> None:
    """Ôter une règle d’attribution : ces dossiers arriveront sans personne, ou selon une règle plus large."""
    require_permission(by.has_role(Role.MANAGER, in_=rule.authority))
    rule.delete()


def declare_absence(
    authority: Authority, *, user: User, replacement: User, starts_on: date, ends_on: date, by: User, on: date
) -> Absence:
    """Déclarer une absence et son remplaçant, pour soi ou, responsable, pour une autre personne du service.

    The absence is kept first, then its tasks go, one transaction a case; what a failure leaves behind, the clock hands over.
    Raises ValidationError where the days are over, cross another absence of the person, or name nobody else.
    """
    require_permission(can_declare(by, user, authority))
    require_permission(replacement.has_role(Role.OFFICER, Role.MANAGER, in_=authority))
    if ends_on < on:
        raise ValidationError("Ces jours sont passés : une absence se déclare jusqu’à son dernier jour.")
    absence = Absence(
        authority=authority, user=user, replacement=replacement, starts_on=starts_on, ends_on=ends_on, declared_by=by
    )
    absence.validate_constraints()
    try:
        absence.save(force_insert=True)
    except IntegrityError:
        # The same absence, declared twice at once: the database kept one.
        raise ValidationError("Une absence vient d’être déclarée sur une partie de ces jours.") from None
    _begin(absence.pk, on=on)
    settle(authority)
    absence.refresh_from_db()
    return absence


def end_absence(absence: Absence, *, by: User, on: date) -> Absence:
    """Mettre fin à une absence, ou l’annuler avant son premier jour : les tâches reviennent aussitôt."""
    require_permission(can_declare(by, absence.user, absence.authority))
    _close(absence.pk, on=on)
    settle(absence.authority)
    return Absence.objects.get(pk=absence.pk)


def can_declare(by: User, user: User, authority: Authority) -> bool:
    """One's own absence, or as a manager that of anybody who reviews cases there."""
    if by == user:
        return by.has_role(Role.OFFICER, Role.MANAGER, in_=authority)
    return by.has_role(Role.MANAGER, in_=authority) and user.has_role(Role.OFFICER, Role.MANAGER, in_=authority)


def run(authority: Authority, *, on: date) -> int:
    """The absences that begin or end on this day, and the tasks that go or come back with them; safe to run twice."""
    absences = Absence.objects.filter(authority=authority)
    for key in absences.to_begin(on).values_list("pk", flat=True):
        _begin(key, on=on)
    for key in absences.to_close(on).values_list("pk", flat=True):
        _close(key, on=on)
    return settle(authority)


def _looked_at(day: date) -> QuerySet[Absence]:
    """The absences that have begun and are not over, or not for long."""
    return Absence.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=day - _LOOKED_AT), starts_on__lte=day)


DUTIES = [owed.Duty("stood_in", _looked_at, run, whole=True)]


def settle(authority: Authority) -> int:
    """Give each open task of an officer to who does their work today, one transaction a case; how many cases changed hands."""
    tasks = WorkItem.objects.filter(authority=authority, node__in=_OFFICERS_TASKS, officer__isnull=False)
    held = tasks.values_list("officer", "owner").distinct()
    wrong = Q(pk__in=[])
    for officer, owner in held:
        if owner != projection.stand_in(officer, authority=authority.pk):
            wrong |= Q(officer=officer, owner=owner)
    cases = list(tasks.filter(wrong).values_list("application", flat=True).distinct().order_by("application"))
    for key in cases:
        _project(key)
    return len(cases)


@transaction.atomic
def _project(key: int) -> None:
    flows.advance(Application.objects.locked().get(pk=key))


@transaction.atomic
def _begin(key: int, *, on: date) -> None:
    """Once: whoever comes second finds it begun."""
    absence = Absence.objects.select_for_update().get(pk=key)
    if absence.begun_on is None and absence.closed_on is None and absence.starts_on <= on <= absence.ends_on:
        absence.begun_on = on
        absence.save(update_fields=["begun_on"])


@transaction.atomic
def _close(key: int, *, on: date) -> None:
    absence = Absence.objects.select_for_update().get(pk=key)
    if absence.closed_on is None:
        absence.closed_on = on
        absence.save(update_fields=["closed_on"])
