"""Requests for pieces made in the last five days of the month: lawful, and a sign that files are read too late."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from permis.models import PieceRequest
from territories.models import Authority


@dataclass(frozen=True)
class LateRequests:
    """How many required pieces were asked for late, of all such requests of the year."""

    late: int
    all: int


def late_requests(authorities: list[Authority], *, year: int) -> LateRequests:
    """The count of a year, in one query; no personal data."""
    asked = PieceRequest.objects.filter(application__authority__in=authorities, required=True, requested_on__year=year)
    return LateRequests(**asked.aggregate(late=Count("pk", filter=Q(is_late=True)), all=Count("pk")))
