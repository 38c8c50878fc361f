"""The simulator page: a story composed without an account, answered, and never kept."""

import html
import json
import re

import pytest
from django.urls import reverse

from permis import simulation
from permis.simulation.run import EVENTS
from permis.simulation.wording import WARNINGS
from tests.permis.test_codes import WARNED
from workflows.forms.simulator import LABELS, SituationForm, as_posted, lines
from workflows.public.examples import EXAMPLES

pytestmark = pytest.mark.django_db
URL = "/simulateur/"
FILED = {"event-0-type": "submitted", "event-0-day": "2025-03-03", "event-0-time": "10:00", "event-0-pieces": ["form", "dpe"]}


def posted(*, events=1, **fields):
    return {"regime": "APML", "lease_kind": "unfurnished", "events": events, **FILED, **fields}


def words(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def told(response):
    """The story as it was understood."""
    return json.loads(html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", response.content.decode(), re.DOTALL)[1]))


def test_anybody_opens_it_from_the_home_page(client):
    assert f'href="{reverse("simulator")}"' in client.get("/").content.decode()
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("slug", EXAMPLES)
def test_an_example_shows_its_story_and_the_answer_of_the_command(client, slug):
    page = client.get(URL, {"exemple": slug})
    title, story = EXAMPLES[slug]
    assert page.status_code == 200
    answer = simulation.answer(simulation.read(story))
    assert simulation.answer(simulation.read(told(page))) == answer
    kinds = re.findall(r'name="event-\d+-type" value="([^"]*)"', page.content.decode())
    assert kinds == [event["type"] for event in story["events"]]
    text = words(page)
    assert title in text
    for line in answer["timeline"]:
        assert " ".join(line["what"].split()) in text
    for code in answer["warnings"]:
        assert WARNINGS[code] in text


def test_an_unknown_example_is_an_empty_story(client):
    assert "Aucun événement encore" in words(client.get(URL, {"exemple": "nulle-part"}))


def test_a_story_is_answered_with_its_dates_and_their_articles(client):
    page = client.post(URL, posted(as_of="2025-04-04", tell="1"))
    text = words(page)
    assert page.status_code == 200
    assert "Autorisée tacitement" in text
    assert "3 avril 2025" in text
    assert "CCH L. 635-4" in text


def test_what_has_no_effect_is_said_with_its_number_and_why(client):
    second = {"event-1-type": "repealed", "event-1-day": "2025-03-04", "event-1-time": "10:00"}
    assert "Événement 2, « Abrogation », sans effet." in words(client.post(URL, posted(events=2, **second)))


def test_a_line_is_added_on_the_day_of_the_last_and_nothing_is_judged_yet(client):
    page = client.post(URL, posted(**{"event-0-time": "", "add": "1", "new": "decision_signed"}))
    text = page.content.decode()
    assert page.status_code == 200
    assert "pl-error" not in text
    assert 'name="event-1-outcome"' in text
    assert re.search(r'name="event-1-day" value="2025-03-03"', text)
    assert re.search(r'value="dpe"[^>]*checked', text)


def test_a_line_is_removed_and_the_correction_follows_its_event(client):
    more = {
        "event-1-type": "reminder_sent", "event-1-day": "2025-03-04", "event-1-time": "10:00",
        "event-2-type": "withdrawn", "event-2-day": "2025-03-05", "event-2-time": "10:00",
        "event-3-type": "corrects", "event-3-day": "2025-03-06", "event-3-time": "10:00",
        "event-3-event": "3", "event-3-right_day": "2025-03-04", "event-3-right_time": "09:00",
    }  # fmt: skip
    text = client.post(URL, posted(events=4, remove="1", **more)).content.decode()
    assert "Relance envoyée</legend>" not in text
    assert 'name="event-2-event" value="2"' in text
    assert 'name="event-3-' not in text


def test_lines_are_set_in_order_of_time(client):
    earlier = {"event-1-type": "zone_published", "event-1-day": "2025-03-01", "event-1-time": "10:00"}
    assert [event["type"] for event in told(client.post(URL, posted(events=2, **earlier)))["events"]] == [
        "zone_published",
        "submitted",
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"event-0-day": "31/02/2025"}, "Événement 1, Jour : Cette date n’existe pas."),
        ({"event-0-time": ""}, "Événement 1, Heure : "),
        ({"regime": "PML"}, "Régime : "),
        ({"insee": "3323"}, "Un code INSEE a cinq caractères"),
        ({"construction_year": "-3"}, "Année de construction : "),
        (
            {
                "events": 2, "event-1-type": "corrects", "event-1-day": "2025-03-04", "event-1-time": "10:00", "event-1-event": "2",
                "event-1-right_day": "2025-03-04", "event-1-right_time": "09:00",
            },
            "Événement 2 : Cette ligne ne peut pas être comprise",
        ),
        ({"as_of": "2025-13-01", "event-0-pieces": ["poem"]}, "Vu depuis le : "),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_told_and_nothing_typed_is_lost(client, wrong, message):
    page = client.post(URL, posted(construction_year="1930") | wrong)
    text = page.content.decode()
    assert page.status_code == 422
    assert message in words(page)
    assert "<title>Erreur : " in text
    for name, value in ({"construction_year": "1930"} | wrong).items():
        if name not in ("events", "regime", "event-0-pieces") and value and not name.endswith("type"):
            assert re.search(rf'name="{name}" value="{value}"', text), name
    if "event-0-pieces" not in wrong:
        assert re.search(r'value="dpe"[^>]*checked', text)


@pytest.mark.parametrize(
    "hostile",
    [{"events": "10**9"}, {"events": "99999999"}, {"event-0-type": "<script>"}, {"remove": "x"}, {"add": "1", "new": "x"}],
)
def test_a_forged_form_breaks_nothing(client, hostile):
    page = client.post(URL, posted() | hostile)
    assert page.status_code in (200, 422)
    assert "<script>" not in page.content.decode()


def test_a_story_has_sixty_events_at_most(client):
    many = {f"event-{number}-type": "reminder_sent" for number in range(61)}
    text = client.post(URL, {**posted(events=61, add="1", new="withdrawn"), **many}).content.decode()
    assert text.count("Relance envoyée</legend>") == 60
    assert "soixante événements au plus" in text


def test_nothing_is_asked_of_the_database_nor_kept(client, django_assert_num_queries):
    client.get(URL)
    with django_assert_num_queries(client_queries(client)):
        client.post(URL, posted())


def client_queries(client):
    """What the frame of every public page asks: the simulator asks nothing more."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("accessibility"))
    return len(asked)


def test_every_event_of_the_format_may_be_told_and_every_warning_is_worded():
    assert set(LABELS) == set(EVENTS)
    assert set(WARNINGS) == set(WARNED)


EVERYTHING = {
    "regime": "DML",
    "authority": {"insee": "97411"},
    "dwelling": {
        "construction_year": 1930, "housing": "collective", "electricity_age": 0, "gas_age": None,
        "dpe": {"class": "G", "established_on": "2023-05-02", "adjusted_class": "F"},
        "in_risk_zone": True, "in_noise_zone": True, "police_order_on_building": True,
    },
    "applicant": {"abroad": True, "overseas": True},
    "lease": {"kind": "colocation", "planned_on": "2025-05-01", "separate_leases": 4},
    "as_of": "2027-01-01",
    "events": [
        {"at": "2025-03-01T10:00", "type": "submitted", "channel": "paper", "pieces": ["form", "erp"], "competent": False, "lease_signed_on": "2025-02-20", "posted_on": "2025-02-28"},
        {"at": "2025-03-02T10:00", "type": "missing_requested", "pieces": ["dpe"], "respond_by": "2025-04-01"},
        {"at": "2025-03-03T10:00", "type": "visit_planned", "start": "2025-03-10T09:00", "end": "2025-03-10T10:00", "purpose": "counter"},
        {"at": "2025-03-04T10:00", "type": "visit_done", "conclusion": "reserves"},
        {"at": "2025-03-05T10:00", "type": "decision_signed", "outcome": "conditional", "mode": "deferred", "grounds": ["decency"], "conditions": 2, "appeal_routes": False},
        {"at": "2025-03-06T10:00", "type": "notice_sent", "means": "portal"},
        {"at": "2025-03-07T10:00", "type": "lease_signed", "on": "2025-03-06"},
        {"at": "2025-03-08T10:00", "type": "transfer_filed", "holder_agrees": True},
        {"at": "2025-03-09T10:00", "type": "revoked", "adversarial": True},
        {"at": "2025-03-10T10:00", "type": "appeal_filed", "kind": "administrative"},
        {"at": "2025-03-11T10:00", "type": "appeal_decided", "outcome": "accepted"},
        {"at": "2025-03-12T10:00", "type": "judgment", "outcome": "annulled_reexamine", "reexamine_within_days": 45},
        {"at": "2025-03-13T10:00", "type": "breach_found", "kind": "no_request", "previous_breach_on": "2024-01-01"},
        {"at": "2025-03-14T10:00", "type": "fined", "amount": 0},
        {"at": "2025-03-15T10:00", "type": "zone_published", "entry_into_force": "2025-12-01"},
        {"at": "2025-03-16T10:00", "type": "corrects", "event": 1, "corrected_at": "2025-03-01T12:00"},
    ],
}  # fmt: skip


def test_every_key_of_the_format_survives_the_form():
    data = as_posted(EVERYTHING)
    situation, known = SituationForm(data), lines(data)
    assert situation.is_valid(), situation.errors
    assert [form.errors for form in known if not form.is_valid()] == []
    assert {**situation.scenario(), "events": [form.event() for form in known]} == EVERYTHING
