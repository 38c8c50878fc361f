"""What others say of a case: the panels of the opinions asked and of the messages exchanged."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from permis import attached, permissions
from permis.enums import State
from permis.models import Application
from workflows.opinions import BEFORE_DECISION
from workflows.panel import Panel


def opinions_panel(case: Application, user: User, today: date) -> Panel | None:
    """« Avis »: what was asked, of whom, and what they answered."""
    found = list(attached.of(case.opinions).prefetch_related("attachments__file").order_by("pk"))
    can_ask = permissions.can_review(case, user) and case.state in BEFORE_DECISION
    if not found and not can_ask:
        return None
    rows = [(opinion, opinion.is_late(today)) for opinion in found]
    return Panel("workflows/_opinions.html", {"case": case, "rows": rows, "can_ask": can_ask}, aside=True)


def exchanges_panel(case: Application, user: User, _today: date) -> Panel | None:
    """« Messages »: the last one, and how many wait to be read."""
    if case.state == State.DRAFT:
        return None
    found = list(attached.of(case.exchanges).select_related("author").order_by("-sent_at", "-pk"))
    is_landlord = permissions.is_applicant(case, user)
    unread = sum(each.from_service == is_landlord and each.read_at is None for each in found)
    facts = {"case": case, "last": found[0] if found else None, "count": len(found), "unread": unread, "is_landlord": is_landlord}
    can_open = is_landlord or permissions.can_inspect(case, user)
    return Panel("workflows/_exchanges.html", facts, aside=True) if can_open else None
