"""The works that a conditional permit prescribes: proved, looked at again, reminded of, settled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import models, transaction

from accounts.models import User
from documents.models import StoredFile
from inspections.enums import Purpose
from inspections.models import Visit
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal
from permis.alarms import Alarm
from permis.enums import ConditionState
from permis.models import Application, PrescribedWork
from permis.models.journal import Event
from workflows import conditions, flows
from workflows.actions import owed
from workflows.actions.appointments import plan_visit
from workflows.guards import require


class NothingToSee(guards.Refusal):
    code = "no_works"
    message = "Choisissez au moins un des travaux qui restent à constater."


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
    application = Application.objects.locked().get(pk=file.case.pk)
    if not application.follows_works:
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
    _settle(application, work, met=met, by=by, on=on)
    flows.advance(application)
    return work


def all_works_met(application: Application) -> bool:
    """Whether nothing stands any more between a conditional permit and its lifting."""
    return not to_settle(application).exists()


@transaction.atomic
def settle_works(application: Application, *, results: Mapping[int, bool], by: User, on: date) -> list[PrescribedWork]:
    """Dire en une fois de chacun de ces travaux s’il est fait : ce qu’une contre-visite permet. Raises NothingToSee.

    ``results`` names the works by their keys; those settled the same way meanwhile are left as they are.
    """
    application = Application.objects.locked().get(pk=application.pk)
    if not application.follows_works:
        raise guards.WrongState
    works = to_settle(application).filter(pk__in=results)
    if not works:
        raise NothingToSee
    done = []
    for work in works:
        if not results[work.pk] and work.state == ConditionState.UNMET:
            continue
        done.append(_settle(application, work, met=results[work.pk], by=by, on=on))
    flows.advance(application)
    return done


@transaction.atomic
def order_counter_visit(
    application: Application,
    *,
    works: Collection[PrescribedWork],
    by: User,
    on: date,
    instructions: str = "",
    **appointment: Any,
) -> Visit:
    """Ordonner une contre-visite qui ne regarde que ces travaux. Raises NothingToSee, and what `plan_visit` refuses."""
    application = Application.objects.locked().get(pk=application.pk)
    chosen = list(to_settle(application).filter(pk__in=[work.pk for work in works]))
    if not application.follows_works or not chosen:
        raise NothingToSee
    listed = "\n".join(f"- {work.place} : {work.work}" for work in chosen)
    visit = plan_visit(
        application,
        by=by,
        on=on,
        purpose=Purpose.COUNTER,
        instructions=f"La contre-visite ne regarde que ces travaux :\n\n{listed}\n\n{instructions}".strip(),
        **appointment,
    )
    visit.works.set(chosen)
    # An item off the grid has no code: one of them is enough for nothing to be left out of sight.
    codes = {work.code for work in chosen}
    visit.scope_codes = [] if "" in codes else sorted(codes)
    visit.save(update_fields=["scope_codes"])
    journal.record(application, Event.COUNTER_VISIT_ORDERED, by=by, on=on, visit=visit.pk, works=[work.pk for work in chosen])
    return visit


@transaction.atomic
def remind(application: Application, *, on: date) -> int:
    """Rappeler les travaux au bailleur trente puis sept jours avant leur terme, et une fois le terme passé ; alors au service aussi.

    Each step once for the works of one day, whatever runs again; a step that was over when the decision was notified is not due.
    Works that nobody follows any more are not looked at again.
    """
    application = Application.objects.locked().get(pk=application.pk)
    done = 0
    works = to_settle(application).filter(due_on__isnull=False).order_by("due_on", "position")
    for due_on, together in groupby(works, key=lambda work: work.due_on):
        assert due_on is not None  # the query says so
        group = list(together)
        steps = _steps(application, due_on)
        reached = None
        for work in group:
            reached = owed.step(work, Alarm.WORKS, steps, on=on)
        if reached is None or journal.is_told(application, Event.WORKS_REMINDED, due_on=due_on, step=reached):
            continue
        done += _remind(application, group, due_on=due_on, step=reached, on=on)
    return done


def _steps(application: Application, due_on: date) -> list[date]:
    """The reminders of a term that this case calls for."""
    if not application.follows_works or application.notified_on is None:
        return []
    return [day for day in deadlines.works_reminders_on(due_on) if day > application.notified_on]


def _remind(application: Application, works: list[PrescribedWork], *, due_on: date, step: date, on: date) -> int:
    is_over = step > due_on
    journal.record(application, Event.WORKS_REMINDED, on=on, due_on=due_on, step=step, works=[work.pk for work in works])
    awaited = [work for work in works if work.state != ConditionState.PROOF_RECEIVED]
    if awaited:
        outbox.enqueue(Kind.WORKS_REMINDER, application=application, on=on, works=awaited, due_on=due_on, is_over=is_over)
    if is_over:
        outbox.enqueue(Kind.WORKS_OVERDUE, application=application, on=on, works=works, due_on=due_on)
    flows.advance(application)
    return 1


def _remind_of(work: PrescribedWork, *, on: date) -> int:
    """The reminders of the case of these works; the other works of the case find them given."""
    return remind(Application.objects.get(decision__works=work), on=on)


DUTIES = [
    owed.Duty(
        "works reminded",
        lambda day: PrescribedWork.objects.to_remind(day),
        _remind_of,
        authority="decision__application__authority",
    )
]


def to_settle(application: Application) -> models.QuerySet[PrescribedWork]:
    """The prescribed works that nobody found done yet, in their order."""
    works = PrescribedWork.objects.filter(decision__application=application).exclude(state=ConditionState.MET)
    return works.select_related("decision__application").order_by("position")


def _settle(application: Application, work: PrescribedWork, *, met: bool, by: User, on: date) -> PrescribedWork:
    transition = work.meet if met else work.leave_unmet
    require(transition, by)
    transition(on=on)
    work.save()
    journal.record(application, Event.WORKS_SETTLED, by=by, on=on, work=work.pk, state=work.state)
    return work


def _locked_work(work: PrescribedWork) -> tuple[Application, PrescribedWork]:
    application = Application.objects.locked().get(decision__works=work)
    if not application.follows_works:
        raise guards.WrongState
    return application, PrescribedWork.objects.select_related("decision__application").get(pk=work.pk)
