"""The map of the cases: those of the person's authorities, placed, each with its state; the list says the same."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from permis.models import Dwelling
from tests import factories
from tests.workflows.test_actions import file
from workflows.actions import intake
from workflows.views import case_map

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client, town):
    person = factories.member(town, Role.OFFICER)
    client.force_login(person)
    return person


def placed(town, latitude=45.1):
    case = file(factories.ApplicationFactory(authority=town), on=town.today())
    Dwelling.objects.filter(application=case).update(latitude=latitude, longitude=-0.4)
    return case


def drawn(client, **query):
    page = client.get(reverse("case-map"), query).content.decode()
    return page, json.loads(unescape(re.search(r'data-map="([^"]+)"', page)[1]))["cases"]


def test_the_map_and_the_list_show_the_placed_cases_of_the_town_alone(client, town, officer):
    mine, unplaced = placed(town), file(factories.ApplicationFactory(authority=town), on=town.today())
    Dwelling.objects.filter(application=unplaced).update(latitude=None, longitude=None)
    other = placed(factories.AuthorityFactory())

    page, cases = drawn(client)

    assert [each["target"] for each in cases] == [mine.get_absolute_url()]
    assert cases[0]["family"] == "is-info"
    assert mine.number in page
    assert other.number not in page
    assert re.search("1.dossier n’est pas encore placé", page)


def test_the_state_and_the_commune_narrow_the_map(client, town, officer):
    case = placed(town)
    ended = placed(town)
    intake.withdraw(ended, by=ended.applicant, on=town.today())

    assert [each["target"] for each in drawn(client)[1]] == [case.get_absolute_url()]
    assert len(drawn(client, etat="tous")[1]) == 2
    assert drawn(client, etat="refuses")[1] == []
    assert "Aucun dossier de cette sorte" in drawn(client, etat="refuses")[0]
    assert len(drawn(client, etat="x' --", commune="x' --")[1]) == 1


def test_too_many_cases_are_cut_and_the_page_says_so(client, town, officer, monkeypatch):
    monkeypatch.setattr(case_map, "MOST", 2)
    for _ in range(3):
        placed(town)
    page, cases = drawn(client)
    assert len(cases) == 2
    assert "Les 2 dossiers les plus récents" in page


def test_the_map_asks_as_many_queries_for_one_case_as_for_many(client, town, officer):
    counts = []
    for _ in range(2):
        placed(town)
        with CaptureQueriesContext(connection) as asked:
            drawn(client)
        counts.append(len(asked))
        for _ in range(4):
            placed(town)
    assert counts[0] == counts[1]
