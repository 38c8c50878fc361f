"""Zones and people, kept by the administrator of an authority."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership, SignaturePower, User
from notifications.models import Message
from territories.competence import authority_for
from territories.enums import AuthorityKind, Regime
from territories.models import Authority, Delegation, Zone
from tests import factories

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[-0.44, 45.13], [-0.43, 45.13], [-0.43, 45.14], [-0.44, 45.14], [-0.44, 45.13]]]}
BOW = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


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


@pytest.mark.usefixtures("admin")
def test_an_account_opened_under_the_address_of_somebody_else_gives_no_access(client, town):
    """Anybody may sign up as the future officer; the role must go to who reads that mailbox."""
    thief = Client()
    thief.post(
        reverse("account_signup"),
        {"first_name": "V", "last_name": "L", "email": "agent@ville.fr", "password1": "un-long-secret-9"},
    )
    assert thief.get(reverse("application-list")).status_code == 200
    given = {"email": "agent@ville.fr", "first_name": "Ana", "last_name": "Roy", "role": Role.OFFICER}
    assert client.post(reverse("member-add"), given).status_code == 302
    assert thief.get(reverse("worklist")).status_code == 302
    user = User.objects.get(email="agent@ville.fr")
    assert (user.has_usable_password(), user.full_name, user.has_role(Role.OFFICER, in_=town)) == (False, "Ana Roy", True)
    assert Message.objects.filter(kind="invitation", recipient="agent@ville.fr").count() == 1


@pytest.mark.usefixtures("admin")
def test_a_proved_address_keeps_its_password(client, town):
    user = factories.UserFactory(email="agent@ville.fr")
    user.set_password("un-long-secret-9")
    user.save()
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    given = {"email": "agent@ville.fr", "first_name": "Ana", "last_name": "Roy", "role": Role.OFFICER}
    assert client.post(reverse("member-add"), given).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (user.has_usable_password(), user.has_role(Role.OFFICER, in_=town)) == (True, True)
    assert not Message.objects.filter(kind="invitation").exists()


@pytest.mark.usefixtures("admin")
def test_a_signatory_who_loses_the_role_loses_the_signature(client, town):
    person = factories.member(town, Role.SIGNATORY)
    client.post(reverse("member-remove", args=[person.memberships.get().pk]))
    assert person.signature_powers.get().ends_on == town.today()
    assert not person.signature_powers.in_force(town.today() + timedelta(days=1)).exists()


@pytest.mark.usefixtures("admin")
def test_a_power_of_signature_is_given_an_end_and_ended(client, town):
    person = factories.member(town, Role.SIGNATORY)
    power, today = person.signature_powers.get(), town.today()
    address = reverse("signature-power", args=[power.pk])
    assert address in client.get(reverse("settings")).content.decode()
    assert "précède son début" in client.post(address, {"ends_on": "2019-12-31"}).content.decode()

    assert client.post(address, {"ends_on": today.isoformat()}).status_code == 302
    assert person.signature_powers.in_force(today).exists()
    assert not person.signature_powers.in_force(today + timedelta(days=1)).exists()
    assert f"jusqu’au {today:%d/%m/%Y}" in client.get(reverse("settings")).content.decode()

    client.post(address, {"ends_on": (today - timedelta(days=1)).isoformat()})
    assert address not in client.get(reverse("settings")).content.decode()
    assert client.post(address, {"ends_on": ""}).status_code == 302
    assert person.signature_powers.get().ends_on is None


@pytest.mark.usefixtures("admin")
def test_a_power_of_signature_is_given_until_a_day(client):
    answers = {
        "email": "adjoint@exemple.fr", "first_name": "Rose", "last_name": "Ferreira", "role": "signatory",
        "capacity": "L’Adjointe", "starts_on": "2026-01-01",
    }  # fmt: skip
    assert client.post(reverse("member-add"), answers | {"ends_on": "2025-12-31"}).status_code == 422
    assert client.post(reverse("member-add"), answers | {"ends_on": "2026-12-31"}).status_code == 302
    assert SignaturePower.objects.get().ends_on == date(2026, 12, 31)


def test_the_last_administrator_stays(client, admin):
    client.post(reverse("member-remove", args=[admin.memberships.get().pk]))
    assert Membership.objects.filter(user=admin).exists()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'


def described(town, **changes):
    names = [
        "name",
        "kind_label",
        "service",
        "postal_address",
        "city",
        "phone",
        "email",
        "head_title",
        "court_name",
        "court_address",
    ]
    return {name: getattr(town, name) for name in names} | changes


@pytest.mark.usefixtures("admin")
def test_the_logo_stands_on_the_pages_and_may_be_taken_off(client, town):
    form = reverse("settings-authority")
    assert client.post(form, described(town, logo_file=SimpleUploadedFile("logo.svg", SVG))).status_code == 302
    town.refresh_from_db()
    assert town.logo == SVG.decode()
    assert 'class="pl-logo" src="data:image/svg+xml;base64,' in client.get(reverse("settings")).content.decode()
    client.post(form, described(town))
    assert type(town).objects.get().logo, "an empty field changes nothing"
    client.post(form, described(town, without_logo="on"))
    assert not type(town).objects.get().logo


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("content", [b"<svg", b"\x89PNG", b"<svg>" + b" " * 200 * 1024 + b"</svg>"])
def test_a_logo_that_would_stop_the_acts_is_refused(client, town, content):
    answers = described(town, logo_file=SimpleUploadedFile("logo.svg", content), phone="05 00")
    response = client.post(reverse("settings-authority"), answers)
    assert response.status_code == 422
    assert "05 00" in response.content.decode()
    assert not type(town).objects.get().logo


def delegated(commune, delegate, **changes):
    return {
        "commune": commune.pk, "delegate": delegate.pk, "regime": "APML", "deliberation": "2026-3", "starts_on": "2026-01-01", "ends_on": "",
    } | changes  # fmt: skip


@pytest.mark.usefixtures("admin")
def test_a_delegation_moves_who_is_competent_and_ends_on_its_last_day(client, town, commune):
    village = factories.AuthorityFactory(kind=AuthorityKind.COMMUNE, kind_label="Commune")
    assert client.post(reverse("delegation-create"), delegated(commune, village)).status_code == 302
    assert authority_for(commune, Regime.APML, date(2026, 1, 1)) == village
    assert authority_for(commune, Regime.APML, date(2025, 12, 31)) == town

    again = client.post(reverse("delegation-create"), delegated(commune, village, starts_on="2027-01-01"))
    assert again.status_code == 422
    assert "terminez-la" in again.content.decode()

    delegation = Delegation.objects.get()
    ended = delegated(commune, village, ends_on="2026-06-30")
    assert client.post(reverse("delegation", args=[delegation.pk]), ended).status_code == 302
    assert authority_for(commune, Regime.APML, date(2026, 7, 1)) == town
    assert client.post(reverse("delegation-create"), delegated(commune, village, starts_on="2026-07-01")).status_code == 302


def test_a_commune_delegates_nothing(client):
    village = factories.AuthorityFactory(kind=AuthorityKind.COMMUNE)
    client.force_login(factories.member(village, Role.ADMINISTRATOR))
    assert client.get(reverse("delegation-create")).status_code == 403
    assert "Délégations" not in client.get(reverse("settings")).content.decode()


def test_an_administrator_of_two_authorities_chooses(client, admin, town):
    village = factories.AuthorityFactory(name="Le Village")
    Membership.objects.create(user=admin, role=Role.ADMINISTRATOR, authority=village)
    stranger = factories.AuthorityFactory(name="Ailleurs")
    address = reverse("settings")
    assert f"{town.kind_label} {town.name}" in client.get(address).content.decode()
    assert f"{village.kind_label} Le Village" in client.get(f"{address}?collectivite={village.pk}").content.decode()
    for wrong in (stranger.pk, "x", "9" * 30):
        assert "Ailleurs" not in client.get(f"{address}?collectivite={wrong}").content.decode()
    client.post(f"{reverse('settings-authority')}?collectivite={village.pk}", described(village, name="Le Bourg"))
    village.refresh_from_db()
    assert village.name == "Le Bourg"


def opened(*changes, siren="243301181"):
    facts = ["--name=Le Pays", "--kind-label=Communauté de communes", "--department=33", "--postal-address=2 rue", "--city=Blaye",
             "--head-title=Le Président", "--court-name=TA", "--court-address=Bordeaux"]  # fmt: skip
    person = ["--email=Chef@Pays.fr", "--first-name=Ana", "--family-name=Roy"]
    call_command("open_authority", siren, *facts, *person, *changes)


def test_an_authority_is_opened_with_its_first_administrator():
    opened()
    authority = Authority.objects.get()
    person = User.objects.get(email="chef@pays.fr")
    assert person.has_role(Role.ADMINISTRATOR, in_=authority)
    assert Message.objects.get().kind == "invitation"
    opened("--name=Autre nom", "--email=second@pays.fr")
    assert (Authority.objects.get().name, authority.memberships.count()) == ("Le Pays", 2)


@pytest.mark.parametrize(
    ("siren", "change", "message"),
    [
        ("12", "--city=Blaye", "--siren"),
        ("243301181", "--city=", "--city"),
        ("243301181", "--email=nulle-part", "adresse"),
    ],
)
def test_an_authority_that_lacks_something_is_refused_in_french(siren, change, message):
    with pytest.raises(CommandError, match=message):
        opened(change, siren=siren)
    assert not Authority.objects.exists()


@pytest.mark.usefixtures("admin")
def test_the_dwellings_and_the_streets_of_a_zone_are_typed(client, commune):
    said = {"built_before": "1990", "kinds": ["collective"], "only": "furnished", "street_lines": "rue de la Gare, 1-57, impair"}
    wrong = client.post(reverse("zone-create"), sent(commune, **said | {"street_lines": "rue de la Gare, tout"}))
    assert wrong.status_code == 422
    assert "ne se lit pas" in wrong.content.decode()

    client.post(reverse("zone-create"), sent(commune, **said))

    zone = Zone.objects.get()
    assert zone.categories == {"built_before": 1990, "kinds": ["collective"], "furnished": True}
    assert zone.streets == [{"name": "rue de la Gare", "from": 1, "to": 57, "side": "odd"}]
    page = client.get(reverse("zone", args=[zone.pk])).content.decode()
    assert "rue de la Gare, 1-57, impair" in page
    client.post(reverse("zone", args=[zone.pk]), sent(commune))
    zone = Zone.objects.get()
    assert (zone.categories, zone.streets) == ({}, [])


def test_an_address_that_names_no_authority_shows_the_first_one(client, town):
    client.force_login(factories.member(town, Role.ADMINISTRATOR))
    for asked in ("9" * 5000, "9" * 40, "x", str(town.pk)):
        assert client.get(reverse("settings"), {"collectivite": asked}).context["authority"] == town
