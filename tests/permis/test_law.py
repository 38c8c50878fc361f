"""The law as pure functions, one row a rule: who may, what is forbidden, what follows from a date. No database."""

from datetime import date, datetime, time

import pytest

from accounts.enums import Role
from accounts.models import Membership, User
from permis import deadlines, guards, numbering, permissions, sanctions
from permis.breaches import Breach
from permis.enums import Channel, ConditionMode, Ground, Outcome, PieceKind, State
from permis.models import Application
from territories.calendars import public_holidays
from territories.enums import Regime
from territories.models import Authority

GIRONDE = public_holidays("33")
LAST = date(2025, 4, 3)
HERE, ELSEWHERE = Authority(pk=1), Authority(pk=2)


def day(text):
    return date.fromisoformat(text)


# -- dates


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lambda: deadlines.officer_target_on(LAST), "2025-04-02"),
        (lambda: deadlines.previous_working_day(day("2025-05-01"), GIRONDE), "2025-04-30"),
        (lambda: deadlines.previous_working_day(day("2025-05-04"), GIRONDE), "2025-05-02"),
        (lambda: deadlines.next_working_day(day("2025-05-03"), GIRONDE), "2025-05-05"),
        (lambda: deadlines.add_working_days(day("2025-04-30"), 1, GIRONDE), "2025-05-02"),
        (lambda: deadlines.add_working_days(day("2025-04-30"), 0, GIRONDE), "2025-04-30"),
        (lambda: deadlines.reading_ends_on(day("2025-04-01")), "2025-04-16"),
        (lambda: deadlines.valid_until(day("2024-02-29")), "2026-02-28"),
        (lambda: deadlines.withdrawable_until(day("2025-10-31")), "2026-02-28"),
        (lambda: deadlines.answer_by(day("2025-04-03"), GIRONDE), "2025-04-18"),
        (lambda: deadlines.answer_by(day("2025-04-04"), GIRONDE), "2025-04-22"),
        (lambda: deadlines.implicit_rejection_on(day("2025-12-31")), "2026-02-28"),
        (lambda: deadlines.reexamine_by(day("2026-02-02"), 45), "2026-03-19"),
        (lambda: deadlines.declaration_due_on(day("2025-09-01"), GIRONDE), "2025-09-16"),
        (lambda: deadlines.declaration_due_on(day("2025-09-05"), GIRONDE), "2025-09-22"),
        (lambda: deadlines.receipt_due_on(day("2025-09-16")), "2025-09-23"),
        (lambda: deadlines.completion_until(day("2025-09-12"), day("2025-10-01"), GIRONDE), "2025-10-01"),
        (lambda: deadlines.completion_until(day("2025-09-12"), day("2025-12-01"), GIRONDE), "2025-10-13"),
        (lambda: deadlines.observations_until(day("2025-06-10"), GIRONDE), "2025-07-10"),
        (lambda: deadlines.observations_until(day("2025-06-06"), GIRONDE), "2025-07-07"),
        (lambda: deadlines.fine_barred_after(day("2024-02-29")), "2025-02-28"),
        (lambda: deadlines.delegation_warned_on(day("2026-02-27")), "2025-02-27"),
        (lambda: deadlines.earliest_entry_into_force(day("2025-08-31")), "2026-02-28"),
        (lambda: deadlines.appeal_until(day("2025-04-02")), "2025-06-03"),
        (lambda: deadlines.appeal_until(day("2025-04-02"), abroad=True, overseas=True), "2025-08-04"),
        (lambda: deadlines.tacit_on(day("2025-11-30")), "2025-12-30"),
        (lambda: deadlines.tacit_on(day("2025-12-31")), "2026-01-31"),
    ],
)
def test_a_date_follows_from_another(found, expected):
    assert found() == day(expected)


