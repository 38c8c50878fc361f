"""The page of a convoked person, without account: what its link opens, what it may change, what it never tells."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import signing
from django.urls import reverse

from accounts.enums import Role
from inspections.enums import Party
from inspections.models import Visit
from notifications.models import Message
from permis.models.journal import Event
from tests import factories
from tests.workflows.test_actions import CHECK, reviewed
from tests.workflows.test_races import at_once
from workflows import appointments
from workflows.actions import appointments as actions

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 12, 8, tzinfo=UTC)
NOW = datetime(2026, 3, 5, 10, tzinfo=UTC)
REFUSES = {"answer": "1", "refuses": "yes", "note": "Je travaille la nuit"}


@pytest.fixture
def staff(authority):
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.MANAGER)


@pytest.fixture
def authority():
    return factories.AuthorityFactory()


@pytest.fixture
def case(authority, staff):
    return reviewed(factories.ApplicationFactory(authority=authority), staff)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def visit(case, staff):
    return actions.plan_visit(
        case, inspector=staff, starts_at=NINE, ends_at=NINE + timedelta(minutes=45), by=staff, on=CHECK,
        occupied=True, occupant_name="Mme Sow", occupant_email="sow@exemple.fr",
    )  # fmt: skip


@pytest.fixture
def url(visit):
    return reverse("appointment", args=[appointments.token(visit, Party.OCCUPANT)])


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def offered(client, url):
    page = client.get(url).content.decode()
    return [part.split('"')[0] for part in page.split('name="slot" value="')[1:]]


def test_reading_changes_nothing_and_says_the_rights(client, visit, url):
    answer = client.get(url)
    page = text_of(answer)

    assert answer.status_code == 200
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "Vous pouvez refuser" in page
    assert "12 mars 2026, de 9 h 00 à 9 h 45" in page
    assert "entre 6 h et 21 h" in page
    for secret in ("Duprat", "Mme Sow", "sow@exemple.fr", visit.application.applicant.email):
        assert secret not in page
    assert Visit.objects.get().sequence == 0


@pytest.mark.parametrize("forged", ["x", "WzEsIm9jY3VwYW50Il0:1:x", "a/b"])
def test_a_forged_link_opens_nothing(client, forged):
    assert client.get(f"/rendez-vous/{forged}/").status_code == 404


def test_a_token_of_another_kind_opens_nothing(client, visit):
    other = signing.dumps([visit.pk, "occupant", ""], salt="autre")
    assert client.get(reverse("appointment", args=[other])).status_code == 404


def test_the_link_of_an_occupant_who_left_opens_nothing(client, visit, url, staff):
    actions.name_occupant(
        visit, occupied=True, occupant_name="M. Fau", occupant_email="fau@exemple.fr", occupant_phone="", by=staff, on=CHECK
    )
    assert client.get(url).status_code == 404


def test_a_slot_that_is_offered_moves_the_visit(client, visit, url, case):
    slots = offered(client, url)
    answer = client.post(url, {"slot": slots[2]})

    moved = Visit.objects.get()
    assert "le rendez-vous est déplacé" in text_of(answer)
    assert f"{moved.starts_at.isoformat()}/{moved.ends_at.isoformat()}" == slots[2]
    assert (moved.sequence, moved.reminded_on) == (1, None)
    entry = case.journal.get(event=Event.VISIT_MOVED)
    assert (entry.author, entry.facts["party"]) == (None, "occupant")
    assert set(Message.objects.filter(kind__in=["visit_moved", "occupant_moved", "visit_answered"]).values_list("kind", flat=True)) == {
        "visit_moved", "occupant_moved", "visit_answered"
    }  # fmt: skip
    assert "SEQUENCE:1" in Message.objects.get(kind="occupant_moved").calendar


@pytest.mark.parametrize(
    "wanted",
    [
        "2026-03-09T20:30:00+00:00/2026-03-09T21:15:00+00:00",  # 21 h 30
        "2026-04-03T08:00:00+00:00/2026-04-03T08:45:00+00:00",  # after the month
        "2026-03-08T08:00:00+00:00/2026-03-08T08:45:00+00:00",  # a Sunday
        "2026-02-31T08:00:00+00:00/x",
        "demain",
        "",
        "\x00",
    ],
)
def test_what_no_page_offers_is_refused(client, url, wanted):
    answer = client.post(url, {"slot": wanted})
    visit = Visit.objects.get()
    assert answer.status_code in (400, 422)
    assert visit.starts_at == NINE


def test_a_slot_with_another_end_lasts_as_long_as_any(client, url):
    client.post(url, {"slot": "2026-03-09T08:00:00+00:00/2026-03-09T20:00:00+00:00 "})
    visit = Visit.objects.get()
    assert visit.ends_at - visit.starts_at == timedelta(minutes=45)


def test_a_refusal_goes_to_the_service_and_the_appointment_stays(client, visit, url, case):
    for _ in range(3):
        page = text_of(client.post(url, REFUSES))
        assert "transmise au service" in page

    visit = Visit.objects.get()
    assert (visit.state, visit.starts_at, visit.answers) == ("planned", NINE, 1)
    assert (visit.answered_by, visit.answer) == ("occupant", "Refuse la visite : Je travaille la nuit")
    assert case.journal.filter(event=Event.VISIT_ANSWERED).count() == 1
    [message] = Message.objects.filter(kind="visit_answered")
    assert "Je travaille la nuit" in message.text
    assert not case.journal.for_landlord().filter(event=Event.VISIT_ANSWERED).exists()


def test_answers_are_bounded(client, url):
    answers = [client.post(url, {**REFUSES, "note": f"Non {count}"}).status_code for count in range(7)]
    assert answers == [200] * 5 + [422] * 2
    assert Message.objects.filter(kind="visit_answered").count() == 5
    assert client.post(url, {"slot": offered(client, url)[0]}).status_code == 422


def test_an_answer_without_choice_says_so_and_keeps_what_was_typed(client, url):
    answer = client.post(url, {"answer": "1", "note": "Je ne sais pas"})
    assert answer.status_code == 422
    assert "Je ne sais pas" in text_of(answer)


@pytest.mark.parametrize("at", [NINE, NINE + timedelta(days=3)])
def test_what_has_begun_is_changed_no_more(client, url, time_machine, at):
    slot = offered(client, url)[0]
    time_machine.move_to(at, tick=False)
    assert "Choisir une autre heure" not in text_of(client.get(url))
    assert client.post(url, {"slot": slot}).status_code == 422
    assert client.post(url, REFUSES).status_code == 422


def test_what_is_cancelled_says_so(client, url, visit, staff):
    actions.cancel_visit(visit, by=staff, on=CHECK)
    assert "annulé" in text_of(client.get(url))
    assert client.post(url, REFUSES).status_code == 422


def test_the_landlord_changes_it_from_their_own_case(client, visit, case):
    client.force_login(case.applicant)
    assert (
        reverse("application-appointment", args=[case.pk]) in client.get(reverse("application", args=[case.pk])).content.decode()
    )
    url = reverse("application-appointment", args=[case.pk])
    assert client.post(url, {"slot": offered(client, url)[0]}).status_code == 200
    assert case.journal.get(event=Event.VISIT_MOVED).author == case.applicant


def test_hours_are_those_of_the_place(client, time_machine):
    """Nine in the morning at Saint-Denis is six in Paris."""
    reunion = factories.AuthorityFactory(time_zone="Indian/Reunion", department="974")
    staff = factories.member(reunion, Role.OFFICER, Role.INSPECTOR)
    case = reviewed(factories.ApplicationFactory(authority=reunion), staff)
    starts_at = datetime(2026, 3, 12, 5, tzinfo=UTC)
    visit = actions.plan_visit(
        case, inspector=staff, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), by=staff, on=CHECK
    )
    url = reverse("appointment", args=[appointments.token(visit, Party.LANDLORD)])
    assert "12 mars 2026, de 9 h 00 à 10 h 00" in text_of(client.get(url))
    client.force_login(staff)
    for name in ("visit-day", "visit-calendar"):
        assert "9 h 00" in text_of(client.get(reverse(name), {"jour": "2026-03-12"}))
    assert "12 mars 2026 à 9 h 00" in text_of(client.get(reverse("visit-move", args=[visit.pk])))


@pytest.mark.django_db(transaction=True)
def test_two_people_who_want_one_slot_do_not_both_have_it(authority, staff):
    visits = []
    for hour in range(4):
        case = reviewed(factories.ApplicationFactory(authority=authority), staff)
        start = NINE + timedelta(hours=hour)
        visits.append(
            actions.plan_visit(case, inspector=staff, starts_at=start, ends_at=start + timedelta(minutes=45), by=staff, on=CHECK)
        )
    wanted = datetime(2026, 3, 10, 8, tzinfo=UTC)
    today = date(2026, 3, 5)

    answers = at_once(
        *(
            lambda visit=visit: actions.choose_slot(visit, starts_at=wanted, party=Party.LANDLORD, on=today, now=NOW)
            for visit in visits
        )
    )

    assert sorted(answers) == ["SlotGone"] * 3 + ["done"]
    assert Visit.objects.filter(starts_at=wanted).count() == 1


def test_nobody_convoked_pushes_a_first_visit_to_the_eve_of_silence(client, visit, case, time_machine):
    """Where little time is left, what is offered never leaves the service less of it than it has."""
    time_machine.move_to(datetime.combine(case.tacit_on - timedelta(days=7), datetime.min.time(), tzinfo=UTC), tick=False)
    Visit.objects.filter(pk=visit.pk).update(
        starts_at=NINE + (case.tacit_on - timedelta(days=5) - NINE.date()),
        ends_at=NINE + (case.tacit_on - timedelta(days=5) - NINE.date()) + timedelta(minutes=45),
    )
    landlord = reverse("appointment", args=[appointments.token(visit, Party.LANDLORD)])
    days = {datetime.fromisoformat(slot.split("/")[0]).date() for slot in offered(client, landlord)}
    assert all(day <= case.tacit_on - timedelta(days=5) for day in days)
    last = datetime.combine(case.tacit_on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=9)
    assert client.post(landlord, {"slot": f"{last.isoformat()}/x"}).status_code == 422


def test_the_refusal_of_an_occupant_is_neither_erased_nor_gone_around(client, visit, url):
    client.post(url, REFUSES)
    landlord = reverse("appointment", args=[appointments.token(visit, Party.LANDLORD)])
    answer = client.post(landlord, {"slot": offered(client, landlord)[0]})
    assert (answer.status_code, "a déjà répondu" in text_of(answer)) == (422, True)
    client.post(landlord, {"answer": "1", "refuses": "no", "note": "Plutôt le soir"})
    kept = Visit.objects.get()
    assert kept.starts_at == NINE
    assert "Refuse la visite" in kept.answer
    assert "Plutôt le soir" in kept.answer


def test_a_link_is_dead_a_week_after_the_visit(client, visit, url, time_machine):
    time_machine.move_to(NINE + timedelta(days=6), tick=False)
    assert client.get(url).status_code == 200
    time_machine.move_to(NINE + timedelta(days=8), tick=False)
    assert client.get(url).status_code == 404
