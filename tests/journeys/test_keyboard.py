"""The worklist by keyboard: single keys lead from case to case, stay out of fields, and can be turned off."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_single_keys_lead_through_the_worklist_and_can_be_turned_off(open_as):
    page = open_as("instruction")
    page.goto("/dossiers/")
    links = page.locator(".pl-list .pl-link")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()

    page.keyboard.press("/")
    search = page.locator("#f-q")
    expect(search).to_be_focused()
    page.keyboard.type("jk/n")
    expect(search).to_have_value("jk/n")

    page.get_by_role("button", name="Désactiver les raccourcis").click()
    page.reload()
    page.keyboard.press("j")
    expect(links.nth(0)).not_to_be_focused()
    page.get_by_role("button", name="Activer les raccourcis").click()
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    address = links.nth(0).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_the_number_of_ticked_cases_is_told_as_they_are_ticked(open_as):
    page = open_as("instruction")
    page.goto("/dossiers/?file=tous")
    told = page.locator(".pl-bulk-tools output")
    expect(told).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(told).to_have_text("1 dossier coché")
    page.locator("[name=dossier]").nth(2).check()
    expect(told).to_have_text("2 dossiers cochés")

    page.get_by_role("button", name="Tout désélectionner").click()
    expect(told).to_be_hidden()
    page.locator("[name=dossier]").nth(1).check()
    expect(told).to_have_text("1 dossier coché")


def test_the_first_stop_of_a_page_leads_to_its_content(open_as):
    page = open_as("instruction")
    page.goto("/dossiers/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()
