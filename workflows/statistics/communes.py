"""The first page of figures: per commune, what came, what is open, how it ended. No personal data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta

from django.db.models import Count, Q

from permis.enums import State
from permis.models import Application
from territories.enums import Regime
from territories.models import Authority, Commune

SOON = timedelta(days=5)


@dataclass(frozen=True)
class Figures:
    """Counts of the cases filed in one year; ``open``, ``due_soon`` and ``unanswered`` are those of today.

    The first seven are those of the permits: a declaration has neither decision nor month, and its own four.
    """

    received: int
    open: int
    due_soon: int
    granted: int
    conditional: int
    refused: int
    tacit: int
    declared: int = 0
    receipted: int = 0
    unanswered: int = 0
    expired: int = 0

    @classmethod
    def names(cls) -> list[str]:
        return [field.name for field in fields(cls)]

    @property
    def decided(self) -> int:
        return self.granted + self.conditional + self.refused + self.tacit


@dataclass(frozen=True)
class Row:
    commune: Commune
    figures: Figures


def by_commune(authorities: list[Authority], *, year: int, today: date) -> list[Row]:
    """One row a commune with at least one case filed that year, by name; one query for the figures, one for the names."""
    filed = Application.objects.filter(authority__in=authorities, received_on__year=year).exclude(state=State.DRAFT)
    counted = filed.values("commune").annotate(**_counts(today)).order_by("commune")
    found = {commune: Figures(*figures) for commune, *figures in counted.values_list("commune", *Figures.names())}
    communes = Commune.objects.filter(pk__in=found).order_by("sort_key")
    return [Row(commune, found[commune.pk]) for commune in communes]


def total(rows: list[Row]) -> Figures:
    """The sum of the communes."""
    names = Figures.__dataclass_fields__
    return Figures(**{name: sum(getattr(row.figures, name) for row in rows) for name in names})


def _counts(today: date) -> dict[str, Count]:
    """A permit granted in silence stays tacit whatever became of it; a grant keeps its outcome once lifted, used or lapsed."""
    notified = Q(notified_on__isnull=False)
    permit, declaration = Q(regime=Regime.APML), Q(regime=Regime.DML)
    return {
        "received": Count("pk", filter=permit),
        "open": Count("pk", filter=permit & Q(state__in=State.open())),
        "due_soon": Count("pk", filter=Q(state__in=State.clock_running(), tacit_on__lte=today + SOON)),
        "granted": Count("pk", filter=notified & Q(outcome="granted")),
        "conditional": Count("pk", filter=notified & Q(outcome="conditional")),
        "refused": Count("pk", filter=notified & Q(outcome="refused")),
        "tacit": Count("pk", filter=Q(notified_on__isnull=True, valid_until__isnull=False)),
        "declared": Count("pk", filter=declaration),
        "receipted": Count("pk", filter=declaration & Q(state=State.RECEIPTED)),
        "unanswered": Count("pk", filter=declaration & Q(state__in=State.open(), receipt_due_on__lt=today)),
        "expired": Count("pk", filter=declaration & Q(state=State.EXPIRED)),
    }
