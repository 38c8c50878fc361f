"""Mails about accounts leave by the outbox too."""

import pytest
from django.conf import settings
from django.urls import reverse

from notifications import invitations
from notifications.account_mail import KINDS
from notifications.enums import Kind
from notifications.models import Message
from tests.factories import AuthorityFactory, UserFactory

PASSWORD = "quatre-lapins-sous-la-lune"
pytestmark = pytest.mark.django_db


def test_a_lost_password_is_answered_by_a_message_of_the_outbox(client, mailoutbox):
    user = UserFactory(email="camille@exemple.test")

    client.post(reverse("account_reset_password"), {"email": user.email})

    message = Message.objects.get()
    assert (message.kind, message.recipient) == (Kind.PASSWORD_RESET, user.email)
    assert mailoutbox == []


def test_links_lead_to_the_public_address_whatever_the_request_says(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    user = UserFactory()

    client.post(reverse("account_reset_password"), {"email": user.email}, headers={"host": "pirate.test"})

    message = Message.objects.get()
    assert "pirate.test" not in message.text
    assert f"{settings.BASE_URL}/mot-de-passe/nouveau/" in message.text


def test_a_new_account_confirms_its_address(client):
    answers = {"first_name": "Hélène", "last_name": "Duprat", "email": "helene@exemple.test", "password1": PASSWORD}

    client.post(reverse("account_signup"), answers)

    message = Message.objects.get()
    assert message.kind == Kind.EMAIL_CONFIRMATION
    assert f"{settings.BASE_URL}/compte/adresse/confirmer/" in message.text


def test_an_unknown_address_is_told_so_by_mail_alone(client):
    client.post(reverse("account_reset_password"), {"email": "inconnue@exemple.test"})

    assert Message.objects.get().kind == Kind.UNKNOWN_ACCOUNT


def test_every_kind_of_account_message_is_written_by_somebody():
    assert {kind for kind, _ in KINDS.values()} | {Kind.INVITATION} == set(Kind.of_accounts())


def test_an_invited_person_chooses_a_password_by_the_link(client):
    user = UserFactory()
    authority = AuthorityFactory(name="CC Latitude Nord Gironde")

    invitations.invite(user, authority=authority)

    message = Message.objects.get()
    assert (message.kind, message.recipient, message.sender_name) == (Kind.INVITATION, user.email, authority.name)
    [link] = [word for word in message.text.split() if word.startswith(settings.BASE_URL)]
    form = client.get(link.removeprefix(settings.BASE_URL)).url
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
