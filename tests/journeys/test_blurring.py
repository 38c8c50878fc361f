"""An officer hides a person on a photo, with the mouse or in numbers, then hands the photos over."""

import zipfile

import pytest
from playwright.sync_api import expect

from tests.documents.pictures import jpeg
from tests.journeys.steps import accessible

pytestmark = pytest.mark.browser
READ_WITHIN = 60


def photos_of_a_case(page, *files):
    """The photos that the service received for a case under review, once examined."""
    page.goto("/dossiers/?file=plan")
    case = page.locator("a.pl-link").first.get_attribute("href")
    for file in files:
        page.goto(f"{case}ajouter-une-piece/")
        page.locator("input[value=photos]").check()
        page.locator("input[type=file]").first.set_input_files(file)
        page.locator("form button[type=submit]").last.click()
        page.wait_for_url(f"**{case}")
    for _ in range(READ_WITHIN * 2):
        page.goto(f"{case}photos/")
        if page.get_by_role("link", name="Regarder et flouter").count() == len(files):
            return
        page.wait_for_timeout(500)
    raise AssertionError("the photos were not examined")


def test_a_person_is_hidden_by_mouse_and_by_numbers_before_the_photos_leave(open_as, tmp_path):
    page = open_as("instruction")
    files = [tmp_path / "salon.jpg", tmp_path / "chambre.jpg"]
    for seed, file in enumerate(files):
        file.write_bytes(jpeg(seed=seed))
    photos_of_a_case(page, *files)
    accessible(page)

    page.get_by_role("link", name="Regarder et flouter la photo n° 1").click()
    expect(page.locator("[data-blur] img")).to_have_js_property("complete", True)
    box = page.locator("[data-blur] canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.75, steps=3)
    page.mouse.up()
    drawn = [float(share) for share in page.get_by_label("Zones à flouter").input_value().split()]
    assert all(abs(found - meant) < 1 for found, meant in zip(drawn, (25, 25, 25, 50), strict=True)), drawn
    expect(page.get_by_label("Oui")).to_be_checked()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Floutée", exact=True)).to_be_visible()

    page.get_by_role("link", name="Regarder et flouter la photo n° 2").click()
    page.get_by_label("Oui").press("Space")
    page.get_by_label("Zones à flouter").press_sequentially("10 10 20 20")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    expect(page.get_by_text("Floutée", exact=True)).to_have_count(2)

    page.get_by_label("Pour quoi").fill("Essai")
    page.get_by_label("À qui").fill("Service d’hygiène")
    page.get_by_label("Le logement est vide", exact=False).check()
    page.get_by_label("Joindre aussi", exact=False).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Préparer l’archive").click()
    assert len(zipfile.ZipFile(download.value.path()).namelist()) == 3
