"""Random histories of one case by four people, with crashes: nothing half done, the journal whole, the state always a path of the law."""

from random import Random
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django_fsm import RETURN_VALUE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from viewflow.workflow.models import Task

from accounts.enums import Role
from permis import journal
from permis.enums import State
from permis.models import Application
from tests import factories
from tests.workflows.test_invariant import REFUSALS, VERBS, Walk
from workflows import flows
from workflows.powers import NoSignaturePower
from workflows.statistics import recount, tally

pytestmark = pytest.mark.django_db
STEPS = 18
ACTORS = ((Role.OFFICER,), (Role.INSPECTOR,), (Role.SIGNATORY, Role.LEGAL), (Role.MANAGER, Role.OFFICER))
# What the clock does in one run, or a judgment with what follows from it: no more than so many transitions.
MOST_AT_ONCE = 2


class Crash(Exception):
    """The server dies at the last step of an action."""


class History(Walk):
    """A walk whose verbs fall to four people, each with their own rights."""

    def __init__(self, dice: Random) -> None:
        super().__init__(dice.randrange(100))
        self.random = dice
        self.people = [factories.member(self.authority, *roles) for roles in ACTORS]

    def step(self) -> str:
        self.staff = self.random.choice(self.people)
        try:
            return super().step()
        except (PermissionDenied, NoSignaturePower):
            return "(not theirs)"


def edges():
    """From each state, those that one transition leads to; a correction of dates may lead to any."""
    found = {state.value: set() for state in State}
    for each in Application._meta.get_field("state").get_all_transitions(Application):
        targets = each.target.allowed_states if isinstance(each.target, RETURN_VALUE) else [each.target]
        found[str(each.source)] |= {str(target) for target in targets or State.values}
    return found


def reachable(start, graph):
    seen = {start}
    for _ in range(MOST_AT_ONCE):
        seen |= {target for state in seen for target in graph[state]}
    return seen


def standing(case):
    """All that a step may have changed, as it is stored."""
    fresh = Application.objects.get(pk=case.pk)
    tasks = Task.objects.filter(process=fresh.process, flow_task_type="HUMAN", status__in=flows.OPEN)
    names = sorted(task.flow_task.name for task in tasks)
    return fresh, names, list(fresh.journal.order_by("position").values_list("digest", flat=True))


def crashing(*_args):
    raise Crash


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(dice=st.randoms(use_true_random=False))
def test_every_history_is_a_path_of_the_law_and_a_crash_leaves_nothing(dice):
    with transaction.atomic():
        graph, history = edges(), History(dice)
        after = history.case
        for _ in range(STEPS):
            before, tasks, lines = standing(history.case)
            is_crash = dice.random() < 0.2
            try:
                with transaction.atomic():
                    if is_crash:
                        with patch.object(tally, "keep", crashing):
                            said = history.step()
                    else:
                        said = history.step()
            except (Crash, ExceptionGroup) as died:
                # The clock goes on with the other records, and tells at its end what failed.
                if isinstance(died, ExceptionGroup) and died.split(Crash)[1]:
                    raise
                assert standing(history.case) == (before, tasks, lines)
                continue
            after, tasks, now = standing(history.case)
            assert after.state in reachable(before.state, graph), said
            assert now[: len(lines)] == lines, said
            assert after.state == before.state or len(now) > len(lines), said
            assert tasks == sorted(flows.calls_for(after)), said
        assert list(journal.faults(after)) == []
        assert recount.recount().is_right
        transaction.set_rollback(True)


def test_the_history_knows_every_verb():
    assert len(VERBS) > 15
    assert PermissionDenied not in REFUSALS
