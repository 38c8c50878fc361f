"""Around an appointment: what was tried to reach people, what the judge said, where the dwelling is."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from inspections.enums import ContactChannel, ContactResult, VisitState
from inspections.models import ContactAttempt, Visit
from permis import guards, journal, permissions
from permis.models import Application
from permis.models.journal import Event
from workflows import flows
from workflows.actions.appointments import locked
from workflows.guards import require_permission


class DayToCome(guards.Refusal):
    code = "wrong_state"
    message = "Cette date est dans le futur. Indiquez un jour passé, ou aujourd’hui."


class JudgeBeforeAsked(guards.Refusal):
    code = "wrong_state"
    message = "L’autorisation du juge ne peut pas précéder sa demande. Vérifiez les deux dates."


@transaction.atomic
def record_contact(
    application: Application,
    *,
    channel: ContactChannel,
    person: str,
    result: ContactResult,
    contacted_on: date,
    by: User,
    on: date,
    note: str = "",
) -> ContactAttempt:
    """Noter un essai de contact : quand, par quel moyen, avec qui, ce qu’il en est venu."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_inspect(application, by))
    if contacted_on > on:
        raise DayToCome
    attempt = ContactAttempt.objects.create(
        application=application, on=contacted_on, by=by, channel=channel, person=person, result=result, note=note
    )
    journal.record(application, Event.CONTACT_ATTEMPTED, by=by, on=contacted_on, channel=channel, result=result)
    flows.advance(application)
    return attempt


@transaction.atomic
def record_judge(visit: Visit, *, asked_on: date, granted_on: date | None, by: User, on: date) -> Visit:
    """Noter l’autorisation demandée au juge, ou obtenue de lui, après un refus d’accès (L.635-3) ; le délai court toujours."""
    application, visit = locked(visit)
    require_permission(permissions.can_review(application, by))
    if visit.state != VisitState.ACCESS_REFUSED:
        raise guards.WrongState
    if max(asked_on, granted_on or asked_on) > on:
        raise DayToCome
    if granted_on is not None and granted_on < asked_on:
        raise JudgeBeforeAsked
    if asked_on != visit.judge_asked_on:
        journal.record(application, Event.JUDGE_ASKED, by=by, on=asked_on, visit=visit.pk)
    if granted_on is not None and granted_on != visit.judge_granted_on:
        journal.record(application, Event.JUDGE_GRANTED, by=by, on=granted_on, visit=visit.pk)
    visit.judge_asked_on, visit.judge_granted_on = asked_on, granted_on
    visit.save()
    flows.advance(application)
    return visit


@transaction.atomic
def place_dwelling(application: Application, *, latitude: float, longitude: float, by: User, on: date) -> Application:
    """Placer le logement sur la carte."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_inspect(application, by))
    dwelling = application.dwelling
    dwelling.latitude, dwelling.longitude = latitude, longitude
    dwelling.save(update_fields=["latitude", "longitude"])
    journal.record(application, Event.PLACED, by=by, on=on, latitude=latitude, longitude=longitude)
    flows.advance(application)
    return application
