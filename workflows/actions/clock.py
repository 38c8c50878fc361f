"""What time does by itself: the permit born of silence, the lapse after two years, the alerts before the last day."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal
from permis.enums import Means, Outcome, State
from permis.models import Application, Notice
from permis.models.journal import Event
from territories.calendars import public_holidays
from territories.models import Authority
from workflows import flows
from workflows.actions import appeal_clock, declaring, leases, owed, sanctions, transmissions
from workflows.actions.pending_transfers import close_without_permit
from workflows.actions.taking_effect import take_effect


@transaction.atomic
def grant_tacitly(application: Application, *, on: date) -> Application:
    """Autoriser par le silence gardé un mois (CCH L.635-4)."""
    application = Application.objects.locked().get(pk=application.pk)
    if any(is_unread_to_the_end(application, notice, on=on) for notice in application.notices.unread()):
        raise guards.TooEarly  # notified on the day it was made available: no silence was kept
    grant(application, on=on)
    return application


@transaction.atomic
def deem_notified(application: Application, *, on: date) -> Application | None:
    """Tenir pour notifiée, le jour de sa mise à disposition, une décision que personne n’a ouverte en quinze jours (CRPA R.112-20)."""
    application = Application.objects.locked().get(pk=application.pk)
    unread = [each for each in application.notices.unread().order_by("pk") if is_unread_to_the_end(application, each, on=on)]
    if not unread:
        return None
    deem(application, unread[-1], on=on)
    return application


def is_unread_to_the_end(application: Application, notice: Notice, *, on: date) -> bool:
    """Made available in time, and its fifteen days are over without a reader."""
    available_on, until, last = notice.available_on, notice.reading_ends_on, application.tacit_on
    if application.state != State.DECISION_SIGNED or available_on is None or until is None or notice.opened_on:
        return False
    return on > until and (last is None or available_on <= last)


def deem(application: Application, notice: Notice | None, *, on: date) -> None:
    """Notify a locked case by the notice that nobody opened, inside the transaction of the caller."""
    if notice is None or notice.available_on is None:
        raise guards.WrongState
    notice.is_deemed = True
    notice.save()
    take_effect(application, notified_on=notice.available_on, on=on, means=Means.PORTAL, unread_until=notice.reading_ends_on)


def grant(application: Application, *, on: date) -> None:
    """Grant a locked case, inside the transaction of the caller."""
    application.grant_tacitly(on=on)
    application.save()
    assert application.tacit_on is not None  # the transition just required it
    late_refusal = application.outcome == Outcome.REFUSED
    journal.record(application, Event.GRANTED_TACITLY, on=application.tacit_on, late_refusal=late_refusal)
    outbox.enqueue(Kind.TACIT, application=application, on=on)
    outbox.enqueue(
        Kind.TACIT_ALERT,
        application=application,
        on=on,
        late_refusal=late_refusal,
        withdrawable_until=deadlines.withdrawable_until(application.tacit_on),
    )
    flows.advance(application)


@transaction.atomic
def lapse(application: Application, *, on: date) -> Application:
    """Constater la caducité (R.635-3)."""
    application = Application.objects.locked().get(pk=application.pk)
    application.lapse(on=on)
    application.save()
    journal.record(application, Event.LAPSED, on=on)
    close_without_permit(application, on=on)
    outbox.enqueue(Kind.LAPSED, application=application, on=on)
    flows.advance(application)
    return application


@transaction.atomic
def alert(application: Application, *, on: date) -> Application | None:
    """Avertir le service que l’échéance approche, une fois par palier ; ne fait rien hors de ces jours."""
    application = Application.objects.locked().get(pk=application.pk)
    if application.state not in State.clock_running() or application.tacit_on is None:
        return None
    due = [
        day for day in deadlines.alerts_on(application.tacit_on, public_holidays(application.authority.department)) if day <= on
    ]
    if not due or application.journal.filter(event=Event.ALERTED, facts__alert=due[-1].isoformat()).exists():
        return None
    journal.record(application, Event.ALERTED, on=on, alert=due[-1])
    outbox.enqueue(Kind.DEADLINE_ALERT, application=application, on=on, once=due[-1].isoformat())
    return application


@transaction.atomic
def tell_overdue(application: Application, *, on: date) -> Application | None:
    """Dire au service, une fois par demande, que les pièces ne sont pas venues : il relance, ou classe."""
    application = Application.objects.locked().get(pk=application.pk)
    request = application.open_request()
    if application.state != State.INCOMPLETE or request is None or application.respond_by is None or on <= application.respond_by:
        return None
    if application.journal.filter(event=Event.ANSWER_OVERDUE, facts__request=request.pk).exists():
        return None
    journal.record(application, Event.ANSWER_OVERDUE, on=on, request=request.pk, respond_by=application.respond_by)
    outbox.enqueue(Kind.ANSWER_OVERDUE, application=application, on=on, request=request)
    return application


def run(authority: Authority, *, on: date) -> dict[str, int]:
    """Everything the clock owes an authority on this day, one transaction a case; safe to run twice."""
    cases = Application.objects.filter(authority=authority)
    # A decision that nobody opened is notified before any silence is found.
    return {
        "deemed": owed.each(cases.unread_on(on), deem_notified, on),
        "granted": owed.each(cases.silent_on(on), grant_tacitly, on),
        "lapsed": owed.each(cases.lapsed_on(on), lapse, on),
        "warned": owed.each(cases.near_lapse(on), leases.warn_of_lapse, on),
        "alerted": owed.each(cases.near_deadline(on), alert, on),
        "overdue": owed.each(cases.awaiting_pieces_on(on), tell_overdue, on),
        "appeals rejected": appeal_clock.run_silence(authority, on=on),
        **sanctions.run(authority, on=on),
        "expired": owed.each(cases.uncompleted_on(on), declaring.expire, on),
        "unanswered": owed.each(cases.unanswered_on(on), declaring.alert, on),
        **transmissions.run(authority, on=on),
    }
