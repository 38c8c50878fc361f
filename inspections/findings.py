"""The findings that a survey holds: what was answered « non conforme » on the spot, completed by the grid."""

from __future__ import annotations

from typing import Any

from inspections.enums import EntryKind, Severity
from inspections.grid import Grid, Item
from inspections.survey import Survey, key_of

DWELLING = "Logement"
PLACE, REASON, BASIS = 120, 300, 160


def of_survey(survey: Survey, grid: Grid) -> list[dict[str, Any]]:
    """One finding a defect, in the order of the grid and of the rooms; what the inspector changed wins over the grid."""
    order = {item.code: place for place, item in enumerate(item for section in grid.sections for item in section.items)}
    rooms = {room["room"]: (place, room.get("name", "")) for place, room in enumerate(survey.rooms)}
    last = (len(rooms), "")
    defects = sorted(
        survey.defects, key=lambda each: (order.get(each["code"], len(order)), rooms.get(each.get("room"), last)[0], each["code"])
    )
    return [_finding(answer, grid, place_of(survey, answer)) for answer in defects]


def place_of(survey: Survey, answer: dict[str, Any]) -> str:
    """The name of the room of an answer, empty when it is about the whole dwelling."""
    room = answer.get("room")
    return str(survey.get(key_of(EntryKind.ROOM, {"room": room})).get("name", "")) if room else ""


def severity_of(answer: dict[str, Any], item: Item | None) -> Severity:
    """What the inspector said, else the grid; a defect that the grid does not know is a reserve."""
    return Severity(answer.get("severity") or (item.severity if item else Severity.RESERVE))


def is_quick(answer: dict[str, Any], item: Item | None) -> bool:
    """Whether its works can be done before a letting: what the inspector said, else the grid."""
    quick = answer.get("quick")
    return bool(item and item.quick) if quick is None else bool(quick)


def _finding(answer: dict[str, Any], grid: Grid, place: str) -> dict[str, Any]:
    item = grid.find(answer["code"])
    return {
        "code": answer["code"],
        "room": answer.get("room") or None,
        "place": (place or (item.usual_place if item else "") or DWELLING)[:PLACE],
        "description": answer.get("note") or (f"{item.title} : non conforme." if item else "Non conforme."),
        "severity": severity_of(answer, item),
        "severity_reason": str(answer.get("reason") or "")[:REASON],
        "basis": item.basis[:BASIS] if item else "",
        "work": item.work if item else "",
        "quick": is_quick(answer, item),
    }
