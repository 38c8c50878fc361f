"""Zones and people, kept by the administrator of an authority."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership, SignaturePower, User
from notifications.models import Message
from territories.models import Zone
from tests import factories

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[-0.44, 45.13], [-0.43, 45.13], [-0.43, 45.14], [-0.44, 45.14], [-0.44, 45.13]]]}
BOW = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.fixture
def town():
    return factories.AuthorityFactory()


@pytest.fixture
def admin(client, town):
    person = factories.member(town, Role.ADMINISTRATOR)
    client.force_login(person)
    return person


@pytest.fixture
def commune(town):
    return factories.CommuneFactory(epci_siren=town.siren)


def sent(commune, **changes):
    return {
        "commune": commune.pk, "regime": "APML", "name": "Centre", "deliberation": "2025-1", "deliberated_on": "2025-08-20",
        "published_on": "2025-08-31", "in_force_on": "2026-02-28",
    } | changes  # fmt: skip


def geojson(data):
    return SimpleUploadedFile("zone.geojson", json.dumps(data).encode())


@pytest.mark.usefixtures("admin")
def test_a_zone_is_drawn_from_a_file(client, commune, town):
    answers = sent(commune, outline=geojson({"type": "Feature", "properties": {}, "geometry": SQUARE}))
    assert client.post(reverse("zone-create"), answers).status_code == 302
    zone = Zone.objects.get()
    assert (zone.authority, zone.geometry, zone.in_force_on) == (town, SQUARE, date(2026, 2, 28))
    page = client.get(reverse("zone", args=[zone.pk])).content.decode()
    assert "28 février 2026" in page.replace("\u00a0", " ")
    assert "<path" in page


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"in_force_on": "2026-02-27"}, "au moins six mois"),
        ({"deliberated_on": "2025-09-01"}, "ne peut pas précéder la délibération"),
        ({"outline": geojson(BOW)}, "se recoupe"),
        ({"outline": SimpleUploadedFile("a.json", b"{")}, "pas du GeoJSON"),
        ({"outline": geojson({"type": "Point", "coordinates": [0, 0]})}, "Polygon ou MultiPolygon"),
    ],
)
def test_a_zone_against_the_law_or_geometry_is_refused_and_what_was_typed_stays(client, commune, changes, message):
    response = client.post(reverse("zone-create"), sent(commune, **changes))
    page = response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert response.status_code == 422
    assert message in page
    assert "2025-1" in page
    assert not Zone.objects.exists()


@pytest.mark.usefixtures("admin")
def test_a_new_person_is_invited_and_a_signatory_has_a_capacity(client, town):
    answers = {"email": "Maire@Exemple.fr", "first_name": "Rose", "last_name": "Ferreira", "role": "signatory"}
    assert client.post(reverse("member-add"), answers).status_code == 422
    assert client.post(reverse("member-add"), answers | {"capacity": "La Maire", "starts_on": "2026-01-01"}).status_code == 302
    person = User.objects.get(email="maire@exemple.fr")
    assert not person.has_usable_password()
    assert person.has_role(Role.SIGNATORY, in_=town)
    assert SignaturePower.objects.get().capacity == "La Maire"
    assert Message.objects.get().recipient == "maire@exemple.fr"


def test_the_last_administrator_stays(client, admin):
    client.post(reverse("member-remove", args=[admin.memberships.get().pk]))
    assert Membership.objects.filter(user=admin).exists()
