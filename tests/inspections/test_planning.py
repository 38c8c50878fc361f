"""Slots that the law allows, whatever the day, the place and the visits already held; the order of a walk."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections import planning
from inspections.planning import Routine, Slot
from permis import deadlines
from territories.calendars import public_holidays

PARIS = ZoneInfo("Europe/Paris")
TERRITORIES = [
    ("Europe/Paris", "33"), ("Indian/Reunion", "974"), ("America/Cayenne", "973"), ("America/Martinique", "972"), ("Indian/Mayotte", "976"),
    ("America/Miquelon", "975"), ("Pacific/Noumea", "988"), ("Pacific/Tahiti", "987"), ("Europe/Paris", "67"),
]  # fmt: skip
# Around the two changes of clocks, month ends and a leap day.
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes)) | st.sampled_from(
    [datetime(2026, 3, 28, 5, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2028, 2, 27, 9, tzinfo=UTC)]
)
HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
ROUTINES = st.builds(
    Routine,
    opens=HOURS,
    closes=HOURS,
    visit_minutes=st.integers(10, 240),
    travel_minutes=st.integers(0, 180),
    margin_days=st.integers(0, 20),
    saturdays=st.booleans(),
)


@st.composite
def diaries(draw, around):
    """Visits already held in the weeks after an instant, in any order and of any length."""
    starts = draw(st.lists(st.integers(0, 35 * 24 * 4), max_size=12))
    return [
        Slot(around + timedelta(minutes=15 * start), around + timedelta(minutes=15 * start + draw(st.integers(10, 300))))
        for start in starts
    ]


@settings(max_examples=300, deadline=None)
@given(st.data(), INSTANTS, ROUTINES, st.sampled_from(TERRITORIES), st.none() | st.integers(0, 31))
def test_every_slot_proposed_may_be_held(data, now, routine, territory, days_left):
    name, department = territory
    zone, holidays = ZoneInfo(name), public_holidays(department)
    tacit_on = None if days_left is None else now.astimezone(zone).date() + timedelta(days=days_left)
    busy = data.draw(diaries(now))

    slots = planning.propose(busy, routine=routine, zone=zone, holidays=holidays, now=now, tacit_on=tacit_on)

    assert len(slots) <= 6
    for slot in slots:
        start, end = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
        assert start.date() == end.date()
        assert time(6) <= start.time() < end.time() <= time(21)
        assert routine.opens <= start.time()
        assert end.time() <= routine.closes
        assert slot.ends_at - slot.starts_at == routine.duration
        assert start.weekday() < (6 if routine.saturdays else 5)
        assert start.date() not in holidays
        assert slot.starts_at > now
        assert deadlines.is_first_visit_within_term(start.date(), tacit_on)
        assert not any(slot.overlaps(each, apart=routine.travel) for each in busy)
    assert not any(one.overlaps(other) for one in slots for other in slots if one is not other)


@given(st.integers(0, 31), st.integers(0, 20))
def test_days_are_kept_for_the_decision_unless_none_is_left(days_left, margin):
    first = date(2026, 3, 2)
    tacit_on = first + timedelta(days=days_left)
    last = planning.last_day(tacit_on, Routine(margin_days=margin), first=first)

    assert last <= tacit_on
    assert last == tacit_on - timedelta(days=margin) or (last == tacit_on and days_left < margin)


def test_a_routine_wider_than_the_law_gives_nothing_outside_it():
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    night = Routine(opens=time(0), closes=time(23, 45), visit_minutes=45)
    slots = planning.propose([], routine=night, zone=PARIS, holidays=frozenset(), now=now, count=20)

    assert {slot.starts_at.astimezone(PARIS).time() for slot in slots} == {time(6), time(14)}


def test_one_in_the_morning_and_one_in_the_afternoon():
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday
    held = Slot(datetime(2026, 3, 4, 8, tzinfo=UTC), datetime(2026, 3, 4, 9, tzinfo=UTC))
    slots = planning.propose(
        [held], routine=Routine(), zone=PARIS, holidays=frozenset(), now=now, tacit_on=date(2026, 4, 2), count=3
    )

    said = [slot.starts_at.astimezone(PARIS).strftime("%d/%m %H:%M") for slot in slots]
    # 9 h to 10 h is held and the way takes a quarter of an hour: the first free one is at 10 h 15.
    assert said == ["04/03 10:15", "04/03 14:00", "05/03 09:00"]


def test_the_day_before_the_last_is_still_proposed_when_time_is_short():
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    slots = planning.propose([], routine=Routine(), zone=PARIS, holidays=frozenset(), now=now, tacit_on=date(2026, 3, 4))

    assert {slot.starts_at.date() for slot in slots} == {date(2026, 3, 4)}


@pytest.mark.parametrize(
    ("addresses", "walked"),
    [
        (
            ["14 rue du Moulin", "2 rue du Moulin", "2 bis rue du Moulin"],
            ["2 rue du Moulin", "2 bis rue du Moulin", "14 rue du Moulin"],
        ),
        (["10 rue Zola", "9 rue Émile"], ["9 rue Émile", "10 rue Zola"]),
        (["2ter, rue A", "2 bis rue A", "Lieu-dit B"], ["Lieu-dit B", "2 bis rue A", "2ter, rue A"]),
    ],
)
def test_without_places_a_walk_follows_the_doors(addresses, walked):
    assert planning.walk(addresses, place=lambda _: None, address=str) == walked


def test_a_walk_goes_to_the_nearest_from_the_first_appointment():
    places = {"nine": (45.0, 0.0), "ten": (45.9, 0.0), "eleven": (45.1, 0.0), "nowhere": None}
    order = planning.walk(list(places), place=places.get, address=str)

    assert order == ["nine", "eleven", "ten", "nowhere"]


@given(st.lists(st.tuples(st.integers(), st.none() | st.tuples(st.floats(-60, 60), st.floats(-60, 60))), max_size=30))
def test_a_walk_loses_nobody(stops):
    assert sorted(planning.walk(stops, place=lambda stop: stop[1], address=str), key=str) == sorted(stops, key=str)
