"""The adversarial procedure before a permit whose conditions are not met is repealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal, permissions
from permis.enums import ConditionState, Means, State
from permis.models import Application, Hearing, PrescribedWork
from permis.models.journal import Event
from territories.calendars import public_holidays
from workflows import drafting, flows
from workflows.actions.works import to_settle
from workflows.guards import require_permission


class NotYetUnmet(guards.Refusal):
    code = "wrong_state"
    message = "Ces travaux ne sont ni constatés non faits, ni en retard : rien ne peut encore être reproché au bailleur."


class NotYetHappened(guards.Refusal):
    code = "wrong_state"
    message = "Cette date est dans le futur, ou précède l’envoi de la lettre : vérifiez-la."


@transaction.atomic
def open_hearing(
    application: Application,
    *,
    works: Collection[PrescribedWork],
    reasons: str,
    means: Means,
    by: User,
    on: date,
    tracking_number: str = "",
) -> Hearing:
    """Inviter le titulaire à présenter ses observations avant d’abroger l’autorisation (CRPA L.121-1, L.242-2). Raises NotYetUnmet."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    if application.state != State.GRANTED_CONDITIONAL:
        raise guards.WrongState
    asked = {work.pk for work in works}
    chosen = [work for work in to_settle(application) if work.pk in asked and may_be_held_against(work, on=on)]
    if not chosen or len(chosen) != len(asked):
        raise NotYetUnmet
    hearing = Hearing.objects.create(
        application=application, reasons=reasons, means=means, tracking_number=tracking_number, sent_on=on
    )
    hearing.works.set(chosen)
    act = acts.freeze(application, ActKind.HEARING, drafting.hearing(application, chosen, reasons=reasons, on=on), on=on)
    journal.record(
        application,
        Event.HEARING_OPENED,
        by=by,
        on=on,
        hearing=hearing.pk,
        works=[work.pk for work in chosen],
        means=means,
        tracking=tracking_number,
        act=act.pk,
    )
    outbox.enqueue(Kind.HEARING, application=application, on=on, acts=[act.pk], works=chosen, reasons=reasons)
    flows.advance(application)
    return hearing


@transaction.atomic
def record_answer(
    hearing: Hearing,
    *,
    by: User,
    on: date,
    received_on: date | None = None,
    tracking_number: str = "",
    observations: str = "",
    observations_on: date | None = None,
) -> Hearing:
    """Inscrire le jour de réception de la lettre, d’où partent les quinze jours, puis les observations reçues. Raises NotYetHappened."""
    application = Application.objects.locked().get(pk=hearing.application_id)
    require_permission(permissions.can_review(application, by))
    hearing = Hearing.objects.get(pk=hearing.pk)
    if any(day is not None and not hearing.sent_on <= day <= on for day in (received_on, observations_on)):
        raise NotYetHappened
    facts = {"hearing": hearing.pk}
    if received_on is not None and received_on != hearing.received_on:
        hearing.received_on = received_on
        hearing.answer_by = deadlines.answer_by(received_on, public_holidays(application.authority.department))
        journal.record(application, Event.HEARING_RECEIVED, by=by, on=received_on, answer_by=hearing.answer_by, **facts)
    if observations and observations != hearing.observations:
        hearing.observations, hearing.observations_on = observations, observations_on or on
        journal.record(
            application, Event.OBSERVATIONS_RECEIVED, by=by, on=hearing.observations_on, observations=observations, **facts
        )
    hearing.tracking_number = tracking_number or hearing.tracking_number
    hearing.save()
    return hearing


def may_be_held_against(work: PrescribedWork, *, on: date) -> bool:
    """Found not done, or past its term without having been found done."""
    return work.state == ConditionState.UNMET or (work.due_on is not None and work.due_on < on)
