"""French as the screens say it: no code, no capital inside a sentence, no name after « de », proofs in words."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import SignaturePower
from notifications.enums import RecipientKind, TransmissionMeans
from notifications.models import Slip, Transmission
from notifications.tasks import deliver
from permis.enums import ConditionState
from permis.models import Dwelling
from tests import factories
from tests.workflows import partners
from tests.workflows.test_actions import NOTICE
from workflows.actions import transmissions

pytestmark = pytest.mark.django_db
CAF = RecipientKind.CAF


@pytest.fixture
def authority(time_machine):
    time_machine.move_to("2026-03-23T12:00:00Z")
    return factories.AuthorityFactory()


@pytest.fixture
def staff(authority):
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


def words(client, user, name, *args):
    client.force_login(user)
    page = client.get(reverse(name, args=args)).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize(
    ("kind", "code"),
    [("caf", "CAF"), ("msa", "MSA"), ("tax", "FISC"), ("pdalhpd", "PDALHPD"), ("observatory", "OBSERVATOIRE"), ("prefecture", "PREF"),
     ("epci", "EPCI")],
)  # fmt: skip
def test_the_number_of_a_slip_begins_with_a_french_code(authority, kind, code):
    recipient = partners.directory(authority, RecipientKind(kind))[RecipientKind(kind)]
    assert Slip(recipient=recipient, year=2026, rank=1).number == f"{code}-2026-0001"


def test_an_email_is_proved_in_words_and_its_reference_is_one_click_away(client, authority, staff):
    caf = partners.directory(authority, CAF, means=TransmissionMeans.EMAIL, email="caf@partenaire.test")[CAF]
    partners.decided(factories.ApplicationFactory(authority=authority), staff)
    slip = transmissions.send(caf, by=staff, on=NOTICE)
    deliver(message_id=slip.message_id)
    sent = Transmission.objects.get(recipient=caf)

    page = words(client, staff, "transmission", sent.pk)

    assert "Preuve de l’envoi Remis au serveur de messagerie pour caf@partenaire.test Référence et empreinte" in page
    assert slip.sha256 in page


def test_a_proof_that_the_service_typed_stands_as_it_was_typed(client, authority, staff):
    caf = partners.directory(authority, CAF)[CAF]
    partners.decided(factories.ApplicationFactory(authority=authority), staff)
    transmissions.send(caf, by=staff, on=NOTICE, proof="LRAR 1A 234")

    page = words(client, staff, "transmission", Transmission.objects.get(recipient=caf).pk)

    assert "Preuve de l’envoi LRAR 1A 234" in page
    assert "Référence et empreinte" not in page


def test_what_came_is_received_and_nothing_is_acquitted(client, authority, staff):
    one = partners.sent_zone(authority)
    transmissions.acknowledge(one, acknowledged_on=one.sent_on, proof="Courriel", by=staff, on=one.sent_on + timedelta(1))
    client.force_login(staff)

    ledger = client.get(reverse("ledger"), {"etat": "recues"}).content.decode()
    page = words(client, staff, "transmission", one.pk)

    assert "Reçues" in ledger
    assert "Preuve de la réception Courriel" in page
    assert "cquitt" not in ledger + page


def test_the_settings_say_who_signs_and_who_loses_a_role(client, authority):
    admin = factories.member(authority, Role.ADMINISTRATOR)
    elected = factories.member(authority, Role.ELECTED, first_name="Odile", last_name="Pineau")
    SignaturePower.objects.create(
        user=elected, authority=authority, capacity="La Maire", delegation="l’arrêté n° 3", starts_on=date(2025, 1, 1)
    )

    page = words(client, admin, "settings")

    assert "Odile Pineau, la Maire, par l’arrêté n° 3, depuis le 01/01/2025" in page
    assert "Ôter à Odile Pineau le rôle « Élu »" in page
    assert " de Odile" not in page


def test_works_agree_with_what_they_are():
    assert [state.label for state in (ConditionState.MET, ConditionState.UNMET)] == ["Fait", "Non fait"]


@pytest.mark.parametrize("typed", ["gauche", "porte gauche", "Porte gauche"])
def test_the_word_door_is_said_once(typed):
    assert Dwelling(address="12 rue de la Gare", door=typed).street_line.casefold() == "12 rue de la gare, porte gauche"


def test_the_register_of_orders_stands_with_the_addresses(client, authority, staff):
    client.force_login(staff)
    page = client.get(reverse("order-list")).content.decode()
    assert re.search(r'href="/adresses/" aria-current="page"', page)
