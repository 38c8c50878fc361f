"""The law as a table: which verb may proceed from which state, and who it is for."""

import ast
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from django.db.models import DateField, Value
from django_fsm import can_proceed

from inspections.models import Visit
from permis import guards, permissions
from permis.enums import ConditionMode, Outcome, State
from permis.models import Appeal, Application, PrescribedWork
from permis.models.afterlife import FOLLOWS_WORKS
from territories.enums import Regime

ROOT = Path(__file__).parents[2]
LAW = {
    (State.DRAFT, "submit"),
    (State.SUBMITTED, "receive_forwarded"),
    (State.SUBMITTED, "set_out_of_scope"),
    (State.SUBMITTED, "declare_complete"),
    (State.SUBMITTED, "request_missing"),
    (State.SUBMITTED, "withdraw"),
    (State.SUBMITTED, "grant_tacitly"),
    (State.INCOMPLETE, "complete"),
    (State.INCOMPLETE, "remind"),
    (State.INCOMPLETE, "close_incomplete"),
    (State.INCOMPLETE, "withdraw"),
    (State.UNDER_REVIEW, "request_missing"),
    (State.UNDER_REVIEW, "withdraw"),
    (State.UNDER_REVIEW, "propose_decision"),
    (State.UNDER_REVIEW, "grant_tacitly"),
    (State.AWAITING_DECISION, "propose_decision"),
    (State.AWAITING_DECISION, "send_back"),
    (State.AWAITING_DECISION, "sign"),
    (State.AWAITING_DECISION, "withdraw"),
    (State.AWAITING_DECISION, "grant_tacitly"),
    (State.DECISION_SIGNED, "make_available"),
    (State.DECISION_SIGNED, "notify"),
    (State.DECISION_SIGNED, "withdraw"),
    (State.DECISION_SIGNED, "grant_tacitly"),
    (State.GRANTED, "revoke"),
    (State.GRANTED, "lapse"),
    (State.GRANTED_CONDITIONAL, "revoke"),
    (State.GRANTED_CONDITIONAL, "lapse"),
    (State.GRANTED_CONDITIONAL, "lift_conditions"),
    (State.GRANTED, "declare_lease"),
    (State.GRANTED_CONDITIONAL, "declare_lease"),
    (State.GRANTED_CONDITIONAL, "repeal"),
    (State.GRANTED_CONDITIONAL, "decide_appeal"),
    (State.GRANTED_TACIT, "declare_lease"),
    (State.LAPSED, "declare_lease"),
    (State.REFUSED, "decide_appeal"),
    (State.GRANTED, "annul"),
    (State.GRANTED_CONDITIONAL, "annul"),
    (State.GRANTED_TACIT, "annul"),
    (State.REFUSED, "annul"),
    (State.CLOSED_INCOMPLETE, "annul"),
    (State.USED, "annul"),
    (State.REVOKED, "annul"),
    (State.REPEALED, "annul"),
    (State.ANNULLED, "reopen"),
    (State.REFUSED, "reopen"),
    (State.GRANTED_CONDITIONAL, "reopen"),
    (State.CLOSED_INCOMPLETE, "reopen"),
    (State.CLOSED_INCOMPLETE, "resume"),
    (State.REVOKED, "restore"),
    (State.REPEALED, "restore"),
    (State.GRANTED, "end_again"),
    (State.GRANTED_CONDITIONAL, "end_again"),
    (State.GRANTED_TACIT, "end_again"),
    (State.GRANTED_TACIT, "notify"),
    (State.GRANTED_TACIT, "revoke"),
    (State.GRANTED_TACIT, "lapse"),
} | {(state, "correct_date") for state in (*State.open(), *State.authorising(), State.REFUSED)}
# A declaration is received, completed and acknowledged; nobody decides it.
DECLARATION = {
    (State.DRAFT, "submit"),
    (State.SUBMITTED, "receive_forwarded"),
    (State.SUBMITTED, "set_out_of_scope"),
    (State.SUBMITTED, "request_missing"),
    (State.SUBMITTED, "give_receipt"),
    (State.SUBMITTED, "withdraw"),
    (State.SUBMITTED, "correct_date"),
    (State.INCOMPLETE, "remind"),
    (State.INCOMPLETE, "give_receipt"),
    (State.INCOMPLETE, "receive_answer"),
    (State.INCOMPLETE, "ask_again"),
    (State.INCOMPLETE, "withdraw"),
    (State.INCOMPLETE, "expire"),
    (State.INCOMPLETE, "correct_date"),
    (State.RECEIPTED, "correct_date"),
}


