"""The rows of one page of a worklist: read in order from the index, then their cases alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from inspections.enums import Severity
from permis.enums import State
from permis.models.dwelling import street_line
from permis.models.parties import said_name
from territories.enums import Regime
from workflows.models import WorkItem, WorkItemQuerySet
from workflows.presentation import Badge, ClockChip
from workflows.projection import ROLES
from workflows.worklists import tabs
from workflows.worklists.filters import REGIMES, Filters
from workflows.worklists.sorting import Order
from workflows.worklists.statement import Statement

PAGE = 25
TODO = {
    "check_pieces": "Vérifier les pièces",
    "provide_pieces": "Pièces attendues du bailleur",
    "check_answer": "Vérifier les pièces reçues",
    "plan_visit": "Planifier la visite",
    "visit_dwelling": "Faire la visite",
    "draft_decision": "Préparer la décision",
    "visa_decision": "Viser le projet",
    "sign_decision": "Signer",
    "notify_decision": "Notifier la décision",
    "check_works": "Vérifier les travaux",
    "lift_conditions": "Lever les conditions",
}

# The rows of a page by their keys, and what other tables say of the people and places that they name.
_ROWS = """
SELECT item.id, item.application_id, item.node, item.state, item.regime, item.severity, item.due_on, item.received_on, item.number,
    item.owner_id, item.officer_id, item.shown,
    (SELECT name FROM territories_commune WHERE insee = item.commune_id),
    (SELECT name FROM territories_zone WHERE id = item.zone_id),
    (SELECT trim(first_name || ' ' || last_name) FROM accounts_user WHERE id = item.owner_id),
    (SELECT trim(first_name || ' ' || last_name) FROM accounts_user WHERE id = item.officer_id),
    EXISTS (SELECT FROM workflows_casevisit
        WHERE user_id = %(user)s AND application_id = item.application_id AND changed_at IS NOT NULL)
FROM workflows_workitem item
WHERE item.id IN ({found})
ORDER BY {order}
"""


@dataclass(frozen=True)
class Row:
    """One open task, as a list shows it. ``follower`` has to do it; ``stands_in_for`` is the officer of the case, when away."""

    pk: int
    application_id: int
    number: str
    due_on: date
    received_on: date
    place: str
    commune: str
    zone: str
    lessor: str
    label: str
    regime: str
    chip: ClockChip | None
    badge: Badge
    severity: Badge | None
    follower: str
    stands_in_for: str
    is_changed: bool

    @property
    def url(self) -> str:
        return _url(self.application_id)


@lru_cache(maxsize=4096)
def _url(application: int) -> str:
    """Of the few thousand open cases, the same ones are listed all day."""
    return reverse("case", args=[application])


@dataclass(frozen=True)
class _Clock:
    """What the chip and the badge of a case read, of a case that is not loaded; the days as a row of the list keeps them."""

    state: str
    regime: str
    clock_started_on: date | None
    tacit_on: date | None
    held_until: date | None
    notified_on: date | None
    respond_by: date | None
    receipt_due_on: date | None
    receipted_on: date | None

    @classmethod
    def of(cls, state: str, regime: str, days: dict[str, str | None]) -> _Clock:
        return cls(state, regime, **{name: date.fromisoformat(day) if day else None for name, day in days.items()})

    @property
    def is_declaration(self) -> bool:
        return self.regime == Regime.DML

    @property
    def is_provisional(self) -> bool:
        return self.state == State.SUBMITTED


@dataclass(frozen=True)
class Page:
    """At most `PAGE` rows, and the addresses of the pages on either side, empty at an end."""

    rows: Sequence[Row]
    previous_url: str = ""
    next_url: str = ""

    @property
    def icons(self) -> set[str]:
        """Those of all the rows, which the page draws once."""
        return {each.icon for row in self.rows for each in (row.chip, row.badge, row.severity) if each is not None}


def page(user: User, filters: Filters, *, today: date, after: str = "", before: str = "") -> Page:
    """The rows after a key, or before one, in the order of the address; of a case without a term, after all the others."""
    order = Order.of(filters.sort)
    items = matching(user, filters, today=today)
    reading = order.backwards if before else order
    turned = items.filter(reading.beyond(before or after, user)) if before or after else items
    rows = [_row(*read, today=today) for read in reading_of(reading, turned, user).rows()]
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if before:
        rows.reverse()
    if not rows:
        return Page(rows)
    back, forth = (more, True) if before else (bool(after), more)
    return Page(
        rows,
        filters.turned(avant=order.key(rows[0])) if back else "",
        filters.turned(apres=order.key(rows[-1])) if forth else "",
    )


def matching(user: User, filters: Filters, *, today: date) -> WorkItemQuerySet:
    """Every task that the filters and the tab leave, in no order: what the pages show, and what an export takes."""
    return filters.applied(WorkItem.objects.visible_to(user), user).filter(tabs.condition(filters.tab, today))


def reading_of(order: Order, items: WorkItemQuerySet, user: User) -> Statement:
    """The first rows of an order with one more, which says whether another page follows: found in the index, then themselves alone."""
    found = Statement.of(order.sorted(items).values("pk")[: PAGE + 1])
    sql = _ROWS.format(found=found.sql, order=order.written("item"))
    return Statement(sql, {**found.values, "user": user.pk})


def _row(
    pk: int, application: int, node: str, state: str, regime: str, severity: str, due_on: date, received_on: date, number: str,
    owner_id: int | None, officer_id: int | None, shown: str, commune: str, zone: str | None, owner: str | None, officer: str | None,
    is_changed: bool, *, today: date,
) -> Row:  # fmt: skip
    """One row of `_ROWS` in words."""
    said = json.loads(shown)
    case, lessor = _Clock.of(state, regime, said["days"]), said["lessor"]
    is_replaced = ROLES[node] == Role.OFFICER and owner_id != officer_id
    return Row(
        pk=pk,
        application_id=application,
        number=number,
        due_on=due_on,
        received_on=received_on,
        place=street_line(**said["dwelling"]),
        commune=commune,
        zone=zone or "",
        lessor=said_name(**lessor) if lessor else "",
        label=_todo(node, said["works"], today),
        regime=REGIMES[Regime(regime)],
        chip=_works_chip(node, said["works"], today) or ClockChip.of(case, today=today),
        badge=Badge.of_case(case),
        severity=Badge.of_severity(Severity(severity)) if severity else None,
        follower=(owner if owner_id else officer) or "",
        stands_in_for=(officer or "") if is_replaced else "",
        is_changed=is_changed,
    )


def _works_chip(node: str, works: dict[str, Any], today: date) -> ClockChip | None:
    """The term of the works that a permit waits for, where that is what comes next."""
    if node != "check_works" or not works["due_on"]:
        return None
    due_on = date.fromisoformat(works["due_on"])
    return ClockChip.of_works(due_on, today=today)


def _todo(node: str, works: dict[str, Any], today: date) -> str:
    """What there is to do; works past their term come first, then a proof that came in, then those still waited for."""
    if node != "check_works":
        return TODO[node]
    if works["due_on"] and date.fromisoformat(works["due_on"]) < today:
        return "Constater des travaux en retard"
    return "Vérifier une preuve de travaux" if works["has_proof"] else TODO[node]
