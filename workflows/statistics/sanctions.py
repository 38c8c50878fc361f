"""The figures of the sanctions of an authority, year by year: how many, ordered, recovered. No personal data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, ExtractYear

from permis.breaches import SanctionState
from permis.models import Payment, Sanction


@dataclass(frozen=True)
class Year:
    """What was found, decided and paid in one year; a fine that was withdrawn is no longer ordered."""

    year: int
    found: int = 0
    closed: int = 0
    fined: int = 0
    ordered: int = 0
    recovered: int = 0


def by_year(authorities: Collection[int]) -> list[Year]:
    """One line a year in which something happened, the last one first; five queries, whatever the number of sanctions."""
    of_authorities = Sanction.objects.filter(authority__in=authorities)
    standing = of_authorities.filter(state__in=SanctionState.ordered())
    paid = Payment.objects.filter(sanction__authority__in=authorities)
    counted: dict[str, Mapping[int, Any]] = {
        "found": _per(of_authorities, "found_on", Count("pk")),
        "closed": _per(of_authorities.filter(state=SanctionState.CLOSED), "ended_on", Count("pk")),
        "fined": _per(standing, "fined_on", Count("pk")),
        "ordered": _per(standing, "fined_on", Sum(Coalesce(F("reduced_to"), F("amount")))),
        "recovered": _per(paid.filter(~Q(sanction__state=SanctionState.WITHDRAWN)), "on", Sum("amount")),
    }
    years = sorted({year for figures in counted.values() for year in figures}, reverse=True)
    return [Year(year, **{name: figures.get(year, 0) for name, figures in counted.items()}) for year in years]


def _per(rows: Any, day: str, figure: Any) -> Mapping[int, Any]:
    """The figure of each year of a date."""
    counted = rows.annotate(year=ExtractYear(day)).values("year").annotate(figure=figure).order_by("year")
    return dict(counted.values_list("year", "figure"))
