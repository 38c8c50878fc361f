"""The law of sanctions: the machine as a table, the caps, and each refusal with and without its reason."""

from datetime import date
from types import SimpleNamespace

import pytest
from django_fsm import can_proceed

from permis import deadlines, permissions, sanction_guards, sanctions
from permis.breaches import Breach, FindingSource, SanctionState
from permis.enums import State
from permis.models import Sanction
from territories.enums import Regime

S = SanctionState
LAW = {
    (S.CONSTAT, "open_observations"),
    (S.CONSTAT, "close"),
    (S.OBSERVATIONS_OPEN, "receive_letter"),
    (S.OBSERVATIONS_OPEN, "regularise"),
    (S.OBSERVATIONS_OPEN, "move_to_decide"),
    (S.OBSERVATIONS_OPEN, "close"),
    (S.REGULARISED, "fine"),
    (S.REGULARISED, "close"),
    (S.TO_DECIDE, "regularise"),
    (S.TO_DECIDE, "fine"),
    (S.TO_DECIDE, "close"),
    (S.FINED, "notify"),
    (S.FINED, "issue_title"),
    (S.FINED, "contest"),
    (S.FINED, "withdraw"),
    (S.TITLE_ISSUED, "mark_paid"),
    (S.TITLE_ISSUED, "start_recovery"),
    (S.TITLE_ISSUED, "contest"),
    (S.TITLE_ISSUED, "withdraw"),
    (S.RECOVERY, "mark_paid"),
    (S.RECOVERY, "contest"),
    (S.RECOVERY, "withdraw"),
    (S.PAID, "contest"),
    (S.PAID, "withdraw"),
    (S.APPEAL, "uphold"),
    (S.APPEAL, "annul"),
    (S.APPEAL, "withdraw"),
}
RIGHTS = {
    "fine": permissions.can_sign,
    "withdraw": permissions.can_sign,
    "move_to_decide": permissions.nobody,
    **dict.fromkeys(
        ["open_observations", "receive_letter", "regularise", "close", "notify", "issue_title", "mark_paid", "start_recovery",
         "contest", "uphold", "annul"], permissions.can_judge
    ),
}  # fmt: skip


def transitions():
    return list(Sanction._meta.get_field("state").get_all_transitions(Sanction))


def test_transition_table():
    names = {transition.name for transition in transitions()}
    assert {(s, n) for s in S for n in names if can_proceed(getattr(Sanction(state=s), n))} == LAW


def test_who_may_do_what():
    assert {transition.name: transition.permission for transition in transitions()} == RIGHTS


def test_groups_of_states_are_told_apart():
    assert not set(S.before_decision()) & set(S.ordered())
    assert set(S.decidable()) < set(S.before_decision())
    assert {*S.before_decision(), *S.ordered(), *S.ended()} == set(S)


@pytest.mark.parametrize(
    ("breach", "repeated", "cap", "mends"),
    [
        (Breach.NO_DECLARATION, False, 5000, True),
        (Breach.NO_DECLARATION, True, 5000, True),
        (Breach.NO_REQUEST, False, 5000, True),
        (Breach.NO_REQUEST, True, 15000, True),
        (Breach.DESPITE_REFUSAL, False, 15000, False),
        (Breach.DESPITE_REFUSAL, True, 15000, False),
    ],
)
def test_caps_and_what_mends(breach, repeated, cap, mends):
    assert (sanctions.cap(breach, repeated=repeated), sanctions.is_regularisable(breach)) == (cap, mends)


@pytest.mark.parametrize(
    ("found_on", "alerts"),
    [
        (date(2025, 6, 2), [date(2026, 3, 4), date(2026, 5, 3), date(2026, 5, 26)]),
        (date(2028, 2, 29), [date(2028, 11, 30), date(2029, 1, 29), date(2029, 2, 21)]),
    ],
)
def test_the_bar_is_announced_three_times(found_on, alerts):
    assert deadlines.bar_alerts_on(deadlines.fine_barred_after(found_on)) == alerts


ZONE = SimpleNamespace(regime=Regime.APML, in_force_on=date(2025, 5, 1), ends_on=None)
FOUND = date(2025, 6, 2)


def finding(breach=Breach.NO_REQUEST, **changes):
    facts = {
        "found_on": FOUND, "let_on": None, "on": FOUND, "zone": ZONE, "application": None, "source": FindingSource.VISIT,
        "fines_during_review": False, "has_convention": False,
    }  # fmt: skip
    sanction_guards.require_finding(breach, **{**facts, **changes})