def test_several_days_follow_from_one():
    assert deadlines.alerts_on(LAST, GIRONDE) == [day("2025-03-24"), day("2025-03-29"), day("2025-04-01")]
    assert deadlines.alerts_on(day("2025-04-22"), GIRONDE)[-1] == day("2025-04-18")
    assert deadlines.alerts_on(day("2025-04-08"), GIRONDE)[-1] == day("2025-04-04")
    assert deadlines.works_reminders_on(day("2025-05-01")) == [day("2025-04-01"), day("2025-04-24"), day("2025-05-02")]
    assert deadlines.lapse_warnings_on(day("2027-03-20")) == [day("2026-12-20"), day("2027-02-18")]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (lambda: deadlines.is_working_day(day("2025-05-02"), GIRONDE), True),
        (lambda: deadlines.is_working_day(day("2025-05-03"), GIRONDE), False),
        (lambda: deadlines.is_working_day(day("2025-05-01"), GIRONDE), False),
        (lambda: deadlines.is_repeated(day("2025-06-02"), None), False),
        (lambda: deadlines.is_repeated(day("2025-06-02"), day("2022-06-02")), True),
        (lambda: deadlines.is_repeated(day("2025-06-02"), day("2022-06-01")), False),
        (lambda: deadlines.is_repeated(day("2025-06-02"), day("2025-06-01")), True),
        (lambda: deadlines.is_repeated(day("2025-06-02"), day("2025-06-02")), False),
        (lambda: deadlines.is_first_visit_within_term(LAST, LAST), True),
        (lambda: deadlines.is_first_visit_within_term(day("2025-04-04"), LAST), False),
        (lambda: deadlines.is_first_visit_within_term(day("2030-01-01"), None), True),
        (lambda: deadlines.is_within_visit_hours(time(10), time(9)), False),
        (lambda: deadlines.is_within_visit_hours(time(10), time(10)), True),
        (lambda: deadlines.is_silence_expired(LAST, on=day("2025-04-16"), held_until=day("2025-04-16")), False),
        (lambda: deadlines.is_silence_expired(LAST, on=LAST, held_until=day("2025-03-01")), False),
    ],
)
def test_a_date_answers_a_question(found, expected):
    assert found() is expected


# -- fines


@pytest.mark.parametrize(
    ("breach", "repeated", "cap", "regularisable"),
    [
        (Breach.NO_REQUEST, False, 5000, True),
        (Breach.NO_REQUEST, True, 15000, True),
        (Breach.DESPITE_REFUSAL, False, 15000, False),
        (Breach.DESPITE_REFUSAL, True, 15000, False),
        (Breach.NO_DECLARATION, False, 5000, True),
        (Breach.NO_DECLARATION, True, 5000, True),
    ],
)
def test_a_fine_has_its_cap_and_a_breach_may_be_put_right(breach, repeated, cap, regularisable):
    assert sanctions.cap(breach, repeated=repeated) == cap
    assert sanctions.is_regularisable(breach) is regularisable


# -- words


def test_the_groups_of_states():
    running = {State.SUBMITTED, State.UNDER_REVIEW, State.AWAITING_DECISION, State.DECISION_SIGNED}
    permits = {State.GRANTED, State.GRANTED_CONDITIONAL, State.GRANTED_TACIT}
    assert set(State.clock_running()) == running
    assert set(State.open()) == running | {State.INCOMPLETE}
    assert set(State.authorising()) == permits
    assert set(State.notified()) == {State.GRANTED, State.GRANTED_CONDITIONAL, State.REFUSED}
    assert set(State.judged()) >= permits | {State.REFUSED, State.CLOSED_INCOMPLETE, State.USED, State.REVOKED, State.REPEALED}
    assert set(State.of(Regime.DML)) == {
        State.DRAFT, State.SUBMITTED, State.INCOMPLETE, State.OUT_OF_SCOPE, State.WITHDRAWN, State.RECEIPTED, State.EXPIRED,
    }  # fmt: skip
    assert set(State.of(Regime.APML)) == set(State) - {State.RECEIPTED, State.EXPIRED}


def test_the_landlord_reads_other_words_where_the_law_is_not_settled_yet():
    assert State.DECISION_SIGNED.landlord_label == State.UNDER_REVIEW.landlord_label == "En instruction"
    assert State.REFUSED.landlord_label == "Refusée"


def test_a_notified_outcome_gives_its_state():
    assert [outcome.state for outcome in Outcome] == [State.GRANTED, State.GRANTED_CONDITIONAL, State.REFUSED]


