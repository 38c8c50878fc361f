"""A few communes side by side, next to all of them together: the main figures, and the shares that sizes do not hide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from documents.french import NBSP
from territories.models import Commune
from workflows.statistics.board import percent
from workflows.statistics.figures import Figures, Read
from workflows.statistics.measures import Measure

ALL = "Ensemble"


@dataclass(frozen=True)
class Line:
    """A figure, and its value in each commune and in all of them, each under its name."""

    label: str
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    names: Sequence[str]
    lines: Sequence[Line]


def table(found: Read, communes: Sequence[Commune]) -> Table | None:
    """Nothing while no commune is chosen; one that had no case has its noughts."""
    if not communes:
        return None
    places = [*((each.name, found.communes.get(each.pk, Figures())) for each in communes), (ALL, found.total)]
    lines = [Line(label, [(name, value(place)) for name, place in places]) for label, value in _FIGURES]
    return Table([name for name, _ in places], lines)


def _days(place: Figures, measure: Measure, percentile: int = 50) -> str:
    days = place.delay(measure, percentile)
    return "–" if days is None else f"{days}{NBSP}j"


def _share(count: int, place: Figures) -> str:
    return f"{count} ({percent(count, place.ended)}{NBSP}%)" if place.ended else str(count)


_FIGURES: Sequence[tuple[str, Callable[[Figures], str]]] = (
    ("Demandes reçues", lambda place: str(place.received)),
    ("Ouvertes à ce jour", lambda place: str(place.open)),
    ("Délai médian de réponse", lambda place: _days(place, Measure.NOTIFIED)),
    ("Neuf réponses sur dix en", lambda place: _days(place, Measure.NOTIFIED, 90)),
    ("Autorisées", lambda place: _share(place.granted, place)),
    ("Sous conditions", lambda place: _share(place.conditional, place)),
    ("Refusées", lambda place: _share(place.refused, place)),
    ("Tacites", lambda place: _share(place.tacit, place)),
    ("Travaux prescrits", lambda place: str(place.prescribed)),
    ("Logements remis en état", lambda place: str(place.lifted)),
)
