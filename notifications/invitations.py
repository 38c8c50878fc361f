"""Somebody who works for an authority is invited to open their account themselves: nobody else ever knows their password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from notifications import outbox
from notifications.enums import Kind
from territories.models import Authority


def invite(user: User, *, authority: Authority) -> None:
    """Inviter une personne à choisir son mot de passe, au nom de la collectivité qui lui ouvre un compte."""
    keys = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=keys)
    outbox.enqueue_to(user.email, Kind.INVITATION, url=settings.BASE_URL + path, authority=authority, user=user)
