"""Which perimeters a dwelling is in: by date, regime, category and place, and whether anybody can be sure of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import cos, radians
from typing import Any

from shapely.affinity import scale
from shapely.geometry import Point, shape

from territories.enums import Certainty, Doubt
from territories.models import Zone
from territories.text import fold

# Nearer than this to the line, only a person can say on which side a door opens.
BOUNDARY_METRES = 30
METRES_A_DEGREE = 111_320
_NUMBER = re.compile(r"^\s*(\d{1,4})\s*(?:bis|ter|quater|[a-d])?\b[\s,]*", re.IGNORECASE)
# Words that say the kind of a way, or link: two streets are alike by what remains.
_WAYS = {
    "rue", "avenue", "av", "boulevard", "bd", "place", "pl", "route", "rte", "chemin", "impasse", "allee", "allees", "quai", "cours",
    "square", "passage", "ruelle", "de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a dwelling is: « 12 bis rue de la Gare », and its latitude and longitude once somebody knows them.

    ``declared`` are the keys of the drawn perimeters in which the person who asks says it is; None when they cannot say.
    """

    address: str = ""
    point: tuple[float, float] | None = None
    declared: frozenset[int] | None = None

    @property
    def number(self) -> int | None:
        found = _NUMBER.match(self.address)
        return int(found[1]) if found else None

    @property
    def street(self) -> str:
        """The street as it is compared: folded, without its number."""
        return fold(_NUMBER.sub("", self.address, count=1))


@dataclass(frozen=True)
class Features:
    """What the categories of a perimeter may depend on; None is not known."""

    built_in: int | None = None
    surface: Decimal | None = None
    kind: str = ""
    furnished: bool | None = None


@dataclass(frozen=True)
class Candidate:
    """A perimeter the dwelling may be in, and why it is not certain."""

    zone: Zone
    doubts: frozenset[Doubt] = frozenset()

    @property
    def is_certain(self) -> bool:
        return not self.doubts


@dataclass(frozen=True)
class Finding:
    """The perimeters of one regime that may hold a dwelling; without any, it is outside as far as they tell."""

    candidates: tuple[Candidate, ...] = ()
    upcoming: tuple[Candidate, ...] = ()
    excluded: tuple[Zone, ...] = field(default_factory=tuple)

    @property
    def certainty(self) -> Certainty:
        if not self.candidates:
            return Certainty.OUTSIDE
        return Certainty.TO_CHECK if self.doubts else Certainty.CERTAIN

    @property
    def doubts(self) -> frozenset[Doubt]:
        """What a person has to look at; several perimeters at one place are a doubt by themselves."""
        found = frozenset(doubt for each in self.candidates for doubt in each.doubts)
        return found | {Doubt.OVERLAP} if len(self.candidates) > 1 else found

    @property
    def zone(self) -> Zone | None:
        """The perimeter, when only one may be it."""
        return self.candidates[0].zone if len(self.candidates) == 1 else None


def find(zones: Iterable[Zone], place: Place, features: Features, *, on: date) -> Finding:
    """The perimeters that may hold the dwelling on this day, those to come, and those that leave out what it is.

    ``zones`` are those of one commune and one regime, whatever their dates.
    """
    candidates: list[Candidate] = []
    upcoming: list[Candidate] = []
    excluded: list[Zone] = []
    for zone in zones:
        located = _located(zone, place)
        if located is None or (zone.ends_on is not None and zone.ends_on < on):
            continue
        matched = _matches(zone.categories, features, on=max(on, zone.in_force_on))
        if matched is None:
            excluded.append(zone)
            continue
        candidate = Candidate(zone, located | matched)
        (upcoming if zone.in_force_on > on else candidates).append(candidate)
    return Finding(tuple(candidates), tuple(upcoming), tuple(excluded))


# -- where


