"""What the page of a case says while its decision is prepared: who has read the draft, and what is known at the address."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from permis import visas
from permis.enums import State
from permis.models import Application, Decision
from workflows import neighbourhood
from workflows.panel import Panel


def visas_of(case: Application, _user: User, _today: date) -> Panel | None:
    """Who has read the draft before its signatory, while it waits."""
    if case.state not in (State.AWAITING_DECISION, State.DECISION_SIGNED):
        return None
    decision = Decision.objects.filter(application=case, visas_required__gt=0).first()
    if decision is None:
        return None
    return Panel("workflows/_visa_panel.html", {"given": visas.standing(decision), "required": decision.visas_required})


def address(case: Application, user: User, _today: date) -> Panel | None:
    """What is known at this address, and the orders that somebody has still to settle."""
    found = neighbourhood.beside(case, user)
    return Panel("workflows/_address_panel.html", found, aside=True) if found else None
