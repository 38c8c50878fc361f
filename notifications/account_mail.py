"""Messages about accounts take the same way out as the others."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings

from notifications import outbox
from notifications.enums import Kind

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
