"""A dwelling is sold with its permit: the buyer declares, the seller agrees by a link without account, the receipt is there."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import accessible, today

pytestmark = pytest.mark.browser
PERMIT = """
from permis.models import Application
permits = Application.objects.filter(state="granted", transfers=None).exclude(applicant__email="bailleur@demo.test")
case = permits.order_by("-pk").first()
print(case.number, case.lessors.get().last_name, sep="|")
"""


def test_a_buyer_takes_over_the_permit(demo, open_as):
    buyer = open_as("bailleur")
    number, holder = permit_of_somebody_else(demo)

    buyer.goto("/mes-demandes/")
    buyer.get_by_role("link", name="Transférer une autorisation").click()
    accessible(buyer)
    buyer.get_by_label("Numéro de l’autorisation").fill(number)
    buyer.get_by_label("Nom du titulaire").fill("Personne")
    buyer.get_by_role("button", name="Continuer").click()
    expect(buyer.get_by_role("alert")).to_contain_text("Aucune autorisation transférable")
    accessible(buyer)
    buyer.get_by_label("Nom du titulaire").fill(holder)
    buyer.get_by_role("button", name="Continuer").click()

    expect(buyer.get_by_role("heading", name="Déclarer un transfert")).to_be_visible()
    accessible(buyer)
    buyer.get_by_label("Vente", exact=True).check()
    buyer.get_by_label("date de l’acte").fill(today().isoformat())
    buyer.locator("#id_owners-0-address").fill("5 allée des Tilleuls")
    buyer.locator("#id_owners-0-postcode").fill("33000")
    buyer.locator("#id_owners-0-city").fill("Bordeaux")
    buyer.get_by_role("button", name="Déposer la déclaration").click()
    expect(buyer.get_by_text("L’accord du titulaire initial est attendu")).to_be_visible()
    accessible(buyer)
    declaration = buyer.url

    seller = open_as.nobody()
    seller.goto(link_of(seller, number))
    accessible(seller)
    seller.get_by_label("Oui", exact=True).check()
    seller.get_by_label("Votre nom").fill(holder)
    seller.get_by_role("button", name="Envoyer ma réponse").click()
    expect(seller.get_by_text("l’autorisation est transférée")).to_be_visible()
    accessible(seller)
    seller.context.close()

    buyer.goto(declaration)
    buyer.get_by_role("link", name="Voir mon autorisation").click()
    accessible(buyer)
    receipt = buyer.get_by_role("link", name="Récépissé de transfert (PDF)")
    for _ in range(30):
        if receipt.count():
            break
        buyer.wait_for_timeout(1000)
        buyer.reload()
    served = buyer.request.get(receipt.get_attribute("href"))
    assert served.headers["content-type"] == "application/pdf"
    assert served.body().startswith(b"%PDF")


def permit_of_somebody_else(demo) -> tuple[str, str]:
    """The number of a permit that nobody sells yet, and the name it bears: what its paper says."""
    number, holder = demo.manage("shell", "-c", PERMIT).strip().splitlines()[-1].split("|")
    return number, holder


def link_of(page, number: str) -> str:
    """The link of the message that asks the holder of this permit to agree."""
    asked = page.get_by_role("link", name=re.compile(rf"Votre accord pour transférer l’autorisation.*{number}"))
    for _ in range(120):  # a demo that has just started sends what it owes since its first case
        page.goto("/demo/courriels/")
        if asked.count():
            break
        page.wait_for_timeout(1000)
    asked.first.click()
    return page.locator("a[href*='/accord/']").first.get_attribute("href")
