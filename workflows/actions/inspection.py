"""Inspection: reports, missed appointments, and the works that a conditional permit prescribes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from documents.models import StoredFile
from inspections import grid, survey
from inspections.enums import Conclusion
from inspections.models import Finding, Visit
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.enums import ConditionState, State
from permis.models import Application, PrescribedWork
from permis.models.journal import Event
from workflows import conditions, flows
from workflows.actions import danger
from workflows.actions.appointments import cancel_visit, plan_visit
from workflows.actions.appointments import locked as _locked
from workflows.guards import require, require_permission

# An appointment opens the inspection: its actions are called by either name.
__all__ = [
    "all_works_met", "cancel_visit", "plan_visit", "prove_work", "record_access_refused", "record_no_show", "record_visit",
    "settle_work", "tell_of_unusable_proof", "waive_visit",
]  # fmt: skip


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
    application, visit = _locked(visit)
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
        application, Event.VISIT_DONE, by=by, on=_day(visit), visit=visit.pk, conclusion=conclusion, findings=len(findings)
    )
    danger.alert(application, visit, found, by=by, on=on)
    flows.advance(application)
    return visit


def keep_findings(visit: Visit, findings: Sequence[dict[str, Any]]) -> list[Finding]:
    """Keep what was found at a visit; the works of a point of the grid are as quick as it says, unless told otherwise."""
    followed = grid.followed_by(visit)
    quick = {item.code for section in followed.sections for item in section.items if item.quick}
    return Finding.objects.bulk_create(
        Finding(visit=visit, position=place, **{"quick": each.get("code") in quick, **each})
        for place, each in enumerate(findings)
    )


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


@transaction.atomic
def prove_work(work: PrescribedWork, *, proofs: Sequence[str], by: User, on: date) -> PrescribedWork:
    """Recevoir la preuve de travaux prescrits : les empreintes des fichiers envoyés."""
    application, work = _locked_work(work)
    require(work.receive_proof, by)
    work.receive_proof()
    work.save()
    journal.record(application, Event.WORKS_PROVED, by=by, on=on, work=work.pk, files=list(proofs))
    outbox.enqueue(Kind.WORKS_PROVED, application=application, on=on, work=work)
    flows.advance(application)
    return work


@transaction.atomic
def tell_of_unusable_proof(file: StoredFile, *, on: date) -> None:
    """Dire au bailleur qu’une preuve ne s’ouvre pas ; des travaux dont aucune preuve ne s’ouvre restent à prouver."""
    application = Application.objects.locked().get(pk=file.application_id)
    if application.state != State.GRANTED_CONDITIONAL:
        return
    if application.journal.filter(event=Event.FILE_UNUSABLE, facts__file=file.pk).exists():
        return  # said already: a job may be done twice
    concerned = [each for each in conditions.of(application) if file.sha256 in {proof.sha256 for proof in each.proofs}]
    if not concerned:
        return
    for each in concerned:
        if each.has_nothing_to_look_at:
            each.work.lose_proof()
            each.work.save()
    journal.record(application, Event.FILE_UNUSABLE, on=on, file=file.pk, reason=file.problem)
    pieces = [f"Preuve des travaux – {each.work.place}" for each in concerned]
    outbox.enqueue(
        Kind.FILE_UNUSABLE, application=application, on=on, once=str(file.pk), pieces=pieces, name=file.name, reason=file.problem
    )
    flows.advance(application)


@transaction.atomic
def settle_work(work: PrescribedWork, *, met: bool, by: User, on: date) -> PrescribedWork:
    """Dire si des travaux prescrits sont faits."""
    application, work = _locked_work(work)
    transition = work.meet if met else work.leave_unmet
    require(transition, by)
    transition(on=on)
    work.save()
    journal.record(application, Event.WORKS_SETTLED, by=by, on=on, work=work.pk, state=work.state)
    flows.advance(application)
    return work


def all_works_met(application: Application) -> bool:
    """Whether nothing stands any more between a conditional permit and its lifting."""
    return not PrescribedWork.objects.filter(decision__application=application).exclude(state=ConditionState.MET).exists()


def _locked_work(work: PrescribedWork) -> tuple[Application, PrescribedWork]:
    application = Application.objects.locked().get(decision__works=work)
    if application.state != State.GRANTED_CONDITIONAL:
        raise guards.WrongState
    return application, PrescribedWork.objects.select_related("decision__application").get(pk=work.pk)


def _require_its_day(visit: Visit, on: date) -> None:
    if _day(visit) > on:
        raise VisitToCome


def _day(visit: Visit) -> date:
    return visit.application.authority.local(visit.starts_at).date()
