"""A session that ends in the middle of a form: the person signs in again and finds what they wrote."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD

pytestmark = pytest.mark.browser
WORDS = "Le voisin du dessous a la clé.\nAppeler avant 9 h."


def sign_in_again(page):
    page.wait_for_url("**/connexion/**")
    page.locator("input[type=email]").fill("instruction@demo.test")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def test_what_was_written_comes_back_after_the_session(open_as):
    page = open_as("instruction")
    page.goto("/dossiers/?file=check")
    page.locator("a.pl-link").first.click()
    case = page.url
    page.goto(f"{case}note/")
    page.locator("#id_text").fill(WORDS)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Garder la note").click()
    sign_in_again(page)
    expect(page.locator("#id_text")).to_have_value(WORDS)
    expect(page.get_by_text("Votre session avait pris fin")).to_be_visible()
    page.get_by_role("button", name="Garder la note").click()
    page.wait_for_url(case)
    expect(page.get_by_text("Le voisin du dessous")).to_be_visible()
    # Nothing of it waits in the browser any more.
    assert page.evaluate("sessionStorage.getItem('reponses')") is None
    page.goto(f"{case}note/")
    expect(page.locator("#id_text")).to_have_value("")


def test_a_double_click_keeps_one_note(open_as):
    page = open_as("instruction")
    page.goto("/dossiers/?file=check")
    page.locator("a.pl-link").first.click()
    case = page.url
    page.goto(f"{case}note/")
    page.locator("#id_text").fill("Cliquée deux fois")
    page.get_by_role("button", name="Garder la note").dblclick()
    page.wait_for_url(case)
    assert page.get_by_text("Cliquée deux fois").count() == 1
