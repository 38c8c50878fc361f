"""The public figures: drawn once a quarter, masked before they are kept, read without account and without a case."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from inspections import grid
from permis.enums import Ground
from permis.models import RuleChange
from permis.rules import Rule
from territories.enums import Regime
from tests import factories
from workflows.exports import anonymity, opendata
from workflows.exports.anonymity import Taken
from workflows.models import OpenDataset, Tally
from workflows.statistics import period, public, tally
from workflows.statistics.measures import Measure

pytestmark = pytest.mark.django_db
TODAY, UNTIL = date(2026, 11, 26), date(2026, 9, 30)
JULY, AUGUST, SEPTEMBER = (date(2026, month, 1) for month in (7, 8, 9))


@pytest.fixture
def town(time_machine):
    time_machine.move_to(datetime(2026, 11, 26, 12, tzinfo=UTC))
    return factories.AuthorityFactory(siren="243301181", name="CC Estuaire")


@pytest.fixture
def places(town):
    names = ("Anglade", "Berson", "Cavignac")
    return [factories.CommuneFactory(insee=f"3300{rank}", name=name, epci_siren=town.siren, population=1000 * rank)
            for rank, name in enumerate(names, start=1)]  # fmt: skip


def add(town, place, measure, key, n, *, day=AUGUST):
    Tally.objects.create(authority=town, commune=place, regime=Regime.APML, measure=measure, day=day, key=key, n=n, folded=False)


def in_the_file(*decisions):
    """What the open file says of so many decisions of a place, each with its outcome and its day: what it hides is not there."""
    taken = [Taken(place.pk, "", day, outcome) for place, outcome, n, day in decisions for _ in range(n)]
    return [public.Told(line.insee, line.moment, line.outcome) for line in anonymity.publish(taken)]


def busy(town, places, *, day=AUGUST):
    """A quarter where one commune has much, one something, one next to nothing."""
    for place, received, granted in zip(places, (20, 9, 2), (16, 8, 1), strict=True):
        add(town, place, Measure.RECEIVED, "online", received, day=day)
        add(town, place, Measure.NOTIFIED, "19", granted, day=day)
        add(town, place, Measure.ENERGY, "D", received, day=day)
    add(town, places[0], Measure.DEFECT, "B04", 7, day=day)
    add(town, places[0], Measure.DEFECT, "C11", 4, day=day)
    granted = [(place, "granted", n, day) for place, n in zip(places, (16, 8, 1), strict=True)]
    return in_the_file(*granted, (places[0], "conditional", 7, day), (places[0], "refused", 2, day))


def publish(town, decisions=(), *, until=UNTIL):
    """The quarter alone, as a night keeps it."""
    drawn = public.drawn(town, until=until, decisions=decisions)
    return OpenDataset.objects.create(authority=town, until=until, sha256="0" * 64, rows=len(decisions), figures=drawn)


def seen(client, town, **query):
    answer = client.get(reverse("open-data-figures", args=[town.siren]), query)
    return answer, unescape(answer.content.decode())


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_anybody_reads_the_quarter_and_nothing_under_five(client, town, places, django_assert_num_queries):
    publish(town, busy(town, places))

    with django_assert_num_queries(5):
        answer, page = seen(client, town)

    assert answer.status_code == 200
    told = words(page)
    assert "31 demandes reçues" in told
    assert "19 j délai médian de réponse" in told
    assert "masqué refus" in told
    assert "Cavignac" not in told  # two applications, one decision
    assert "Autres communes et nombres masqués, ensemble" in told
    assert "Défauts les plus relevés" in told
    assert not re.search(r"<td[^>]*>\s*[1-4]\s*</td>|<strong>[1-4]</strong>", page)
    assert len(answer.content) < 40_000
    assert "Set-Cookie" not in answer.headers


def test_a_commune_is_not_found_by_subtraction(town, places):
    """Cavignac alone is small: the first commune by population is masked with it, so that 31 less the others is two unknowns.

    Its decision is not in the file: the page, which counts those of the file, does not give it back.
    """
    kept = public.drawn(town, until=UNTIL, decisions=busy(town, places))

    assert [row[1:4] for row in kept["communes"]] == [["Anglade", None, 25], ["Berson", 9, 8]]
    assert kept["decided"] == 33
    assert kept["received"] == 31
    assert kept["outcomes"] == {"conditional": None, "refused": None, "tacit": None, "granted": 24}
    assert kept["energy"]["D"] is None  # all the others are at nought: D alone would be the whole
    assert [month[1] for month in kept["months"]] == [None, None, None]


@pytest.mark.parametrize(
    ("answers", "silences", "median", "ninth"), [(4, 20, None, None), (9, 0, None, None), (9, 1, 12, None), (10, 9, 12, None), (10, 10, 12, 12)]
)  # fmt: skip
def test_a_delay_needs_five_cases_and_never_says_how_many_silences_there_were(town, places, answers, silences, median, ninth):
    decisions = in_the_file((places[0], "granted", answers, AUGUST), (places[0], "tacit", silences, AUGUST))
    add(town, places[0], Measure.NOTIFIED, "12", answers)
    add(town, places[0], Measure.COMPLETE, "3", 4)
    add(town, places[0], Measure.VISITED, "8", 7)

    kept = public.drawn(town, until=UNTIL, decisions=decisions)

    assert kept["delays"] == {"complete": [None, None], "visited": [8, None], "notified": [median, ninth]}


counts = st.integers(0, 12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(counts, counts), min_size=3, max_size=3), st.lists(counts, min_size=3, max_size=3))
def test_what_is_kept_has_no_small_count_and_no_lone_gap(town, places, by_commune, by_month):
    Tally.objects.all().delete()
    taken = []
    for place, (received, granted) in zip(places, by_commune, strict=True):
        add(town, place, Measure.RECEIVED, "online", received, day=JULY)
        taken.append((place, "granted", granted, JULY))
    for month, refused in zip((JULY, AUGUST, SEPTEMBER), by_month, strict=True):
        taken.append((places[0], "refused", refused, month))
    decisions = in_the_file(*taken)

    kept = public.drawn(town, until=UNTIL, decisions=decisions)

    every = [kept[name] for name in ("received", "decided", "dropped", "lifted", "declared")]
    shown = {row[0]: row for row in kept["communes"]}
    tables = {
        ("decided", "outcomes"): list(kept["outcomes"].values()),
        ("decided", "months"): [month[2] for month in kept["months"]],
        ("received", "months"): [month[1] for month in kept["months"]],
        ("received", "energy"): list(kept["energy"].values()),
        ("received", "communes"): [shown[place.pk][2] if place.pk in shown else None for place in places],
    }
    # Of the decisions of a commune, what the file says and nothing else.
    of_each = Counter(each.insee for each in decisions)
    assert [shown[place.pk][3] if place.pk in shown else None for place in places] == [
        of_each[place.pk] or None for place in places
    ]
    assert (kept["decided"] or 0) == len(decisions)
    for (whole, _), parts in tables.items():
        every += parts
        assert parts.count(None) != 1
        if kept[whole] is None:
            assert set(parts) == {None}
        elif None in parts:
            assert kept[whole] - sum(filter(None, parts)) >= opendata.FEWEST
    assert all(count is None or count >= opendata.FEWEST for count in every)


def test_a_quarter_is_drawn_the_night_it_is_published_and_never_again(client, town, places):
    factories.ZoneFactory(authority=town, commune=places[0])
    busy(town, places)
    opendata.publish(town, on=TODAY)
    assert not OpenDataset.objects.exists()  # no decision in the cases: nothing to publish
    earlier = OpenDataset.objects.create(authority=town, until=UNTIL, sha256="0" * 64, rows=0)

    opendata.publish(town, on=TODAY)
    earlier.refresh_from_db()
    drawn = earlier.figures
    add(town, places[0], Measure.RECEIVED, "online", 50)
    opendata.publish(town, on=TODAY)
    earlier.refresh_from_db()

    assert drawn["received"] == 31
    assert earlier.figures == drawn
    assert reverse("open-data-figures", args=[town.siren]) in client.get(reverse("open-data")).content.decode()


def test_a_town_that_keeps_its_decisions_keeps_its_figures(client, town, places):
    publish(town)
    by = factories.member(town, Role.ADMINISTRATOR)
    RuleChange.objects.create(authority=town, rule=Rule.OPEN_DECISIONS, value=False, since=TODAY, by=by)

    assert seen(client, town)[0].status_code == 404
    assert client.get(reverse("open-data-figures", args=["000000000"])).status_code == 404


def test_what_a_quarter_changed_in_a_year_is_told_where_both_are_shown(client, town, places):
    decisions = busy(town, places)
    earlier = busy(town, places[1:] + places[:1], day=date(2025, 8, 1))
    add(town, places[0], Measure.RECEIVED, "paper", 9)
    publish(town, decisions)
    publish(town, earlier, until=date(2025, 9, 30))

    told = words(seen(client, town)[1])
    assert "9 de plus en un an" in told
    assert "3e trimestre 2026" in told
    assert "31 demandes reçues" in words(seen(client, town, trimestre="2025-t3")[1])
    assert "40 demandes reçues" in words(seen(client, town, trimestre="x' --")[1])


def test_a_browser_that_has_the_page_is_told_so(client, town, places):
    publish(town)
    answer, _ = seen(client, town)
    assert answer["Cache-Control"] == "public, max-age=3600"
    again = client.get(reverse("open-data-figures", args=[town.siren]), headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    client.force_login(factories.member(town, Role.OFFICER))
    assert "public" not in seen(client, town)[0].get("Cache-Control", "")


def test_a_town_without_a_quarter_or_without_a_case_says_so(client, town):
    answer, page = seen(client, town)
    assert answer.status_code == 200
    assert "Aucun trimestre n’est encore publié" in page

    publish(town)
    told = words(seen(client, town)[1])
    assert "masqué demandes reçues" in told
    assert "en feraient retrouver de trop petits" in told
    assert "leur issue est masquée" in told


def test_six_hundred_communes_with_long_names_are_turned_by_pages(client, town, django_assert_num_queries):
    name = "Saint-Germain-de-la-Rivière-et-de-la-Grande-Lande-sous-les-Coteaux"
    known = [
        factories.CommuneFactory.build(insee=f"{rank:05}", name=f"{name} {rank:03}", epci_siren=town.siren) for rank in range(600)
    ]
    for place in known:
        place.sort_key = place.name.casefold()
    type(known[0]).objects.bulk_create(known)
    Tally.objects.bulk_create(
        tally.row((town.pk, place.pk, Regime.APML, measure, AUGUST, "9"), 9, folded=True)
        for place in known for measure in (Measure.RECEIVED, Measure.NOTIFIED)
    )  # fmt: skip
    publish(town, in_the_file(*((place, "granted", 9, AUGUST) for place in known)))

    # Eight years of quarters, and every list as long as it can be.
    found = OpenDataset.objects.get()
    found.figures |= {
        "grounds": {f"{outcome}:{ground}": 9 for outcome in ("refused", "conditional") for ground in Ground},
        "defects": {item.code: 9 for section in grid.national().sections for item in section.items},
    }
    found.save()
    for back in range(1, 32):
        until = period.quarter_until(UNTIL).earlier(3 * back).end
        OpenDataset.objects.create(authority=town, until=until, sha256="0" * 64, rows=0, figures=found.figures)

    for number, first in ((1, "000"), (15, "560")):
        with django_assert_num_queries(5):
            answer, page = seen(client, town, page=number)
        assert f"{name} {first}" in page
        assert len(answer.content) < 40_000
