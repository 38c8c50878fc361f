"""After every verb, the open human tasks are exactly those that the state calls for: random walks through the actions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django_fsm import TransitionNotAllowed
from viewflow.workflow.models import Task

from accounts.enums import Role
from documents.receiving import FileRefused
from inspections.enums import Severity
from permis import guards, journal, visas
from permis.correction import Correctable
from permis.enums import ConditionMode, Ground, Means, Outcome, PieceKind
from permis.litigation import Judgment
from permis.models import Application, RuleChange
from permis.rules import Rule
from territories.models import Authority, Commune
from tests import factories
from tests.workflows.test_actions import DEPOSIT, WORK
from workflows import flows, projection
from workflows.actions import (
    appointments,
    clock,
    completeness,
    corrections,
    court,
    decision,
    gathering,
    inspection,
    intake,
    notification,
    staffing,
    works,
)
from workflows.actions.visas import vise
from workflows.guards import TaskGone
from workflows.presentation import Badge, ClockChip
from workflows.worklists import rows
from workflows.worklists.filters import Filters

pytestmark = pytest.mark.django_db
# What an action may answer to a verb that the state or the law does not allow.
REFUSALS = (
    TransitionNotAllowed, TaskGone, guards.Refusal, completeness.PiecesMissing, completeness.NothingRequired, completeness.AnswerTooSoon,
    decision.WorksNotMet, decision.ProofInTheFuture, FileRefused, Application.decision.RelatedObjectDoesNotExist, ValidationError,
)  # fmt: skip
STEPS, WALKS = 35, 40


class Walk:
    """A case, the person who does everything on it, and the day it is; in a commune of an authority of its own unless one is given."""

    def __init__(self, seed: int, place: tuple[Authority, Commune] | None = None) -> None:
        self.random, self.day, self.files = Random(seed), DEPOSIT, 0
        self.authority = place[0] if place else factories.AuthorityFactory()
        roles = (Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER, Role.LEGAL)
        self.staff = factories.member(self.authority, *roles)
        self.other = factories.member(self.authority, Role.MANAGER)
        if place is None:
            RuleChange.objects.create(authority=self.authority, rule=Rule.VISAS, value=seed % 3, since=DEPOSIT, by=self.staff)
        draft = factories.ApplicationFactory(authority=self.authority, **({"commune": place[1]} if place else {}))
        upload = factories.upload()
        gathering.add_piece(draft, kinds=[PieceKind.DPE], upload=upload, by=draft.applicant, on=DEPOSIT)
        self.case = intake.submit(draft, by=draft.applicant, on=DEPOSIT)
        self.now: dict[str, Any] = {"by": self.staff, "on": self.day}

    def step(self) -> str:
        """One verb drawn at random; what the law refuses changes nothing."""
        self.day += timedelta(days=self.random.choice([0, 0, 0, 1, 5]))
        self.now = {"by": self.staff, "on": self.day}
        self.case = Application.objects.get(pk=self.case.pk)
        verb = self.random.choices(list(VERBS), VERBS.values())[0]
        try:
            verb(self)
        except REFUSALS:
            return f"{verb.__name__} (refused)"
        return verb.__name__

    def give_pieces(self) -> None:
        self.files += 1
        upload = factories.upload(b"%PDF-" + str(self.files).encode())
        gathering.add_piece(self.case, kinds=[PieceKind.DPE], upload=upload, **self.now)

    def declare_complete(self) -> None:
        completeness.declare_complete(self.case, **self.now)

    def request_missing(self) -> None:
        completeness.request_missing(self.case, kinds=[PieceKind.DPE], respond_by=self.day + timedelta(20), **self.now)

    def remind(self) -> None:
        completeness.remind(self.case, **self.now)

    def close(self) -> None:
        completeness.close_incomplete(self.case, **self.now)

    def withdraw(self) -> None:
        if self.random.random() < 0.1:
            intake.withdraw(self.case, by=self.case.applicant, on=self.day)

    def plan_visit(self) -> None:
        start = datetime.combine(self.day, datetime.min.time(), tzinfo=UTC) + timedelta(days=1, hours=9)
        appointments.plan_visit(self.case, inspector=self.staff, starts_at=start, ends_at=start + timedelta(hours=1), **self.now)

    def end_visit(self) -> None:
        visit = self.case.visits.filter(state="planned").first()
        if visit is None:
            return
        ends: list[Callable[..., Any]] = [inspection.record_no_show, inspection.record_access_refused, appointments.cancel_visit]
        if self.random.random() < 0.6:
            severity = self.random.choice(list(Severity))
            seen = [{"place": "Séjour", "description": "Prise descellée", "severity": severity, "work": "Remplacer"}]
            inspection.record_visit(visit, conclusion="reserves", findings=seen, **self.now)
        else:
            self.random.choice(ends)(visit, **self.now)

    def give(self) -> None:
        """To oneself, to a colleague who may be away, or to nobody."""
        completeness.assign(self.case, officer=self.random.choice([self.staff, self.other, None]), **self.now)

    def go_away(self) -> None:
        until = self.day + timedelta(days=self.random.choice([0, 3, 9]))
        staffing.declare_absence(
            self.authority, user=self.staff, replacement=self.other, starts_on=self.day, ends_on=until, **self.now
        )

    def waive_visit(self) -> None:
        inspection.waive_visit(self.case, reason="Connu du service", **self.now)

    def propose(self) -> None:
        outcome = self.random.choice(list(Outcome))
        adverse = outcome != Outcome.GRANTED
        decision.propose_decision(
            self.case,
            outcome=outcome,
            mode=ConditionMode.PRIOR if outcome == Outcome.CONDITIONAL else "",
            grounds=[Ground.DECENCY] if adverse else [],
            works=[WORK | {"evidence": "Photographie"}] if adverse else [],
            **self.now,
        )

    def vise(self) -> None:
        by = self.random.choice([self.staff, self.other])
        vise(self.case, seen=visas.fingerprint(self.case.decision), by=by, on=self.day)

    def send_back(self) -> None:
        decision.send_back(self.case, reason="À revoir", **self.now)

    def sign(self) -> None:
        decision.sign(self.case, act=decision.preview(self.case, **self.now), **self.now)

    def notify(self) -> None:
        notification.notify(self.case, means=Means.HAND, notified_on=self.day, recipient="Mme Duprat", **self.now)

    def settle_work(self) -> None:
        work = self.case.decision.works.first()
        if work is not None:
            works.settle_work(work, met=self.random.random() < 0.7, **self.now)

    def lift(self) -> None:
        decision.lift_conditions(self.case, **self.now)

    def judge(self) -> None:
        """Somebody goes to court, and wins: the case may have to be decided again."""
        known = {"author": "Mme Duprat", "court_name": "tribunal", "court_number": "1"}
        appeal = court.seize(self.case, received_on=self.day, **known, **self.now)
        judgment = self.random.choice([Judgment.DISMISSED, Judgment.ANNULLED, *[Judgment.ANNULLED_REEXAMINE] * 3])
        court.judge(
            appeal, judgment=judgment, judged_on=self.day, notified_on=self.day, judgment_sha256="a" * 64,
            reexamine_within_days=30, **self.now,
        )  # fmt: skip

    def let_the_clock_run(self) -> None:
        staffing.run(self.authority, on=self.day)
        clock.run(self.authority, on=self.day)

    def correct(self) -> None:
        to = self.case.received_on + timedelta(days=self.random.choice([-1, 1]))
        corrections.correct_date(self.case, which=Correctable.RECEPTION, to=to, reason="Tampon", **self.now)


# How often each verb is drawn: those that lead forward more than those that stop a case.
VERBS = {
    Walk.give_pieces: 2, Walk.declare_complete: 4, Walk.request_missing: 1, Walk.remind: 1, Walk.close: 1, Walk.withdraw: 1,
    Walk.plan_visit: 3, Walk.end_visit: 4, Walk.waive_visit: 2, Walk.propose: 6, Walk.vise: 6, Walk.send_back: 1, Walk.sign: 8, Walk.notify: 8,
    Walk.settle_work: 6, Walk.lift: 6, Walk.judge: 3, Walk.let_the_clock_run: 1, Walk.correct: 1, Walk.give: 2, Walk.go_away: 1,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(WALKS))
def test_open_tasks_are_those_that_the_state_calls_for(seed):
    walk, done = Walk(seed), []
    for _ in range(STEPS):
        done.append(walk.step())
        case = Application.objects.get(pk=walk.case.pk)
        tasks = Task.objects.filter(process=case.process, flow_task_type="HUMAN", status__in=flows.OPEN)
        assert sorted(task.flow_task.name for task in tasks) == sorted(flows.calls_for(case)), done
        assert set(case.work_items.values_list("task", flat=True)) == {task.pk for task in tasks}, done
        for item in case.work_items.all():
            told = projection.of(case) | {"role": flows.ROLES[item.node], "owner_id": projection.owner(case, item.node)}
            assert {name: getattr(item, name) for name in told} == told, done
        for row in rows.page(walk.staff, Filters(), today=walk.day).rows:
            # Read from the row alone, a list says what the case itself says.
            item = case.work_items.get(pk=row.pk)
            term = item.legal_date if item.node == "check_works" else None
            chip = ClockChip.of_works(term, today=walk.day) if term else ClockChip.of(case, today=walk.day)
            assert (row.chip, row.badge) == (chip, Badge.of_case(case)), done
            assert (row.place, row.lessor) == (case.dwelling.street_line, case.lessors.order_by("position").first().name), done
        assert (case.process.finished is None) == bool(flows.calls_for(case)), done
    assert list(journal.faults(case)) == []


def test_the_names_of_the_tasks_are_kept():
    """They are stored with the tasks: renaming one needs a data migration."""
    assert set(flows.ROLES) == {
        "check_pieces", "provide_pieces", "check_answer", "plan_visit", "visit_dwelling", "draft_decision", "visa_decision", "sign_decision", "notify_decision",
        "check_works", "lift_conditions",
    }  # fmt: skip
    assert all(getattr(flows.PermisFlow.instance, name).task_type == "HUMAN" for name in flows.ROLES)
