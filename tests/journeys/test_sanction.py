"""A fine, from the finding of a letting without request to the recovery of its last euro, by people, in a browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import accessible, next_action, today

pytestmark = pytest.mark.browser
# What forty days do: the letter of today becomes one of last month, and the clock passes.
FORTY_DAYS = """
from datetime import timedelta
from permis.models import Sanction
from workflows.actions import clock
found = Sanction.objects.get(number="{number}")
earlier = timedelta(days=40)
Sanction.objects.filter(pk=found.pk).update(
    letter_sent_on=found.letter_sent_on - earlier,
    letter_received_on=found.letter_received_on - earlier,
    observations_until=found.observations_until - earlier,
)
print(clock.run(found.authority, on=found.authority.today()))
"""


def day(page, label, *, days_ago=0):
    page.get_by_label(label, exact=False).fill((today() - timedelta(days=days_ago)).isoformat())


def send(page, button):
    accessible(page)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


def test_from_the_finding_to_the_recovery(open_as, demo, diagnostic):
    jurist, signatory, manager = (open_as(name) for name in ("juriste", "signature", "responsable"))

    jurist.goto("/sanctions/")
    accessible(jurist)
    jurist.get_by_role("link", name="Ouvrir une procédure").click()
    jurist.get_by_label("Mise en location sans demande d’autorisation").check()
    zone = jurist.locator("#id_zone option", has_text="Saint-Savin").get_attribute("value")
    jurist.get_by_label("Périmètre").select_option(zone)
    jurist.get_by_label("adresse du logement", exact=False).fill("3 impasse des Essais")
    jurist.get_by_label("code postal du logement", exact=False).fill("33920")
    day(jurist, "Logement loué depuis le", days_ago=90)
    day(jurist, "Constat du", days_ago=45)
    jurist.get_by_label("Visite ou constat sur place").check()
    jurist.get_by_label("faits constatés", exact=False).fill("Occupé par un locataire, bail à l’appui.")
    jurist.get_by_label("Élément de preuve joint", exact=False).set_input_files(diagnostic)
    jurist.get_by_label("Personne physique").check()
    jurist.get_by_label("nom ou dénomination", exact=False).fill("M. Jean Essai")
    jurist.get_by_label("adresse de la personne", exact=False).fill("1 rue des Essais")
    jurist.locator("#id_person_postcode").fill("33000")
    jurist.locator("#id_person_city").fill("Bordeaux")
    send(jurist, "Établir le constat")
    number = re.search(r"SANC \d{9} \d\d \d{5}", jurist.content())[0]

    next_action(jurist)
    send(jurist, "Établir la lettre")
    next_action(jurist)
    day(jurist, "Première présentation")
    send(jurist, "Inscrire la date")
    next_action(jurist)
    day(jurist, "Reçues le")
    jurist.get_by_label("Observations écrites", exact=False).fill("Je ne savais pas.")
    send(jurist, "Inscrire")

    assert "'to_decide': 1" in demo.manage("shell", "-c", FORTY_DAYS.format(number=number))
    jurist.reload()
    next_action(jurist)
    jurist.get_by_label("Montant", exact=False).fill("6000")
    jurist.get_by_label("Motifs et proportion", exact=False).fill("Trois mois de location.")
    send(jurist, "Transmettre à la signature")
    expect(jurist.locator("#erreurs")).to_contain_text(re.compile(r"Le maximum est de 5\s000"))
    jurist.get_by_label("Montant", exact=False).fill("1200")
    send(jurist, "Transmettre à la signature")

    signatory.goto(jurist.url)
    next_action(signatory)
    send(signatory, "Signer")
    expect(signatory.get_by_text("L’amende est signée")).to_be_visible()

    jurist.reload()
    next_action(jurist)
    jurist.get_by_label("Remise en main propre", exact=False).check()
    day(jurist, "Première présentation")
    send(jurist, "Inscrire la notification")
    next_action(jurist)
    jurist.get_by_label("Numéro du titre").fill("T-2026-118")
    day(jurist, "Émis le")
    send(jurist, "Inscrire le titre")
    next_action(jurist)
    day(jurist, "Reçu le")
    send(jurist, "Inscrire le paiement")
    expect(jurist.get_by_text("Rien à faire pour l’instant")).to_be_visible()
    accessible(jurist)

    manager.goto(f"/sanctions/?q={number.replace(' ', '+')}")
    accessible(manager)
    expect(manager.get_by_role("row", name=number)).to_contain_text("Payée")
    assert "0 journaux altérés" in demo.manage("verify_journal")
