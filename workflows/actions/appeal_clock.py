"""What time does to appeals: two months of silence reject one; and how each is locked and kept."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal
from permis.models import Appeal, Application
from permis.models.journal import Event
from workflows import remedies
from workflows.actions import owed
from workflows.statistics import tally


class AppealExamined(guards.Refusal):
    code = "wrong_state"
    message = "Un recours gracieux est déjà en cours d’examen : complétez-le en écrivant au service."


@transaction.atomic
def reject_by_silence(appeal: Appeal, *, on: date) -> Appeal:
    """Constater le rejet né du silence gardé deux mois ; s’ouvrent alors deux mois pour le tribunal (CRPA L.411-7, CJA R.421-2)."""
    application, appeal = locked(Appeal.objects.only("application").get(pk=appeal.pk))
    silent_on = appeal.implicit_rejection_on
    assert silent_on is not None  # a constraint holds it for each administrative appeal
    until = remedies.after_answer(application, appeal, silent_on)
    appeal.reject_by_silence(on=on, court_until=until)
    keep(appeal, on=on)
    journal.record(application, Event.APPEAL_SILENT, on=silent_on, appeal=appeal.pk, court_until=until)
    outbox.enqueue(Kind.APPEAL_SILENT, application=application, on=on, appeal=appeal)
    outbox.enqueue(Kind.APPEAL_SILENT_ALERT, application=application, on=on, appeal=appeal)
    return appeal


DUTIES = [
    owed.Duty(
        "appeals rejected", lambda day: Appeal.objects.silent_on(day), reject_by_silence, authority="application__authority"
    )
]


def keep(appeal: Appeal, *, on: date) -> None:
    """Save an appeal with its place in the list of litigation. Raises AppealExamined where another one came at once."""
    step = appeal.next_step(on)
    appeal.next_on = step[1] if step else None
    try:
        with transaction.atomic():
            appeal.save()
            tally.keep(appeal.application)
    except IntegrityError as error:
        if "one_appeal_examined_at_a_time" in str(error):
            raise AppealExamined from error
        raise


def locked(appeal: Appeal) -> tuple[Application, Appeal]:
    """The case first, as everywhere, then its appeal as it stands."""
    application = Application.objects.locked().get(pk=appeal.application_id)
    found = Appeal.objects.locked().get(pk=appeal.pk, application=application)
    found.application = application
    return application, found
