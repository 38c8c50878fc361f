"""What a thumb meets on ten screens of the phone: targets, gaps, contrast, and where the main action is."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.phone import Phone, phones, picture, reply
from tests.journeys.steps import AXE

pytestmark = pytest.mark.browser
phone = pytest.fixture(phones)
TARGET, GAP = 44, 8
# Each visible target, by the box that answers to a finger: the label of a radio or of a file, the whole card of a box to tick.
TARGETS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, label.btn, label.pl-choice')]
  .filter((each) => !each.matches('.pl-skip, .pl-pick, [type=file], .pl-choice input') && each.checkVisibility())
  .map((each) => { const box = each.getBoundingClientRect(); return {
    name: (each.ariaLabel || each.innerText || each.id || each.outerHTML).trim().slice(0, 60),
    fixed: Boolean(each.closest('.pl-top, .pl-bar')), left: box.left, top: box.top, right: box.right, bottom: box.bottom }; })
  .filter((each) => each.right > each.left && each.bottom > each.top)"""
CONTRAST = """axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast-enhanced']}, rules: {'color-contrast-enhanced': {enabled: true}}})"""


def test_ten_screens_fit_a_thumb(phone: Phone):
    phone.sign_in()
    phone.open()
    phone.wait_until_ready()
    measure(phone.page, "the day")
    # That of today is for the journey that ends one: nobody ends a visit before its day.
    phone.page.get_by_role("link", name="Ouvrir", exact=True).last.click()
    expect(phone.page.get_by_role("button", name="Commencer la visite")).to_be_visible()
    measure(phone.page, "a file")
    address = phone.page.url
    phone.page.get_by_role("link", name="Personne au rendez-vous").click()
    measure(phone.page, "nobody came", title="Personne au rendez-vous")
    phone.page.goto(address)
    phone.page.get_by_role("button", name="Commencer la visite").click()
    measure(phone.page, "the rooms", title="Pièces")
    phone.page.locator(".pl-links a", has_text="Salle d’eau").click()
    measure(phone.page, "a room", title="Salle d’eau")
    reply(phone.page, "E03", "Non conforme")
    reply(phone.page, "C07", "Non conforme")
    phone.page.locator("li[id^='E03-']").get_by_role("button", name="Changer").click()
    phone.page.locator("li[id^='E03-'] label", has_text="Danger").click()
    measure(phone.page, "defects", title="Salle d’eau")
    phone.page.locator("li[id^='C07-'] input[type=file]").set_input_files(picture(1))
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Photo C07-1")
    measure(phone.page, "a photo", title="Photo C07-1")
    phone.page.get_by_role("button", name="Garder").click()
    phone.page.get_by_role("link", name="Changer").click()
    expect(phone.page.get_by_label("Nom de la pièce")).to_be_visible()
    measure(phone.page, "the name of a room", title="Salle d’eau")
    phone.page.goto(f"{address}/fin")
    phone.page.get_by_role("button", name="Terminer la visite").click()
    measure(phone.page, "the end", title="Fin de visite")
    phone.page.goto(phone.page.url.partition("#")[0] + "#/envoi")
    measure(phone.page, "what waits", title="Envois")


def measure(page: Page, screen: str, *, title: str = "") -> None:
    expect(page.locator("h1")).to_contain_text(title)
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("[...document.fonts].some((font) => font.status === 'loaded')"), "written in the letters of the product"
    assert re.findall(r"\S [:;?!»]", page.locator("main").inner_text()) == [], screen
    boxes = page.evaluate(TARGETS)
    assert len(boxes) > 2, screen
    small = [each["name"] for each in boxes if min(each["right"] - each["left"], each["bottom"] - each["top"]) < TARGET - 0.5]
    assert small == [], screen
    # What is fixed floats over the rest: only neighbours of one layer can be taken for one another.
    close = [
        (one["name"], other["name"])
        for index, one in enumerate(boxes)
        for other in boxes[index + 1 :]
        if one["fixed"] == other["fixed"] and _gap(one, other) < GAP - 0.5
    ]
    assert close == [], screen
    main = page.locator(".pl-bar .btn-primary")
    expect(main).to_have_count(1)
    box = main.bounding_box()
    assert box["y"] >= page.viewport_size["height"] / 2, screen
    assert box["y"] + box["height"] <= page.viewport_size["height"], screen
    page.evaluate(AXE.read_text())
    found = page.evaluate(CONTRAST)["violations"]
    assert [(node["html"][:120], node["any"][0]["message"]) for each in found for node in each["nodes"]] == [], screen
    whole = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in whole] == [], screen
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, screen


def _gap(one: dict, other: dict) -> float:
    """The distance between two boxes; negative where they overlap."""
    across = max(one["left"], other["left"]) - min(one["right"], other["right"])
    down = max(one["top"], other["top"]) - min(one["bottom"], other["bottom"])
    return max(across, down)
