"""A refusal that is contested: an appeal that silence rejects, then the court."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import accessible, open_case, today
from tests.journeys.test_other_ends import CLOCK

pytestmark = pytest.mark.browser
# The oldest refusal that the landlord of the demo has not contested, and a day in time whose two months of silence are over today.
REFUSED = """
from datetime import timedelta
from permis.models import Application
from workflows import remedies
cases = Application.objects.filter(state="refused", applicant__email="bailleur@demo.test", appeals=None)
case = cases.order_by("notified_on").first()
received_on = min(remedies.of(case, today=case.notified_on).until, case.authority.today() - timedelta(days=65))
print(case.pk, case.commune_id, received_on.isoformat(), case.number, sep="|")
"""


def test_a_refusal_is_contested_rejected_by_silence_then_brought_to_court(open_as, demo):
    found = demo.manage("shell", "-v", "0", "-c", REFUSED).strip().splitlines()[-1]
    pk, insee, received_on, number = found.split("|")
    service = "mairie" if insee == "33114" else "instruction"
    landlord, officer, legal = (open_as(name) for name in ("bailleur", service, "juriste"))

    landlord.goto(f"/mes-demandes/{pk}/")
    expect(landlord.get_by_role("heading", name="Contester la décision")).to_be_visible()
    accessible(landlord)

    open_case(officer, number)
    officer.get_by_role("link", name="Inscrire un recours reçu").click()
    officer.get_by_label("Reçu le").fill(received_on)
    officer.get_by_role("button", name="Inscrire le recours").click()
    expect(officer.locator(".pl-errors")).to_contain_text("Ce qui est contesté")
    accessible(officer)
    officer.get_by_label("Ce qui est contesté").fill("Les travaux sont faits.")
    officer.get_by_role("button", name="Inscrire le recours").click()
    expect(officer.get_by_text("Le recours est inscrit")).to_be_visible()
    accessible(officer)

    demo.manage("shell", "-v", "0", "-c", CLOCK)
    landlord.goto(f"/mes-demandes/{pk}/")
    asking = landlord.get_by_role("button", name="Demander les motifs de ce rejet")
    for _ in range(240):
        if asking.count():
            break
        landlord.wait_for_timeout(500)
        landlord.reload()
    accessible(landlord)
    asking.click()
    expect(landlord.get_by_text("les motifs vous seront donnés dans le mois").first).to_be_visible()
    accessible(landlord)

    open_case(legal, number)
    legal.get_by_role("link", name="Inscrire une requête au tribunal").last.click()
    accessible(legal)
    legal.get_by_label("Numéro de la requête").fill("2600123")
    legal.get_by_label("Enregistrée au greffe le").fill(today().isoformat())
    legal.get_by_label("Mémoire en défense attendu le").fill((today() + timedelta(days=60)).isoformat())
    legal.get_by_role("button", name="Inscrire la requête").click()
    expect(legal.get_by_text("La requête est inscrite")).to_be_visible()
    accessible(legal)
    legal.get_by_role("link", name="Contentieux").first.click()
    expect(legal.get_by_role("row").filter(has_text="2600123")).to_contain_text("Mémoire en défense")
    accessible(legal)
    landlord.reload()
    expect(landlord.get_by_text("Le tribunal est saisi")).to_be_visible()
