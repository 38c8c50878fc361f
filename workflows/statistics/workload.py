"""Who follows how many open tasks: for the manager alone, since it names colleagues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from workflows.statistics.figures import SOON
from workflows.worklists.filters import NOBODY
from workflows.worklists.statement import Statement

_COUNTED = """
SELECT owner_id, officer_id, count(*), count(*) FILTER (WHERE due_on <= %(soon)s)
FROM workflows_workitem WHERE authority_id = ANY(%(authorities)s) {place} GROUP BY owner_id, officer_id
"""
_NAMES = "SELECT id, trim(first_name || ' ' || last_name) FROM accounts_user WHERE id = ANY(%(people)s)"


@dataclass(frozen=True)
class Load:
    """The open tasks of a person, or of nobody, and those whose legal date comes within five days; ``key`` filters a list by them."""

    key: str
    name: str
    tasks: int
    soon: int


def of(authorities: Collection[int], *, commune: str, today: date) -> list[Load]:
    """The busiest first, as a list filtered by each would count them (`WorkItemQuerySet.followed_by`): a task that somebody else than
    the officer of its case has to do counts for both. Two queries, none for who manages nothing.
    """
    if not authorities:
        return []
    place = "AND commune_id = %(commune)s" if commune else ""
    values = {"authorities": list(authorities), "commune": commune, "soon": today + SOON}
    tasks, soon = Counter[int | None](), Counter[int | None]()
    for owner, officer, held, near in Statement(_COUNTED.format(place=place), values).rows():
        for person in {owner, officer} - {None} or {None}:
            tasks[person] += held
            soon[person] += near
    named = Statement(_NAMES, {"people": [person for person in tasks if person]}).rows()
    names = {None: "Non attribué", **dict(named)}
    loads = [Load(str(pk or NOBODY), names[pk], n, soon[pk]) for pk, n in tasks.items()]
    return sorted(loads, key=lambda load: (-load.tasks, load.name))
