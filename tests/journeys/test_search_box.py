"""The search box by keyboard and by finger: suggestions as one types, and Enter without them."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import accessible

pytestmark = pytest.mark.browser


def test_the_box_suggests_as_one_types_and_is_left_by_keyboard(open_as):
    page = open_as("instruction")
    page.goto("/dossiers/")
    box = page.locator("#q-top")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.focus()
    page.keyboard.type("gare")
    expect(box).to_have_attribute("aria-expanded", "true")
    options = page.locator("#q-top-liste [role=option]")
    assert 1 <= options.count() <= 8
    accessible(page)

    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("gare")

    page.keyboard.press("ArrowDown")
    address = options.first.get_attribute("data-url")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_enter_alone_shows_the_results_and_a_click_opens_a_suggestion(open_as):
    page = open_as("instruction")
    page.goto("/dossiers/")
    page.locator("#q-top").fill("gare")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=gare")
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("#q-top").press_sequentially("gare")
    first = page.locator("#q-top-liste [role=option]").first
    expect(first).to_be_visible()
    accessible(page)
    address = first.get_attribute("data-url")
    first.click()
    page.wait_for_url(f"**{address}")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_without_script_the_box_leads_to_the_results(browser, demo, open_as):
    signed = open_as("instruction").context.storage_state()
    page = browser.new_context(base_url=demo.url, java_script_enabled=False, storage_state=signed).new_page()
    page.goto("/dossiers/")
    page.locator("#q-top").fill("duprat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=duprat")
    expect(page.get_by_role("heading", name="Recherche")).to_be_visible()
    page.context.close()
