"""The procedure, drawn from the flow class itself: its nodes, its edges, and where the case stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from workflows.flows import PermisFlow

# The stages people name, with the event that ends each and the tasks of the flow that belong to it.
STAGES = (
    ("Dépôt", Event.SUBMITTED, ()),
    ("Pièces vérifiées", Event.COMPLETE, ("check_pieces", "provide_pieces", "check_answer")),
    ("Visite", Event.VISIT_DONE, ("plan_visit", "visit_dwelling")),
    ("Projet de décision", Event.DECISION_PROPOSED, ("draft_decision",)),
    ("Signature", Event.SIGNED, ("visa_decision", "sign_decision")),
    ("Notification", Event.NOTIFIED, ("notify_decision",)),
)
# A declaration is checked and acknowledged, nothing more.
DECLARED = (STAGES[0], ("Récépissé", Event.RECEIPTED, STAGES[1][2]))
DECLARED_NODES = ("start", *STAGES[1][2], "end")
# Tasks after which a case usually ends.
ENDING = ("notify_decision", "lift_conditions")
# On a phone a unit is a pixel: the words are never smaller than those of the page.
WIDTH, ROW, BOX_WIDTH, BOX_HEIGHT, LEFT = 320, 70, 184, 44, 68


@dataclass(frozen=True)
class Stage:
    label: str
    status: str
    on: date | None


@dataclass(frozen=True)
class Box:
    name: str
    title: str
    y: int
    is_present: bool
    is_end: bool
    x: int = LEFT
    text_x: int = LEFT + BOX_WIDTH // 2
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT

    @property
    def text_y(self) -> int:
        return self.y + BOX_HEIGHT // 2 + 5


@dataclass(frozen=True)
class Arrow:
    """From a box to another: straight down to the next one, out to the right to skip some, out to the left to come back."""

    start: int
    end: int
    is_return: bool
    bend: int

    @property
    def path(self) -> str:
        if not self.bend:
            return f"M{LEFT + BOX_WIDTH // 2} {self.start + BOX_HEIGHT} V{self.end - 2}"
        x, side = (LEFT, -1) if self.is_return else (LEFT + BOX_WIDTH, 1)
        start, end = self.start + BOX_HEIGHT // 2, self.end + BOX_HEIGHT // 2 - 8
        return f"M{x} {start} C{x + side * self.bend} {start} {x + side * self.bend} {end} {x + side * 2} {end}"


@dataclass(frozen=True)
class Picture:
    boxes: list[Box]
    arrows: list[Arrow]
    width: int
    height: int


def steps(application: Application, dates: dict[str, date]) -> list[Stage]:
    """The stages of the case in a line: done, present, or to come. ``dates`` is the last day of each event of its journal."""
    present = {item.node for item in application.work_items.all()}
    found = []
    reached = False
    for label, event, nodes in DECLARED if application.is_declaration else STAGES:
        is_present = bool(present & set(nodes)) and not reached
        reached = reached or is_present
        on = dates.get(event)
        done = on is not None and not reached
        found.append(Stage(label, "present" if is_present else "done" if done else "ahead", on if done else None))
    return found


def draw(application: Application | None = None) -> Picture:
    """Boxes from top to bottom in the order of the flow, arrows from each task to those its gateway may open."""
    present = {item.node for item in application.work_items.all()} if application else set()
    nodes = {node.name: node for node in PermisFlow.instance.nodes()}
    tasks = [node for name in PermisFlow.__dict__ if (node := nodes.get(name)) and node.task_type in ("START", "HUMAN", "END")]
    ending: tuple[str, ...] = ENDING
    if application is not None and application.is_declaration:
        tasks, ending = [node for node in tasks if node.name in DECLARED_NODES], STAGES[1][2]
    over = application is not None and not present and application.state not in (State.DRAFT, *State.open())
    boxes = []
    for place, node in enumerate(tasks):
        is_end = node.task_type == "END"
        is_present = node.name in present or (over and is_end)
        boxes.append(Box(node.name, str(node.task_title), 10 + place * ROW, is_present, is_end))
    return Picture(boxes, list(_arrows(tasks, {box.name: box.y for box in boxes}, ending)), WIDTH, 20 + len(boxes) * ROW)


def _arrows(tasks: list[Any], y: dict[str, int], ending: tuple[str, ...]) -> Iterator[Arrow]:
    """Any task may lead to the end (withdrawal, silence): only those that usually do are drawn."""
    for node in tasks:
        for target in _leads_to(node):
            if target not in y:
                continue
            span = (y[target] - y[node.name]) // ROW
            if not span or (target == "end" and node.name not in ending):
                continue
            yield Arrow(y[node.name], y[target], span < 0, 0 if span == 1 else 24 + 14 * abs(span))


def _leads_to(node: Any) -> list[str]:
    """Names of the tasks that follow a task, through its gateway."""
    gateway = getattr(node, "_next", None)
    if gateway is None:
        return []
    return [edge.dst.name for edge in gateway._outgoing()]
