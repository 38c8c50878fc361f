"""Perimeters by date, place and category, as tables; nothing is asked of the database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territories import zoning
from territories.enums import Certainty, Doubt
from territories.models import Zone
from territories.zoning import Features, Place

ON = date(2026, 3, 2)
# A square of about 780 m by 1110 m.
SQUARE = {"type": "Polygon", "coordinates": [[[-0.45, 45.13], [-0.44, 45.13], [-0.44, 45.14], [-0.45, 45.14], [-0.45, 45.13]]]}
INSIDE, OUTSIDE, ON_LINE = (45.135, -0.445), (45.15, -0.445), (45.1301, -0.445)


def zone(**fields):
    return Zone(**{"name": "Centre", "in_force_on": date(2025, 5, 1), "geometry": SQUARE} | fields)


def found(*zones, address="12 rue de la Gare", point=INSIDE, on=ON, **features):
    return zoning.find(zones, Place(address, point), Features(**features), on=on)


@pytest.mark.parametrize(
    ("point", "certainty", "doubts"),
    [
        (INSIDE, Certainty.CERTAIN, set()),
        (OUTSIDE, Certainty.OUTSIDE, set()),
        (ON_LINE, Certainty.TO_CHECK, {Doubt.BOUNDARY}),
        ((45.1299, -0.445), Certainty.TO_CHECK, {Doubt.BOUNDARY}),
        # 39 m east or west of the line: metres, not degrees.
        ((45.135, -0.4495), Certainty.CERTAIN, set()),
        ((45.135, -0.4505), Certainty.OUTSIDE, set()),
        ((45.135, -0.4498), Certainty.TO_CHECK, {Doubt.BOUNDARY}),
        (None, Certainty.TO_CHECK, {Doubt.UNPLACED}),
    ],
)
def test_a_point_is_in_out_or_at_the_boundary(point, certainty, doubts):
    finding = found(zone(), point=point)

    assert (finding.certainty, set(finding.doubts)) == (certainty, doubts)


@pytest.mark.parametrize(
    ("in_force_on", "ends_on", "candidates", "upcoming"),
    [
        (ON, None, 1, 0),
        (date(2026, 3, 3), None, 0, 1),
        (date(2025, 5, 1), ON, 1, 0),
        (date(2025, 5, 1), date(2026, 3, 1), 0, 0),
    ],
)
def test_a_perimeter_holds_from_its_first_day_to_its_last(in_force_on, ends_on, candidates, upcoming):
    finding = found(zone(in_force_on=in_force_on, ends_on=ends_on))

    assert (len(finding.candidates), len(finding.upcoming)) == (candidates, upcoming)


STREETS = [{"name": "Rue de la Gare", "from": 1, "to": 57, "side": "odd"}, {"name": "Avenue Gambetta"}]


@pytest.mark.parametrize(
    ("address", "doubts"),
    [
        ("13 rue de la Gare", {Doubt.STREETS}),
        ("13 bis, RUE DE LA GARE", {Doubt.STREETS}),
        ("12 rue de la Gare", None),
        ("59 rue de la Gare", None),
        ("57 rue de la gare", {Doubt.STREETS}),
        ("rue de la Gare", {Doubt.STREETS, Doubt.NUMBER}),
        ("4 av. Gambetta", {Doubt.STREETS}),
        ("Gambetta", {Doubt.STREETS}),
        ("4 rue du Moulin", None),
        ("", {Doubt.STREETS}),
    ],
)
def test_a_list_of_streets_is_never_certain(address, doubts):
    finding = found(zone(geometry=None, streets=STREETS), address=address, point=None)

    assert finding.certainty == (Certainty.OUTSIDE if doubts is None else Certainty.TO_CHECK)
    assert set(finding.doubts) == (doubts or set())


@pytest.mark.parametrize(
    ("declared", "certainty"),
    [(None, Certainty.TO_CHECK), (frozenset({7}), Certainty.CERTAIN), (frozenset(), Certainty.OUTSIDE)],
)
def test_without_a_point_the_person_may_say_where_it_is(declared, certainty):
    place = Place("12 rue de la Gare", declared=declared)

    assert zoning.find([zone(pk=7)], place, Features(), on=ON).certainty == certainty


def test_what_is_drawn_is_surer_than_a_list():
    both = zone(streets=STREETS)

    assert found(both, address="4 rue du Moulin").certainty == Certainty.CERTAIN
    assert set(found(both, address="13 rue de la Gare", point=OUTSIDE).doubts) == {Doubt.STREETS}
    assert found(both, address="4 rue du Moulin", point=OUTSIDE).certainty == Certainty.OUTSIDE


def test_a_perimeter_without_outline_nor_street_is_to_be_checked():
    assert set(found(zone(geometry=None)).doubts) == {Doubt.UNDRAWN}


@pytest.mark.parametrize(
    ("categories", "features", "answer"),
    [
        ({"built_before": 2010}, {"built_in": 2009}, True),
        ({"built_before": 2010}, {"built_in": 2010}, False),
        ({"built_before": 2010}, {}, None),
        ({"min_age_years": 15}, {"built_in": 2010}, True),
        ({"min_age_years": 15}, {"built_in": 2011}, None),
        ({"min_age_years": 15}, {"built_in": 2012}, False),
        ({"surface_max": 30}, {"surface": Decimal(30)}, True),
        ({"surface_max": 30}, {"surface": Decimal("30.1")}, False),
        ({"surface_max": 29.5}, {"surface": Decimal("29.5")}, True),
        ({"kinds": ["collective"]}, {"kind": "collective"}, True),
        ({"kinds": ["collective"]}, {"kind": "individual"}, False),
        ({"kinds": ["collective"]}, {}, None),
        ({"furnished": True}, {"furnished": True}, True),
        ({"furnished": True}, {"furnished": False}, False),
        ({"furnished": False}, {}, None),
        ({"furnished": None, "surface_max": None, "kinds": []}, {}, True),
        ({"built_before": 1949, "furnished": True}, {"built_in": 1960}, False),
        ({"built_before": 1949, "furnished": True}, {"built_in": 1930}, None),
    ],
)
def test_every_category_must_hold(categories, features, answer):
    finding = found(zone(categories=categories), **features)

    expected = {True: Certainty.CERTAIN, False: Certainty.OUTSIDE, None: Certainty.TO_CHECK}
    assert finding.certainty == expected[answer]
    assert bool(finding.excluded) is (answer is False)
    assert set(finding.doubts) == ({Doubt.CATEGORY} if answer is None else set())


def test_two_perimeters_at_one_place_are_for_a_person_to_tell_apart():
    finding = found(zone(name="A"), zone(name="B"))

    assert (finding.certainty, set(finding.doubts), finding.zone) == (Certainty.TO_CHECK, {Doubt.OVERLAP}, None)


def test_the_age_is_that_of_the_day_on_which_the_perimeter_begins():
    later = zone(in_force_on=date(2028, 1, 1), categories={"min_age_years": 15})

    assert len(found(later, built_in=2012).upcoming) == 1


@given(st.text(max_size=60))
def test_any_address_is_read_without_failing(address):
    assert found(zone(geometry=None, streets=STREETS), address=address, point=None).certainty in Certainty
