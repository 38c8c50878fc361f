"""What a page of a case shows besides its own: each subject brings its panel, or none where it has nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import User
from permis import visas
from permis.enums import State
from permis.models import Application, Decision
from workflows import neighbourhood


@dataclass(frozen=True)
class Panel:
    """A fragment and what it needs; ``aside`` puts it in the narrow column."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    aside: bool = False


def _visas(case: Application, _user: User, _today: date) -> Panel | None:
    """Who has read the draft before its signatory, while it waits."""
    decision = Decision.objects.filter(application=case, visas_required__gt=0).first()
    if decision is None or case.state not in (State.AWAITING_DECISION, State.DECISION_SIGNED):
        return None
    return Panel("workflows/_visa_panel.html", {"given": visas.standing(decision), "required": decision.visas_required})


def _address(case: Application, user: User, _today: date) -> Panel | None:
    """What is known at this address, and the orders that somebody has still to settle."""
    found = neighbourhood.beside(case, user)
    return Panel("workflows/_address_panel.html", found, aside=True) if found else None


Maker = Callable[[Application, User, date], Panel | None]
# In the order in which they are read.
FOR_SERVICE: Sequence[Maker] = (_visas, _address)
FOR_LANDLORD: Sequence[Maker] = ()


def of(case: Application, user: User, *, today: date) -> list[Panel]:
    """The panels of the service’s page of a case."""
    return _made(FOR_SERVICE, case, user, today)


def for_landlord(case: Application, user: User, *, today: date) -> list[Panel]:
    """The panels of the landlord’s page; nothing of a decision before it is notified."""
    return _made(FOR_LANDLORD, case, user, today)


def _made(makers: Sequence[Maker], case: Application, user: User, today: date) -> list[Panel]:
    return [panel for make in makers if (panel := make(case, user, today))]
