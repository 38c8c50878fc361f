"""What became of one case: its state and every date, as the law would have made them; drawn by lot, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from permis import deadlines
from permis.enums import ConditionMode, ConditionState, Ground, Outcome, State

LONGEST_NOTICE = 27  # shorter than any month


@dataclass(slots=True)
class Story:
    """The dates are None, the words empty, until the case comes to them."""

    state: State
    received: date
    clock: date | None = None
    requested: date | None = None
    respond_by: date | None = None
    completed: date | None = None
    planned: bool = False
    visited: date | None = None
    drafted: date | None = None
    outcome: str = ""
    mode: str = ""
    signed: date | None = None
    notified: date | None = None
    before_silence: str = ""
    valid_until: date | None = None
    lifted: date | None = None
    lease: date | None = None
    ended: date | None = None
    receipt_due: date | None = None
    receipted: date | None = None
    works: list[ConditionState] = field(default_factory=list)
    term: date | None = None  # of the works
    tasks: tuple[str, ...] = ()
    answered_late: bool = False  # a piece came that nobody has looked at

    @property
    def tacit(self) -> date | None:
        return None if self.clock is None else deadlines.tacit_on(self.clock)

    @property
    def grounds(self) -> list[str]:
        return [] if self.outcome in ("", Outcome.GRANTED) else [Ground.DECENCY.value, Ground.HEALTH_SAFETY.value]


def after(day: date, count: int) -> date:
    return day + timedelta(days=count)


# -- open: what is waited for


def waiting(wait: str, received: date, today: date, draw: Random) -> Story:
    """A case where somebody has ``wait`` to do today."""
    if wait == "declared":
        story = Story(State.SUBMITTED, received, tasks=("check_pieces",), lease=after(received, -draw.randint(1, 20)))
        story.receipt_due = deadlines.receipt_due_on(received)
        return story
    if wait == "check":
        return Story(State.SUBMITTED, received, clock=received, tasks=("check_pieces",))
    if wait == "pieces":
        asked = after(received, min(draw.randint(2, 5), (today - received).days))
        return Story(State.INCOMPLETE, received, requested=asked, respond_by=after(asked, 30), tasks=("provide_pieces",))
    if wait in ("works", "lift"):
        return _conditional(wait, received, today, draw)
    youngest, oldest = {"plan": (1, 27), "visit": (3, 10), "draft": (6, 27), "sign": (8, 27), "notify": (10, 27)}[wait]
    story = Story(State.UNDER_REVIEW, received, clock=received, tasks=(_TASK[wait],))
    age = (today - received).days
    if age > oldest:
        age = draw.randint(youngest, min(oldest, age - 3))
        story.clock = story.completed = today - timedelta(days=age)
        story.requested = after(received, 1)
        story.respond_by = after(story.requested, 30)
        if wait == "plan" and draw.random() < 0.3:
            story.answered_late, story.tasks = True, ("check_answer", "plan_visit")
    story.planned = wait == "visit"
    if wait in ("draft", "sign", "notify"):
        story.visited = after(story.clock, draw.randint(2, age - 4 if wait != "draft" else age - 1))
    if wait in ("sign", "notify"):
        story.state, story.drafted = State.AWAITING_DECISION, after(story.visited, draw.randint(1, 2))
        _decide(story, draw)
    if wait == "notify":
        story.state, story.signed = State.DECISION_SIGNED, after(story.drafted, draw.randint(1, 2))
    return story


_TASK = {
    "plan": "plan_visit",
    "visit": "visit_dwelling",
    "draft": "draft_decision",
    "sign": "sign_decision",
    "notify": "notify_decision",
}


def _conditional(wait: str, received: date, today: date, draw: Random) -> Story:
    story = _noticed(received, draw, longest=(today - received).days)
    story.state, story.outcome = State.GRANTED_CONDITIONAL, Outcome.CONDITIONAL
    story.mode = ConditionMode.PRIOR if draw.random() < 0.7 else ConditionMode.DEFERRED
    story.valid_until = deadlines.valid_until(story.notified)
    story.tasks = ("check_works",) if wait == "works" else ("lift_conditions",)
    if wait == "lift":
        story.works = [ConditionState.MET, ConditionState.MET]
    else:
        story.works = [
            draw.choice([ConditionState.OPEN, ConditionState.OPEN, ConditionState.PROOF_RECEIVED]),
            ConditionState.OPEN,
        ]
    return story


# -- closed


def closed(received: date, today: date, draw: Random, *, declared: bool) -> Story:
    """A case where nobody has anything to do any more."""
    if declared:
        return _declared(received, today, draw)
    age, lot = (today - received).days, draw.random()
    if age < 12:
        state = State.WITHDRAWN if lot < 0.7 else State.OUT_OF_SCOPE
        return _ended(state, received, min(age, draw.randint(0, 8)))
    if age < 60:
        story = _noticed(received, draw, longest=age)
        _decide(story, draw, conditional=False)
        return _granted(story, today, draw)
    if lot < 0.05:
        return _ended(State.WITHDRAWN, received, draw.randint(1, 20))
    if lot < 0.08:
        return _ended(State.OUT_OF_SCOPE, received, draw.randint(1, 10))
    if lot < 0.13 and age > 130:
        story = _ended(State.CLOSED_INCOMPLETE, received, draw.randint(70, 120))
        story.clock = None
        story.requested, story.respond_by = after(received, 4), after(received, 34)
        return story
    if lot < 0.20 and age > 110:
        return _tacit(received, today, draw)
    story = _noticed(received, draw, longest=age)
    _decide(story, draw, conditional=age > 150)
    return _granted(story, today, draw)


def _ended(state: State, received: date, days: int) -> Story:
    story = Story(state, received, ended=after(received, days))
    story.clock = None if state == State.OUT_OF_SCOPE else received
    return story


def _declared(received: date, today: date, draw: Random) -> Story:
    age, lot = (today - received).days, draw.random()
    story = Story(State.RECEIPTED, received, lease=after(received, -draw.randint(1, 30)))
    story.receipt_due = deadlines.receipt_due_on(received)
    if age > 50 and lot < 0.06:
        story.state, story.receipt_due, story.ended = State.EXPIRED, None, after(received, 36)
        story.requested, story.respond_by = after(received, 4), after(received, 34)
    elif lot < 0.1:
        story.state, story.ended = State.WITHDRAWN, after(received, min(age, 3))
    else:
        story.receipted = after(received, min(age, draw.randint(1, 9)))
    return story


def _noticed(received: date, draw: Random, *, longest: int) -> Story:
    """A permit led to its notification, within the month; one in three was first incomplete. ``longest``: days gone by."""
    story = Story(State.GRANTED, received, clock=received)
    if longest > 80 and draw.random() < 0.3:
        story.requested = after(received, draw.randint(2, 7))
        story.respond_by = after(story.requested, 30)
        story.clock = story.completed = after(story.requested, draw.randint(3, 28))
        longest -= (story.clock - received).days
    story.notified = after(story.clock, draw.randint(9, min(LONGEST_NOTICE, longest)))
    story.signed = after(story.notified, -draw.randint(1, 2))
    story.drafted = after(story.signed, -draw.randint(1, 2))
    if draw.random() < 0.9:
        story.visited = after(story.drafted, -draw.randint(1, 2))
    return story


def _decide(story: Story, draw: Random, *, conditional: bool = True) -> None:
    lot = draw.random()
    story.outcome = Outcome.REFUSED if lot < 0.12 else Outcome.CONDITIONAL if conditional and lot < 0.34 else Outcome.GRANTED
    if story.outcome == Outcome.CONDITIONAL:
        story.mode = ConditionMode.PRIOR if draw.random() < 0.7 else ConditionMode.DEFERRED
    if story.outcome != Outcome.GRANTED:
        story.works = [ConditionState.OPEN, ConditionState.OPEN]


def _granted(story: Story, today: date, draw: Random) -> Story:
    """What became of a decision that was notified."""
    if story.outcome == Outcome.REFUSED:
        story.state = State.REFUSED
        return story
    if story.outcome == Outcome.CONDITIONAL:
        story.works = [ConditionState.MET, ConditionState.MET]
        story.lifted = min(after(story.notified, draw.randint(20, 85)), today)
    story.valid_until = deadlines.valid_until(story.notified)
    return _used(story, story.lifted or story.notified, today, draw)


def _tacit(received: date, today: date, draw: Random) -> Story:
    story = Story(State.GRANTED_TACIT, received, clock=received, before_silence=State.UNDER_REVIEW)
    story.valid_until = deadlines.valid_until(story.tacit)
    return _used(story, after(story.tacit, 1), today, draw)


def _used(story: Story, start: date, today: date, draw: Random) -> Story:
    """Let, lapsed, taken back, or still to be used; ``start`` is the first day of a lease."""
    lot, lease = draw.random(), after(start, draw.randint(1, 300))
    if lot < 0.6 and lease <= min(today, story.valid_until):
        story.state, story.lease = State.USED, lease
    elif story.valid_until < today:
        story.state, story.ended = State.LAPSED, after(story.valid_until, 1)
    elif lot > 0.985 and after(start, 60) < today:
        story.state = State.ANNULLED if lot > 0.995 else State.REVOKED
        story.ended = after(start, 60)
        if story.state == State.ANNULLED:
            story.valid_until = None
    return story
