"""A declaration made late and incomplete: what is missing is asked for, it is completed, and its receipt is downloaded."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import accessible, give, go_on, open_case, tick, today

pytestmark = pytest.mark.browser
LEASE = (today() - timedelta(days=40)).isoformat()


def qualify(page):
    """Nobody is signed in: the answer leads to the declaration, with what was said."""
    page.goto("/concerne/")
    accessible(page)
    page.get_by_label("Commune du logement").fill("Cézac")
    page.get_by_role("button", name="Chercher la commune").click()
    page.get_by_label("Date du bail").fill(LEASE)
    page.get_by_label("Adresse du logement").fill("7 rue des Essais")
    tick(page, "Dans le périmètre")
    accessible(page)
    page.get_by_role("button", name="Voir la réponse").click()
    expect(page.locator("#reponse")).to_contain_text("déclarez la location")
    accessible(page)


def declare(page):
    """The seven steps, without the diagnostic; returns the number."""
    page.get_by_role("link", name="Commencer ma déclaration").click()
    expect(page.get_by_label("date de conclusion du bail")).to_have_value(LEASE)
    tick(page, "Relocation")
    go_on(page)
    expect(page.get_by_label("numéro et voie")).to_have_value("7 rue des Essais")
    go_on(page)
    tick(page, "Immeuble collectif")
    page.get_by_label("année de construction").fill("1990")
    page.get_by_label("surface habitable").fill("41,5")
    page.get_by_label("nombre de pièces principales").fill("2")
    page.get_by_role("group", name="Le logement est-il loué meublé").get_by_label("Non").check()
    go_on(page)
    page.get_by_role("group", name=re.compile("installation électrique", re.I)).get_by_label("Quinze ans ou moins").check()
    page.get_by_role("group", name=re.compile("installation de gaz", re.I)).get_by_label("Pas d’installation").check()
    go_on(page)
    for name, value in {"address": "5 allée des Tilleuls", "postcode": "33000", "city": "Bordeaux"}.items():
        page.locator(f"#id_lessors-0-{name}").fill(value)
    go_on(page)
    page.get_by_role("link", name="Continuer").click()
    accessible(page)
    expect(page.get_by_text("Déposez quand même")).to_be_visible()
    page.get_by_label("Je certifie").check()
    page.get_by_role("button", name="Déposer la déclaration").click()
    expect(page.get_by_text("Votre déclaration est déposée")).to_be_visible()
    accessible(page)
    return re.search(r"DML \d{6} \d\d \d{5}", page.content())[0]


def test_a_late_declaration_is_completed_and_its_receipt_downloaded(open_as, diagnostic):
    landlord, officer = open_as("bailleur"), open_as("instruction")
    qualify(landlord)
    number = declare(landlord)
    follow_up = landlord.url

    open_case(officer, number)
    expect(officer.get_by_text("après le délai de quinze jours")).to_be_visible()
    accessible(officer)
    officer.locator(".pl-next .btn-go").click()
    officer.get_by_role("link", name="Demander la pièce", exact=True).click()
    accessible(officer)
    officer.get_by_role("button", name="Envoyer la demande").click()
    expect(officer.get_by_text("Attendez les pièces du bailleur")).to_be_visible()

    landlord.goto(follow_up)
    accessible(landlord)
    landlord.get_by_role("link", name="Déposer une pièce").click()
    give(landlord, "dpe", diagnostic)
    expect(landlord.locator("#effet")).to_contain_text("arrivée à temps")

    open_case(officer, number)
    officer.locator(".pl-next .btn-go").click()
    officer.get_by_role("button", name="Délivrer le récépissé").click()
    expect(officer.get_by_text("Récépissé délivré").first).to_be_visible()

    landlord.goto(follow_up)
    accessible(landlord)
    expect(landlord.get_by_text("Remettez une copie du récépissé à votre locataire")).to_be_visible()
    for name in ("Récépissé de déclaration (PDF)", "Récépissé, exemplaire à remettre au locataire (PDF)"):
        link = landlord.get_by_role("link", name=name)
        for _ in range(30):
            if link.count():
                break
            landlord.wait_for_timeout(1000)
            landlord.reload()
        answer = landlord.request.get(link.get_attribute("href"))
        assert answer.body().startswith(b"%PDF"), name