def transitions(model):
    return list(model._meta.get_field("state").get_all_transitions(model))


@pytest.mark.parametrize(("regime", "law"), [(Regime.APML, LAW), (Regime.DML, DECLARATION)])
def test_transition_table(regime, law):
    names = {transition.name for transition in transitions(Application)}
    states = State.of(regime)
    assert {(s, n) for s in states for n in names if can_proceed(getattr(Application(regime=regime, state=s), n))} == law


@pytest.mark.parametrize("model", [Application, Appeal, PrescribedWork, Visit])
def test_every_transition_names_who_may_do_it(model):
    assert all(transition.permission is not None for transition in transitions(model))


def test_the_clock_is_nobody_s():
    for transition in transitions(Application):
        if transition.name in ("grant_tacitly", "lapse", "expire", "end_again"):
            assert transition.permission is permissions.nobody


def test_nothing_goes_around_the_transitions():
    """No `.update(state=…)` anywhere outside the tests."""
    for path in ROOT.glob("*/**/*.py"):
        if path.relative_to(ROOT).parts[0] in ("tests", ".venv", "node_modules"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
                assert "state" not in {keyword.arg for keyword in node.keywords}, path


def case(state, **fields):
    return Application(state=state, tacit_on=date(2025, 4, 3), clock_started_on=date(2025, 3, 3), **fields)


@pytest.mark.parametrize(
    ("state", "verb", "arguments"),
    [
        (State.SUBMITTED, "declare_complete", {}),
        (State.SUBMITTED, "set_out_of_scope", {}),
        (State.UNDER_REVIEW, "request_missing", {"respond_by": date(2025, 5, 5)}),
        (State.UNDER_REVIEW, "propose_decision", {}),
        (State.AWAITING_DECISION, "sign", {"outcome": Outcome.GRANTED}),
        (State.AWAITING_DECISION, "send_back", {}),
    ],
)
def test_the_last_day_is_in_time_and_the_next_is_not(state, verb, arguments):
    getattr(case(state), verb)(on=date(2025, 4, 3), **arguments)
    with pytest.raises(guards.TooLate):
        getattr(case(state), verb)(on=date(2025, 4, 4), **arguments)


def test_a_notification_cannot_precede_the_signature():
    signed = case(State.DECISION_SIGNED, signed_on=date(2025, 3, 20), outcome=Outcome.GRANTED)
    with pytest.raises(guards.NotSigned):
        signed.notify(on=date(2025, 3, 19))


def test_silence_remembers_where_the_case_stood():
    silent = case(State.UNDER_REVIEW)
    silent.grant_tacitly(on=date(2025, 4, 4))
    assert (silent.state, silent.state_before_silence, silent.valid_until) == (
        State.GRANTED_TACIT, State.UNDER_REVIEW, date(2027, 4, 3),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "arguments", "refusal"),
    [
        (date(2025, 7, 20), {"adversarial": True}, None),
        (date(2025, 7, 21), {"adversarial": True}, guards.TooLate),
        (date(2025, 7, 20), {"adversarial": False}, guards.NotAdversarial),
        (date(2026, 7, 21), {"adversarial": True, "fraud": True}, None),
    ],
)
def test_revocation_takes_four_months_and_a_hearing(on, arguments, refusal):
    granted = case(State.GRANTED, signed_on=date(2025, 3, 20), notified_on=date(2025, 3, 22))
    if refusal is None:
        granted.revoke(on=on, **arguments)
        assert granted.state == State.REVOKED
    else:
        with pytest.raises(refusal):
            granted.revoke(on=on, **arguments)


@pytest.mark.django_db
def test_a_query_and_a_row_say_alike_whether_works_are_followed():
    wrong = []
    for state, outcome, mode, lifted_on in product(State, ["", *Outcome], ["", *ConditionMode], [None, date(2026, 3, 12)]):
        said = {"state": state, "outcome": outcome, "mode": mode, "lifted_on": lifted_on}
        asked = said | {"lifted_on": Value(lifted_on, output_field=DateField())}
        if FOLLOWS_WORKS.check(asked) != Application(**said).follows_works:
            wrong.append(said)
    assert wrong == []
