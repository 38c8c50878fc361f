"""What a phone sends, read and checked before anything is kept: every refusal is a French sentence, whatever the bytes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from documents.receiving import MAX_PHOTO_SIZE
from inspections import survey
from inspections.enums import Conclusion, EntryKind, Measure, Reply, RoomKind, Severity

MAX_BODY = 1024 * 1024
MAX_ENTRIES = 100
MAX_PAYLOAD = 64 * 1024
MAX_DEPTH = 6
MAX_INTEGER = 2**31 - 1
# A phone whose battery died wakes up in 1970.
YEARS = range(1970, 2200)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[A-Za-z0-9._-]{1,10}")
_DECIMAL = re.compile(r"-?\d{1,5}(\.\d{1,3})?")


class Malformed(Exception):
    """This cannot be kept; ``entry`` names the one entry at fault, when it is one."""

    def __init__(self, message: str, entry: UUID | None = None) -> None:
        super().__init__(message)
        self.entry = entry


@dataclass(frozen=True)
class Incoming:
    """One entry as a device wrote it."""

    id: UUID
    sequence: int
    base: int
    kind: EntryKind
    key: str
    made_at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True)
class Batch:
    """What one request brings: who speaks, at what time by its own clock, what it knows, what it adds."""

    device: UUID
    label: str
    sent_at: datetime
    cursor: int
    entries: list[Incoming]


def read(body: bytes) -> Batch:
    """A batch from the bytes of a request. Raises Malformed."""
    content = _json(body)
    if not isinstance(content, dict):
        raise Malformed("Cet envoi n’est pas celui d’un téléphone de visite. Rechargez la page.")
    entries = content.get("entries")
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise Malformed(f"Un envoi contient une liste d’au plus {MAX_ENTRIES} saisies.")
    try:
        return Batch(
            device=_uuid(content.get("device")),
            label=_text(120)(content.get("label") or ""),
            sent_at=_instant(content.get("sent_at")),
            cursor=_integer(content.get("cursor"), least=0),
            entries=[_entry(each) for each in entries],
        )
    except ValueError as fault:
        raise Malformed(f"Cet envoi ne peut pas être lu ({fault}). Rechargez la page.") from None


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two payloads say the same: to a phone every number is a float, the database may give one back as an integer."""
    return bool(json.loads(json.dumps(one), parse_int=float) == json.loads(json.dumps(other), parse_int=float))


