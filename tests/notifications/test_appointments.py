"""Calendar files as RFC 5545 wants them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from notifications import appointments
from notifications.appointments import Appointment

WRITTEN_AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PARIS_IN_WINTER = timezone(timedelta(hours=1))


def appointment(**changes) -> Appointment:
    facts = {
        "uid": "visit-7@permis.test",
        "starts_at": datetime(2026, 11, 27, 9, 30, tzinfo=PARIS_IN_WINTER),
        "ends_at": datetime(2026, 11, 27, 10, 15, tzinfo=PARIS_IN_WINTER),
        "title": "Visite du logement",
        "place": "12 rue de la Gare, 33920 Saint-Savin",
    }
    return Appointment(**{**facts, **changes})


def unfolded(calendar: str) -> list[str]:
    return calendar.replace("\r\n ", "").split("\r\n")


def test_a_planned_appointment_is_written_in_universal_time():
    lines = unfolded(appointments.planned(appointment(), written_at=WRITTEN_AT))

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20261127T083000Z" in lines
    assert "DTEND:20261127T091500Z" in lines
    assert "DTSTAMP:20261124T090000Z" in lines
    assert "LOCATION:12 rue de la Gare\\, 33920 Saint-Savin" in lines


def test_a_cancellation_names_the_same_appointment_and_comes_after_it():
    lines = unfolded(appointments.cancelled(appointment(sequence=1), written_at=WRITTEN_AT))

    assert {"UID:visit-7@permis.test", "METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"} <= set(lines)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "\u2028"])
def test_a_line_break_in_a_name_adds_no_property(separator):
    calendar = appointments.planned(appointment(place=f"Gare{separator}ATTENDEE:mailto:tous@exemple.test"), written_at=WRITTEN_AT)

    assert not any(line.startswith("ATTENDEE") for line in unfolded(calendar))
    assert "LOCATION:Gare\\nATTENDEE:mailto:tous@exemple.test" in unfolded(calendar)


def test_long_lines_are_folded_between_characters():
    place = "Résidence « Les Érables », bâtiment É, " * 8
    calendar = appointments.planned(appointment(place=place), written_at=WRITTEN_AT)

    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    assert "LOCATION:" + place.replace(",", "\\,") in unfolded(calendar)
