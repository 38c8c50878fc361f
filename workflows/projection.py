"""The worklist row of each open task, kept equal to the case in the transaction of each action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from viewflow.workflow.models import Task

from accounts.enums import Role
from accounts.models import User
from inspections.enums import Severity, VisitState
from permis.enums import ConditionState, State
from permis.models import Application
from workflows import sort_keys, standing
from workflows.models import Absence, CaseVisit, WorkItem
from workflows.standing import Standing

ROLES = {
    "check_pieces": Role.OFFICER,
    "provide_pieces": Role.OFFICER,
    "check_answer": Role.OFFICER,
    "plan_visit": Role.INSPECTOR,
    "visit_dwelling": Role.INSPECTOR,
    "draft_decision": Role.OFFICER,
    "visa_decision": Role.MANAGER,
    "sign_decision": Role.SIGNATORY,
    "notify_decision": Role.OFFICER,
    "check_works": Role.OFFICER,
    "lift_conditions": Role.SIGNATORY,
}
WORST_FIRST = [Severity.DANGER, Severity.BLOCKING, Severity.RESERVE, Severity.OBSERVATION]


def keep(
    application: Application, case: Standing, kept: Sequence[Task], *, opened: Sequence[Task], closed: Sequence[Task]
) -> None:
    """Make the rows of a case equal its open tasks and what the case says today; only what differs is written.

    ``case`` is its standing; ``kept`` stay open, ``opened`` and ``closed`` are what the engine has just opened and closed.
    """
    if closed:
        WorkItem.objects.filter(task__in=closed).delete()
    known = {item.task_id: item for item in WorkItem.objects.filter(task__in=kept)} if kept else {}
    tasks = [*kept, *opened]
    if not tasks:
        if closed:
            CaseVisit.objects.filter(application=application).delete()
        return
    facts = of(application, case)
    for task in tasks:
        node = task.flow_task.name
        item = known.get(task.pk) or WorkItem(application=application, task=task)
        values = {**facts, "node": node, "role": ROLES[node], "owner_id": owner(application, node, case)}
        changed = [name for name, value in values.items() if getattr(item, name) != value]
        for name in changed:
            setattr(item, name, values[name])
        if item.pk is None:
            item.save(force_insert=True)
        elif changed:
            item.save(update_fields=[name.removesuffix("_id") for name in changed])


def of(application: Application, case: Standing | None = None) -> dict[str, Any]:
    """What every row of a case holds of it, whatever the task. ``case`` is its standing, where it is in hand."""
    case = case or standing.of(application)
    lessor = case["shown"]["lessor"] or {}
    return {
        "authority_id": application.authority_id,
        "commune_id": application.commune_id,
        "zone_id": application.zone_id,
        "regime": application.regime,
        "state": application.state,
        "officer_id": application.officer_id,
        "severity": next((each for each in WORST_FIRST if each in case["severities"]), ""),
        "legal_date": legal_date(application, case),
        "received_on": application.received_on,
        "number": application.number,
        "street": sort_keys.street(case["shown"]["dwelling"]["address"] or ""),
        "lessor": sort_keys.person(**{name: lessor.get(name, "") for name in ("company", "last_name", "first_name")}),
        "words": sort_keys.words(application.search),
        "shown": case["shown"],
    }


def legal_date(application: Application, case: Standing) -> date | None:
    """The last day of the month while it runs; of a declaration, that of its receipt; else the first term of works not done."""
    if application.is_declaration:
        return application.receipt_due_on if application.state in State.open() else None
    if application.state in State.clock_running():
        return application.tacit_on
    if not application.follows_works:
        return None
    terms = [work["due_on"] for work in case["works"] if work["state"] != ConditionState.MET and work["due_on"]]
    return date.fromisoformat(min(terms)) if terms else None


def owner(application: Application, node: str, case: Standing | None = None) -> int | None:
    """Whoever has to do a task: the visitor of a visit, else the officer of the case, or who stands in for them today.

    ``case`` is its standing, where it is in hand.
    """
    if node == "visit_dwelling":
        planned = [each for each in (case or standing.of(application))["visits"] if each["state"] == VisitState.PLANNED]
        return min(planned, key=itemgetter("at"))["inspector"] if planned else None
    if ROLES[node] != Role.OFFICER or application.officer_id is None:
        return None
    return stand_in(application.officer_id, authority=application.authority_id)


def stand_in(officer: int, *, authority: int) -> int:
    """The person who does the work of an officer: oneself, or the replacement, or theirs; oneself again if all are away.

    A replacement who has left the service since replaces nobody.
    """
    held = Absence.objects.in_force().filter(
        authority=authority, replacement__in=User.objects.members([authority], [Role.OFFICER, Role.MANAGER])
    )
    away = dict(held.values_list("user", "replacement"))
    here, seen = officer, set()
    while here in away:
        if here in seen:
            return officer
        seen.add(here)
        here = away[here]
    return here
