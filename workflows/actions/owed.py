"""What time does by itself, wherever it is due: found by date, and each record in a transaction of its own.

Nothing here goes from authority to authority: one query asks for all the duties which authorities owe something, on the day it
is where they stand. Only those are then read, duty by duty.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from random import shuffle
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, connection, models
from django.db.models import QuerySet, Value
from django_fsm import TransitionNotAllowed

from permis import guards
from permis.alarms import Alarm
from permis.models.told import Told
from territories.models import Authority

logger = logging.getLogger(__name__)
_PART = 100
_Record = TypeVar("_Record", bound=models.Model)


@dataclass(frozen=True)
class Duty:
    """One thing that the clock owes: what is due on a day, by an index, and the action that does it.

    ``authority`` is the path from what is due to the authority that owes it. The action locks its record and looks again, so
    that it is done once whoever else does it; where ``whole`` is said, it is given the authority, once, and answers how many
    records it changed.
    """

    name: str
    due: Callable[[date], QuerySet[Any]]
    action: Callable[..., Any]
    authority: str = "authority"
    whole: bool = False


def everywhere(duties: Sequence[Duty], *, now: datetime) -> dict[str, int]:
    """Do all of these duties, in their order, for every authority that owes one on its own day; safe to run twice.

    What a duty makes due for another one is found the next time. Raises ExceptionGroup once everything else is done, with
    what could not be: a record that fails keeps no other one waiting.
    """
    owing = set(_owing(duties, now))
    authorities = Authority.objects.in_bulk({pk for _, pk in owing}) if owing else {}
    with _whatever_fails() as failures:
        return {
            duty.name: sum(
                _settle(duty, authority, on=authority.local(now).date(), failures=failures)
                for pk, authority in sorted(authorities.items())
                if (duty.name, pk) in owing
            )
            for duty in duties
        }


def of(authority: Authority, duties: Iterable[Duty], *, on: date) -> dict[str, int]:
    """What these duties owe one authority on this day; safe to run twice. Raises ExceptionGroup as `everywhere` does."""
    with _whatever_fails() as failures:
        return {duty.name: _settle(duty, authority, on=on, failures=failures) for duty in duties}


def for_each(name: str, records: Iterable[_Record], do: Callable[[_Record], int]) -> int:
    """The sum of what it answers for each record. Raises ExceptionGroup as `everywhere` does; ``name`` is for the log."""
    with _whatever_fails() as failures:
        return sum(_heard(name, record, do, failures) for record in records)


def owing_on(duties: Sequence[Duty], day: date, *, zones: Sequence[str] = ()) -> QuerySet[Any]:
    """The duties and the authorities that owe them on this day, in one query; ``zones`` are the time zones where it is that day."""
    arms = []
    for duty in duties:
        due = duty.due(day).filter(**{f"{duty.authority}__time_zone__in": zones}) if zones else duty.due(day)
        arms.append(due.values_list(Value(duty.name), duty.authority))
    return arms[0].union(*arms[1:])


def _owing(duties: Sequence[Duty], now: datetime) -> Iterator[tuple[str, int]]:
    """At one moment the authorities have one day as a rule, two or three at the most."""
    days = defaultdict(list)
    for zone in Authority.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct():
        days[now.astimezone(ZoneInfo(zone)).date()].append(zone)
    for day, zones in days.items():
        asked = _written(tuple(duties), day, tuple(zones) if len(days) > 1 else ())
        with connection.cursor() as cursor:
            cursor.execute(*asked)
            yield from cursor.fetchall()


@lru_cache(maxsize=8)
def _written(duties: tuple[Duty, ...], day: date, zones: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """The statement of a day and its values: the same from minute to minute, and longer to compile than to run."""
    sql, values = owing_on(duties, day, zones=zones).query.sql_with_params()
    return sql, tuple(values)


@contextmanager
def _whatever_fails() -> Iterator[list[Exception]]:
    """What failed inside the block, told at its end."""
    failures: list[Exception] = []
    yield failures
    if failures:
        raise ExceptionGroup("Some of what time does could not be done.", failures)


def _settle(duty: Duty, authority: Authority, *, on: date, failures: list[Exception]) -> int:
    """How many records of an authority this duty changed."""
    due = duty.due(on).filter(**{duty.authority: authority})
    if duty.whole:
        return _done(duty, authority, on=on, failures=failures) if due.exists() else 0
    keys = list(due.values_list("pk", flat=True))
    # Two workers that find the same records take them in another order, and seldom meet.
    shuffle(keys)
    left = (pk for part in _parts(keys) for pk in due.filter(pk__in=part).values_list("pk", flat=True))
    return sum(_done(duty, due.model(pk=pk), on=on, failures=failures) for pk in left)


def _parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """By the hundred: what the other worker did meanwhile is not looked at one by one."""
    for start in range(0, len(keys), _PART):
        yield keys[start : start + _PART]


def _done(duty: Duty, record: models.Model, *, on: date, failures: list[Exception]) -> int:
    """How many records the action changed."""

    def act(record: models.Model) -> int:
        done = duty.action(record, on=on)
        return int(done) if duty.whole else int(bool(done))

    return _heard(duty.name, record, act, failures)


def _heard(name: str, record: _Record, do: Callable[[_Record], int], failures: list[Exception]) -> int:
    """What it answers; none where it fails, and the failure is kept to be told at the end."""
    try:
        return do(record)
    except (TransitionNotAllowed, guards.Refusal):
        # Decided, mended or corrected since it was selected: the clock owes it nothing any more.
        return 0
    except Exception as failure:
        # Without a database nothing can be done for any other one either; a deadlock is the misfortune of this one.
        if isinstance(failure, InterfaceError | OperationalError) and not connection.is_usable():
            raise
        logger.exception("duty failed name=%s model=%s pk=%s", name, record._meta.label, record.pk)
        failures.append(failure)
        return 0


def step(record: Told, alarm: Alarm, steps: Sequence[date], *, on: date, until: date | None = None) -> date | None:
    """The last step of an alarm that has come, none once its time is over; the locked record is looked at again at the next one.

    Whether it was told is for the journal to say (`journal.is_told`): a step may have been told before it was noted.
    """
    is_over = until is not None and on > until
    due = [day for day in steps if day <= on]
    record.note_told(alarm, next_on=None if is_over else min((day for day in steps if day > on), default=None))
    return due[-1] if due and not is_over else None
