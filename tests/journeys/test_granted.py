"""From a landlord's deposit to the sealed decision on the landlord's screen, by people, in a browser."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from documents import sealing
from tests.journeys.steps import ADDRESS, accessible, apply_online, next_action, open_case, today

pytestmark = pytest.mark.browser


@pytest.mark.reference_data
def test_granted(open_as, reference_data):
    landlord, officer, inspector, signatory = (open_as(name) for name in ("bailleur", "instruction", "visite", "signature"))
    diagnostic, photo = (
        reference_data / "images" / "phone" / "tests__files__sample.pdf",
        reference_data / "images" / "phone" / "heic__IMG_5195.HEIC",
    )
    number = apply_online(landlord, diagnostic, photo)

    open_case(officer, number)
    next_action(officer)
    accessible(officer)
    officer.get_by_role("button", name="Déclarer complet").click()
    next_action(officer)
    visited_on = today()
    officer.get_by_label("Jour (autre horaire)", exact=True).fill(visited_on.isoformat())
    officer.get_by_label("De (autre horaire)", exact=True).fill("10:00")
    officer.get_by_label("À (autre horaire)", exact=True).fill("10:45")
    officer.get_by_label("Agent de visite").select_option(label="Karim Benali")
    accessible(officer)
    officer.get_by_role("button", name="Planifier et convoquer").click()

    inspector.goto(f"/visites/?jour={visited_on.isoformat()}")
    accessible(inspector)
    inspector.locator("li", has_text=ADDRESS).get_by_role("link", name="Rendre compte").click()
    inspector.get_by_label("Favorable", exact=True).check()
    accessible(inspector)
    inspector.get_by_role("button", name="Établir le rapport").click()
    expect(inspector.get_by_role("heading", name="Rapport de visite n° 1")).to_be_visible()
    accessible(inspector)

    open_case(officer, number)
    next_action(officer)
    officer.get_by_label("Autorisation", exact=True).check()
    officer.get_by_label("Considérants").fill("que la visite n’a relevé aucun désordre ;")
    accessible(officer)
    officer.get_by_role("button", name="Transmettre à la signature").click()

    signatory.goto("/a-signer/")
    accessible(signatory)
    signatory.get_by_role("link", name=f"Lire l’arrêté du dossier {number}").click()
    accessible(signatory)
    signatory.get_by_role("button", name="Signer").click()
    expect(signatory.get_by_text("La décision est signée")).to_be_visible()
    landlord.reload()
    assert "Accordée" not in landlord.locator("main").inner_text()

    open_case(officer, number)
    next_action(officer)
    officer.get_by_label("Remise en main propre", exact=False).check()
    officer.get_by_label("Remise ou première présentation le", exact=False).fill(today().isoformat())
    officer.get_by_label("Remise à", exact=False).fill("Mme Duprat")
    accessible(officer)
    officer.get_by_role("button", name="Enregistrer").click()
    expect(officer.get_by_text("Rien à faire pour l’instant")).to_be_visible()

    landlord.reload()
    expect(landlord.locator(".pl-head .pl-state")).to_contain_text("Accordée")
    accessible(landlord)
    given = landlord.get_by_role("link", name="Constat de risque", exact=False).first
    served = landlord.request.get(given.get_attribute("href"))
    assert served.headers["content-type"] == "image/jpeg"
    assert served.headers["content-disposition"].startswith("attachment")
    assert not Image.open(BytesIO(served.body())).getexif(), "the copy that is served tells no place and no device"
    link = landlord.get_by_role("link", name="Autorisation préalable de mise en location (PDF)")
    pdf = landlord.request.get(link.get_attribute("href")).body()
    # The verification runs an event loop of its own, and the browser already holds one in this thread.
    seal = ThreadPoolExecutor().submit(sealing.verify, pdf).result()
    assert seal is not None
    assert seal.is_intact
    assert seal.covers_everything
