"""The day's bundle: all that a visit needs, for the person who makes it alone, at a cost that does not grow with the visits."""

import gzip
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from documents import examining
from inspections import grid
from inspections.models import Device
from tests import factories
from tests.inspections.phones import Phone, picture, planned
from workflows.actions import appointments, inspection

pytestmark = pytest.mark.django_db
URL = "/visites/telephone/journee/"


def bring(client, **asked):
    return client.get(URL, {name: str(value) for name, value in asked.items()})


def test_it_brings_all_that_a_visit_needs(signed_in, phone, visit, inspector):
    content = picture()
    answer, announced = phone.answer(), phone.photo(content)
    phone.send(answer, announced)
    phone.upload(announced["payload"]["photo"], content)
    examining.examine(visit.application.files.deposited().get())
    answer = bring(signed_in)
    bundle = answer.json()

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert bundle["user"] == {"id": inspector.pk, "name": inspector.full_name}
    assert signed_in.cookies["csrftoken"]
    [brought] = bundle["visits"]
    assert (brought["id"], brought["number"], brought["state"]) == (visit.pk, visit.application.number, "planned")
    assert brought["address"] == "12 rue de la Gare"
    assert brought["dwelling"] == ["Étage : 2e étage"]
    assert brought["people"] == [{"name": "Mme Hélène Duprat", "role": "Bailleur", "phone": ""}]
    assert brought["grid"]["version"] == grid.national().version
    assert {"label": "Surface habitable", "value": "58,4\N{NO-BREAK SPACE}m²"} in brought["facts"]
    assert [each["name"] for each in brought["documents"]] == ["Diagnostic de performance énergétique (DPE)"]
    assert brought["documents"][0]["pages"][0].endswith("/page/1/")
    assert brought["entries"][0]["payload"]["code"] == "H04"
    assert (brought["cursor"], brought["uploaded"]) == (2, [announced["payload"]["photo"]])
    assert brought["facts"][0] == {"label": "Échéance", "value": "12/04/2026"}
    assert brought["declared"] == {"surface": "58.40", "rooms": visit.application.dwelling.rooms, "shared": False}
    assert brought["alerts"] == []


def test_a_police_order_is_known_before_going_in(signed_in, visit):
    visit.application.police_order = True
    visit.application.save(update_fields=["police_order"])
    [brought] = bring(signed_in).json()["visits"]
    assert brought["alerts"] == ["Un arrêté de police frappe l’immeuble."]


def test_the_number_of_queries_does_not_depend_on_the_visits(signed_in, phone, town, inspector):
    phone.send(phone.answer())
    bring(signed_in)
    with CaptureQueriesContext(
        connection,
    ) as few:
        bring(signed_in)
    for hour in range(5):
        other = planned(town, inspector, hour=10 + hour)
        Phone(signed_in, other).send(phone.write("start", at="2026-03-12T09:00:00Z") | {"sequence": 1})
        for file in other.application.files.deposited():
            examining.examine(file)
    with CaptureQueriesContext(connection) as many:
        assert len(bring(signed_in).json()["visits"]) == 6
    assert len(many) == len(few)


def test_it_holds_the_week_and_what_is_not_finished(signed_in, town, inspector, visit, time_machine):
    kept = [visit.pk, planned(town, inspector, days=7).pk]
    planned(town, inspector, days=8)
    planned(town, factories.member(town, Role.INSPECTOR, Role.OFFICER))
    assert [each["id"] for each in bring(signed_in).json()["visits"]] == kept
    time_machine.shift(timedelta(days=3))
    signed_in.force_login(inspector)
    assert visit.pk in [each["id"] for each in bring(signed_in).json()["visits"]]


def test_what_the_phone_must_forget(signed_in, town, inspector, visit):
    done, cancelled, passed_on = (planned(town, inspector, hour=hour) for hour in (10, 11, 13))
    inspection.record_visit(done, conclusion="favourable", by=inspector, on=town.today())
    appointments.cancel_visit(cancelled, by=inspector, on=town.today())
    passed_on.inspector = factories.member(town, Role.INSPECTOR)
    passed_on.save()
    held = [visit.pk, done.pk, cancelled.pk, passed_on.pk, 999_999]
    answer = bring(signed_in, visits=f"{','.join(map(str, held))},x,{10**40}")
    assert answer.json()["erase"] == [*held[1:], 10**40]


def test_a_counter_visit_reads_what_was_found(signed_in, town, inspector, visit):
    finding = {"place": "Cuisine", "description": "Évier fendu", "severity": "R"}
    inspection.record_visit(visit, conclusion="reserves", findings=[finding], by=inspector, on=town.today())
    start = visit.starts_at + timedelta(days=1)
    appointments.plan_visit(
        visit.application, inspector=inspector, starts_at=start, ends_at=start + timedelta(hours=1), by=inspector,
        on=town.today(), purpose="counter", agreed_on=town.today(),
    )  # fmt: skip
    [brought] = bring(signed_in).json()["visits"]
    assert brought["past"] == [
        {"on": "2026-03-12", "conclusion": "Favorable avec réserves", "findings": ["Cuisine : Évier fendu (Réserve)"]}
    ]


def test_a_phone_is_met_once_it_brings_a_day_along(signed_in, inspector, visit):
    device = uuid4()
    assert bring(signed_in, device=device, label="Pixel de l’agent").json()["device_ok"]
    met = Device.objects.get()
    assert (met.pk, met.user, met.label) == (device, inspector, "Pixel de l’agent")


def test_the_phone_of_somebody_else_changes_its_identifier(signed_in, phone, town, visit):
    phone.send(phone.answer())
    other = Client()
    other.force_login(factories.member(town, Role.INSPECTOR))
    assert not bring(other, device=phone.device).json()["device_ok"]
    assert Phone(other, visit, phone.device).send(phone.answer("H05")).json()["other_user"]


def test_the_bundle_of_a_day_is_squeezed_for_a_slow_network(signed_in, town, inspector, visit):
    planned(town, inspector, hour=11)
    plain, small = (signed_in.get(reverse("phone-day"), headers=headers) for headers in ({}, {"Accept-Encoding": "gzip"}))
    assert json.loads(gzip.decompress(small.content))["visits"] == plain.json()["visits"]
    assert len(small.content) < len(plain.content) / 4
