"""The desk's screens of visits: a day, a week, a form that keeps what was typed, what an operator sees, the settings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from inspections.models import ContactAttempt, Mandate, Operator, Visit, VisitRoutine
from permis.models import Dwelling
from tests import factories
from tests.workflows.test_actions import CHECK, reviewed
from tests.workflows.test_convoked import text_of
from workflows.actions import appointments, inspection

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 9)
NINE = datetime(2026, 3, 9, 8, tzinfo=UTC)
LONG = "Marie-Charlotte-Joséphine de La Rochefoucauld-Montmorency-Luxembourg"


@pytest.fixture
def authority():
    return factories.AuthorityFactory()


@pytest.fixture
def staff(authority):
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.MANAGER)


@pytest.fixture
def case(authority, staff):
    return reviewed(factories.ApplicationFactory(authority=authority), staff)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(datetime(2026, 3, 5, 10, tzinfo=UTC), tick=False)


@pytest.fixture
def desk(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def operator(authority):
    person = factories.member(authority, Role.OPERATOR, last_name="Garnier")
    organisation = Operator.objects.create(authority=authority, name="SOLIHA")
    organisation.people.add(person)
    Mandate.objects.create(operator=organisation, reference="n° 12", signed_on=CHECK, starts_on=CHECK, ends_on=date(2026, 12, 31))
    return person


def plan(case, staff, at=NINE, **facts):
    given = {"inspector": staff, "by": staff, "on": CHECK} | facts
    return appointments.plan_visit(case, starts_at=at, ends_at=at + timedelta(minutes=45), **given)


def fill(authority, last, inspectors, *, first=0):
    """Planned visits in one week, written as rows: the screens only read them."""
    for rank in range(first, last):
        case = factories.ApplicationFactory(authority=authority, state="under_review", number=f"N{rank}", received_on=CHECK)
        start = NINE + timedelta(days=rank % 5, minutes=30 * (rank // 5 % 20))
        Visit.objects.create(
            application=case,
            inspector=inspectors[rank // 100 % len(inspectors)],
            starts_at=start,
            ends_at=start + timedelta(minutes=20),
        )


@pytest.mark.parametrize("name", ["visit-day", "visit-calendar"])
def test_the_number_of_queries_does_not_follow_the_number_of_visits(desk, authority, staff, name):
    fill(authority, 5, [staff])
    with CaptureQueriesContext(connection) as few:
        assert desk.get(reverse(name), {"jour": "2026-03-09"}).status_code == 200
    fill(authority, 60, [staff, factories.member(authority, Role.INSPECTOR)], first=5)
    with CaptureQueriesContext(connection) as many:
        assert desk.get(reverse(name), {"jour": "2026-03-09"}).status_code == 200
    assert len(many) == len(few)


def test_a_week_of_two_hundred_visits_shows_them_all(desk, authority, staff):
    fill(authority, 200, [staff, factories.member(authority, Role.INSPECTOR, last_name=LONG[:80])])
    page = text_of(desk.get(reverse("visit-calendar"), {"jour": "2026-03-11"}))
    assert page.count('class="pl-week-visit') == 200
    assert "200 visites" in page
    assert LONG in page
    alone = text_of(desk.get(reverse("visit-calendar"), {"jour": "2026-03-11", "agent": staff.pk}))
    assert alone.count('class="pl-week-visit') == 100


def test_an_empty_week_says_where_visits_come_from(desk):
    page = text_of(desk.get(reverse("visit-calendar"), {"jour": "2027-05-03"}))
    assert "Aucune visite cette semaine" in page
    assert "?file=plan" in page


@pytest.mark.parametrize("agent", ["x", "-1", "99999999999999999999", "1' or '1"])
@pytest.mark.parametrize("name", ["visit-day", "visit-calendar"])
def test_a_person_who_does_not_exist_filters_nothing(desk, case, staff, name, agent):
    plan(case, staff)
    assert "12 rue de la Gare" in text_of(desk.get(reverse(name), {"jour": "2026-03-09", "agent": agent}))


def test_the_day_is_walked_and_the_hours_stay(desk, authority, staff):
    for hour, (address, latitude) in enumerate([("1 rue A", 45.0), ("2 rue B", 45.9), ("3 rue C", 45.1)]):
        case = reviewed(factories.ApplicationFactory(authority=authority), staff)
        Dwelling.objects.filter(application=case).update(address=address, latitude=latitude, longitude=0.0)
        plan(case, staff, NINE + timedelta(hours=hour))

    def order(**query):
        page = text_of(desk.get(reverse("visit-day"), {"jour": "2026-03-09", **query}))
        return sorted(["1 rue A", "2 rue B", "3 rue C"], key=page.index)

    assert order() == ["1 rue A", "3 rue C", "2 rue B"]
    assert order(ordre="heure") == ["1 rue A", "2 rue B", "3 rue C"]
    page = text_of(desk.get(reverse("visit-day"), {"jour": "2026-03-09"}))
    assert "Les heures restent celles des rendez-vous" in page
    assert "&quot;number&quot;: 3" in page


def test_a_proposed_slot_is_planned_with_its_occupant(desk, case, staff):
    url = reverse("case-plan-visit", args=[case.pk])
    slot = desk.get(url).context["form"].fields["slot"].choices[1][0]
    sent = {"inspector": staff.pk, "slot": slot, "occupant_name": LONG, "occupant_email": "sow@exemple.fr"}
    assert desk.post(url, sent).status_code == 302
    visit = Visit.objects.get()
    assert f"{visit.starts_at.isoformat()}/{visit.ends_at.isoformat()}" == slot
    assert (visit.occupied, visit.occupant_name) == (True, LONG)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choisissez un rendez-vous proposé, ou indiquez un jour."),
        ({"day": "2026-03-10", "start": "20:45", "end": "21:30"}, "entre 6 h et 21 h"),
        ({"day": "2026-03-10", "start": "21:30", "end": "22:00"}, "entre 6 h et 21 h"),
        ({"day": "2026-04-06", "start": "09:00", "end": "10:00"}, "dans le mois de la décision"),
        ({"day": "2026-03-04", "start": "09:00", "end": "10:00"}, "dans le passé"),
        ({"day": "2026-03-09", "start": "09:30", "end": "10:00"}, "a déjà une visite à cette heure"),
        ({"slot": "2026-03-09T08:00:00+00:00/2026-03-09T08:45:00+00:00"}, "n’est plus libre"),
        ({"slot": "nimporte/quoi"}, "n’est plus libre"),
    ],
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(desk, authority, case, staff, typed, sentence):
    plan(reviewed(factories.ApplicationFactory(authority=authority), staff), staff)
    url = reverse("case-plan-visit", args=[case.pk])
    answer = desk.post(url, {"inspector": staff.pk, "instructions": "Sonnez au gardien", **typed})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Sonnez au gardien" in text_of(answer)
    assert not case.visits.exists()


def test_after_a_missed_visit_the_second_says_what_is_left(desk, case, staff):
    visit = plan(case, staff)
    inspection.record_no_show(visit, by=staff, on=MONDAY)
    page = text_of(desk.get(reverse("case-plan-visit", args=[case.pk])))
    assert "Planifier le second rendez-vous" in page
    assert "il reste 28 jours, jusqu’au <strong>2 avril 2026" in page
    assert "Personne au rendez-vous" in page
    assert "de 9 h 00 à 9 h 45" in page


def test_the_judge_is_noted_and_read_on_the_case(desk, case, staff, time_machine):
    visit = plan(case, staff)
    inspection.record_access_refused(visit, by=staff, on=MONDAY)
    time_machine.move_to(datetime(2026, 3, 10, 10, tzinfo=UTC), tick=False)
    desk.force_login(staff)
    url = reverse("visit-judge", args=[visit.pk])
    assert "Le délai court toujours" in text_of(desk.get(url))
    assert desk.post(url, {"asked_on": "2026-03-09", "granted_on": "2026-03-08"}).status_code == 422
    assert desk.post(url, {"asked_on": "2026-03-09", "granted_on": "2026-03-10"}).status_code == 302
    assert "Visite autorisée par le juge le 10/03/2026" in text_of(desk.get(case.get_absolute_url()))


def test_a_contact_is_noted_and_read_again(desk, case):
    url = reverse("case-contact", args=[case.pk])
    sent = {"contacted_on": "2026-03-05", "channel": "phone", "person": "Mme Duprat", "result": "no_answer", "note": "Répondeur"}
    assert desk.post(url, {**sent, "contacted_on": "2026-03-06"}).status_code == 422
    assert desk.post(url, {**sent, "channel": "pigeon"}).status_code == 422
    assert desk.post(url, sent).status_code == 302
    assert ContactAttempt.objects.get().note == "Répondeur"
    for address in (case.get_absolute_url(), reverse("case-plan-visit", args=[case.pk])):
        assert "Répondeur" in text_of(desk.get(address))


def test_the_case_shows_an_answer_and_leads_to_the_move(desk, case, staff):
    visit = plan(case, staff)
    Visit.objects.update(answered_by="occupant", answer="Refuse la visite")
    page = text_of(desk.get(case.get_absolute_url()))
    assert "Refuse la visite" in page
    assert reverse("visit-move", args=[visit.pk]) in page
    url = reverse("visit-move", args=[visit.pk])
    sent = {"inspector": staff.pk, "day": "2026-03-10", "start": "14:00", "end": "14:45"}
    assert desk.post(url, sent).status_code == 302
    assert Visit.objects.get().answer == ""
    appointments.cancel_visit(visit, by=staff, on=CHECK)
    assert desk.post(url, sent).status_code == 409


@pytest.mark.parametrize("typed", [("91", "0"), ("45,14", ""), ("nord", "0"), ("nan", "0"), ("1e400", "0")])
def test_a_point_off_the_map_is_refused(desk, case, typed):
    url = reverse("case-place", args=[case.pk])
    assert desk.post(url, {"latitude": typed[0], "longitude": typed[1]}).status_code == 422
    assert desk.post(url, {"latitude": "45,1399", "longitude": "-0,4412"}).status_code == 302
    assert Dwelling.objects.get(application=case).place == (45.1399, -0.4412)


def test_an_operator_has_their_visits_and_nothing_else(client, authority, case, staff, operator):
    mine = plan(case, staff, inspector=operator)
    other = reviewed(factories.ApplicationFactory(authority=authority), staff)
    Dwelling.objects.filter(application=other).update(address="99 rue Cachée")
    theirs = plan(other, staff)
    client.force_login(operator)

    assert client.get(reverse("home")).url == reverse("visit-day")
    for name in ("visit-day", "visit-calendar"):
        page = text_of(client.get(reverse(name), {"jour": "2026-03-09"}))
        assert "12 rue de la Gare" in page
        assert "99 rue Cachée" not in page
        assert staff.full_name not in page
    assert client.get(reverse("visit-report", args=[mine.pk])).status_code == 200
    for name in ("visit-report", "visit-no-show", "visit-move"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
    for name in ("visit-move", "visit-cancel", "visit-occupant"):
        assert client.get(reverse(name, args=[mine.pk])).status_code == 403
    for name in ("case-plan-visit", "case-contact", "case-note", "case-draft"):
        assert client.get(reverse(name, args=[case.pk])).status_code == 403
    assert client.get(reverse("case", args=[case.pk])).url == reverse("visit-day")
    assert client.get(reverse("case", args=[other.pk])).status_code == 404


def test_after_an_absence_an_operator_goes_back_to_their_visits(client, case, staff, operator, time_machine):
    mine = plan(case, staff, inspector=operator)
    time_machine.move_to(datetime(2026, 3, 9, 10, tzinfo=UTC), tick=False)
    client.force_login(operator)
    assert client.post(reverse("visit-no-show", args=[mine.pk])).url == reverse("visit-day")


@pytest.fixture
def administrator(client, authority):
    person = factories.member(authority, Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def test_an_operator_and_their_mandate_are_recorded(client, authority, administrator):
    person = factories.member(authority, Role.OPERATOR)
    stranger = factories.member(factories.AuthorityFactory(), Role.OPERATOR)
    url = reverse("operator-create")
    assert client.post(url, {"name": "SOLIHA", "people": [stranger.pk]}).status_code == 422
    assert client.post(url, {"name": "SOLIHA", "people": [person.pk]}).url.startswith(reverse("settings-visits"))
    assert client.post(url, {"name": "SOLIHA"}).status_code == 422
    operator = Operator.objects.get()
    mandate = reverse("mandate-create", args=[operator.pk])
    dates = {"reference": "n° 12", "signed_on": "2026-01-05", "starts_on": "2026-02-01", "ends_on": "2026-01-01"}
    assert client.post(mandate, dates).status_code == 422
    assert client.post(mandate, {**dates, "ends_on": "2026-12-31"}).status_code == 302
    assert "Mandat n° 12" in text_of(client.get(reverse("settings-visits")))


@pytest.mark.parametrize(("opens", "closes"), [("05:30", "17:00"), ("09:00", "21:30"), ("18:00", "09:00")])
def test_hours_of_visits_stay_within_the_law(client, administrator, opens, closes):
    url = reverse("visit-routine")
    sent = {"opens": opens, "closes": closes, "visit_minutes": "30", "travel_minutes": "10", "margin_days": "3"}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, {**sent, "opens": "10:00", "closes": "16:00"}).status_code == 302
    assert VisitRoutine.objects.get().as_routine().visit_minutes == 30


@pytest.mark.parametrize("page", ["visit-day", "visit-calendar"])
def test_an_address_does_not_tell_who_else_has_an_account(client, operator, case, staff, page):
    stranger = factories.UserFactory(last_name="Inconnu-Ailleurs")
    plan(case, operator, by=staff)
    for person, other in ((operator, staff), (operator, stranger), (staff, stranger)):
        client.force_login(person)
        assert other.last_name not in client.get(reverse(page), {"agent": other.pk, "jour": "2026-03-09"}).content.decode()


def test_the_hours_of_a_case_are_those_of_its_authority_overseas(client):
    island = factories.AuthorityFactory(time_zone="Indian/Reunion", department="974")
    boss = factories.member(island, Role.OFFICER, Role.INSPECTOR, Role.MANAGER)
    case = reviewed(factories.ApplicationFactory(authority=island), boss)
    visit = plan(case, boss)
    for person, page in (
        (boss, reverse("case", args=[case.pk])),
        (case.applicant, reverse("application", args=[case.pk])),
        (boss, reverse("visit-report", args=[visit.pk])),
        (boss, reverse("visit-day") + "?jour=2026-03-09"),
    ):
        client.force_login(person)
        assert "12 h 00" in text_of(client.get(page)), page
