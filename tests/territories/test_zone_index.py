"""The tree of the perimeters answers as each perimeter would."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territories.models import Zone
from territories.zone_index import ZoneIndex
from tests.territories.test_zoning import SQUARE

ON = date(2026, 3, 2)
HOLED = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[-0.47, 45.11], [-0.43, 45.11], [-0.43, 45.15], [-0.47, 45.15], [-0.47, 45.11]], SQUARE["coordinates"][0]],
        [[[-0.42, 45.13], [-0.41, 45.13], [-0.41, 45.14], [-0.42, 45.13]]],
    ],
}


def zone(pk, geometry=SQUARE, **fields):
    return Zone(**{"pk": pk, "regime": "APML", "in_force_on": date(2025, 5, 1), "geometry": geometry} | fields)


ZONES = [
    zone(1),
    zone(2, HOLED),
    zone(3, None),
    zone(4, regime="DML"),
    zone(5, ends_on=date(2026, 3, 1)),
    zone(6, in_force_on=date(2026, 3, 3)),
]
INDEX = ZoneIndex(ZONES)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 4, 5, 6]),
        ({"on": ON}, [1, 4]),
        ({"on": ON, "regime": "APML"}, [1]),
        ({"on": date(2026, 3, 1)}, [1, 4, 5]),
        ({"on": date(2026, 3, 3), "regime": "APML"}, [1, 6]),
    ],
)
def test_a_point_is_held_by_the_perimeters_of_that_day_and_regime(asked, expected):
    assert INDEX.covering(longitude=-0.445, latitude=45.135, **asked) == expected


def test_a_border_is_inside_and_a_perimeter_without_outline_holds_nothing():
    assert INDEX.covering(longitude=-0.45, latitude=45.135) == [1, 2, 4, 5, 6]
    assert INDEX.covering(longitude=0, latitude=0) == []
    assert ZoneIndex([]).covering(longitude=-0.445, latitude=45.135) == []


@given(st.floats(-0.48, -0.40), st.floats(45.10, 45.16))
def test_the_tree_agrees_with_each_outline(longitude, latitude):
    expected = [each.pk for each in ZONES if each.covers(longitude=longitude, latitude=latitude)]
    assert INDEX.covering(longitude=longitude, latitude=latitude) == expected
