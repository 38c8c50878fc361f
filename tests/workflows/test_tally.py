"""The figures are what the cases say: after every verb, whatever was rolled back, folded or handed over meanwhile."""

from datetime import timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from permis.enums import ConditionMode, State
from tests import factories
from tests.workflows.test_actions import DEPOSIT, file
from tests.workflows.test_invariant import Walk
from tests.workflows.test_leases import conditional
from tests.workflows.test_rights import STAFF
from workflows.actions import clock, completeness, intake
from workflows.models import CaseTally, Tally
from workflows.statistics import recount, tally
from workflows.statistics.measures import Measure

pytestmark = pytest.mark.django_db
WALKS, STEPS = 12, 30


class Undone(Exception):
    pass


def counted(measure, **conditions):
    return dict(
        Tally.objects.filter(measure=measure, **conditions)
        .values_list("key")
        .annotate(total=Sum("n"))
        .exclude(total=0)
        .order_by("key")
    )


@pytest.mark.parametrize("seed", range(WALKS))
def test_after_every_verb_the_figures_are_those_of_a_recount(seed):
    walk, dice = Walk(seed), Random(seed)
    for _ in range(STEPS):
        try:
            with transaction.atomic():
                said = walk.step()
                if dice.random() < 0.2:
                    raise Undone
        except Undone:
            said += " (rolled back)"
        if dice.random() < 0.2:
            tally.fold()
        found = recount.recount()
        assert found.is_right, f"{said}: {found}"
    assert found.cases == 1


def test_a_deposit_is_counted_in_its_month_its_state_and_its_term():
    case = file(factories.ApplicationFactory(), on=DEPOSIT)
    assert counted(Measure.RECEIVED, day=DEPOSIT.replace(day=1)) == {"online": 1}
    assert counted(Measure.STATE) == {State.SUBMITTED: 1}
    assert counted(Measure.OPEN, day=case.tacit_on) == {State.SUBMITTED: 1}
    assert counted(Measure.COMPLETE) == {"0": 1}


def test_a_draft_is_not_counted():
    factories.ApplicationFactory()
    assert not Tally.objects.exists()
    assert recount.recount().cases == 0


def test_what_is_undone_leaves_no_figure():
    case = file(factories.ApplicationFactory(), on=DEPOSIT)
    with transaction.atomic():
        intake.withdraw(case, by=case.applicant, on=DEPOSIT)
        assert counted(Measure.ENDED) == {State.WITHDRAWN: 1}
        transaction.set_rollback(True)
    assert counted(Measure.ENDED) == {}


def test_folding_keeps_every_sum_and_one_row_a_line():
    authority = factories.AuthorityFactory()
    officer = factories.member(authority, Role.OFFICER)
    for _ in range(3):
        case = file(factories.ApplicationFactory(authority=authority), on=DEPOSIT)
        completeness.declare_complete(case, by=officer, on=DEPOSIT)
    before = counted(Measure.STATE), counted(Measure.OPEN)
    assert tally.fold() > 0
    assert (counted(Measure.STATE), counted(Measure.OPEN)) == before == ({State.UNDER_REVIEW: 3}, {State.UNDER_REVIEW: 3})
    assert not Tally.objects.filter(folded=False).exists()
    assert not Tally.objects.filter(n=0).exists()
    assert tally.fold() == 0


def test_a_case_passed_to_another_authority_takes_its_figures_along():
    case = file(factories.ApplicationFactory(), on=DEPOSIT)
    other = factories.AuthorityFactory()
    former = case.authority_id
    case.hand_over(other)
    case.save()
    tally.keep(case)
    assert counted(Measure.STATE, authority=former) == {}
    assert counted(Measure.STATE, authority=other) == {State.SUBMITTED: 1}


def test_one_query_is_asked_where_nothing_is_counted_anew():
    case = file(factories.ApplicationFactory(), on=DEPOSIT)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        tally.keep(case)
    assert len(asked) == 1


def test_a_figure_that_was_touched_is_found_and_mended():
    case = file(factories.ApplicationFactory(), on=DEPOSIT)
    Tally.objects.filter(measure=Measure.STATE).update(n=7)
    found = recount.recount()
    assert list(found.wrong.values()) == [(7, 1)]
    CaseTally.objects.filter(application=case).delete()
    assert recount.recount().stale == [case.pk]
    assert recount.mend() == 1
    assert recount.recount().is_right


@pytest.mark.django_db(transaction=True)
def test_the_command_proves_or_mends(capsys):
    file(factories.ApplicationFactory(), on=DEPOSIT)
    call_command("recount")
    assert "1 dossiers recomptés, 0 écarts." in capsys.readouterr().out
    Tally.objects.filter(measure=Measure.STATE).update(n=2)
    with pytest.raises(CommandError, match="--mend"):
        call_command("recount")
    assert "state" in capsys.readouterr().err
    call_command("recount", "--mend")
    call_command("recount")


def due(authority):
    return sum(Tally.objects.filter(authority=authority, measure=Measure.WORKS_DUE).values_list("n", flat=True))


def test_works_are_late_only_while_the_permit_waits_for_them():
    """A permit that lapsed has nothing left to do, and the list no task for it."""
    town = factories.AuthorityFactory()
    boss = factories.member(town, *STAFF)
    draft = factories.ApplicationFactory(authority=town, zoned=True)
    case = conditional(draft, boss, ConditionMode.DEFERRED)
    assert due(town) == 1
    clock.lapse(case, on=case.valid_until + timedelta(1))
    assert due(town) == 0
    assert recount.recount().is_right
