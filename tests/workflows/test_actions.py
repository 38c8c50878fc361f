"""A case through every action, and what each leaves behind."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django_fsm import TransitionNotAllowed

from accounts.enums import Role
from documents import acts, examining
from documents.enums import ActKind, Verdict
from documents.wording.decisions import IncompleteDecision
from inspections.enums import Conclusion, Purpose
from notifications.models import Message
from permis import guards, journal
from permis.enums import ConditionMode, Ground, Means, Outcome, PieceKind, State
from permis.models.journal import Event
from tests import factories
from workflows import flows
from workflows.actions import (
    afterlife,
    appointments,
    clock,
    completeness,
    decision,
    gathering,
    inspection,
    intake,
    notification,
    works,
)
from workflows.guards import TaskGone

pytestmark = pytest.mark.django_db
DEPOSIT, CHECK, VISIT, DRAFT, SIGN, NOTICE = (date(2026, 3, day) for day in (2, 4, 12, 16, 18, 20))
WORK = {
    "place": "Salle d’eau",
    "finding": "Aucune extraction d’air",
    "basis": "décret 2002-120, art. 2",
    "work": "Poser un extracteur",
}


@pytest.fixture
def authority():
    return factories.AuthorityFactory()


@pytest.fixture
def staff(authority):
    """One person with the four roles of a small commune."""
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def draft(authority):
    return factories.ApplicationFactory(authority=authority)


def file(application, *kinds, on=DEPOSIT, **facts):
    """Give a file and submit."""
    gathering.add_piece(
        application, kinds=kinds or [PieceKind.DPE], upload=factories.upload(), by=application.applicant, on=on, **facts
    )
    return intake.submit(application, by=application.applicant, on=on)


def reviewed(application, staff):
    return completeness.declare_complete(file(application), by=staff, on=CHECK)


def visited(application, staff):
    case = reviewed(application, staff)
    visit = appointments.plan_visit(
        case, inspector=staff, starts_at=datetime(2026, 3, 12, 9, tzinfo=UTC), ends_at=datetime(2026, 3, 12, 10, tzinfo=UTC), by=staff, on=CHECK
    )  # fmt: skip
    inspection.record_visit(visit, conclusion=Conclusion.RESERVES, by=staff, on=VISIT)
    return type(case).objects.get(pk=case.pk)


def signed(application, staff, outcome=Outcome.GRANTED, **draft):
    case = visited(application, staff)
    decision.propose_decision(case, outcome=outcome, by=staff, on=DRAFT, **draft)
    case = type(case).objects.get(pk=case.pk)
    return decision.sign(case, act=decision.preview(case, by=staff, on=SIGN), by=staff, on=SIGN)


def open_tasks(application):
    return set(application.work_items.values_list("node", flat=True))


def test_deposit_numbers_dates_records_and_sends(draft):
    case = file(draft)

    assert case.state == State.SUBMITTED
    assert case.number == f"APML 0{case.commune.insee} 26 00001"
    assert (case.clock_started_on, case.tacit_on) == (DEPOSIT, date(2026, 4, 2))
    assert case.journal.get().event == Event.SUBMITTED
    assert case.acts.get().kind == ActKind.REGISTRATION
    assert {message.kind for message in Message.objects.all()} == {"submitted"}
    assert open_tasks(case) == {"check_pieces"}


def test_double_click_deposits_once(draft):
    file(draft)
    with pytest.raises(TransitionNotAllowed):
        intake.submit(draft, by=draft.applicant, on=DEPOSIT)


def test_four_flats_at_one_address_are_four_cases(authority):
    commune = factories.CommuneFactory(epci_siren=authority.siren)
    landlord = factories.UserFactory()
    drafts = [factories.ApplicationFactory(authority=authority, commune=commune, applicant=landlord) for _ in range(4)]
    numbers = [file(each).number for each in drafts]
    assert [number[-5:] for number in numbers] == ["00001", "00002", "00003", "00004"]


def test_deposit_needs_the_mandatory_answers(draft):
    draft.lessors.all().delete()
    with pytest.raises(intake.SheetIncomplete, match="identité du bailleur"):
        intake.submit(draft, by=draft.applicant, on=DEPOSIT)


def test_somebody_else_may_not_deposit(draft):
    with pytest.raises(PermissionDenied):
        intake.submit(draft, by=factories.UserFactory(), on=DEPOSIT)


def test_granted_from_deposit_to_notification(draft, staff):
    case = signed(draft, staff)
    assert open_tasks(case) == {"notify_decision"}
    case = notification.notify(case, means=Means.HAND, notified_on=NOTICE, recipient="Mme Duprat", by=staff, on=NOTICE)

    assert case.state == State.GRANTED
    assert case.notified_on == NOTICE
    assert case.valid_until == date(2028, 3, 20)
    assert open_tasks(case) == set()
    assert case.process.status == "DONE"
    assert list(journal.faults(case)) == []
    told = Message.objects.filter(kind="decision_notified").values_list("recipient", flat=True)
    assert sorted(told) == sorted([case.applicant.email, case.lessors.get().email])


def test_what_is_sealed_is_what_was_previewed(draft, staff):
    case = visited(draft, staff)
    decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT)
    case = type(case).objects.get(pk=case.pk)
    act = decision.preview(case, by=staff, on=SIGN)
    case.dwelling.floor = "3e étage"
    case.dwelling.save()
    with pytest.raises(acts.PreviewChanged):
        decision.sign(type(case).objects.get(pk=case.pk), act=act, by=staff, on=SIGN)
    assert type(case).objects.get(pk=case.pk).state == State.AWAITING_DECISION


def test_who_signs_second_is_told_that_it_is_decided(draft, staff):
    case = visited(draft, staff)
    decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT)
    stale = type(case).objects.get(pk=case.pk)
    act = decision.preview(stale, by=staff, on=SIGN)
    decision.sign(stale, act=act, by=staff, on=SIGN)
    with pytest.raises(TaskGone):
        decision.sign(stale, act=type(act).objects.get(pk=act.pk), by=staff, on=SIGN)


def test_incomplete_then_completed_restarts_the_month(draft, staff):
    case = file(draft, PieceKind.PHOTOS)
    with pytest.raises(completeness.PiecesMissing, match="DPE"):
        completeness.declare_complete(case, by=staff, on=CHECK)
    case = completeness.request_missing(case, kinds=[PieceKind.DPE], respond_by=date(2026, 4, 4), by=staff, on=CHECK)
    assert (case.state, case.tacit_on, case.respond_by) == (State.INCOMPLETE, None, date(2026, 4, 7))
    assert open_tasks(case) == {"provide_pieces"}

    gathering.add_piece(case, kinds=[PieceKind.DPE], upload=factories.upload(), by=draft.applicant, on=VISIT)
    case = type(case).objects.get(pk=case.pk)
    assert (case.state, case.tacit_on) == (State.UNDER_REVIEW, date(2026, 4, 12))
    assert open_tasks(case) == {"check_answer", "plan_visit"}

    for given in case.files.select_related("application").order_by("pk"):
        examining.examine(given)
    for kind in (PieceKind.PHOTOS, PieceKind.DPE):
        assert "check_answer" in open_tasks(case)
        completeness.check_piece(case, kind=kind, verdict=Verdict.ACCEPTED, by=staff, on=VISIT)
    assert open_tasks(case) == {"plan_visit"}


def test_a_piece_no_text_requires_stops_no_clock(draft, staff):
    case = file(draft)
    with pytest.raises(completeness.NothingRequired, match="Titre de propriété"):
        completeness.request_missing(case, kinds=[PieceKind.TITLE_DEED], respond_by=date(2026, 4, 4), by=staff, on=CHECK)


def test_refused_piece_says_why_and_is_missing(draft, staff):
    case = file(draft)
    completeness.check_piece(case, kind=PieceKind.DPE, verdict=Verdict.REFUSED, reason="Page illisible", by=staff, on=CHECK)
    with pytest.raises(completeness.PiecesMissing):
        completeness.declare_complete(case, by=staff, on=CHECK)


def test_conditional_then_lifted(draft, staff):
    case = signed(draft, staff, Outcome.CONDITIONAL, grounds=[Ground.DECENCY], works=[WORK], mode=ConditionMode.PRIOR)
    case = notification.notify(case, means=Means.HAND, notified_on=NOTICE, by=staff, on=NOTICE)
    assert case.state == State.GRANTED_CONDITIONAL
    assert open_tasks(case) == {"check_works"}
    with pytest.raises(decision.WorksNotMet):
        decision.lift_conditions(case, by=staff, on=NOTICE)

    works.settle_work(case.decision.works.get(), met=True, by=staff, on=date(2026, 4, 8))
    assert open_tasks(case) == {"lift_conditions"}
    case = decision.lift_conditions(case, by=staff, on=date(2026, 4, 8))
    assert (case.state, case.valid_until) == (State.GRANTED, date(2028, 3, 20))
    assert open_tasks(case) == set()


@pytest.mark.parametrize(("grounds", "works", "refusal"), [([], [WORK], guards.NoGround), ([Ground.DECENCY], [], guards.NoWorks)])
def test_refusal_needs_ground_and_works(draft, staff, grounds, works, refusal):
    case = visited(draft, staff)
    with pytest.raises(refusal):
        decision.propose_decision(case, outcome=Outcome.REFUSED, grounds=grounds, works=works, by=staff, on=DRAFT)


def test_police_order_leaves_only_the_refusal(draft, staff):
    case = completeness.settle_police_order(visited(draft, staff), in_force=True, reference="2026-URB-009", by=staff, on=DRAFT)
    with pytest.raises(guards.PoliceOrder):
        decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT)


def test_silence_grants_the_day_after(draft, staff):
    case = reviewed(draft, staff)
    with pytest.raises(guards.TooEarly):
        clock.grant_tacitly(case, on=date(2026, 4, 2))
    case = clock.grant_tacitly(case, on=date(2026, 4, 3))

    assert (case.state, case.valid_until) == (State.GRANTED_TACIT, date(2028, 4, 2))
    assert open_tasks(case) == set()
    act = afterlife.attest(case, by=draft.applicant, on=date(2026, 4, 6))
    assert act.kind == ActKind.TACIT_ATTESTATION


def test_first_presentation_after_the_last_day_notifies_nothing(draft, staff):
    case = signed(draft, staff, Outcome.REFUSED, grounds=[Ground.DECENCY], works=[WORK])
    case = notification.notify(case, means=Means.REGISTERED_LETTER, notified_on=date(2026, 4, 3), by=staff, on=date(2026, 4, 6))
    assert case.state == State.GRANTED_TACIT
    assert case.journal.filter(event=Event.NOTIFIED_LATE).exists()


def test_proof_entered_late_but_dated_in_time_reverses_the_silence(draft, staff):
    case = signed(draft, staff, Outcome.REFUSED, grounds=[Ground.DECENCY], works=[WORK])
    case = clock.grant_tacitly(case, on=date(2026, 4, 3))
    attestation = afterlife.attest(case, by=draft.applicant, on=date(2026, 4, 3))
    case = notification.notify(case, means=Means.REGISTERED_LETTER, notified_on=date(2026, 4, 2), by=staff, on=date(2026, 4, 14))

    assert case.state == State.REFUSED
    assert case.journal.filter(event=Event.SILENCE_REVERSED, author=staff).exists()
    attestation.refresh_from_db()
    assert attestation.void_on == date(2026, 4, 14)


def test_visit_outside_hours_or_term_is_refused(draft, staff):
    case = reviewed(draft, staff)
    late = {"starts_at": datetime(2026, 3, 12, 20, 30, tzinfo=UTC), "ends_at": datetime(2026, 3, 12, 21, tzinfo=UTC)}
    with pytest.raises(guards.OutsideVisitHours):
        appointments.plan_visit(case, inspector=staff, by=staff, on=CHECK, **late)
    after = {"starts_at": datetime(2026, 4, 3, 9, tzinfo=UTC), "ends_at": datetime(2026, 4, 3, 10, tzinfo=UTC)}
    with pytest.raises(guards.VisitOutsideTerm):
        appointments.plan_visit(case, inspector=staff, by=staff, on=CHECK, **after)
    assert appointments.plan_visit(case, inspector=staff, by=staff, on=CHECK, purpose=Purpose.COUNTER, agreed_on=CHECK, **after)


def test_missed_visit_opens_a_second_slot_and_the_decision(draft, staff):
    case = reviewed(draft, staff)
    visit = appointments.plan_visit(
        case, inspector=staff, starts_at=datetime(2026, 3, 12, 9, tzinfo=UTC), ends_at=datetime(2026, 3, 12, 10, tzinfo=UTC), by=staff, on=CHECK
    )  # fmt: skip
    assert open_tasks(case) == {"check_answer", "visit_dwelling"}
    inspection.record_no_show(visit, by=staff, on=VISIT)
    assert open_tasks(case) == {"check_answer", "plan_visit", "draft_decision"}
    decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT)
    assert open_tasks(case) == {"sign_decision"}


def test_close_after_reminder_and_term(draft, staff):
    case = file(draft, PieceKind.PHOTOS)
    case = completeness.request_missing(case, kinds=[PieceKind.DPE], respond_by=date(2026, 4, 6), by=staff, on=CHECK)
    with pytest.raises(guards.NoReminder):
        completeness.close_incomplete(case, by=staff, on=date(2026, 4, 20))
    case = completeness.remind(case, by=staff, on=date(2026, 4, 8))
    case = completeness.close_incomplete(case, by=staff, on=date(2026, 4, 20))
    assert (case.state, open_tasks(case)) == (State.CLOSED_INCOMPLETE, set())


@pytest.mark.parametrize("state", list(State))
def test_every_state_tells_what_it_calls_for(state, authority):
    """`calls_for` answers for each state, so that no case is ever without an owner by accident."""
    application = factories.ApplicationFactory(authority=authority)
    application.__dict__["state"] = state
    assert flows.calls_for(application) <= set(flows.ROLES)


def test_without_a_visit_each_defect_cites_its_evidence(draft, staff):
    case = inspection.waive_visit(reviewed(draft, staff), reason="Vue la semaine dernière", by=staff, on=CHECK)
    refusal = {"outcome": Outcome.REFUSED, "grounds": [Ground.DECENCY], "by": staff, "on": DRAFT}
    with pytest.raises(IncompleteDecision, match="preuve du constat"):
        decision.propose_decision(case, works=[WORK], **refusal)
    decision.propose_decision(case, works=[WORK | {"evidence": "Photographie du 3 mars"}], **refusal)
    assert open_tasks(case) == {"sign_decision"}
