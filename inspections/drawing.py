"""A signature drawn with a finger, as lines: the same on the screen and on the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Real
from typing import Any

WIDTH, HEIGHT, INK = 600, 200, "#1b2528"
MOST_POINTS = 20_000


def paths(strokes: Any) -> list[str]:
    """The `d` of one SVG path a stroke; whatever is not a list of points between 0 and 1 is left out."""
    return [path for stroke in _lists(strokes) if (path := _path(list(_points(stroke))))]


def svg(strokes: Any) -> str:
    """The whole drawing; empty when nothing was drawn."""
    lines = "".join(f'<path d="{path}"/>' for path in paths(strokes))
    if not lines:
        return ""
    style = f'fill="none" stroke="{INK}" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><g {style}>{lines}</g></svg>'


def _path(points: Sequence[tuple[float, float]]) -> str:
    if not points:
        return ""
    first, *others = points
    # A dot is a line to itself: round caps make it seen.
    rest = "".join(f"L{x:.1f} {y:.1f}" for x, y in others or [first])
    return f"M{first[0]:.1f} {first[1]:.1f}{rest}"


def _points(stroke: list[Any]) -> Iterator[tuple[float, float]]:
    for point in stroke[:MOST_POINTS]:
        if isinstance(point, list) and len(point) == 2 and all(_is_share(each) for each in point):
            yield point[0] * WIDTH, point[1] * HEIGHT


def _is_share(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and 0 <= float(value) <= 1


def _lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list):
        yield from (each for each in value[:MOST_POINTS] if isinstance(each, list))
