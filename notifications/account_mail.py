"""Messages about accounts take the same way out as the others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from notifications import outbox
from notifications.enums import Kind
from notifications.models import Message

AGAIN_AFTER = timedelta(minutes=1)

KINDS = {
    "account/email/password_reset_key": (Kind.PASSWORD_RESET, "password_reset_url"),
    "account/email/email_confirmation": (Kind.EMAIL_CONFIRMATION, "activate_url"),
    "account/email/email_confirmation_signup": (Kind.EMAIL_CONFIRMATION, "activate_url"),
    "account/email/unknown_account": (Kind.UNKNOWN_ACCOUNT, "signup_url"),
}


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kind, link = KINDS[template_prefix]
        # The public address of the site, whatever name the request was sent to.
        outbox.enqueue_to(email, kind, url=settings.BASE_URL + urlsplit(context[link]).path)


def ask_to_confirm(user: User, request: HttpRequest) -> bool:
    """Send the link that proves the address; not twice in a minute. Whether it was sent."""
    recent = Message.objects.filter(kind=Kind.EMAIL_CONFIRMATION, recipient__iexact=user.email)
    if recent.filter(created_at__gt=timezone.now() - AGAIN_AFTER).exists():
        return False
    address, _ = EmailAddress.objects.get_or_create(user=user, email=user.email.lower(), defaults={"primary": True})
    address.send_confirmation(request)
    return True
