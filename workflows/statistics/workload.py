"""Who follows how many open tasks: for the manager alone, since it names colleagues."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from accounts.models import User
from workflows.models import WorkItem
from workflows.statistics.figures import SOON


@dataclass(frozen=True)
class Load:
    """The open tasks of a person, or of nobody, and those whose legal date comes within five days; ``key`` filters a list by them."""

    key: str
    name: str
    tasks: int
    soon: int


def of(authorities: Collection[int], *, commune: str, today: date) -> list[Load]:
    """The busiest first; two queries, none for who manages nothing."""
    if not authorities:
        return []
    items = WorkItem.objects.filter(authority__in=authorities)
    if commune:
        items = items.filter(commune=commune)
    counted = items.values_list("owner").annotate(tasks=Count("pk"), soon=Count("pk", filter=Q(due_on__lte=today + SOON)))
    rows = list(counted.order_by("-tasks", "owner"))
    people = User.objects.filter(pk__in=[owner for owner, _, _ in rows if owner]).values_list("pk", "first_name", "last_name")
    names = {pk: f"{first} {last}".strip() for pk, first, last in people}
    return [Load(str(owner or "personne"), names.get(owner, "Personne encore"), tasks, soon) for owner, tasks, soon in rows]
