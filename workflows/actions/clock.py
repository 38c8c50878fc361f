"""What time does by itself: the permit born of silence, the lapse after two years, the alerts before the last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django_fsm import TransitionNotAllowed

from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal
from permis.enums import Outcome, State
from permis.models import Application
from permis.models.application import ApplicationQuerySet
from permis.models.journal import Event
from territories.calendars import public_holidays
from territories.models import Authority
from workflows import flows
from workflows.actions import transmissions


@transaction.atomic
def grant_tacitly(application: Application, *, on: date) -> Application:
    """Autoriser par le silence gardé un mois (CCH L.635-4)."""
    application = Application.objects.locked().get(pk=application.pk)
    grant(application, on=on)
    return application


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


def run(authority: Authority, *, on: date) -> dict[str, int]:
    """Everything the clock owes an authority on this day, one transaction a case; safe to run twice."""
    cases = Application.objects.filter(authority=authority)
    return {
        "granted": _each(cases.silent_on(on).order_by("pk"), grant_tacitly, on),
        "lapsed": _each(cases.lapsed_on(on).order_by("pk"), lapse, on),
        "alerted": _each(cases.near_deadline(on).order_by("pk"), alert, on),
        **transmissions.run(authority, on=on),
    }


def _each(cases: ApplicationQuerySet, action: Callable[..., Application | None], on: date) -> int:
    done = 0
    for pk in cases.values_list("pk", flat=True):
        try:
            done += action(Application(pk=pk), on=on) is not None
        except (TransitionNotAllowed, guards.Refusal):
            # Decided, notified or corrected since it was selected: the clock owes it nothing any more.
            continue
    return done
