"""A declaration from end to end: deposit, receipt, what is missing, the end of its time, and the new one."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django_fsm import TransitionNotAllowed

from accounts.enums import Role
from accounts.models import Membership, User
from documents.enums import ActKind, Verdict
from notifications.enums import Kind
from notifications.models import Message
from permis import guards
from permis.enums import Channel, PieceKind, State
from permis.models import Application
from permis.models.journal import Event
from territories.models import Commune
from tests import factories
from workflows import flows
from workflows.actions import clock, completeness, copying, declaring, gathering, intake

pytestmark = pytest.mark.django_db
LEASE = date(2026, 3, 2)
FILED = date(2026, 3, 10)
DUE = date(2026, 3, 17)


@pytest.fixture
def draft():
    return factories.ApplicationFactory(declared=True)


@pytest.fixture
def officer(draft):
    return factories.member(draft.authority, Role.OFFICER)


def give(case, *kinds, on=FILED, by=None):
    upload = factories.upload(factories.PDF + str(on).encode() + b"".join(kind.encode() for kind in kinds))
    return gathering.add_piece(case, kinds=kinds, upload=upload, by=by or case.applicant, on=on)


def filed(draft, *kinds, on=FILED):
    give(draft, *(kinds or [PieceKind.DPE]), on=on)
    return intake.submit(draft, by=draft.applicant, on=on)


def asked(case, officer, *, on=FILED, respond_by=date(2026, 4, 1)):
    return completeness.request_missing(case, kinds=[PieceKind.DPE], respond_by=respond_by, by=officer, on=on)


def again(case):
    return Application.objects.get(pk=case.pk)


def tasks(case):
    return set(case.work_items.values_list("node", flat=True))


def test_a_declaration_is_received_numbered_and_owed_a_receipt_within_a_week(draft):
    case = filed(draft)

    assert (case.state, case.receipt_due_on, case.tacit_on) == (State.SUBMITTED, DUE, None)
    assert case.number.startswith("DML ")
    assert tasks(case) == {"check_pieces"}
    assert case.work_items.get().legal_date == DUE
    assert set(Message.objects.values_list("kind", flat=True)) == {Kind.DECLARED}
    assert case.journal.get(event=Event.SUBMITTED).facts["receipt_due_on"] == "2026-03-17"


def test_a_complete_declaration_gets_its_receipt_and_the_copy_for_the_tenant(draft, officer):
    case = declaring.give_receipt(filed(draft), by=officer, on=date(2026, 3, 12))

    assert (case.state, case.receipted_on) == (State.RECEIPTED, date(2026, 3, 12))
    assert set(case.acts.values_list("kind", flat=True)) >= {ActKind.DECLARATION_RECEIPT, ActKind.TENANT_COPY}
    message = Message.objects.filter(kind=Kind.RECEIPTED).first()
    assert message.acts.count() == 2
    assert tasks(case) == set()
    assert case.process.finished is not None


def test_no_receipt_while_a_required_piece_is_missing(draft, officer):
    case = filed(draft, PieceKind.PHOTOS)

    with pytest.raises(completeness.PiecesMissing, match="DPE"):
        declaring.give_receipt(case, by=officer, on=FILED)
    assert again(case).state == State.SUBMITTED


def test_the_landlord_gives_themselves_no_receipt(draft):
    case = filed(draft)

    with pytest.raises(PermissionDenied):
        declaring.give_receipt(case, by=case.applicant, on=FILED)


def test_no_permit_is_born_of_the_silence_on_a_declaration(draft):
    case = filed(draft)

    done = clock.run(case.authority, on=date(2026, 6, 1))

    assert (again(case).state, done["granted"], done["told"]) == (State.SUBMITTED, 0, 1)


@pytest.mark.parametrize(("on", "flagged"), [(DUE, 0), (DUE + timedelta(1), 1)])
def test_a_week_without_answer_is_told_once_to_the_service(draft, officer, on, flagged):
    case = filed(draft)

    clock.run(case.authority, on=on)
    clock.run(case.authority, on=on)

    assert Message.objects.filter(kind=Kind.RECEIPT_OVERDUE, recipient=officer.email).count() == flagged
    assert again(case).state == State.SUBMITTED


def test_what_is_missing_is_asked_for_by_the_acknowledgement_of_an_incomplete_declaration(draft, officer):
    case = asked(filed(draft, PieceKind.PHOTOS), officer)

    assert (case.state, case.respond_by, case.receipt_due_on) == (State.INCOMPLETE, date(2026, 4, 1), None)
    assert case.acts.filter(kind=ActKind.DECLARATION_INCOMPLETE).exists()
    assert not case.acts.filter(kind=ActKind.MISSING_PIECES).exists()
    assert Message.objects.filter(kind=Kind.DECLARATION_INCOMPLETE).exists()
    assert tasks(case) == {"provide_pieces"}


@pytest.mark.parametrize(("respond_by", "allowed"), [(date(2026, 4, 10), True), (date(2026, 4, 11), False)])
def test_the_time_to_complete_is_a_month_at_the_most(draft, officer, respond_by, allowed):
    case = filed(draft, PieceKind.PHOTOS)

    if allowed:
        assert asked(case, officer, respond_by=respond_by).respond_by == respond_by
    else:
        with pytest.raises(completeness.AnswerTooLate, match="10/04/2026"):
            asked(case, officer, respond_by=respond_by)


def test_completed_in_time_it_is_checked_then_receipted(draft, officer):
    case = asked(filed(draft, PieceKind.PHOTOS), officer)
    give(case, PieceKind.DPE, on=date(2026, 4, 1))

    case = again(case)
    assert (case.state, case.completed_on, case.receipt_due_on) == (State.INCOMPLETE, date(2026, 4, 1), date(2026, 4, 8))
    assert tasks(case) == {"check_answer"}
    assert clock.run(case.authority, on=date(2026, 4, 3))["expired"] == 0
    assert declaring.give_receipt(case, by=officer, on=date(2026, 4, 3)).state == State.RECEIPTED


def test_an_answer_that_does_not_do_is_asked_for_again(draft, officer):
    case = asked(filed(draft, PieceKind.PHOTOS), officer)
    give(case, PieceKind.DPE, on=date(2026, 3, 20))
    completeness.check_piece(
        again(case), kind=PieceKind.DPE, verdict=Verdict.REFUSED, reason="Illisible", by=officer, on=date(2026, 3, 21)
    )

    case = asked(again(case), officer, on=date(2026, 3, 21), respond_by=date(2026, 4, 15))

    assert (case.state, case.respond_by, tasks(case)) == (State.INCOMPLETE, date(2026, 4, 15), {"provide_pieces"})


def test_not_completed_it_expires_by_the_clock_and_says_so(draft, officer):
    case = asked(filed(draft, PieceKind.PHOTOS), officer)

    assert clock.run(case.authority, on=date(2026, 4, 1))["expired"] == 0
    assert clock.run(case.authority, on=date(2026, 4, 2))["expired"] == 1
    assert clock.run(case.authority, on=date(2026, 4, 2))["expired"] == 0

    case = again(case)
    assert (case.state, case.ended_on, tasks(case)) == (State.EXPIRED, date(2026, 4, 2), set())
    assert case.acts.filter(kind=ActKind.DECLARATION_EXPIRED).count() == 1
    assert Message.objects.filter(kind=Kind.EXPIRED).exists()


def test_pieces_that_come_after_their_last_day_bring_no_receipt(draft, officer):
    case = asked(filed(draft, PieceKind.PHOTOS), officer)
    give(case, PieceKind.DPE, on=date(2026, 4, 2))

    assert tasks(again(case)) == {"provide_pieces"}
    with pytest.raises(guards.TooLate, match="il en faut une nouvelle"):
        declaring.give_receipt(again(case), by=officer, on=date(2026, 4, 2))


def test_a_new_declaration_takes_every_answer_and_is_begun_once(draft, officer):
    case = asked(filed(draft, PieceKind.PHOTOS), officer)
    clock.run(case.authority, on=date(2026, 4, 2))
    case = again(case)

    new = declaring.declare_again(case, by=case.applicant, on=date(2026, 4, 3))

    assert (new.state, new.regime, new.lease_signed_on, new.number, new.resubmits) == (
        State.DRAFT,
        case.regime,
        LEASE,
        None,
        case,
    )
    assert new.dwelling.address == case.dwelling.address
    assert [each.name for each in new.lessors.all()] == [each.name for each in case.lessors.all()]
    assert declaring.declare_again(case, by=case.applicant, on=date(2026, 4, 3)) == new
    with pytest.raises(PermissionDenied):
        declaring.declare_again(case, by=factories.UserFactory(), on=date(2026, 4, 3))


def test_a_new_declaration_goes_to_the_authority_of_its_own_day(draft, officer):
    """The delegation ended in between: the paper that the service enters goes to whoever is competent now."""
    case = asked(filed(draft), officer)
    Application.objects.filter(pk=case.pk).update(channel="paper", applicant=None, officer=officer)
    clock.run(case.authority, on=date(2026, 4, 2))
    epci = factories.AuthorityFactory()
    Commune.objects.filter(pk=case.commune_id).update(epci_siren=epci.siren)
    with pytest.raises(copying.NoLongerCompetent, match=epci.name):
        declaring.declare_again(again(case), by=officer, on=date(2026, 4, 3))
    Membership.objects.create(user=officer, role=Role.OFFICER, authority=epci)
    both = User.objects.get(pk=officer.pk)

    new = declaring.declare_again(again(case), by=both, on=date(2026, 4, 3))

    assert (new.authority, new.zone, new.officer, new.received_on) == (epci, None, None, date(2026, 4, 3))
    assert new.dwelling.address == case.dwelling.address


def test_only_an_expired_declaration_is_made_again(draft):
    case = filed(draft)

    with pytest.raises(declaring.NotToDeclareAgain):
        declaring.declare_again(case, by=case.applicant, on=FILED)


# Lease of 1 September 2025: due 16 September (scenario 23).
@pytest.mark.parametrize(
    ("received_on", "posted_on", "late"),
    [
        (date(2025, 9, 16), None, False),
        (date(2025, 9, 17), None, True),
        (date(2025, 9, 18), date(2025, 9, 16), False),
        (date(2025, 9, 18), date(2025, 9, 17), True),
    ],
)
def test_the_postmark_counts_for_the_landlord(received_on, posted_on, late):
    authority = factories.AuthorityFactory()
    officer = factories.member(authority, Role.OFFICER)
    case = factories.paper_draft(authority, declared=True, lease_signed_on=date(2025, 9, 1), posted_on=posted_on)

    case = intake.submit(case, by=officer, on=date(2025, 9, 20), received_on=received_on)

    assert case.is_declared_late() is late
    assert case.journal.get(event=Event.SUBMITTED).facts["late"] is late
    assert case.receipt_due_on == received_on + timedelta(7)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"lease_signed_on": None}, intake.SheetIncomplete),
        ({"lease_signed_on": FILED + timedelta(1)}, intake.LeaseNotSigned),
        ({"posted_on": FILED + timedelta(1)}, intake.PostedAfterReception),
    ],
)
def test_a_declaration_without_a_signed_lease_is_not_filed(fields, error):
    draft = factories.ApplicationFactory(declared=True, **fields)

    with pytest.raises(error):
        intake.submit(draft, by=draft.applicant, on=FILED)


@pytest.mark.parametrize("verb", ["declare_complete", "propose_decision", "close_incomplete"])
def test_a_declaration_is_neither_reviewed_nor_decided(draft, officer, verb):
    case = filed(draft)

    with pytest.raises(TransitionNotAllowed):
        getattr(case, verb)(on=FILED)


def test_a_paper_declaration_needs_its_own_form():
    authority = factories.AuthorityFactory()
    officer = factories.member(authority, Role.OFFICER)
    case = factories.paper_draft(authority, declared=True)
    give(case, PieceKind.DPE, by=officer)
    case = intake.submit(case, by=officer, on=FILED, received_on=FILED)

    with pytest.raises(completeness.PiecesMissing, match="15651"):
        declaring.give_receipt(case, by=officer, on=FILED)
    assert case.channel == Channel.PAPER


def test_the_open_tasks_are_those_that_the_state_calls_for(draft, officer):
    case = filed(draft, PieceKind.PHOTOS)
    for step in (
        lambda: asked(again(case), officer),
        lambda: give(again(case), PieceKind.DPE, on=date(2026, 3, 15)),
        lambda: declaring.give_receipt(again(case), by=officer, on=date(2026, 3, 16)),
    ):
        step()
        assert tasks(case) == flows.calls_for(again(case))
