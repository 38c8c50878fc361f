"""Settings of what the law leaves open: shown with their article, changed for the future alone, never rewritten."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from permis import rules
from permis.models import RuleChange
from permis.rules import Rule, Theme
from tests import factories
from workflows.actions import settings

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)


@pytest.fixture
def town(time_machine):
    time_machine.move_to(datetime(2026, 3, 12, 12, tzinfo=UTC), tick=False)
    return factories.AuthorityFactory()


@pytest.fixture
def admin(client, town):
    person = factories.member(town, Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def plain(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("theme", Theme)
def test_each_theme_shows_its_questions_with_their_article(client, theme):
    page = plain(client.get(reverse("settings-rules", args=[theme])))
    for question in rules.QUESTIONS:
        assert (question.rule.label in page) == (question.theme == theme)
    assert "par défaut" in page


@pytest.mark.usefixtures("admin")
def test_an_unknown_theme_or_rule_is_not_found(client):
    assert client.get(reverse("settings-rules", args=["rien"])).status_code == 404
    assert client.get(reverse("settings-rule", args=["rien"])).status_code == 404


def test_a_choice_holds_from_its_day_and_keeps_its_author(client, town, admin):
    url = reverse("settings-rule", args=[Rule.VISAS])
    answer = client.post(url, {"value": "2", "since": "01/04/2026", "reason": "Note du 10 mars"})
    assert (answer.status_code, answer.url) == (302, f"{reverse('settings-rules', args=['decisions'])}?collectivite={town.pk}")
    assert rules.value(town, Rule.VISAS, on=date(2026, 3, 31)) == 0
    assert rules.value(town, Rule.VISAS, on=date(2026, 4, 1)) == 2
    page = plain(client.get(reverse("settings-rules", args=["decisions"])))
    assert "À partir du 1 avril 2026 : <strong>2</strong>" in page or "À partir du 1er avril 2026 : <strong>2</strong>" in page
    assert f"par {admin.full_name} le 12/03/2026 : Note du 10 mars" in page


@pytest.mark.usefixtures("admin")
def test_a_yes_or_no_is_kept_as_such(client, town):
    client.post(reverse("settings-rule", args=[Rule.MOBILITY_IN_SCOPE]), {"value": "1", "since": "12/03/2026"})
    assert rules.value(town, Rule.MOBILITY_IN_SCOPE, on=TODAY) is True


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("rule", "data", "words"),
    [
        (Rule.VISAS, {"value": "2", "since": "11/03/2026"}, "Ce choix vaut pour l’avenir"),
        (Rule.VISAS, {"value": "7", "since": "12/03/2026"}, "Sélectionnez un choix valide"),
        (Rule.FEE, {"value": "1", "since": "12/03/2026"}, "Ce champ est obligatoire"),
        (Rule.VISAS, {"value": "2", "since": "demain", "reason": "Note du 10 mars"}, "Note du 10 mars"),
    ],
)
def test_a_wrong_answer_changes_nothing_and_loses_nothing(client, rule, data, words):
    answer = client.post(reverse("settings-rule", args=[rule]), data)
    assert answer.status_code == 422
    assert words in plain(answer)
    assert not RuleChange.objects.exists()


def test_only_the_administrator_of_the_town_settles(town, admin):
    stranger = factories.member(factories.AuthorityFactory(), Role.ADMINISTRATOR)
    for person in (stranger, factories.member(town, Role.MANAGER)):
        with pytest.raises(PermissionDenied):
            settings.settle_rule(town, rule=Rule.VISAS, value=1, since=TODAY, reason="", by=person, on=TODAY)
    with pytest.raises(settings.Retroactive):
        settings.settle_rule(town, rule=Rule.VISAS, value=1, since=date(2026, 3, 11), reason="", by=admin, on=TODAY)
