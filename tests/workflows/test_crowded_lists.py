"""Lists of what a service arranges for itself, with nothing in them and with too much."""

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from tests import factories
from workflows.models import Absence, AssignmentRule, Export, SavedView
from workflows.worklists.choices import AT_HAND

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return factories.AuthorityFactory(name="Première")


@pytest.fixture
def second():
    return factories.AuthorityFactory(name="Seconde")


@pytest.fixture
def manager(client, town, second):
    person = factories.member(town, Role.MANAGER, Role.OFFICER)
    for role in (Role.MANAGER, Role.OFFICER):
        Membership.objects.create(user=person, authority=second, role=role)
    client.force_login(person)
    return person


def seen(client, name, **query):
    return unescape(client.get(reverse(name), query).content.decode())


def test_what_is_arranged_for_an_authority_leads_back_to_it(client, town, second, manager):
    other = factories.member(second, Role.OFFICER)
    asked = f"?collectivite={second.pk}"
    here = reverse("staffing") + asked

    saved = client.post(reverse("assignment-rule") + asked, {"officer": manager.pk})
    assert saved.url == here
    page = unescape(client.get(here).content.decode())
    assert f'<a href="{asked}" aria-current="true">Seconde</a>' in page
    assert "Personne n’est absent" in page
    assert f'href="{here}"' in seen(client, "assignment-rule", collectivite=second.pk)

    days = {"starts_on": "2030-01-01", "ends_on": "2030-01-02"}
    assert client.post(reverse("absence") + asked, {**days, "user": manager.pk, "replacement": other.pk}).url == here
    assert client.post(reverse("absence-end", args=[Absence.objects.get().pk])).url == here
    assert client.post(reverse("assignment-rule-remove", args=[AssignmentRule.objects.get().pk])).url == here


def test_many_saved_views_do_not_push_the_list_away(client, manager):
    def listed(page):
        return page.count('class="pl-views"') and page[page.index('class="pl-views"') : page.index("pl-token")].count("<li>") - 1

    empty = seen(client, "saved-views")
    assert "Enregistrer cette vue\N{NO-BREAK SPACE}»" in empty
    assert f"{reverse('worklist')}?plus=1" in empty
    for rank in range(60):
        SavedView.objects.create(owner=manager, name=f"Vue {rank:02}", query=f"file=tous&q={rank}")

    page = seen(client, "worklist")

    assert listed(page) == AT_HAND
    assert "Toutes les vues (60)" in page
    current = seen(client, "worklist", file="tous", q="59")
    assert "Vue 59" in current
    assert listed(current) == AT_HAND + 1
    SavedView.objects.filter(name__gt="Vue 03").delete()
    assert "Gérer les vues" in seen(client, "worklist")


def test_an_export_says_its_hour_as_french_does(client, manager, time_machine):
    time_machine.move_to("2026-11-26T08:05:00Z")
    client.force_login(manager)
    Export.objects.create(
        user=manager, source="dossiers", words="tous", columns=["number"], format="csv", day=date(2026, 11, 26), rows=3
    )
    assert "26/11/2026 à 9\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05" in seen(client, "export-list")
