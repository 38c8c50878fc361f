"""The other ends of a case: refused by letter after a paper deposit, conditional then lifted after missing pieces."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import accessible, apply_online, give, go_on, next_action, open_case, tick, today

pytestmark = pytest.mark.browser
LONG = (
    "1234 bis chemin départemental de Saint-Christophe-de-la-Grande-Lande-et-du-Vieux-Moulin, résidence Les Tourterelles-des-Bois"
)
# Queued already when the worker's own clock strikes at that moment.
CLOCK = """
from contextlib import suppress
from procrastinate.exceptions import AlreadyEnqueued
from workflows.tasks import run_clock
with suppress(AlreadyEnqueued):
    run_clock.defer()
"""


def fill_work(page, place, work):
    """The first point of the works that a decision prescribes."""
    page.locator("#id_works-0-place").fill(place)
    page.locator("#id_works-0-finding").fill("Prise descellée, conducteur apparent")
    page.locator("#id_works-0-evidence").fill("Diagnostic électrique du 3 mars 2026")
    page.locator("#id_works-0-basis").fill("décret 2002-120, art. 2")
    page.locator("#id_works-0-work").fill(work)


def decide_without_visit(page, reason="Visité le mois dernier pour un autre lot."):
    page.get_by_role("link", name="Décider sans visite").click()
    page.get_by_label("Raison").fill(reason)
    accessible(page)
    page.get_by_role("button", name="Continuer sans visite").click()


def enter_paper_application(page, diagnostic, *, address, received_on, is_over=False):
    """What the service types from an envelope, up to the deposit; a month that is over is confirmed."""
    page.goto("/dossiers/saisir/")
    tick(page, "Courrier")
    page.get_by_label("Date de réception").fill(received_on.isoformat())
    page.get_by_label("commune").select_option(label="Cavignac")
    tick(page, "Relocation")
    go_on(page)
    page.get_by_label("numéro et voie").fill(address)
    go_on(page)
    tick(page, "Maison individuelle")
    page.get_by_label("surface habitable").fill("70")
    page.get_by_label("nombre de pièces principales").fill("3")
    page.get_by_role("group", name="Le logement est-il loué meublé").get_by_label("Non").check()
    go_on(page)
    page.get_by_role("group", name=re.compile("installation électrique", re.I)).get_by_label("Quinze ans ou moins").check()
    page.get_by_role("group", name=re.compile("installation de gaz", re.I)).get_by_label("Pas d’installation").check()
    go_on(page)
    for name, value in {
        "first_name": "Luc",
        "last_name": "Tessier",
        "address": "1 rue Basse",
        "postcode": "33620",
        "city": "Cavignac",
    }.items():
        page.locator(f"#id_lessors-0-{name}").fill(value)
    page.locator("#id_lessors-0-phone").fill("05 57 00 00 01")
    go_on(page)
    give(page, "form", diagnostic)
    give(page, "dpe", diagnostic)
    page.get_by_role("link", name="Continuer").click()
    page.get_by_label("Je certifie").check()
    if is_over:
        accessible(page)
        expect(page.get_by_role("alert")).to_contain_text("constatée aussitôt")
        page.get_by_label("J’ai relu la date de réception").check()
    page.get_by_role("button", name="Déposer la demande").click()


def test_one_person_with_four_roles_refuses_a_paper_application_by_letter(open_as, diagnostic):
    page = open_as("mairie")
    enter_paper_application(page, diagnostic, address="9 rue Longue", received_on=today())

    next_action(page)
    page.get_by_role("button", name="Déclarer complet").click()
    decide_without_visit(page)
    next_action(page)
    page.get_by_label("Refus", exact=True).check()
    page.get_by_role("button", name="Transmettre à la signature").click()
    expect(page.get_by_text("doit citer un motif").first).to_be_visible()
    accessible(page)
    page.get_by_label("Non-décence", exact=False).check()
    fill_work(page, "Séjour", "Faire remplacer la prise par un électricien")
    page.get_by_role("button", name="Transmettre à la signature").click()
    next_action(page)
    page.get_by_role("button", name="Signer").click()
    next_action(page)
    page.get_by_label("Lettre recommandée", exact=False).first.check()
    page.get_by_label("Numéro de recommandé").fill("2C 170 045 2145 8")
    page.get_by_label("Remise ou première présentation le").fill(today().isoformat())
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".pl-state").first).to_contain_text("Refusée")
    accessible(page)


def test_incomplete_then_conditional_then_lifted(open_as, diagnostic):
    landlord, officer, signatory = (open_as(name) for name in ("bailleur", "instruction", "signature"))
    number = apply_online(landlord, diagnostic)
    application = landlord.url

    open_case(officer, number)
    next_action(officer)
    officer.get_by_role("radio", name="À remplacer").check()
    officer.get_by_label("Motif").select_option(label="Autre motif")
    officer.get_by_label("Ce que lira").fill("La deuxième page est illisible : photographiez-la de nouveau.")
    accessible(officer)
    expect(officer.get_by_text("Le mois repartira de zéro")).to_be_visible()
    officer.get_by_role("button", name="Relire et demander la pièce").click()
    expect(officer.locator(".pl-letter").get_by_text("La deuxième page est illisible")).to_be_visible()
    accessible(officer)
    officer.get_by_role("button", name="Envoyer la demande").click()
    expect(officer.locator(".pl-chip").first).to_contain_text("Délai non commencé")

    landlord.goto(application)
    expect(landlord.get_by_text("La deuxième page est illisible").first).to_be_visible()
    next_action(landlord)
    expect(landlord.locator("#carte-dpe")).to_contain_text("La deuxième page est illisible")
    accessible(landlord)
    diagnostic.write_bytes(diagnostic.read_bytes() + b"% lisible")
    landlord.locator("#file-dpe").set_input_files(diagnostic)
    expect(landlord.locator("#effet")).to_contain_text("C’était la dernière pièce demandée")
    expect(landlord.locator("#carte-dpe .pl-state")).to_contain_text("Reçu", timeout=60_000)
    accessible(landlord)
    landlord.goto(application)
    expect(landlord.locator(".pl-state").first).to_contain_text("En instruction")

    open_case(officer, number)
    expect(officer.locator(".pl-next")).to_contain_text("Vérifiez les pièces reçues")
    next_action(officer)
    officer.get_by_role("radio", name="Acceptée").check()
    accessible(officer)
    officer.get_by_role("button", name="Accepter et passer à la suite").click()
    open_case(officer, number)
    decide_without_visit(officer)
    next_action(officer)
    officer.get_by_label("Autorisation sous conditions").check()
    officer.get_by_label("Travaux avant la mise en location").check()
    officer.get_by_label("Atteinte à la sécurité", exact=False).check()
    fill_work(officer, "Escalier", "Resceller la main courante")
    officer.get_by_role("button", name="Transmettre à la signature").click()
    signatory.goto("/a-signer/")
    signatory.get_by_role("link", name=f"Lire l’arrêté du dossier {number}").click()
    signatory.get_by_role("button", name="Signer").click()
    open_case(officer, number)
    next_action(officer)
    officer.get_by_label("Remise en main propre", exact=False).check()
    officer.get_by_label("Remise ou première présentation le").fill(today().isoformat())
    officer.get_by_label("Remise à", exact=False).fill("Mme Duprat")
    officer.get_by_role("button", name="Enregistrer").click()

    next_action(officer)
    accessible(officer)
    officer.get_by_role("button", name=re.compile("^Fait")).click()
    open_case(signatory, number)
    next_action(signatory)
    accessible(signatory)
    signatory.get_by_role("button", name="Lever les conditions").click()
    landlord.goto(application)
    expect(landlord.locator(".pl-state").first).to_contain_text("Accordée")
    expect(landlord.get_by_text("Levée des conditions").first).to_be_visible()
    accessible(landlord)


def test_silence_grants_a_paper_application_that_nobody_decided(open_as, diagnostic, demo):
    """Received forty days ago and typed today: the worker's clock finds the month gone."""
    page = open_as("mairie")
    received_on = today() - timedelta(days=40)
    enter_paper_application(page, diagnostic, address=LONG, received_on=received_on, is_over=True)
    expect(page.locator(".pl-chip").first).to_contain_text("dépassée de")
    accessible(page)

    demo.manage("shell", "-v", "0", "-c", CLOCK)
    for _ in range(60):
        page.reload()
        if "Autorisation tacite" in page.locator(".pl-state").first.inner_text():
            break
        page.wait_for_timeout(500)
    expect(page.locator(".pl-state").first).to_contain_text("tacite")
    page.set_viewport_size({"width": 390, "height": 844})
    accessible(page)
    expect(page.locator(".pl-log").get_by_text("Autorisation tacite").first).to_be_visible()
    accessible(page)
    page.goto(page.url.rstrip("/") + "/decision/")
    expect(page.get_by_role("heading", name="Déjà décidé")).to_be_visible()
    accessible(page)
