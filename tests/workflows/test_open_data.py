"""Open data: what everybody reads without account, what is hidden, and what a browser already has."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from permis.enums import State
from permis.models import Application, RuleChange
from permis.rules import Rule
from tests import factories
from workflows.exports import opendata
from workflows.exports.tasks import publish_open_data
from workflows.models import OpenDataset

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[-0.5, 45.1], [-0.4, 45.1], [-0.4, 45.2], [-0.5, 45.1]]]}
TODAY = date(2026, 11, 26)


@pytest.fixture
def town(time_machine):
    time_machine.move_to(datetime(2026, 11, 26, 12, tzinfo=UTC))
    return factories.AuthorityFactory(siren="243301181", name="CC Estuaire")


@pytest.fixture
def zone(town):
    commune = factories.CommuneFactory(insee="33473", name="Saint-Savin", epci_siren=town.siren)
    facts = {"geometry": SQUARE, "categories": {"built_before": 1975}, "url": "https://exemple.fr/acte.pdf"}
    return factories.ZoneFactory(authority=town, commune=commune, **facts)


def decide(town, zone, day, count, *, first=1, **facts):
    """Cases of this zone whose refusal was notified that day, the rows alone."""
    facts = {"state": State.REFUSED, "outcome": "refused", "notified_on": day, "signed_on": day, "tacit_on": day} | facts
    for rank in range(first, first + count):
        case = factories.ApplicationFactory(
            authority=town, commune=zone.commune, zone=zone, sheet={"address": f"{rank} rue Secrète"}
        )
        number = f"APML 033473 26 {day:%m%d}{rank}"
        Application.objects.filter(pk=case.pk).update(number=number, received_on=day - timedelta(20), **facts)


def read(client, name, *args, **headers):
    answer = client.get(reverse(name, args=args), headers=headers)
    return answer, b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_perimeters_follow_the_schema(client, town, zone, django_assert_max_num_queries):
    ended = factories.ZoneFactory(authority=town, commune=zone.commune, name="Ancien", ends_on=date(2026, 1, 1))
    with django_assert_max_num_queries(3):
        answer, text = read(client, "open-data-zones", town.siren, "geojson")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/geo+json")
    found = json.loads(text)
    assert [feature["geometry"] for feature in found["features"]] == [SQUARE, None]
    first, second = (feature["properties"] for feature in found["features"])
    assert first == {
        "insee": "33473",
        "nom_commune": "Saint-Savin",
        "regime": "APML",
        "categorie": "construits avant 1975",
        "zone_id": f"243301181-{zone.pk}",
        "date_deliberation": "2024-09-24",
        "date_effet": "2025-05-01",
        "date_fin": None,
        "url_acte": "https://exemple.fr/acte.pdf",
    }
    assert (second["zone_id"], second["date_fin"]) == (f"243301181-{ended.pk}", "2026-01-01")
    assert second["categorie"] == "tous les logements"

    _, text = read(client, "open-data-zones", town.siren, "csv")
    line = rows(text)[0]
    assert tuple(line) == opendata.ZONE_FIELDS == tuple(field["name"] for field in opendata.schema("perimetres")["fields"])
    assert json.loads(line.pop("geometry")) == SQUARE
    assert line == {key: value or "" for key, value in first.items()}
    assert not text.startswith("\ufeff")


def test_who_has_the_perimeters_already_reads_them_no_more(client, town, zone):
    answer, _ = read(client, "open-data-zones", town.siren, "geojson")
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in answer.get("Vary", "")

    again, text = read(client, "open-data-zones", town.siren, "geojson", if_none_match=answer["ETag"])
    assert (again.status_code, text, again["ETag"]) == (304, "", answer["ETag"])
    assert read(client, "open-data-zones", town.siren, "csv")[0]["ETag"] != answer["ETag"]

    for change in ({"ends_on": TODAY}, {"geometry": None}, {"url": ""}, {"categories": {}}):
        before = opendata.zones_etag(town)
        type(zone).objects.filter(pk=zone.pk).update(**change)
        assert opendata.zones_etag(town) != before


def test_decisions_say_neither_who_nor_where(client, town, zone):
    decide(town, zone, date(2026, 8, 12), 5)
    decide(town, zone, date(2026, 9, 3), 3, first=10)
    decide(town, zone, date(2026, 9, 20), 2, first=20, outcome="", notified_on=None, signed_on=None,
           state=State.GRANTED_TACIT, valid_until=date(2028, 9, 20))  # fmt: skip
    decide(town, zone, date(2026, 10, 2), 9, first=30)  # of a quarter that has not ended
    publish_open_data()

    answer, text = read(client, "open-data-decisions", town.siren)

    found = rows(text)
    assert tuple(found[0]) == opendata.DECISION_FIELDS == tuple(field["name"] for field in opendata.schema("decisions")["fields"])
    assert [(line["date"], line["precision"], line["sens"]) for line in found] == [
        *[("2026-08-12", "jour", "refus")] * 5,
        *[("2026-09", "mois", "autorisation tacite")] * 2,
        *[("2026-09", "mois", "refus")] * 3,
    ]
    assert {line["zone_id"] for line in found} == {opendata.zone_id(town, zone.pk)}
    assert {line["type_immeuble"] for line in found} == {"immeuble collectif"}
    for secret in ("Secrète", "Duprat", "APML 0", "33920", "Gare"):
        assert secret not in text
    assert "2026-10" not in text
    assert answer["Last-Modified"]
    again, _ = read(client, "open-data-decisions", town.siren, if_none_match=answer["ETag"])
    assert again.status_code == 304


def test_small_counts_are_masked(client, town, zone):
    other = factories.CommuneFactory(insee="33114", epci_siren=town.siren)
    small = factories.ZoneFactory(authority=town, commune=other)
    decide(town, zone, date(2026, 8, 12), 5)
    decide(town, small, date(2026, 8, 12), 4, first=50)
    publish_open_data()

    text = read(client, "open-data-decisions", town.siren)[1]

    assert len(rows(text)) == 5
    assert "33114" not in text


def test_a_published_quarter_never_changes(client, town, zone):
    decide(town, zone, date(2026, 5, 12), 6)
    assert opendata.publish(town, on=TODAY) == 2  # the second quarter, then the third, empty
    before = OpenDataset.objects.get(until=date(2026, 6, 30))
    decide(town, zone, date(2026, 5, 13), 6, first=40)

    assert opendata.publish(town, on=TODAY) == 0
    assert OpenDataset.objects.get(pk=before.pk).content == before.content
    assert opendata.publish(town, on=date(2027, 1, 1)) == 1


def test_a_town_may_keep_its_decisions(client, town, zone):
    decide(town, zone, date(2026, 8, 12), 6)
    by = factories.member(town, Role.ADMINISTRATOR)
    publish_open_data()
    assert read(client, "open-data-decisions", town.siren)[0].status_code == 200

    RuleChange.objects.create(authority=town, rule=Rule.OPEN_DECISIONS, value=False, since=TODAY, by=by)

    assert read(client, "open-data-decisions", town.siren)[0].status_code == 404
    assert read(client, "open-data-zones", town.siren, "csv")[0].status_code == 200
    page = client.get(reverse("open-data")).content.decode()
    assert "la collectivité ne les publie pas." in page
    assert "decisions.csv" not in page


def test_another_town_is_not_in_the_file(client, town, zone):
    elsewhere = factories.ZoneFactory()
    decide(elsewhere.authority, elsewhere, date(2026, 8, 12), 6, first=60)
    decide(town, zone, date(2026, 8, 12), 6)
    publish_open_data()

    assert {line["siren"] for line in rows(read(client, "open-data-decisions", town.siren)[1])} == {town.siren}


def test_the_page_lists_what_there_is(client, town, zone):
    decide(town, zone, date(2026, 8, 12), 6)
    publish_open_data()

    page = client.get(reverse("open-data")).content.decode()

    assert "CC Estuaire" in page
    assert "30\N{NO-BREAK SPACE}septembre 2026" in page
    for name in opendata.SCHEMAS:
        found = client.get(reverse("open-data-schema", args=[name])).json()
        assert {"name", "type", "description"} <= set(found["fields"][0])
    assert client.get(reverse("open-data-schema", args=["rien"])).status_code == 404
    assert client.get(reverse("open-data-zones", args=[town.siren, "xml"])).status_code == 404
    assert client.get(reverse("open-data-zones", args=["000000000", "csv"])).status_code == 404


def test_many_towns_ask_no_more_queries(client, town, zone, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as one:
        client.get(reverse("open-data"))
    for _ in range(9):
        factories.ZoneFactory()
    with django_assert_max_num_queries(12) as ten:
        client.get(reverse("open-data"))

    assert len(ten) == len(one)


def test_quarters_begin_and_end():
    assert opendata.last_quarter(date(2026, 1, 1)) == date(2025, 12, 31)
    assert opendata.last_quarter(date(2026, 3, 31)) == date(2025, 12, 31)
    assert opendata.last_quarter(date(2026, 4, 1)) == date(2026, 3, 31)
    assert opendata.last_quarter(date(2026, 11, 26)) == date(2026, 9, 30)
