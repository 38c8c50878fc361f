"""Inspection: appointments and reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from inspections import grid
from inspections.enums import Conclusion, Purpose
from inspections.models import Finding, Visit
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from workflows import flows
from workflows.guards import require, require_permission


class AppointmentInThePast(guards.Refusal):
    code = "wrong_state"
    message = "Ce rendez-vous est dans le passé. Choisissez un jour à venir."


class VisitToCome(guards.Refusal):
    code = "wrong_state"
    message = "Cette visite n’a pas encore eu lieu : rien ne peut en être constaté avant son jour."


@transaction.atomic
def plan_visit(
    application: Application,
    *,
    inspector: User,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    on: date,
    purpose: Purpose = Purpose.FIRST,
    instructions: str = "",
) -> Visit:
    """Planifier une visite. Raises AppointmentInThePast, and the refusals of hours and term."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_inspect(application, by))
    require_permission(permissions.can_inspect(application, inspector))
    application.require_visitable()
    start, end = application.authority.local(starts_at), application.authority.local(ends_at)
    if start.date() < on:
        raise AppointmentInThePast
    guards.require_visit_hours(start, end)
    if purpose == Purpose.FIRST:
        guards.require_visit_term(start.date(), application.tacit_on)
    visit = Visit.objects.create(
        application=application,
        purpose=purpose,
        inspector=inspector,
        starts_at=starts_at,
        ends_at=ends_at,
        instructions=instructions,
    )
    journal.record(application, Event.VISIT_PLANNED, by=by, on=on, visit=visit.pk, starts_at=starts_at, purpose=purpose)
    outbox.enqueue(Kind.VISIT_PLANNED, application=application, on=on, visit=visit)
    flows.advance(application)
    return visit


@transaction.atomic
def cancel_visit(visit: Visit, *, by: User, on: date) -> Visit:
    """Annuler un rendez-vous."""
    application, visit = _locked(visit)
    require(visit.cancel, by)
    visit.cancel()
    visit.save()
    journal.record(application, Event.VISIT_CANCELLED, by=by, on=on, visit=visit.pk)
    outbox.enqueue(Kind.VISIT_CANCELLED, application=application, on=on, visit=visit)
    flows.advance(application)
    return visit


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
    """Rendre compte d’une visite : ce qui a été vu, avec son fondement et les travaux proposés."""
    application, visit = _locked(visit)
    require(visit.record, by)
    _require_its_day(visit, on)
    visit.record(conclusion=conclusion, on=on)
    grid.keep(visit)
    for name, value in report.items():
        setattr(visit, name, value)
    visit.save()
    Finding.objects.bulk_create(Finding(visit=visit, position=place, **each) for place, each in enumerate(findings))
    journal.record(
        application, Event.VISIT_DONE, by=by, on=_day(visit), visit=visit.pk, conclusion=conclusion, findings=len(findings)
    )
    flows.advance(application)
    return visit


@transaction.atomic
def record_no_show(visit: Visit, *, by: User, on: date) -> Visit:
    """Constater que personne n’était au rendez-vous ; le délai court toujours."""
    application, visit = _locked(visit)
    require(visit.record_no_show, by)
    _require_its_day(visit, on)
    visit.record_no_show(on=on)
    visit.save()
    journal.record(application, Event.VISIT_MISSED, by=by, on=_day(visit), visit=visit.pk)
    outbox.enqueue(Kind.VISIT_MISSED, application=application, on=on, visit=visit)
    flows.advance(application)
    return visit


@transaction.atomic
def record_access_refused(visit: Visit, *, by: User, on: date) -> Visit:
    """Constater le refus d’accès : le juge peut autoriser la visite, le délai court toujours (L.635-3)."""
    application, visit = _locked(visit)
    require(visit.record_access_refused, by)
    _require_its_day(visit, on)
    visit.record_access_refused(on=on)
    visit.save()
    journal.record(application, Event.ACCESS_REFUSED, by=by, on=_day(visit), visit=visit.pk)
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


def _locked(visit: Visit) -> tuple[Application, Visit]:
    application = Application.objects.locked().get(pk=visit.application_id)
    return application, Visit.objects.select_related("inspector").get(pk=visit.pk, application=application)


def _require_its_day(visit: Visit, on: date) -> None:
    if _day(visit) > on:
        raise VisitToCome


def _day(visit: Visit) -> date:
    return visit.application.authority.local(visit.starts_at).date()
