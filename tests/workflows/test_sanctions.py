"""Each verb of a sanction: what it writes, what it refuses, what remains when it fails."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from accounts.enums import Role
from documents.enums import ActKind
from documents.tasks import render_act
from notifications.enums import Kind
from notifications.models import Message
from permis import guards, sanction_guards
from permis.breaches import Breach, SanctionState
from permis.enums import Means
from permis.models import RuleChange, Sanction
from permis.models.sanction_journal import SanctionEvent
from tests import factories
from tests.notifications.factories import CaseFactory
from tests.workflows import sanctioned
from tests.workflows.sanctioned import AFTER, BARRED, FOUND, PRESENTED, UNTIL, jurist
from workflows.actions import fines, sanctions

pytestmark = pytest.mark.django_db


def events(sanction):
    return [entry.event for entry in sanction.journal.order_by("position")]


def kinds(sanction):
    return set(Message.objects.filter(sanction=sanction).values_list("kind", flat=True))


def stored(sanction):
    return Sanction.objects.get(pk=sanction.pk)


def answered(authority, rule, value):
    RuleChange.objects.create(authority=authority, rule=rule, value=value, since=date(2024, 1, 1), by=jurist(authority))


# -- the finding


def test_a_finding_without_case_is_numbered_barred_and_journalled():
    sanction = sanctioned.found()

    assert (sanction.state, sanction.barred_after, sanction.application) == (SanctionState.CONSTAT, BARRED, None)
    assert sanction.number == f"SANC {sanction.authority.siren} 25 00001"
    assert events(sanction) == [SanctionEvent.OPENED]
    assert kinds(sanction) == set()


def test_numbers_follow_each_other_in_an_authority_and_a_year():
    first = sanctioned.found()
    second = sanctioned.found(first.authority, zone=first.zone)
    other_year = sanctioned.found(first.authority, zone=first.zone, found_on=date(2026, 1, 5))

    assert [each.number[-8:] for each in (first, second, other_year)] == ["25 00001", "25 00002", "26 00001"]


def test_a_finding_that_fails_gives_its_number_back():
    zone = factories.ZoneFactory()
    with transaction.atomic():
        sanctioned.found(zone.authority, zone=zone)
        transaction.set_rollback(True)
    assert sanctioned.found(zone.authority, zone=zone).number.endswith("00001")


def test_a_zone_of_another_town_holds_no_obligation_here():
    zone = factories.ZoneFactory()
    with pytest.raises(sanction_guards.NoObligation):
        sanctioned.found(zone=zone)


@pytest.mark.parametrize("rule", ["fine_during_review", "benefit_matching"])
def test_what_the_law_leaves_open_is_settled_by_the_town(rule):
    zone = factories.ZoneFactory()
    if rule == "benefit_matching":
        given, refusal = {"source": "benefit"}, sanction_guards.NoConvention
    else:
        case = CaseFactory(authority=zone.authority, commune=zone.commune, filed=True, received_on=date(2025, 5, 20))
        given, refusal = {"application": case}, sanction_guards.NotAFine
    with pytest.raises(refusal):
        sanctioned.found(zone.authority, zone=zone, **given)

    answered(zone.authority, rule, True)

    assert sanctioned.found(zone.authority, zone=zone, **given).state == SanctionState.CONSTAT


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.LEGAL, Role.AGENT}))
def test_only_a_jurist_opens(role):
    authority = factories.AuthorityFactory()
    with pytest.raises(PermissionDenied):
        sanctioned.found(authority, by=factories.member(authority, role))


def test_the_database_refuses_what_the_prefect_decided():
    sanction = sanctioned.found()
    with pytest.raises(IntegrityError), transaction.atomic():
        Sanction.objects.filter(pk=sanction.pk).update(found_on=date(2024, 4, 10), barred_after=date(2025, 4, 10))


# -- a new breach in three years


def closed_after_mending(authority, zone, **changes):
    earlier = sanctioned.presented(sanctioned.found(authority, zone=zone, **changes))
    sanctions.regularise(earlier, regularised_on=UNTIL, receipt="n° 1", by=jurist(authority), on=UNTIL)
    return sanctions.close(earlier, reason="Régularisé.", by=jurist(authority), on=AFTER)


def test_an_earlier_breach_is_found_and_only_a_person_confirms_it():
    zone = factories.ZoneFactory()
    earlier = closed_after_mending(zone.authority, zone)
    sanction = sanctioned.found(zone.authority, zone=zone, found_on=date(2025, 9, 1), address="9 rue du Moulin")

    assert (sanction.previous, sanction.repeated, sanction.cap) == (earlier, False, 5000)

    sanction = sanctions.settle_repeat(sanction, previous=earlier, by=jurist(zone.authority), on=date(2025, 9, 1))

    assert (sanction.repeated, sanction.cap, sanction.repeat_confirmed_by) == (True, 15000, jurist(zone.authority))
    assert events(sanction)[-1] == SanctionEvent.REPEAT_SETTLED


def test_an_earlier_breach_is_found_however_its_address_was_typed():
    zone = factories.ZoneFactory()
    earlier = closed_after_mending(zone.authority, zone)
    other = sanctioned.PERSON | {"person_name": "SCI du Lavoir"}
    known = {"zone": zone, "found_on": date(2025, 9, 1), "person": other}

    again = sanctioned.found(zone.authority, address="n° 12, r. de la gare", **known)
    assert again.previous == earlier

    Sanction.objects.update(dwelling_key="12 rue de la gare 33920")
    call_command("normalise_addresses")
    assert {each.dwelling_key for each in Sanction.objects.all()} == {again.dwelling_key}


def test_two_addresses_without_a_street_are_not_one_dwelling():
    zone = factories.ZoneFactory()
    closed_after_mending(zone.authority, zone, address="?")
    other = sanctioned.PERSON | {"person_name": "SCI du Lavoir"}
    sanction = sanctioned.found(zone.authority, zone=zone, found_on=date(2025, 9, 1), address="…", person=other)
    assert (sanction.dwelling_key, sanction.previous) == ("", None)


@pytest.mark.parametrize("found_on", [date(2028, 6, 1), date(2028, 6, 2), date(2028, 6, 3)])
def test_three_years_and_not_a_day_more(found_on):
    zone = factories.ZoneFactory()
    closed_after_mending(zone.authority, zone)

    sanction = sanctioned.found(zone.authority, zone=zone, found_on=found_on)

    assert (sanction.previous is not None) == (found_on <= date(2028, 6, 2))


def test_what_was_never_established_aggravates_nothing():
    zone = factories.ZoneFactory()
    dropped = sanctioned.found(zone.authority, zone=zone)
    sanctions.close(dropped, reason="Logement vacant.", by=jurist(zone.authority), on=FOUND)
    elsewhere = sanctioned.found()
    sanction = sanctioned.found(zone.authority, zone=zone, found_on=date(2025, 9, 1))

    assert sanction.previous is None
    for earlier in (dropped, elsewhere, sanction):
        with pytest.raises(sanction_guards.NotARepeat):
            sanctions.settle_repeat(sanction, previous=earlier, by=jurist(zone.authority), on=date(2025, 9, 1))


def test_the_maximum_does_not_change_once_it_was_announced():
    zone = factories.ZoneFactory()
    earlier = closed_after_mending(zone.authority, zone)
    sanction = sanctioned.written(sanctioned.found(zone.authority, zone=zone, found_on=date(2025, 9, 1)), on=date(2025, 9, 1))
    with pytest.raises(guards.WrongState):
        sanctions.settle_repeat(sanction, previous=earlier, by=jurist(zone.authority), on=date(2025, 9, 1))


# -- the person is heard


def test_the_letter_is_frozen_sent_and_journalled():
    sanction = sanctioned.written()

    assert (sanction.state, sanction.letter_sent_on) == (SanctionState.OBSERVATIONS_OPEN, FOUND)
    act = sanction.acts.get(kind=ActKind.SANCTION_LETTER)
    assert act.application is None
    message = Message.objects.get(sanction=sanction)
    assert (message.kind, message.recipient, list(message.acts.all())) == (
        Kind.SANCTION_LETTER, "p.dumora@exemple.test", [act],
    )  # fmt: skip
    assert events(sanction)[-1] == SanctionEvent.LETTER_SENT


def test_the_act_of_a_sanction_rests_in_its_own_folder():
    sanction = sanctioned.written()
    act = sanction.acts.get()

    render_act(act_id=act.pk)

    act.refresh_from_db()
    assert act.key == f"{sanction.authority_id}/sanction-{sanction.pk}/{act.sha256}"


def test_first_presentation_starts_the_month_and_a_weekend_moves_its_end():
    assert sanctioned.presented().observations_until == UNTIL
    assert sanctioned.presented(on=date(2025, 6, 12)).observations_until == date(2025, 7, 15)  # Saturday, then 14 July


@pytest.mark.parametrize("received_on", [date(2025, 6, 1), date(2025, 6, 13)])
def test_a_letter_is_presented_after_it_was_sent_and_before_today(received_on):
    sanction = sanctioned.written()
    with pytest.raises(sanction_guards.ImpossibleDates):
        sanctions.receive_letter(sanction, received_on=received_on, by=jurist(sanction.authority), on=date(2025, 6, 12))


def test_observations_add_up_and_a_hearing_may_be_asked():
    sanction = sanctioned.presented()
    by = jurist(sanction.authority)
    for day, text in ((date(2025, 6, 20), "C’est ma sœur."), (date(2025, 6, 25), "Voici le bail.")):
        sanction = sanctions.record_observations(
            sanction, observations=text, observations_on=day, hearing_asked=day.day == 25, by=by, on=day
        )
    sanction = sanctions.record_hearing(
        sanction, heard_on=date(2025, 7, 2), heard="Elle loue à sa sœur.", by=by, on=PRESENTED.replace(month=7)
    )

    assert sanction.observations == "C’est ma sœur.\n\nVoici le bail."
    assert (sanction.observations_on, sanction.hearing_asked, sanction.heard_on) == (date(2025, 6, 25), True, date(2025, 7, 2))
    assert events(sanction)[-3:] == [SanctionEvent.OBSERVATIONS, SanctionEvent.OBSERVATIONS, SanctionEvent.HEARD]


def test_observations_come_before_the_decision():
    sanction = sanctioned.fined()
    with pytest.raises(guards.WrongState):
        sanctions.record_observations(
            sanction, observations="Trop tard", observations_on=AFTER, by=jurist(sanction.authority), on=AFTER
        )


# -- scenarios 24 and 25


def test_a_first_breach_mended_in_the_month_is_not_fined_without_a_written_reason():
    sanction = sanctioned.presented()
    by = jurist(sanction.authority)
    sanction = sanctions.regularise(sanction, regularised_on=date(2025, 7, 1), receipt="APML 42", by=by, on=date(2025, 7, 1))
    assert sanction.state == SanctionState.REGULARISED

    with pytest.raises(sanction_guards.ObservationsRunning):
        fines.propose_fine(sanction, amount=500, reasons="x", by=by, on=UNTIL)
    with pytest.raises(sanction_guards.RightToErr):
        fines.propose_fine(sanction, amount=500, reasons="Six mois.", by=by, on=AFTER)
    assert stored(sanction).amount is None

    proposed = fines.propose_fine(sanction, amount=500, reasons="Six mois.", exception="Logement dangereux.", by=by, on=AFTER)
    assert proposed.exception == "Logement dangereux."


def test_the_request_filed_here_gives_the_day_and_the_receipt():
    sanction = sanctioned.presented()
    case = CaseFactory(authority=sanction.authority, filed=True, received_on=date(2025, 7, 1), number="APML 033473 25 00042")

    sanction = sanctions.regularise(sanction, application=case, by=jurist(sanction.authority), on=date(2025, 7, 20))

    assert (sanction.regularised_on, sanction.regularised_by) == (date(2025, 7, 1), case)
    assert sanction.receipt == "demande n° APML 033473 25 00042"


@pytest.mark.parametrize("filed", ["elsewhere", "draft", "nothing"])
def test_what_mends_is_a_filed_request_of_the_same_town(filed):
    sanction = sanctioned.presented()
    here = factories.ApplicationFactory(authority=sanction.authority) if filed == "draft" else None
    case = factories.ApplicationFactory() if filed == "elsewhere" else here
    with pytest.raises(sanction_guards.ImpossibleDates):
        sanctions.regularise(sanction, application=case, by=jurist(sanction.authority), on=UNTIL)


def test_letting_despite_a_refusal_costs_more_and_does_not_mend():
    zone = factories.ZoneFactory()
    case = CaseFactory(
        authority=zone.authority, refused=True, applicant=factories.UserFactory(), received_on=date(2025, 5, 5),
        notified_on=date(2025, 5, 20), tacit_on=date(2025, 6, 5),
    )  # fmt: skip
    sanction = sanctioned.found(zone.authority, zone=zone, application=case, breach=Breach.DESPITE_REFUSAL, blames_applicant=True)
    sanction = sanctioned.presented(sanction)

    assert sanction.cap == 15000
    with pytest.raises(sanction_guards.RegularisationNotOpen):
        sanctions.regularise(sanction, regularised_on=UNTIL, receipt="x", by=jurist(zone.authority), on=UNTIL)
    assert list(Sanction.objects.told_to(case.applicant)) == [sanction]


STEPS = [
    ("found", lambda s, by: sanctions.open_observations(s, means=Means.HAND, by=by, on=FOUND)),
    ("written", lambda s, by: sanctions.receive_letter(s, received_on=FOUND, by=by, on=FOUND)),
    ("presented", lambda s, by: sanctions.regularise(s, regularised_on=UNTIL, receipt="x", by=by, on=UNTIL)),
    ("presented", lambda s, by: sanctions.record_hearing(s, heard_on=UNTIL, heard="x", by=by, on=UNTIL)),
    ("presented", lambda s, by: sanctions.record_observations(s, observations="x", observations_on=UNTIL, by=by, on=UNTIL)),
    ("presented", lambda s, by: sanctions.answer(s, observations="x", by=by, on=UNTIL)),
    ("found", lambda s, by: sanctions.settle_repeat(s, previous=None, by=by, on=FOUND)),
    ("found", lambda s, by: sanctions.add_evidence(s, upload=factories.upload(), by=by, on=FOUND)),
    ("found", lambda s, by: sanctions.close(s, reason="x", by=by, on=FOUND)),
    ("to_decide", lambda s, by: fines.propose_fine(s, amount=1, reasons="x", by=by, on=AFTER)),
    ("proposed", lambda s, by: fines.preview(s, by=by, on=AFTER)),
    ("fined", lambda s, by: fines.notify(s, means=Means.HAND, notified_on=AFTER, by=by, on=AFTER)),
    ("notified", lambda s, by: fines.issue_title(s, number="1", issued_on=BARRED, by=by, on=BARRED)),
    ("titled", lambda s, by: fines.record_payment(s, amount=1, paid_on=BARRED, by=by, on=BARRED)),
    ("titled", lambda s, by: fines.start_recovery(s, since=BARRED, by=by, on=BARRED)),
    ("titled", lambda s, by: fines.contest(s, contested_on=BARRED, before="TA", by=by, on=BARRED)),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "step"), STEPS)
def test_nobody_else_does_it(stage, step):
    sanction = getattr(sanctioned, stage)()
    before = events(sanction)
    outsider = factories.member(factories.AuthorityFactory(), Role.LEGAL, Role.SIGNATORY)
    for stranger in (factories.member(sanction.authority, Role.OFFICER, Role.MANAGER, Role.AUDITOR), outsider):
        with pytest.raises(PermissionDenied):
            step(sanction, stranger)
    assert events(sanction) == before


def test_a_verb_from_a_wrong_state_changes_nothing():
    sanction = sanctioned.fined()
    with pytest.raises(TransitionNotAllowed):
        sanctions.close(sanction, reason="x", by=jurist(sanction.authority), on=AFTER)
    assert (stored(sanction).state, sanction.acts.filter(kind=ActKind.SANCTION_CLOSURE).exists()) == (SanctionState.FINED, False)
