"""The grounds as their file states them."""

from datetime import date
from decimal import Decimal

import pytest

from permis import grounds, guards
from permis.enums import Ground, Outcome

LAST = date(2029, 4, 9)


def test_the_file_and_the_codes_are_the_same():
    assert [rule.code for rule in grounds.ALL] == Ground.values


def test_the_ground_of_shared_dwellings_ends_on_9_april_2029():
    rule = grounds.BY_CODE[Ground.COLOCATION_DIGNITY]
    assert rule.is_open(LAST)
    assert not rule.is_open(date(2029, 4, 10))
    assert not rule.is_open(date(2024, 4, 10))


@pytest.mark.parametrize(
    ("on", "leases", "offered"),
    [(LAST, 4, True), (date(2029, 4, 10), 4, False), (LAST, 1, False)],
)
def test_it_is_offered_to_shared_dwellings_while_it_lasts(on, leases, offered):
    codes = [rule.code for rule in grounds.selectable(on=on, regime="APML", separate_leases=leases)]
    assert (Ground.COLOCATION_DIGNITY in codes) is offered
    assert Ground.DECENCY in codes


def test_nothing_is_decided_of_a_declaration():
    assert grounds.selectable(on=LAST, regime="DML", separate_leases=4) == []


def test_a_refusal_cites_it_up_to_its_last_day():
    facts = {"grounds": [Ground.COLOCATION_DIGNITY], "works": 1, "police_order": False}
    guards.require_reasons(Outcome.REFUSED, on=LAST, **facts)
    with pytest.raises(guards.ColocationGroundExpired):
        guards.require_reasons(Outcome.REFUSED, on=date(2029, 4, 10), **facts)


@pytest.mark.parametrize(
    ("leases", "areas", "shared", "refusal"),
    [
        (1, ["9.5"], "la cuisine", guards.NotSeparateLeases),
        (3, ["9.5", "11"], "la cuisine", guards.ColocationNotDescribed),
        (2, ["9.5", "11"], " ", guards.ColocationNotDescribed),
    ],
)
def test_it_rests_on_what_each_lease_gives_and_on_what_all_share(leases, areas, shared, refusal):
    facts = {"private_areas": [Decimal(area) for area in areas], "shared_equipment": shared}
    with pytest.raises(refusal):
        guards.require_colocation([Ground.COLOCATION_DIGNITY], separate_leases=leases, **facts)
    guards.require_colocation([Ground.DECENCY], separate_leases=leases, **facts)


def test_other_grounds_ask_for_nothing_of_the_leases():
    guards.require_colocation([Ground.DECENCY], separate_leases=1, private_areas=[], shared_equipment="")
