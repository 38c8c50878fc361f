"""No masked count can be found: not by subtraction, not by who tries every table that the published one may come from."""

from collections import defaultdict
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.exports.anonymity import FEWEST
from workflows.statistics import masking


@pytest.mark.parametrize(("length", "most"), [(2, 24), (3, 22), (4, 13), (5, 8)])
def test_every_masked_small_part_may_be_something_else_for_who_knows_the_rule(length, most):
    """All tables, gathered by what is published of them; those of one group are all that a reader can think of."""
    groups = defaultdict(list)
    for counts in product(range(most + 1), repeat=length):
        whole = sum(counts)
        if whole <= most:  # beyond, some of the tables of a group are not drawn
            groups[masking.alone(whole), tuple(masking.parts(counts))].append(counts)

    for (_, shown), tables in groups.items():
        for rank, part in enumerate(shown):
            if part is None and any(counts[rank] < FEWEST for counts in tables):
                assert len({counts[rank] for counts in tables}) > 1, (shown, tables)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=30))
def test_small_parts_are_masked_and_what_is_shown_is_true(counts):
    shown = masking.parts(counts)

    assert all(part is None or part == count >= FEWEST for part, count in zip(shown, counts, strict=True))
    assert shown.count(None) != 1
    if sum(counts) >= FEWEST and None in shown:
        rest = sum(counts) - sum(filter(None, shown))
        assert rest >= FEWEST


@given(st.lists(st.integers(0, 40), min_size=2, max_size=30))
def test_nothing_is_masked_without_reason(counts):
    assert (None in masking.parts(counts)) == (min(counts) < FEWEST or sum(counts) < FEWEST)


@given(st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=6), min_size=2, max_size=4))
def test_no_masked_part_is_the_answer_of_the_equations_of_several_tables(tables):
    """Each table has its own whole, told or not: the unknowns are solved as a reader would, by elimination."""
    unknowns, rows = {}, []
    for number, counts in enumerate(tables):
        shown = masking.parts(counts)
        whole = masking.alone(sum(counts))
        for rank, part in enumerate(shown):
            if part is None:
                unknowns[number, rank] = len(unknowns)
        if whole is not None:
            rows.append(({(number, rank) for rank, part in enumerate(shown) if part is None}, whole - sum(filter(None, shown))))
    assert not solved([[Fraction((number, rank) in keys) for number, rank in unknowns] for keys, _ in rows if keys])


def solved(rows):
    """The unknowns that a system of equations gives, by their column: those of the rows that are left with one of them."""
    found, pivot = set(), 0
    for column in range(len(rows[0]) if rows else 0):
        at = next((rank for rank in range(pivot, len(rows)) if rows[rank][column]), None)
        if at is None:
            continue
        rows[pivot], rows[at] = rows[at], rows[pivot]
        rows[pivot] = [value / rows[pivot][column] for value in rows[pivot]]
        for rank, row in enumerate(rows):
            if rank != pivot and row[column]:
                rows[rank] = [value - row[column] * first for value, first in zip(row, rows[pivot], strict=True)]
        pivot += 1
    for row in rows:
        if sum(map(bool, row)) == 1:
            found.add(next(column for column, value in enumerate(row) if value))
    return found


def test_a_town_of_three_communes():
    assert masking.parts([12, 9, 8]) == [12, 9, 8]
    assert masking.parts([12, 9, 3]) == [None, 9, None]  # 24 less 9: 15, of which 3 may be 0 to 4
    assert masking.parts([5, 9, 0]) == [None, None, None]  # 14 less 9 would be 5, and 0 the only answer
    assert masking.parts([2, 1, 1]) == [None, None, None]
    assert masking.named_parts({"33001": 12, "33002": 9, "33003": 3}) == {"33001": None, "33002": 9, "33003": None}
