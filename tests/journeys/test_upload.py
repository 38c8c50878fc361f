"""The page of the files in a browser: drag and drop, cuts, reloads, no script at all, the phone, the keyboard, twelve cards."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.journeys.steps import accessible, go_on, tick

pytestmark = pytest.mark.browser
ARRIVES = {"timeout": 60_000}
DROP = """([selector, files]) => {
  const transfer = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  const card = document.querySelector(selector);
  for (const kind of ["dragover", "drop"])
    card.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""


def to_the_files(page: Page, address: str) -> None:
    """A draft about an old building, up to the page of the files: DPE, lead, electricity and gas are asked."""
    page.goto("/mes-demandes/nouvelle/")
    page.get_by_label("commune").select_option(label="Saint-Savin")
    tick(page, "Relocation")
    go_on(page)
    page.get_by_label("numéro et voie").fill(address)
    go_on(page)
    tick(page, "Immeuble collectif")
    page.get_by_label("année de construction").fill("1930")
    page.get_by_label("surface habitable").fill("41,5")
    page.get_by_label("nombre de pièces principales").fill("2")
    page.get_by_role("group", name="Le logement est-il loué meublé").get_by_label("Non").check()
    go_on(page)
    for installation in ("électrique", "de gaz"):
        page.get_by_role("group", name=re.compile(f"installation {installation}", re.I)).get_by_label(
            "Plus de quinze ans"
        ).check()
    go_on(page)
    page.locator("#id_lessors-0-address").fill("5 allée des Tilleuls")
    page.locator("#id_lessors-0-postcode").fill("33000")
    page.locator("#id_lessors-0-city").fill("Bordeaux")
    go_on(page)
    # A network that is cut while a page is still on its way cuts nothing of that page.
    page.locator("#pieces").wait_for()
    page.wait_for_load_state()


def drop(page: Page, slug: str, *files: Path) -> None:
    """Let files fall on a card; a type the browser does not know is left empty, as it does."""
    types = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}
    given = [[file.name, types.get(file.suffix, ""), base64.b64encode(file.read_bytes()).decode()] for file in files]
    page.evaluate(DROP, [f"#carte-{slug}", given])


def card(page: Page, slug: str):
    return page.locator(f"#carte-{slug}")


