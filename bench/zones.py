"""In which perimeters a point is: three thousand of them, a million points, in process; and every answer against shapely alone.

manage.py bench zones
"""

from __future__ import annotations

import argparse
import os
import time
from datetime import date
from math import cos, pi, sin
from random import Random
from typing import Any

from bench.measuring import Line, at_most, middle, number, publish, quantile

SIDE = 10.0  # degrees: a square somewhat larger than a region


def main() -> None:
    options = _options()
    os.environ |= {"PERMIS_TEST": "1", "DJANGO_SETTINGS_MODULE": "bench.settings"}
    import django

    django.setup()
    from territories.zone_index import ZoneIndex

    draw = Random(options.seed)
    zones = [_zone(key, draw) for key in range(1, options.zones + 1)]
    started = time.perf_counter()
    index = ZoneIndex(zones)
    built = time.perf_counter() - started
    points = [(draw.random() * SIDE - 5, 40 + draw.random() * SIDE) for _ in range(options.points)]
    # Points on a vertex, where rounding would show.
    corners = [zone.geometry["coordinates"][0][0] for zone in zones]
    points[: len(corners)] = [(longitude, latitude) for longitude, latitude in corners][: len(points)]
    rounds, answers, spent = [], [], time.process_time()
    for first in range(0, len(points), 10_000):
        chunk = points[first : first + 10_000]
        started = time.perf_counter()
        found = [index.covering(longitude=longitude, latitude=latitude) for longitude, latitude in chunk]
        rounds.append((time.perf_counter() - started) / len(chunk) * 1e6)
        answers += found
    spent = time.process_time() - spent
    wrong = _mismatches(zones, points, answers)
    held = sum(1 for each in answers if each)
    publish(
        "Un point dans un périmètre", "zones",
        [
            Line("périmètres, points", f"{number(options.zones, '', 0)}, {number(len(points), '', 0)}"),
            at_most("un point, médiane", middle(rounds), 20, "µs"),
            Line("un point, processeur", number(spent / len(points) * 1e6, "µs")),
            Line("un point, 95ᵉ centile des tours", number(quantile(rounds, 0.95), "µs")),
            Line("points dans un périmètre au moins", number(100 * held / len(points), "%")),
            at_most("désaccords avec shapely seul", wrong, 0, "", digits=0),
            Line("construction de l’arbre", number(built * 1000, "ms", 0)),
        ],
    )  # fmt: skip


def _zone(key: int, draw: Random) -> Any:
    """An irregular outline of forty points about a village, most of them apart, some one over another."""
    from territories.models import Zone

    longitude, latitude, size = draw.random() * SIDE - 5, 40 + draw.random() * SIDE, 0.02 + 0.05 * draw.random()
    ring = [
        [
            longitude + size * (0.6 + 0.4 * draw.random()) * cos(step * pi / 20),
            latitude + size * (0.6 + 0.4 * draw.random()) * sin(step * pi / 20),
        ]
        for step in range(40)
    ]
    return Zone(
        pk=key, regime="APML", in_force_on=date(2020, 1, 1), geometry={"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    )


def _mismatches(zones: list[Any], points: list[tuple[float, float]], answers: list[list[int]]) -> int:
    """Every outline asked of the points in its own rectangle, by shapely and without a tree."""
    import numpy
    import shapely

    places = numpy.array(points)
    order = numpy.argsort(places[:, 0])
    abscissas = places[order, 0]
    expected: list[list[int]] = [[] for _ in points]
    for zone in zones:
        outline = shapely.geometry.shape(zone.geometry)
        west, south, east, north = outline.bounds
        near = order[numpy.searchsorted(abscissas, west, "left") : numpy.searchsorted(abscissas, east, "right")]
        near = near[(places[near, 1] >= south) & (places[near, 1] <= north)]
        for place in near[shapely.covers(outline, shapely.points(places[near]))]:
            expected[place].append(zone.pk)
    return sum(1 for given, wanted in zip(answers, expected, strict=True) if given != wanted)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench zones")
    parser.add_argument("--zones", type=int, default=3000)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2026)
    return parser.parse_args()


if __name__ == "__main__":
    main()
