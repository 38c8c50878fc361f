"""The screens of a transfer: a number is found by who holds the paper, a link answers without account, nobody else reads."""

import re
from datetime import date

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.enums import Role
from documents.enums import ActKind
from permis.enums import State, TransferState
from permis.models import Application, Transfer
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_leases import notified
from workflows import transfers as known
from workflows.actions import leases, transfers

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 3)


@pytest.fixture
def staff_of(case):
    return factories.member(case.authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def granted(case, staff_of, time_machine):
    time_machine.move_to("2026-06-03T10:00:00+00:00")
    cache.clear()
    return notified(case, staff_of)


@pytest.fixture
def buyer():
    return factories.prove_address(factories.UserFactory(first_name="Yanis", last_name="Acquéreur", email="acquereur@exemple.fr"))


def find(client, number, holder="Duprat"):
    return client.post(reverse("transfer-find"), {"number": number, "holder": holder})


def typed(**changes):
    """The declaration of a sale, as its form sends it."""
    owner = {f"owners-0-{name}": value for name, value in factories.owner(country="France").items()}
    count = {"owners-TOTAL_FORMS": "1", "owners-INITIAL_FORMS": "0", "owners-MIN_NUM_FORMS": "1", "owners-MAX_NUM_FORMS": "10"}
    return {"cause": "sale", "deed_on": "2026-06-01", "how": "ask", **owner, **count} | changes


def test_the_paper_in_hand_finds_the_permit_however_it_is_typed(client, granted, buyer):
    client.force_login(buyer)
    for number in (granted.number, granted.number.lower().replace(" ", ""), granted.number.replace(" ", "-")):
        for holder in ("Duprat", "hélène DUPRAT", "Duprat Hélène", "Mme Hélène Duprat"):
            assert find(client, number, holder).status_code == 302, (number, holder)


def test_a_wrong_number_a_wrong_name_and_a_permit_that_is_no_more_answer_alike(client, granted, buyer, staff_of):
    draft = factories.ApplicationFactory(authority=granted.authority)
    client.force_login(buyer)

    def answer(number, holder="Duprat"):
        response = find(client, number, holder)
        assert response.status_code == 422
        text = words(response)
        return text[: text.index("Numéro de l’autorisation")].split("csrf")[0]

    unknown = answer("APML 033999 26 00042")
    assert "Aucune autorisation transférable" in unknown
    answers = {
        unknown,
        answer(granted.number, "Martin"),
        answer("n’importe quoi"),
        answer(str(draft)),
        answer(granted.number, "du"),
    }
    leases.declare_lease(granted, signed_on=[TODAY], by=granted.applicant, on=TODAY)
    answers.add(answer(granted.number))
    assert answers == {unknown}


def test_numbers_cannot_be_tried_one_after_the_other(client, granted, buyer, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "find_permit": "2/h/user"}
    client.force_login(buyer)
    assert [find(client, f"APML 033999 26 0000{rank}").status_code for rank in range(3)] == [422, 422, 429]
    assert find(client, granted.number).status_code == 429


def test_what_one_person_found_is_for_them_and_for_a_day(client, granted, buyer, time_machine):
    url = known.found_address(granted, buyer)
    for person, status in ((buyer, 200), (factories.UserFactory(), 404), (granted.applicant, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status
    client.force_login(buyer)
    assert client.get(url[:-12] + "x" * 11 + "/declarer/").status_code == 404
    time_machine.move_to("2026-06-04T11:00:00+00:00")
    client.force_login(buyer)
    assert client.get(url).status_code == 404


def test_a_declaration_is_corrected_without_losing_what_was_typed(client, granted, buyer):
    client.force_login(buyer)
    url = known.found_address(granted, buyer)
    response = client.post(url, typed(**{"deed_on": "2026-06-04", "owners-0-address": "9 rue Exacte"}))
    assert response.status_code == 422
    assert "dans le futur" in words(response)
    assert "9 rue Exacte" in response.content.decode()
    response = client.post(url, typed(cause="inheritance"))
    assert "Joignez l’accord écrit des héritiers" in words(response)
    response = client.post(url, typed(**{"owners-0-last_name": ""}))
    assert response.status_code == 422
    assert "Indiquez le nom du bailleur" in words(response)
    assert not Transfer.objects.exists()
    more = client.post(url, typed(add="1"))
    assert "Propriétaire 2" in words(more)


def test_who_has_not_proved_their_address_declares_nothing(client, granted):
    person = factories.UserFactory()
    client.force_login(person)
    response = client.post(known.found_address(granted, person), typed())
    assert response.status_code == 422
    assert "Confirmez d’abord votre adresse" in words(response)


def test_from_the_number_to_the_receipt(client, granted, buyer):
    former = granted.applicant
    client.force_login(buyer)
    response = client.post(find(client, granted.number).url, typed())
    transfer = Transfer.objects.get()
    assert response.url == reverse("transfer", args=[transfer.pk])
    assert "accord du titulaire initial est attendu" in words(client.get(response.url))
    assert client.get(reverse("application", args=[granted.pk])).status_code == 404

    client.force_login(former)
    page = client.get(reverse("application", args=[granted.pk])).content.decode()
    link = re.search(r'/accord/[^"]+', page)[0]
    client.logout()
    page = client.get(link)
    assert "Yanis Acquéreur" in words(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert Transfer.objects.get().is_pending
    assert client.post(link, {"agrees": "True", "name": ""}).status_code == 422
    done = words(client.post(link, {"agrees": "True", "name": "Hélène Duprat", "reason": "inutile"}))
    assert "l’autorisation est transférée" in done
    assert client.post(link, {"agrees": "False", "name": "Hélène Duprat"}).status_code == 422
    assert Transfer.objects.get().reason == ""

    client.force_login(buyer)
    page = words(client.get(reverse("application", args=[granted.pk])))
    assert "Récépissé de transfert" in page
    assert "Déclarer le bail" in page
    assert "L’autorisation est à votre nom" in words(client.get(reverse("transfer", args=[transfer.pk])))

    client.force_login(former)
    moved = client.get(reverse("application", args=[granted.pk]))
    assert moved.url == reverse("application-given-up", args=[granted.pk])
    left = words(client.get(moved.url))
    assert "Vous n’avez plus rien à faire" in left
    assert "Récépissé de transfert" in left
    assert "vous n’en êtes plus titulaire" in words(client.get(reverse("application-list")))
    for name in ("application-lease", "application-resubmit"):
        assert client.get(reverse(name, args=[granted.pk])).status_code == 404
    assert not mail.outbox


def test_the_pages_of_a_transfer_are_for_their_own_people(client, granted, buyer, staff_of):
    transfer = factories.transfer(granted, on=TODAY, by=buyer)
    stranger = factories.UserFactory()
    elsewhere = factories.member(factories.AuthorityFactory(), Role.OFFICER, Role.LEGAL)
    mine, withdraw = (reverse(name, args=[transfer.pk]) for name in ("transfer", "transfer-withdraw"))
    given_up = reverse("application-given-up", args=[granted.pk])
    for url in (mine, given_up):
        assert client.get(url).url.startswith(reverse("account_login"))
    for person in (stranger, elsewhere, granted.applicant, staff_of):
        client.force_login(person)
        assert client.get(mine).status_code == 404
        assert client.post(withdraw).status_code == 404
        assert client.get(given_up).status_code == 404
    for token in ("x", known.agreement_path(transfer)[len("/accord/") : -2]):
        assert client.get(reverse("transfer-agreement", args=[token])).status_code == 404
    client.force_login(buyer)
    assert client.get(given_up).status_code == 404
    assert client.get(withdraw).status_code == 405
    client.post(withdraw)
    assert Transfer.objects.get().state == TransferState.WITHDRAWN
    client.post(withdraw)
    assert "ne peut plus être abandonnée" in words(client.get(mine))
    assert "abandonnée" in words(client.get(known.agreement_path(transfer)))


def test_a_link_for_one_holder_is_not_for_the_next(client, granted, buyer):
    first = factories.transfer(granted, on=TODAY, by=buyer)
    other = factories.transfer(granted, on=TODAY)
    link = known.agreement_path(other)
    assert client.get(link).status_code == 200
    transfers.answer_transfer(first, agrees=True, name="Hélène Duprat", on=TODAY)
    assert client.get(link).status_code == 404


def test_the_service_writes_down_an_answer_that_came_by_post(client, granted, buyer, staff_of):
    transfer = factories.transfer(granted, on=TODAY, by=buyer)
    client.force_login(staff_of)
    assert "Inscrire la réponse du titulaire" in words(client.get(reverse("case", args=[granted.pk])))
    url = reverse("case-transfer", args=[granted.pk, transfer.pk])
    assert client.post(url, {"agrees": "True", "answered_on": "2026-06-09", "reason": "Lettre"}).status_code == 422
    assert client.post(url, {"agrees": "True", "answered_on": "2026-06-03", "reason": "Lettre reçue"}).status_code == 302
    page = words(client.get(reverse("case", args=[granted.pk])))
    assert "Yanis Acquéreur" in page
    assert "Autorisation transférée" in page
    assert "Lettre reçue" in page
    assert "une réponse est déjà enregistrée" in words(client.get(url))
    other = factories.ApplicationFactory(authority=granted.authority)
    Application.objects.filter(pk=other.pk).update(state=State.SUBMITTED, number="APML X", received_on=TODAY)
    assert client.get(reverse("case-transfer", args=[other.pk, transfer.pk])).status_code == 404


def test_the_receipt_is_one_act_for_both(client, granted, buyer):
    transfer = factories.transfer(granted, on=TODAY, by=buyer)
    transfers.answer_transfer(transfer, agrees=True, name="Hélène Duprat", on=TODAY)
    receipt = Application.objects.get(pk=granted.pk).acts.get(kind=ActKind.TRANSFER_RECEIPT)
    receipt.sha256 = "a" * 64
    assert "M. Yanis Acquéreur" in str(receipt.content)
    assert receipt.content["recipient"][0] == "M. Yanis Acquéreur"


def test_the_service_enters_a_declaration_that_came_on_paper(client, granted, staff_of):
    client.force_login(staff_of)
    assert "Saisir un transfert" in words(client.get(reverse("case", args=[granted.pk])))
    url = reverse("case-transfer-file", args=[granted.pk])
    assert client.get(url).status_code == 200
    wrong = client.post(url, typed(received_on="2026-06-04"))
    assert wrong.status_code == 422
    assert "dans le futur" in words(wrong)
    assert client.post(url, typed(received_on="2026-06-02")).url == reverse("case", args=[granted.pk])
    transfer = Transfer.objects.get()
    assert (transfer.filed_on, transfer.new_applicant) == (date(2026, 6, 2), None)
