"""What the filters of a worklist offer a person: places, people, saved views, and the columns they keep; in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.enums import Role
from accounts.models import User
from territories.models import Commune, Zone
from territories.text import fold
from workflows.models import ChosenColumns, SavedView, WorkItem

_TEXT = CharField()


@dataclass(frozen=True)
class View:
    """A saved view, as a link."""

    pk: str
    name: str
    query: str
    is_shared: bool
    is_current: bool = False


@dataclass(frozen=True)
class Choices:
    """Key to name, by name; a zone is told with its commune, since each has its « Centre »."""

    communes: Mapping[str, str]
    zones: Mapping[str, str]
    people: Mapping[str, str]
    views: Sequence[View]
    columns: Sequence[str]


def people(authorities: set[int]) -> QuerySet[User]:
    """Who may follow a case of these authorities."""
    follow = User.objects.filter(
        is_active=True, memberships__authority__in=authorities, memberships__role__in=[Role.OFFICER, Role.MANAGER]
    )
    return follow.distinct()


def of(user: User, *, query: str) -> Choices:
    """All that may be chosen. ``query`` is the address of the page: the view that it is, is the current one."""
    authorities = user.authorities_as(*Role.reading_cases())
    places = WorkItem.objects.filter(authority__in=authorities)
    # The names of a zone and its commune are read once for each zone, not for each task.
    communes = _lines(Commune.objects.filter(pk__in=places.values("commune")), "commune", "pk", F("name"))
    zones = _lines(
        Zone.objects.filter(pk__in=places.filter(zone__isnull=False).values("zone")),
        "zone", "pk", Concat("commune__name", Value(", "), "name"),
    )  # fmt: skip
    persons = _lines(people(authorities), "person", "pk", Concat("first_name", Value(" "), "last_name"), F("last_name"))
    own = SavedView.objects.visible_to(user)
    views = _lines(own, "view", "pk", F("name"), F("query"), Cast("authority", _TEXT))
    columns = _lines(ChosenColumns.objects.filter(user=user), "columns", "pk", Cast("columns", _TEXT))
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for kind, *line in communes.union(zones, persons, views, columns, all=True):
        found.setdefault(kind, []).append(tuple(line))  # type: ignore[arg-type]
    return Choices(
        communes=_named(found.get("commune", [])),
        zones=_named(found.get("zone", [])),
        people={
            key: name for key, name, _, _ in sorted(found.get("person", []), key=lambda each: (fold(each[2]), fold(each[1])))
        },
        views=[
            View(key, name, said, bool(shared), said == query)
            for key, name, said, shared in sorted(found.get("view", []), key=lambda each: (bool(each[3]), fold(each[1])))
        ],
        columns=[key for _, kept, _, _ in found.get("columns", []) for key in kept.strip("{}").split(",")],
    )


def _lines(rows: QuerySet, kind: str, key: str, label: object, more: object = None, shared: object = None) -> QuerySet:  # type: ignore[type-arg]
    """Rows of any table as five texts, so that one query reads them all."""
    blank = Value("", output_field=_TEXT)
    return rows.order_by().values_list(
        Value(kind, output_field=_TEXT),
        Cast(key, _TEXT),
        Cast(label, _TEXT),
        more or blank,
        shared or blank,  # type: ignore[arg-type]
    )


def _named(lines: list[tuple[str, str, str, str]]) -> dict[str, str]:
    return {key: name for key, name, _, _ in sorted(lines, key=lambda each: fold(each[1]))}
