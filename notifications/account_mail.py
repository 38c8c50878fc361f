"""The mails of sign-up and lost passwords take the same way out as the others."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from notifications import outbox


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail = self.render_mail(template_prefix, email, context)
        outbox.enqueue_alone(recipient=email, subject=mail.subject, text=mail.body)
