"""The rows of one page of a worklist: read in order from the index, then their cases alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import JSONObject

from accounts.enums import Role
from accounts.models import User
from inspections.enums import Severity
from permis.enums import ConditionState
from permis.models import Lessor, PrescribedWork
from territories.enums import Regime
from workflows.models import CaseVisit, WorkItem, WorkItemQuerySet
from workflows.presentation import Badge, ClockChip
from workflows.projection import ROLES
from workflows.worklists import columns, tabs
from workflows.worklists.filters import REGIMES, Filters
from workflows.worklists.sorting import Order

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

# What a row shows, of the wide tables that its case spreads over; a name too many here costs every list, one too few a query a row.
_READ = (
    *(field.attname for field in WorkItem._meta.concrete_fields if field.attname not in ("words", "lessor", "street")),
    *(
        f"application__{name}"
        for name in (
            "state", "regime", "tacit_on", "clock_started_on", "completed_on", "held_until", "respond_by", "notified_on", "receipted_on",
            "receipt_due_on", "commune__name", "dwelling__application",
        )
    ),
    *(f"application__dwelling__{name}" for name in ("address", "complement", "building", "staircase", "floor", "door")),
    *(f"{person}__{name}" for person in ("owner", "officer") for name in ("first_name", "last_name")),
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """At most `PAGE` rows, and the addresses of the pages on either side, empty at an end."""

    rows: Sequence[WorkItem]
    previous_url: str = ""
    next_url: str = ""

    @property
    def icons(self) -> set[str]:
        """Those of all the rows, which the page draws once."""
        shown = [each for row in self.rows for each in (row.chip, row.badge, row.severity_badge)]  # type: ignore[attr-defined]
        return {each.icon for each in shown if each is not None}


def page(
    user: User, filters: Filters, *, today: date, shown: Collection[str] = columns.USUAL, after: str = "", before: str = ""
) -> Page:
    """The rows after a key, or before one, in the order of the address; of a case without a term, after all the others."""
    order = Order.of(filters.sort)
    items = matching(user, filters, today=today)
    reading = order.backwards if before else order
    turned = items.filter(reading.beyond(before or after, user)) if before or after else items
    rows = list(read(reading, turned, user, today, shown))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if before:
        rows.reverse()
    if not rows:
        return Page(rows)
    for row in rows:
        _dress(row, today=today)
    back, forth = (more, True) if before else (bool(after), more)
    return Page(
        rows,
        filters.turned(avant=order.key(rows[0])) if back else "",
        filters.turned(apres=order.key(rows[-1])) if forth else "",
    )


def matching(user: User, filters: Filters, *, today: date) -> WorkItemQuerySet:
    """Every task that the filters and the tab leave, in no order: what the pages show, and what an export takes."""
    return filters.applied(WorkItem.objects.visible_to(user), user).filter(tabs.condition(filters.tab, today))


def read(order: Order, items: WorkItemQuerySet, user: User, today: date, shown: Collection[str]) -> WorkItemQuerySet:
    """The first rows of an order with one more, which says whether another page follows: found in the index, then their cases alone."""
    found = order.sorted(items)[: PAGE + 1]
    works = PrescribedWork.objects.filter(decision__application=OuterRef("application"))
    proved = works.filter(state=ConditionState.PROOF_RECEIVED)
    overdue = works.filter(due_on__lt=today).exclude(state=ConditionState.MET)
    lessors = Lessor.objects.filter(application=OuterRef("application")).order_by("position")
    named = JSONObject(kind="kind", civility="civility", first_name="first_name", last_name="last_name", company="company")
    changed = CaseVisit.objects.filter(user=user, application=OuterRef("application"), changed_at__isnull=False)
    whole = WorkItem.objects.filter(pk__in=found.values("pk")).annotate(
        # Only a task on works asks what became of them.
        has_proof=Case(When(node="check_works", then=Exists(proved)), default=Value(value=False)),
        is_overdue=Case(When(node="check_works", then=Exists(overdue)), default=Value(value=False)),
        first_lessor=Subquery(lessors.values(named=named)[:1]),
        is_changed=Exists(changed),
    )
    related = ["application__dwelling", "application__commune", "owner", "officer", *(["zone"] if "perimetre" in shown else [])]
    zone = ["zone__name"] if "perimetre" in shown else []
    return order.sorted(whole.select_related(*related).only(*_READ, *zone))


def _dress(row: Any, *, today: date) -> None:
    """What a row shows, from what was read with it."""
    case = row.application
    row.chip, row.badge = ClockChip.of(case, today=today), Badge.of_case(case)
    row.label = _todo(row)
    row.lessor_name = Lessor(**row.first_lessor).name if row.first_lessor else ""
    row.regime_label = REGIMES[Regime(row.regime)]
    row.severity_badge = Badge.of_severity(Severity(row.severity)) if row.severity else None
    row.follower = row.owner or row.officer
    row.stands_in_for = row.officer if ROLES[row.node] == Role.OFFICER and row.owner_id != row.officer_id else None


def _todo(row: Any) -> str:
    """What there is to do; works past their term come first, then a proof that came in, then those still waited for."""
    if row.is_overdue:
        return "Constater des travaux en retard"
    return "Vérifier une preuve de travaux" if row.has_proof else TODO[row.node]
