"""The follow-up sheet of the action: counted indicators, typed words, one sheet a year."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests import factories
from tests.documents.reading import text_of
from tests.workflows.test_actions import DEPOSIT, file
from workflows.models import ActionSheet
from workflows.views.follow_up import FollowUpView

pytestmark = pytest.mark.django_db
YEAR = DEPOSIT.year


@pytest.fixture
def manager(client, town):
    person = factories.member(town, Role.MANAGER)
    client.force_login(person)
    return person


def page(client, year=YEAR):
    return client.get(reverse("follow-up", args=[year]))


def test_the_sheet_is_written_read_again_and_printed(client, town, manager):
    file(factories.ApplicationFactory(authority=town), on=DEPOSIT)
    typed = {
        "axis": "Logement",
        "action": "Permis de louer",
        "pilot": "Service habitat",
        "assessment": "Douze visites.\n\nUn refus.",
    }
    answer = client.post(reverse("follow-up", args=[YEAR]), typed, follow=True)
    assert "La fiche est enregistrée" in answer.content.decode()
    assert "Douze visites." in page(client).content.decode()

    printed = text_of(client.get(reverse("follow-up-file", args=[YEAR])).content)

    assert "Service habitat" in printed
    assert "Un refus." in printed
    assert "Demandes d’autorisation reçues" in printed


def test_the_sheet_says_who_changed_it_and_when(client, town, manager, time_machine):
    ActionSheet.objects.create(authority=town, year=YEAR)
    ActionSheet.objects.update(changed_at=None)  # as those written before it was kept
    assert "Modifiée le" not in page(client).content.decode()

    time_machine.move_to(f"{YEAR}-12-08T10:00:00Z")
    client.force_login(manager)
    client.post(reverse("follow-up", args=[YEAR]), {"action": "Permis de louer", "outlook": "Continuer."})

    told = f"Modifiée le 8\N{NO-BREAK SPACE}décembre {YEAR}"
    assert f"{told} par {manager.full_name}." in page(client).content.decode()
    client.force_login(factories.member(town, Role.ELECTED))
    body = page(client).content.decode()
    assert f"{told}." in body
    assert manager.last_name not in body


def test_a_missing_action_is_asked_for_and_nothing_typed_is_lost(client, manager):
    answer = client.post(reverse("follow-up", args=[YEAR]), {"axis": "Logement", "action": "", "assessment": "Douze visites."})
    assert answer.status_code == 422
    assert "Douze visites." in answer.content.decode()
    assert not ActionSheet.objects.exists()


def test_the_next_year_starts_from_what_was_written_but_its_assessment(client, town, manager):
    ActionSheet.objects.create(authority=town, year=YEAR - 1, axis="Logement", pilot="Habitat", assessment="Bilan ancien")
    body = page(client).content.decode()
    assert "Habitat" in body
    assert "Bilan ancien" not in body


def test_an_elected_member_reads_and_does_not_write(client, town):
    ActionSheet.objects.create(authority=town, year=YEAR, assessment="Douze visites.")
    client.force_login(factories.member(town, Role.ELECTED))
    body = page(client).content.decode()
    assert "Douze visites." in body
    assert "<textarea" not in body
    assert client.post(reverse("follow-up", args=[YEAR]), {"action": "Autre"}).status_code == 403


def test_the_sheet_of_another_town_is_never_read(client, town, manager):
    other = factories.AuthorityFactory(name="Autre ville")
    ActionSheet.objects.create(authority=other, year=YEAR, assessment="Le leur")
    body = client.get(reverse("follow-up", args=[YEAR]), {"collectivite": other.pk}).content.decode()
    assert "Le leur" not in body
    assert page(client, 1999).status_code == 404


def test_two_managers_who_write_the_first_sheet_of_a_year_at_once_both_keep_it(client, town, manager, monkeypatch):
    """Both read that there was none: the second one writes over the first, as an hour later."""
    read = FollowUpView._carried

    def while_another_writes(view):
        carried = read(view)
        ActionSheet.objects.create(authority=town, year=YEAR, action="Permis de louer", pilot="Service urbanisme")
        return carried

    monkeypatch.setattr(FollowUpView, "_carried", while_another_writes)
    answer = client.post(reverse("follow-up", args=[YEAR]), {"action": "Permis de louer", "pilot": "Service habitat"})
    assert answer.status_code == 302
    assert ActionSheet.objects.get().pilot == "Service habitat"
