"""The dashboard compared: with another period, between communes, and what is late to be sent in each of them."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from accounts.enums import Role
from notifications.ledger import Occasion, RecipientKind
from notifications.models import Transmission
from territories.enums import Regime
from tests import factories
from tests.workflows.exported import cells_of
from workflows import ledger
from workflows.models import Tally
from workflows.statistics import period
from workflows.statistics.measures import Measure

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)


@pytest.fixture
def town(time_machine):
    time_machine.move_to("2026-03-12T12:00:00Z")
    return factories.AuthorityFactory(siren="243301181")


@pytest.fixture
def places(town):
    return [factories.CommuneFactory(name=name, epci_siren=town.siren) for name in ("Anglade", "Berson", "Cavignac", "Donnezac")]


@pytest.fixture
def manager(client, town):
    person = factories.member(town, Role.MANAGER)
    client.force_login(person)
    return person


def add(town, place, measure, key, n, *, day=date(2026, 2, 1)):
    Tally.objects.create(authority=town, commune=place, regime=Regime.APML, measure=measure, day=day, key=key, n=n)


def seen(client, name="dashboard", *args, **query):
    return unescape(client.get(reverse(name, args=args), query).content.decode())


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize(
    ("key", "back", "start", "end", "than"),
    [
        ("2025", 12, date(2024, 1, 1), date(2024, 12, 31), "en un an"),
        ("2025", 36, date(2022, 1, 1), date(2022, 12, 31), "qu’en 2022"),
        ("2026-t1", 3, date(2025, 10, 1), date(2025, 12, 31), "qu’au 4e trimestre 2025"),
        ("12-mois", 24, date(2023, 3, 1), date(2024, 2, 29), "que de mars 2023 à février 2024"),
        ("2025", 5, date(2024, 1, 1), date(2024, 12, 31), "en un an"),
    ],
)
def test_a_period_is_compared_with_as_many_months(key, back, start, end, than):
    asked = period.Period.asked(key, today=TODAY)
    against = asked.compared(str(back))
    assert (against.start, against.end, against.than) == (start, end, than)
    assert len(against.months) == len(asked.months)


def test_a_single_month_is_told_by_its_name():
    january = period.Period.asked("2026", today=date(2026, 1, 12))
    assert january.compared("24").than == "qu’en janvier 2024"


@pytest.mark.parametrize(
    ("today", "back", "until", "start", "end", "than"),
    [
        (date(2026, 11, 27), 12, date(2026, 11, 30), date(2025, 10, 1), date(2025, 11, 30), "en un an"),
        (date(2026, 11, 27), 24, date(2026, 11, 30), date(2024, 10, 1), date(2024, 11, 30), "que d’octobre à novembre 2024"),
        (date(2026, 10, 1), 3, date(2026, 10, 31), date(2026, 7, 1), date(2026, 7, 31), "qu’en juillet 2026"),
        (date(2026, 12, 1), 12, date(2026, 12, 31), date(2025, 10, 1), date(2025, 12, 31), "en un an"),
    ],
)
def test_a_quarter_in_progress_is_compared_with_the_months_that_have_begun(today, back, until, start, end, than):
    asked = period.Period.asked("2026-t4", today=today)
    against = asked.compared(str(back))
    assert (asked.end, against.start, against.end, against.than) == (until, start, end, than)
    assert asked.label == "4e trimestre 2026" + (", depuis octobre" if until.month < 12 else "")


def test_the_page_says_what_it_is_compared_with_and_keeps_it(client, town, places, manager):
    add(town, places[0], Measure.RECEIVED, "online", 9)
    add(town, places[0], Measure.RECEIVED, "online", 4, day=date(2025, 2, 1))
    add(town, places[0], Measure.RECEIVED, "online", 9, day=date(2024, 2, 1))
    add(town, places[0], Measure.NOTIFIED, "12", 5)
    add(town, places[0], Measure.NOTIFIED, "15", 5, day=date(2024, 2, 1))

    usual, page = seen(client, periode="2026-t1"), seen(client, periode="2026-t1", comparer="24")

    assert "5 de plus en un an" in words(usual)
    assert "comparer=" not in usual
    assert "il est comparé à un mois entier" in words(usual)
    assert "il est comparé à un mois entier" not in words(seen(client, periode="12-mois"))
    assert "autant qu’au 1er trimestre 2024" in words(page)
    assert "3 jours de moins qu’au 1er trimestre 2024" in words(page)
    assert "Comparée : médiane de la période « 1er trimestre 2024 »." in words(page)
    assert f"{reverse('dashboard-commune', args=[places[0].pk])}?periode=2026-t1&comparer=24" in page
    assert "mesure=received&comparer=24" in page
    assert '<option value="24" selected>' in page
    cases = seen(client, "figure-cases", periode="2026-t1", mesure="received", comparer="24")
    assert f"{reverse('dashboard')}?periode=2026-t1&comparer=24" in cases
    moved = client.get(reverse("dashboard"), {"commune": places[0].pk, "periode": "2026-t1", "comparer": "24"})
    assert moved.headers["Location"].endswith("?periode=2026-t1&comparer=24")


def test_three_communes_at_the_most_stand_side_by_side(client, town, places, manager):
    for rank, place in enumerate(places, start=1):
        add(town, place, Measure.RECEIVED, "online", rank)
        add(town, place, Measure.OUTCOME, "granted", rank)
        add(town, place, Measure.NOTIFIED, str(10 * rank), rank)
    plain = seen(client)
    assert "Côte à côte" not in plain

    page = seen(client, cote=[place.pk for place in places], comparer="24")

    table = words(page[page.index('id="cote"') :])
    assert "Chiffre Anglade Berson Cavignac Ensemble" in table
    assert "Demandes reçues 1 2 3 10" in table
    assert "Délai médian de réponse 10 j 20 j 30 j 30 j" in table
    assert "Autorisées 1 (100 %) 2 (100 %) 3 (100 %) 10 (100 %)" in table
    assert page.count('name="cote"') == 4
    assert page.count(" checked") == 3
    assert '<input type="hidden" name="comparer" value="24">' in page
    assert "Côte à côte" not in seen(client, cote="' --")


def test_a_period_in_progress_ends_today_wherever_it_is_told(client, town, places, manager):
    add(town, places[0], Measure.RECEIVED, "online", 1)
    pages = [
        seen(client, cote=places[0].pk),
        seen(client, "dashboard-commune", places[0].pk),
        seen(client, "figure-cases", mesure="received"),
    ]
    for page in pages:
        assert "Du 1er janvier 2026 au 12 mars 2026" in page
        assert "31 mars 2026" not in page
    sheet = b"".join(client.get(reverse("export-figures"), {"format": "xlsx"}).streaming_content)
    assert "Du 1er janvier 2026 au 12 mars 2026" in {value for row in cells_of(sheet, 2) for value in row.values()}
    assert "Du 1er janvier 2025 au 31 décembre 2025" in seen(client, periode="2025")


def late(town, count, **subject):
    Transmission.objects.bulk_create(
        Transmission(authority=town, kind=RecipientKind.CAF, opened_on=TODAY, due_on=TODAY - timedelta(9), **subject)
        for _ in range(count)
    )


def test_what_is_late_is_told_by_commune_and_leads_to_it(client, town, places, manager, django_assert_num_queries):
    zone = factories.ZoneFactory(authority=town, commune=places[0])
    case = factories.ApplicationFactory(authority=town, commune=places[1])
    type(places[1]).objects.filter(pk=places[1].pk).update(epci_siren="")  # it has left the authority, its case has not
    add(town, places[1], Measure.RECEIVED, "online", 1, day=date(2020, 1, 1))
    late(town, 2, occasion=Occasion.DELIBERATION, zone=zone)
    late(town, 3, occasion=Occasion.REFUSAL, application=case)
    late(town, 1, occasion=Occasion.ANNUAL_REPORT, year=2025)
    late(factories.AuthorityFactory(), 4, occasion=Occasion.DELIBERATION, zone=factories.ZoneFactory(commune=places[2]))

    assert manager.roles  # read once a request
    with django_assert_num_queries(1):
        counted = ledger.late_by_commune(manager, {town.pk}, today=TODAY)
    assert counted == {places[0].pk: 2, places[1].pk: 3}
    page = seen(client)
    leads_to = f"{reverse('ledger')}?etat=retard&commune={places[1].pk}"
    assert leads_to in page
    assert "6 transmissions obligatoires en retard" in words(page)
    of_commune = seen(client, "dashboard-commune", places[1].pk)
    assert "3 transmissions obligatoires en retard" in words(of_commune)
    assert leads_to in of_commune

    listed = unescape(client.get(leads_to).content.decode())
    assert listed.count('class="pl-link"') == 3
    assert f'<option value="{places[1].pk}" selected>' in listed
    assert seen(client, "ledger", commune="33' --").count('class="pl-link"') == 6


def test_who_does_not_manage_reads_no_lateness(client, town, places):
    late(town, 2, occasion=Occasion.DELIBERATION, zone=factories.ZoneFactory(authority=town, commune=places[0]))
    client.force_login(factories.member(town, Role.ELECTED))
    assert "Transmissions en retard" not in seen(client)
