"""The screens of a declaration: nothing on them speaks of a visit, a decision or a month of silence."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from permis.enums import PieceKind, State
from permis.models import Application
from territories.enums import Regime
from tests import factories
from tests.workflows.test_declarations import again, asked, draft, filed, give, officer
from workflows.actions import clock, declaring
from workflows.presentation import Badge
from workflows.statistics import figures, period

pytestmark = pytest.mark.django_db
__all__ = ["draft", "officer"]

NONSENSE = ("un mois", "autorisation", "tacite", "Tacite", "décision", "visite")


def page(client, user, name, case, **query):
    client.force_login(user)
    response = client.get(reverse(name, args=[case.pk]), query)
    assert response.status_code == 200, name
    return main(response)


def main(response):
    """The page without its header and footer, its spaces made plain."""
    text = response.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    return text[text.index("<main") : text.index("</main>")]


# Words of the law and of the diagnostics that say nothing of a permit.
MEANT = re.compile(
    r"ni décision|sans visite|n’y a rien à autoriser|après une visite du logement|date de visite|Reconduction tacite"
)


def nonsense(text):
    """Where a page speaks of what only a permit has, with the words around it."""
    text = MEANT.sub("", text)
    return [text[max(0, found.start() - 60) : found.end() + 30] for found in re.finditer("|".join(NONSENSE), text)]


@pytest.mark.parametrize("stage", ["submitted", "incomplete", "answered", "receipted", "expired"])
def test_no_page_speaks_of_a_permit(stage, draft, officer, client, time_machine):
    time_machine.move_to(datetime(2026, 4, 2, 12, tzinfo=UTC))
    case = led_to(stage, draft, officer)

    for name, user in (
        ("application", case.applicant),
        ("case", officer),
        ("case-check", officer),
        ("application-add-piece", case.applicant),
    ):
        assert nonsense(page(client, user, name, case)) == [], name
    client.force_login(officer)
    row = main(client.get(reverse("worklist"), {"q": case.number}))
    assert case.number in row


def led_to(stage, draft, officer):
    if stage == "submitted":
        return filed(draft, on=date(2026, 4, 1))
    if stage == "receipted":
        return declaring.give_receipt(filed(draft), by=officer, on=date(2026, 3, 12))
    case = asked(filed(draft, PieceKind.PHOTOS), officer, respond_by=date(2026, 4, 1 if stage == "expired" else 9))
    if stage == "answered":
        give(case, PieceKind.DPE, on=date(2026, 4, 1))
    if stage == "expired":
        clock.run(case.authority, on=date(2026, 4, 2))
    return again(case)


def test_the_drafts_of_a_declaration_speak_of_no_permit(draft, client):
    factories.prove_address(draft.applicant)
    give(draft, PieceKind.PHOTOS)
    for step in ("location", "adresse", "logement", "equipements", "bailleur", "diagnostics", "depot"):
        client.force_login(draft.applicant)
        text = main(client.get(reverse("application-step", args=[draft.pk, step])))
        assert nonsense(text) == [], step
    assert "récépissé" in text


def test_a_landlord_declares_online(client):
    zone = factories.ZoneFactory(regime=Regime.DML)
    landlord = factories.UserFactory()
    client.force_login(landlord)
    url = f"{reverse('application-start')}?regime=DML"
    answers = {"commune": zone.commune_id, "nature": "again", "lease_kind": "unfurnished", "separate_leases": 1}

    missing = client.post(url, answers)
    assert missing.status_code == 422
    assert "Indiquez la date du bail" in main(missing)
    tomorrow = zone.authority.today() + timedelta(1)
    early = client.post(url, answers | {"lease_signed_on": tomorrow.isoformat()})
    assert early.status_code == 422
    assert "après la signature du bail" in main(early)
    assert "access_phone" not in main(early)

    done = client.post(url, answers | {"lease_signed_on": zone.authority.today().isoformat()})
    case = Application.objects.get(applicant=landlord)
    assert done.url == reverse("application-step", args=[case.pk, "adresse"])
    assert case.is_declaration


def test_the_service_enters_a_paper_declaration_with_its_postmark(client):
    zone = factories.ZoneFactory(regime=Regime.DML)
    officer, today = factories.member(zone.authority, Role.OFFICER), zone.authority.today()
    client.force_login(officer)
    url = f"{reverse('entry')}?regime=DML"
    answers = {
        "channel": "paper", "received_on": today.isoformat(), "posted_on": (today + timedelta(1)).isoformat(),
        "commune": zone.commune_id, "nature": "first", "lease_kind": "furnished", "separate_leases": 1,
        "lease_signed_on": (today - timedelta(5)).isoformat(),
    }  # fmt: skip

    wrong = client.post(url, answers)
    assert wrong.status_code == 422
    assert "cachet de la poste est postérieur" in main(wrong)

    client.post(url, answers | {"posted_on": (today - timedelta(1)).isoformat()})
    case = Application.objects.get()
    assert (case.regime, case.posted_on, case.received_on) == (Regime.DML, today - timedelta(1), today)


def test_the_officer_gives_the_receipt_on_the_screen_of_the_pieces(draft, officer, client):
    case = filed(draft, on=draft.authority.today())
    client.force_login(officer)
    text = page(client, officer, "case-check", case)
    assert "Délivrer le récépissé" in text

    client.post(reverse("case-check", args=[case.pk]))

    assert again(case).state == State.RECEIPTED


def test_the_officer_reads_the_effect_of_a_request_before_sending_it(draft, officer, client):
    case = filed(draft, PieceKind.PHOTOS, on=draft.authority.today())

    text = page(client, officer, "case-request", case)
    assert "il faudra en faire une nouvelle (article R. 634-3" in text
    assert nonsense(text) == []
    today = case.authority.today()
    url, far = reverse("case-request", args=[case.pk]), (today + timedelta(60)).isoformat()
    refused = client.post(url, {"kinds": ["dpe"], "respond_by": far})
    assert refused.status_code == 422
    assert "un mois au plus" in main(refused)
    client.post(url, {"kinds": ["dpe"], "respond_by": (today + timedelta(20)).isoformat()})
    assert again(case).state == State.INCOMPLETE


def test_a_late_declaration_is_a_flag_for_the_service_and_no_reproach_to_the_landlord(officer, draft, client):
    draft.lease_signed_on = draft.authority.today() - timedelta(40)
    draft.save()
    case = filed(draft, on=draft.authority.today())

    assert "après le délai de quinze jours" in page(client, officer, "case", case)
    landlord = page(client, case.applicant, "application", case)
    assert "Elle est vérifiée comme les autres" in landlord
    assert "délai de quinze jours" not in landlord


def test_an_expired_declaration_leads_to_a_new_one(draft, officer, client, time_machine):
    time_machine.move_to(datetime(2026, 4, 2, 12, tzinfo=UTC))
    case = led_to("expired", draft, officer)

    url = reverse("declare-again", args=[case.pk])
    assert url in page(client, case.applicant, "application", case)
    assert client.get(url).status_code == 200
    done = client.post(url)

    new = case.resubmissions.get()
    assert done.url == reverse("application-step", args=[new.pk, "location"])


def test_a_completed_declaration_is_no_more_waited_for(draft, officer):
    waiting = led_to("incomplete", draft, officer)
    assert Badge.of_case(waiting, for_landlord=True).label == "Pièces à fournir"
    give(waiting, PieceKind.DPE, on=date(2026, 4, 1))

    answered = again(waiting)
    assert Badge.of_case(answered, for_landlord=True).label == "Pièces reçues, en cours de vérification"
    assert Badge.of_case(answered).label == "Pièces reçues – à vérifier"


def test_the_figures_keep_declarations_apart(draft, officer):
    case = declaring.give_receipt(filed(draft), by=officer, on=date(2026, 3, 12))

    today = date(2026, 4, 1)
    found = figures.read([case.authority_id], period.of_year(2026, today=today), today=today).total

    assert (found.received, found.open, found.declared, found.receipted) == (0, 0, 1, 1)


@pytest.mark.parametrize("name", ["case-plan-visit", "case-draft", "case-waive-visit", "case-close"])
def test_no_screen_of_a_permit_takes_a_declaration(name, draft, client):
    boss = factories.member(draft.authority, Role.OFFICER, Role.INSPECTOR, Role.MANAGER)
    case = filed(draft)
    client.force_login(boss)

    assert client.get(reverse(name, args=[case.pk])).status_code == 409
