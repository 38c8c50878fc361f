"""The grid as data: whole, and written as the law and the report need it."""

import re

import pytest

from inspections import grid, measuring
from inspections.enums import RoomKind, Severity

ITEMS = [item for section in grid.national().sections for item in section.items]


def test_the_grid_has_its_ninety_four_items_in_nine_sections():
    assert [len(section.items) for section in grid.national().sections] == [14, 10, 11, 13, 11, 11, 6, 12, 6]
    assert len({item.code for item in ITEMS}) == 94


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_each_item_says_what_is_well_how_serious_it_is_and_what_cures_it(item):
    assert re.fullmatch(r"[A-I]\d\d", item.code)
    assert all((item.title, item.conform, item.work, item.rooms))
    assert item.basis or item.severity == Severity.OBSERVATION, "only an advice may rest on no text"
    assert len(item.basis) <= 160, "a decision keeps it"


def test_a_danger_is_one_of_those_of_the_rules():
    dangers = {item.code for item in ITEMS if item.severity == Severity.DANGER}
    assert dangers == {
        "A01", "A02", "A07", "A09", "A13", "B06", "C09", "D01", "D02", "D08", "D10", "E05", "F01", "F05", "F09", "G05",
    }  # fmt: skip


def test_an_item_looked_at_in_one_place_says_where():
    assert grid.national().find("H04").usual_place == RoomKind.KITCHEN.label
    assert grid.national().find("C05").usual_place == ""
    assert grid.national().find("Z99") is None


def test_every_kind_of_room_has_items_to_look_at():
    assert {room for item in ITEMS for room in item.rooms} == set(RoomKind)
    assert all(len(set(item.rooms)) == len(item.rooms) for item in ITEMS)


@pytest.mark.parametrize("item", [item for item in ITEMS if item.optional], ids=lambda item: item.code)
def test_an_authority_may_not_switch_off_what_decency_or_health_asks_for(item):
    assert item.severity == Severity.OBSERVATION
    assert not re.search("2002-120|CSP|CCH", item.basis)


def test_what_is_measured_has_its_check_in_the_code():
    named = [item.measured for item in ITEMS if item.measured]
    assert sorted(named) == sorted(measuring.CHECKS)
