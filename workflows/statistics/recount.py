"""Proof that the figures are what the cases say, and their repair: every case read again, its lines added up anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Sum

from permis.enums import State
from permis.models import Application
from workflows import standing
from workflows.models import CaseTally, Tally
from workflows.standing import Standing
from workflows.statistics import tally
from workflows.statistics.measures import lines

CHUNK = 2_000
_LINE = ("authority", "commune", "regime", "measure", "day", "key")


@dataclass
class Recount:
    """How many cases were read, those that are kept otherwise than they stand, and the lines whose sum is another."""

    cases: int = 0
    stale: list[int] = field(default_factory=list)
    wrong: dict[tally.Key, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return not self.stale and not self.wrong


def recount(*, told: Callable[[int], None] = lambda _: None) -> Recount:
    """Compare what is kept with what the cases say. Called inside a transaction of its own, it reads one snapshot of them."""
    found, right = Recount(), Counter[tally.Key]()
    for chunk in _chunks():
        for case in chunk:
            found_lines = lines(case)
            before, fresh = tally.kept(case), tally.of_case(case, found_lines)
            right.update(tally.added_by(case, found_lines))
            if before is None or not tally.is_same(before, fresh):
                found.stale.append(case["pk"])
        found.cases += len(chunk)
        told(found.cases)
    summed = Tally.objects.values_list(*_LINE).annotate(total=Sum("n")).order_by(*_LINE)
    kept_sums = {line[:6]: line[6] for line in summed.iterator() if line[6]}
    found.wrong = {
        line: (kept_sums.get(line, 0), right[line]) for line in kept_sums.keys() | right if kept_sums.get(line, 0) != right[line]
    }
    return found


def is_needed() -> bool:
    """Whether cases were filed before the figures were kept: a database that comes from an earlier version."""
    return not CaseTally.objects.exists() and Application.objects.exclude(state=State.DRAFT).exists()


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Nothing that changes meanwhile is taken for a difference."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@transaction.atomic
def mend(*, told: Callable[[int], None] = lambda _: None) -> int:
    """Write the figures anew from the cases; how many cases were read. Actions wait until it ends, dashboards do not."""
    _alone()
    right, cases = Counter[tally.Key](), 0
    Tally.objects.all().delete()
    with connection.schema_editor(atomic=False) as schema, connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is emptied nor indexed with keys still to be checked
        cursor.execute("TRUNCATE workflows_casetally")
        # An index made of all rows at once costs a third of one that grows with each.
        for index in CaseTally._meta.indexes:
            schema.remove_index(CaseTally, index)
        for chunk in _chunks():
            found = [(case, lines(case)) for case in chunk]
            _copy(CaseTally, (tally.of_case(*each) for each in found))
            for each in found:
                right.update(tally.added_by(*each))
            cases += len(chunk)
            told(cases)
        for index in CaseTally._meta.indexes:
            schema.add_index(CaseTally, index)
    _copy(Tally, (tally.row(line, n, folded=True) for line, n in sorted(right.items())))
    return cases


def _copy(model: type[CaseTally | Tally], rows: Iterable[CaseTally | Tally]) -> None:
    """Write rows without their key, where the database gives it."""
    fields = [field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([getattr(row, field.attname) for field in fields])


def _chunks() -> Iterator[list[Standing]]:
    """The filed cases, by key, so many at a time."""
    filed, after = Application.objects.exclude(state=State.DRAFT).order_by("pk").values_list("pk", flat=True), 0
    while keys := list(filed.filter(pk__gt=after)[:CHUNK]):
        yield standing.of_each(keys)
        after = keys[-1]


def _alone() -> None:
    """An action that has read what its case added waits for the end, or is waited for: nothing is counted twice, or not at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [tally.FOLDING])
        cursor.execute("LOCK TABLE workflows_casetally IN ACCESS EXCLUSIVE MODE")
