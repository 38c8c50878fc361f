"""The inspection grid: what an inspector looks at, by which text, how serious a defect is and what cures it.

It is data (`grid.json`), with a version that each visit keeps; no code names an item. Severities and works are the grid's
proposals: the inspector changes them, and says why (loi 89-462 art. 6, décret 2002-120, CSP, règlement sanitaire).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from documents.french import typeset
from inspections.enums import RoomKind, Severity

FILE = Path(__file__).with_name("grid.json")


@dataclass(frozen=True)
class Item:
    """One thing to look at; ``conform`` says when all is well, ``rooms`` where it is looked at."""

    code: str
    title: str
    conform: str
    severity: Severity
    basis: str
    work: str
    rooms: tuple[RoomKind, ...]

    @property
    def usual_place(self) -> str:
        """Where the defect is, when the grid leaves no doubt."""
        return str(self.rooms[0].label) if len(self.rooms) == 1 else ""


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Grid:
    version: str
    sections: tuple[Section, ...]

    def find(self, code: str) -> Item | None:
        return next((item for section in self.sections for item in section.items if item.code == code), None)


@cache
def current() -> Grid:
    """The grid of today's visits."""
    written = json.loads(FILE.read_text())
    sections = (
        Section(each["code"], typeset(each["title"]), tuple(_item(item) for item in each["items"]))
        for each in written["sections"]
    )
    return Grid(written["version"], tuple(sections))


def _item(written: dict[str, Any]) -> Item:
    words = {name: typeset(written[name]) for name in ("title", "conform", "basis", "work")}
    rooms = tuple(RoomKind(room) for room in written["rooms"])
    return Item(code=written["code"], severity=Severity(written["severity"]), rooms=rooms, **words)
