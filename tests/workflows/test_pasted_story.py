"""A story pasted or dropped on the simulator: the same answer as the command's, French faults, and nothing lost."""

import html
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from permis import simulation
from tests.workflows.test_simulator import EVERYTHING, URL, posted, told, words
from workflows.forms.pasted_story import LARGEST
from workflows.public.examples import EXAMPLES


def pasted(client, text, **fields):
    return client.post(URL, {"regime": "APML", "lease_kind": "unfurnished", "events": 0, "text": text, "paste": "1", **fields})


def field(page, name):
    return page.context["pasted"][name].value()


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("story", [*(story for _, story in EXAMPLES.values()), EVERYTHING])
def test_a_pasted_story_has_the_answer_of_the_command_and_becomes_lines(client, story):
    page = pasted(client, json.dumps(story, ensure_ascii=False))

    assert page.status_code == 200
    assert told(page) == story
    text = words(page)
    for line in simulation.answer(simulation.read(story))["timeline"]:
        assert " ".join(line["what"].split()) in text
    assert [line.happening for line in page.context["lines"]] == [event["type"] for event in story["events"]]
    assert field(page, "text") is None
    assert page.context["is_whole"]


def test_a_name_and_a_time_zone_survive_the_lines(client):
    story = {"id": "Réunion, mai", **EXAMPLES["silence"][1], "authority": {"insee": "97411", "time_zone": "Indian/Reunion"}}
    first = pasted(client, json.dumps(story))
    form = {field.html_name: field.value() for field in first.context["situation"] if field.value() is not None}
    form |= {field.html_name: field.value() for line in first.context["lines"] for field in line if field.value() is not None}
    again = client.post(URL, {**form, "events": 1, "event-0-type": "submitted", "tell": "1"})

    assert told(again)["id"] == "Réunion, mai"
    assert told(again)["authority"] == story["authority"]


def test_a_dropped_file_is_read_with_its_mark(client):
    story = EXAMPLES["silence"][1]
    file = SimpleUploadedFile("histoire.json", b"\xef\xbb\xbf" + json.dumps(story).encode(), "application/json")
    assert told(pasted(client, "", file=file)) == story


def test_null_is_nothing_said(client):
    story = {
        "regime": "APML",
        "dwelling": {"dpe": None, "gas_age": None},
        "events": [
            {"at": "2025-03-03T10:00", "type": "submitted", "posted_on": None},
            {"at": "2025-03-20T10:00", "type": "decision_signed", "outcome": "granted", "mode": None, "conditions": None},
        ],
    }
    assert pasted(client, json.dumps(story)).context["is_whole"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Collez une histoire, ou choisissez son fichier."),
        ('{"regime": "APML",\n "events": [}', "JSON illisible, ligne 2, colonne 13."),
        ("[" * 100_000, "JSON illisible : objets trop imbriqués"),
        ("[{}, {}]", "C’est une liste de 2 histoires : collez-en une à la fois"),
        ('"APML"', "scénario : un objet est attendu."),
        ('{"regime": "PML", "events": []}', "regime : valeur inconnue"),
        ('{"regime": "APML", "evenements": [], "events": []}', "evenements : clé inconnue."),
        ('{"regime": "APML", "events": [], "\\ud800": 1}', "clé inconnue."),
        ('{"regime": "APML", "events": [{"at": "hier", "type": "submitted"}]}', "events[0].at : une date et une heure locales"),
        (
            json.dumps({"regime": "APML", "events": [{"at": "2025-03-03T10:00", "type": "reminder_sent"}] * 61}),
            "Cette page lit 60 événements au plus",
        ),
        (json.dumps({"regime": "APML", "events": [], **{f"clé {n}": n for n in range(30)}}), "… et 10 autres points."),
    ],
)
def test_a_text_that_cannot_be_understood_is_told_in_french_and_changes_nothing(client, text, fault):
    page = pasted(client, text, **posted(construction_year="1930"))

    assert page.status_code == 422
    assert " ".join(fault.split()) in words(page)
    assert "<title>Erreur : " in page.content.decode()
    assert field(page, "text") == text
    assert 'name="construction_year" value="1930"' in page.content.decode()
    assert [line.happening for line in page.context["lines"]] == ["submitted"]


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"\xff\xfe{", "a.json", "Ce fichier ne se lit pas"),
        (b" " * (LARGEST + 1), "a.json", "Ce fichier ne se lit pas"),
        (b"%PDF", "a.pdf", "Un fichier « .json » est attendu."),
        (b'{"regime": "APML"}', "a.json", "events : clé obligatoire"),
    ],
)
def test_a_file_that_cannot_be_understood_is_told_in_french(client, content, name, fault):
    page = pasted(client, "", file=SimpleUploadedFile(name, content))
    assert page.status_code == 422
    assert fault in words(page)


def test_the_text_of_a_refused_file_comes_back_to_be_corrected(client):
    page = pasted(client, "", file=SimpleUploadedFile("a.json", b'{"regime": "APML"}'))
    assert field(page, "text") == '{"regime": "APML"}'


@pytest.mark.parametrize("button", [{"add": "1", "new": "withdrawn"}, {"remove": "0"}, {"tell": "1"}])
def test_no_other_button_loses_the_text(client, button):
    page = client.post(URL, {**posted(), "text": "{ à finir", **button})
    assert field(page, "text") == "{ à finir"
    assert html.escape("{ à finir") in page.content.decode()


def test_the_main_button_reads_the_text_where_there_is_no_line(client):
    story = EXAMPLES["silence"][1]
    page = client.post(URL, {"regime": "APML", "lease_kind": "unfurnished", "events": 0, "text": json.dumps(story), "tell": "1"})
    assert told(page) == story


def test_what_no_line_can_hold_is_said_and_stays_a_text(client):
    story = {
        "regime": "APML",
        "events": [
            {"at": "2025-03-03T10:00", "type": "submitted", "pieces": ["form", "dpe"]},
            {"at": "2025-03-04T10:00", "type": "visit_planned", "start": "2025-03-10T20:00", "end": "2025-04-20T07:00"},
        ],
    }
    page = pasted(client, json.dumps(story))
    assert page.status_code == 200
    assert told(page) == story
    assert "corrigez plutôt le texte" in words(page)
    assert field(page, "text") == json.dumps(story)
