"""The grid filled in by hand: its pages are kept with the visit, then the report is entered beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from inspections.enums import VisitState
from inspections.models import Visit
from inspections.models.visit import can_inspect
from permis import guards, journal
from permis.models import Application
from permis.models.journal import Event
from workflows import flows
from workflows.guards import require_permission


class NothingToAttachTo(guards.Refusal):
    code = "wrong_state"
    message = "Cette visite n’a pas eu lieu : aucune grille ne peut y être jointe. Planifiez-en une autre depuis le dossier."


def require_held(visit: Visit) -> None:
    """Refuse a visit that was called off, or that found nobody."""
    if visit.state not in (VisitState.PLANNED, VisitState.DONE):
        raise NothingToAttachTo


@transaction.atomic
def attach_grid(visit: Visit, *, files: Sequence[str], by: User, on: date) -> Visit:
    """Joindre à une visite la grille remplie à la main : les empreintes des fichiers envoyés. Raises NothingToAttachTo."""
    application = Application.objects.locked().get(pk=visit.application_id)
    visit = Visit.objects.get(pk=visit.pk, application=application)
    require_permission(can_inspect(visit, by))
    require_held(visit)
    journal.record(application, Event.GRID_ATTACHED, by=by, on=on, visit=visit.pk, files=list(files))
    flows.advance(application)
    return visit
