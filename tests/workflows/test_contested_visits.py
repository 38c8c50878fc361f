"""A visit on which two phones disagree, and one where a danger is seen: who is told, who settles, who writes the note."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from documents.enums import ActKind
from documents.models import Act
from inspections import survey
from inspections.enums import VisitState
from inspections.models import Visit
from notifications.enums import Kind
from notifications.models import Message
from permis.models.journal import Event
from tests import factories
from tests.workflows.walks import DANGER, RESERVE, ROOM, Phone, done, established, from_phone, printed
from workflows.actions import danger, inspection, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(town, visit):
    return town.today()


@pytest.fixture
def phone(visit, staff):
    return Phone(visit, staff)


# What two phones contest


@pytest.fixture
def contested(visit, phone, staff):
    phone.room()
    first = phone.answer("C05", room=ROOM)
    other = Phone(visit, staff, "Autre téléphone").answer("C05", "non_conform", room=ROOM, note="Tache", against=first)
    return first, other


def test_a_contested_visit_cannot_be_reported(visit, contested, staff, today):
    with pytest.raises(inspection.OpenConflicts):
        from_phone(visit, staff, today)
    assert Visit.objects.get().state == VisitState.PLANNED
    assert "visit_dwelling" in visit.application.work_items.values_list("node", flat=True)


@pytest.mark.parametrize("chosen", [0, 1])
def test_who_chooses_writes_a_new_entry_that_knows_both(visit, contested, staff, today, chosen):
    settled = report.settle_conflict(visit, keep=contested[chosen].pk, by=staff, on=today)

    read = survey.of(visit.entries.all())
    assert read.conflicts == []
    assert read.get(settled.key)["reply"] == ["conform", "non_conform"][chosen]
    assert visit.entries.count() == 4
    assert settled.device == report.desk_of(staff)
    from_phone(visit, staff, today)
    with pytest.raises(report.ConflictGone):
        report.settle_conflict(visit, keep=contested[1 - chosen].pk, by=staff, on=today)


def test_only_what_is_contested_may_be_kept(visit, contested, phone, staff, today):
    other = phone.answer("A01")
    for keep in (other.pk, uuid.uuid4()):
        with pytest.raises(report.ConflictGone):
            report.settle_conflict(visit, keep=keep, by=staff, on=today)
    with pytest.raises(PermissionDenied):
        report.settle_conflict(visit, keep=contested[0].pk, by=factories.UserFactory(), on=today)


def test_the_screen_shows_both_sides_then_closes(client, visit, contested, staff):
    client.force_login(staff)
    page = reverse("visit-conflicts", args=[visit.pk])
    shown = client.get(page).content.decode()
    assert "Autre téléphone" in shown
    assert "Tache" in shown
    assert "noté différemment par deux téléphones" in client.get(reverse("visit-report", args=[visit.pk])).content.decode()
    assert client.post(page, {"keep": "rien"}).status_code == 422

    answer = client.post(page, {"keep": contested[1].pk})
    assert answer.url == reverse("visit-report", args=[visit.pk])
    assert "Aucun écart" in client.get(page).content.decode()


def test_a_finished_visit_that_is_contested_asks_to_be_completed(client, visit, contested, phone, staff):
    phone.write("finish", at="2026-03-12T10:00:00+00:00")
    visit.application.work_items.filter(node="check_answer").delete()
    client.force_login(staff)
    assert "Rapport à terminer" in client.get(reverse("case", args=[visit.application_id])).content.decode()


# The danger


def test_a_danger_alerts_the_manager_once(visit, staff, today):
    done(visit, staff, today, DANGER)
    established(visit, staff, today)
    established(visit, staff, today, reason="Faute.", findings=[DANGER])

    message = Message.objects.get(kind=Kind.DANGER_FOUND)
    assert message.recipient == staff.email
    assert "Garde-corps descellé" in message.text
    assert visit.application.journal.filter(event=Event.DANGER_FOUND).count() == 1


def test_a_danger_found_by_a_correction_alerts_too(visit, staff, today):
    done(visit, staff, today, RESERVE)
    established(visit, staff, today)
    assert not Message.objects.filter(kind=Kind.DANGER_FOUND).exists()
    established(visit, staff, today, reason="Oubli.", findings=[RESERVE, DANGER])
    assert Message.objects.filter(kind=Kind.DANGER_FOUND).exists()


def test_the_police_note_is_written_by_the_manager_and_hidden_from_the_landlord(client, visit, town, staff, today):
    done(visit, staff, today, DANGER)
    case, page = visit.application, reverse("visit-police-note", args=[visit.pk])
    client.force_login(staff)
    assert "Danger constaté" in client.get(reverse("case", args=[case.pk])).content.decode()
    shown = client.get(page)
    assert "Garde-corps descellé" in shown.context["form"].initial["seen"]
    assert "Condamner l’accès" in shown.context["form"].initial["measures"]
    assert client.post(page, {"recipient": "Le maire", "seen": ""}).status_code == 422

    answer = client.post(
        page, {"recipient": "Le maire\nMairie", "seen": "Garde-corps descellé.", "measures": "Fermer l’escalier"}
    )
    assert answer.status_code == 302
    act = case.acts.get(kind=ActKind.POLICE_NOTE)
    text = printed(act)
    assert "Fermer l’escalier" in text
    assert "L. 511-19" in text
    assert case.journal.filter(event=Event.POLICE_NOTE).exists()
    assert "le pouvoir de police a été saisi" in client.get(reverse("case", args=[case.pk])).content.decode().lower()
    assert case.work_items.filter(node="draft_decision").exists()

    Act.objects.filter(pk=act.pk).update(sha256="0" * 64)
    client.force_login(case.applicant)
    assert client.get(reverse("act", args=[act.pk])).status_code == 404
    seen = client.get(reverse("application", args=[case.pk])).content.decode()
    assert "police" not in seen
    assert "Danger" not in seen
    client.force_login(factories.member(town, Role.INSPECTOR))
    assert client.get(page).status_code == 403


def test_without_danger_there_is_no_police_note(client, visit, staff, today):
    done(visit, staff, today, RESERVE)
    client.force_login(staff)
    assert client.get(reverse("visit-police-note", args=[visit.pk])).status_code == 404
    with pytest.raises(danger.NoDanger):
        danger.police_note(visit, recipient="Le maire", seen="x", measures="y", by=staff, on=today)
