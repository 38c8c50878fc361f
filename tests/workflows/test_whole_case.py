"""What a whole case costs: how many statements each of its actions sends, so that what was won stays won."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from documents import examining
from inspections.enums import Conclusion
from permis.enums import Means, Outcome, PieceKind, State
from permis.models import Application
from tests import factories
from workflows.actions import appointments, completeness, decision, gathering, inspection, intake, notification
from workflows.statistics import recount

pytestmark = pytest.mark.django_db
DEPOSIT, CHECK, VISIT, DRAFT, SIGN, NOTICE = (date(2026, 3, day) for day in (2, 4, 12, 16, 18, 20))
# An ordinary case filed online, granted after one visit; each statement more is half a millisecond of Python, and a way to the database.
BUDGET = {
    "submit": 39,
    "declare_complete": 28,
    "plan_visit": 22,
    "record_visit": 21,
    "propose_decision": 29,
    "sign": 32,
    "notify": 31,
}


def steps(draft: Application, staff: User):
    """The actions of a case, each to be called before the next one is asked for."""
    made = {}
    yield "submit", lambda: intake.submit(draft, by=draft.applicant, on=DEPOSIT)
    yield "declare_complete", lambda: completeness.declare_complete(draft, by=staff, on=CHECK)
    nine, ten = (datetime(2026, 3, 12, hour, tzinfo=UTC) for hour in (9, 10))
    yield (
        "plan_visit",
        lambda: made.update(
            visit=appointments.plan_visit(draft, inspector=staff, starts_at=nine, ends_at=ten, by=staff, on=CHECK, occupied=False)
        ),
    )
    yield (
        "record_visit",
        lambda: inspection.record_visit(made["visit"], conclusion=Conclusion.FAVOURABLE, by=staff, on=VISIT),
    )
    yield "propose_decision", lambda: decision.propose_decision(draft, outcome=Outcome.GRANTED, by=staff, on=DRAFT)
    case = Application.objects.get(pk=draft.pk)
    act = decision.preview(case, by=staff, on=SIGN)
    yield "sign", lambda: decision.sign(case, act=act, by=staff, on=SIGN)
    yield "notify", lambda: notification.notify(case, means=Means.HAND, notified_on=NOTICE, by=staff, on=NOTICE)


@pytest.fixture
def asked():
    """The statements of each action; the savepoints are those of a test inside its own transaction."""
    town = factories.AuthorityFactory()
    draft = factories.ApplicationFactory(authority=town)
    kinds, by = [PieceKind.DPE, PieceKind.ERP], draft.applicant
    gathering.add_piece(draft, kinds=kinds, upload=factories.upload(), by=by, on=DEPOSIT)
    examining.examine(draft.files.select_related("application").get())
    people = factories.member(town, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)
    sent = {}
    for name, step in steps(draft, User.objects.get(pk=people.pk)):
        with CaptureQueriesContext(connection) as captured:
            step()
        sent[name] = [each["sql"] for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert Application.objects.get(pk=draft.pk).state == State.GRANTED
    return sent


def test_each_action_keeps_to_its_budget(asked):
    assert {name: len(statements) for name, statements in asked.items()} == BUDGET


def test_no_action_asks_the_same_thing_twice(asked):
    again = {name: [sql for sql, times in Counter(statements).items() if times > 1] for name, statements in asked.items()}
    found = {name: "".join(statements) for name, statements in again.items() if statements}
    # In what capacity one signs is asked before the seal, which is slow, and again once the case is locked.
    assert found.keys() == {"sign"}
    assert found["sign"].startswith('SELECT DISTINCT "accounts_signaturepower"')


def test_the_figures_of_a_case_led_so_are_right(asked):
    assert list(asked) == list(BUDGET)
    assert recount.recount().is_right
