"""What a page of a case shows besides its own: each subject brings its panel, or none where it has nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import User
from permis.models import Application
from workflows import afterlife_panels as afterlife
from workflows import contesting, deciding, declarations, listening, notice_panels, sanction_panels, scoping, transmission_panels
from workflows.panel import Panel

Maker = Callable[[Application, User, date], Panel | None]


def shows(template: str, facts: Callable[[Application, User, date], Mapping[str, Any] | None], *, aside: bool = False) -> Maker:
    """A panel made of a fragment and of the function that gathers what it needs, or nothing."""

    def make(case: Application, user: User, today: date) -> Panel | None:
        found = facts(case, user, today)
        return None if found is None else Panel(template, found, aside)

    return make


AFTERLIFE = (afterlife.validity, afterlife.transfers_of, afterlife.commitments, afterlife.works_asked, afterlife.followed)
# In the order in which they are read.
FOR_SERVICE: Sequence[Maker] = (
    scoping.for_service,
    declarations.for_service,
    notice_panels.completion_panel,
    notice_panels.notification,
    deciding.visas_of,
    deciding.address,
    shows("workflows/_illegality.html", contesting.illegality_for_service, aside=True),
    shows("workflows/_hearings.html", contesting.hearings_for_service),
    shows("workflows/_appeals.html", contesting.appeals_for_service),
    *AFTERLIFE,
    sanction_panels.for_service,
    transmission_panels.for_service,
    listening.exchanges_panel,
    listening.opinions_panel,
)
FOR_LANDLORD: Sequence[Maker] = (
    notice_panels.reading,
    declarations.for_landlord,
    shows("workflows/_own_hearings.html", contesting.hearings_for_landlord),
    shows("workflows/_own_appeals.html", contesting.appeals_for_landlord),
    *AFTERLIFE,
    sanction_panels.for_landlord,
    notice_panels.consent_of,
    listening.exchanges_panel,
)


def of(case: Application, user: User, *, today: date) -> list[Panel]:
    """The panels of the service’s page of a case."""
    return _made(FOR_SERVICE, case, user, today)


def for_landlord(case: Application, user: User, *, today: date) -> list[Panel]:
    """The panels of the landlord’s page; nothing of a decision before it is notified."""
    return _made(FOR_LANDLORD, case, user, today)


def _made(makers: Sequence[Maker], case: Application, user: User, today: date) -> list[Panel]:
    return [panel for make in makers if (panel := make(case, user, today))]
