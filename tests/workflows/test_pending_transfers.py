"""A transfer still awaited when its permit ends is closed with its reason; an agency declares for the buyer, and then acts for them."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership, Organisation
from notifications.enums import Kind
from notifications.models import Message
from permis import journal
from permis.correction import Correctable
from permis.enums import ConditionMode, Ground, Means, Outcome, Side, State, TransferState
from permis.litigation import HearingPurpose, Judgment
from permis.models import Application, Transfer
from permis.models.journal import Event
from tests import factories
from tests.workflows.contested import letter, seized
from tests.workflows.desk import words
from tests.workflows.test_actions import WORK, signed
from tests.workflows.test_leases import notified, plain
from tests.workflows.test_rights import STAFF
from tests.workflows.test_transfer_screens import find, typed
from workflows import transfers as known
from workflows.actions import clock, corrections, court, hearing, leases, notification, taking_back, transfers

pytestmark = pytest.mark.django_db
FILED, LATER = date(2026, 6, 3), date(2026, 7, 1)
TACIT = date(2026, 4, 2)


@pytest.fixture
def boss(case):
    return factories.member(case.authority, *STAFF)


@pytest.fixture
def buyer():
    return factories.prove_address(factories.UserFactory(first_name="Yanis", last_name="Acquéreur", email="acquereur@exemple.fr"))


@pytest.fixture
def agency():
    return Organisation.objects.create(
        name="Agence de la Gare", activity="Transaction", address="1 place de la Gare, 33000 Bordeaux", email="agence@exemple.fr"
    )


@pytest.fixture
def agent(agency):
    user = factories.prove_address(factories.UserFactory(email="marc@exemple.fr"))
    Membership.objects.create(user=user, role=Role.AGENT, organisation=agency)
    return user


def again(record):
    return type(record).objects.get(pk=record.pk)


def heard(case, boss, purpose, **facts):
    opened = hearing.open_hearing(
        case, purpose=purpose, reasons="Rien n’est fait.", texts="CCH L. 635-9", means=Means.HAND, by=boss, on=FILED, **facts
    )
    hearing.record_answer(opened, received_on=FILED, by=boss, on=FILED)


def revoke(case, boss):
    heard(case, boss, HearingPurpose.REVOCATION)
    act = taking_back.preview_revocation(case, reasons="que l’immeuble est frappé d’un arrêté ;", by=boss, on=LATER)
    taking_back.revoke(case, act=act, reasons="que l’immeuble est frappé d’un arrêté ;", by=boss, on=LATER)


def repeal(case, boss):
    hearing.record_answer(letter(case, boss, on=FILED), received_on=FILED, by=boss, on=FILED)
    act = taking_back.preview_repeal(case, reasons="que rien n’est fait ;", by=boss, on=LATER)
    taking_back.repeal(case, act=act, reasons="que rien n’est fait ;", by=boss, on=LATER)


def annul(case, boss):
    appeal = seized(case, boss, on=FILED)
    judged = {"judgment": Judgment.ANNULLED, "judged_on": LATER, "notified_on": LATER, "judgment_sha256": "a" * 64}
    court.judge(appeal, **judged, by=boss, on=LATER)


def lapse(case, boss):
    clock.lapse(case, on=case.valid_until + timedelta(1))


def let(case, boss):
    leases.declare_lease(case, signed_on=[FILED], by=case.applicant, on=LATER)


def correct(case, boss):
    """The refusal was in time after all: the reception of the last piece had been typed too early."""
    corrections.correct_date(
        case, which=Correctable.RECEPTION, to=date(2026, 3, 10), reason="Tampon", by=boss, on=date(2026, 4, 6)
    )


ENDS = {
    revoke: (State.REVOKED, "retirée"),
    repeal: (State.REPEALED, "abrogée"),
    annul: (State.ANNULLED, "annulée par le tribunal"),
    lapse: (State.LAPSED, "caduque"),
    let: (State.USED, "Un bail a été signé"),
}


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_the_end_of_a_permit_closes_what_was_declared_of_it(case, boss, buyer, end):
    reasons = {"mode": ConditionMode.DEFERRED, "grounds": [Ground.DECENCY], "works": [WORK | {"due_on": FILED}]}
    granted = notified(case, boss, *([Outcome.CONDITIONAL] if end is repeal else []), **(reasons if end is repeal else {}))
    asked = factories.transfer(granted, on=FILED, by=buyer)
    checked = factories.transfer(granted, on=FILED, agreement=factories.upload(name="accord.pdf"))

    end(again(granted), boss)

    state, reason = ENDS[end]
    assert again(granted).state == state
    for transfer in (asked, checked):
        assert (again(transfer).state, again(transfer).answered_on) == (TransferState.CLOSED, None)
        assert reason in again(transfer).reason
    lines = granted.journal.filter(event=Event.TRANSFER_CLOSED)
    assert {line.facts["transfer"] for line in lines} == {asked.pk, checked.pk}
    assert not list(journal.faults(again(granted)))
    told = Message.objects.filter(kind=Kind.TRANSFER_CLOSED)
    assert set(told.values_list("recipient", flat=True)) == {buyer.email, checked.filed_by.email}
    assert all(again(asked).reason in plain(message) for message in told)
    holder = Message.objects.filter(kind=Kind.TRANSFER_CLOSED_HOLDER)
    assert set(holder.values_list("recipient", flat=True)) == {"h.duprat@exemple.fr", granted.applicant.email}


def test_a_silence_reversed_by_a_refusal_closes_it_too(case, boss, buyer):
    refusal = signed(case, boss, Outcome.REFUSED, grounds=[Ground.DECENCY], works=[WORK])
    clock.grant_tacitly(refusal, on=TACIT + timedelta(1))
    transfer = factories.transfer(again(refusal), on=TACIT + timedelta(2), by=buyer)
    late = TACIT + timedelta(3)
    notification.notify(again(refusal), means=Means.HAND, notified_on=TACIT, recipient="Mme Duprat", by=boss, on=late)
    assert again(refusal).state == State.REFUSED
    assert again(transfer).state == TransferState.CLOSED
    assert "refusée" in again(transfer).reason


def test_a_month_that_was_not_over_closes_it_too(case, boss, buyer):
    filed = signed(case, boss)
    Application.objects.filter(pk=filed.pk).update(signed_on=date(2026, 4, 2))
    clock.grant_tacitly(again(filed), on=TACIT + timedelta(1))
    transfer = factories.transfer(again(filed), on=TACIT + timedelta(2), by=buyer)
    correct(again(filed), boss)
    assert again(filed).state == State.DECISION_SIGNED
    assert (again(transfer).state, "date corrigée" in again(transfer).reason) == (TransferState.CLOSED, True)


def test_conditions_lifted_leave_it_pending(case, boss, buyer):
    from_hand = notified(case, boss)
    transfer = factories.transfer(from_hand, on=FILED, by=buyer)
    court.judge(
        seized(from_hand, boss, on=FILED), judgment=Judgment.DISMISSED, judged_on=LATER, notified_on=LATER,
        judgment_sha256="a" * 64, by=boss, on=LATER,
    )  # fmt: skip
    assert again(transfer).is_pending


def test_a_failed_closing_leaves_the_permit_as_it_was(case, boss, buyer, monkeypatch):
    granted = notified(case, boss)
    transfer = factories.transfer(granted, on=FILED, by=buyer)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("workflows.actions.pending_transfers.outbox.enqueue", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        lapse(granted, boss)
    assert (again(granted).state, again(transfer).is_pending) == (State.GRANTED, True)


def test_everybody_reads_why_it_is_closed(client, case, boss, buyer):
    granted = notified(case, boss)
    transfer = factories.transfer(granted, on=FILED, by=buyer)
    link = known.agreement_path(transfer)
    let(granted, boss)
    assert "Un bail a été signé sous cette autorisation" in words(client.get(link))
    for person, url in (
        (buyer, reverse("transfer", args=[transfer.pk])),
        (granted.applicant, reverse("application", args=[granted.pk])),
        (boss, reverse("case", args=[granted.pk])),
    ):
        client.force_login(person)
        assert "Un bail a été signé sous cette autorisation" in words(client.get(url)), url


# -- The agency of the buyer


def mandate(agency):
    return {"name": agency.name, "activity": agency.activity, "address": agency.address, "email": agency.email}


def test_an_agency_declares_for_the_buyer_then_acts_for_them(case, boss, agency, agent):
    granted = notified(case, boss)
    owner = factories.owner(email="yanis@exemple.fr")
    transfer = factories.transfer(granted, on=FILED, by=agent, owners=[owner], agent=mandate(agency))
    recorded = Message.objects.filter(kind=Kind.TRANSFER_RECORDED)
    assert set(recorded.values_list("recipient", flat=True)) == {agent.email, agency.email, "yanis@exemple.fr"}

    transfers.answer_transfer(transfer, agrees=True, name="Hélène Duprat", on=LATER)

    after = again(granted)
    assert (after.applicant, after.organisation, after.agent.name) == (agent, agency, agency.name)
    assert after.lessors.get().last_name == "Acquéreur"
    colleague = factories.UserFactory()
    Membership.objects.create(user=colleague, role=Role.AGENT, organisation=agency)
    leases.declare_lease(after, signed_on=[LATER], by=colleague, on=LATER)
    done = Message.objects.filter(kind=Kind.TRANSFER_DONE)
    assert set(done.values_list("recipient", flat=True)) == {"yanis@exemple.fr", agent.email, agency.email}
    receipt = after.acts.get(kind="transfer_receipt").content
    assert receipt["recipient"][:2] == [agency.name, "pour M. Yanis Acquéreur"]
    assert "ayant pour mandataire Agence de la Gare" in text_of_blocks(receipt)


def text_of_blocks(content):
    return " ".join(block["text"] for block in content["blocks"]).replace("\xa0", " ")


def test_a_colleague_of_the_agency_follows_and_gives_up_the_declaration(client, case, boss, agency, agent):
    transfer = factories.transfer(notified(case, boss), on=FILED, by=agent, agent=mandate(agency))
    colleague, stranger = factories.UserFactory(), factories.UserFactory()
    Membership.objects.create(user=colleague, role=Role.AGENT, organisation=agency)
    url = reverse("transfer", args=[transfer.pk])
    for person, status in ((colleague, 200), (agent, 200), (stranger, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status
    with pytest.raises(PermissionDenied):
        transfers.withdraw_transfer(transfer, by=stranger, on=FILED)
    transfers.withdraw_transfer(transfer, by=colleague, on=FILED)
    assert again(transfer).state == TransferState.WITHDRAWN


def test_the_agency_of_the_seller_may_be_that_of_the_buyer(case, boss, agency, agent):
    Application.objects.filter(pk=case.pk).update(organisation=agency, applicant=agent)
    granted = notified(again(case), boss)
    with pytest.raises(transfers.AlreadyHeld):
        factories.transfer(granted, on=FILED, by=agent)
    transfer = factories.transfer(granted, on=FILED, by=agent, agent=mandate(agency))
    transfers.answer_transfer(transfer, agrees=True, name="Hélène Duprat", on=LATER)
    assert (again(granted).organisation, again(granted).lessors.get().last_name) == (agency, "Acquéreur")


def test_an_agency_that_buys_for_itself_is_nobody_s_agent(case, boss, agency, agent):
    transfer = factories.transfer(notified(case, boss), on=FILED, by=agent)
    transfers.answer_transfer(transfer, agrees=True, name="Hélène Duprat", on=LATER)
    assert (again(case).applicant, again(case).organisation) == (agent, None)


def test_the_screen_proposes_the_agency_and_asks_for_what_lacks(client, case, boss, agency, agent, time_machine):
    time_machine.move_to("2026-06-03T10:00:00+00:00")
    cache.clear()
    granted = notified(case, boss)
    client.force_login(agent)
    assert find(client, granted.number).status_code == 302
    url = known.found_address(granted, agent)
    page = client.get(url)
    assert page.context["agent"].initial["name"] == agency.name
    assert page.context["owners"].forms[0].initial == {}
    said = typed(**{f"agent-{name}": value for name, value in mandate(agency).items()}, **{"agent-has_agent": "on"})
    assert "Indiquez l’activité du mandataire" in words(client.post(url, said | {"agent-activity": ""}))
    assert not Transfer.objects.exists()
    assert client.post(url, said).status_code == 302
    transfer = Transfer.objects.get()
    assert (transfer.agent.name, transfer.new_organisation) == (agency.name, agency)
    client.force_login(boss)
    assert "Agence de la Gare, 1 place de la Gare" in words(client.get(reverse("case-transfer", args=[granted.pk, transfer.pk])))


def test_a_paper_names_its_agent_and_gives_nobody_an_account(case, boss):
    agency = {"name": "Cabinet Moron", "activity": "Gestion", "address": "2 rue Haute, 33000 Bordeaux"}
    transfer = factories.transfer(notified(case, boss), on=LATER, deed_on=FILED, received_on=FILED, by=boss, agent=agency)
    transfers.check_agreement(transfer, agrees=True, answered_on=FILED, reason="Lettre", by=boss, on=LATER)
    assert (again(case).applicant, again(case).organisation, again(case).agent.name) == (None, None, "Cabinet Moron")
    assert again(transfer).parties.filter(side=Side.NEW).exists()
