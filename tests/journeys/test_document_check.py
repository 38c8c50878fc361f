"""The officer's check by keyboard alone, from the first piece to the request that the landlord reads."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import accessible, apply_online, next_action, open_case

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390)


def looked_at(page):
    """axe on the screen as it is, wide and on a phone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.reference_data
def test_by_keyboard_from_the_first_piece_to_the_request(open_as, diagnostic, reference_data):
    landlord, officer = open_as("bailleur"), open_as("instruction")
    number = apply_online(landlord, diagnostic, reference_data / "images" / "phone" / "heic__IMG_5195.HEIC")
    application = landlord.url
    open_case(officer, number)
    next_action(officer)
    looked_at(officer)
    current = officer.locator(".pl-views [aria-current]")
    expect(current).to_contain_text("DPE")

    # The page: larger, turned, back.
    picture = officer.locator("[data-view=picture]")
    for key, seen in (("+", "is-zoomed-1"), ("t", "is-turned-1"), ("-", "is-zoomed-0")):
        officer.keyboard.press(key)
        assert seen in picture.get_attribute("class")
    looked_at(officer)

    # Next piece and back; accept; take it back; accept.
    officer.keyboard.press("j")
    expect(current).to_contain_text("Plomb")
    officer.keyboard.press("k")
    expect(current).to_contain_text("DPE")
    officer.keyboard.press("a")
    expect(officer.get_by_text("acceptée.", exact=False)).to_be_visible()
    looked_at(officer)
    officer.keyboard.press("z")
    expect(officer.locator(".pl-sheet .pl-state").first).to_contain_text("À vérifier")

    # Asked for again: the motive writes its sentence, and a letter typed in it moves nothing.
    officer.keyboard.press("r")
    officer.get_by_label("Motif").select_option(label="Il manque des pages")
    sentence = officer.get_by_label("Ce que lira")
    expect(sentence).to_have_value(
        "Il manque des pages. Votre DPE se fournit en entier : déposez ici toutes les pages.".replace(" :", "\u00a0:")
    )
    sentence.press("End")
    sentence.press_sequentially(" Jusqu’à la page 6.")
    expect(current).to_contain_text("DPE")
    looked_at(officer)
    officer.get_by_role("button", name="Relire et demander la pièce").press("Enter")
    expect(officer.locator(".pl-letter")).to_contain_text("Jusqu’à la page 6.")
    looked_at(officer)
    officer.get_by_role("button", name="Envoyer la demande").press("Enter")
    expect(officer.locator(".pl-chip").first).to_contain_text("Délai non commencé")

    landlord.goto(application)
    expect(landlord.get_by_text("Jusqu’à la page 6.").first).to_be_visible()


def test_shortcuts_can_be_turned_off_and_stay_off(open_as, diagnostic):
    landlord, officer = open_as("bailleur"), open_as("instruction")
    open_case(officer, apply_online(landlord, diagnostic))
    next_action(officer)
    officer.get_by_role("button", name="Désactiver les raccourcis clavier").click()
    address = officer.url

    officer.keyboard.press("a")
    officer.reload()
    officer.keyboard.press("a")

    expect(officer.get_by_role("button", name="Activer les raccourcis clavier", exact=True)).to_be_visible()
    assert officer.url == address
    expect(officer.locator(".pl-sheet .pl-state").first).to_contain_text("À vérifier")
    looked_at(officer)
    officer.get_by_role("button", name="Activer les raccourcis clavier", exact=True).click()
    officer.keyboard.press("a")
    expect(officer.get_by_text("Toutes les pièces sont vérifiées")).to_be_visible()
