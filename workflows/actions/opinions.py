"""Opinions: asked of another service with a day, recalled once, given by a signed link or recorded; no deadline moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.models import User
from documents.models import Attachment, StoredFile
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.enums import Adviser, OpinionOutcome, State
from permis.models import Application, Opinion
from permis.models.journal import Event
from workflows import opinions
from workflows.actions import owed
from workflows.guards import require_permission


class OpinionClosed(guards.Refusal):
    code = "wrong_state"
    message = "Cet avis n’est plus attendu : il est déjà rendu, ou la décision est prise."


class OpinionTooLate(guards.Refusal):
    code = "too_late"
    message = "L’avis serait attendu après l’échéance de la décision, qui ne s’arrête pas. Choisissez un jour plus proche."


@transaction.atomic
def ask(
    application: Application, *, adviser: Adviser, name: str, email: str, question: str, due_on: date, by: User, on: date
) -> Opinion:
    """Demander un avis avant un jour ; le délai de la décision court toujours. Raises OpinionTooLate."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    if application.state not in opinions.BEFORE_DECISION:
        raise guards.WrongState
    if application.tacit_on is not None and due_on > application.tacit_on:
        raise OpinionTooLate
    opinion = Opinion.objects.create(
        application=application,
        adviser=adviser,
        name=name,
        email=email,
        question=question,
        due_on=due_on,
        asked_by=by,
        asked_on=on,
    )
    journal.record(application, Event.OPINION_ASKED, by=by, on=on, adviser=adviser, name=name, due_on=due_on)
    if email:
        _write(Kind.OPINION_ASKED, opinion, on=on)
    return opinion


@transaction.atomic
def give(
    opinion: Opinion,
    *,
    outcome: OpinionOutcome,
    answer: str,
    answered_by: str,
    answered_on: date,
    files: Iterable[StoredFile] = (),
    by: User | None,
    on: date,
) -> Opinion:
    """Rendre un avis, par le lien signé (``by`` est vide) ou noté par le service. Raises OpinionClosed."""
    application = Application.objects.locked().get(opinions=opinion)
    if by is not None:
        require_permission(permissions.can_review(application, by))
    opinion = Opinion.objects.select_related("application__authority").get(pk=opinion.pk)
    if not opinions.is_open(opinion) or not opinion.asked_on <= answered_on <= on:
        raise OpinionClosed
    opinion.outcome, opinion.answer, opinion.answered_by, opinion.answered_on = outcome, answer, answered_by, answered_on
    opinion.save()
    Attachment.objects.bulk_create(Attachment(opinion=opinion, file=file) for file in files)
    journal.record(application, Event.OPINION_GIVEN, by=by, on=answered_on, name=opinion.name, outcome=outcome)
    outbox.enqueue(Kind.OPINION_GIVEN, application=application, on=on, opinion=opinion)
    return opinion


@transaction.atomic
def remind(opinion: Opinion, *, on: date) -> bool:
    """Relancer une fois un avis dont le jour est passé."""
    application = Application.objects.locked().get(opinions=opinion)
    opinion = Opinion.objects.select_related("application__authority").get(pk=opinion.pk)
    if not opinions.is_open(opinion) or opinion.reminded_on is not None or not opinion.is_late(on):
        return False
    opinion.reminded_on = on
    opinion.save(update_fields=["reminded_on"])
    journal.record(application, Event.OPINION_REMINDED, on=on, name=opinion.name)
    if opinion.email:
        _write(Kind.OPINION_REMINDED, opinion, on=on)
    return True


DUTIES = [
    owed.Duty(
        "opinions recalled",
        lambda day: Opinion.objects.to_remind(day).filter(application__state__in=State.open()),
        remind,
        authority="application__authority",
    )
]


def _write(kind: Kind, opinion: Opinion, *, on: date) -> None:
    url = opinions.address(opinion)
    outbox.enqueue(kind, application=opinion.application, on=on, to=opinion.email, url=url, opinion=opinion)
