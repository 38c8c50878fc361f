"""What the page of a case says of its transmissions: to whom, what, when, and what is late."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from permis.models import Application
from workflows import transmitting
from workflows.panel import Panel


def for_service(case: Application, user: User, today: date) -> Panel | None:
    """The transmissions of a case, for those who follow the ledger."""
    facts = transmitting.panel(case, user, today=today)
    return Panel("workflows/_transmissions.html", facts) if facts is not None else None
