"""Rows sent by COPY, and tables stripped of their indexes and foreign keys while they fill, then given them back, checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def text(value: str) -> str:
    """Words as COPY reads them."""
    return value.translate(_ESCAPES)


def day(value: date | None) -> str:
    return NULL if value is None else value.isoformat()


class Table:
    """The rows of one model on their way in: the columns named vary, the others hold their default."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        self.model, self.name = model, model._meta.db_table
        # A child table of a parent holds its own columns only.
        fields = {field.attname: field for field in model._meta.local_concrete_fields if not field.generated}
        if unknown := set(names) - set(fields):
            raise TypeError(f"{self.name} has no {', '.join(sorted(unknown))}.")
        constant = {name: _default(field) for name, field in fields.items() if name not in names}
        columns = [f'"{fields[name].column}"' for name in [*names, *constant]]
        self.statement = f"COPY {self.name} ({', '.join(columns)}) FROM STDIN"
        self._tail = "".join(f"\t{value}" for value in constant.values()) + "\n"
        self._lines: list[str] = []

    def add(self, *values: str) -> None:
        """One row, its values as COPY reads them, in the order of the names."""
        self._lines.append("\t".join(values) + self._tail)

    def send(self, cursor: Any) -> int:
        """Copy the rows gathered so far, and forget them."""
        sent = len(self._lines)
        if sent:
            with cursor.copy(self.statement) as copy:
                copy.write("".join(self._lines))
            self._lines.clear()
        return sent


def _default(field: models.Field[Any, Any]) -> str:
    """What the field holds when nothing is said of it, as COPY reads it. Raises TypeError for one that must be said."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return str(timezone.now())
    value = field.get_default()
    if value is None and not field.null:
        raise TypeError(f"{field.model._meta.db_table}.{field.name} has no default: load_bench must fill it.")
    return literal(value, is_array=isinstance(field, ArrayField))


def literal(value: Any, *, is_array: bool = False) -> str:
    """A Python value as COPY reads it."""
    if value is None:
        return NULL
    if is_array:
        return "{" + ",".join(str(each) for each in value) + "}"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | dict):
        return text(json.dumps(value, ensure_ascii=False))
    return value.isoformat() if isinstance(value, date | datetime) else text(str(value))


@contextmanager
def bare(tables: Iterable[str]) -> Iterator[None]:
    """The tables without foreign keys, unique constraints nor indexes inside the block, but for their primary keys.

    On the way out everything is made again from what PostgreSQL said of it, so that each key is checked over the whole table.
    The connection may be closed inside the block.
    """
    names = list(tables)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what was written before in this transaction is settled
        keys = _constraints(cursor, names)
        for table, name, _ in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        indexes = _indexes(cursor, names)
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    add = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in keys]
    # Indexes before the foreign keys, which look rows up by them.
    ordered = [*(each for each in add if " FOREIGN KEY " not in each), *(definition for _, definition in indexes)]
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for statement in [*ordered, *(each for each in add if " FOREIGN KEY " in each)]:
            cursor.execute(statement)
        cursor.execute("RESET maintenance_work_mem")


def _constraints(cursor: Any, tables: list[str]) -> list[tuple[str, str, str]]:
    """Foreign keys from and to these tables, their unique and exclusion constraints: table, name, definition."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype IN ('u', 'x') AND conrelid::regclass::text = ANY(%(names)s)"
        " OR contype = 'f' AND (conrelid::regclass::text = ANY(%(names)s) OR confrelid::regclass::text = ANY(%(names)s))"
        # A unique constraint goes after the foreign keys that lean on it.
        " ORDER BY contype <> 'f', conrelid, conname",
        {"names": tables},
    )
    return cursor.fetchall()


def _indexes(cursor: Any, tables: list[str]) -> list[tuple[str, str]]:
    """What is left to drop: the indexes that no constraint owns."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid::regclass::text = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY indexrelid",
        [tables],
    )
    return [(name.strip('"'), definition) for name, definition in cursor.fetchall()]