def filed(state, **dates):
    known = {"received_on": None, "notified_on": None, "tacit_on": None, "lease_signed_on": None, "valid_until": None}
    return SimpleNamespace(regime=Regime.APML, state=state, **{**known, **dates})


MARCH, APRIL, MAY = date(2025, 5, 3), date(2025, 5, 10), date(2025, 5, 20)
REFUSED = filed(State.REFUSED, received_on=MARCH, notified_on=APRIL)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"let_on": date(2025, 5, 1)},
        {"on": date(2026, 6, 2)},
        {"source": FindingSource.BENEFIT, "has_convention": True},
        {"zone": SimpleNamespace(**{**vars(ZONE), "ends_on": FOUND})},
        {"breach": Breach.NO_DECLARATION, "zone": SimpleNamespace(**{**vars(ZONE), "regime": Regime.DML})},
        {"breach": Breach.DESPITE_REFUSAL, "application": REFUSED, "let_on": MAY},
        {"breach": Breach.DESPITE_REFUSAL, "application": REFUSED, "let_on": APRIL},
        # Filed after the letting: the request mends, it does not excuse.
        {"application": filed(State.UNDER_REVIEW, received_on=MAY), "let_on": APRIL},
        {"application": filed(State.UNDER_REVIEW, received_on=MARCH), "let_on": MAY, "fines_during_review": True},
        # The permit was used by an earlier lease, or was over.
        {"application": filed(State.USED, received_on=MARCH, notified_on=MARCH, lease_signed_on=APRIL), "let_on": MAY},
        {"application": filed(State.GRANTED, received_on=MARCH, notified_on=MARCH, valid_until=APRIL), "let_on": MAY},
        {"application": filed(State.WITHDRAWN, received_on=MARCH), "let_on": MAY},
    ],
)
def test_a_finding_that_stands(given):
    finding(**given)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"found_on": date(2024, 4, 10)}, sanction_guards.PrefectRegime),
        ({"on": date(2025, 6, 1)}, sanction_guards.ImpossibleDates),
        ({"let_on": date(2025, 6, 3)}, sanction_guards.ImpossibleDates),
        ({"on": date(2026, 6, 3)}, sanction_guards.FineBarred),
        ({"zone": None}, sanction_guards.NoObligation),
        ({"let_on": date(2025, 4, 30)}, sanction_guards.NoObligation),
        ({"zone": SimpleNamespace(**{**vars(ZONE), "ends_on": MAY})}, sanction_guards.NoObligation),
        ({"breach": Breach.NO_DECLARATION}, sanction_guards.NoObligation),
        ({"source": FindingSource.BENEFIT}, sanction_guards.NoConvention),
        ({"breach": Breach.DESPITE_REFUSAL}, sanction_guards.NoRefusal),
        ({"breach": Breach.DESPITE_REFUSAL, "application": REFUSED, "let_on": MARCH}, sanction_guards.NoRefusal),
        ({"application": REFUSED, "let_on": MAY}, sanction_guards.NoRefusal),
        ({"application": filed(State.UNDER_REVIEW, received_on=MARCH), "let_on": MAY}, sanction_guards.NotAFine),
        # Granted since, but not yet on the day of the letting.
        ({"application": filed(State.GRANTED, received_on=MARCH, notified_on=MAY), "let_on": APRIL}, sanction_guards.NotAFine),
        ({"application": filed(State.GRANTED, received_on=MARCH, notified_on=APRIL)}, sanction_guards.AlreadyAuthorised),
        ({"application": filed(State.GRANTED_TACIT, received_on=MARCH, tacit_on=APRIL)}, sanction_guards.AlreadyAuthorised),
    ],
)
def test_a_finding_that_does_not(given, refusal):
    with pytest.raises(refusal):
        finding(**given)


def test_a_declaration_already_receipted_leaves_nothing_to_blame():
    zone = SimpleNamespace(**{**vars(ZONE), "regime": Regime.DML})
    declared = SimpleNamespace(regime=Regime.DML, state=State.RECEIPTED, received_on=MARCH)
    with pytest.raises(sanction_guards.AlreadyAuthorised):
        finding(Breach.NO_DECLARATION, zone=zone, application=declared)