def _located(zone: Zone, place: Place) -> frozenset[Doubt] | None:
    """The doubts with which the place is in the perimeter; None when it is not."""
    drawn = _in_outline(zone, place) if zone.geometry is not None else None
    if drawn == frozenset():
        return drawn
    listed = _in_streets(zone.streets, place) if zone.streets else None
    if zone.geometry is None and not zone.streets:
        return frozenset({Doubt.UNDRAWN})
    found = [each for each in (listed, drawn) if each is not None]
    return found[0] if found else None


def _in_outline(zone: Zone, place: Place) -> frozenset[Doubt] | None:
    if place.point is None and place.declared is not None:
        return frozenset() if zone.pk in place.declared else None
    if place.point is None:
        return frozenset({Doubt.UNPLACED})
    latitude, longitude = place.point
    # Degrees of longitude are narrower than those of latitude: both are drawn to the same scale before anything is measured.
    narrow = cos(radians(latitude))
    area = scale(shape(zone.geometry), xfact=narrow, yfact=1, origin=(0, 0))
    point = Point(longitude * narrow, latitude)
    if area.boundary.distance(point) * METRES_A_DEGREE <= BOUNDARY_METRES:
        return frozenset({Doubt.BOUNDARY})
    return frozenset() if area.covers(point) else None


def _in_streets(streets: Iterable[Mapping[str, Any]], place: Place) -> frozenset[Doubt] | None:
    """A street is known by its name, so that nothing here is ever certain; a number out of its range leaves it out."""
    if not place.street:
        return frozenset({Doubt.STREETS})
    for street in streets:
        if not _same_street(fold(str(street.get("name", ""))), place.street):
            continue
        if place.number is None and _is_partial(street):
            return frozenset({Doubt.STREETS, Doubt.NUMBER})
        if place.number is None or _holds(street, place.number):
            return frozenset({Doubt.STREETS})
    return None


def _same_street(one: str, other: str) -> bool:
    """The same words of meaning, whatever the kind of way: « av. Gambetta » is taken for « avenue Gambetta »."""
    return bool(one) and (one == other or (_meaning(one) == _meaning(other) and bool(_meaning(one))))


def _meaning(street: str) -> frozenset[str]:
    return frozenset(word for word in re.findall(r"[a-z0-9]+", street) if word not in _WAYS)


def _is_partial(street: Mapping[str, Any]) -> bool:
    return any(street.get(name) for name in ("from", "to", "side"))


def _holds(street: Mapping[str, Any], number: int) -> bool:
    first, last, side = street.get("from") or 0, street.get("to"), street.get("side")
    if number < first or (last is not None and number > last):
        return False
    return side not in ("odd", "even") or (number % 2 == 1) == (side == "odd")


# -- what


def _matches(categories: Mapping[str, Any], features: Features, *, on: date) -> frozenset[Doubt] | None:
    """Every category must hold: None when one does not, a doubt when one cannot be told."""
    answers = [
        _built_before(categories.get("built_before"), features),
        _min_age(categories.get("min_age_years"), features, on),
        _surface(categories.get("surface_max"), features),
        _kind(categories.get("kinds"), features),
        _furnished(categories.get("furnished"), features),
    ]
    if False in answers:
        return None
    return frozenset({Doubt.CATEGORY}) if None in answers else frozenset()


def _built_before(year: int | None, features: Features) -> bool | None:
    if year is None:
        return True
    return None if features.built_in is None else features.built_in < year


def _min_age(age: int | None, features: Features, on: date) -> bool | None:
    """Only the year of construction is known: in the year in which the age is reached, nobody can say."""
    if age is None:
        return True
    if features.built_in is None or on.year - features.built_in == age:
        return None
    return on.year - features.built_in > age


def _surface(largest: float | None, features: Features) -> bool | None:
    if largest is None:
        return True
    return None if features.surface is None else features.surface <= Decimal(str(largest))


def _kind(kinds: list[str] | None, features: Features) -> bool | None:
    if not kinds:
        return True
    return features.kind in kinds if features.kind else None


def _furnished(wanted: bool | None, features: Features) -> bool | None:
    if wanted is None:
        return True
    return None if features.furnished is None else features.furnished == wanted
