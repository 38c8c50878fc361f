"""When a dwelling may be visited, and in what order: pure functions of dates, hours and places, without clock or database.

Hours are those of the authority's own clocks; durations are counted on instants, so that no change of clocks shifts a visit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import cos, hypot, radians
from typing import TypeVar
from zoneinfo import ZoneInfo

from permis import deadlines
from territories.text import fold

STEP = timedelta(minutes=15)
NOON, AFTER_LUNCH = time(12), time(14)
NOTICE_DAYS = 2
HORIZON_DAYS = 45
Place = tuple[float, float]
Stop = TypeVar("Stop")
_STREET = re.compile(r"^\s*(\d+)\s*(bis|ter|quater|[a-h]\b)?\s*,?\s*(.*)$", re.IGNORECASE)


@dataclass(frozen=True)
class Slot:
    """The time of one visit, from an instant to another."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Slot, *, apart: timedelta = timedelta()) -> bool:
        """Whether both cannot be held by one person who needs ``apart`` between two visits."""
        return self.starts_at < other.ends_at + apart and other.starts_at < self.ends_at + apart


@dataclass(frozen=True)
class Routine:
    """How an authority visits: its hours, how long a visit lasts, the way between two, the days kept for the decision."""

    opens: time = time(9)
    closes: time = time(17, 30)
    visit_minutes: int = 45
    travel_minutes: int = 15
    margin_days: int = 5
    saturdays: bool = False

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.visit_minutes)

    @property
    def travel(self) -> timedelta:
        return timedelta(minutes=self.travel_minutes)


def last_day(tacit_on: date | None, routine: Routine, *, first: date) -> date:
    """Dernier jour proposé : assez tôt pour décider ensuite ; à défaut, le dernier jour du mois de la décision (CCH L.635-3)."""
    if tacit_on is None:
        return first + timedelta(days=HORIZON_DAYS)
    wished = tacit_on - timedelta(days=routine.margin_days)
    return wished if wished >= first else tacit_on


def propose(
    busy: Iterable[Slot],
    *,
    routine: Routine,
    zone: ZoneInfo,
    holidays: Container[date],
    now: datetime,
    tacit_on: date | None = None,
    count: int = 6,
) -> list[Slot]:
    """Des rendez-vous possibles pour une personne : au plus un le matin et un l’après-midi de chaque jour.

    ``tacit_on`` bounds a first visit to the month of the decision; None is a visit by agreement, whose day is free.
    """
    taken, today = list(busy), now.astimezone(zone).date()
    first = today + timedelta(days=NOTICE_DAYS)
    if tacit_on is not None and first > tacit_on:
        first = today
    found: list[Slot] = []
    day, until = first, last_day(tacit_on, routine, first=first)
    while day <= until and len(found) < count:
        if _is_visiting_day(day, routine, holidays):
            slots = (slot for slot in _of_day(day, routine, zone) if slot.starts_at > now)
            found += _two_of([slot for slot in slots if _is_free(slot, taken, routine.travel)], zone)
        day += timedelta(days=1)
    return found[:count]


def _is_visiting_day(day: date, routine: Routine, holidays: Container[date]) -> bool:
    return day.weekday() < (6 if routine.saturdays else 5) and day not in holidays


def _of_day(day: date, routine: Routine, zone: ZoneInfo) -> Iterator[Slot]:
    """Every slot of a day that lies whole within the hours of the routine and those of the law."""
    opening, closing = deadlines.VISIT_HOURS
    start = datetime.combine(day, max(routine.opens, opening), zone).astimezone(UTC)
    end = datetime.combine(day, min(routine.closes, closing), zone).astimezone(UTC)
    while start + routine.duration <= end:
        yield Slot(start, start + routine.duration)
        start += STEP


def _is_free(slot: Slot, taken: Sequence[Slot], travel: timedelta) -> bool:
    return not any(slot.overlaps(each, apart=travel) for each in taken)


def _two_of(slots: Sequence[Slot], zone: ZoneInfo) -> list[Slot]:
    """The first of the morning and the first of the afternoon, which starts after lunch where it can."""
    hours = [(slot, slot.starts_at.astimezone(zone).time()) for slot in slots]
    morning = [slot for slot, hour in hours if hour < NOON][:1]
    others = [(slot, hour) for slot, hour in hours if hour >= NOON and not any(slot.overlaps(each) for each in morning)]
    afternoon = [slot for slot, hour in others if hour >= AFTER_LUNCH] or [slot for slot, _ in others]
    return morning + afternoon[:1]


def street_key(address: str) -> tuple[str, int, str]:
    """Street, then number, then « bis »: the order of the doors along a street."""
    found = _STREET.match(address)
    if found is None:
        return fold(address), 0, ""
    number, suffix, street = found.groups()
    return fold(street), int(number), (suffix or "").lower()


def walk(stops: Sequence[Stop], *, place: Callable[[Stop], Place | None], address: Callable[[Stop], str]) -> list[Stop]:
    """L’ordre de la marche : du premier rendez-vous au logement le plus proche, puis au suivant.

    ``stops`` come by hour. A dwelling without place follows those that have one, by street, number, « bis ».
    """
    located = [stop for stop in stops if place(stop) is not None]
    order: list[Stop] = []
    while located:
        here = place(order[-1]) if order else place(located[0])
        nearest = min(located, key=lambda stop: _distance(here, place(stop)))
        located.remove(nearest)
        order.append(nearest)
    return order + sorted((stop for stop in stops if place(stop) is None), key=lambda stop: street_key(address(stop)))


def _distance(one: Place | None, other: Place | None) -> float:
    """As the crow flies in degrees of latitude, which is enough to compare."""
    if one is None or other is None:
        return float("inf")
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians((one[0] + other[0]) / 2)))
