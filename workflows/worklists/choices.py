"""What the filters of a worklist offer a person: places, people, saved views, and the columns they keep; in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.enums import Role
from accounts.models import Membership, User
from territories.models import Commune, Zone
from territories.text import fold
from workflows.models import ChosenColumns, SavedView, WorkItem

# Who may follow a case.
FOLLOWING = (Role.OFFICER, Role.MANAGER)
_TEXT = CharField()
_BLANK = Value("", output_field=_TEXT)


# So many saved views stand above the list; the others have their page.
AT_HAND = 8


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

    @property
    def views_at_hand(self) -> list[View]:
        """The first ones, and the current one: the list of cases is not pushed off the screen by those of a whole service."""
        return [*self.views[:AT_HAND], *(view for view in self.views[AT_HAND:] if view.is_current)]


def people(authorities: set[int]) -> QuerySet[User]:
    """Who may follow a case of these authorities."""
    follow = User.objects.filter(is_active=True, memberships__authority__in=authorities, memberships__role__in=FOLLOWING)
    return follow.distinct()


def of(user: User, *, query: str) -> Choices:
    """All that may be chosen. ``query`` is the address of the page: the view that it is, is the current one."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for kind, key, label, more, shared in offered(user):
        found.setdefault(kind, []).append((key, label, more, shared))
    return Choices(
        communes=_named(found.get("commune", [])),
        zones=_named(found.get("zone", [])),
        people={
            key: name
            for key, name, surname, _ in sorted(
                found.get("person", []), key=lambda each: (fold(each[2] or ""), fold(each[1] or ""))
            )
            if surname is not None
        },
        views=[
            View(key, name, said, bool(shared), said == query)
            for key, name, said, shared in sorted(found.get("view", []), key=lambda each: (bool(each[3]), fold(each[1])))
        ],
        columns=[key for _, kept, _, _ in found.get("columns", []) for key in kept.strip("{}").split(",")],
    )


def offered(user: User) -> Any:
    """Kind, key, name, then what a kind adds: the surname of a person (None of one who left), the address of a view and the authority that shares it."""
    authorities = user.authorities_as(*Role.reading_cases())
    places = WorkItem.objects.filter(authority__in=authorities)
    communes = _lines(Commune.objects.filter(pk__in=places.values("commune")), "commune", F("name"))
    zoned = Zone.objects.filter(pk__in=places.filter(zone__isnull=False).values("zone"))
    zones = _lines(zoned, "zone", Concat("commune__name", Value(", "), "name"))
    # One look at each member: joined, the planner may read the accounts of all the landlords in their order.
    of_member = User.objects.filter(pk=OuterRef("user"), is_active=True)
    name, surname = (
        Subquery(of_member.values_list(each)[:1], output_field=_TEXT)
        for each in (Concat("first_name", Value(" "), "last_name"), "last_name")
    )
    members = Membership.objects.filter(authority__in=authorities, role__in=FOLLOWING)
    persons = _lines(members, "person", name, surname, key="user")
    views = _lines(SavedView.objects.visible_to(user), "view", F("name"), F("query"), Cast("authority", _TEXT))
    columns = _lines(ChosenColumns.objects.filter(user=user), "columns", Cast("columns", _TEXT))
    return communes.union(zones, persons, views, columns, all=True)


def _lines(
    rows: QuerySet[Any], kind: str, label: Any, more: Any = _BLANK, shared: Any = _BLANK, *, key: str = "pk"
) -> QuerySet[Any]:
    """Rows of any table as five texts, so that one query reads them all."""
    return rows.order_by().values_list(
        Value(kind, output_field=_TEXT), Cast(key, _TEXT), Cast(label, _TEXT), more, Coalesce(shared, _BLANK)
    )


def _named(lines: list[tuple[str, str, str, str]]) -> dict[str, str]:
    return {key: name for key, name, _, _ in sorted(lines, key=lambda each: fold(each[1]))}
