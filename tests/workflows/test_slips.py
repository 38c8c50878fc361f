"""How what is due leaves: with a slip and a proof, once, acknowledged by who received it, and never silently late."""

from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed, can_proceed

from accounts.enums import Role
from accounts.models import User
from documents.acts import ActNotReady
from documents.content import Table
from documents.tasks import render_act
from notifications.enums import Kind, MessageState, Occasion, RecipientKind, TransmissionMeans, TransmissionState
from notifications.models import Message, Recipient, Slip, Transmission
from notifications.tasks import deliver
from permis import journal
from permis.enums import Outcome
from permis.models import Application, RuleChange
from permis.models.journal import Event
from tests import factories
from tests.permis.test_transitions import transitions
from tests.workflows import partners
from tests.workflows.test_actions import NOTICE
from tests.workflows.test_races import at_once
from workflows import transmitting
from workflows.actions import clock, decision, transmissions, works
from workflows.actions.transmissions import ImpossibleDay, NothingToSend

pytestmark = pytest.mark.django_db
CAF, MSA, TAX, PDALHPD, OBSERVATORY, PREFECTURE, EPCI = RecipientKind
DUE, SENT, ACKNOWLEDGED, CORRECTED = TransmissionState


@pytest.fixture
def authority():
    return factories.AuthorityFactory()


@pytest.fixture
def staff(authority):
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def draft(authority):
    return factories.ApplicationFactory(authority=authority)


def settle(authority, rule, value, by):
    RuleChange.objects.create(authority=authority, rule=rule, value=value, since=date(2026, 1, 1), by=by)


def kinds(**conditions):
    return set(Transmission.objects.filter(**conditions).values_list("kind", flat=True))


def of(kind, **conditions):
    return Transmission.objects.get(kind=kind, **conditions)


def test_sending_by_hand_dates_proves_and_records(draft, staff):
    caf = partners.directory(draft.authority)[CAF]
    case = partners.decided(draft, staff)

    slip = transmissions.send(caf, by=staff, on=NOTICE + timedelta(2), sent_on=NOTICE + timedelta(1), proof="LRAR 1A 234")

    sent = of(CAF)
    assert (sent.state, sent.sent_on, sent.sending_proof) == (SENT, NOTICE + timedelta(1), "LRAR 1A 234")
    assert slip.number == "CAF-2026-0001"
    content = transmitting.slip(slip, [sent], on=NOTICE)
    assert content.recipient[0] == caf.name
    assert [row[2] for block in content.blocks if isinstance(block, Table) for row in block.rows] == [
        f"dossier n° {case.number}, 12 rue de la Gare, 2e étage, {case.commune.name}"
    ]
    assert bytes(slip.pdf).startswith(b"%PDF-")
    entry = case.journal.order_by("-position").first()
    assert entry.event == Event.TRANSMITTED
    assert "CAF-2026-0001" in entry.facts["reason"]
    assert list(journal.faults(case)) == []
    assert kinds(state=DUE) == {MSA, TAX, PDALHPD, OBSERVATORY, PREFECTURE}


def test_sending_twice_sends_once(draft, staff):
    caf = partners.directory(draft.authority)[CAF]
    partners.decided(draft, staff)
    transmissions.send(caf, by=staff, on=NOTICE, proof="Remis")

    with pytest.raises(NothingToSend):
        transmissions.send(caf, by=staff, on=NOTICE, proof="Remis")

    assert Slip.objects.count() == 1


@pytest.mark.parametrize("sent_on", [NOTICE - timedelta(1), NOTICE + timedelta(1)])
def test_a_day_of_sending_before_the_decision_or_tomorrow_is_refused(draft, staff, sent_on):
    caf = partners.directory(draft.authority)[CAF]
    partners.decided(draft, staff)

    with pytest.raises(ImpossibleDay):
        transmissions.send(caf, by=staff, on=NOTICE, sent_on=sent_on, proof="Remis")

    assert of(CAF).state == DUE


def test_only_who_keeps_the_ledger_sends(draft, staff):
    caf = partners.directory(draft.authority)[CAF]
    partners.decided(draft, staff)

    for stranger in (
        factories.member(draft.authority, Role.SIGNATORY, Role.AUDITOR, Role.PARTNER),
        factories.member(factories.AuthorityFactory(), Role.MANAGER),
    ):
        with pytest.raises(PermissionDenied):
            transmissions.send(caf, by=stranger, on=NOTICE, proof="Remis")


