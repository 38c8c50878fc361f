"""Two people, or one person and the clock, at the same instant: one wins, the other is told, nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from accounts.enums import Role
from documents.backends import StorageFailed
from inspections import grid
from notifications.models import Message
from permis import guards
from permis.enums import Means, Outcome, PieceKind, State
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.workflows.sending import give
from tests.workflows.test_actions import CHECK, DEPOSIT, NOTICE, VISIT, file, open_tasks, signed, visited
from tests.workflows.walks import Phone
from workflows.actions import clock, completeness, gathering, grid_editions, intake, notification, report

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 8


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """Each call in a thread of its own, all let go together; what became of each."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        barrier.wait()
        try:
            call()
        except (TransitionNotAllowed, ConcurrentTransition, guards.Refusal) as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


@pytest.fixture
def authority():
    return factories.AuthorityFactory()


@pytest.fixture
def staff(authority):
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def draft(authority):
    return factories.ApplicationFactory(authority=authority)


def test_eight_clicks_deposit_once(draft):
    results = at_once(*[lambda: intake.submit(draft, by=draft.applicant, on=DEPOSIT)] * CLIENTS)
    case = Application.objects.get()
    assert results.count("done") == 1
    assert case.number.endswith("00001")
    assert case.journal.filter(event=Event.SUBMITTED).count() == 1
    assert case.acts.count() == 1


def test_eight_officers_declare_complete_once(draft, staff):
    case = file(draft)
    results = at_once(*[lambda: completeness.declare_complete(case, by=staff, on=CHECK)] * CLIENTS)
    assert results.count("done") == 1
    assert case.journal.filter(event=Event.COMPLETE).count() == 1
    assert open_tasks(case) == {"check_answer", "plan_visit"}


def test_eight_deposits_in_one_commune_have_eight_numbers_without_a_gap(authority):
    commune = factories.CommuneFactory(epci_siren=authority.siren)
    drafts = [factories.ApplicationFactory(authority=authority, commune=commune) for _ in range(CLIENTS)]
    results = at_once(*[lambda draft=draft: intake.submit(draft, by=draft.applicant, on=DEPOSIT) for draft in drafts])
    assert results == ["done"] * CLIENTS
    numbers = sorted(int(number[-5:]) for number in Application.objects.values_list("number", flat=True))
    assert numbers == list(range(1, CLIENTS + 1))


@pytest.mark.parametrize("late", [False, True])
def test_notification_and_silence_are_decided_by_the_date_of_notification(draft, staff, late):
    """Whoever comes first, a proof dated in time stands and a proof dated after the last day does not."""
    case = signed(draft, staff, Outcome.GRANTED)
    notified_on = date(2026, 4, 3) if late else NOTICE
    after = date(2026, 4, 6)
    at_once(
        lambda: clock.grant_tacitly(case, on=after),
        lambda: notification.notify(case, means=Means.HAND, notified_on=notified_on, recipient="Mme Duprat", by=staff, on=after),
    )
    case = Application.objects.get()
    assert case.state == (State.GRANTED_TACIT if late else State.GRANTED)
    assert case.notified_on == (None if late else NOTICE)
    assert Message.objects.filter(kind="decision_notified").count() == (0 if late else 2)
    assert open_tasks(case) == set()


def test_diagnostics_are_taken_again_once(authority):
    earlier = factories.ApplicationFactory(authority=authority)
    give(earlier, established_on=date(2024, 3, 12))
    intake.submit(earlier, by=earlier.applicant, on=authority.today())
    same = {name: getattr(earlier, name) for name in ("authority", "commune", "applicant")}
    case = factories.ApplicationFactory(**same)

    def take():
        try:
            gathering.take_again(case, kinds=[PieceKind.DPE], by=earlier.applicant, on=authority.today())
        except (gathering.NotReusable, StorageFailed) as refusal:
            raise guards.Refusal(str(refusal)) from None

    outcomes = at_once(*[take] * CLIENTS)

    assert outcomes.count("done") == 1
    assert (case.pieces.count(), case.files.count()) == (1, 1)


def test_eight_clicks_establish_one_report(draft, staff):
    visit = visited(draft, staff).visits.get()
    results = at_once(*[lambda: report.establish(visit, conclusion="reserves", by=staff, on=VISIT)] * CLIENTS)
    assert sorted(set(results)) == ["AlreadyEstablished", "done"]
    assert results.count("done") == 1
    assert visit.reports.get().number == 1
    assert visit.application.acts.filter(kind="visit_report").count() == 1


def test_eight_people_settle_a_conflict_once(draft, staff):
    visit = visited(draft, staff).visits.get()
    first = Phone(visit, staff).answer("A01")
    other = Phone(visit, staff).answer("A01", "non_conform", against=first)
    keep = [first.pk, other.pk] * (CLIENTS // 2)
    results = at_once(*[lambda pk=pk: report.settle_conflict(visit, keep=pk, by=staff, on=VISIT) for pk in keep])
    assert results.count("done") == 1
    assert results.count("ConflictGone") == CLIENTS - 1
    assert list(visit.entries.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_two_administrators_complete_the_grid_at_once_and_neither_is_lost(authority):
    admin = factories.member(authority, Role.ADMINISTRATOR)
    codes = [f"X{place:02}" for place in range(1, CLIENTS + 1)]
    calls = [lambda code=code: grid_editions.add_item(authority, code=code, by=admin, **factories.own_item()) for code in codes]
    assert at_once(*calls) == ["done"] * CLIENTS
    assert sorted(authority.grid_editions.values_list("number", flat=True)) == list(range(1, CLIENTS + 1))
    assert sorted(each["code"] for each in grid.edition_of(authority).added) == codes
