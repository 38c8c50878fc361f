"""What the filters of a worklist offer a person: places, people, saved views, and the columns they keep; in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User
from territories.text import fold
from workflows.worklists.statement import Statement

# Who may be given a case, and who has tasks besides: a visit, a signature.
FOLLOWING = (Role.OFFICER, Role.MANAGER)
WORKING = tuple(dict.fromkeys([*Role.reading_cases(), *Role.visiting()]))
# Kind, key, name, then what a kind adds: the surname of a person and whether they may be given cases, the address of a view and the
# authority that shares it. Places are those of the open tasks: one look in their index for each, whatever the number of tasks. One look
# for each member too: joined, the planner may read the accounts of all the landlords in their order. The views are those of
# `SavedViewQuerySet.visible_to`, the absence one of `AbsenceQuerySet.in_force`.
_OFFERED = """
WITH place AS MATERIALIZED (
    SELECT DISTINCT commune_id, zone_id FROM workflows_workitem WHERE authority_id = ANY(%(authorities)s)
)
SELECT 'commune', insee, name, '', '' FROM territories_commune WHERE insee = ANY(ARRAY(SELECT commune_id FROM place))
UNION ALL
SELECT 'zone', id::text, (SELECT name FROM territories_commune WHERE insee = commune_id) || ', ' || name, '', ''
FROM territories_zone WHERE id = ANY(ARRAY(SELECT zone_id FROM place))
UNION ALL
SELECT 'person', member.user_id::text, person.first_name || ' ' || person.last_name, person.last_name, member.may_be_given
FROM (
    SELECT user_id, CASE WHEN bool_or(role = ANY(%(following)s)) THEN 'yes' ELSE '' END AS may_be_given
    FROM accounts_membership WHERE authority_id = ANY(%(authorities)s) AND role = ANY(%(working)s) GROUP BY user_id
) member
CROSS JOIN LATERAL (SELECT first_name, last_name FROM accounts_user WHERE id = member.user_id AND is_active LIMIT 1) person
UNION ALL
SELECT 'view', id::text, name, query, coalesce(authority_id::text, '') FROM workflows_savedview
WHERE owner_id = %(user)s AND authority_id IS NULL OR authority_id = ANY(%(authorities)s)
UNION ALL
SELECT 'absence', to_char(max(ends_on), 'DD/MM/YYYY'), '', '', '' FROM workflows_absence
WHERE user_id = %(user)s AND begun_on IS NOT NULL AND closed_on IS NULL AND authority_id = ANY(%(authorities)s) HAVING count(*) > 0
UNION ALL
SELECT 'columns', '', array_to_string(columns, ','), '', '' FROM workflows_chosencolumns WHERE user_id = %(user)s
"""


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
    # Those of them who may be given a case.
    officers: Mapping[str, str]
    views: Sequence[View]
    columns: Sequence[str]
    # The last day of the absence of the person, « 10/12/2026 », while somebody else does their work.
    away_until: str = ""

    @property
    def views_at_hand(self) -> list[View]:
        """The first ones, and the current one: the list of cases is not pushed off the screen by those of a whole service."""
        return [*self.views[:AT_HAND], *(view for view in self.views[AT_HAND:] if view.is_current)]


def people(authorities: set[int], roles: Sequence[Role] = FOLLOWING) -> QuerySet[User]:
    """Who may follow a case of these authorities, or holds one of these roles there."""
    return User.objects.members(authorities, roles)


def of(user: User, *, query: str) -> Choices:
    """All that may be chosen. ``query`` is the address of the page: the view that it is, is the current one."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for kind, key, label, more, shared in offered(user).rows():
        found.setdefault(kind, []).append((key, label, more, shared))
    people = sorted(found.get("person", []), key=lambda each: (fold(each[2]), fold(each[1])))
    views = sorted(found.get("view", []), key=lambda each: (bool(each[3]), fold(each[1])))
    return Choices(
        communes=_named(found.get("commune", [])),
        zones=_named(found.get("zone", [])),
        people={key: name for key, name, _, _ in people},
        officers={key: name for key, name, _, may_be_given in people if may_be_given},
        views=[View(key, name, said, bool(shared), said == query) for key, name, said, shared in views],
        columns=[key for _, kept, _, _ in found.get("columns", []) for key in kept.split(",")],
        away_until=next((day for day, *_ in found.get("absence", [])), ""),
    )


def offered(user: User) -> Statement:
    """All that may be chosen, of what the person reads, in one statement."""
    authorities = user.authorities_as(*Role.reading_cases())
    return Statement(_OFFERED, {"authorities": [*authorities], "working": [*WORKING], "following": [*FOLLOWING], "user": user.pk})


def _named(lines: list[tuple[str, str, str, str]]) -> dict[str, str]:
    return {key: name for key, name, _, _ in sorted(lines, key=lambda each: fold(each[1]))}
