"""What people do on the screens, said once for every journey."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

PARIS = ZoneInfo("Europe/Paris")
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ADDRESS = "3 impasse des Essais"


def today() -> date:
    """The day of the demo's communes, read when a person types it: midnight may pass during the journeys."""
    return datetime.now(PARIS).date()


def accessible(page: Page) -> None:
    """axe finds nothing on this screen, and nothing of it is out of the window."""
    page.wait_for_load_state()  # a click returns once the next page has begun, before it has any element
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    problems = [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in found["violations"]]
    assert problems == [], f"{page.url}: {problems}"
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px wider than its window"


def tick(page: Page, label: str, *, within: str = "form") -> None:
    """Choose a card by its words."""
    page.locator(within).last.get_by_label(label, exact=False).first.check()


def go_on(page: Page) -> None:
    accessible(page)
    page.get_by_role("button", name="Continuer").click()


def apply_online(page: Page, diagnostic: Path, *photos: Path) -> str:
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
    give(page, "dpe", diagnostic)
    if photos:
        give_more(page, "Plomb (CREP)", *photos)
    accessible(page)
    page.get_by_role("link", name="Continuer").click()
    accessible(page)
    page.get_by_label("Je certifie").check()
    page.get_by_role("button", name="Déposer la demande").click()
    expect(page.get_by_text("Votre demande est déposée")).to_be_visible()
    accessible(page)
    return re.search(r"APML \d{6} \d\d \d{5}", page.content())[0]


def give(page: Page, kind: str, *files: Path) -> None:
    """Choose the files of one diagnostic; the script sends them, and the worker examines them."""
    page.locator(f"#file-{kind}").set_input_files(files)
    expect(page.locator(f"li[aria-labelledby=k-{kind}] .pl-state")).to_contain_text("Reçu", timeout=60_000)


def give_more(page: Page, label: str, *files: Path) -> None:
    """One file for several pieces, or for a piece that has no card."""
    page.locator("#plusieurs > summary").click()
    page.locator("#plusieurs").get_by_label(label, exact=False).check()
    page.locator("#plusieurs-upload").set_input_files(files)
    page.get_by_role("button", name="Envoyer ce fichier").click()
    expect(page.locator("#pieces")).to_contain_text(files[0].name, timeout=60_000)


def open_case(page: Page, number: str) -> None:
    page.goto(f"/dossiers/?q={number.replace(' ', '+')}")
    page.get_by_role("link", name=number, exact=True).first.click()


def next_action(page: Page) -> None:
    """The one yellow button of a case."""
    accessible(page)
    page.locator(".pl-next .btn-go").click()
