"""All the perimeters at once, in a tree: which of them hold a point, without asking the database nor looking at each one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shapely import STRtree, prepare
from shapely.geometry import Point, shape

from territories.models import Zone


class ZoneIndex:
    """The drawn perimeters as they stood when it was made; made again when one of them changes.

    A perimeter that replaces another is another row with other dates: the tree holds them all, and a question gives its day.
    """

    def __init__(self, zones: Iterable[Zone]) -> None:
        drawn = [zone for zone in zones if zone.geometry is not None]
        outlines = [shape(zone.geometry) for zone in drawn]
        for outline in outlines:
            prepare(outline)
        self._tree = STRtree(outlines)
        self._known = [(zone.pk, zone.regime, zone.in_force_on, zone.ends_on) for zone in drawn]

    def covering(self, *, longitude: float, latitude: float, on: date | None = None, regime: str = "") -> list[int]:
        """Keys of the perimeters that hold the point, borders included: of one regime, in force that day, or all of them."""
        places = self._tree.query(Point(longitude, latitude), predicate="covered_by")
        found = (self._known[place] for place in places)
        return sorted(
            pk
            for pk, ruled, starts_on, ends_on in found
            if regime in ("", ruled) and (on is None or (starts_on <= on and (ends_on is None or ends_on >= on)))
        )
