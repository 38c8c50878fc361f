"""What a page of a case shows besides its own: each subject brings its panel, or none where it has nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import User
from permis.models import Application
from workflows import transmitting


@dataclass(frozen=True)
class Panel:
    """A fragment and what it needs; ``aside`` puts it in the narrow column."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    aside: bool = False


def _transmissions(case: Application, user: User, today: date) -> Panel | None:
    facts = transmitting.panel(case, user, today=today)
    return Panel("workflows/_transmissions.html", facts) if facts is not None else None


Maker = Callable[[Application, User, date], Panel | None]
# In the order in which they are read.
FOR_SERVICE: Sequence[Maker] = (_transmissions,)
FOR_LANDLORD: Sequence[Maker] = ()


def of(case: Application, user: User, *, today: date) -> list[Panel]:
    """The panels of the service’s page of a case."""
    return _made(FOR_SERVICE, case, user, today)


def for_landlord(case: Application, user: User, *, today: date) -> list[Panel]:
    """The panels of the landlord’s page; nothing of a decision before it is notified."""
    return _made(FOR_LANDLORD, case, user, today)


def _made(makers: Sequence[Maker], case: Application, user: User, today: date) -> list[Panel]:
    return [panel for make in makers if (panel := make(case, user, today))]
