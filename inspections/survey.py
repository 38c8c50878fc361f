"""What a visit holds, read from its entries: a pure function of them, the same on the server and on the phone (`survey.js`).

An entry says something of one key; of the entries of a key, the one with the greatest number stands, unless it contradicts
one its device could not know of: then the earlier stands, the later is a conflict, and both are kept until an entry that knows
both settles it.

==============  ===========================  ==============================================================================
kind            key                          payload
==============  ===========================  ==============================================================================
start           start                        at, grid (digest of the grid that the phone carries)
room            room:<room>                  room (uuid), kind (RoomKind), name, position, visited, reason (why not visited)
answer          answer:<room or ->:<code>    room or null, code, reply, note, severity and reason (when changed), quick
measure         measure:<room>:<measure>     room, measure (Measure), value (a number as text, with a point)
photo           photo:<photo>                photo (uuid), room or null, code, sha256, size, taken_at, caption, people (bool)
photo_removed   photo:<photo>                photo
people          people                       present, capacity, consent (bool), consent_note
conclusion      conclusion                   conclusion (Conclusion), text
signature       signature                    name, strokes (lists of [x, y] between 0 and 1), refused (bool), reason
outcome         outcome                      outcome ("no_show" or "access_refused"), note
finish          finish                       at
==============  ===========================  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from inspections.enums import EntryKind, Reply


class Written(Protocol):
    """An entry, as far as the survey reads it."""

    id: Any
    number: int
    kind: str
    key: str
    payload: dict[str, Any]
    conflicts_with_id: Any


@dataclass(frozen=True)
class Conflict:
    """Two devices said different things of one key; ``standing`` is what counts until somebody settles it."""

    key: str
    standing: dict[str, Any]
    other: dict[str, Any]


@dataclass
class Survey:
    """The state of a visit: payloads by key, in the order in which each key first appeared."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def of_kind(self, kind: EntryKind) -> list[dict[str, Any]]:
        return [value for key, value in self.values.items() if self.kinds[key] == kind]

    def get(self, key: str) -> dict[str, Any]:
        """What is said of one key; empty when nothing is."""
        return self.values.get(key, {})

    @property
    def rooms(self) -> list[dict[str, Any]]:
        return sorted(self.of_kind(EntryKind.ROOM), key=lambda room: room.get("position") or 0)

    @property
    def answers(self) -> list[dict[str, Any]]:
        return self.of_kind(EntryKind.ANSWER)

    @property
    def measures(self) -> list[dict[str, Any]]:
        return self.of_kind(EntryKind.MEASURE)

    @property
    def photos(self) -> list[dict[str, Any]]:
        return self.of_kind(EntryKind.PHOTO)

    @property
    def defects(self) -> list[dict[str, Any]]:
        return [answer for answer in self.answers if answer.get("reply") == Reply.NON_CONFORM]

    def photos_of(self, answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for photo in self.photos:
            if (photo.get("room"), photo.get("code")) == (answer.get("room"), answer.get("code")):
                yield photo


def key_of(kind: str, payload: dict[str, Any]) -> str:
    """What an entry is about; raises KeyError when the payload does not name it."""
    match kind:
        case EntryKind.ROOM:
            return f"room:{payload['room']}"
        case EntryKind.ANSWER:
            return f"answer:{payload.get('room') or '-'}:{payload['code']}"
        case EntryKind.MEASURE:
            return f"measure:{payload['room']}:{payload['measure']}"
        case EntryKind.PHOTO | EntryKind.PHOTO_REMOVED:
            return f"photo:{payload['photo']}"
    return kind


def of(entries: Iterable[Written]) -> Survey:
    """The state of a visit, from its entries in any order."""
    survey = Survey()
    open_conflicts: dict[str, list[Written]] = {}
    for entry in sorted(entries, key=lambda each: each.number):
        if entry.conflicts_with_id is not None:
            open_conflicts.setdefault(entry.key, []).append(entry)
            continue
        # It knows all that came before it on this key, or it would be a conflict.
        open_conflicts.pop(entry.key, None)
        if entry.kind == EntryKind.PHOTO_REMOVED:
            survey.values.pop(entry.key, None)
            survey.kinds.pop(entry.key, None)
            continue
        survey.values[entry.key] = entry.payload
        survey.kinds[entry.key] = entry.kind
    survey.conflicts = [
        Conflict(key, survey.values.get(key, {}), other.payload) for key, others in open_conflicts.items() for other in others
    ]
    return survey
