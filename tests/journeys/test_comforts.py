"""What the script of the pages adds: the link of this page in sight, a dropped file that is read and not opened."""

import json

import pytest
from playwright.sync_api import expect

from workflows.public.examples import EXAMPLES

pytestmark = pytest.mark.browser
DROP = """(text) => {
  const held = new DataTransfer();
  held.items.add(new File([text], "histoire.json", { type: "application/json" }));
  return held;
}"""


def test_the_strips_of_a_phone_show_the_link_of_this_page(open_as):
    page = open_as("instruction")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/transmissions/?etat=remplacees")

    for link in page.locator(".pl-nav [aria-current]:visible, .pl-counters [aria-current]").all():
        expect(link).to_be_in_viewport(ratio=0.95)


def test_a_story_dropped_on_the_text_is_read_and_loses_nothing(open_as):
    page = open_as.nobody()
    page.goto("/simulateur/")
    page.get_by_text("Partir d’un texte (JSON)").click()
    story = json.dumps(EXAMPLES["amende"][1])
    page.dispatch_event("#id_text", "drop", {"dataTransfer": page.evaluate_handle(DROP, story)})

    expect(page.get_by_role("heading", name="Ce que dit la loi")).to_be_visible()
    assert page.locator("fieldset legend.h3").all_inner_texts() == [
        "1. Manquement constaté", "2. Lettre d’observations reçue", "3. Amende prononcée",
    ]  # fmt: skip
    page.context.close()


def test_the_map_gathers_the_cases_that_are_close(open_as):
    page = open_as("responsable")
    page.goto("/tableau-de-bord/carte/?etat=tous")

    expect(page.locator(".pl-cluster, .leaflet-marker-icon.pl-case").first).to_be_visible()
