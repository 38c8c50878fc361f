"""A decision takes effect the day it is notified, whatever the way: one end for the letter, the hand, the page and the clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from documents.enums import ActKind
from notifications import outbox
from notifications.enums import Kind, Occasion
from permis import journal
from permis.enums import Ground, State
from permis.models import Application
from permis.models.journal import Event
from workflows import flows, transmitting
from workflows.actions import transmissions
from workflows.actions.pending_transfers import close_without_permit


def take_effect(application: Application, *, notified_on: date, on: date, by: User | None = None, **facts: Any) -> None:
    """Give a locked case the state of its decision, inside the transaction of the caller. ``by`` is None for the clock."""
    reverses_silence = application.state == State.GRANTED_TACIT
    application.notify(on=notified_on)
    application.save()
    if reverses_silence:
        application.acts.filter(kind=ActKind.TACIT_ATTESTATION, void_on__isnull=True).update(void_on=on)
        journal.record(application, Event.SILENCE_REVERSED, by=by, on=on, notified_on=notified_on)
        outbox.enqueue(Kind.SILENCE_REVERSED, application=application, on=on)
    journal.record(application, Event.NOTIFIED, by=by, on=notified_on, outcome=application.outcome, **facts)
    close_without_permit(application, by=by, on=on)
    act = application.acts.issued().filter(sha256=application.decision.act_sha256).get()
    grounds = [Ground(code).label for code in application.decision.grounds]
    works = application.decision.works.order_by("position")
    outbox.enqueue(Kind.DECISION_NOTIFIED, application=application, on=on, acts=[act.pk], grounds=grounds, works=works)
    occasion = Occasion.SILENCE_REVERSED if reverses_silence else transmitting.decision_of(application)
    transmissions.open_for(application, occasion, on=on, act=act)
    flows.advance(application)
