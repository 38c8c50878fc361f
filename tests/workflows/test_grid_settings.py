"""The grid of an authority: completed, rid of optional items, each change a new edition; visits already made keep theirs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from inspections import grid
from inspections.models import GridEdition, Visit
from tests import factories
from workflows.actions import grid_editions

pytestmark = pytest.mark.django_db
OPTIONAL = [item.code for section in grid.national().sections for item in section.items if item.optional]


@pytest.fixture
def admin(client, town):
    person = factories.member(town, Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def plain(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def codes(authority):
    return [item.code for section in grid.of(authority).sections for item in section.items]


@pytest.mark.usefixtures("admin")
def test_the_whole_grid_is_shown_by_section(client):
    page = plain(client.get(reverse("settings-grid")))
    assert all(f"{item.code} – " in page for section in grid.national().sections for item in section.items)
    assert "94 points regardés" in page


def test_optional_items_are_switched_off_and_on_again(client, town, admin):
    assert client.post(reverse("settings-grid"), {"kept": OPTIONAL[1:]}).status_code == 302
    assert OPTIONAL[0] not in codes(town)
    assert len(codes(town)) == 93
    page = plain(client.get(reverse("settings-grid")))
    assert "93 points regardés" in page
    assert "Non regardé" in page
    assert "édition n° 1" in page
    client.post(reverse("settings-grid"), {"kept": OPTIONAL})
    assert codes(town) == [item.code for section in grid.national().sections for item in section.items]
    assert [each.number for each in GridEdition.objects.order_by("number")] == [1, 2]
    client.post(reverse("settings-grid"), {"kept": OPTIONAL})
    assert GridEdition.objects.count() == 2, "what changes nothing makes no edition"


@pytest.mark.usefixtures("admin")
def test_what_decency_asks_for_cannot_be_switched_off(client, town):
    assert client.post(reverse("settings-grid"), {"kept": ["A02"]}).status_code == 422
    grid_editions.switch_items(town, off=["A02", *OPTIONAL], by=factories.member(town, Role.ADMINISTRATOR))
    assert set(codes(town)) == {item.code for section in grid.national().sections for item in section.items} - set(OPTIONAL)


@pytest.mark.usefixtures("admin")
def test_an_item_is_added_with_the_code_proposed_then_changed(client, town):
    assert 'value="X01"' in client.get(reverse("grid-item-add")).content.decode()
    assert client.post(reverse("grid-item-add"), {"code": "X01", **factories.own_item()}).status_code == 302
    item = grid.of(town).find("X01")
    assert (item.title, item.severity, item.rooms, item.quick, item.optional) == (
        "Local à vélos",
        "R",
        ("building",),
        True,
        False,
    )
    assert codes(town)[14] == "X01", "at the end of its section"
    page = plain(client.get(reverse("settings-grid")))
    assert "Ajouté par vous" in page
    assert 'value="X02"' in client.get(reverse("grid-item-add")).content.decode()

    form = client.get(reverse("grid-item", args=["X01"])).content.decode()
    assert "Local à vélos" in form
    assert 'name="code"' not in form
    changed = factories.own_item(title="Local à poussettes", section="C")
    assert client.post(reverse("grid-item", args=["X01"]), {"code": "A02", **changed}).status_code == 302
    assert (grid.of(town).find("X01").title, grid.of(town).sections[2].items[-1].code) == ("Local à poussettes", "X01")
    assert [each.number for each in GridEdition.objects.order_by("number")] == [1, 2]
    assert GridEdition.objects.get(number=1).added[0]["title"] == "Local à vélos"


@pytest.mark.usefixtures("admin")
def test_a_code_that_served_never_serves_again(client, town):
    client.post(reverse("grid-item-add"), {"code": "X01", **factories.own_item()})
    assert client.post(reverse("grid-item-withdraw", args=["X01"])).status_code == 302
    assert "X01" not in codes(town)
    assert 'value="X02"' in client.get(reverse("grid-item-add")).content.decode()
    response = client.post(reverse("grid-item-add"), {"code": "X01", **factories.own_item()})
    assert response.status_code == 422
    assert "sert déjà, ou a servi" in plain(response)
    assert client.get(reverse("grid-item", args=["X01"])).status_code == 404
    assert client.post(reverse("grid-item-withdraw", args=["X01"])).status_code == 404


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "A02"}, "une lettre de J à Z"),
        ({"code": "A15"}, "une lettre de J à Z"),
        ({"code": "x01"}, "une lettre de J à Z"),
        ({"code": "X1\n"}, "une lettre de J à Z"),
        ({"code": ""}, "obligatoire"),
        ({"section": "Z"}, "Sélectionnez un choix valide"),
        ({"title": ""}, "obligatoire"),
        ({"title": "T" * 121}, "120 caractères"),
        ({"severity": "X"}, "Sélectionnez un choix valide"),
        ({"rooms": []}, "obligatoire"),
        ({"rooms": ["garage"]}, "Sélectionnez un choix valide"),
        ({"basis": ""}, "Seule une observation"),
        ({"basis": "B" * 161}, "160 caractères"),
        ({"work": ""}, "obligatoire"),
        ({"title": "a\x00b"}, "caractère nul"),
    ],
)
def test_what_is_wrong_is_said_in_french_and_nothing_typed_is_lost(client, town, changes, message):
    typed = {"code": "X01", **factories.own_item(conform="Ni l’un ni l’autre")} | changes
    response = client.post(reverse("grid-item-add"), typed)
    assert response.status_code == 422
    assert message in plain(response)
    assert "Ni l’un ni l’autre" in plain(response)
    assert not GridEdition.objects.exists()


@pytest.mark.usefixtures("admin")
def test_an_observation_may_rest_on_no_text(client, town):
    client.post(reverse("grid-item-add"), {"code": "Z07", **factories.own_item(severity="O", basis="")})
    assert grid.of(town).find("Z07").basis == ""


def test_two_hundred_items_are_shown_printed_and_enough(client, town, admin):
    added = [{"code": code, **factories.own_item()} for code in own_codes(199)]
    GridEdition.objects.create(authority=town, number=1, added=added, made_by=admin)
    assert grid.free_code(town) == "Z02"
    grid_editions.add_item(town, code="Z02", by=admin, **factories.own_item())
    assert "294 points regardés" in plain(client.get(reverse("settings-grid")))
    assert client.get(reverse("settings-grid-print")).content.startswith(b"%PDF")
    response = client.post(reverse("grid-item-add"), {"code": "Z03", **factories.own_item()})
    assert response.status_code == 422
    assert "déjà 200 points à vous" in plain(response)


def own_codes(count):
    return [f"{letter}{place:02}" for letter in grid.OWN_LETTERS for place in range(1, 100)][:count]


def test_the_page_asks_the_same_number_of_questions_whatever_the_grid(client, town, admin, django_assert_num_queries):
    client.get(reverse("settings-grid"))
    with CaptureQueriesContext(connection) as before:
        client.get(reverse("settings-grid"))
    GridEdition.objects.create(
        authority=town, number=1, added=[{"code": code, **factories.own_item()} for code in own_codes(100)], made_by=admin
    )
    with django_assert_num_queries(len(before)):
        client.get(reverse("settings-grid"))


def test_a_visit_keeps_the_grid_it_was_made_with(town, admin):
    case = factories.ApplicationFactory(authority=town)
    made, to_come = Visit(application=case), Visit(application=case)
    grid_editions.add_item(town, code="X01", by=admin, **factories.own_item())
    grid.keep(made)
    grid_editions.withdraw_item(town, code="X01", by=admin)
    grid_editions.switch_items(town, off=OPTIONAL, by=admin)
    assert grid.followed_by(made).find("X01").title == "Local à vélos"
    assert grid.followed_by(made).find(OPTIONAL[0])
    assert grid.followed_by(to_come).find("X01") is None
    assert made.grid_version.endswith("-1")
    kept = made.grid
    grid.keep(made)
    assert made.grid == kept


def test_what_somebody_else_did_meanwhile_is_said(client, town, admin):
    client.post(reverse("grid-item-add"), {"code": "X01", **factories.own_item()})
    grid_editions.withdraw_item(town, code="X01", by=admin)
    with pytest.raises(grid_editions.ItemGone):
        grid_editions.change_item(town, code="X01", by=admin, **factories.own_item())
    with pytest.raises(grid_editions.ItemGone):
        grid_editions.withdraw_item(town, code="X01", by=admin)
    with pytest.raises(grid_editions.CodeTaken):
        grid_editions.add_item(town, code="X01", by=admin, **factories.own_item())


def test_only_an_administrator_of_this_authority_changes_its_grid(town):
    for person in (factories.member(town, Role.MANAGER), factories.member(factories.AuthorityFactory(), Role.ADMINISTRATOR)):
        with pytest.raises(PermissionDenied):
            grid_editions.add_item(town, code="X01", by=person, **factories.own_item())
        with pytest.raises(PermissionDenied):
            grid_editions.switch_items(town, off=OPTIONAL, by=person)
    assert not GridEdition.objects.exists()


def test_an_item_of_another_authority_is_not_found(client, town, admin):
    other = factories.AuthorityFactory()
    grid_editions.add_item(other, code="X01", by=factories.member(other, Role.ADMINISTRATOR), **factories.own_item())
    assert client.get(reverse("grid-item", args=["X01"]), {"collectivite": other.pk}).status_code == 404
