"""The consent to be notified online: given at the deposit or on the page of the application, taken back at any time."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from permis import attached, guards, journal, permissions, sheet
from permis.enums import Channel, State
from permis.models import Application, Consent
from permis.models.journal import Event
from permis.models.parties import ONLINE_NOTICE as TEXT
from workflows.guards import require_permission


def recipient(application: Application) -> str:
    """To whom the decision is notified: the agent where there is one, else the first lessor; the others get a copy."""
    agent = getattr(application, "agent", None)
    lessors = sheet.lessors_of(application)
    return agent.name if agent is not None else lessors[0].name if lessors else ""


def last(application: Application) -> Consent | None:
    """What the recipient said last of it, if they ever did."""
    return attached.of(application.consents).order_by("pk").last()


def holds(application: Application) -> bool:
    """Whether the decision may be made available online: an account can open it, and its recipient agreed."""
    said = last(application)
    return application.applicant_id is not None and said is not None and said.is_given


@transaction.atomic
def give(application: Application, *, by: User, on: date) -> Consent:
    """Accepter d’être notifié en ligne (CRPA L.112-15)."""
    return _say(application, is_given=True, by=by, on=on)


@transaction.atomic
def withdraw(application: Application, *, by: User, on: date) -> Consent:
    """Retirer cet accord ; ce qui est déjà mis à disposition le reste."""
    return _say(application, is_given=False, by=by, on=on)


def keep_from_deposit(application: Application, *, by: User, on: date) -> None:
    """Keep the consent ticked at the deposit, online, by who files; inside the transaction of the caller."""
    if application.channel != Channel.ONLINE:
        return
    first = next(iter(sheet.lessors_of(application)), None)
    if first is not None and first.accept_email:
        _keep(application, is_given=True, by=by, on=on)


def _say(application: Application, *, is_given: bool, by: User, on: date) -> Consent:
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.is_applicant(application, by))
    if application.state not in State.open():
        raise guards.WrongState
    known = last(application)
    if known is not None and known.is_given == is_given:
        return known
    return _keep(application, is_given=is_given, by=by, on=on)


def _keep(application: Application, *, is_given: bool, by: User, on: date) -> Consent:
    kept = Consent.objects.create(
        application=application, is_given=is_given, recipient=recipient(application), text=TEXT, on=on, by=by
    )
    event = Event.CONSENT_GIVEN if is_given else Event.CONSENT_WITHDRAWN
    journal.record(application, event, by=by, on=on, consent=kept.pk, recipient=kept.recipient)
    return kept
