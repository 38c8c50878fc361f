"""A declaration once it is filed: its receipt, the end of its time to be completed, and the new one that follows."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from notifications import outbox
from notifications.enums import Kind
from permis import journal, permissions
from permis.alarms import Alarm
from permis.enums import Channel, State
from permis.models import Application
from permis.models.journal import Event
from territories.calendars import public_holidays
from workflows import drafting, flows
from workflows.actions import completeness, copying, owed
from workflows.guards import require, require_permission

# What a new declaration takes from the one that was not completed; its authority is that of the day it is made.
KEPT = ("channel", "applicant", "organisation", "officer", "nature", "lease_kind", "separate_leases", "lease_signed_on")


class NotToDeclareAgain(Exception):
    """Only a declaration that was not completed in time is made again."""

    def __init__(self) -> None:
        super().__init__("Cette déclaration n’est pas à refaire.")


@transaction.atomic
def give_receipt(application: Application, *, by: User, on: date, seen: str = "") -> Application:
    """Délivrer le récépissé, et l’exemplaire du locataire (CCH L.634-3, R.634-3). Raises PiecesMissing, DossierChanged.

    ``seen`` is `dossier.seal` of the pieces in use that the person had before their eyes.
    """
    application = Application.objects.locked().get(pk=application.pk)
    require(application.give_receipt, by)
    completeness.require_whole(application, seen=seen, on=on)
    application.give_receipt(on=on)
    application.save()
    application.piece_requests.filter(answered_on__isnull=True, required=True).update(answered_on=on)
    completeness.accept_what_was_read(application, by=by)
    receipt = acts.freeze(application, ActKind.DECLARATION_RECEIPT, drafting.declaration_receipt(application, on=on), on=on)
    copy = acts.freeze(application, ActKind.TENANT_COPY, drafting.tenant_copy(application, on=on), on=on)
    late = application.is_declared_late(public_holidays(application.authority.department))
    journal.record(application, Event.RECEIPTED, by=by, on=on, act=receipt.pk, late=late)
    outbox.enqueue(Kind.RECEIPTED, application=application, on=on, acts=[receipt.pk, copy.pk])
    flows.advance(application)
    return application


@transaction.atomic
def expire(application: Application, *, on: date) -> Application:
    """Constater que la déclaration n’a pas été complétée : il en faut une nouvelle (CCH R.634-3, 2°)."""
    application = Application.objects.locked().get(pk=application.pk)
    application.expire(on=on)
    application.save()
    act = acts.freeze(application, ActKind.DECLARATION_EXPIRED, drafting.expiry(application, on=on), on=on)
    journal.record(application, Event.EXPIRED, on=on, respond_by=application.respond_by, act=act.pk)
    outbox.enqueue(Kind.EXPIRED, application=application, on=on, acts=[act.pk])
    flows.advance(application)
    return application


@transaction.atomic
def alert(application: Application, *, on: date) -> Application | None:
    """Dire au service, une fois, qu’une déclaration attend sa réponse depuis plus d’une semaine (CCH R.634-3)."""
    application = Application.objects.locked().get(pk=application.pk)
    due = application.receipt_due_on
    if application.state not in State.open() or due is None:
        return None
    alarmed = owed.step(application, Alarm.RECEIPT, [due + timedelta(days=1)], on=on)
    if alarmed is None or journal.is_told(application, Event.ALERTED, alert=due):
        return None
    journal.record(application, Event.ALERTED, on=on, alert=due)
    outbox.enqueue(Kind.RECEIPT_OVERDUE, application=application, on=on, once=due.isoformat())
    return application


@transaction.atomic
def declare_again(application: Application, *, by: User, on: date) -> Application:
    """Commencer une nouvelle déclaration avec les réponses de celle qui n’a pas été complétée ; deux fois n’en fait qu’une.

    Raises NotToDeclareAgain, NoAuthority, NoLongerCompetent.
    """
    application = Application.objects.locked().get(pk=application.pk)
    if application.state != State.EXPIRED:
        raise NotToDeclareAgain
    require_permission(permissions.can_submit(application, by))
    if (begun := application.resubmissions.filter(state=State.DRAFT).first()) is not None:
        return begun
    draft = Application(**copying.said_by(application, *KEPT))
    # Online it is received on the day it is filed; on paper, on the day the service was asked for it.
    draft.received_on = None if draft.channel == Channel.ONLINE else on
    return copying.copy_into(draft, application, by=by, on=on)
