"""Who follows how many open tasks: for the manager alone, since it names colleagues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.models import User
from workflows.models import WorkItem
from workflows.statistics.figures import SOON
from workflows.worklists.filters import NOBODY


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
    items = WorkItem.objects.filter(authority__in=authorities)
    if commune:
        items = items.filter(commune=commune)
    counted = items.values_list("owner", "officer").annotate(
        tasks=Count("pk"), soon=Count("pk", filter=Q(due_on__lte=today + SOON))
    )
    tasks, soon = Counter[int | None](), Counter[int | None]()
    for owner, officer, held, near in counted.order_by():
        for person in {owner, officer} - {None} or {None}:
            tasks[person] += held
            soon[person] += near
    people = User.objects.only("first_name", "last_name").in_bulk([person for person in tasks if person])
    names = {None: "Personne encore", **{pk: person.full_name for pk, person in people.items()}}
    loads = [Load(str(pk or NOBODY), names[pk], n, soon[pk]) for pk, n in tasks.items()]
    return sorted(loads, key=lambda load: (-load.tasks, load.name))