def test_an_email_leaves_with_its_files_and_proves_itself(draft, staff, mailoutbox):
    caf = partners.directory(draft.authority, CAF, means=TransmissionMeans.EMAIL, email="caf@partenaire.test")[CAF]
    partners.decided(draft, staff)

    transmissions.send(caf, by=staff, on=NOTICE)
    assert (of(CAF).state, of(CAF).is_under_way) == (DUE, True)
    message = Message.objects.get(kind=Kind.TRANSMISSION_SLIP)
    deliver(message_id=message.pk)
    deliver(message_id=message.pk)

    [mail] = mailoutbox
    assert (mail.to, mail.reply_to) == (["caf@partenaire.test"], [draft.authority.email])
    assert [name for name, _, _ in mail.attachments] == [
        "bordereau-CAF-2026-0001.pdf", "decisions-CAF-2026-0001.csv", "transmissions-CAF-2026-0001.json",
    ]  # fmt: skip
    assert of(CAF).state == SENT
    assert f"<message-{message.pk}@" in of(CAF).sending_proof
    assert of(CAF).slip.sha256 in of(CAF).sending_proof


def test_an_email_that_no_server_takes_is_to_be_sent_again(draft, staff, monkeypatch):

    caf = partners.directory(draft.authority, CAF, means=TransmissionMeans.EMAIL)[CAF]
    partners.decided(draft, staff)
    transmissions.send(caf, by=staff, on=NOTICE)
    message = Message.objects.get(kind=Kind.TRANSMISSION_SLIP)

    def refuse(_):
        raise SMTPRecipientsRefused({message.recipient: (550, b"inconnu")})

    monkeypatch.setattr("notifications.tasks.EmailMultiAlternatives.send", refuse)
    with pytest.raises(SMTPRecipientsRefused):
        deliver(message_id=message.pk)

    assert Message.objects.get(pk=message.pk).state == MessageState.FAILED
    assert list(Transmission.objects.to_send().filter(recipient=caf)) == [of(CAF)]
    assert transmissions.send(caf, by=staff, on=NOTICE).number == "CAF-2026-0002"


def test_the_space_tells_its_partners_and_sends_nothing_else(draft, staff):
    caf = partners.directory(draft.authority, CAF, means=TransmissionMeans.SPACE)[CAF]
    reader = partners.partner(caf)
    partners.decided(draft, staff)

    slip = transmissions.send(caf, by=staff, on=NOTICE)

    [message] = Message.objects.filter(kind=Kind.TRANSMISSION_SLIP)
    assert (message.recipient, slip.message) == (reader.email, None)
    assert "/partenaire/" in message.text
    assert of(CAF).state == SENT


def test_acts_for_the_prefecture_are_numbered_and_hashed(draft, staff):
    prefecture = partners.directory(draft.authority, PREFECTURE, means=TransmissionMeans.ACTES)[PREFECTURE]
    case = partners.decided(draft, staff, Outcome.CONDITIONAL)
    works.settle_work(case.decision.works.get(), met=True, by=staff, on=NOTICE)
    decision.lift_conditions(case, by=staff, on=NOTICE)

    with pytest.raises(ActNotReady):
        transmissions.send(prefecture, by=staff, on=NOTICE, proof="Déposé")

    render_act(act_id=case.acts.get(kind="lifting").pk)
    transmissions.send(prefecture, by=staff, on=NOTICE, proof="Déposé")
    first, second = Transmission.objects.filter(kind=PREFECTURE).order_by("pk")
    assert (first.state, second.state) == (CORRECTED, SENT)
    assert first.payload["objet"] == "Permis de louer : autorisation sous conditions"
    assert first.act.sha256 == case.decision.act_sha256
    assert second.act.kind == "lifting"


