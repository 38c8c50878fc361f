"""What the measures of a visit say of the items they answer: pure functions, the same on the phone (`measuring.js`).

An item names its check by `Item.measured`. Figures are compared exactly, as written; a height or a surface that is missing is
never guessed: the answer is then left open (décret 2002-120 art. 4, règlement sanitaire départemental art. 40).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inspections.enums import Measure, Reply, RoomKind
from inspections.grid import Grid, Item
from inspections.survey import Survey
from permis.enums import LeaseKind
from permis.models import Application

MAIN_SURFACE, OTHER_SURFACE, HEIGHT, VOLUME = Decimal("9"), Decimal("7"), Decimal("2.2"), Decimal("20")
TOLERANCE = Decimal("0.05")
MAIN_ROOMS = (RoomKind.LIVING, RoomKind.BEDROOM)
INHABITED = (*MAIN_ROOMS, RoomKind.KITCHEN, RoomKind.BATHROOM, RoomKind.TOILET)

ROOM_RULE = "9\u00a0m² et 2,20\u00a0m de haut, ou 20\u00a0m³"
_WRITTEN = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Declared:
    """What the application says of the dwelling; ``shared`` is a colocation, each with their own lease or not."""

    surface: Decimal | None = None
    rooms: int | None = None
    shared: bool = False

    @classmethod
    def of(cls, application: Application) -> Declared:
        shared = application.lease_kind == LeaseKind.COLOCATION or application.separate_leases > 1
        return cls(application.dwelling.surface, application.dwelling.rooms, shared)

    def as_data(self) -> dict[str, Any]:
        """What a phone receives: the surface as text, exactly."""
        return {"surface": None if self.surface is None else f"{self.surface:f}", "rooms": self.rooms, "shared": self.shared}


@dataclass(frozen=True)
class Verdict:
    """What the measures say of an item, in one room or (``room`` is None) of the whole dwelling; no reply while they are too few."""

    code: str
    room: str | None
    reply: Reply | None
    sentence: str


@dataclass(frozen=True)
class Room:
    """A room with what was measured in it."""

    id: str
    name: str
    kind: str
    surface: Decimal | None
    height: Decimal | None
    measured_volume: Decimal | None

    @property
    def volume(self) -> Decimal | None:
        """As measured, else surface by height."""
        if self.measured_volume is not None:
            return self.measured_volume
        return None if self.surface is None or self.height is None else self.surface * self.height

    @property
    def is_large_enough(self) -> bool | None:
        """9 m² and 2,20 m high, or 20 m³ (décret 2002-120 art. 4); None as long as a missing measure could change it."""
        surface, height, volume = (
            _at_least(self.surface, MAIN_SURFACE),
            _at_least(self.height, HEIGHT),
            _at_least(self.volume, VOLUME),
        )
        if volume or (surface and height):
            return True
        return False if volume is False and (surface is False or height is False) else None

    @property
    def figures(self) -> str:
        parts = [_square(self.surface), _high(self.height), _cubic(self.volume)]
        return f"{self.name}, {', '.join(part for part in parts if part)}"


def verdicts(survey: Survey, grid: Grid, dwelling: Declared) -> list[Verdict]:
    """One verdict for each measured item, or for each room where it is looked at, in the order of the grid and of the rooms."""
    rooms = _rooms(survey)
    found: list[Verdict] = []
    for section in grid.sections:
        for item in section.items:
            if check := OF_DWELLING.get(item.measured):
                reply, facts, rule = check(rooms, dwelling)
                found.append(Verdict(item.code, None, reply, _sentence(facts, rule, item)))
            elif check_room := OF_ROOM.get(item.measured):
                for room in rooms:
                    if room.kind in item.rooms:
                        reply, facts, rule = check_room(room, rooms)
                        found.append(Verdict(item.code, room.id, reply, _sentence(facts, rule, item)))
    return found


Answer = tuple[Reply | None, str, str]


def _main_room(rooms: Sequence[Room], dwelling: Declared) -> Answer:
    """Au moins une pièce principale assez grande (décret 2002-120 art. 4)."""
    rule = f"{ROOM_RULE}, dans une pièce principale au moins"
    main = [room for room in rooms if room.kind in MAIN_ROOMS]
    if enough := next((room for room in main if room.is_large_enough), None):
        return Reply.CONFORM, f"{enough.figures}.", rule
    if missing := _not_all_entered(main, dwelling):
        return None, missing, rule
    if unknown := [room.name for room in main if room.is_large_enough is None]:
        return None, f"Mesurez la surface et la hauteur, ou le volume\u00a0: {_listed(unknown)}.", rule
    return Reply.NON_CONFORM, f"Aucune pièce n’y répond\u00a0: {_figures(main)}.", rule


def _shared_rooms(rooms: Sequence[Room], dwelling: Declared) -> Answer:
    """En colocation, chaque chambre est assez grande (loi 89-462 art. 8-1)."""
    rule = f"{ROOM_RULE}, dans chaque chambre"
    if not dwelling.shared:
        return Reply.NOT_APPLICABLE, "La demande ne porte pas sur une colocation.", rule
    private = [room for room in rooms if room.kind == RoomKind.BEDROOM]
    if not private:
        return None, "Aucune chambre n’est saisie.", rule
    if small := [room for room in private if room.is_large_enough is False]:
        return Reply.NON_CONFORM, f"Trop petites\u00a0: {_figures(small)}.", rule
    if unknown := [room.name for room in private if room.is_large_enough is None]:
        return None, f"Mesurez la surface et la hauteur, ou le volume\u00a0: {_listed(unknown)}.", rule
    return Reply.CONFORM, f"{_figures(private)}.", rule


def _declared_surface(rooms: Sequence[Room], dwelling: Declared) -> Answer:
    """La surface mesurée est celle de la demande, à un vingtième près (loi 89-462 art. 3-1)."""
    rule = "5\u00a0% d’écart au plus avec la surface déclarée"
    if dwelling.surface is None:
        return None, "La demande ne dit pas la surface.", rule
    whole = next((room.surface for room in rooms if room.kind == RoomKind.DWELLING and room.surface is not None), None)
    inhabited = [room for room in rooms if room.kind in INHABITED]
    if whole is None:
        if missing := _not_all_entered([room for room in inhabited if room.kind in MAIN_ROOMS], dwelling):
            return None, missing, rule
        if unknown := [room.name for room in inhabited if room.surface is None]:
            return None, f"Mesurez la surface\u00a0: {_listed(unknown)}.", rule
        whole = sum((room.surface for room in inhabited if room.surface is not None), Decimal(0))
    gap, allowed = abs(whole - dwelling.surface), dwelling.surface * TOLERANCE
    facts = (
        f"{_square(dwelling.surface)} déclarés, {_square(whole)} mesurés\u00a0: "
        f"{_square(gap)} d’écart, pour {_square(allowed)} admis."
    )
    return (Reply.CONFORM if gap <= allowed else Reply.NON_CONFORM), facts, rule


def _other_room(room: Room, rooms: Sequence[Room]) -> Answer:
    """Les pièces principales autres que la plus grande ont au moins 7 m² (règlement sanitaire départemental art. 40.3)."""
    rule = "7\u00a0m², dans chaque autre pièce principale"
    main = [each for each in rooms if each.kind in MAIN_ROOMS]
    if main == [room]:
        return Reply.NOT_APPLICABLE, f"{room.name} est la seule pièce principale.", rule
    if room.surface is None:
        return None, f"Mesurez la surface\u00a0: {room.name}.", rule
    if room.surface >= OTHER_SURFACE:
        return Reply.CONFORM, f"{room.name}, {_square(room.surface)}.", rule
    if room is max((each for each in main if each.surface is not None), key=_as_main, default=None):
        if unknown := [each.name for each in main if each.surface is None]:
            return None, f"Mesurez la surface\u00a0: {_listed(unknown)}.", rule
        return Reply.NOT_APPLICABLE, f"{room.name} compte pour la pièce principale, jugée à part.", rule
    return Reply.NON_CONFORM, f"{room.name}, {_square(room.surface)}.", rule


def _ceiling(room: Room, _rooms: Sequence[Room]) -> Answer:
    """La hauteur sous plafond (règlement sanitaire départemental art. 40.4)."""
    rule = "2,20\u00a0m de haut"
    if room.height is None:
        return None, f"Mesurez la hauteur\u00a0: {room.name}.", rule
    reply = Reply.CONFORM if room.height >= HEIGHT else Reply.NON_CONFORM
    return reply, f"{room.name}, {_high(room.height)}.", rule


OF_DWELLING: dict[str, Callable[[Sequence[Room], Declared], Answer]] = {
    "main_room": _main_room,
    "shared_rooms": _shared_rooms,
    "declared_surface": _declared_surface,
}
OF_ROOM: dict[str, Callable[[Room, Sequence[Room]], Answer]] = {"other_room": _other_room, "ceiling": _ceiling}
CHECKS = (*OF_DWELLING, *OF_ROOM)


def _as_main(room: Room) -> tuple[bool, Decimal]:
    """The main room is the largest of those that are large enough, else the largest; the first of equals."""
    return room.is_large_enough is True, room.surface or Decimal(0)


def _not_all_entered(main: Sequence[Room], dwelling: Declared) -> str:
    """Fewer rooms than the application tells of: nothing can be said of all of them yet."""
    if not main:
        return "Aucune pièce principale n’est saisie."
    if dwelling.rooms is not None and len(main) < dwelling.rooms:
        return f"Pièces principales saisies\u00a0: {len(main)} sur {dwelling.rooms} déclarées."
    return ""


def _rooms(survey: Survey) -> list[Room]:
    measured = {(each["room"], each["measure"]): number(each.get("value")) for each in survey.measures}
    return [
        Room(
            id=each["room"],
            name=each.get("name") or "Pièce sans nom",
            kind=each.get("kind", ""),
            surface=measured.get((each["room"], Measure.SURFACE)),
            height=measured.get((each["room"], Measure.HEIGHT)),
            measured_volume=measured.get((each["room"], Measure.VOLUME)),
        )
        for each in survey.rooms
    ]


def number(written: object) -> Decimal | None:
    """A measure as it was written; None for what is not one, or is nought."""
    if not isinstance(written, str) or not _WRITTEN.fullmatch(written):
        return None
    return Decimal(written) or None


def french(value: Decimal) -> str:
    """« 9 », « 2,20 », « 19,6881 »: every figure that counts, at least two after the comma if any."""
    whole, _, rest = f"{value:f}".partition(".")
    rest = rest.rstrip("0")
    return f"{whole},{rest:0<2}" if rest else whole


def _square(value: Decimal | None) -> str:
    return "" if value is None else f"{french(value)}\u00a0m²"


def _cubic(value: Decimal | None) -> str:
    return "" if value is None else f"{french(value)}\u00a0m³"


def _high(value: Decimal | None) -> str:
    return "" if value is None else f"{french(value)}\u00a0m de haut"


def _at_least(value: Decimal | None, least: Decimal) -> bool | None:
    return None if value is None else value >= least


def _figures(rooms: Sequence[Room]) -> str:
    return "\u202f; ".join(room.figures for room in rooms)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _sentence(facts: str, rule: str, item: Item) -> str:
    return f"{facts} Règle\u00a0: {rule}{f' ({item.basis})' if item.basis else ''}."
