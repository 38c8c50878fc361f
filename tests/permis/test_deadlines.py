"""Every date of the law, one row a case of the text, and an independent oracle on every day of seventeen years."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta

from permis import deadlines
from territories.calendars import public_holidays

GIRONDE = public_holidays("33")
EVERY_DAY = [date(2024, 1, 1) + timedelta(days=n) for n in range((date(2040, 12, 31) - date(2024, 1, 1)).days + 1)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2025, 3, 3), date(2025, 4, 3)),
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2025, 4, 1), date(2025, 5, 1)),
        (date(2025, 5, 15), date(2025, 6, 15)),
        (date(2025, 12, 15), date(2026, 1, 15)),
        (date(2024, 2, 29), date(2024, 3, 29)),
    ],
)
def test_tacit_on_is_one_month_later_never_extended(start, end):
    assert deadlines.tacit_on(start) == end


@pytest.mark.parametrize("months", [1, 2, 4, 6, 24, 120])
def test_months_agree_with_an_independent_oracle(months):
    assert [deadlines.add_months(day, months) for day in EVERY_DAY] == [day + relativedelta(months=months) for day in EVERY_DAY]


@pytest.mark.parametrize("zone", ["Europe/Paris", "Indian/Reunion", "America/Guadeloupe"])
def test_the_day_of_reception_is_that_of_the_authority(zone):
    """At each end of every local day, one second apart, the month counts from the local date."""
    local = ZoneInfo(zone)
    for day in EVERY_DAY:
        midnight = datetime(day.year, day.month, day.day, tzinfo=local).astimezone(UTC)
        after, before = midnight.astimezone(local).date(), (midnight - timedelta(seconds=1)).astimezone(local).date()
        assert (before, after) == (day - timedelta(days=1), day)
        assert deadlines.tacit_on(after) == day + relativedelta(months=1)


@pytest.mark.parametrize(
    ("notified", "where", "last"),
    [
        (date(2025, 4, 2), {}, date(2025, 6, 3)),
        (date(2025, 4, 2), {"overseas": True}, date(2025, 7, 3)),
        (date(2025, 4, 2), {"abroad": True}, date(2025, 8, 4)),
        (date(2025, 3, 7), {}, date(2025, 5, 9)),
        (date(2025, 12, 31), {}, date(2026, 3, 2)),
    ],
)
def test_appeal_is_franc_and_moves_to_a_working_day(notified, where, last):
    assert deadlines.appeal_until(notified, holidays=GIRONDE, **where) == last


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2025, 4, 14), date(2025, 4, 14)), (date(2025, 4, 19), date(2025, 4, 22)), (date(2025, 5, 1), date(2025, 5, 2))],
)
def test_time_given_to_a_person_moves_to_the_next_working_day(day, last):
    assert deadlines.respond_by(day, GIRONDE) == last


def test_good_friday_is_a_holiday_in_alsace_moselle_only():
    good_friday = date(2025, 4, 18)
    assert deadlines.next_working_day(good_friday, public_holidays("57")) == date(2025, 4, 22)
    assert deadlines.next_working_day(good_friday, GIRONDE) == good_friday


def test_acknowledgement_is_due_in_ten_working_days():
    assert deadlines.acknowledgement_due_on(date(2025, 4, 28), GIRONDE) == date(2025, 5, 14)


def test_silence_expires_the_day_after_unless_it_is_held():
    last = date(2025, 4, 3)
    assert not deadlines.is_silence_expired(last, on=last)
    assert deadlines.is_silence_expired(last, on=date(2025, 4, 4))
    assert not deadlines.is_silence_expired(last, on=date(2025, 4, 16), held_until=deadlines.reading_ends_on(date(2025, 4, 1)))
    assert deadlines.is_silence_expired(last, on=date(2025, 4, 17), held_until=deadlines.reading_ends_on(date(2025, 4, 1)))


@pytest.mark.parametrize("day", EVERY_DAY[::7])
def test_the_last_alert_leaves_a_working_day_before_the_target(day):
    tacit_on = deadlines.tacit_on(day)
    first, second, last = deadlines.alerts_on(tacit_on, GIRONDE)
    assert first <= second
    assert last < deadlines.officer_target_on(tacit_on)
    assert deadlines.is_working_day(last, GIRONDE) or last == tacit_on - timedelta(days=2)


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [("06:00", "07:00", True), ("20:00", "21:00", True), ("05:59", "07:00", False), ("20:30", "21:01", False)],
)
def test_visits_are_between_six_and_twenty_one(start, end, allowed):
    hours = [datetime.strptime(text, "%H:%M").time() for text in (start, end)]  # noqa: DTZ007
    assert deadlines.is_within_visit_hours(*hours) is allowed
