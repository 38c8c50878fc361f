"""What must be transmitted: due with the decision, to those the law names, and corrected with it."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from accounts.enums import Role
from documents.tasks import render_act
from notifications.ledger import Occasion, RecipientKind, TransmissionState
from notifications.models import Recipient, Transmission
from permis.enums import Means, Outcome
from permis.models import Application, RuleChange
from permis.models.journal import Event
from permis.rules import Rule
from tests import factories
from tests.workflows import partners
from tests.workflows.test_actions import NOTICE, SIGN, WORK, signed
from tests.workflows.test_hearings import WHY, before_revocation
from workflows import next_actions
from workflows.actions import clock, decision, notification, taking_back, transmissions, works
from workflows.actions.transmissions import AlreadyCorrected

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


def test_a_closed_case_is_not_over_while_a_transmission_of_it_is_late(draft, staff):
    partners.directory(draft.authority)
    partners.decided(draft, staff, Outcome.REFUSED)
    case = Application.objects.get(pk=draft.pk)
    first = Transmission.objects.order_by("due_on", "pk").first()
    on_time = next_actions.of(case, staff, visits=[], today=first.due_on)
    assert on_time.title == "Rien à faire pour l’instant"
    late = next_actions.of(case, staff, visits=[], today=first.due_on + timedelta(1))
    assert (late.title, late.go.url) == ("Envoyez la transmission obligatoire", first.get_absolute_url())
    assert first.recipient_name in late.text
    inspector = factories.member(draft.authority, Role.INSPECTOR)
    assert next_actions.of(case, inspector, visits=[], today=first.due_on + timedelta(1)).title == on_time.title


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


def test_a_perimeter_that_nobody_was_told_of_is_due_once_its_recipient_is_named():
    """Installed or imported, it never went through the screen that tells of it."""
    zone = factories.ZoneFactory()
    factories.ZoneFactory(authority=zone.authority, ends_on=NOTICE - timedelta(1), in_force_on=NOTICE - timedelta(9))
    factories.ZoneFactory()
    named = {"authority": zone.authority, "means": "hand", "since": NOTICE}
    caf, prefecture = (Recipient(kind=kind, name=str(kind), **named) for kind in (CAF, PREFECTURE))

    for recipient in (caf, prefecture, caf):
        transmissions.keep_recipient(recipient, members=[], on=NOTICE)

    [told] = Transmission.objects.all()
    assert (told.kind, told.zone, told.recipient, told.state) == (CAF, zone, caf, DUE)
    assert told.due_on >= told.opened_on == NOTICE
    transmissions.keep_zone(zone, on=NOTICE)
    assert Transmission.objects.filter(kind=CAF).count() == 1


def test_a_decision_that_fails_on_its_way_leaves_nothing_due(draft, staff, monkeypatch):
    case = signed(draft, staff, Outcome.REFUSED, grounds=["decency"], works=[WORK])
    monkeypatch.setattr("workflows.actions.taking_effect.flows.advance", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notification.notify(case, means=Means.HAND, notified_on=NOTICE, by=staff, on=NOTICE)

    assert not Transmission.objects.exists()


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
    entry = case.journal.get(event=Event.TRANSMISSION_CORRECTED)
    assert (entry.author, entry.facts["transmission"]) == (staff, opened.corrects_id)
    assert entry.facts["reason"].endswith("– Conditions levées")
    assert entry.event in Event.internal()
    with pytest.raises(AlreadyCorrected):
        transmissions.correct(opened.corrects, reason="Encore", by=staff, on=NOTICE)
    assert case.journal.filter(event=Event.TRANSMISSION_CORRECTED).count() == 1


def test_silence_reversed_by_a_refusal_is_told_as_a_refusal(draft, staff):
    partners.directory(draft.authority)
    case = signed(draft, staff, Outcome.REFUSED, grounds=["decency"], works=[WORK])
    clock.grant_tacitly(case, on=date(2026, 4, 3))
    assert not Transmission.objects.exists()

    notification.notify(case, means=Means.HAND, notified_on=NOTICE, by=staff, on=date(2026, 4, 10))

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


def test_a_case_that_a_judge_opened_again_is_corrected_as_an_annulment(draft, staff):
    caf = partners.directory(draft.authority, CAF)[CAF]
    case = partners.decided(draft, staff)
    transmissions.send(caf, by=staff, on=NOTICE, proof="Remis")
    case.annul(on=NOTICE)
    case.reopen(on=NOTICE, decide_by=NOTICE + timedelta(30))
    case.save()

    opened = transmissions.correct(of(CAF), reason="Jugement du 18 mars", by=staff, on=NOTICE)

    assert (opened.occasion, opened.payload["decision"]) == (Occasion.ANNULMENT, "Décision annulée par le juge")


def test_a_revoked_grant_is_corrected_where_it_was_told(draft, staff):
    partners.directory(draft.authority)
    settle(draft.authority, Rule.ACTES_GRANTS, True, staff)
    case = partners.decided(draft, staff, Outcome.GRANTED)
    partners.send_all(draft.authority, staff)

    on = NOTICE + timedelta(20)
    before_revocation(case, staff, on=NOTICE)
    act = taking_back.preview_revocation(case, reasons=WHY, by=staff, on=on)
    taking_back.revoke(case, act=act, reasons=WHY, by=staff, on=on)

    assert kinds(occasion=Occasion.REVOCATION) == {PREFECTURE}


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
    ("starts_on", "ends_on", "on", "owed", "due_on"),
    [
        (date(2025, 3, 1), None, date(2026, 1, 1), 2025, date(2026, 6, 30)),
        # Nobody is late the day they learn what they owe.
        (date(2025, 3, 1), date(2025, 12, 31), date(2026, 12, 31), 2025, date(2027, 1, 8)),
        (date(2025, 3, 1), None, date(2025, 12, 31), None, None),
        (date(2023, 3, 1), date(2024, 12, 31), date(2026, 1, 1), None, None),
    ],
)
def test_a_delegate_owes_the_report_of_the_year_that_ended(starts_on, ends_on, on, owed, due_on):
    delegation = factories.DelegationFactory(starts_on=starts_on, ends_on=ends_on)

    for _ in range(2):
        clock.run(delegation.delegate, on=on)

    found = Transmission.objects.filter(authority=delegation.delegate)
    assert [each.year for each in found] == ([owed] if owed else [])
    if owed:
        assert (found[0].due_on, found[0].recipient.name) == (due_on, delegation.epci.name)
    assert transmissions.open_report(delegation.epci, on=on) is None