def sanction(state=S.TO_DECIDE, **fields):
    known = {
        "breach": Breach.NO_REQUEST, "found_on": FOUND, "barred_after": date(2026, 6, 2), "letter_sent_on": FOUND,
        "observations_until": date(2025, 7, 10), "amount": 2000, "reasons": "Six mois de location.",
    }  # fmt: skip
    return Sanction(state=state, **{**known, **fields})


@pytest.mark.parametrize(
    ("given", "on", "refusal"),
    [
        ({}, date(2025, 7, 11), None),
        ({}, date(2025, 7, 10), sanction_guards.ObservationsRunning),
        ({"observations_until": None}, date(2025, 7, 11), sanction_guards.ObservationsRunning),
        ({}, date(2026, 6, 2), None),
        ({}, date(2026, 6, 3), sanction_guards.FineBarred),
        ({"amount": 5000}, date(2025, 7, 11), None),
        ({"amount": 5001}, date(2025, 7, 11), sanction_guards.OverCap),
        ({"amount": 15000, "repeated": True}, date(2025, 7, 11), None),
        ({"amount": None}, date(2025, 7, 11), sanction_guards.NotReasoned),
        ({"reasons": "  "}, date(2025, 7, 11), sanction_guards.NotReasoned),
        ({"state": S.REGULARISED}, date(2025, 7, 11), sanction_guards.RightToErr),
        ({"state": S.REGULARISED, "exception": "Fraude."}, date(2025, 7, 11), None),
        ({"state": S.REGULARISED, "repeated": True}, date(2025, 7, 11), None),
    ],
)
def test_a_fine_is_heard_reasoned_and_bounded(given, on, refusal):
    blamed = sanction(**given)
    if refusal is None:
        blamed.fine(on=on, right_to_err=True)
        assert (blamed.state, blamed.fined_on) == (S.FINED, on)
        return
    with pytest.raises(refusal):
        blamed.fine(on=on, right_to_err=True)


def test_where_the_town_does_not_apply_the_right_to_err_a_mended_breach_may_be_fined():
    blamed = sanction(S.REGULARISED)
    blamed.fine(on=date(2025, 7, 11), right_to_err=False)
    assert blamed.state == S.FINED


@pytest.mark.parametrize(
    ("given", "on", "refusal"),
    [
        ({}, date(2025, 7, 1), None),
        ({}, date(2025, 7, 10), None),
        ({}, date(2025, 7, 11), sanction_guards.TooLateToRegularise),
        ({"observations_until": None}, date(2025, 7, 1), None),
        ({}, date(2025, 6, 1), sanction_guards.ImpossibleDates),
        ({"breach": Breach.DESPITE_REFUSAL}, date(2025, 7, 1), sanction_guards.RegularisationNotOpen),
    ],
)
@pytest.mark.parametrize("state", [S.OBSERVATIONS_OPEN, S.TO_DECIDE])
def test_a_breach_is_mended_inside_the_month_even_if_it_is_entered_late(state, given, on, refusal):
    blamed = sanction(state, **given)
    if refusal is None:
        blamed.regularise(on=on)
        assert (blamed.state, blamed.regularised_on) == (S.REGULARISED, on)
        return
    with pytest.raises(refusal):
        blamed.regularise(on=on)


@pytest.mark.parametrize("state", [S.FINED, S.TITLE_ISSUED])
@pytest.mark.parametrize("notified_on", [None, date(2025, 7, 16)])
def test_nothing_follows_a_fine_before_its_notification(state, notified_on):
    blamed = sanction(state, fined_on=date(2025, 7, 11), notified_on=notified_on)
    with pytest.raises(sanction_guards.NotNotified):
        blamed.contest(on=date(2025, 7, 15))
    if state == S.FINED:
        with pytest.raises(sanction_guards.NotNotified):
            blamed.issue_title(on=date(2025, 7, 15), number="T-1")


def test_an_appeal_resumes_where_it_found_the_fine():
    for state in (S.FINED, S.TITLE_ISSUED, S.RECOVERY, S.PAID):
        blamed = sanction(state, fined_on=date(2025, 7, 11), notified_on=date(2025, 7, 12))
        blamed.contest(on=date(2025, 8, 1))
        assert blamed.state == S.APPEAL
        blamed.uphold(on=date(2026, 8, 1), reduced_to=1500)
        assert (blamed.state, blamed.due) == (state, 1500)