def test_the_groups_of_pieces():
    diagnostics = {PieceKind.DPE, PieceKind.CREP, PieceKind.ELECTRICITY, PieceKind.GAS, PieceKind.ERP, PieceKind.NOISE}
    assert set(PieceKind.diagnostics()) == diagnostics
    assert set(PieceKind.dated()) == diagnostics - {PieceKind.NOISE}


@pytest.mark.parametrize(("insee", "code"), [("33473", "033473"), ("97411", "974411"), ("2A004", "02A004")])
def test_a_commune_has_the_code_of_the_town_planning_numbers(insee, code):
    assert numbering.commune_code(insee) == code


# -- who may

OURS = {Role.OFFICER, Role.MANAGER}
WHO = {
    permissions.can_review: OURS,
    permissions.can_inspect: {*OURS, Role.INSPECTOR},
    permissions.can_manage: {Role.MANAGER},
    permissions.can_sign: {Role.SIGNATORY},
    permissions.can_judge: {Role.LEGAL},
    permissions.can_read: set(Role.reading_cases()),
    permissions.can_declare_lease: OURS,
    permissions.can_provide_pieces: OURS,
    permissions.can_prove_works: OURS,
    permissions.nobody: set(),
}
ITS_APPLICANT_TOO = {permissions.can_declare_lease, permissions.can_provide_pieces, permissions.can_prove_works}


def person(pk, *memberships):
    """Somebody whose roles are known: nothing is asked of the database."""
    user = User(pk=pk)
    user._held = [
        Membership(role=role, authority_id=authority, organisation_id=agency) for role, authority, agency in memberships
    ]
    return user


def case(**fields):
    return Application(authority=HERE, **fields)


@pytest.mark.parametrize("predicate", WHO, ids=lambda predicate: predicate.__name__)
def test_a_verb_belongs_to_its_roles_in_their_authority(predicate):
    application = case(applicant_id=9)
    assert {role for role in Role if predicate(application, person(1, (role, HERE.pk, None)))} >= WHO[predicate]
    if predicate is not permissions.can_read:
        assert {role for role in Role if predicate(application, person(1, (role, HERE.pk, None)))} == WHO[predicate]
    assert not any(predicate(application, person(1, (role, ELSEWHERE.pk, None))) for role in Role)


@pytest.mark.parametrize("predicate", WHO, ids=lambda predicate: predicate.__name__)
def test_an_applicant_does_only_what_is_theirs(predicate):
    assert predicate(case(applicant_id=9), person(9)) is (predicate in ITS_APPLICANT_TOO)
    agent = person(9, (Role.AGENT, None, 5))
    assert predicate(case(organisation_id=5), agent) is (predicate in ITS_APPLICANT_TOO)
    assert predicate(case(organisation_id=6), agent) is False
    assert predicate(case(), person(9)) is False


def test_who_files_depends_on_the_channel():
    officer, landlord = person(1, (Role.OFFICER, HERE.pk, None)), person(9)
    assert permissions.can_submit(case(channel=Channel.ONLINE, applicant_id=9), landlord)
    assert not permissions.can_submit(case(channel=Channel.ONLINE, applicant_id=9), officer)
    assert permissions.can_submit(case(channel=Channel.PAPER), officer)
    assert not permissions.can_submit(case(channel=Channel.PAPER, applicant_id=9), landlord)
    assert permissions.can_submit(case(channel=Channel.EMAIL), person(1, (Role.MANAGER, HERE.pk, None)))


def test_the_service_withdraws_only_what_came_without_an_account():
    officer = person(1, (Role.OFFICER, HERE.pk, None))
    assert permissions.can_withdraw(case(applicant_id=9), person(9))
    assert not permissions.can_withdraw(case(applicant_id=9), officer)
    assert permissions.can_withdraw(case(), officer)
    assert not permissions.can_withdraw(case(), person(9))


# -- what the law forbids

