"""The inspection grid: what an inspector looks at, by which text, how serious a defect is and what cures it.

It is data (`grid.json`), with a version that each visit keeps; no code names an item. Severities and works are the grid's
proposals: the inspector changes them, and says why (loi 89-462 art. 6, décret 2002-120, CSP, règlement sanitaire).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from documents.french import typeset
from inspections.enums import RoomKind, Severity
from inspections.models import GridEdition, GridSnapshot, Visit
from territories.models import Authority

FILE = Path(__file__).with_name("grid.json")
# An authority's own items have letters that no section has, now or in a later version of the national grid.
_LETTERS_OF_THE_GRID = "ABCDEFGHI"
OWN_LETTERS = "XYZJKLMNOPQRSTUVW"


@dataclass(frozen=True)
class Item:
    """One thing to look at; ``conform`` says when all is well, ``rooms`` where it is looked at.

    ``optional`` items may be switched off by an authority; the works of a ``quick`` one can be done before a letting;
    ``measured`` names the check that its measures answer.
    """

    code: str
    title: str
    conform: str
    severity: Severity
    basis: str
    work: str
    rooms: tuple[RoomKind, ...]
    optional: bool = False
    quick: bool = False
    measured: str = ""

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

    def as_data(self) -> dict[str, Any]:
        """The same grid as plain data: what a visit keeps and what a phone receives."""
        return asdict(self)

    def find(self, code: str) -> Item | None:
        return next((item for section in self.sections for item in section.items if item.code == code), None)


@cache
def national() -> Grid:
    """The grid that comes with the software."""
    return read(json.loads(FILE.read_text()))


def of(authority: Authority) -> Grid:
    """The grid of an authority's visits from now on: the national one, with its own items and without those it switched off."""
    return _with(edition_of(authority))


def _with(edition: GridEdition | None) -> Grid:
    if edition is None:
        return national()
    base, off = national(), set(edition.switched_off)
    added: dict[str, list[Item]] = {}
    for each in edition.added:
        added.setdefault(each["section"], []).append(_item(each))
    sections = (
        replace(
            section,
            items=(
                *(item for item in section.items if not (item.optional and item.code in off)),
                *added.get(section.code, ()),
            ),
        )
        for section in base.sections
    )
    return Grid(f"{base.version}-{edition.number}", tuple(sections))


def edition_of(authority: Authority) -> GridEdition | None:
    """The last thing that an authority said of the grid, if it said any."""
    return authority.grid_editions.order_by("-number").first()


def is_free(code: str, authority: Authority) -> bool:
    """Whether an authority may give this code to an item of its own: no code of the national grid, none that it ever gave."""
    return code[:1] not in _LETTERS_OF_THE_GRID and code not in _given(authority)


def free_code(authority: Authority) -> str:
    """The code proposed for the next item of an authority: X01, X02…, then Y01."""
    given = _given(authority)
    return next(code for letter in OWN_LETTERS for place in range(1, 100) if (code := f"{letter}{place:02}") not in given)


def _given(authority: Authority) -> set[str]:
    return {each["code"] for added in authority.grid_editions.values_list("added", flat=True) for each in added}


def followed_by(visit: Visit) -> Grid:
    """The grid that a visit was made with; while it has none, the one it would take."""
    return read(visit.grid.content) if visit.grid else of(visit.application.authority)


def keep(visit: Visit, *, carried: str = "") -> None:
    """Bind a visit to a grid, once and for ever: the one that a phone carried, else that of its authority; the caller saves."""
    if visit.grid is None:
        authority = visit.application.authority
        snapshot = _carried(authority, carried) or snapshot_of(authority)
        visit.grid, visit.grid_version = snapshot, snapshot.version


def snapshot_of(authority: Authority) -> GridSnapshot:
    """The grid of an authority as visits of today keep it."""
    grid = of(authority)
    fields = {"version": grid.version, "content": grid.as_data}
    return GridSnapshot.objects.get_or_create(digest=_digest(grid), defaults=fields)[0]


def _carried(authority: Authority, digest: str) -> GridSnapshot | None:
    """A snapshot that a phone of this authority was given: of one of its editions, or the national grid."""
    snapshot = GridSnapshot.objects.filter(digest=digest).first() if digest else None
    if snapshot is None:
        return None
    editions = [None, *authority.grid_editions.order_by("-number")]
    return snapshot if any(_digest(_with(edition)) == digest for edition in editions) else None


@lru_cache(maxsize=64)  # every visit asks for that of its authority
def _digest(grid: Grid) -> str:
    return hashlib.sha256(json.dumps(grid.as_data(), sort_keys=True).encode()).hexdigest()


def read(written: dict[str, Any]) -> Grid:
    """A grid from its data, as in `grid.json` and in the snapshots that visits keep."""
    sections = (
        Section(each["code"], typeset(each["title"]), tuple(_item(item) for item in each["items"]))
        for each in written["sections"]
    )
    return Grid(written["version"], tuple(sections))


def _item(written: dict[str, Any]) -> Item:
    words = {name: typeset(written[name]) for name in ("title", "conform", "basis", "work")}
    return Item(
        code=written["code"],
        severity=Severity(written["severity"]),
        rooms=tuple(RoomKind(room) for room in written["rooms"]),
        optional=written.get("optional", False),
        quick=written.get("quick", False),
        measured=written.get("measured", ""),
        **words,
    )
