"""SQL written as it is sent: compiling it again for each page would cost more than running it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True)
class Statement:
    """A statement and its values, by name."""

    sql: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, queryset: QuerySet[Any], prefix: str = "q") -> Statement:
        """What a queryset asks, to stand inside another statement; its values are named after ``prefix``."""
        sql, params = queryset.query.sql_with_params()
        names = [f"{prefix}{rank}" for rank in range(len(params))]
        # A percent sign that Django doubled stays doubled: the statement is read once more for its values.
        named = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        return cls(named, dict(zip(names, params, strict=True)))

    def rows(self) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            return cursor.fetchall()
