"""A date typed wrong is corrected by a new event: nothing is erased, everything that follows is computed again."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from notifications import outbox
from notifications.enums import Kind, MessageState
from permis import correction, journal
from permis.correction import Correctable
from permis.models import Application
from permis.models.journal import Event
from workflows import flows
from workflows.actions.pending_transfers import close_without_permit
from workflows.guards import require


@transaction.atomic
def correct_date(application: Application, *, which: Correctable, to: date, reason: str, by: User, on: date) -> Application:
    """Corriger une date saisie à tort ; ce qui est déjà parti avec l’ancienne est énuméré. Raises ContradictoryDate."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.correct_date, by)
    before = getattr(application, which.value)
    application.correct_date(settled=correction.settle(application, which, to, today=on))
    application.save()
    sent = already_sent(application)
    journal.record(
        application, Event.DATE_CORRECTED, by=by, on=on, which=which, before=before, after=to, reason=reason, sent=sent
    )
    close_without_permit(application, by=by, on=on)
    outbox.enqueue(
        Kind.DATE_CORRECTED,
        application=application,
        on=on,
        author=by.full_name,
        what=which.label.lower(),
        before=before,
        after=to,
        reason=reason,
        already_sent=sent,
    )
    flows.advance(application)
    return application


def already_sent(application: Application) -> list[str]:
    """Acts and messages that left with the dates as they were, in French, oldest first."""
    acts = [f"{act.get_kind_display()} du {act.issued_on:%d/%m/%Y}" for act in application.acts.issued().order_by("pk")]
    messages = application.messages.filter(state=MessageState.SENT).order_by("pk")
    return acts + [f"courriel « {message.subject} » à {message.recipient}" for message in messages]