SIGNED = {"state": State.DECISION_SIGNED, "tacit_on": LAST, "signed_on": day("2025-03-20"), "received_on": day("2025-03-03")}
PERMIT = {
    "state": State.GRANTED,
    "signed_on": day("2025-03-18"),
    "notified_on": day("2025-03-20"),
    "valid_until": day("2027-03-20"),
}
PRIOR = {**PERMIT, "state": State.GRANTED_CONDITIONAL, "outcome": Outcome.CONDITIONAL, "mode": ConditionMode.PRIOR}
ASKED = {"state": State.INCOMPLETE, "respond_by": day("2025-04-14"), "reminded_on": day("2025-04-10")}
TACIT = {"state": State.GRANTED_TACIT, "tacit_on": LAST, "valid_until": day("2027-04-03")}
NEVER = {"tacit_on": None, "valid_until": None, "respond_by": None}
# guard, the case, the day, what is refused (None: allowed)
GUARDS = [
    (guards.require_in_time, SIGNED, "2025-04-03", None),
    (guards.require_in_time, SIGNED, "2025-04-04", guards.TooLate),
    (guards.require_in_time, NEVER, "2030-04-04", None),
    (guards.require_signable, SIGNED, "2025-03-03", None),
    (guards.require_signable, SIGNED, "2025-03-02", guards.WrongState),
    (guards.require_signable, SIGNED, "2025-04-04", guards.TooLate),
    (guards.require_signable, NEVER, "2025-04-04", None),
    (guards.require_sendable, SIGNED, "2025-03-20", None),
    (guards.require_sendable, SIGNED, "2025-03-19", guards.NotSigned),
    (guards.require_sendable, NEVER, "2025-03-19", guards.WrongState),
    (guards.require_notifiable, SIGNED, "2025-03-20", None),
    (guards.require_notifiable, SIGNED, "2025-03-19", guards.NotSigned),
    (guards.require_notifiable, SIGNED, "2025-04-03", None),
    (guards.require_notifiable, SIGNED, "2025-04-04", guards.TooLate),
    (guards.require_notifiable, {**SIGNED, "tacit_on": None}, "2030-01-01", None),
    (guards.require_notifiable, NEVER, "2025-04-03", guards.NotSigned),
    (guards.require_silence, SIGNED, "2025-04-03", guards.TooEarly),
    (guards.require_silence, SIGNED, "2025-04-04", None),
    (guards.require_silence, {**SIGNED, "held_until": day("2025-04-16")}, "2025-04-16", guards.TooEarly),
    (guards.require_silence, NEVER, "2025-04-04", guards.TooEarly),
    (guards.require_lapsed, PERMIT, "2027-03-20", guards.TooEarly),
    (guards.require_lapsed, PERMIT, "2027-03-21", None),
    (guards.require_lapsed, NEVER, "2027-03-21", guards.TooEarly),
    (guards.require_closable, ASKED, "2025-04-15", None),
    (guards.require_closable, ASKED, "2025-04-14", guards.TooEarly),
    (guards.require_closable, {**ASKED, "reminded_on": None}, "2025-04-15", guards.NoReminder),
    (guards.require_closable, {**ASKED, "respond_by": None}, "2025-04-01", None),
    (guards.require_usable, PERMIT, "2027-03-20", None),
    (guards.require_usable, PERMIT, "2027-03-21", guards.TooLate),
    (guards.require_usable, PRIOR, "2025-04-01", guards.PriorWorksNotLifted),
    (guards.require_usable, {**PRIOR, "mode": ConditionMode.DEFERRED}, "2025-04-01", None),
    (guards.require_usable, {**PRIOR, "state": State.GRANTED, "lifted_on": day("2025-03-31")}, "2025-04-01", None),
    (guards.require_expired, ASKED, "2025-04-14", guards.TooEarly),
    (guards.require_expired, ASKED, "2025-04-15", None),
    (guards.require_expired, NEVER, "2025-04-15", guards.TooEarly),
]


@pytest.mark.parametrize(("guard", "fields", "on", "refusal"), GUARDS, ids=lambda each: getattr(each, "__name__", None))
def test_what_a_day_forbids(guard, fields, on, refusal):
    if refusal is None:
        guard(Application(**fields), day(on))
        return
    with pytest.raises(refusal) as refused:
        guard(Application(**fields), day(on))
    assert refused.type is refusal
    assert str(refused.value)


