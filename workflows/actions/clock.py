"""What time does by itself: the permit born of silence, the lapse after two years, the alerts before the last day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal
from permis.alarms import Alarm
from permis.enums import Means, Outcome, State
from permis.models import Application, Notice
from permis.models.journal import Event
from territories.calendars import public_holidays
from territories.models import Authority
from workflows import flows
from workflows.actions import appeal_clock, declaring, delegations, leases, owed, sanctions, staffing, transmissions
from workflows.actions.pending_transfers import close_without_permit
from workflows.actions.taking_effect import take_effect
from workflows.guards import lock


@transaction.atomic
def grant_tacitly(application: Application, *, on: date) -> Application:
    """Autoriser par le silence gardé un mois (CCH L.635-4)."""
    application = lock(application.pk)
    if _unread_to_the_end(application, on=on):
        raise guards.TooEarly  # notified on the day it was made available: no silence was kept
    grant(application, on=on)
    return application


@transaction.atomic
def deem_notified(application: Application, *, on: date) -> Application | None:
    """Tenir pour notifiée, le jour de sa mise à disposition, une décision que personne n’a ouverte en quinze jours (CRPA R.112-20)."""
    application = lock(application.pk)
    unread = _unread_to_the_end(application, on=on)
    if not unread:
        return None
    deem(application, unread[-1], on=on)
    return application


def _unread_to_the_end(application: Application, *, on: date) -> list[Notice]:
    """The notices of a signed decision that nobody opened in their fifteen days."""
    if application.state != State.DECISION_SIGNED:
        return []
    return [each for each in application.notices.unread().order_by("pk") if is_unread_to_the_end(application, each, on=on)]


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
    application = lock(application.pk)
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
    application = lock(application.pk)
    if application.state not in State.clock_running() or application.tacit_on is None:
        return None
    last = application.tacit_on
    steps = deadlines.alerts_on(last, public_holidays(application.authority.department))
    step = owed.step(application, Alarm.DEADLINE, steps, on=on, until=last)
    if step is None or journal.is_told(application, Event.ALERTED, alert=step):
        return None
    journal.record(application, Event.ALERTED, on=on, alert=step)
    outbox.enqueue(Kind.DEADLINE_ALERT, application=application, on=on, once=step.isoformat())
    return application


@transaction.atomic
def tell_overdue(application: Application, *, on: date) -> Application | None:
    """Dire au service, une fois par demande, que les pièces ne sont pas venues : il relance, ou classe."""
    application = lock(application.pk)
    request = application.open_request()
    if application.state != State.INCOMPLETE or application.respond_by is None:
        return None
    step = owed.step(application, Alarm.ANSWER, [application.respond_by + timedelta(days=1)], on=on)
    if step is None or request is None or journal.is_told(application, Event.ANSWER_OVERDUE, request=request.pk):
        return None
    journal.record(application, Event.ANSWER_OVERDUE, on=on, request=request.pk, respond_by=application.respond_by)
    outbox.enqueue(Kind.ANSWER_OVERDUE, application=application, on=on, request=request)
    return application


def tell(application: Application, *, on: date) -> Application | None:
    """Dire ce que l’échéance d’un dossier appelle : celle que son état regarde."""
    application = Application.objects.get(pk=application.pk)
    if application.state in State.authorising():
        return leases.warn_of_lapse(application, on=on)
    if application.is_declaration and application.respond_by is None:
        return declaring.alert(application, on=on)
    if application.state == State.INCOMPLETE:
        return tell_overdue(application, on=on)
    return alert(application, on=on)


# A decision that nobody opened is notified before any silence is found.
DUTIES = [
    *delegations.DUTIES,
    *staffing.DUTIES,
    owed.Duty("deemed", lambda day: Application.objects.unread_on(day), deem_notified),
    owed.Duty("granted", lambda day: Application.objects.silent_on(day), grant_tacitly),
    owed.Duty("lapsed", lambda day: Application.objects.lapsed_on(day), lapse),
    owed.Duty("told", lambda day: Application.objects.to_tell_on(day), tell),
    *appeal_clock.DUTIES,
    *sanctions.DUTIES,
    owed.Duty("expired", lambda day: Application.objects.uncompleted_on(day), declaring.expire),
    *transmissions.DUTIES,
]


def run(authority: Authority, *, on: date) -> dict[str, int]:
    """Everything the clock owes one authority on this day."""
    return owed.of(authority, DUTIES, on=on)


def run_everywhere(*, now: datetime) -> dict[str, int]:
    """Everything the clock owes at this moment, each authority on its own day; two queries where nothing is due."""
    return owed.everywhere(DUTIES, now=now)