def _json(body: bytes) -> Any:
    """JSON that PostgreSQL can keep too: no NUL, no lone surrogate, no number that is none, nothing nested without end."""
    try:
        content = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):  # bytes that are no text, text that is no JSON, brackets without end
        raise Malformed("Cet envoi ne peut pas être lu : ce n’est pas du JSON. Rechargez la page.") from None
    waiting = [(content, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH + 3:
            raise Malformed("Cet envoi ne peut pas être lu : trop de niveaux. Rechargez la page.")
        if isinstance(value, dict):
            waiting += [(each, depth + 1) for pair in value.items() for each in pair]
        elif isinstance(value, list):
            waiting += [(each, depth + 1) for each in value]
        elif isinstance(value, str):
            _require_storable(value)
        elif isinstance(value, float) and not math.isfinite(value):
            raise Malformed("Cet envoi ne peut pas être lu : un nombre est trop grand. Rechargez la page.")
    return content


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _require_storable(text: str) -> None:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Malformed("Cet envoi ne peut pas être lu : un texte contient un caractère impossible. Rechargez la page.")


def _entry(written: Any) -> Incoming:
    if not isinstance(written, dict):
        raise ValueError("une saisie n’est pas un objet")
    identifier = _uuid(written.get("id"))
    try:
        kind = EntryKind(written.get("kind") or "")
        payload = written.get("payload")
        if not isinstance(payload, dict) or len(json.dumps(payload)) > MAX_PAYLOAD:
            raise ValueError("contenu absent ou trop long")
        _check(kind, payload)
        return Incoming(
            id=identifier,
            sequence=_integer(written.get("sequence"), least=1),
            base=_integer(written.get("base"), least=0),
            kind=kind,
            key=survey.key_of(kind, payload),
            made_at=_instant(written.get("at")),
            payload=payload,
        )
    except (ValueError, TypeError) as fault:
        raise Malformed(
            f"Cette saisie ne peut pas être gardée : {fault}. Notez-la, ôtez-la, puis refaites-la.", identifier
        ) from None


def _check(kind: EntryKind, payload: dict[str, Any]) -> None:
    """What the survey and the report rely on; whatever else a payload holds is kept as it is."""
    required, optional = FIELDS[kind]
    for name, check in required.items():
        if payload.get(name) in (None, ""):
            raise ValueError(f"« {name} » manque")
        _apply(check, name, payload[name])
    for name, check in optional.items():
        value = payload.get(name)
        if value is not None and (value != "" or check is _boolean):
            _apply(check, name, value)


def _apply(check: Callable[[Any], Any], name: str, value: Any) -> None:
    try:
        check(value)
    except (ValueError, TypeError):
        raise ValueError(f"« {name} » n’a pas une valeur attendue") from None


def _uuid(value: Any) -> UUID:
    """Written in one way only: it is part of the keys that are compared."""
    if not isinstance(value, str) or len(value) != 36 or str(UUID(value)) != value:
        raise ValueError("identifiant")
    return UUID(value)


def _integer(value: Any, *, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MAX_INTEGER:
        raise ValueError("nombre")
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError("date et heure")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError("date et heure")
    return moment.astimezone(UTC)


def _text(longest: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise ValueError("texte")
        return value

    return check


def _one_of(choices: Any) -> Callable[[Any], Any]:
    return lambda value: choices(_text(20)(value))


def _matching(pattern: re.Pattern[str]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError("texte")
        return value

    return check


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("oui ou non")
    return value


def _position(value: Any) -> int:
    return _integer(value, least=0)


def _size(value: Any) -> int:
    if _integer(value, least=1) > MAX_PHOTO_SIZE:
        raise ValueError("taille")
    return int(value)


def _strokes(value: Any) -> None:
    """Lists of points, each a pair of numbers between 0 and 1."""
    if not isinstance(value, list):
        raise TypeError("tracé")
    for stroke in value:
        for x, y in stroke:
            if not all(isinstance(each, int | float) and 0 <= each <= 1 for each in (x, y)):
                raise ValueError("tracé")


_OUTCOMES = re.compile("no_show|access_refused")
_Fields = dict[str, Callable[[Any], Any]]
# By kind: what must be there, and what may; the table is that of `inspections.survey`.
FIELDS: dict[EntryKind, tuple[_Fields, _Fields]] = {
    EntryKind.START: ({"at": _instant}, {"grid": _matching(_SHA256)}),
    EntryKind.ROOM: (
        {"room": _uuid, "kind": _one_of(RoomKind), "name": _text(80)},
        {"position": _position, "visited": _boolean, "reason": _text(200)},
    ),
    EntryKind.ANSWER: (
        {"code": _matching(_CODE), "reply": _one_of(Reply)},
        {"room": _uuid, "note": _text(4000), "severity": _one_of(Severity), "reason": _text(300), "quick": _boolean},
    ),
    EntryKind.MEASURE: ({"room": _uuid, "measure": _one_of(Measure)}, {"value": _matching(_DECIMAL)}),
    EntryKind.PHOTO: (
        {"photo": _uuid, "sha256": _matching(_SHA256), "size": _size, "taken_at": _instant},
        {"room": _uuid, "code": _matching(_CODE), "caption": _text(300), "people": _boolean},
    ),
    EntryKind.PHOTO_REMOVED: ({"photo": _uuid}, {}),
    EntryKind.PEOPLE: ({}, {"present": _text(120), "capacity": _text(120), "consent": _boolean, "consent_note": _text(1000)}),
    EntryKind.CONCLUSION: ({}, {"conclusion": _one_of(Conclusion), "text": _text(8000)}),
    EntryKind.SIGNATURE: ({}, {"name": _text(120), "strokes": _strokes, "refused": _boolean, "reason": _text(300)}),
    EntryKind.OUTCOME: ({"outcome": _matching(_OUTCOMES)}, {"note": _text(4000)}),
    EntryKind.FINISH: ({"at": _instant}, {}),
}
