"""Notified online: with consent, on the day of the first opening, or of the availability where nobody opens; the trap between."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django_fsm import TransitionNotAllowed

from accounts.enums import Role
from documents.enums import ActKind
from notifications.enums import Kind
from notifications.models import Message
from permis import guards
from permis.enums import Channel, Means, NoticeState, State
from permis.models import Application, Lessor
from permis.models.journal import Event
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_actions import DEPOSIT, file, signed
from tests.workflows.test_notification import REFUSAL, TACIT, again, send
from workflows import channels
from workflows.actions import clock, consent, intake, notification
from workflows.channels import Safety

pytestmark = pytest.mark.django_db
EARLY, LATE = date(2026, 3, 18), date(2026, 4, 1)  # read by 2 April, the last day; read by 16 April


@pytest.fixture
def agreed(town, staff):
    """A refusal signed on 18 March for a landlord who accepts to be notified online; the month ends on 2 April."""
    case = signed(factories.ApplicationFactory(authority=town), staff, **REFUSAL)
    consent.give(case, by=case.applicant, on=EARLY)
    return case


def available(case, staff, on=LATE):
    return notification.make_available(case, by=staff, on=on)


def opened(case, on):
    at = datetime(on.year, on.month, on.day, 17, 12, tzinfo=UTC)
    return notification.open_decision(case, by=case.applicant, on=on, at=at)


def test_the_first_opening_notifies_that_day(agreed, staff):
    notice = available(agreed, staff)
    case = opened(agreed, TACIT)

    assert (case.state, case.notified_on, case.held_until) == (State.REFUSED, TACIT, None)
    assert (again(notice).state, again(notice).opened_on) == (NoticeState.NOTIFIED, TACIT)
    assert again(case).journal.get(event=Event.NOTICE_OPENED).facts["at"].startswith("2026-04-02T17:12")
    told = Message.objects.filter(kind=Kind.DECISION_NOTIFIED, recipient=agreed.applicant.email).get()
    assert told.acts.get().kind == ActKind.DECISION_REFUSED


def test_the_list_of_the_landlord_begins_with_what_waits_for_them(client, agreed, staff, town):
    mine = {"authority": town, "applicant": agreed.applicant}
    draft = factories.ApplicationFactory(**mine)
    filed = file(factories.ApplicationFactory(**mine))
    available(agreed, staff)
    client.force_login(agreed.applicant)

    page = client.get(reverse("application-list"))

    assert [case.pk for case in page.context["applications"]] == [agreed.pk, draft.pk, filed.pk]
    assert "Décision à ouvrir" in words(page)
    assert "Décision à ouvrir" not in words(client.get(reverse("application", args=[filed.pk])))


def test_opened_after_the_last_day_within_the_fifteen_days_it_comes_too_late(agreed, staff):
    notice = available(agreed, staff)
    case = opened(agreed, date(2026, 4, 10))

    assert (again(case).state, again(case).notified_on) == (State.GRANTED_TACIT, None)
    entry = case.journal.get(event=Event.GRANTED_TACITLY)
    assert (entry.on, entry.facts["late_refusal"]) == (TACIT, True)
    assert (again(notice).opened_on, again(notice).is_deemed) == (date(2026, 4, 10), False)
    assert not Message.objects.filter(kind=Kind.DECISION_NOTIFIED).exists()


def test_unread_to_the_end_it_is_notified_on_the_day_it_was_available(agreed, staff):
    notice = available(agreed, staff)
    town = agreed.authority
    for day in (date(2026, 4, 3), date(2026, 4, 16)):
        done = clock.run(town, on=day)
        assert (done["deemed"], done["granted"], done["lapsed"], done["told"]) == (0, 0, 0, 0)
        assert again(agreed).state == State.DECISION_SIGNED
    counts = clock.run(town, on=date(2026, 4, 17))

    assert (counts["deemed"], counts["granted"]) == (1, 0)
    case = again(agreed)
    assert (case.state, case.notified_on) == (State.REFUSED, LATE)
    assert (again(notice).is_deemed, again(notice).notified_on) == (True, LATE)
    assert case.journal.get(event=Event.NOTIFIED).author is None
    assert clock.run(town, on=date(2026, 4, 17))["deemed"] == 0


def test_opened_once_it_is_taken_for_notified_it_stays_so(agreed, staff):
    available(agreed, staff)
    clock.run(agreed.authority, on=date(2026, 4, 17))
    case = opened(agreed, date(2026, 4, 20))
    assert (case.state, case.notified_on) == (State.REFUSED, LATE)
    assert case.journal.filter(event=Event.NOTIFIED).count() == 1


def test_opened_after_the_fifteen_days_before_the_clock_came_it_is_in_time_all_the_same(agreed, staff):
    """The law decides, not the worker: on the sixteenth day the decision was already notified."""
    available(agreed, staff)
    case = opened(agreed, date(2026, 4, 17))
    assert (case.state, case.notified_on) == (State.REFUSED, LATE)
    assert case.notices.get().is_deemed


def test_no_silence_is_found_over_a_decision_that_nobody_opened(agreed, staff):
    available(agreed, staff)
    with pytest.raises(guards.TooEarly):
        clock.grant_tacitly(agreed, on=date(2026, 4, 17))


def test_a_second_way_notifies_while_the_page_waits(agreed, staff):
    available(agreed, staff)
    hand = {"means": Means.HAND, "recipient": "Mme Duprat", "by": staff}
    case = notification.notify(agreed, notified_on=TACIT, on=TACIT, **hand)
    assert (case.state, case.notified_on, case.held_until) == (State.REFUSED, TACIT, None)
    assert opened(case, date(2026, 4, 8)).notified_on == TACIT
    assert clock.run(agreed.authority, on=date(2026, 4, 20))["deemed"] == 0


def test_a_letter_that_comes_too_late_settles_nothing_while_the_page_waits(agreed, staff):
    """Nobody knows yet: unread to the end, the decision will have been notified on 1 April."""
    available(agreed, staff)
    letter = send(agreed, staff)
    notification.follow_letter(letter, first_presented_on=date(2026, 4, 4), by=staff, on=date(2026, 4, 7))
    assert again(agreed).state == State.DECISION_SIGNED

    clock.run(agreed.authority, on=date(2026, 4, 17))
    assert (again(agreed).state, again(agreed).notified_on) == (State.REFUSED, LATE)


def test_a_late_letter_entered_after_the_fifteen_days_finds_the_decision_notified(agreed, staff):
    available(agreed, staff)
    letter = send(agreed, staff)
    notification.follow_letter(letter, first_presented_on=date(2026, 4, 4), by=staff, on=date(2026, 4, 20))
    assert (again(agreed).state, again(agreed).notified_on) == (State.REFUSED, LATE)


def test_it_is_made_available_once_and_its_fifteen_days_do_not_start_again(agreed, staff):
    available(agreed, staff, on=EARLY)
    with pytest.raises(guards.AlreadyAvailable):
        available(agreed, staff)
    assert again(agreed).held_until == date(2026, 4, 2)


def test_nothing_is_made_available_after_the_last_day(agreed, staff):
    with pytest.raises(guards.TooLate):
        available(agreed, staff, on=date(2026, 4, 3))


def test_without_consent_nothing_is_made_available(town, staff):
    case = signed(factories.ApplicationFactory(authority=town), staff, **REFUSAL)
    with pytest.raises(guards.NoConsent):
        available(case, staff)
    assert channels.advise(case, today=LATE)[2].safety == Safety.CLOSED


def test_a_consent_taken_back_holds_for_what_follows(agreed, staff):
    available(agreed, staff)
    consent.withdraw(agreed, by=agreed.applicant, on=LATE)
    assert not consent.holds(agreed)
    assert opened(agreed, TACIT).notified_on == TACIT
    assert [each.is_given for each in agreed.consents.order_by("pk")] == [True, False]
    assert agreed.journal.filter(event=Event.CONSENT_WITHDRAWN).exists()


def test_the_box_ticked_at_the_deposit_is_a_consent_with_its_text_and_its_day(town):
    draft = factories.ApplicationFactory(authority=town)
    Lessor.objects.filter(application=draft).update(accept_email=True)
    case = file(draft)
    kept = case.consents.get()
    assert (kept.is_given, kept.on, kept.text, kept.recipient) == (True, DEPOSIT, consent.TEXT, "Mme Hélène Duprat")


def test_the_deposit_shows_the_words_that_it_keeps(town, client):
    draft = factories.ApplicationFactory(authority=town)
    client.force_login(draft.applicant)
    page = client.get(reverse("application-step", args=[draft.pk, "bailleur"]))
    assert consent.TEXT in page.content.decode().replace("&#x27;", "'")


def test_a_paper_deposit_gives_no_consent(town, staff):
    draft = factories.paper_draft(town)
    Lessor.objects.filter(application=draft).update(accept_email=True)
    case = intake.submit(draft, by=staff, on=DEPOSIT)
    assert not consent.holds(case)
    assert case.channel == Channel.PAPER


def test_only_the_applicant_agrees_and_opens(agreed, town, staff):
    available(agreed, staff)
    for user in (staff, factories.UserFactory(), factories.member(town, Role.MANAGER)):
        with pytest.raises(PermissionDenied):
            consent.withdraw(agreed, by=user, on=LATE)
        with pytest.raises(PermissionDenied):
            notification.open_decision(agreed, by=user, on=LATE, at=datetime(2026, 4, 1, tzinfo=UTC))
    assert again(agreed).state == State.DECISION_SIGNED


def test_nothing_to_open_says_so(agreed):
    with pytest.raises(notification.NothingToOpen):
        opened(agreed, LATE)


@pytest.mark.parametrize(
    ("today", "safety"), [(date(2026, 3, 18), Safety.SAFE), (date(2026, 3, 19), Safety.RISKY), (TACIT, Safety.RISKY)]
)
def test_online_is_safe_while_the_fifteen_days_end_inside_the_month(agreed, today, safety):
    online = {advice.means: advice for advice in channels.advise(agreed, today=today)}[Means.PORTAL]
    assert online.safety == safety
    assert ("tardive" in online.why) == (safety == Safety.RISKY)


def test_the_landlord_learns_that_a_decision_waits_and_nothing_of_what_it_says(agreed, staff, client, time_machine):
    time_machine.move_to("2026-04-01T12:00:00Z")
    available(agreed, staff)
    client.force_login(agreed.applicant)
    page = client.get(reverse("application", args=[agreed.pk])).content.decode()
    mails = Message.objects.filter(kind__in=Kind.to_landlords(), application=agreed)
    told = " ".join(f"{mail.subject} {mail.text} {mail.html}" for mail in mails.filter(kind=Kind.DECISION_AVAILABLE))
    journal = json.dumps([entry.facts for entry in agreed.journal.for_landlord()])
    assert "Une décision vous attend" in page
    assert "Engagement écrit de travaux" not in page  # nothing more is looked at before it
    assert "Ajouter ou remplacer" not in page
    assert "16 avril 2026" in page.replace("\xa0", " ")
    assert "16 avril 2026" in told.replace("\xa0", " ")
    for leak in ("efus", "refused", "Signée", "ccord sous", "DECENCY", "decency", "Non-décence", "extracteur"):
        assert leak not in page.replace("Décision mise à disposition", ""), leak
        assert leak not in told, leak
    assert "refused" not in journal
    assert all(not mail.acts.filter(kind__in=ActKind.decisions()).exists() for mail in mails)
    act = agreed.acts.get(kind=ActKind.DECISION_REFUSED)
    for name, args in (("act", [act.pk]), ("act-page", [act.pk, 1])):
        assert client.get(reverse(name, args=args)).status_code == 404


def test_the_landlord_opens_by_the_button_and_reads_the_three_dates(agreed, staff, client, time_machine):
    time_machine.move_to("2026-04-01T12:00:00Z")
    available(agreed, staff)
    client.force_login(agreed.applicant)
    url = reverse("application-open-decision", args=[agreed.pk])
    assert client.get(url).status_code == 405
    assert again(agreed).state == State.DECISION_SIGNED

    time_machine.move_to("2026-04-02T15:12:00Z")
    client.force_login(agreed.applicant)
    page = words(client.post(url, follow=True))
    assert again(agreed).state == State.REFUSED
    for said in ("1er avril 2026", "2 avril 2026, à 17 h 12", "La décision est ouverte", "Refus"):
        assert said in page
    assert "Aucune décision n’attend" in words(client.post(url, follow=True))


def test_opened_too_late_the_page_says_that_the_permit_was_born_of_silence(agreed, staff, client, time_machine):
    time_machine.move_to("2026-04-01T12:00:00Z")
    available(agreed, staff)
    time_machine.move_to("2026-04-10T12:00:00Z")
    client.force_login(agreed.applicant)
    page = words(client.post(reverse("application-open-decision", args=[agreed.pk]), follow=True))
    assert "L’autorisation est née du silence" in page
    act = agreed.acts.get(kind=ActKind.DECISION_REFUSED)
    assert client.get(reverse("act", args=[act.pk])).status_code == 404


def test_the_service_reads_how_many_days_are_left(agreed, staff, client, time_machine):
    time_machine.move_to("2026-04-01T12:00:00Z")
    client.force_login(staff)
    page = client.post(reverse("case-notify", args=[agreed.pk]), {"means": "portal"}, follow=True)
    assert "attend d’être ouverte, jusqu’au 16/04/2026" in words(page)
    time_machine.move_to("2026-04-06T12:00:00Z")
    client.force_login(staff)
    shown = words(client.get(reverse("case", args=[agreed.pk])))
    assert "Notification en attente, encore 10 jours" in shown
    assert "elle serait tardive" in shown
    assert "À ouvrir avant le 16/04/2026" in shown
    assert "l’autorisation naît du silence" not in shown.split("Journal")[0].split("Délai")[0]


def test_the_landlord_gives_and_takes_back_on_the_page(town, staff, client, time_machine):
    time_machine.move_to("2026-03-20T12:00:00Z")
    case = signed(factories.ApplicationFactory(authority=town), staff, **REFUSAL)
    client.force_login(case.applicant)
    url = reverse("application-consent", args=[case.pk])
    assert "J’accepte la notification en ligne" in words(client.get(reverse("application", args=[case.pk])))
    assert "Retirer mon accord" in words(client.post(url, {"agrees": "yes"}, follow=True))
    assert consent.holds(case)
    assert "Accord retiré le 20 mars 2026" in words(client.post(url, {"agrees": "no"}, follow=True))
    assert not consent.holds(case)
    client.post(url, {"agrees": "peut-être"})
    assert case.consents.count() == 2


def test_who_waits_no_more_may_not_open(agreed, staff):
    available(agreed, staff)
    intake.withdraw(agreed, by=agreed.applicant, on=LATE)
    assert opened(agreed, TACIT).state == State.WITHDRAWN
    with pytest.raises(TransitionNotAllowed):
        notification.notify(agreed, means=Means.HAND, notified_on=TACIT, by=staff, on=TACIT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("day", "state", "notified_on"),
    [(date(2026, 4, 10), State.GRANTED_TACIT, None), (date(2026, 4, 17), State.REFUSED, LATE)],
)
def test_the_clock_and_the_reader_at_once_agree_whoever_is_first(agreed, staff, day, state, notified_on):
    available(agreed, staff)
    barrier = Barrier(4)

    def run(call):
        barrier.wait()
        try:
            call()
        except (TransitionNotAllowed, guards.Refusal):
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    calls = [lambda: clock.run(agreed.authority, on=day), lambda: opened(agreed, day)] * 2
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(run, calls))

    case = Application.objects.get(pk=agreed.pk)
    assert (case.state, case.notified_on) == (state, notified_on)
    assert case.journal.filter(event__in=[Event.NOTIFIED, Event.GRANTED_TACITLY]).count() == 1
