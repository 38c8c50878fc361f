"""From a landlord's deposit to the sealed decision on the landlord's screen, by people, in a browser."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from documents import sealing

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ADDRESS = "3 impasse des Essais"


def accessible(page: Page) -> None:
    """axe finds nothing on this screen."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in found["violations"]] == []


def tick(page: Page, label: str, *, within: str = "form") -> None:
    """Choose a card by its words."""
    page.locator(within).last.get_by_label(label, exact=False).first.check()


def go_on(page: Page) -> None:
    accessible(page)
    page.get_by_role("button", name="Continuer").click()


def apply_online(page: Page, diagnostic: Path) -> str:
    """Seven steps, then the deposit; returns the number of the case."""
    page.goto("/mes-demandes/nouvelle/")
    page.get_by_label("commune").select_option(label="Saint-Savin")
    tick(page, "Relocation")
    go_on(page)
    page.get_by_label("numéro et voie").fill(ADDRESS)
    page.get_by_label("étage").fill("1er étage")
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
    page.locator("#id_lessors-0-address").fill("5 allée des Tilleuls")
    page.locator("#id_lessors-0-postcode").fill("33000")
    page.locator("#id_lessors-0-city").fill("Bordeaux")
    go_on(page)
    page.get_by_label("Diagnostic de performance énergétique").check()
    page.locator("input[type=file]").set_input_files(diagnostic)
    page.get_by_role("button", name="Ajouter ce fichier").click()
    accessible(page)
    page.get_by_role("link", name="Continuer").click()
    accessible(page)
    page.get_by_label("Je certifie").check()
    page.get_by_role("button", name="Déposer la demande").click()
    expect(page.get_by_text("Votre demande est déposée")).to_be_visible()
    accessible(page)
    return re.search(r"APML \d{6} \d\d \d{5}", page.content())[0]


def open_case(page: Page, number: str) -> None:
    page.goto(f"/dossiers/?q={number.replace(' ', '+')}")
    page.get_by_role("link", name=number).first.click()


def next_action(page: Page) -> None:
    """The one yellow button of a case."""
    accessible(page)
    page.locator(".pl-next .btn-go").click()


@pytest.fixture
def diagnostic(tmp_path: Path) -> Path:
    file = tmp_path / "dpe.pdf"
    file.write_bytes(b"%PDF-1.4\n% un diagnostic\n")
    return file


def test_granted(open_as, diagnostic, tmp_path):
    landlord, officer, inspector, signatory = (open_as(name) for name in ("bailleur", "instruction", "visite", "signature"))
    number = apply_online(landlord, diagnostic)

    open_case(officer, number)
    next_action(officer)
    accessible(officer)
    officer.get_by_role("button", name="Déclarer complet").click()
    next_action(officer)
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 (the day that a person types)
    officer.get_by_label("Jour").fill(tomorrow.isoformat())
    officer.get_by_label("De", exact=True).fill("10:00")
    officer.get_by_label("À", exact=True).fill("10:45")
    officer.get_by_label("Agent de visite").select_option(label="Karim Benali")
    accessible(officer)
    officer.get_by_role("button", name="Planifier et convoquer").click()

    inspector.goto(f"/visites/?jour={tomorrow.isoformat()}")
    accessible(inspector)
    inspector.locator("li", has_text=ADDRESS).get_by_role("link", name="Rendre compte").click()
    inspector.get_by_label("Favorable", exact=True).check()
    accessible(inspector)
    inspector.get_by_role("button", name="Enregistrer le compte rendu").click()

    open_case(officer, number)
    next_action(officer)
    officer.get_by_label("Autorisation", exact=True).check()
    officer.get_by_label("Considérants").fill("que la visite n’a relevé aucun désordre ;")
    accessible(officer)
    officer.get_by_role("button", name="Transmettre à la signature").click()

    signatory.goto("/a-signer/")
    accessible(signatory)
    signatory.get_by_role("link", name=number).click()
    accessible(signatory)
    signatory.get_by_role("button", name="Signer").click()
    expect(signatory.get_by_text("La décision est signée")).to_be_visible()
    landlord.reload()
    assert "Accordée" not in landlord.locator("main").inner_text()

    open_case(officer, number)
    next_action(officer)
    officer.get_by_label("Remise en main propre", exact=False).check()
    officer.get_by_label("Remise ou première présentation le", exact=False).fill(date.today().isoformat())  # noqa: DTZ011
    officer.get_by_label("Remise à", exact=False).fill("Mme Duprat")
    accessible(officer)
    officer.get_by_role("button", name="Enregistrer").click()
    expect(officer.get_by_text("Rien à faire pour l’instant")).to_be_visible()

    landlord.reload()
    expect(landlord.locator(".pl-head .pl-state")).to_contain_text("Accordée")
    accessible(landlord)
    link = landlord.get_by_role("link", name="Autorisation préalable de mise en location (PDF)")
    pdf = landlord.request.get(link.get_attribute("href")).body()
    # The verification runs an event loop of its own, and the browser already holds one in this thread.
    seal = ThreadPoolExecutor().submit(sealing.verify, pdf).result()
    assert seal is not None
    assert seal.is_intact
    assert seal.covers_everything
