"""An incomplete file to its end: the date that was fixed, the reminder, the closure, and the five days to contest what came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from documents.enums import FileState
from documents.models import Piece
from permis import attached, deadlines, guards
from permis.enums import State
from permis.models import Application, PieceRequest
from permis.rules import Rule, value
from territories.calendars import public_holidays


@dataclass(frozen=True)
class Completion:
    """Where it stands: still waited for, or just completed; days are counted from today."""

    request: PieceRequest
    is_overdue: bool = False
    days_left: int = 0
    arrived: tuple[Piece, ...] = ()
    can_close: bool = False
    contest_until: date | None = None

    @property
    def is_over(self) -> bool:
        return self.contest_until is not None and self.days_left < 0


def of(case: Application, *, today: date) -> Completion | None:
    """What the page of the case says of it; None where no piece is waited for nor has just come."""
    if case.state == State.INCOMPLETE:
        request = case.open_request()
        if request is None or case.respond_by is None:
            return None
        arrived = tuple(since_reminder(case, request))
        is_overdue = today > case.respond_by
        can_close = is_overdue and case.reminded_on is not None and not arrived
        return Completion(request, is_overdue, (case.respond_by - today).days, arrived, can_close)
    if case.state == State.UNDER_REVIEW and case.completed_on is not None:
        until = deadlines.contest_until(case.completed_on)
        request = last_answered(case)
        if request is not None and today <= until + timedelta(days=deadlines.CONTEST_DAYS):
            return Completion(request, days_left=(until - today).days, contest_until=until)
    return None


def last_answered(case: Application) -> PieceRequest | None:
    """The request whose last piece made the month start."""
    return attached.of(case.piece_requests).filter(required=True, answered_on__isnull=False).order_by("pk").last()


def since_reminder(case: Application, request: PieceRequest) -> Any:
    """Pieces of the request that came on the day of the last reminder or after it, and can be opened."""
    if case.reminded_on is None:
        return Piece.objects.none()
    found = case.pieces.current().filter(kind__in=request.pieces, received_on__gte=case.reminded_on)
    return found.exclude(file__state__in=FileState.unusable()).order_by("pk")


def proposed_date(case: Application, *, on: date) -> date:
    """The date proposed in a request: the months that the authority leaves, on a working day."""
    months = value(case.authority, Rule.COMPLETION_MONTHS, on=on)
    return deadlines.respond_by(deadlines.add_months(on, months), public_holidays(case.authority.department))


def target_on(case: Application, *, on: date) -> date | None:
    """The working day that the service aims at, by the rule of its authority; the law's own last day never moves."""
    if case.tacit_on is None:
        return None
    target = case.tacit_on - timedelta(days=value(case.authority, Rule.TARGET_DAYS, on=on))
    return deadlines.previous_working_day(target, public_holidays(case.authority.department))


def is_late_notice(case: Application, *, on: date) -> bool:
    """Asked now, the request would be one of the last five days: it is flagged and counted."""
    return case.tacit_on is not None and deadlines.is_late_notice(case.tacit_on, on=on)


def require_notice_allowed(case: Application, *, on: date) -> bool:
    """Whether a request made now is late, refused where the authority makes none so late. Raises LateNotice."""
    is_late = is_late_notice(case, on=on)
    if is_late and not value(case.authority, Rule.LATE_NOTICE, on=on):
        raise guards.LateNotice
    return is_late


def require_contestable(case: Application, kinds: set[str], reasons: dict[str, str], *, on: date) -> None:
    """Pieces that made the month start are asked for again within five days, each with its reason. Raises Refusal.

    What nobody could open was never received: it is asked for again until the last day.
    """
    request = last_answered(case) if case.state == State.UNDER_REVIEW else None
    if request is None or case.completed_on is None:
        return
    received = case.pieces.current().filter(kind__in=kinds & set(request.pieces)).exclude(file__state__in=FileState.unusable())
    contested = set(received.values_list("kind", flat=True))
    if not all(reasons.get(kind, "").strip() for kind in contested):
        raise guards.ContestWithoutReason
    if contested and on > deadlines.contest_until(case.completed_on):
        raise guards.ContestTooLate
