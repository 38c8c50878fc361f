"""The database of the measures: as consistent as if the actions had led every case there."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from django.urls import reverse
from viewflow.workflow.models import Task

from accounts.enums import Role
from accounts.models import User
from bench.million import loading, plan, territory
from permis import journal, numbering
from permis.enums import State
from permis.models import Application
from permis.search import search_text
from territories.enums import Regime
from territories.models import Commune
from workflows import flows
from workflows.actions import completeness
from workflows.models import WorkItem

CASES, COMMUNES = 2500, 24
# Every state that eight years of permits and declarations leave, but those that a court or a mayor alone gives.
MOST_STATES = {
    State.SUBMITTED, State.INCOMPLETE, State.UNDER_REVIEW, State.AWAITING_DECISION, State.DECISION_SIGNED, State.GRANTED,
    State.GRANTED_CONDITIONAL, State.GRANTED_TACIT, State.REFUSED, State.USED, State.LAPSED, State.WITHDRAWN, State.CLOSED_INCOMPLETE,
    State.OUT_OF_SCOPE, State.RECEIPTED, State.EXPIRED,
}  # fmt: skip


@pytest.fixture
def million(db):
    loading.load(cases=CASES, communes=COMMUNES, seed=7, workers=1, today=date.today(), say=lambda _: None)  # noqa: DTZ011


def open_cases():
    return Application.objects.filter(work_items__isnull=False).distinct().order_by("pk")


@pytest.mark.usefixtures("million")
def test_the_open_tasks_are_those_that_each_case_calls_for():
    wrong = []
    for case in Application.objects.order_by("pk"):
        tasks = Task.objects.filter(process=case.process, flow_task_type="HUMAN", status__in=flows.OPEN)
        wanted = sorted(flows.calls_for(case))
        if sorted(task.flow_task.name for task in tasks) != wanted or (case.process.finished is None) != bool(wanted):
            wrong.append((case.pk, case.state, wanted))
    assert wrong == []
    assert open_cases().count() == pytest.approx(CASES * plan.OPEN_SHARE, abs=5)


@pytest.mark.usefixtures("million")
def test_worklist_rows_are_those_that_the_flow_would_write():
    """Projecting every open case again changes nothing."""
    before = list(WorkItem.objects.order_by("pk").values())
    for case in open_cases():
        flows.advance(case)
    assert list(WorkItem.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("million")
def test_journals_searches_and_addresses_are_sound():
    cases = Application.objects.select_related("dwelling", "commune").order_by("pk")
    assert [fault for case in cases[::10] for fault in journal.faults(case)] == []
    assert [case.pk for case in cases[::10] if case.search != search_text(case)] == []
    assert [case.pk for case in cases[::10] if case.dwelling.address_key != case.dwelling.normalised] == []
    assert set(cases.values_list("state", flat=True)) >= {state.value for state in MOST_STATES}


@pytest.mark.usefixtures("million")
def test_numbers_follow_each_other_and_the_next_one_comes_after():
    numbers = Counter(number.rpartition(" ")[0] for number in Application.objects.values_list("number", flat=True))
    last = {
        number.rpartition(" ")[0]: number for number in Application.objects.order_by("number").values_list("number", flat=True)
    }
    assert [series for series, count in numbers.items() if int(last[series][-5:]) != count] == []
    town = Commune.objects.order_by("-population").first()
    year = date.today().year  # noqa: DTZ011
    series = f"APML {numbering.commune_code(town.insee)} {year % 100:02d}"
    assert numbering.next_number(Regime.APML, town, year) == f"{series} {numbers[series] + 1:05d}"


@pytest.mark.usefixtures("million")
def test_its_pages_open_and_its_cases_go_on(client):
    authority = WorkItem.objects.filter(node="check_pieces", application__regime=Regime.APML).first().authority
    officer = User.objects.filter(memberships__authority=authority, memberships__role=Role.OFFICER).first()
    client.force_login(officer)
    assert client.get(reverse("worklist")).status_code == 200
    # A model without default ordering: one case a state.
    of_each = dict(Application.objects.filter(authority=authority).order_by("pk").values_list("state", "pk"))
    for state, pk in of_each.items():
        assert client.get(reverse("case", args=[pk])).status_code == 200, state
    waiting = open_cases().filter(authority=authority, state=State.SUBMITTED, regime=Regime.APML).first()
    case = completeness.declare_complete(waiting, by=officer, on=authority.today())
    assert case.state == State.UNDER_REVIEW
    assert list(journal.faults(case)) == []


def test_the_same_seed_draws_the_same_plan():
    def drawn():
        return plan.draw_plan(cases=3000, shares=territory.weights(30), today=date(2026, 11, 26), draw=Random(5))

    one, other = drawn(), drawn()
    assert (one.towns, one.ages, one.ranks, one.waits, one.landlords) == (other.towns, other.ages, other.ranks, other.waits, other.landlords)  # fmt: skip
    assert one.ages != plan.draw_plan(cases=3000, shares=territory.weights(30), today=one.today, draw=Random(6)).ages


def test_the_largest_commune_holds_its_share():
    shares = territory.weights(600)
    assert shares[0] == pytest.approx(territory.LARGEST_SHARE, abs=0.001)
    assert sum(shares) == pytest.approx(1)
