"""The permit passes to the new owner: on the day they file, if who held it agrees; who reads and does what afterwards."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from documents import examining
from documents.enums import ActKind, FilePurpose
from documents.models import Act, StoredFile
from notifications.enums import Kind
from notifications.models import Message
from permis import guards, journal, search
from permis.enums import ConditionMode, Ground, Outcome, PieceKind, Side, State, TransferCause, TransferState
from permis.models import Agent, Application, RuleChange, Transfer
from permis.models.journal import Event
from permis.rules import Rule
from permis.words import Question
from tests import factories
from tests.workflows.test_actions import WORK, reviewed
from tests.workflows.test_leases import notified, plain
from workflows import transfers as known
from workflows.actions import afterlife, clock, leases, transfers, works
from workflows.actions.transfers import (
    AgreementInTheFuture,
    AlreadyDeclared,
    AlreadyHeld,
    DeedInTheFuture,
    NoInheritance,
    ProofMissing,
    ReceivedInTheFuture,
)

pytestmark = pytest.mark.django_db
FILED, AGREED = date(2026, 6, 3), date(2026, 6, 20)


@pytest.fixture
def staff_of(case):
    return factories.member(case.authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def granted(case, staff_of):
    case.access_name, case.access_phone = "Mme Voisine", "06 00 00 00 00"
    case.save()
    return notified(case, staff_of)


@pytest.fixture
def buyer():
    return factories.prove_address(factories.UserFactory(first_name="Yanis", last_name="Acquéreur", email="acquereur@exemple.fr"))


@pytest.fixture
def transfer(granted, buyer):
    return factories.transfer(granted, on=FILED, by=buyer)


def again(case):
    return Application.objects.get(pk=case.pk)


def agree(transfer, **changes):
    return transfers.answer_transfer(transfer, **{"agrees": True, "name": "Hélène Duprat", "on": AGREED} | changes)


def to(kind):
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_a_sale_asks_the_holder_and_changes_nothing_before_they_agree(granted, transfer, buyer):
    assert transfer.state == TransferState.AWAITING_AGREEMENT
    assert to(Kind.TRANSFER_ASKED) == {"h.duprat@exemple.fr", granted.applicant.email}
    assert to(Kind.TRANSFER_RECORDED) == {buyer.email}
    assert to(Kind.TRANSFER_FILED)
    asked = Message.objects.filter(kind=Kind.TRANSFER_ASKED).first()
    assert known.read_agreement(re.search(r"/accord/([^/]+)/", asked.text)[1]) == transfer
    assert not Application.objects.visible_to(buyer).exists()
    assert again(granted).lessors.get().last_name == "Duprat"


def test_an_agreement_that_comes_later_takes_effect_on_the_day_of_filing(granted, transfer, buyer):
    former, until = granted.applicant, granted.valid_until
    agree(transfer)

    case, transfer = again(granted), Transfer.objects.get()
    assert (transfer.state, transfer.filed_on, transfer.answered_on) == (TransferState.EFFECTIVE, FILED, AGREED)
    assert (case.state, case.valid_until, case.applicant) == (State.GRANTED, until, buyer)
    assert case.lessors.get().last_name == "Acquéreur"
    assert transfer.former_applicant == former
    assert transfer.parties.get(side=Side.FORMER).last_name == "Duprat"
    assert (case.access_name, case.access_phone) == ("", "")
    assert case.journal.get(event=Event.TRANSFER_EFFECTIVE).on == FILED
    assert not list(journal.faults(case))
    officer = factories.member(case.authority, Role.OFFICER)
    assert {search.find(Question.of(name), officer, limit=2).keys for name in ("acquéreur", "duprat")} == {(case.pk,)}
    assert to(Kind.TRANSFER_GIVEN_UP) == {"h.duprat@exemple.fr", former.email}
    assert to(Kind.TRANSFER_DONE) == {buyer.email}
    receipt = case.acts.get(kind=ActKind.TRANSFER_RECEIPT)
    assert all(receipt in message.acts.all() for message in Message.objects.filter(kind=Kind.TRANSFER_DONE))
    assert "transféré" in plain(Message.objects.filter(kind=Kind.TRANSFER_GIVEN_UP).first())


def test_the_new_holder_acts_and_the_former_only_reads_what_was_theirs(granted, transfer, buyer):
    former = granted.applicant
    agree(transfer)
    case = again(granted)

    with pytest.raises(PermissionDenied):
        leases.declare_lease(case, signed_on=[AGREED], by=former, on=AGREED)
    readable = set(Act.objects.visible_to(former))
    leases.declare_lease(case, signed_on=[AGREED], by=buyer, on=AGREED)
    later = Act.objects.create(application=case, kind=ActKind.LIFTING, issued_on=AGREED, sha256="a" * 64)
    assert readable == set(Act.objects.visible_to(former)) == set(case.acts.issued()) - {later}
    assert not Application.objects.visible_to(former).exists()
    assert not StoredFile.objects.visible_to(former).exists()
    assert StoredFile.objects.visible_to(buyer).exists()
    assert set(Message.objects.visible_to(buyer).values_list("kind", flat=True)) == {Kind.TRANSFER_DONE, Kind.LEASE_DECLARED}


def test_what_says_something_of_the_former_holder_stays_with_the_service(granted, transfer, buyer, staff_of):
    for rank, kind in enumerate((PieceKind.TITLE_DEED, PieceKind.CREP)):
        file = granted.files.create(sha256=str(rank) * 64, uploaded_by=granted.applicant, size=1, content_type="application/pdf")
        granted.pieces.create(kind=kind, file=file, received_on=FILED)
    deed = granted.files.get(pieces__kind=PieceKind.TITLE_DEED)
    agree(transfer)

    seen = StoredFile.objects.visible_to(buyer)
    assert deed not in seen
    assert granted.files.get(pieces__kind=PieceKind.CREP) in seen
    assert deed in StoredFile.objects.visible_to(staff_of)
    assert not granted.pieces.current().filter(kind=PieceKind.TITLE_DEED).exists()


def test_a_holder_who_disagrees_keeps_the_permit(granted, transfer, buyer):
    agree(transfer, agrees=False, reason="Je n’ai rien vendu")

    assert Transfer.objects.get().state == TransferState.REFUSED
    assert again(granted).applicant == granted.applicant
    assert not again(granted).acts.filter(kind=ActKind.TRANSFER_RECEIPT).exists()
    assert to(Kind.TRANSFER_REFUSED) == {buyer.email}
    assert "Je n’ai rien vendu" in plain(Message.objects.get(kind=Kind.TRANSFER_REFUSED))
    with pytest.raises(guards.WrongState):
        agree(transfer)


def test_a_signed_agreement_is_looked_at_by_the_service(granted, buyer, staff_of):
    transfer = factories.transfer(granted, on=FILED, by=buyer, agreement=factories.upload(name="accord.pdf"))
    assert transfer.state == TransferState.TO_CHECK
    assert not Message.objects.filter(kind=Kind.TRANSFER_ASKED).exists()
    paper = granted.files.get(purpose=FilePurpose.SERVICE)
    assert paper not in StoredFile.objects.visible_to(granted.applicant)
    with pytest.raises(guards.WrongState):
        agree(transfer)
    signatory = factories.member(granted.authority, Role.SIGNATORY)
    with pytest.raises(PermissionDenied):
        transfers.check_agreement(transfer, agrees=True, answered_on=FILED, by=signatory, on=AGREED)
    with pytest.raises(AgreementInTheFuture):
        transfers.check_agreement(transfer, agrees=True, answered_on=AGREED + timedelta(1), by=staff_of, on=AGREED)

    transfers.check_agreement(transfer, agrees=True, answered_on=FILED, reason="Signature comparée", by=staff_of, on=AGREED)

    piece = again(granted).pieces.current().get(kind=PieceKind.HOLDER_AGREEMENT)
    assert (piece.file, piece.received_on, piece.checked_by) == (paper, FILED, staff_of)
    assert again(granted).applicant == buyer


def test_an_inheritance_rests_on_its_proof_and_the_heirs_agreement(granted, buyer):
    heir = {"cause": TransferCause.INHERITANCE, "agreement": factories.upload(name="accord.pdf")}
    with pytest.raises(ProofMissing):
        factories.transfer(granted, on=FILED, by=buyer, **heir)
    proof = factories.upload(factories.PDF + b"%notoriete", "notoriete.pdf")
    transfer = factories.transfer(granted, on=FILED, by=buyer, **heir, proof=proof)
    assert transfer.state == TransferState.TO_CHECK
    legal = factories.member(granted.authority, Role.LEGAL)
    transfers.check_agreement(transfer, agrees=True, answered_on=FILED, reason="Acte de notoriété", by=legal, on=AGREED)

    kinds = again(granted).pieces.current().values_list("kind", "title")
    assert {(PieceKind.HOLDER_AGREEMENT, ""), (PieceKind.OTHER, transfers.PROOF_TITLE)} <= set(kinds)


def test_an_authority_may_refuse_inheritances(granted, buyer):
    administrator = factories.member(granted.authority, Role.ADMINISTRATOR)
    RuleChange.objects.create(
        authority=granted.authority, rule=Rule.INHERITANCE, value=False, since=FILED, by=administrator, reason="Délibération"
    )
    with pytest.raises(NoInheritance):
        factories.transfer(granted, on=FILED, by=buyer, cause=TransferCause.INHERITANCE)


def test_only_an_owner_of_today_declares_and_only_once(granted, transfer, buyer):
    with pytest.raises(AlreadyDeclared):
        factories.transfer(granted, on=FILED, by=buyer)
    with pytest.raises(DeedInTheFuture):
        factories.transfer(granted, on=FILED, deed_on=FILED + timedelta(1))
    with pytest.raises(AlreadyHeld):
        factories.transfer(granted, on=FILED, by=granted.applicant)
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer.objects.create(application=granted, cause="sale", deed_on=FILED, filed_on=FILED, filed_by=buyer)


def test_a_permit_used_or_lapsed_is_not_transferred(granted, transfer):
    leases.declare_lease(granted, signed_on=[FILED], by=granted.applicant, on=FILED)
    with pytest.raises(guards.WrongState):
        agree(transfer)
    with pytest.raises(guards.WrongState):
        factories.transfer(again(granted), on=FILED)


def test_a_refusal_is_not_transferred(case, staff_of):
    refused = notified(case, staff_of, Outcome.REFUSED, grounds=[Ground.DECENCY], works=[WORK])
    with pytest.raises(guards.WrongState):
        factories.transfer(refused, on=FILED)


def test_a_permit_whose_last_day_is_over_is_not_transferred_even_before_the_clock_says_so(granted):
    with pytest.raises(guards.WrongState):
        factories.transfer(granted, on=granted.valid_until + timedelta(1))
    assert factories.transfer(granted, on=granted.valid_until).is_pending


def test_conditions_go_with_the_permit(case, staff_of, buyer):
    granted = notified(case, staff_of, Outcome.CONDITIONAL, mode=ConditionMode.PRIOR, grounds=[Ground.DECENCY], works=[WORK])
    agree(factories.transfer(granted, on=FILED, by=buyer))
    assert again(granted).state == State.GRANTED_CONDITIONAL
    works.prove_work(granted.decision.works.get(), proofs=["a" * 64], by=buyer, on=AGREED)


def test_the_first_agreement_ends_the_other_declarations(granted, transfer, buyer):
    other = factories.transfer(granted, on=FILED, by=factories.UserFactory())
    agree(transfer)
    other = Transfer.objects.get(pk=other.pk)
    assert (other.state, other.reason) == (TransferState.REFUSED, transfers.OVERTAKEN)


def test_the_agent_of_the_former_holder_has_no_hand_in_it_any_more(granted, buyer):
    Agent.objects.create(application=granted, name="Cabinet Moron", activity="Gestion", address="Bordeaux", email="a@exemple.fr")
    agree(factories.transfer(again(granted), on=FILED, by=buyer))
    assert not Agent.objects.filter(application=granted).exists()
    assert Transfer.objects.get().former_agent == "Cabinet Moron"
    assert "a@exemple.fr" in to(Kind.TRANSFER_GIVEN_UP)
    assert "a@exemple.fr" not in to(Kind.TRANSFER_DONE)


def test_a_transferred_permit_passes_on_again(granted, transfer, buyer):
    agree(transfer)
    second = factories.transfer(again(granted), on=AGREED, owners=[factories.owner(last_name="Suivant")])
    assert to(Kind.TRANSFER_ASKED) >= {buyer.email}
    agree(second, on=AGREED + timedelta(1))
    assert again(granted).lessors.get().last_name == "Suivant"
    assert set(Transfer.objects.given_up_by(buyer)) == {second}


def test_a_declaration_is_withdrawn_by_its_author_alone(transfer, granted, buyer):
    with pytest.raises(PermissionDenied):
        transfers.withdraw_transfer(transfer, by=granted.applicant, on=FILED)
    transfers.withdraw_transfer(transfer, by=buyer, on=FILED)
    with pytest.raises(guards.WrongState):
        agree(transfer)


def test_the_attestation_of_a_tacit_permit_says_who_asked_and_who_holds_it(case, buyer, staff_of):
    tacit = reviewed(case, staff_of)
    clock.run(tacit.authority, on=date(2026, 4, 3))
    agree(factories.transfer(again(tacit), on=FILED, by=buyer))
    act = afterlife.attest(again(tacit), by=buyer, on=AGREED)
    text = " ".join(block["text"] for block in act.content["blocks"]).replace("\xa0", " ")
    assert "présentée par Mme Hélène Duprat" in text
    assert "transférée à M. Yanis Acquéreur" in text


@pytest.mark.parametrize("failing", ["workflows.actions.transfers.flows.advance", "workflows.actions.transfers.indexing.keep"])
def test_a_failure_leaves_nothing_behind(granted, transfer, monkeypatch, failing):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(failing, fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        agree(transfer)
    assert Transfer.objects.get().is_pending
    assert again(granted).applicant == granted.applicant
    assert not Act.objects.filter(kind=ActKind.TRANSFER_RECEIPT).exists()
    assert not Message.objects.filter(kind=Kind.TRANSFER_DONE).exists()


def test_examined_papers_are_served_to_the_service(client, granted, buyer, staff_of):
    transfer = factories.transfer(granted, on=FILED, by=buyer, agreement=factories.upload(name="accord.pdf"))
    paper = examining.examine(granted.files.select_related("application").get(purpose=FilePurpose.SERVICE))
    url = reverse("file", args=[paper.pk])
    for person, status in ((staff_of, 302), (granted.applicant, 404), (factories.UserFactory(), 404)):
        client.force_login(person)
        assert client.get(url).status_code == status
    client.force_login(staff_of)
    assert url in client.get(reverse("case-transfer", args=[granted.pk, transfer.pk])).content.decode()


def test_a_paper_declaration_takes_effect_on_the_day_it_was_received(granted, staff_of):
    paper = {"by": staff_of, "on": AGREED, "deed_on": FILED}
    with pytest.raises(ReceivedInTheFuture):
        factories.transfer(granted, **paper, received_on=AGREED + timedelta(1))
    with pytest.raises(PermissionDenied):
        factories.transfer(granted, **paper | {"by": factories.UserFactory()}, received_on=FILED)
    transfer = factories.transfer(granted, **paper, received_on=FILED)
    assert to(Kind.TRANSFER_RECORDED) == {"acquereur@exemple.fr"}
    transfers.check_agreement(transfer, agrees=True, answered_on=FILED, reason="Lettre", by=staff_of, on=AGREED)

    case = again(granted)
    assert (case.applicant, case.lessors.get().last_name) == (None, "Acquéreur")
    assert case.journal.get(event=Event.TRANSFER_EFFECTIVE).on == FILED
    assert to(Kind.TRANSFER_DONE) == {"acquereur@exemple.fr"}


def test_a_holder_without_address_is_asked_by_letter(granted):
    granted.lessors.update(email="")
    Application.objects.filter(pk=granted.pk).update(applicant=None)
    factories.transfer(again(granted), on=FILED)
    assert not Message.objects.filter(kind=Kind.TRANSFER_ASKED).exists()
    assert "demandez-lui son accord par lettre" in plain(Message.objects.filter(kind=Kind.TRANSFER_FILED).first())
