"""What was entered on the spot, made readable: rooms, answers with their photos, measures, who wrote what on which phone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from documents.models import StoredFile
from inspections import drawing, findings, grid, measuring, survey
from inspections.enums import EntryKind, Measure, Reply, RoomKind, Severity
from inspections.grid import Item
from inspections.measuring import Declared, Verdict
from inspections.models import Entry, Report, Visit
from inspections.survey import Survey

SKEW_SECONDS = 120
UNITS = {
    Measure.SURFACE: "m²",
    Measure.HEIGHT: "m",
    Measure.VOLUME: "m³",
    Measure.TEMPERATURE: "°C",
    Measure.HUMIDITY: "%",
}


@dataclass(frozen=True)
class Shot:
    """A photo of the visit; ``file`` is None until its bytes are whole."""

    id: str
    number: int
    title: str
    caption: str
    code: str
    room: str
    taken_at: datetime | None
    shows_people: bool
    sha256: str
    file: StoredFile | None

    @property
    def is_shown(self) -> bool:
        return self.file is not None and self.file.is_served and self.file.pictures > 0

    @property
    def alt(self) -> str:
        return f"Photo {self.number} : {self.title}"


@dataclass(frozen=True)
class Line:
    """One answer, with its photos and who gave it."""

    code: str
    title: str
    place: str
    room: str
    reply: str
    note: str
    severity: str
    severity_reason: str
    photos: list[Shot]
    entry: Entry

    @property
    def is_defect(self) -> bool:
        return self.reply == Reply.NON_CONFORM

    @property
    def reply_label(self) -> str:
        return str(Reply(self.reply).label) if self.reply in Reply.values else "Sans réponse"


@dataclass(frozen=True)
class Part:
    """A section of the grid with what was answered in it, the defects first."""

    code: str
    title: str
    lines: list[Line]
    total: int

    @property
    def defects(self) -> int:
        return sum(line.is_defect for line in self.lines)


@dataclass(frozen=True)
class Walk:
    """A whole visit as it was entered."""

    survey: Survey
    rooms: list[dict[str, str]]
    parts: list[Part]
    measures: list[list[str]]
    photos: list[Shot]
    entries: list[Entry]
    verdicts: list[Verdict]
    unanswered: int
    total: int
    late: list[Entry] = field(default_factory=list)

    @property
    def people(self) -> dict[str, Any]:
        return {"present": "", "capacity": "", "consent": None, "consent_note": ""} | self.survey.get(EntryKind.PEOPLE)

    @property
    def signature(self) -> dict[str, Any]:
        return {"name": "", "strokes": [], "refused": False, "reason": ""} | self.survey.get(EntryKind.SIGNATURE)

    @property
    def strokes(self) -> list[str]:
        return drawing.paths(self.signature.get("strokes"))

    @property
    def rooms_not_visited(self) -> str:
        return " ; ".join(f"{room['name']} : {room['reason']}".rstrip(" :") for room in self.rooms if not room["is_visited"])

    @property
    def started_at(self) -> datetime | None:
        return _instant(self.survey.get(EntryKind.START).get("at"))

    @property
    def finished_at(self) -> datetime | None:
        return _instant(self.survey.get(EntryKind.FINISH).get("at"))

    def moment(self, kind: EntryKind) -> datetime | None:
        """When the phone says that it was, corrected by what its clock was wrong by when that matters."""
        said, key = _instant(self.survey.get(kind).get("at")), str(kind)
        skew = next((entry.skew_seconds for entry in reversed(self.entries) if entry.key == key), 0)
        return said - timedelta(seconds=skew) if said and abs(skew) > SKEW_SECONDS else said

    @property
    def photos_apart(self) -> list[Shot]:
        """Those of no answer: general views, or of a point that was not answered."""
        placed = {photo.id for part in self.parts for line in part.lines for photo in line.photos}
        return [photo for photo in self.photos if photo.id not in placed]

    @property
    def photos_waiting(self) -> int:
        return sum(not photo.is_shown for photo in self.photos)

    @property
    def phones(self) -> list[tuple[str, str, int]]:
        """Each phone with its owner, and by how many minutes its clock is wrong when that matters."""
        known: dict[Any, tuple[str, str, int]] = {}
        for entry in self.entries:
            minutes = round(entry.skew_seconds / 60) if abs(entry.skew_seconds) > SKEW_SECONDS else 0
            known[entry.device_id] = (str(entry.device), entry.author.full_name, minutes)
        return list(known.values())


def of(visit: Visit, *, report: Report | None = None) -> Walk | None:
    """What was entered for a visit, None when nothing was; ``late`` is what came after ``report``. Three queries."""
    entries = list(visit.entries.select_related("device", "author").order_by("number"))
    if not entries:
        return None
    read, followed = survey.of(entries), grid.followed_by(visit)
    files = {str(photo.pk): photo for photo in visit.photos.select_related("file__application", "file__blurring")}
    items = {item.code: item for section in followed.sections for item in section.items}
    shots = [_shot(place, payload, read, items, files) for place, payload in enumerate(read.photos, start=1)]
    # The survey holds the very payloads of the entries that stand.
    written = {id(entry.payload): entry for entry in entries}
    lines = [_line(answer, read, items, shots, written[id(answer)]) for answer in read.answers]
    parts = [
        Part(
            section.code,
            section.title,
            sorted((line for line in lines if line.code in codes), key=lambda line: (not line.is_defect, line.code)),
            len(codes),
        )
        for section in followed.sections
        if (codes := {item.code for item in section.items})
    ]
    answered = {line.code for line in lines if line.reply}
    return Walk(
        survey=read,
        rooms=[_room(room) for room in read.rooms],
        parts=[part for part in parts if part.lines],
        measures=[_measure(each, read) for each in read.measures],
        photos=shots,
        entries=entries,
        verdicts=measuring.verdicts(read, followed, Declared.of(visit.application)) if read.measures else [],
        unanswered=len(items.keys() - answered),
        total=len(items),
        late=[entry for entry in entries if report is not None and entry.received_at > report.established_at],
    )


def _line(answer: dict[str, Any], read: Survey, items: dict[str, Item], shots: list[Shot], entry: Entry) -> Line:
    item = items.get(answer["code"])
    severity = answer.get("severity") or (item.severity if item else "")
    is_defect = answer.get("reply") == Reply.NON_CONFORM
    room = str(answer.get("room") or "")
    return Line(
        code=answer["code"],
        title=item.title if item else "Point hors de la grille",
        place=findings.place_of(read, answer),
        room=room,
        reply=str(answer.get("reply") or ""),
        note=str(answer.get("note") or ""),
        severity=str(Severity(severity).label) if is_defect and severity in Severity.values else "",
        severity_reason=str(answer.get("reason") or "") if is_defect else "",
        photos=[shot for shot in shots if (shot.code, shot.room) == (answer["code"], room)],
        entry=entry,
    )


def _shot(number: int, payload: dict[str, Any], read: Survey, items: dict[str, Item], files: dict[str, Any]) -> Shot:
    code, photo = str(payload.get("code") or ""), files.get(str(payload["photo"]))
    item, place = items.get(code), findings.place_of(read, payload)
    about = " – ".join(part for part in (code, item.title if item else "") if part)
    title = ", ".join(part for part in (about, place) if part) or "Vue générale"
    return Shot(
        id=str(payload["photo"]),
        number=number,
        title=title,
        caption=str(payload.get("caption") or ""),
        code=code,
        room=str(payload.get("room") or ""),
        taken_at=_instant(payload.get("taken_at")),
        shows_people=bool(payload.get("people")) or _is_blurred(photo),
        sha256=str(payload.get("sha256") or ""),
        file=photo.file if photo is not None else None,
    )


def _is_blurred(photo: Any) -> bool:
    """Whether the service saw people on it, whatever the phone said."""
    blurring = getattr(photo.file, "blurring", None) if photo is not None and photo.file is not None else None
    return blurring is not None and blurring.has_people


def _room(room: dict[str, Any]) -> dict[str, Any]:
    kind = room.get("kind")
    return {
        "name": str(room.get("name") or ""),
        "kind": str(RoomKind(kind).label) if kind in RoomKind.values else "",
        "is_visited": room.get("visited") is not False,
        "reason": str(room.get("reason") or ""),
    }


def _measure(measure: dict[str, Any], read: Survey) -> list[str]:
    kind = measure.get("measure")
    name = str(Measure(kind).label).partition(" (")[0] if kind in Measure.values else str(kind)
    unit = UNITS.get(Measure(kind), "") if kind in Measure.values else ""
    value = str(measure.get("value") or "").replace(".", ",")
    return [findings.place_of(read, measure), name, f"{value} {unit}".strip()]


def _instant(text: Any) -> datetime | None:
    """An instant as a phone wrote it; what is no instant is not shown."""
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
