"""The figures, kept by the actions themselves: what a case adds is written in the transaction that changes it.

A dashboard adds up the rows of `Tally` and never looks at a case. An action writes the difference between what its case
added before and what it adds now, so that a figure is right at every commit and untouched by a rollback.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction

from permis.models import Application
from workflows import standing
from workflows.models import CaseTally, Tally
from workflows.standing import Standing
from workflows.statistics.measures import Line, lines

# Authority, commune, regime, measure, day, key.
Key = tuple[int, str, str, str, date, str]
# How many rows are folded at once: a second of work at the most.
BATCH = 20_000
# Held while rows are folded or written anew, by one transaction at a time.
FOLDING = 0x7A11


def keep(application: Application, case: Standing | None = None) -> None:
    """Write what this case adds now; called last in an action, with the case locked. Nothing is written where nothing changed.

    ``case`` is its standing, where the caller has just read it.
    """
    case = case or standing.of(application)
    now = lines(case)
    before, fresh = kept(case), of_case(case, now)
    if before is None and not fresh.lines:
        return
    if before is not None and is_same(before, fresh):
        return
    changes = Counter(added_by(case, now))
    changes.subtract(dict(rows_of(before)) if before is not None else {})
    _write(fresh, [(*line, n) for line, n in sorted(changes.items()) if n])


def of_case(case: Standing, found: Counter[Line]) -> CaseTally:
    """What a case adds, as it is kept."""
    ordered = sorted(found.items())
    return CaseTally(
        application_id=case["pk"],
        commune_id=case["commune_id"],
        regime=case["regime"],
        lines=[token(case["authority_id"], line.measure, line.day, line.key) for line, _ in ordered],
        counts=[n for _, n in ordered],
    )


def kept(case: Standing) -> CaseTally | None:
    """What was written last of a case."""
    if case["kept_lines"] is None:
        return None
    return CaseTally(
        application_id=case["pk"],
        commune_id=case["kept_commune"],
        regime=case["kept_regime"],
        lines=case["kept_lines"],
        counts=case["kept_counts"],
    )


def _write(fresh: CaseTally, rows: list[tuple[Any, ...]]) -> None:
    """What a case adds from now on, and the rows that make the difference."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 7
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [fresh.application_id, fresh.commune_id, fresh.regime, fresh.lines, fresh.counts, *columns])


_WRITE = """
WITH kept AS (
    INSERT INTO workflows_casetally (application_id, commune_id, regime, lines, counts)
    VALUES (%s, %s, %s, %s::varchar[], %s::integer[])
    ON CONFLICT (application_id) DO UPDATE
    SET commune_id = EXCLUDED.commune_id, regime = EXCLUDED.regime, lines = EXCLUDED.lines, counts = EXCLUDED.counts
)
INSERT INTO workflows_tally (authority_id, commune_id, regime, measure, day, key, n, folded)
SELECT *, false
FROM unnest(%s::bigint[], %s::varchar[], %s::varchar[], %s::varchar[], %s::date[], %s::varchar[], %s::integer[])
"""


def added_by(case: Standing, found: Counter[Line]) -> dict[Key, int]:
    """The lines of the figures that a case adds to, each with its number."""
    place = (case["authority_id"], case["commune_id"], case["regime"])
    return {(*place, *line): n for line, n in found.items()}


def token(authority: int, measure: str, day: date, key: str) -> str:
    """A line as the row of a case writes it, by which the cases behind a figure are found."""
    return f"{authority}|{measure}|{day.isoformat()}|{key}"


def row(line: Key, n: int, *, folded: bool = False) -> Tally:
    authority, commune, regime, measure, day, key = line
    return Tally(authority_id=authority, commune_id=commune, regime=regime, measure=measure, day=day, key=key, n=n, folded=folded)


def rows_of(kept: CaseTally) -> Iterator[tuple[Key, int]]:
    """The lines that a case adds to, each with its number."""
    for line, n in zip(kept.lines, kept.counts, strict=True):
        authority, measure, day, key = line.split("|")
        yield (int(authority), kept.commune_id, kept.regime, measure, date.fromisoformat(day), key), n


def fold() -> int:
    """Gather the rows that the actions added into the one row of their line; how many were gathered. Safe to stop at any time."""
    gathered = 0
    while done := _fold_once():
        gathered += done
    return gathered


@transaction.atomic
def _fold_once() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLDING])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FOLD, [BATCH])
        (gathered,) = cursor.fetchone()
        if gathered:
            Tally.objects.filter(folded=True, n=0).delete()
    return gathered


# A row is deleted by the statement that adds it to its line: whatever else runs, it is counted once.
_FOLD = """
WITH gathered AS (
    DELETE FROM workflows_tally WHERE id IN (SELECT id FROM workflows_tally WHERE NOT folded ORDER BY id LIMIT %s)
    RETURNING authority_id, commune_id, regime, measure, day, key, n
), summed AS (
    SELECT authority_id, commune_id, regime, measure, day, key, SUM(n) AS n FROM gathered GROUP BY 1, 2, 3, 4, 5, 6 HAVING SUM(n) <> 0
), written AS (
    INSERT INTO workflows_tally (authority_id, commune_id, regime, measure, day, key, n, folded)
    SELECT authority_id, commune_id, regime, measure, day, key, n, true FROM summed
    ON CONFLICT (authority_id, commune_id, measure, day, regime, key) WHERE folded DO UPDATE SET n = workflows_tally.n + EXCLUDED.n
)
SELECT COUNT(*) FROM gathered
"""


def is_same(one: CaseTally, other: CaseTally) -> bool:
    """Whether both add the same to the same lines."""
    return (one.commune_id, one.regime, one.lines, one.counts) == (
        other.commune_id,
        other.regime,
        other.lines,
        other.counts,
    )
