"""An appointment as a calendar file (RFC 5545), which phones and mail programs offer to keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

_LINE = 75


@dataclass(frozen=True)
class Appointment:
    """``uid`` names the appointment for good, ``sequence`` counts its changes: a calendar keeps the latest."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    sequence: int = 0


def planned(appointment: Appointment, *, written_at: datetime) -> str:
    return _calendar(appointment, written_at, method="PUBLISH", status="CONFIRMED")


def cancelled(appointment: Appointment, *, written_at: datetime) -> str:
    return _calendar(appointment, written_at, method="CANCEL", status="CANCELLED")


def _calendar(appointment: Appointment, written_at: datetime, *, method: str, status: str) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Permis de louer//FR",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{appointment.uid}",
        f"SEQUENCE:{appointment.sequence}",
        f"STATUS:{status}",
        f"DTSTAMP:{_instant(written_at)}",
        f"DTSTART:{_instant(appointment.starts_at)}",
        f"DTEND:{_instant(appointment.ends_at)}",
        f"SUMMARY:{_escaped(appointment.title)}",
        f"LOCATION:{_escaped(appointment.place)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Separators are escaped, and line breaks cannot start a property of their own."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """Lines hold at most 75 bytes; what follows is continued after a space, never inside a character."""
    parts, part = [], ""
    for char in line:
        if len((part + char).encode()) > _LINE:
            parts.append(part)
            part = " "
        part += char
    return "\r\n".join([*parts, part])
