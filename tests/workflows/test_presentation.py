"""Badges, the clock's chip and the ruler, from values alone."""

from datetime import date, timedelta

import pytest

from permis.enums import Outcome, State
from permis.models import Application
from workflows.dossier import Standing
from workflows.presentation import BADGES, TO_LANDLORD, TO_OFFICER, Badge, ClockChip, Ruler, outline

START, END = date(2026, 3, 2), date(2026, 4, 2)


def case(state, **dates):
    return Application(state=state, received_on=START, completed_on=START, clock_started_on=START, tacit_on=END, **dates)


def test_every_state_has_a_badge_and_no_two_look_the_same():
    assert set(BADGES) == set(State)
    assert len(set(BADGES.values())) == len(BADGES)


@pytest.mark.parametrize("words", [TO_OFFICER, TO_LANDLORD])
def test_every_standing_of_a_piece_has_a_badge_and_no_two_look_the_same(words):
    assert set(words) == set(Standing)
    assert len({(badge.family, badge.icon) for badge in words.values()}) == len(words)


@pytest.mark.parametrize("state", [State.AWAITING_DECISION, State.DECISION_SIGNED])
def test_a_landlord_reads_no_decision_before_its_notification(state):
    assert Badge.of(state, for_landlord=True) == Badge.of(State.UNDER_REVIEW, for_landlord=True)


@pytest.mark.parametrize(
    ("left", "family", "countdown", "spoken"),
    [
        (-1, "is-danger", "dépassée de 1 j", ""),
        (0, "is-danger", "aujourd’hui", ""),
        (1, "is-danger", "J-1", "demain"),
        (2, "is-danger", "J-2", "dans 2 jours"),
        (3, "is-warn", "J-3", "dans 3 jours"),
        (5, "is-warn", "J-5", "dans 5 jours"),
        (6, "", "J-6", "dans 6 jours"),
    ],
)
def test_the_chip_alarms_as_the_last_day_comes(left, family, countdown, spoken):
    chip = ClockChip.of(case(State.UNDER_REVIEW), today=END - timedelta(days=left))
    assert (chip.label, chip.day, chip.family, chip.countdown, chip.spoken) == ("Échéance", END, family, countdown, spoken)
    theirs = ClockChip.of(case(State.UNDER_REVIEW), today=END - timedelta(days=left), for_landlord=True)
    assert (theirs.label, theirs.family) == ("Réponse avant le", "")


@pytest.mark.parametrize(
    ("state", "dates", "label"),
    [
        (State.INCOMPLETE, {}, "Délai non commencé"),
        (State.GRANTED, {"notified_on": date(2026, 3, 20), "outcome": Outcome.GRANTED}, "Notifiée le"),
        (State.GRANTED_TACIT, {}, "Silence gardé jusqu’au"),
    ],
)
def test_the_chip_of_a_clock_that_does_not_run(state, dates, label):
    assert ClockChip.of(case(state, **dates), today=END).label == label


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN, State.LAPSED])
def test_no_chip_where_no_clock_says_anything(state):
    assert ClockChip.of(case(state), today=END) is None


@pytest.mark.parametrize(
    ("today", "used"), [(START - timedelta(days=1), 0), (START, 0), (END, 100), (END + timedelta(days=9), 100)]
)
def test_the_share_of_the_month_stays_between_nothing_and_all(today, used):
    assert ClockChip.of(case(State.UNDER_REVIEW), today=today).used == used


def test_the_ruler_has_a_tick_a_day_and_marks_the_notification():
    ruler = Ruler.of(case(State.GRANTED, notified_on=date(2026, 3, 17)), visits=[], today=END)
    assert len(ruler.ticks) == 32
    assert [(mark.kind, mark.day) for mark in ruler.marks] == [("used", START), ("now", date(2026, 3, 17)), ("end", END)]
    assert ruler.used == "145.2"
    assert Ruler.of(case(State.DRAFT), visits=[], today=END) is None


def test_a_zone_is_drawn_north_up_inside_its_square():
    [path] = outline({"type": "Polygon", "coordinates": [[[0, 45], [1, 45], [1, 46], [0, 45]]]})
    assert path == "M12.0 288.0 L205.5 288.0 L205.5 12.0 L12.0 288.0Z"
    assert outline(None) == []