@pytest.mark.parametrize(
    ("fields", "on", "said", "refusal"),
    [
        (PERMIT, "2025-07-18", {"adversarial": True, "fraud": False}, None),
        (PERMIT, "2025-07-19", {"adversarial": True, "fraud": False}, guards.TooLate),
        (PERMIT, "2029-07-19", {"adversarial": True, "fraud": True}, None),
        (PERMIT, "2025-07-18", {"adversarial": False, "fraud": True}, guards.NotAdversarial),
        (TACIT, "2025-08-03", {"adversarial": True, "fraud": False}, None),
        (TACIT, "2025-08-04", {"adversarial": True, "fraud": False}, guards.TooLate),
        ({}, "2025-08-04", {"adversarial": True, "fraud": False}, None),
    ],
)
def test_when_a_permit_may_be_revoked(fields, on, said, refusal):
    if refusal is None:
        guards.require_revocable(Application(**fields), on=day(on), **said)
    else:
        with pytest.raises(refusal):
            guards.require_revocable(Application(**fields), on=day(on), **said)


def test_a_permit_is_taken_away_once_its_holder_was_heard():
    guards.require_adversarial(True)
    with pytest.raises(guards.NotAdversarial):
        guards.require_adversarial(False)


@pytest.mark.parametrize(
    ("outcome", "said", "refusal"),
    [
        (Outcome.GRANTED, {}, None),
        (Outcome.GRANTED, {"police_order": True}, guards.PoliceOrder),
        (Outcome.CONDITIONAL, {"police_order": True, "grounds": {Ground.DECENCY}, "works": 1}, guards.PoliceOrder),
        (Outcome.REFUSED, {"police_order": True, "grounds": {Ground.POLICE_ORDER}, "works": 1}, None),
        (Outcome.REFUSED, {"works": 1}, guards.NoGround),
        (Outcome.CONDITIONAL, {"works": 1}, guards.NoGround),
        (Outcome.CONDITIONAL, {"grounds": {Ground.DECENCY}}, guards.NoWorks),
        (Outcome.CONDITIONAL, {"grounds": {Ground.DECENCY}, "works": 1}, None),
        (Outcome.REFUSED, {"grounds": {Ground.COLOCATION_DIGNITY}, "works": 1, "on": day("2029-04-09")}, None),
        (Outcome.REFUSED, {"grounds": {Ground.COLOCATION_DIGNITY}, "works": 1, "on": day("2029-04-10")}, guards.ColocationGroundExpired),
        (Outcome.REFUSED, {"grounds": {Ground.DECENCY}, "works": 1, "on": day("2029-04-10")}, None),
    ],
)  # fmt: skip
def test_a_decision_rests_on_grounds_and_works(outcome, said, refusal):
    known = {"grounds": (), "works": 0, "police_order": False, "on": LAST} | said
    if refusal is None:
        guards.require_reasons(outcome, **known)
    else:
        with pytest.raises(refusal):
            guards.require_reasons(outcome, **known)


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [
        ("2025-03-12T06:00", "2025-03-12T21:00", True),
        ("2025-03-12T05:59", "2025-03-12T07:00", False),
        ("2025-03-12T20:00", "2025-03-12T21:01", False),
        ("2025-03-12T10:00", "2025-03-13T11:00", False),
        ("2025-03-12T10:00", "2025-03-12T10:00", False),
        ("2025-03-12T10:00", "2025-03-12T09:00", False),
    ],
)
def test_a_visit_lasts_within_one_day_and_its_hours(start, end, allowed):
    hours = [datetime.fromisoformat(text) for text in (start, end)]
    if allowed:
        guards.require_visit_hours(*hours)
    else:
        with pytest.raises(guards.OutsideVisitHours):
            guards.require_visit_hours(*hours)


def test_the_first_visit_comes_within_the_month():
    guards.require_visit_term(LAST, LAST)
    with pytest.raises(guards.VisitOutsideTerm):
        guards.require_visit_term(day("2025-04-04"), LAST)


def test_a_refusal_says_why_in_french_unless_it_is_told_more():
    assert str(guards.NoWorks()) == guards.NoWorks.message
    assert str(guards.NoWorks("Encore un constat.")) == "Encore un constat."


def test_a_regime_is_a_permit_or_a_declaration():
    assert guards.is_permit(Application(regime=Regime.APML))
    assert not guards.is_permit(Application(regime=Regime.DML))
    assert guards.is_declaration(Application(regime=Regime.DML))
    assert not guards.is_declaration(Application(regime=Regime.APML))
