"""The only way out: a message is a row, written with the change that calls for it, and a job in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from documents import holding
from documents.holding import Owner
from notifications import appointments, rendering
from notifications.appointments import Appointment
from notifications.enums import Kind
from notifications.models import Message
from notifications.tasks import deliver
from permis import sheet
from permis.models import Application, Sanction
from territories.models import Authority

_CALENDARS = {
    **dict.fromkeys(
        [
            Kind.VISIT_PLANNED,
            Kind.VISIT_MOVED,
            Kind.VISIT_REMINDER,
            Kind.OCCUPANT_CONVOKED,
            Kind.OCCUPANT_MOVED,
            Kind.OCCUPANT_REMINDER,
        ],
        appointments.planned,
    ),
    **dict.fromkeys([Kind.VISIT_CANCELLED, Kind.OCCUPANT_CANCELLED], appointments.cancelled),
}


def enqueue(
    kind: Kind,
    *,
    application: Application,
    on: date,
    acts: Iterable[int] = (),
    once: str = "",
    to: str = "",
    url: str = "",
    **context: Any,
) -> list[Message]:
    """Write this message to each person it concerns, as text frozen now, and defer its delivery.

    A kind with roles goes to the people of the authority who hold one of them, one for an occupant, an adviser or a new owner to
    the address ``to``, any other to the lessors and their agent. ``url`` is where the link leads, if not to the case.
    ``acts`` are keys of the acts it carries. What is written ``once`` for a reason is not written again for the same one:
    only new messages are returned. Raises TypeError when a name that the text uses is missing.
    """
    sheet.gather(application)
    authority, letter = application.authority, preview(kind, application=application, on=on, url=url, **context)
    fields = {
        "sender_name": rendering.one_line(authority.name),
        "reply_to": authority.email,
        "calendar": _calendar(kind, application, sheet.address_line(application), context.get("visit")),
    }
    return _keep(kind, letter, recipients(kind, application, to=to), owner=application, acts=acts, once=once, **fields)


def preview(kind: Kind, *, application: Application, on: date, url: str = "", **context: Any) -> rendering.Letter:
    """The message as it would be written now; nothing leaves. Raises TypeError when a name that the text uses is missing."""
    if missing := kind.needs - context.keys():
        raise TypeError(f"A message {kind!r} needs {', '.join(sorted(missing))}.")
    authority, address = application.authority, sheet.address_line(application)
    # Hours are those of the authority's clocks, overseas too.
    with timezone.override(authority.zone_info):
        return rendering.write(
            kind,
            url=url or _url(kind, application),
            authority=authority,
            application=application,
            address=address,
            on=on,
            **context,
        )


def recipients(kind: Kind, application: Application, *, to: str = "") -> list[str]:
    """To whom this message goes: e-mail addresses, each once, whatever its case."""
    if kind in Kind.to_others():
        found = [to]
    elif kind.roles:
        found = members(application.authority, kind.roles)
    else:
        agent = getattr(application, "agent", None)
        found = [lessor.email for lessor in sheet.lessors_of(application)]
        found += [application.applicant.email if application.applicant else "", agent.email if agent else ""]
    return _each_once(found)


def members(authority: Authority, roles: Iterable[Role]) -> list[str]:
    """The addresses of those who hold one of these roles in an authority, each once."""
    return list(User.objects.members([authority.pk], [*roles]).order_by("email").values_list("email", flat=True))


def enqueue_to(
    recipient: str, kind: Kind, *, url: str, authority: Authority | None = None, once: str = "", **context: Any
) -> Message | None:
    """Write to a person about no single case: their account, their authority, what is transmitted; ``once`` as in `enqueue`."""
    letter = rendering.write(kind, url=url, authority=authority, **context)
    sender = rendering.one_line(authority.name) if authority else rendering.SITE
    written = _keep(kind, letter, [recipient], once=once, sender_name=sender, reply_to=authority.email if authority else "")
    return written[0] if written else None


def enqueue_for_sanction(kind: Kind, *, sanction: Sanction, on: date, acts: Iterable[int] = (), once: str = "") -> list[Message]:
    """Write about a sanction: to the roles of its kind in the authority, or to the person blamed where they gave an address."""
    authority = sanction.authority
    if kind.roles:
        found = members(authority, kind.roles)
        path = sanction.get_absolute_url()
    else:
        found = [sanction.person_email]
        path = reverse("application", args=[sanction.application_id]) if sanction.blames_applicant else reverse("home")
    letter = rendering.write(kind, url=settings.BASE_URL + path, authority=authority, sanction=sanction, on=on)
    sender = {"sender_name": rendering.one_line(authority.name), "reply_to": authority.email}
    return _keep(kind, letter, _each_once(found), owner=sanction, acts=acts, once=once, **sender)


def _each_once(addresses: Iterable[str]) -> list[str]:
    """E-mail addresses, each once, whatever its case; a person may have given none."""
    return list(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))


def _keep(
    kind: Kind,
    letter: rendering.Letter,
    recipients: Sequence[str],
    *,
    owner: Owner | None = None,
    acts: Iterable[int] = (),
    once: str = "",
    **fields: str,
) -> list[Message]:
    """The messages that are new, one for each person, with the jobs that deliver them: two queries for all of them."""
    about = holding.by(owner) if owner is not None else {}
    fields |= {"subject": letter.subject, "text": letter.text, "html": letter.html}
    if once:
        found = [
            Message.objects.get_or_create(**about, kind=kind, recipient=each, once=once, defaults=fields) for each in recipients
        ]
        messages = [message for message, is_new in found if is_new]
    else:
        messages = Message.objects.bulk_create(Message(**about, kind=kind, recipient=each, **fields) for each in recipients)
    carried = [Message.acts.through(message_id=message.pk, act_id=act) for act in acts for message in messages]
    if carried:
        Message.acts.through.objects.bulk_create(carried)
    if messages:
        deliver.batch_defer(*({"message_id": message.pk} for message in messages))
    return messages


def _url(kind: Kind, application: Application) -> str:
    return settings.BASE_URL + reverse("case" if kind.roles else "application", args=[application.pk])


def _calendar(kind: Kind, application: Application, address: str, visit: Any) -> str:
    """The appointment of a visit; visits belong to an app beside this one, so that it is known by its attributes only."""
    if kind not in _CALENDARS:
        return ""
    appointment = Appointment(
        uid=f"visit-{visit.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}",
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        title=f"Visite du logement – {application.authority.name}",
        place=address,
        sequence=visit.sequence,
    )
    return _CALENDARS[kind](appointment, written_at=timezone.now())
