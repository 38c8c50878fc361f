"""The report of a visit: an item of the grid brings what is left empty, and reaches the decision."""

import pytest
from django.urls import reverse

from inspections import grid
from inspections.models import Finding, Visit
from permis.models import PrescribedWork
from workflows.forms.report import FindingForm

pytestmark = pytest.mark.django_db


def report(client, visit, staff, **finding):
    client.force_login(staff)
    management = {"findings-TOTAL_FORMS": 1, "findings-INITIAL_FORMS": 0}
    fields = {f"findings-0-{name}": value for name, value in finding.items()}
    return client.post(
        reverse("visit-report", args=[visit.pk]), {"conclusion": "reserves", "consent": "True"} | management | fields
    )


def test_an_item_of_the_grid_fills_what_is_left_empty(client, visit, staff):
    assert report(client, visit, staff, code="H04").status_code == 302

    found, item = Finding.objects.get(), grid.national().find("H04")
    assert (found.code, found.place, found.severity) == ("H04", "Cuisine", item.severity)
    assert (found.basis, found.work) == (item.basis, item.work)
    assert item.title in found.description
    assert Visit.objects.get().grid_version == grid.national().version


def test_what_the_inspector_writes_wins(client, visit, staff):
    report(
        client,
        visit,
        staff,
        code="H04",
        place="Arrière-cuisine",
        description="Évier sans eau chaude",
        work="Poser un chauffe-eau",
    )
    found = Finding.objects.get()
    assert (found.place, found.description, found.work) == ("Arrière-cuisine", "Évier sans eau chaude", "Poser un chauffe-eau")


def test_another_severity_has_its_reason(client, visit, staff):
    answer = report(client, visit, staff, code="H04", severity="R")
    assert answer.status_code == 422
    assert "dites pourquoi vous retenez une autre gravité" in answer.content.decode()
    assert not Finding.objects.exists()

    assert report(client, visit, staff, code="H04", severity="R", severity_reason="Évier en cours de pose").status_code == 302
    assert Finding.objects.get().severity_reason == "Évier en cours de pose"


@pytest.mark.parametrize("missing", ["place", "description", "severity"])
def test_outside_the_grid_all_is_said(client, visit, staff, missing):
    said = {"place": "Séjour", "description": "Odeur de gaz", "severity": "D"}
    said.pop(missing)
    assert report(client, visit, staff, **said).status_code == 422


def test_an_item_asked_in_many_rooms_asks_which(client, visit, staff):
    answer = report(client, visit, staff, code="C05")
    assert answer.status_code == 422
    assert "Dites où se trouve le défaut" in answer.content.decode()


@pytest.mark.parametrize("item", [item.code for section in grid.national().sections for item in section.items])
def test_every_item_can_be_set(item):
    assert FindingForm({"code": item, "place": "Séjour"}).is_valid()


def test_the_code_of_the_grid_reaches_the_decision(client, visit, staff):
    report(client, visit, staff, code="H04")
    client.force_login(staff)
    draft = reverse("case-draft", args=[visit.application_id])
    page = client.get(draft)
    work = page.context["works"].initial[0]
    assert (work["code"], work["place"]) == ("H04", "Cuisine")
    sent = {f"works-0-{name}": value for name, value in work.items()}
    management = {"works-TOTAL_FORMS": 1, "works-INITIAL_FORMS": 0}
    answer = client.post(draft, {"outcome": "conditional", "mode": "prior", "grounds": ["decency"]} | management | sent)
    assert answer.status_code == 302
    assert PrescribedWork.objects.get().code == "H04"
