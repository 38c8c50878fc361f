"""The procedure, drawn from the flow class itself: its nodes, its edges, and where the case stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from workflows.flows import PermisFlow

# The stages people name, with the event that ends each and the tasks of the flow that belong to it.
STAGES = (
    ("Dépôt", Event.SUBMITTED, ()),
    ("Pièces vérifiées", Event.COMPLETE, ("check_pieces", "provide_pieces")),
    ("Visite", Event.VISIT_DONE, ("plan_visit", "visit_dwelling")),
    ("Projet de décision", Event.DECISION_PROPOSED, ("draft_decision",)),
    ("Signature", Event.SIGNED, ("sign_decision",)),
    ("Notification", Event.NOTIFIED, ("notify_decision",)),
)
WIDTH, ROW, BOX_WIDTH, BOX_HEIGHT, LEFT = 560, 74, 250, 46, 40


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

    @property
    def text_y(self) -> int:
        return self.y + BOX_HEIGHT // 2 + 5


@dataclass(frozen=True)
class Arrow:
    """From a box to another; ``bend`` is how far it swings out, so that a return does not cross what it jumps."""

    start: int
    end: int
    bend: int

    @property
    def path(self) -> str:
        x = LEFT + BOX_WIDTH
        if not self.bend:
            return f"M{LEFT + BOX_WIDTH // 2} {self.start + BOX_HEIGHT} V{self.end - 4}"
        start, end = self.start + BOX_HEIGHT // 2, self.end + BOX_HEIGHT // 2
        return f"M{x} {start} C{x + self.bend} {start} {x + self.bend} {end} {x + 4} {end}"


@dataclass(frozen=True)
class Picture:
    boxes: list[Box]
    arrows: list[Arrow]
    width: int
    height: int


def steps(application: Application, dates: dict[str, date] | None = None) -> list[Stage]:
    """The stages of the case in a line: done, present, or to come."""
    if dates is None:
        dates = dict(application.journal.order_by("position").values_list("event", "on"))
    present = set(application.work_items.values_list("node", flat=True))
    found = []
    reached = False
    for label, event, nodes in STAGES:
        is_present = bool(present & set(nodes)) and not reached
        reached = reached or is_present
        on = dates.get(event)
        done = on is not None and not reached
        found.append(Stage(label, "present" if is_present else "done" if done else "ahead", on if done else None))
    return found


def draw(application: Application | None = None) -> Picture:
    """Boxes from top to bottom in the order of the flow, arrows from each task to those its gateway may open."""
    present = set(application.work_items.values_list("node", flat=True)) if application else set()
    tasks = [node for node in PermisFlow.instance.nodes() if node.task_type in ("START", "HUMAN", "END")]
    over = application is not None and not present and application.state not in (State.DRAFT, *State.open())
    boxes = [
        Box(
            node.name,
            str(node.task_title),
            10 + place * ROW,
            node.name in present or (over and node.task_type == "END"),
            node.task_type == "END",
        )
        for place, node in enumerate(tasks)
    ]
    y = {box.name: box.y for box in boxes}
    arrows = []
    for node in tasks:
        for target in _leads_to(node):
            span = (y[target] - y[node.name]) // ROW
            if span:
                arrows.append(Arrow(y[node.name], y[target], 0 if span == 1 else 26 + 22 * abs(span)))
    return Picture(boxes, arrows, WIDTH, 20 + len(boxes) * ROW)


def _leads_to(node: object) -> list[str]:
    """Names of the tasks that follow a task, through its gateway."""
    gateway = getattr(node, "_next", None)
    if gateway is None:
        return []
    return [edge.dst.name for edge in gateway._outgoing()]
