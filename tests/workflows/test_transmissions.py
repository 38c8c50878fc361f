"""What must be transmitted: due with the decision, sent with a proof, corrected with it, and never silently late."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed, can_proceed

from accounts.enums import Role
from documents.tasks import render_act
from notifications import exports
from notifications.enums import Kind, MessageState, Occasion, RecipientKind, TransmissionMeans, TransmissionState
from notifications.models import Message, Recipient, Slip, Transmission
from notifications.tasks import deliver
from permis import journal
from permis.enums import Means, Outcome, State
from permis.models import Application, RuleChange
from permis.models.journal import Event
from permis.rules import Rule
from tests import factories
from tests.permis.test_transitions import transitions
from tests.workflows import partners
from tests.workflows.test_actions import NOTICE, SIGN, WORK, signed
from workflows.actions import afterlife, clock, decision, transmissions, works
from workflows.actions.transmissions import AlreadyCorrected, ImpossibleDay, NothingToSend

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


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.REFUSED, {CAF, MSA, TAX, PDALHPD, OBSERVATORY, PREFECTURE}),
        (Outcome.CONDITIONAL, {PDALHPD, OBSERVATORY, PREFECTURE}),
        (Outcome.GRANTED, set()),
    ],
)
def test_a_notified_decision_is_due_to_those_the_law_names(draft, staff, outcome, told):
    partners.directory(draft.authority)

    partners.decided(draft, staff, outcome)

    assert kinds(state=DUE) == told
    assert {each.due_on for each in Transmission.objects.exclude(kind=PREFECTURE)} <= {NOTICE + timedelta(8)}
    assert {each.due_on for each in Transmission.objects.filter(kind=PREFECTURE)} <= {SIGN + timedelta(15)}


def test_the_authority_chooses_what_goes_to_the_legality_control(draft, staff):
    settle(draft.authority, Rule.ACTES_REFUSALS, False, staff)
    settle(draft.authority, Rule.ACTES_GRANTS, True, staff)

    partners.decided(draft, staff, Outcome.GRANTED)
    assert kinds() == {PREFECTURE}

    partners.decided(factories.ApplicationFactory(authority=draft.authority), staff, Outcome.REFUSED)
    assert Transmission.objects.filter(kind=PREFECTURE).count() == 1


def test_what_is_due_does_not_wait_for_a_recipient(draft, staff):
    partners.decided(draft, staff)

    assert kinds(recipient=None) == {CAF, MSA, TAX, PDALHPD, OBSERVATORY, PREFECTURE}

    found = Recipient(authority=draft.authority, kind=PREFECTURE, name="Préfecture", means="actes", matter="6.1", since=NOTICE)
    transmissions.keep_recipient(found, members=[], on=NOTICE)

    assert of(PREFECTURE).recipient == found
    assert of(PREFECTURE).payload["matiere"] == "6.1"
    assert kinds(recipient=None) == {CAF, MSA, TAX, PDALHPD, OBSERVATORY}


def test_a_decision_that_fails_on_its_way_leaves_nothing_due(draft, staff, monkeypatch):
    case = signed(draft, staff, Outcome.REFUSED, grounds=["decency"], works=[WORK])
    monkeypatch.setattr("workflows.actions.decision.flows.advance", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        decision.notify(case, means=Means.HAND, notified_on=NOTICE, by=staff, on=NOTICE)

    assert not Transmission.objects.exists()


def test_sending_by_hand_dates_proves_and_records(draft, staff):
    caf = partners.directory(draft.authority)[CAF]
    case = partners.decided(draft, staff)

    slip = transmissions.send(caf, by=staff, on=NOTICE + timedelta(2), sent_on=NOTICE + timedelta(1), proof="LRAR 1A 234")

    sent = of(CAF)
    assert (sent.state, sent.sent_on, sent.sending_proof) == (SENT, NOTICE + timedelta(1), "LRAR 1A 234")
    assert slip.number == "CAF-2026-0001"
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
    from smtplib import SMTPRecipientsRefused

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

    with pytest.raises(exports.ActNotReady):
        transmissions.send(prefecture, by=staff, on=NOTICE, proof="Déposé")

    render_act(act_id=case.acts.get(kind="lifting").pk)
    transmissions.send(prefecture, by=staff, on=NOTICE, proof="Déposé")
    first, second = Transmission.objects.filter(kind=PREFECTURE).order_by("pk")
    assert (first.state, second.state) == (CORRECTED, SENT)
    assert first.payload["objet"] == "Permis de louer : autorisation sous conditions"
    assert first.act.sha256 == case.decision.act_sha256
    assert second.act.kind == "lifting"


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_lifting_is_told_to_whoever_was_told_of_the_conditions(draft, staff, is_sent):
    partners.directory(draft.authority)
    case = partners.decided(draft, staff, Outcome.CONDITIONAL)
    if is_sent:
        partners.send_all(draft.authority, staff)
    works.settle_work(case.decision.works.get(), met=True, by=staff, on=NOTICE)
    case = decision.lift_conditions(case, by=staff, on=NOTICE)

    assert kinds(occasion=Occasion.LIFTING) == {PDALHPD, OBSERVATORY, PREFECTURE}
    lifted = of(PDALHPD, occasion=Occasion.LIFTING)
    assert lifted.payload["decision"] == "Autorisation, conditions levées"
    assert lifted.payload["decision_precedente"] == "Autorisation sous conditions"
    # The law wants the conditions told, whatever followed: both leave together, in their order.
    assert lifted.corrects.state == (SENT if is_sent else DUE)
    for act in case.acts.filter(sha256=""):
        render_act(act_id=act.pk)
    transmissions.send(lifted.recipient, by=staff, on=NOTICE, chosen=[lifted.pk], proof="Remis")
    assert [each.state for each in Transmission.objects.filter(kind=PDALHPD).order_by("pk")] == [CORRECTED, SENT]


def test_correctives_are_left_to_a_person_where_the_authority_says_so(draft, staff):
    partners.directory(draft.authority)
    settle(draft.authority, Rule.CORRECTIVES, False, staff)
    case = partners.decided(draft, staff, Outcome.CONDITIONAL)
    partners.send_all(draft.authority, staff)
    works.settle_work(case.decision.works.get(), met=True, by=staff, on=NOTICE)
    decision.lift_conditions(case, by=staff, on=NOTICE)
    assert kinds(state=DUE) == set()

    opened = transmissions.correct(of(PDALHPD), reason="Conditions levées", by=staff, on=NOTICE)

    assert (opened.occasion, opened.payload["decision"]) == (Occasion.LIFTING, "Autorisation, conditions levées")
    with pytest.raises(AlreadyCorrected):
        transmissions.correct(opened.corrects, reason="Encore", by=staff, on=NOTICE)


def test_silence_reversed_by_a_refusal_is_told_as_a_refusal(draft, staff):
    partners.directory(draft.authority)
    case = signed(draft, staff, Outcome.REFUSED, grounds=["decency"], works=[WORK])
    clock.grant_tacitly(case, on=date(2026, 4, 3))
    assert not Transmission.objects.exists()

    decision.notify(case, means=Means.HAND, notified_on=NOTICE, by=staff, on=date(2026, 4, 10))

    assert kinds(occasion=Occasion.SILENCE_REVERSED) == {CAF, MSA, TAX, PDALHPD, OBSERVATORY, PREFECTURE}
    assert (of(CAF).payload["decision"], of(CAF).payload["date_decision"]) == ("Refus", "2026-03-20")


@pytest.mark.parametrize("occasion", [Occasion.ANNULMENT, Occasion.APPEAL_ACCEPTED])
def test_a_refusal_deemed_never_taken_is_told_to_nobody_who_did_not_know(draft, staff, occasion):
    caf = partners.directory(draft.authority)[CAF]
    case = partners.decided(draft, staff)
    transmissions.send(caf, by=staff, on=NOTICE, proof="Remis")
    case.outcome = Outcome.GRANTED if occasion == Occasion.APPEAL_ACCEPTED else case.outcome
    case.save()

    with transaction.atomic():
        opened = transmissions.open_for(case, occasion, on=NOTICE)

    assert [each.kind for each in opened] == [CAF]
    assert opened[0].corrects == of(CAF, occasion=Occasion.REFUSAL)
    assert kinds(state=CORRECTED) == {MSA, TAX, PDALHPD, OBSERVATORY, PREFECTURE}


def test_an_appeal_that_sets_conditions_tells_those_the_law_names(draft, staff):
    partners.directory(draft.authority)
    case = partners.decided(draft, staff)
    case.outcome = Outcome.CONDITIONAL
    case.save()

    with transaction.atomic():
        transmissions.open_for(case, Occasion.APPEAL_ACCEPTED, on=NOTICE)

    assert kinds(state=DUE) == {PDALHPD, OBSERVATORY, PREFECTURE}
    assert of(PDALHPD, state=DUE).payload["decision"] == "Autorisation sous conditions"


def test_a_repeal_then_an_annulment_correct_the_last_word(draft, staff):
    partners.directory(draft.authority, PDALHPD)
    case = partners.decided(draft, staff, Outcome.CONDITIONAL)
    with transaction.atomic():
        for occasion in (Occasion.REPEAL, Occasion.TRANSFER, Occasion.ANNULMENT):
            partners.send_all(draft.authority, staff)
            transmissions.open_for(case, occasion, on=NOTICE)

    chain = list(Transmission.objects.filter(kind=PDALHPD).order_by("pk"))
    assert [each.corrects for each in chain] == [None, *chain[:-1]]
    assert [each.state for each in chain] == [CORRECTED, CORRECTED, SENT, DUE]


def test_a_revoked_grant_is_corrected_where_it_was_told(draft, staff):
    partners.directory(draft.authority)
    settle(draft.authority, Rule.ACTES_GRANTS, True, staff)
    case = partners.decided(draft, staff, Outcome.GRANTED)
    partners.send_all(draft.authority, staff)

    afterlife.revoke(case, reasons="Arrêté de péril", heard_on=NOTICE, by=staff, on=NOTICE + timedelta(20))

    assert kinds(occasion=Occasion.REVOCATION) == {PREFECTURE}


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


def test_a_zone_is_due_to_the_caf_and_the_msa_and_again_when_it_changes(authority, staff):
    partners.directory(authority)
    zone = factories.ZoneFactory.build(authority=authority, commune=factories.CommuneFactory())

    transmissions.keep_zone(zone, on=NOTICE)
    transmissions.keep_zone(zone, on=NOTICE)
    assert kinds() == {CAF, MSA}
    zone.name = "Centre-bourg et gare"
    transmissions.keep_zone(zone, on=NOTICE)
    assert (Transmission.objects.count(), of(CAF).payload["perimetre"]) == (2, "Centre-bourg et gare")

    partners.send_all(authority, staff)
    zone.ends_on = date(2030, 1, 1)
    transmissions.keep_zone(zone, on=NOTICE)
    assert {each.corrects.state for each in Transmission.objects.filter(state=DUE)} == {SENT}
    assert of(CAF, state=DUE).payload["fin"] == "2030-01-01"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "on", "owed"),
    [
        (date(2025, 3, 1), None, date(2026, 1, 1), 2025),
        (date(2025, 3, 1), date(2025, 12, 31), date(2026, 12, 31), 2025),
        (date(2025, 3, 1), None, date(2025, 12, 31), None),
        (date(2023, 3, 1), date(2024, 12, 31), date(2026, 1, 1), None),
    ],
)
def test_a_delegate_owes_the_report_of_the_year_that_ended(starts_on, ends_on, on, owed):
    delegation = factories.DelegationFactory(starts_on=starts_on, ends_on=ends_on)

    for _ in range(2):
        clock.run(delegation.delegate, on=on)

    found = Transmission.objects.filter(authority=delegation.delegate)
    assert [each.year for each in found] == ([owed] if owed else [])
    if owed:
        assert (found[0].due_on, found[0].recipient.name) == (date(owed + 1, 6, 30), delegation.epci.name)
    assert transmissions.open_report(delegation.epci, on=on) is None


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
def test_the_database_refuses_what_is_sent_without_proof_or_about_two_things(draft, staff, state, fields):
    caf = partners.directory(draft.authority)[CAF]
    case = partners.decided(draft, staff)
    slip = transmissions.send(caf, by=staff, on=NOTICE, proof="Remis")
    row = {"authority": case.authority, "kind": CAF, "occasion": Occasion.REFUSAL, "opened_on": NOTICE, "due_on": NOTICE}

    with pytest.raises(IntegrityError), transaction.atomic():
        Transmission.objects.create(**row, application=case, recipient=caf, slip=slip, state=state, **fields)


def test_a_sealed_act_never_changes_by_being_transmitted(draft, staff):
    partners.directory(draft.authority)
    case = partners.decided(draft, staff)
    before = case.acts.issued().get(kind="decision_refused").sha256

    partners.send_all(draft.authority, staff)

    assert case.acts.issued().get(kind="decision_refused").sha256 == before
    assert State(case.state) == State.REFUSED