def pdf(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_bytes(factories.PDF + f"% {folder} {name}".encode())
    return file


def puts(page: Page) -> list[str]:
    """The addresses to which the page sends bytes, as they are asked for."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url) if request.method == "PUT" else None)
    return seen


@pytest.mark.reference_data
def test_real_files_dropped_on_their_cards(open_as, reference_data, tmp_path):
    page = open_as("bailleur")
    to_the_files(page, "21 rue des Fichiers")
    accessible(page)
    sent = puts(page)
    samples = reference_data / "pdf" / "py-pdf"
    docx = tmp_path / "bail.docx"
    docx.write_bytes(b"PK\x03\x04")
    empty = tmp_path / "vide.pdf"
    empty.write_bytes(b"")
    drop(page, "dpe", samples / "004-pdflatex-4-pages__pdflatex-4-pages.pdf")
    drop(page, "crep", reference_data / "images" / "phone" / "heic__IMG_5195.HEIC", samples / "021-pdfa__crazyones-pdfa.pdf")
    drop(page, "electricity", docx, samples / "005-libreoffice-writer-password__libreoffice-writer-password.pdf", empty)

    expect(card(page, "dpe").locator(".pl-state")).to_have_text("Reçu", **ARRIVES)
    expect(card(page, "crep")).to_contain_text("heic__IMG_5195.HEIC")
    expect(card(page, "crep").locator(".pl-state")).to_have_text("Reçu", **ARRIVES)
    expect(card(page, "electricity")).to_contain_text("« bail.docx » n’est ni un PDF ni une photo")
    expect(card(page, "electricity")).to_contain_text("« vide.pdf » est vide")
    expect(card(page, "electricity")).to_contain_text("demande un mot de passe", **ARRIVES)
    expect(page.locator("#etat")).to_contain_text("2")
    assert len(sent) == 4
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        accessible(page)
    for details in page.locator("main details").all():
        details.evaluate("details => { details.open = true }")
    accessible(page)


def test_a_cut_costs_the_cut_file_alone(open_as, tmp_path):
    page = open_as("bailleur")
    to_the_files(page, "22 rue des Fichiers")
    files = [pdf(tmp_path, f"page-{number}.pdf") for number in (1, 2, 3)]
    state = {"cut": True, "seen": 0}

    def cut_the_second(route):
        state["seen"] += 1
        if state["cut"] and state["seen"] > 1 and state["seen"] < 6:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/fichiers/deposer/**", cut_the_second)
    sent = puts(page)
    page.locator("#file-crep").set_input_files(files)
    again = page.get_by_role("button", name="Reprendre : page-2.pdf")
    expect(again).to_be_visible(timeout=40_000)
    expect(card(page, "crep")).to_contain_text("page-3.pdf", **ARRIVES)
    accessible(page)
    state["cut"] = False
    before = len(sent)
    again.click()
    expect(card(page, "crep").locator(".pl-docs li")).to_have_count(3, **ARRIVES)
    assert len(sent) == before + 1
    names = card(page, "crep").locator(".pl-docs li").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == ["page-1.pdf", "page-2.pdf", "page-3.pdf"]


def test_after_a_reload_only_what_did_not_arrive_is_asked_again(open_as, tmp_path):
    page = open_as("bailleur")
    to_the_files(page, "23 rue des Fichiers")
    url, confirm, bytes_ = page.url, re.compile(r"/fichiers/\d+/$"), "**/fichiers/deposer/**"
    page.on("dialog", lambda dialog: dialog.accept())
    lost, unconfirmed = pdf(tmp_path, "perdu.pdf"), pdf(tmp_path, "arrivé.pdf")
    page.route(confirm, lambda route: route.abort())
    page.locator("#file-gas").set_input_files(unconfirmed)
    expect(card(page, "gas")).to_contain_text("arrivé.pdf : nouvel essai", **ARRIVES)
    page.route(bytes_, lambda route: route.abort())
    page.locator("#file-dpe").set_input_files(lost)
    expect(card(page, "dpe")).to_contain_text("perdu.pdf : nouvel essai", **ARRIVES)
    page.goto("about:blank")
    page.unroute(confirm)
    page.unroute(bytes_)
    page.goto(url)

    expect(card(page, "gas").locator(".pl-docs")).to_contain_text("arrivé.pdf", **ARRIVES)
    expect(card(page, "dpe")).to_contain_text("perdu.pdf")
    expect(card(page, "dpe")).to_contain_text("Choisissez de nouveau ce seul fichier")
    accessible(page)
    page.locator("#file-dpe").set_input_files(lost)
    expect(card(page, "dpe").locator(".pl-docs")).to_contain_text("perdu.pdf", **ARRIVES)
    expect(card(page, "dpe")).not_to_contain_text("Choisissez de nouveau")


def test_what_a_person_is_doing_survives_the_arrival_of_files(open_as, tmp_path):
    page = open_as("bailleur")
    to_the_files(page, "24 rue des Fichiers")
    page.locator("#file-gas").set_input_files(pdf(tmp_path, "gaz.pdf"))
    expect(card(page, "gas").locator(".pl-state")).to_have_text("Reçu", **ARRIVES)
    page.locator("#exemple-dpe > summary").click()
    page.locator("#gas-established_on").fill("2025-05-02")
    page.locator("#file-dpe").set_input_files(pdf(tmp_path, "dpe.pdf"))
    page.locator("#exemple-dpe > summary").focus()

    expect(card(page, "dpe").locator(".pl-state")).to_have_text("Reçu", **ARRIVES)
    expect(page.locator("#exemple-dpe")).to_have_attribute("open", "")
    expect(page.locator("#exemple-dpe > summary")).to_be_focused()
    expect(page.locator("#gas-established_on")).to_have_value("2025-05-02")
    expect(page.locator("#annonces")).to_contain_text("dpe.pdf : reçu")


def test_without_a_script_and_by_keyboard(browser, demo, open_as, tmp_path):
    signed_in = open_as("bailleur").context.storage_state()
    to_the_files(open_as("bailleur"), "25 rue des Fichiers")
    url = open_as("bailleur").url
    context = browser.new_context(base_url=demo.url, locale="fr-FR", java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(url)
    good, docx = pdf(tmp_path, "un.pdf"), tmp_path / "bail.docx"
    docx.write_bytes(b"PK\x03\x04")
    page.locator("#file-crep").set_input_files([good, docx, pdf(tmp_path, "deux.pdf")])
    card(page, "crep").get_by_role("button", name="Envoyer").first.press("Enter")
    expect(page.locator("#erreurs")).to_contain_text("« bail.docx » n’est ni un PDF")
    expect(card(page, "crep").locator(".pl-docs > li")).to_have_count(2)

    page.locator("#plusieurs > summary").press("Enter")
    for label in ("Électricité", "Gaz"):
        page.locator("#plusieurs").get_by_label(label, exact=True).press("Space")
    page.locator("#plusieurs-upload").set_input_files(pdf(tmp_path, "ddt.pdf"))
    page.get_by_role("button", name="Envoyer ce fichier").press("Enter")
    expect(card(page, "gas")).to_contain_text("ddt.pdf")
    card(page, "gas").get_by_role("link", name="Dire où est chacune").press("Enter")
    page.get_by_label("De la page", exact=False).first.fill("1")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    expect(card(page, "electricity")).to_contain_text("page 1")

    page.locator("#autre > summary").press("Enter")
    page.locator("#autre-title").fill("Facture de la chaudière")
    page.locator("#autre-upload").set_input_files(pdf(tmp_path, "facture.pdf"))
    page.get_by_role("button", name="Ajouter ce document").press("Enter")
    expect(page.get_by_role("heading", name="Facture de la chaudière")).to_be_visible()
    card(page, "crep").get_by_role("button", name="Ôter").first.press("Enter")
    expect(card(page, "crep").locator(".pl-docs > li")).to_have_count(1)
    context.close()


def test_twelve_cards_and_a_name_without_end_on_a_phone(open_as, tmp_path):
    page = open_as("bailleur")
    to_the_files(page, "26 rue des Fichiers")
    page.set_viewport_size({"width": 390, "height": 844})
    for number in range(8):
        page.locator("#autre").evaluate("details => { details.open = true }")
        page.locator("#autre-title").fill(f"Document-{number}-{'interminable' * 8}")
        page.locator("#autre-upload").set_input_files(pdf(tmp_path, f"{number}-{'nom_sans_espace' * 8}.pdf"))
        page.get_by_role("button", name="Ajouter ce document").click()
        expect(page.locator("#cartes > li")).to_have_count(5 + number, **ARRIVES)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        accessible(page)
    camera = card(page, "dpe").locator("input[capture=environment]")
    assert camera.get_attribute("accept") == "image/*"
    assert card(page, "dpe").get_by_text("Prendre en photo").bounding_box()["height"] >= 44


def test_the_next_application_for_the_same_door_takes_the_diagnostics_again(open_as, tmp_path):
    page = open_as("bailleur")
    to_the_files(page, "27 rue des Fichiers")
    page.locator("#file-dpe").set_input_files(pdf(tmp_path, "dpe.pdf"))
    expect(card(page, "dpe").locator(".pl-state")).to_have_text("Reçu", **ARRIVES)
    page.locator("#dpe-dpe_number").fill("2433E0412076K")
    page.locator("#dpe-dpe_class").select_option("D")
    page.locator("#dpe-established_on").fill("2024-03-12")
    card(page, "dpe").get_by_role("button", name="Enregistrer").click()
    expect(card(page, "dpe")).to_contain_text("valable jusqu’au 12/03/2034")
    page.get_by_role("link", name="Continuer").click()
    expect(page.get_by_text("3 pièces exigées manquent")).to_be_visible()
    accessible(page)
    page.get_by_label("Je certifie").check()
    page.get_by_role("button", name="Déposer la demande").click()
    expect(page.get_by_text("Votre demande est déposée")).to_be_visible()

    to_the_files(page, "27, rue des fichiers")
    expect(page.locator("#reprise")).to_contain_text("valable jusqu’au 12/03/2034")
    accessible(page)
    page.get_by_role("button", name="Réutiliser : Diagnostic de performance").click()
    expect(card(page, "dpe").locator(".pl-state")).to_have_text("Reçu", **ARRIVES)
    expect(card(page, "dpe")).to_contain_text("n° 2433E0412076K")
    expect(page.locator("#reprise section")).to_have_count(0)
