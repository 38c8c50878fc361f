"""The charts of a printed report, drawn in SVG by the server; a table says the same beside each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

# Of the drawing, in its own units: the floor of the bars, the tallest of them, and the room of a month.
_FLOOR, _TALLEST, _STEP = 170, 130, 44


@dataclass(frozen=True)
class MonthCount:
    """A month of the report: its short name, what came and what was decided."""

    label: str
    received: int
    decided: int


@dataclass(frozen=True)
class _Bars:
    label: str
    received: int
    decided: int
    x: int
    tall_received: int
    tall_decided: int

    @property
    def x_decided(self) -> float:
        return self.x + 18.5

    @property
    def middle(self) -> int:
        return self.x + 17

    @property
    def top_received(self) -> int:
        return _FLOOR - self.tall_received

    @property
    def top_decided(self) -> int:
        return _FLOOR - self.tall_decided

    @property
    def above(self) -> int:
        return min(self.top_received, self.top_decided) - 4


def months(counts: Sequence[MonthCount]) -> str:
    """Two bars a month, both numbers above them."""
    tallest = max((max(each.received, each.decided) for each in counts), default=0) or 1
    bars = [
        _Bars(
            each.label,
            each.received,
            each.decided,
            place * _STEP + 4,
            round(_TALLEST * each.received / tallest),
            round(_TALLEST * each.decided / tallest),
        )
        for place, each in enumerate(counts)
    ]
    return render_to_string("workflows/charts/months.svg", {"bars": bars, "width": max(len(counts), 6) * _STEP})


def described(counts: Sequence[MonthCount]) -> str:
    """What the drawing shows, for who cannot see it."""
    told = "\u00a0; ".join(f"{each.label}\u00a0: {each.received} et {each.decided}" for each in counts)
    return f"Demandes reçues et décisions prises, mois par mois. {told}."
