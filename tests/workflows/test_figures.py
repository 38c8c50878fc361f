"""The pages of figures: each number equals a count of the cases themselves, and leads to them for those who may open them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pytest
from django.db import connection
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from permis.enums import State
from permis.models import Application
from territories.enums import Regime
from tests import factories
from tests.workflows.test_actions import DEPOSIT, file
from tests.workflows.test_invariant import Walk
from workflows.actions import clock, intake
from workflows.models import Tally, WorkItem
from workflows.statistics import behind, board, figures, period, tally
from workflows.statistics.measures import Measure

pytestmark = pytest.mark.django_db
TODAY = date(2026, 12, 31)


def live(authorities, asked, today):
    """The same counts, made of the cases by the database."""
    filed = Application.objects.filter(authority__in=authorities, regime=Regime.APML).exclude(state=State.DRAFT)
    over = lambda day: Q(**{f"{day}__range": (asked.start, asked.end)})  # noqa: E731
    return filed.aggregate(
        received=Count("pk", filter=over("received_on")),
        open=Count("pk", filter=Q(state__in=State.open())),
        overdue=Count("pk", filter=Q(state__in=State.clock_running(), tacit_on__lt=today)),
        granted=Count("pk", filter=over("notified_on") & Q(outcome="granted")),
        conditional=Count("pk", filter=over("notified_on") & Q(outcome="conditional")),
        refused=Count("pk", filter=over("notified_on") & Q(outcome="refused")),
        tacit=Count("pk", filter=over("tacit_on") & Q(notified_on__isnull=True, valid_until__isnull=False)),
        lifted=Count("pk", filter=over("lifted_on")),
    )


def test_the_figures_equal_a_live_count_after_random_walks():
    walks = [Walk(seed) for seed in range(8)]
    for walk in walks:
        for _ in range(25):
            walk.step()
    keys = [walk.authority.pk for walk in walks]
    for asked in (period.of_year(2026, today=TODAY), *period.choices(TODAY)[2:6]):
        found = figures.read(keys, asked, today=TODAY).total
        counted = live(keys, asked, TODAY)
        assert {name: getattr(found, name) for name in counted} == counted


def test_a_percentile_is_the_delay_that_so_many_did_not_exceed():
    days = {"3": 4, "10": 5, "30": 1}
    assert [figures.percentile_of(days, rank) for rank in (10, 40, 50, 90, 91, 100)] == [3, 3, 10, 10, 30, 30]
    assert figures.percentile_of({}, 50) is None
    assert figures.percentile_of({"3": 0}, 50) is None


@pytest.mark.parametrize(
    ("key", "start", "end", "before"),
    [
        ("2026", date(2026, 1, 1), date(2026, 3, 31), date(2025, 3, 31)),
        ("12-mois", date(2025, 3, 1), date(2026, 2, 28), date(2025, 2, 28)),
        ("2026-t1", date(2026, 1, 1), date(2026, 3, 31), date(2025, 3, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), date(2023, 12, 31)),
        ("x' --", date(2026, 1, 1), date(2026, 3, 31), date(2025, 3, 31)),
    ],
)
def test_a_period_is_whole_months_and_is_compared_with_the_same_ones(key, start, end, before):
    asked = period.Period.asked(key, today=date(2026, 3, 12))
    assert (asked.start, asked.end, asked.before.end) == (start, end, before)
    assert len(asked.months) == len(asked.before.months)


def cases_of(town, count, *, on=DEPOSIT, **more):
    return [file(factories.ApplicationFactory(authority=town, **more), on=on) for _ in range(count)]


def seen(client, name, *args, **query):
    return unescape(client.get(reverse(name, args=args), query).content.decode())


def test_each_figure_leads_to_its_cases_and_to_no_other(client, town):
    mine = cases_of(town, 2)
    other = cases_of(factories.AuthorityFactory(), 1)
    clock.run(town, on=date(2026, 6, 1))
    client.force_login(factories.member(town, Role.MANAGER))
    page = seen(client, "dashboard", periode=str(DEPOSIT.year))
    [leads_to] = {
        href.replace("&amp;", "&") for href in re.findall(r'href="(/tableau-de-bord/dossiers/[^"]+valeur=tacit[^"]*)"', page)
    }
    listed = unescape(client.get(leads_to).content.decode())
    assert all(case.number in listed for case in mine)
    assert other[0].number not in listed
    narrowed = seen(client, "figure-cases", mesure="outcome", valeur="refused", periode=str(DEPOSIT.year))
    assert "Aucun dossier" in narrowed


def test_the_cases_of_a_figure_come_in_the_order_that_the_page_says(client, town):
    """That of their keys, by which the next page starts: one begun earlier may well have been received later."""
    begun = [factories.ApplicationFactory(authority=town) for _ in range(2)]
    for case, on in zip(begun, (DEPOSIT + timedelta(5), DEPOSIT), strict=True):
        file(case, on=on)
    client.force_login(factories.member(town, Role.MANAGER))
    page = seen(client, "figure-cases", mesure="received", periode=str(DEPOSIT.year))
    assert "dans l’ordre où ils ont été commencés" in page
    assert "du plus ancien" not in page
    numbers = [type(case).objects.get(pk=case.pk).number for case in begun]
    assert sorted(numbers, key=page.index) == numbers


@pytest.mark.parametrize("asked", [
    {"mesure": Measure.OPEN}, {"mesure": Measure.WORKS_DUE, "terme": "jamais"}, {"mesure": Measure.OUTCOME, "terme": "late"},
])  # fmt: skip
def test_what_is_due_belongs_to_no_period_and_is_asked_by_its_term(client, town, asked):
    """Its days are terms, not months: a period would show those due on the first of a month, and no other."""
    cases_of(town, 1)
    client.force_login(factories.member(town, Role.MANAGER))
    assert client.get(reverse("figure-cases"), asked).status_code == 404


def test_each_figure_of_today_leads_to_the_cases_that_it_counts(client, town, time_machine):
    cases_of(town, 3)
    declared = factories.ApplicationFactory(authority=town, declared=True)
    intake.submit(declared, by=declared.applicant, on=DEPOSIT)
    last = Application.objects.filter(regime=Regime.APML).first().tacit_on
    client.force_login(factories.member(town, Role.MANAGER))
    for day, told in (
        (last - timedelta(20), ["3", "0", "0", "0"]),
        (last, ["3", "3", "0", "0"]),
        (last + timedelta(1), ["3", "3", "3", "0"]),
    ):
        time_machine.move_to(datetime.combine(day, time(12), tzinfo=UTC))
        page = seen(client, "dashboard").replace("&amp;", "&")
        links = re.findall(r'href="(/tableau-de-bord/dossiers/\?mesure=(?:open|works_due)[^"]*)"[^>]*><b>(\d+)</b>', page)
        assert [count for _, count in links] == told
        for url, count in links:
            shown = client.get(url).content.decode()
            assert shown.count('class="pl-link pl-num"') == int(count), url


def test_the_cases_behind_a_figure_are_not_sought_in_the_order_of_all_cases(town):
    cases_of(town, 2)
    asked = period.of_year(DEPOSIT.year, today=TODAY)
    with CaptureQueriesContext(connection) as captured:
        behind.page([town.pk], Measure.NOTIFIED, [], asked)
        behind.due_page([town.pk], Measure.OPEN, ["late"], today=TODAY)
    found = [each["sql"] for each in captured if 'FROM "workflows_casetally"' in each["sql"]]
    assert len(found) == 2
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # these tables are small: no index would be looked for
        for sql in found:
            cursor.execute(f"EXPLAIN {sql}")
            plan = " ".join(line for (line,) in cursor.fetchall())
            assert "Sort Key: ((application_id + 0))" in plan  # found first, then put in order


@pytest.mark.parametrize(("count", "soon", "over"), [
    (0, "échéance ≤ 5 jours", "échéance passée"), (1, "échéance ≤ 5 jours", "échéance passée"),
    (2, "échéances ≤ 5 jours", "échéances passées"),
])  # fmt: skip
def test_the_figures_of_today_agree_with_their_number(client, town, count, soon, over):
    cases = cases_of(town, count)
    today = max((case.tacit_on for case in cases), default=TODAY) + timedelta(1)
    asked = period.of_year(2026, today=today)
    tiles = board.today(figures.read([town.pk], asked, today=today), board.Links(False, asked))
    assert [tile.name.replace("\N{NO-BREAK SPACE}", " ") for tile in tiles[1:3]] == [soon, over]
    assert {tile.value for tile in tiles[1:3]} == {str(count)}


def test_who_follows_what_counts_as_the_list_of_each_person_does(client, town):
    officer, inspector = factories.member(town, Role.OFFICER), factories.member(town, Role.INSPECTOR)
    cases_of(town, 2, officer=officer)
    cases_of(town, 1)
    WorkItem.objects.filter(pk=WorkItem.objects.filter(officer=officer).first().pk).update(owner=inspector)
    client.force_login(factories.member(town, Role.MANAGER))
    page = seen(client, "dashboard").replace("&amp;", "&")
    told = dict(re.findall(r'href="(/dossiers/\?suivi=[^"]+)">[^<]+</a></th><td class="text-end">(\d+)</td>', page))
    assert sorted(told.values()) == ["1", "1", "2"]
    for url, count in told.items():
        shown = client.get(url).content.decode()
        assert shown.count('class="pl-link pl-num"') == int(count), url
        assert re.search(r'<select[^>]*name="suivi">.*?selected>', shown, re.DOTALL), (
            url
        )  # an inspector too, who is given no case


def test_an_elected_member_reads_figures_that_lead_nowhere_and_no_name(client, town):
    officer = factories.member(town, Role.OFFICER)
    cases_of(town, 1, officer=officer)
    client.force_login(factories.member(town, Role.ELECTED))
    page = seen(client, "dashboard", periode=str(DEPOSIT.year))
    assert "/tableau-de-bord/dossiers/" not in page
    assert officer.last_name not in page
    assert "Qui suit quoi" not in page
    assert client.get(reverse("figure-cases")).status_code == 403


def test_the_figures_of_another_town_are_not_told(client, town):
    [case] = cases_of(factories.AuthorityFactory(), 1)
    client.force_login(factories.member(town, Role.MANAGER))
    page = seen(client, "dashboard", periode=str(DEPOSIT.year))
    assert case.commune.name not in page
    assert client.get(reverse("dashboard-commune", args=[case.commune_id])).status_code == 404
    assert client.get(reverse("dashboard-commune", args=["' --"])).status_code == 404


def test_a_commune_without_a_case_yet_has_its_page(client, town):
    commune = factories.CommuneFactory(epci_siren=town.siren)
    client.force_login(factories.member(town, Role.MANAGER))
    page = seen(client, "dashboard-commune", commune.pk)
    assert commune.name in page
    assert "Aucune demande n’a pris fin dans la période" in page


def test_the_choice_of_a_commune_leads_to_its_page(client, town):
    client.force_login(factories.member(town, Role.MANAGER))
    insee = factories.CommuneFactory(epci_siren=town.siren).pk
    answer = client.get(reverse("dashboard"), {"commune": insee, "periode": "12-mois"})
    assert answer.headers["Location"] == reverse("dashboard-commune", args=[insee]) + "?periode=12-mois"


@pytest.mark.parametrize("asked", ["a/b", "../..", "99999", "é", "  ", "carte"])
def test_what_is_no_commune_has_no_page(client, town, asked):
    client.force_login(factories.member(town, Role.MANAGER))
    assert client.get(reverse("dashboard"), {"commune": asked}).status_code == 404


def test_the_page_asks_as_many_queries_for_one_case_as_for_many(client, town):
    client.force_login(factories.member(town, Role.MANAGER))
    cases_of(town, 1)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("dashboard"), {"periode": str(DEPOSIT.year)})
        counts.append(len(asked))
        cases_of(town, 8)
    assert counts[0] == counts[1]
    assert not [
        query["sql"]
        for query in asked
        if 'permis_application"' in query["sql"]
        and "COUNT(" in query["sql"]
        and not re.search("piecerequest|transmission", query["sql"])
    ]


def test_the_change_in_a_year_is_told_in_words(town):
    cases_of(town, 3)
    cases_of(town, 1, on=DEPOSIT.replace(year=DEPOSIT.year - 1))
    asked = period.of_year(DEPOSIT.year, today=TODAY)
    found = figures.read([town.pk], asked, today=TODAY)
    tile = board.tiles(found, board.Links(False, asked))[0]
    assert (tile.value, tile.change, tile.url) == ("3", "2 de plus en un an", "")


def test_the_figures_are_read_by_their_index(town):
    """Thirty thousand rows of sixty communes: a page reads those of its own."""
    towns = [town, *(factories.AuthorityFactory() for _ in range(5))]
    places = [factories.CommuneFactory() for _ in range(10)]
    months = [date(2019 + year, month, 1) for year in range(8) for month in range(1, 13)]
    Tally.objects.bulk_create(
        tally.row((each.pk, place.pk, Regime.APML, measure, month, "x"), 1, folded=True)
        for each in towns for place in places for month in months for measure in Measure.values[:6]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE workflows_tally")
    with CaptureQueriesContext(connection) as asked:
        figures.read([town.pk], period.of_year(2026, today=TODAY), today=TODAY, commune=places[0].pk)
    assert len(asked) == 1
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan" not in plan, plan
