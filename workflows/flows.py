"""Who must do what now: the process of a case, moved by the actions and by nothing else.

The state of the application is the truth. Gateways read it; `advance`, the last step of each action, makes the open human
tasks equal what it calls for, and keeps one `WorkItem` for each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Flow, Node
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Task
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.status import PROCESS, STATUS

from inspections.enums import Purpose, VisitState
from permis import visas
from permis.enums import ConditionState, State
from permis.models import Application, Decision
from workflows import projection, standing
from workflows.models import PermisProcess
from workflows.projection import ROLES
from workflows.standing import Standing
from workflows.statistics import tally

__all__ = ["OPEN", "ROLES", "PermisFlow", "advance", "calls_for"]
OPEN = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED)


def calls_for(application: Application, case: Standing | None = None) -> set[str]:
    """The human tasks that the state of the case calls for; none once it is closed. ``case`` is its standing, where it is in hand."""
    state, case = application.state, case or standing.of(application)
    if state == State.UNDER_REVIEW:
        return _answer(case) | _review(application, case)
    if state == State.AWAITING_DECISION:
        return {"visa_decision"} if case["visas_required"] and _awaits_visa(application) else {"sign_decision"}
    if state == State.GRANTED_CONDITIONAL:
        return {"check_works"} if _awaits_works(case) else {"lift_conditions"}
    if application.is_declaration and state == State.INCOMPLETE and application.respond_by is None:
        return {"check_answer"}
    if application.follows_works:
        # Let first, as the conditions allowed: the works are still looked at, and nothing is left to lift.
        return {"check_works"} if _awaits_works(case) else set()
    return {
        State.SUBMITTED: {"check_pieces"},
        State.INCOMPLETE: {"provide_pieces"},
        State.DECISION_SIGNED: {"notify_decision"},
    }.get(State(state), set())


def _answer(case: Standing) -> set[str]:
    """What came since the file was complete is looked at: any file starts the month, only a person says whether it will do.

    One that proves unusable is asked for again, or refused, by a person too: only a notified request stops the month.
    """
    return {"check_answer"} if case["awaits_verdict"] else set()


def _review(application: Application, case: Standing) -> set[str]:
    """A visit to plan or to do, then the draft; after a missed visit, a second slot or a decision on the documents."""
    visits = {visit["state"] for visit in case["visits"] if visit["purpose"] == Purpose.FIRST}
    if VisitState.PLANNED in visits:
        return {"visit_dwelling"}
    if VisitState.DONE in visits or application.visit_waiver:
        return {"draft_decision"}
    if visits & {VisitState.NO_SHOW, VisitState.ACCESS_REFUSED}:
        return {"plan_visit", "draft_decision"}
    return {"plan_visit"}


def _awaits_visa(application: Application) -> bool:
    return visas.is_awaited(Decision.objects.get(application=application))


def _awaits_works(case: Standing) -> bool:
    return any(work["state"] != ConditionState.MET for work in case["works"])


def _wants(name: str) -> Callable[[Activation], bool]:
    """A branch is taken when the case calls for its task and nobody has it open yet; once taken, the task is missing no more."""

    def condition(activation: Activation) -> bool:
        missing = activation.process.missing
        is_taken = name in missing
        missing.discard(name)
        return is_taken

    return condition


def _is_over(activation: Activation) -> bool:
    return not activation.process.wanted


class PassedActivation(SplitActivation):
    """A gateway is passed as soon as it is reached: its task is written once, done, and not open and then done."""

    # What is not written yet has no key to be told from others by.
    __hash__ = object.__hash__

    @classmethod
    def create(
        cls, flow_task: Node, prev_activation: Activation, token: Any, data: Any | None = None, seed: Any | None = None
    ) -> PassedActivation:
        task = Task(process=prev_activation.process, flow_task=flow_task, token=token, data=data or {})
        task.seed = seed
        activation = cls(task)
        activation.came_from = prev_activation.task
        return activation

    @Activation.status.super()
    def complete(self) -> None:
        super().complete.original()
        self.task.previous.add(self.came_from)


class Gateway(flow.Split):
    activation_class = PassedActivation


def _task(title: str) -> flow.View:
    """A human task; its screen is ours, so that the engine serves none."""
    return flow.View(None).Annotation(title=title).onCreate(this.open_task)


def _gateway(title: str, *names: str) -> Gateway:
    gateway = Gateway().Annotation(title=title)
    for name in names:
        gateway = gateway.Next(getattr(this, name), _wants(name))
    return gateway.Next(this.end, _is_over)


class PermisFlow(Flow):
    """The procedure of articles L.635-3 and L.635-4, as people do it."""

    process_class = PermisProcess
    process_title = "Permis de louer"
    lock_impl = SelectForUpdateLock(attempts=1)

    start = flow.StartHandle(this.begin).Annotation(title="Dépôt").Next(this.after_deposit)
    after_deposit = _gateway("Reçue", "check_pieces")

    check_pieces = _task("Vérifier les pièces").Next(this.after_check)
    after_check = _gateway("Pièces ?", "provide_pieces", "plan_visit", "visit_dwelling", "draft_decision")
    provide_pieces = _task("Attendre les pièces").Next(this.after_pieces)
    after_pieces = _gateway("Tout reçu ?", "check_answer", "plan_visit", "visit_dwelling", "draft_decision")
    check_answer = _task("Vérifier les pièces reçues").Next(this.after_answer)
    after_answer = _gateway("Conviennent ?", "provide_pieces", "plan_visit", "visit_dwelling", "draft_decision")

    plan_visit = _task("Planifier la visite").Next(this.after_planning)
    after_planning = _gateway("Visite ?", "visit_dwelling", "draft_decision", "provide_pieces", "plan_visit")
    visit_dwelling = _task("Visiter le logement").Next(this.after_visit)
    after_visit = _gateway("Visite faite ?", "draft_decision", "plan_visit", "provide_pieces", "visit_dwelling")

    draft_decision = _task("Préparer la décision").Next(this.after_draft)
    after_draft = _gateway(
        "Projet prêt ?", "visa_decision", "sign_decision", "plan_visit", "visit_dwelling", "provide_pieces", "draft_decision"
    )
    visa_decision = _task("Viser").Next(this.after_visa)
    after_visa = _gateway("Visé ?", "sign_decision", "draft_decision", "visa_decision")
    sign_decision = _task("Signer").Next(this.after_signature)
    after_signature = _gateway("Signé ?", "notify_decision", "draft_decision", "visa_decision", "sign_decision")
    notify_decision = _task("Notifier").Next(this.after_notice)
    after_notice = _gateway("Conditions ?", "check_works", "lift_conditions", "notify_decision")

    check_works = _task("Vérifier les travaux").Next(this.after_works)
    after_works = _gateway("Travaux faits ?", "lift_conditions", "check_works")
    lift_conditions = _task("Lever les conditions").Next(this.after_lifting)
    after_lifting = _gateway("Levées ?", "lift_conditions", "check_works")
    end = flow.End().Annotation(title="Dossier clos")

    def begin(self, activation: Activation, application: Application, wanted: set[str]) -> PermisProcess:
        """Tie the process to its case."""
        process = activation.process
        process.application, process.wanted, process.missing, process.opened = application, wanted, set(wanted), []
        return process

    def open_task(self, activation: Activation) -> None:
        """Remember what the engine opens, so that nobody has to ask for it."""
        activation.process.opened.append(activation.task)


def advance(application: Application) -> None:
    """Make the open human tasks equal what the case calls for; called last in each action, with the case locked.

    What the case says and what is open are asked once: the engine then tells what it opens.
    """
    case = standing.of(application)
    wanted = calls_for(application, case)
    process, tasks = _open_tasks(application)
    surplus = [task for task in tasks if task.flow_task.name not in wanted]
    kept = [task for task in tasks if task.flow_task.name in wanted]
    if process is None:
        process = PermisFlow.start.run(application=application, wanted=wanted)
    else:
        process.application, process.wanted, process.opened = application, wanted, []
        process.missing = wanted - {task.flow_task.name for task in kept}
    for task in surplus:
        _close(task, process)
    if process.missing:
        _reopen(process)
    elif not wanted and process.status == PROCESS.NEW:
        process.status, process.finished = PROCESS.DONE, timezone.now()
        process.save(update_fields=["status", "finished"])
    projection.keep(application, case, kept, opened=process.opened, closed=surplus)
    tally.keep(application, case)


# What the engine reads and writes of a process and of its tasks; a row that holds no other column is saved without them.
_PROCESS = """
SELECT process.id, process.flow_class, process.status, process.finished, own.process_ptr_id, own.application_id
FROM workflows_permisprocess own JOIN viewflow_process process ON process.id = own.process_ptr_id
WHERE own.application_id = %s
"""
_TASKS = """
SELECT id, process_id, flow_task, flow_task_type, status, started, finished, token
FROM viewflow_task WHERE process_id = %s AND flow_task_type = 'HUMAN' AND status = ANY(%s) ORDER BY id
"""


def _open_tasks(application: Application) -> tuple[PermisProcess | None, list[Task]]:
    """The process of a case, and its open human tasks."""
    process = next(iter(PermisProcess.objects.raw(_PROCESS, [application.pk])), None)
    if process is None:
        return None, []
    tasks = list(Task.objects.raw(_TASKS, [process.pk, list(OPEN)]))
    for task in tasks:
        # The very object that the gateways read; else the engine would fetch the process again for each task it moves.
        task.process = process
    return process, tasks


def _close(task: Task, process: PermisProcess) -> None:
    """Complete a task whose gateway leads to what is missing, or to the end; cancel one that leads nowhere any more."""
    activation = task.flow_task.activation_class(task)
    leads_to = {edge.dst.name for edge in task.flow_task._next._outgoing()}
    if process.missing & leads_to or not process.wanted:
        task.status, task.started = STATUS.STARTED, timezone.now()
        activation.execute()
    else:
        activation.cancel()


def _reopen(process: PermisProcess) -> None:
    """A reversed end or a corrected date starts a new path from the last task done; nothing is revived."""
    if process.status != PROCESS.NEW:
        process.status, process.finished = PROCESS.NEW, None
        process.save(update_fields=["status", "finished"])
    last = process.task_set.order_by("-pk").first()
    last.process = process
    previous = last.flow_task.activation_class(last)
    for name in sorted(process.missing):
        _node(name)._create(previous, last.token)


def _node(name: str) -> Node:
    return getattr(PermisFlow.instance, name)
