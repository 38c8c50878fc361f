"""A whole visit in a cellar: no network before it is opened, a tab that dies twice, and nothing lost or doubled."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import phones, picture, reply, rows, sign

pytestmark = pytest.mark.browser
PHOTOS = int(os.environ.get("PHONE_PHOTOS", "6"))
phone = pytest.fixture(phones)
other_phone = pytest.fixture(phones)
# Touches every item of a room that has no answer yet, a different answer each time, as fast as the screen follows.
ANSWER_ALL = """async () => {
  const groups = [...document.querySelectorAll('li .pl-answers')].filter((group) => !group.querySelector(':checked') && !group.closest('.pl-note'));
  for (const [index, group] of groups.entries()) {
    const radios = [...group.querySelectorAll('input')];
    radios[index % 9 === 8 ? 3 : index % 5 === 4 ? 2 : 0].click();
    await new Promise((done) => setTimeout(done));
  }
  return groups.length;
}"""


def test_a_visit_without_network_reaches_the_service_whole(phone, demo):
    phone.sign_in()
    phone.open()
    phone.wait_until_ready()
    phone.kill()
    phone.context.set_offline(True)

    phone.open()
    phone.page.get_by_role("link", name="Ouvrir", exact=True).first.click()
    phone.page.get_by_role("button", name="Commencer la visite").click()
    visit = int(re.search(r"visite/(\d+)", phone.page.url)[1])
    expect(phone.page.locator(".pl-sync")).to_contain_text("pas de réseau")

    in_the_bathroom(phone)
    for link in range(phone.page.locator(".pl-links a[href*='/piece/']").count()):
        phone.page.goto(f"/visites/telephone/#/visite/{visit}/pieces")
        phone.page.locator(".pl-links a[href*='/piece/']").nth(link).click()
        expect(phone.page.locator("li .pl-answers").first).to_be_visible()
        phone.page.evaluate(ANSWER_ALL)
        if link == 1:
            here = phone.page.url
            phone.kill()
            phone.open()
            assert phone.page.url == here, "the phone went on where it was"
    phone.page.goto(f"/visites/telephone/#/visite/{visit}/pieces")
    expect(phone.page.get_by_text("Tout est regardé")).to_be_visible()

    at_the_end(phone)
    shown = phone.disk()
    pending = len(shown["entries"]) + len(shown["photos"]) + 1
    expect(phone.page.locator(".pl-sync")).to_contain_text(f"Non synchronisé ({pending}) · pas de réseau")
    assert rows(demo, visit)["entries"] == [], "nothing could leave"

    phone.send_in_pieces()
    kept = rows(demo, visit)
    in_order = sorted((each for each in shown["entries"] if each["visit"] == visit), key=lambda each: each["sequence"])
    assert kept["entries"] == in_order
    assert sorted(kept["photos"]) == sorted(shown["photos"])
    assert kept["state"] == "done"
    assert phone.disk() == {"entries": [], "photos": []}, "what is sent is erased"


def test_two_phones_that_disagree_are_shown_to_the_inspector(phone, other_phone, demo):
    for each in (phone, other_phone):
        each.sign_in()
        each.open()
        each.wait_until_ready()
    phone.page.get_by_role("link", name="Ouvrir", exact=True).last.click()
    address = phone.page.url.partition("#")[2]
    visit = int(address.rsplit("/", 1)[1])
    phone.page.get_by_role("button", name="Commencer la visite").click()
    expect(phone.page.locator(".pl-sync")).to_contain_text("Tout est envoyé", timeout=40_000)
    other_phone.open()
    other_phone.page.locator(f"a.btn[href='#{address}']").first.click()
    expect(other_phone.page.get_by_role("link", name="Reprendre la visite")).to_be_visible()
    for each, words in ((phone, "Conforme"), (other_phone, "Non conforme")):
        each.context.set_offline(True)
        each.page.goto(f"/visites/telephone/#{address}/pieces")
        each.page.locator(".pl-links a", has_text="Immeuble").click()
        reply(each.page, "A05", words)
    for each in (phone, other_phone):
        each.context.set_offline(False)
        expect(each.page.locator(".pl-sync")).to_contain_text("Tout est envoyé", timeout=40_000)
    choice = other_phone.page.locator("li[id^='A05-'] .pl-note")
    expect(choice).to_contain_text("Saisi autrement sur un autre téléphone", timeout=40_000)
    expect(choice.get_by_role("button")).to_have_text([re.compile("^Conforme"), re.compile("^Non conforme")])
    choice.get_by_role("button", name="Non conforme").click()
    expect(choice).to_have_count(0)
    expect(other_phone.page.locator(".pl-sync")).to_contain_text("Tout est envoyé", timeout=40_000)
    said = [each["payload"]["reply"] for each in rows(demo, visit)["entries"] if each["kind"] == "answer"]
    assert said == ["conform", "non_conform", "non_conform"], "both are kept, and the choice after them"


def test_a_phone_that_nobody_signed_in_asks_for_it_and_loses_nothing(phone):
    phone.open()
    expect(phone.page.get_by_role("link", name="Se connecter")).to_have_attribute("href", "/connexion/?next=/visites/telephone/")
    phone.sign_in()
    phone.open()
    phone.wait_until_ready()
    phone.page.get_by_role("link", name="Ouvrir", exact=True).last.click()
    phone.page.get_by_role("link", name="Accès refusé").click()
    phone.page.get_by_role("textbox").fill("Le locataire n’ouvre pas")
    phone.kill()
    phone.context.clear_cookies()
    phone.open()
    expect(phone.page.get_by_role("textbox")).to_have_value("Le locataire n’ouvre pas")
    expect(phone.page.locator(".pl-sync")).to_contain_text("Connectez-vous")


def in_the_bathroom(phone):
    """One room touched item by item, with photos, a severity changed, a note; the tab dies in the middle of a word."""
    page = phone.page
    page.locator(".pl-links a", has_text="Salle d’eau").click()
    page.get_by_label("Surface (m²)").fill("4,35")
    page.get_by_label("Hauteur (m)").fill("2,4")
    reply(page, "C07", "Non conforme")
    item = page.locator("li[id^='C07-']")
    item.get_by_role("button", name="Changer").click()
    item.locator("label", has_text="Réserve").click()
    item.get_by_role("button", name="Garder cette gravité").click()
    expect(item.get_by_role("alert")).to_contain_text("Écrivez pourquoi")
    item.get_by_label("Raison").fill("Trace petite et localisée")
    item.get_by_role("button", name="Garder cette gravité").click()
    expect(item.get_by_text("Raison : Trace petite et localisée")).to_be_visible()
    for number in range(PHOTOS):
        page.locator("li[id^='C07-'] input[type=file]").set_input_files(picture(number))
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Photo C07-{number + 1}")
        if not number:
            page.get_by_label("Une personne est visible").check()
            page.get_by_label("Légende").fill("Angle du mur nord")
        page.get_by_role("button", name="Garder").click()
    page.locator("li[id^='C07-']").get_by_role("textbox", name="Constat").press_sequentially("Moisissures sur 0,3 m")
    phone.kill()
    phone.open()
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Salle d’eau")
    expect(page.locator("li[id^='C07-']").get_by_role("textbox", name="Constat")).to_have_value("Moisissures sur 0,3 m")
    expect(page.get_by_label("Surface (m²)")).to_have_value("4,35")
    expect(page.locator("li[id^='C07-'] .pl-thumbs a")).to_have_count(PHOTOS)
    reply(page, "H09", "Sans objet")
    page.get_by_role("button", name="Le reste est conforme").click()
    expect(page.locator("li .pl-answers:not(:has(:checked))")).to_have_count(0)
    page.get_by_role("link", name="Retour aux pièces").click()


def at_the_end(phone):
    """The tally is that of the screen before; who was there, the signature, the end."""
    page = phone.page
    page.locator(".pl-bar").get_by_role("link").click()
    page.get_by_role("button", name="Terminer la visite").click()
    expect(page.get_by_role("alert")).to_contain_text("pour terminer")
    page.get_by_label("Personnes présentes").fill("Hélène Duprat")
    page.get_by_label("Leur qualité").fill("bailleresse")
    page.locator("label[for=consent-yes]").click()
    sign(page)
    page.get_by_label("Nom et qualité").fill("Hélène Duprat, bailleresse")
    page.get_by_label("Nom et qualité").blur()
    expect(page.locator(".pl-lines li", has_text="Photos")).to_contain_text(str(PHOTOS))
    page.get_by_role("button", name="Terminer la visite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Envois")
