"""What may be attached to a case, and mostly is not: a page that has a word to say of each asks once which there are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar, cast

from django.db import connection

from permis.models import Application

# What every case has is not asked, and always read.
_ALWAYS = {"dwelling", "index", "journal", "lessors", "process", "tally", "work_items"}
# Not attached to the case, but to its address: another case there, whoever may read it.
NEIGHBOURS = "neighbours"
_NEIGHBOURS = """
SELECT FROM permis_dwelling mine
JOIN permis_dwelling other ON other.address_key = mine.address_key AND other.application_id <> mine.application_id
WHERE mine.application_id = %(case)s AND mine.address_key <> ''
"""
_Related = TypeVar("_Related")


class _Nothing:
    """An empty queryset that is never compiled: Django writes the SQL of its own before it finds that nothing is asked."""

    def __getattr__(self, refined: str) -> Any:
        """Filtered, ordered or joined, it stays empty."""
        if refined.startswith("_"):
            raise AttributeError(refined)
        return self._unchanged

    def _unchanged(self, *args: Any, **options: Any) -> _Nothing:
        del args, options
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def first(self) -> None:
        return None

    last = first

    def exists(self) -> bool:
        return False

    def count(self) -> int:
        return 0


def ask(case: Application) -> None:
    """Learn which things this case has, in one query. For a page, which only reads: what is attached later stays unknown to it."""
    question = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS ({rows})" for name, rows in _asked().items())
    with connection.cursor() as cursor:
        cursor.execute(question, {"case": case.pk})
        case.attached = frozenset(name for (name,) in cursor.fetchall())


def of(related: _Related) -> _Related:
    """`attached.of(case.hearings)`: those of the case, and no query where it is known to have none."""
    manager: Any = related
    is_there = has(manager.instance, manager.field.remote_field.accessor_name)
    return related if is_there else cast("_Related", _Nothing())


def has(case: Application, name: str) -> bool:
    """Whether the case has any of these; true as long as nobody asked."""
    return case.attached is None or name in case.attached or name not in _asked()


@cache
def _asked() -> dict[str, str]:
    """What is asked, each with the statement that finds it."""
    relations = {str(each.get_accessor_name()): each for each in Application._meta.related_objects}
    found = {
        name: f"SELECT FROM {each.related_model._meta.db_table} WHERE {each.field.column} = %(case)s"
        for name, each in relations.items()
        if name not in _ALWAYS
    }
    return {**found, NEIGHBOURS: _NEIGHBOURS}
