"""What the screens say: who comes first, what is done, what it changed, in words nobody can misread."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.text import slugify

from accounts.enums import Role
from documents.facts import Signatory
from inspections.enums import Conclusion
from notifications.enums import Kind
from permis.enums import Ground, PieceKind
from permis.models import Application
from tests import factories
from tests.workflows.sending import give
from tests.workflows.test_actions import file
from tests.workflows.test_rights import STAFF, at
from workflows import drafting, next_actions
from workflows.actions import clock, completeness, decision, inspection, report
from workflows.worklists import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client, town):
    person = factories.member(town, *STAFF)
    client.force_login(person)
    return person


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_a_decision_notified_in_time_is_never_said_to_be_late(client, town, boss):
    """The month is over, the works are not: nothing was born of silence."""
    case = at("conditional", town, boss)
    action = next_actions.of(case, boss, visits=[], today=case.tacit_on + timedelta(days=20))
    assert action.over == "À faire maintenant"
    page = text_of(client.get(reverse("case-works", args=[case.pk])))
    assert "Dernier jour pour notifier" not in page
    assert "Notifiée le" in page


@pytest.mark.parametrize(
    ("roles", "screen"),
    [
        ({Role.SIGNATORY}, "signature-list"),
        ({Role.INSPECTOR}, "visit-day"),
        ({Role.OFFICER}, "worklist"),
        ({Role.INSPECTOR, Role.OFFICER}, "worklist"),
        ({Role.ELECTED}, "dashboard"),
        ({Role.ADMINISTRATOR}, "settings"),
    ],
)
def test_each_role_starts_where_its_work_is(client, town, roles, screen):
    client.force_login(factories.member(town, *roles))
    assert client.get(reverse("home")).url == reverse(screen)


def test_every_decision_to_sign_can_be_reached(client, town, boss, monkeypatch):
    monkeypatch.setattr("workflows.views.signing.SignatureListView.paginate_by", 1)
    cases = [at("proposed", town, boss) for _ in range(2)]
    address = reverse("signature-list")
    pages = text_of(client.get(address)) + text_of(client.get(f"{address}?page=2"))
    assert all(case.number in pages for case in cases)
    assert "?page=2" in pages


@pytest.mark.usefixtures("boss")
def test_a_search_that_finds_too_much_says_so(client, town, boss, monkeypatch):
    monkeypatch.setattr(rows, "PAGE", 1)
    for _ in range(2):
        at("submitted", town, boss)
    assert "ajoutez un mot" in text_of(client.get(reverse("worklist"), {"q": "gare"}))


def test_the_effect_of_a_notification_is_said_before_and_after(client, town, boss):
    case = at("signed", town, boss)
    address = reverse("case-notify", args=[case.pk])
    assert "la notification est sans effet" in text_of(client.get(address))
    today = town.today()
    sent = {"means": "registered_letter", "tracking_number": "1A 204 873 0614 7", "sent_on": today.isoformat()}
    assert "elle seule compte" in text_of(client.post(address, sent, follow=True))
    proof = {**sent, "notified_on": today.isoformat(), "proof": factories.upload(factories.PDF + b"preuve", "avis.pdf")}
    page = text_of(client.post(address, proof, follow=True))
    assert "elle prend effet" in page
    file = case.files.get(name="avis.pdf")
    assert reverse("file", args=[file.pk]) in page


@pytest.mark.parametrize(
    ("name", "kind", "state"),
    [
        ("visit-no-show", Kind.VISIT_MISSED, "no_show"),
        ("visit-access-refused", Kind.ACCESS_REFUSED, "access_refused"),
        ("visit-cancel", Kind.VISIT_CANCELLED, "cancelled"),
    ],
)
def test_a_failed_visit_says_what_leaves_before_it_does(client, town, boss, name, kind, state):
    case = at("planned", town, boss)
    visit = case.visits.get()
    day = client.get(reverse("visit-day")).content.decode()
    address = reverse(name, args=[visit.pk])
    assert f'href="{address}"' in day

    page = text_of(client.get(address))
    recipient = boss.email if kind.roles else case.applicant.email
    assert recipient in page
    assert "Le délai court toujours" in page
    assert case.visits.get().state == "planned"
    assert not case.messages.filter(kind=kind).exists()

    assert client.post(address).status_code == 302
    assert case.visits.get().state == state
    [message] = case.messages.filter(kind=kind, recipient=recipient)
    assert message.subject.replace("\u00a0", " ") in page
    assert client.get(address).status_code == 409


def test_an_obstacle_met_by_a_button_is_not_shown_as_a_success(client, town, boss):
    case = at("planned", town, boss)
    visit = case.visits.get()
    visit.starts_at, visit.ends_at = visit.starts_at + timedelta(days=2), visit.ends_at + timedelta(days=2)
    visit.save()
    answer = client.post(reverse("visit-no-show", args=[visit.pk]))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "pas encore eu lieu" in page
    assert "L’absence est constatée" not in page


def test_a_refusal_names_the_order_on_the_building(client, town, boss):
    case = at("reviewed", town, boss)
    today = town.today()
    completeness.settle_police_order(case, in_force=True, reference="arrêté n° 2026-12 du 3 mars 2026", by=boss, on=today)
    inspection.waive_visit(case, reason="Immeuble évacué", by=boss, on=today)
    work = {"place": "Toiture", "finding": "Effondrée", "evidence": "Arrêté", "basis": "CCH L. 511-1", "work": "Reconstruire"}
    proposed = decision.propose_decision(case, outcome="refused", grounds=[Ground.POLICE_ORDER], works=[work], by=boss, on=today)
    content = drafting.decision(proposed.application, proposed, signatory=Signatory("A", "Le Président"), on=today)
    assert "arrêté n° 2026-12 du 3 mars 2026" in str(content).replace("\u00a0", " ")
    assert "2026-12" in text_of(client.get(reverse("case", args=[case.pk])))

    completeness.settle_police_order(case, in_force=False, reference="main-levée du 4 mars", by=boss, on=today)
    content = drafting.decision(proposed.application, proposed, signatory=Signatory("A", "Le Président"), on=today)
    assert "main-levée" not in str(content)


def test_an_act_is_downloaded_under_a_french_name(client, town, boss):
    case = at("signed", town, boss)
    act = case.acts.get(kind="decision_conditional")
    answer = client.get(reverse("act", args=[act.pk]))
    assert slugify(case.number) in answer.headers["Content-Disposition"]
    assert "autorisation" in answer.headers["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


@pytest.mark.usefixtures("boss")
def test_a_field_says_when_it_is_needed(client, town, boss):
    case = at("visited", town, boss)
    page = text_of(client.get(reverse("case-draft", args=[case.pk])))
    assert "(pour un refus ou des conditions)" in page


def test_a_closure_is_signed_in_a_capacity_and_says_when_none_is_known(client, town):
    manager = factories.member(town, Role.MANAGER, Role.OFFICER)
    case = at("incomplete", town, manager)
    client.force_login(manager)
    page = text_of(client.get(reverse("case-close", args=[case.pk])))
    assert "Aucune délégation de signature" in page
    completeness.remind(case, by=manager, on=town.today())
    reminded = Application.objects.get(pk=case.pk)
    on = case.respond_by + timedelta(days=1)
    assert "Responsable, " in str(drafting.closure(reminded, by=manager, on=on))

    manager.signature_powers.create(
        authority=town, capacity="La Vice-présidente", delegation="arrêté 2026-4", starts_on=town.today()
    )
    assert "Aucune délégation de signature" not in text_of(client.get(reverse("case-close", args=[case.pk])))
    content = str(drafting.closure(reminded, by=manager, on=on))
    assert "par délégation" in content
    assert "(arrêté 2026-4)" in content
    assert "la Vice-présidente" in content


def test_a_landlord_who_filed_without_a_required_piece_is_told_to_add_it_at_once(client, town):
    case = file(factories.ApplicationFactory(authority=town), PieceKind.PHOTOS, on=town.today())
    client.force_login(case.applicant)
    address = reverse("application", args=[case.pk])
    assert "Il manque une pièce exigée" in text_of(client.get(address))
    give(case, PieceKind.DPE)
    assert "Rien à faire pour l’instant" in text_of(client.get(address))


def test_a_visit_does_not_announce_a_decision_that_the_silence_has_taken(client, town, boss):
    case = at("visited", town, boss)
    report.establish(case.visits.get(), conclusion=Conclusion.FAVOURABLE, by=boss, on=town.today())
    client.force_login(case.applicant)
    address = reverse("application", args=[case.pk])
    assert "elle vous sera notifiée" in text_of(client.get(address))
    clock.grant_tacitly(case, on=case.tacit_on + timedelta(1))
    page = text_of(client.get(address))
    assert "Cet avis n’est pas la décision" in page
    assert "elle vous sera notifiée" not in page
