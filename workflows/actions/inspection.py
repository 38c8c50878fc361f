"""Inspection: reports and missed appointments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from inspections import grid, survey
from inspections.enums import Conclusion
from inspections.models import Finding, Visit
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from workflows import flows
from workflows.actions import danger
from workflows.actions.appointments import day_of, locked
from workflows.guards import require, require_permission


class VisitToCome(guards.Refusal):
    code = "wrong_state"
    message = "Cette visite n’a pas encore eu lieu : rien ne peut en être constaté avant son jour."


class OpenConflicts(guards.Refusal):
    code = "open_conflicts"
    message = "Deux téléphones ont noté des choses différentes : dites d’abord ce qu’il faut garder, puis établissez le rapport."


@transaction.atomic
def record_visit(
    visit: Visit,
    *,
    conclusion: Conclusion,
    by: User,
    on: date,
    findings: Sequence[dict[str, Any]] = (),
    **report: Any,
) -> Visit:
    """Rendre compte d’une visite : ce qui a été vu, son fondement, les travaux proposés. Raises OpenConflicts."""
    application, visit = locked(visit)
    require(visit.record, by)
    _require_its_day(visit, on)
    if survey.of(visit.entries.all()).conflicts:
        raise OpenConflicts
    visit.record(conclusion=conclusion, on=on)
    grid.keep(visit)
    for name, value in report.items():
        setattr(visit, name, value)
    visit.save()
    found = keep_findings(visit, findings)
    journal.record(
        application, Event.VISIT_DONE, by=by, on=day_of(visit), visit=visit.pk, conclusion=conclusion, findings=len(findings)
    )
    danger.alert(application, visit, found, by=by, on=on)
    flows.advance(application)
    return visit


def keep_findings(visit: Visit, findings: Sequence[dict[str, Any]]) -> list[Finding]:
    """Keep what was found at a visit; the works of a point of the grid are as quick as it says, unless told otherwise."""
    if not findings:
        return []
    followed = grid.followed_by(visit)
    quick = {item.code for section in followed.sections for item in section.items if item.quick}
    return Finding.objects.bulk_create(
        Finding(visit=visit, position=place, **{"quick": each.get("code") in quick, **each})
        for place, each in enumerate(findings)
    )


@transaction.atomic
def record_no_show(visit: Visit, *, by: User, on: date) -> Visit:
    """Constater que personne n’était au rendez-vous ; le délai court toujours."""
    application, visit = locked(visit)
    require(visit.record_no_show, by)
    _require_its_day(visit, on)
    visit.record_no_show(on=on)
    visit.save()
    journal.record(application, Event.VISIT_MISSED, by=by, on=day_of(visit), visit=visit.pk)
    outbox.enqueue(Kind.VISIT_MISSED, application=application, on=on, visit=visit)
    flows.advance(application)
    return visit


@transaction.atomic
def record_access_refused(visit: Visit, *, by: User, on: date) -> Visit:
    """Constater le refus d’accès : le juge peut autoriser la visite, le délai court toujours (L.635-3)."""
    application, visit = locked(visit)
    require(visit.record_access_refused, by)
    _require_its_day(visit, on)
    visit.record_access_refused(on=on)
    visit.save()
    journal.record(application, Event.ACCESS_REFUSED, by=by, on=day_of(visit), visit=visit.pk)
    outbox.enqueue(Kind.ACCESS_REFUSED, application=application, on=on, visit=visit)
    flows.advance(application)
    return visit


@transaction.atomic
def waive_visit(application: Application, *, reason: str, by: User, on: date) -> Application:
    """Décider sans visite, pour une raison écrite."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    if application.state != State.UNDER_REVIEW:
        raise guards.WrongState
    application.visit_waiver = reason
    application.save()
    journal.record(application, Event.VISIT_WAIVED, by=by, on=on, reason=reason)
    flows.advance(application)
    return application


def _require_its_day(visit: Visit, on: date) -> None:
    if day_of(visit) > on:
        raise VisitToCome