def test_a_recipient_or_the_service_acknowledges_once(draft, staff):
    caf = partners.directory(draft.authority)[CAF]
    partners.decided(draft, staff)
    transmissions.send(caf, by=staff, on=NOTICE, proof="Remis")
    facts = {"acknowledged_on": NOTICE, "proof": "Courriel du 20 mars"}

    with pytest.raises(PermissionDenied):
        transmissions.acknowledge(of(CAF), by=partners.partner(Recipient.objects.get(kind=MSA)), on=NOTICE, **facts)
    with pytest.raises(ImpossibleDay):
        transmissions.acknowledge(of(CAF), by=staff, on=NOTICE, acknowledged_on=NOTICE - timedelta(1), proof="Trop tôt")
    transmissions.acknowledge(of(CAF), by=partners.partner(caf), on=NOTICE, **facts)
    with pytest.raises(TransitionNotAllowed):
        transmissions.acknowledge(of(CAF), by=staff, on=NOTICE, **facts)

    assert (of(CAF).state, of(CAF).acknowledgement) == (ACKNOWLEDGED, "Courriel du 20 mars")
    case = Application.objects.get(pk=draft.pk)
    [entry] = case.journal.filter(event=Event.TRANSMISSION_ACKNOWLEDGED)
    assert (entry.on, entry.facts["transmission"]) == (NOTICE, of(CAF).pk)
    assert entry.author in User.objects.filter(memberships__role=Role.PARTNER)
    assert entry.facts["reason"] == f"Refus, à {caf.name}, bordereau n° CAF-2026-0001 – Courriel du 20 mars"
    assert list(journal.faults(case)) == []


def test_a_partner_who_acknowledges_everything_writes_it_in_each_case(draft, staff):
    caf = partners.directory(draft.authority)[CAF]
    cases = [partners.decided(each, staff) for each in (draft, factories.ApplicationFactory(authority=draft.authority))]
    transmissions.send(caf, by=staff, on=NOTICE, proof="Remis")
    reader = partners.partner(caf)

    assert transmissions.acknowledge_all(by=reader) == 2
    for case in cases:
        assert case.journal.get(event=Event.TRANSMITTED).facts["slip"] == "CAF-2026-0001"
        assert case.journal.get(event=Event.TRANSMISSION_ACKNOWLEDGED).author == reader


def test_lateness_is_told_once_to_the_managers(draft, staff):
    partners.directory(draft.authority)
    partners.decided(draft, staff)
    last_day = NOTICE + timedelta(8)

    assert clock.run(draft.authority, on=last_day)["late_transmissions"] == 0
    assert clock.run(draft.authority, on=last_day + timedelta(1))["late_transmissions"] == 5
    assert clock.run(draft.authority, on=last_day + timedelta(1))["late_transmissions"] == 0

    [message] = Message.objects.filter(kind=Kind.TRANSMISSIONS_LATE)
    assert message.recipient == staff.email
    assert "5 transmissions obligatoires" in message.subject
    assert f"n° {Application.objects.get().number}" in message.text.replace("\N{NO-BREAK SPACE}", " ")


LAW = {
    (DUE, "send"), (SENT, "acknowledge"), (DUE, "correct"), (SENT, "correct"), (ACKNOWLEDGED, "correct"),
}  # fmt: skip


def test_transition_table():
    names = {each.name for each in transitions(Transmission)}

    assert {(s, n) for s in TransmissionState for n in names if can_proceed(getattr(Transmission(state=s), n))} == LAW
    assert all(each.permission is not None for each in transitions(Transmission))


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (SENT, {}),
        (SENT, {"sent_on": NOTICE, "means": "hand", "sending_proof": ""}),
        (ACKNOWLEDGED, {"sent_on": NOTICE, "means": "hand", "sending_proof": "Remis", "acknowledged_on": NOTICE}),
        (DUE, {"year": 2025}),
    ],
)
def test_the_database_refuses_what_is_sent_without_proof_or_about_two_things(authority, state, fields):
    one = partners.sent_zone(authority)
    row = {"authority": authority, "kind": CAF, "occasion": Occasion.DELIBERATION, "opened_on": NOTICE, "due_on": NOTICE}

    with pytest.raises(IntegrityError), transaction.atomic():
        Transmission.objects.create(**row, zone=one.zone, recipient=one.recipient, slip=one.slip, state=state, **fields)


@pytest.mark.django_db(transaction=True)
def test_eight_sendings_at_once_make_one_slip():
    """Deliberations have no case whose lock would keep the others out."""
    authority = factories.AuthorityFactory()
    caf = partners.directory(authority, CAF)[CAF]
    keeper = factories.member(authority, Role.MANAGER)
    transmissions.keep_zone(factories.ZoneFactory(authority=authority), on=NOTICE)

    def send():
        try:
            transmissions.send(caf, by=keeper, on=NOTICE, proof="Remis")
        except NothingToSend:
            return "told"
        return "sent"

    assert sorted(at_once(*[send] * 8)) == ["done"] * 8
    assert Slip.objects.get().transmissions.count() == 1
