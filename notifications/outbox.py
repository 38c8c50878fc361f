"""The only way out: a message is a row, written with the change that calls for it, and a job in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import User
from notifications.enums import Kind
from notifications.models import Message
from notifications.tasks import deliver
from permis import sheet
from permis.models import Application

TYPOGRAPHY = {" :": "\N{NO-BREAK SPACE}:", " ;": "\N{NARROW NO-BREAK SPACE};", " ?": "\N{NARROW NO-BREAK SPACE}?",
              " !": "\N{NARROW NO-BREAK SPACE}!", "« ": "«\N{NO-BREAK SPACE}", " »": "\N{NO-BREAK SPACE}»"}  # fmt: skip


def enqueue(kind: Kind, *, application: Application, acts: Sequence[int] = (), **context: Any) -> list[Message]:
    """Write the message of this kind for each person it concerns, as text frozen now, and defer its delivery.

    A kind with roles goes to the people of the authority who hold one of them, any other to the landlord and the agent.
    """
    authority = application.authority
    context = {
        "application": application,
        "authority": authority,
        "address": sheet.address_line(application),
        "url": f"{settings.BASE_URL}/dossiers/{application.pk}/"
        if kind.roles
        else f"{settings.BASE_URL}/mes-demandes/{application.pk}/",
        **context,
    }
    return [
        _write(
            kind,
            context,
            application=application,
            recipient=recipient,
            sender_name=authority.name,
            reply_to=authority.email,
            acts=list(acts),
        )
        for recipient in _recipients(kind, application)
    ]


def enqueue_alone(*, recipient: str, subject: str, text: str, html: str = "") -> Message:
    """A message that no case calls for: sign-up, lost password."""
    message = Message.objects.create(
        kind="account",
        recipient=recipient,
        subject=_one_line(subject),
        text=text,
        html=html or _page(subject, text, ""),
    )
    deliver.defer(message_id=message.pk)
    return message


def _write(kind: Kind, context: dict[str, Any], **fields: Any) -> Message:
    subject = _one_line(_typographic(render_to_string(f"notifications/{kind}.subject.txt", context)))
    text = _typographic(render_to_string(f"notifications/{kind}.txt", context)).strip() + "\n"
    message = Message.objects.create(
        kind=kind, subject=subject, text=text, html=_page(subject, text, fields["sender_name"]), **fields
    )
    deliver.defer(message_id=message.pk)
    return message


def _recipients(kind: Kind, application: Application) -> list[str]:
    """E-mail addresses, each once, whatever its case."""
    if kind.roles:
        members = User.objects.filter(
            is_active=True, memberships__authority=application.authority, memberships__role__in=kind.roles
        )
        found = list(members.order_by("email").values_list("email", flat=True).distinct())
    else:
        agent = getattr(application, "agent", None)
        found = [lessor.email for lessor in application.lessors.order_by("position")]
        found += [application.applicant.email if application.applicant else "", agent.email if agent else ""]
    return list(dict.fromkeys(address.strip().lower() for address in found if address))


def _page(subject: str, text: str, sender: str) -> str:
    paragraphs = [part.splitlines() for part in text.strip().split("\n\n")]
    return render_to_string("notifications/_page.html", {"subject": subject, "paragraphs": paragraphs, "sender": sender})


def _typographic(text: str) -> str:
    for plain, right in TYPOGRAPHY.items():
        text = text.replace(plain, right)
    return text


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").strip()[:250]
