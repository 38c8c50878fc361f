"""The space of a partner: what was sent to the recipient they read for, nothing of any other, no page of any case."""

import json
from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from notifications.enums import Occasion, RecipientKind, TransmissionState
from notifications.models import Transmission
from permis.enums import Outcome
from tests import factories
from tests.workflows import partners
from tests.workflows.test_actions import NOTICE
from workflows.actions import transmissions

pytestmark = pytest.mark.django_db
CAF, PDALHPD = RecipientKind.CAF, RecipientKind.PDALHPD


@pytest.fixture
def authority(time_machine):
    time_machine.move_to("2026-03-23T12:00:00Z")
    return factories.AuthorityFactory()


@pytest.fixture
def staff(authority):
    return factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def recipients(authority):
    return partners.directory(authority)


@pytest.fixture
def sent(authority, staff, recipients):
    """A refusal, sent to the CAF."""
    partners.decided(factories.ApplicationFactory(authority=authority), staff)
    transmissions.send(recipients[CAF], by=staff, on=NOTICE, proof="Remis en main propre")
    return Transmission.objects.get(kind=CAF)


@pytest.fixture
def reader(recipients):
    return partners.partner(recipients[CAF])


def page(client, user, name="partner", *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def test_a_partner_starts_in_their_space_and_finds_what_was_sent(client, reader, sent):
    client.force_login(reader)
    assert client.get(reverse("home")).url == reverse("partner")

    words = page(client, reader).content.decode()

    assert "12 rue de la Gare, 2e étage" in words
    assert sent.application.number in words
    assert "Accusé à donner (1)" in words
    assert sent.authority.phone in words


def test_what_is_due_and_has_not_left_is_not_theirs_yet(client, staff, authority, reader):
    partners.decided(factories.ApplicationFactory(authority=authority), staff)

    assert "Rien ne vous a encore été transmis" in page(client, reader).content.decode()
    due = Transmission.objects.get(kind=CAF)
    assert page(client, reader, "partner-transmission", due.pk).status_code == 404


def test_another_partner_another_town_and_a_role_taken_back_see_nothing(client, sent, recipients, reader):
    elsewhere = factories.AuthorityFactory()
    theirs = partners.directory(elsewhere, CAF)[CAF]
    urls = {
        "page": reverse("partner-transmission", args=[sent.pk]),
        "acknowledge": reverse("partner-acknowledge", args=[sent.pk]),
        "slip": reverse("slip-file", args=[sent.slip_id, 0]),
    }

    def statuses(user):
        client.force_login(user)
        return {name: (client.post if name == "acknowledge" else client.get)(url).status_code for name, url in urls.items()}

    unknown, forbidden = dict.fromkeys(urls, 404), {"page": 403, "acknowledge": 403, "slip": 404}
    assert statuses(partners.partner(recipients[RecipientKind.MSA])) == unknown
    assert statuses(partners.partner(theirs)) == unknown
    assert statuses(factories.member(sent.authority, Role.PARTNER)) == unknown
    assert statuses(factories.member(elsewhere, Role.OFFICER, Role.MANAGER)) == forbidden
    assert statuses(reader) == {"page": 200, "acknowledge": 302, "slip": 200}
    reader.memberships.get().delete()
    assert statuses(type(reader).objects.get(pk=reader.pk)) == forbidden
    client.logout()
    assert {client.get(url).status_code for url in urls.values()} == {302}


def test_neither_a_case_nor_a_photo_nor_an_act_opens_to_a_partner(client, sent, reader):
    for name in ("case", "application", "case-procedure", "case-check"):
        assert page(client, reader, name, sent.application_id).status_code == 404, name
    assert page(client, reader, "file", sent.application.files.first().pk).status_code == 404
    assert page(client, reader, "act", sent.application.acts.first().pk).status_code == 404
    assert page(client, reader, "worklist").status_code == 403


def test_a_partner_whom_nobody_placed_is_told_so(client, authority):
    words = page(client, factories.member(authority, Role.PARTNER)).content.decode()

    assert "Aucun destinataire ne vous est attribué" in words


def test_the_status_of_an_address_is_found_among_what_was_transmitted(client, sent, reader):
    for text, found in (
        ("gare", True),
        ("GARE 12", True),
        (sent.payload["numero"], True),
        ("rue de la paix", False),
        ("%", False),
    ):
        words = page(client, reader, q=text).content.decode()

        assert ("12 rue de la Gare" in words) == found, text
        assert ("Rien ne vous a été transmis à ce sujet" in words) != found, text


def test_files_hold_what_the_page_shows(client, sent, reader):
    answer = page(client, reader, "partner-export", "decisions.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="decisions.csv"'
    assert "12 rue de la Gare" in answer.content.decode("utf-8-sig")
    data = json.loads(page(client, reader, "partner-export", "transmissions.json").content)
    assert [each["identifiant"] for each in data["transmissions"]] == [sent.pk]
    assert json.loads(page(client, reader, "partner-export", "transmissions.json", q="paix").content)["transmissions"] == []
    assert page(client, reader, "partner-export", "deliberations.csv").status_code == 200
    assert page(client, reader, "partner-export", "photos.zip").status_code == 404
    assert page(client, reader, "slip-file", sent.slip_id, 0)["Content-Type"] == "application/pdf"
    assert page(client, reader, "slip-file", sent.slip_id, 9).status_code == 404


def test_one_click_acknowledges_one_and_a_second_says_so(client, sent, reader):
    client.force_login(reader)
    url = reverse("partner-acknowledge", args=[sent.pk])

    assert "L’accusé de réception est donné." in client.post(url, follow=True).content.decode()
    assert "déjà accusé réception" in client.post(url, follow=True).content.decode()

    sent = Transmission.objects.get(pk=sent.pk)
    assert (sent.state, sent.acknowledged_on) == (TransmissionState.ACKNOWLEDGED, date(2026, 3, 23))
    assert sent.acknowledgement == f"Accusé dans l’espace partenaire par {reader.full_name}"


def test_everything_received_is_acknowledged_at_once_and_nothing_of_others(client, sent, reader):
    client.force_login(reader)

    assert "Accusé de réception donné : 1." in client.post(reverse("partner-acknowledge-all"), follow=True).content.decode()
    assert (
        "Vous aviez déjà accusé réception de tout."
        in client.post(reverse("partner-acknowledge-all"), follow=True).content.decode()
    )

    assert set(Transmission.objects.filter(state=TransmissionState.ACKNOWLEDGED)) == {Transmission.objects.get(pk=sent.pk)}


def test_a_partner_is_led_from_what_was_replaced_to_what_replaces_it(client, authority, staff, recipients):
    case = partners.decided(factories.ApplicationFactory(authority=authority), staff, Outcome.CONDITIONAL)
    partners.send_all(authority, staff)
    former = Transmission.objects.get(kind=PDALHPD)
    transmissions.open_for(case, Occasion.REPEAL, on=NOTICE)
    reader = partners.partner(recipients[PDALHPD])
    assert "remplacée" not in page(client, reader, "partner-transmission", former.pk).content.decode()

    partners.send_all(authority, staff)

    words = page(client, reader, "partner-transmission", former.pk).content.decode()
    assert "Cette transmission est remplacée" in words
    last = Transmission.objects.get(kind=PDALHPD, occasion=Occasion.REPEAL)
    assert "Autorisation abrogée" in page(client, reader, "partner-transmission", last.pk).content.decode()


@pytest.mark.parametrize("count", [1, 10])
def test_the_space_asks_as_much_of_the_database_whatever_was_sent(
    client, authority, staff, recipients, reader, count, django_assert_num_queries
):
    zones = [factories.ZoneFactory(authority=authority) for _ in range(count)]
    for zone in zones:
        transmissions.keep_zone(zone, on=NOTICE)
    partners.send_all(authority, staff)
    client.force_login(reader)
    client.get(reverse("partner"))

    with django_assert_num_queries(9):
        client.get(reverse("partner"))
