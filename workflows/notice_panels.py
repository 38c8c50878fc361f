"""The panels of a case about its completion and its notification."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from permis import deadlines
from permis.enums import Outcome, State
from permis.models import Application
from permis.permissions import can_manage, can_review, can_sign
from workflows import channels, completion, notices
from workflows.actions import consent
from workflows.panel import Panel


def completion_panel(case: Application, user: User, today: date) -> Panel | None:
    """« Pièces attendues » : la date fixée, la relance, ce que le classement suppose ; puis les jours qui restent pour contester."""
    waiting = completion.of(case, today=today)
    if waiting is None:
        return None
    rights = {"can_review": can_review(case, user), "can_manage": can_manage(case, user)}
    return Panel("workflows/_completion.html", {"case": case, "completion": waiting, **rights}, aside=True)


def notification(case: Application, user: User, today: date) -> Panel | None:
    """« Notification » : les envois, ce qui attend, et ce qui reste possible quand il est trop tard."""
    if case.signed_on is None:
        return None
    facts: dict[str, Any] = {
        "case": case,
        "sendings": notices.of(case),
        "recipient": consent.recipient(case),
        "said": consent.last(case),
        "can_notify": case.state == State.DECISION_SIGNED and can_review(case, user),
        "can_follow": can_review(case, user),
    }
    if case.state == State.DECISION_SIGNED:
        facts["needs_second"] = channels.needs_second(case, today=today)
        if case.held_until is not None:
            days_left = max((case.held_until - today).days, 0)
            facts |= {
                "pending_until": case.held_until,
                "days_left": days_left,
                "is_trap": case.held_until > (case.tacit_on or case.held_until),
            }
    if case.state == State.GRANTED_TACIT and case.tacit_on is not None and case.outcome in (Outcome.REFUSED, Outcome.CONDITIONAL):
        until = deadlines.withdrawable_until(case.tacit_on)
        facts |= {
            "late": str(Outcome(case.outcome).label),
            "withdrawable_until": until,
            "can_revoke": today <= until and can_sign(case, user),
        }
    return Panel("workflows/_notices.html", facts)


def reading(case: Application, user: User, today: date) -> Panel | None:
    """« Une décision vous attend », puis ses trois dates une fois lue ; rien de ce qu’elle décide."""
    del user
    if notices.waits(case):
        return Panel(
            "workflows/_awaiting.html",
            {"case": case, "until": case.held_until, "recipient": consent.recipient(case), "today": today},
        )
    if (notice := notices.opened(case)) is not None:
        return Panel("workflows/_awaiting.html", {"case": case, "notice": notice})
    return None


def consent_of(case: Application, user: User, today: date) -> Panel | None:
    """« Recevoir la décision en ligne » : l’accord donné, retiré ou à donner, tant que rien n’est décidé."""
    del user, today
    if case.is_declaration or case.state not in State.open() or case.applicant_id is None:
        return None
    said = consent.last(case)
    facts = {
        "case": case,
        "said": said,
        "is_given": said is not None and said.is_given,
        "text": consent.TEXT,
        "recipient": consent.recipient(case),
    }
    return Panel("workflows/_consent.html", facts, aside=True)
