"""What the pages of a declaration say besides those of a permit: when it was due, when it came, what is late."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from permis.enums import State
from permis.models import Application
from territories.calendars import public_holidays
from workflows.panel import Panel


def for_service(case: Application, _user: User, today: date) -> Panel | None:
    """The dates of the declaration, and what is late in it: the landlord's deposit, the service's answer."""
    return _panel(case, today, for_landlord=False)


def for_landlord(case: Application, _user: User, today: date) -> Panel | None:
    """The same dates, said without reproach."""
    return _panel(case, today, for_landlord=True)


def _panel(case: Application, today: date, *, for_landlord: bool) -> Panel | None:
    if not case.is_declaration or case.received_on is None:
        return None
    holidays = public_holidays(case.authority.department)
    filed_on, due_on = case.posted_on or case.received_on, case.declaration_due_on(holidays)
    is_awaited = case.state in State.open() and case.receipt_due_on is not None
    facts = {
        "case": case,
        "due_on": due_on,
        "is_late": case.is_declared_late(holidays),
        "days_late": (filed_on - due_on).days if due_on else 0,
        "is_overdue": is_awaited and case.receipt_due_on is not None and today > case.receipt_due_on,
        "for_landlord": for_landlord,
        "again": case.resubmissions.order_by("pk").last(),
        "before": case.resubmits,
    }
    return Panel("workflows/_declaration.html", facts, aside=not for_landlord)
