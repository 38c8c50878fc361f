"""Nobody files online under an address that they do not read: the draft waits for the link to be followed."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from accounts.models import User
from notifications.enums import Kind
from notifications.models import Message
from permis.enums import Channel, PieceKind, State
from permis.models import Application
from tests import factories
from tests.workflows.desk import words
from tests.workflows.test_rights import STAFF
from workflows.actions import gathering

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(client):
    """The draft of somebody who has just signed up."""
    answers = {"first_name": "Luc", "last_name": "Roy", "email": "Luc@exemple.fr", "password1": "un-long-secret-9"}
    client.post(reverse("account_signup"), answers)
    user = User.objects.get(email__iexact="luc@exemple.fr")
    draft = factories.ApplicationFactory(applicant=user)
    gathering.add_piece(draft, kinds=[PieceKind.DPE], upload=factories.upload(), by=user, on=draft.authority.today())
    return draft


def deposit(case):
    return reverse("application-step", args=[case.pk, "depot"])


def state(case):
    return Application.objects.get(pk=case.pk).state


def links():
    return Message.objects.filter(kind=Kind.EMAIL_CONFIRMATION).order_by("pk")


def test_the_deposit_waits_for_the_address_and_follows_its_link(client, case):
    page = words(client.get(deposit(case)))
    assert "Confirmez d’abord votre adresse" in page
    assert "Je certifie" not in page
    refused = client.post(deposit(case), {"accuracy_declared": "on"})
    assert (refused.status_code, state(case)) == (422, State.DRAFT)

    [message] = links()
    link = re.search(r"http\S+/confirmer/\S+", message.text)[0]
    assert client.post(urlsplit(link).path).status_code == 302
    assert "Confirmez d’abord" not in words(client.get(deposit(case)))
    assert client.post(deposit(case), {"accuracy_declared": "on"}).status_code == 302
    assert state(case) == State.SUBMITTED


def test_the_link_is_sent_again_once_a_minute(client, case):
    assert "il y a moins d’une minute" in words(client.post(deposit(case), {"resend": "1"}, follow=True))
    assert links().count() == 1
    links().update(created_at=case.authority.local(links()[0].created_at).replace(year=2025))
    assert "vient de vous être envoyé" in words(client.post(deposit(case), {"resend": "1"}, follow=True))
    assert links().count() == 2
    assert state(case) == State.DRAFT


def test_drafting_needs_no_proved_address(client, case):
    assert client.get(reverse("application-step", args=[case.pk, "logement"])).status_code == 200


def test_the_service_files_a_paper_without_proving_an_address(client):
    town = factories.AuthorityFactory()
    boss = factories.member(town, *STAFF)
    case = factories.ApplicationFactory(authority=town, applicant=None, channel=Channel.PAPER, received_on=town.today())
    client.force_login(boss)
    assert client.post(deposit(case), {"accuracy_declared": "on"}).status_code == 302
    assert state(case) == State.SUBMITTED
