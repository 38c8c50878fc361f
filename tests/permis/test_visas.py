"""How many visas an authority can ask of its people."""

import pytest

from permis import visas

DRAFTER, OTHER, THIRD = 1, 2, 3


@pytest.mark.parametrize(
    ("wanted", "managers", "legal", "required"),
    [
        (0, {DRAFTER, OTHER}, set(), 0),
        (1, {DRAFTER}, set(), 0),
        (2, {DRAFTER}, set(), 0),
        (1, {OTHER}, set(), 1),
        (1, {DRAFTER, OTHER}, set(), 1),
        (1, {DRAFTER}, {OTHER}, 0),
        (2, {OTHER}, set(), 1),
        (2, {OTHER}, {OTHER}, 1),
        (2, {DRAFTER, OTHER}, set(), 2),
        (2, {OTHER}, {THIRD}, 2),
        (2, {DRAFTER}, {OTHER}, 2),
        (2, set(), {OTHER, THIRD}, 0),
        (1, set(), set(), 0),
    ],
)
def test_nobody_is_asked_for_two_and_a_small_town_is_not_blocked(wanted, managers, legal, required):
    assert visas.required(wanted, drafter=DRAFTER, managers=managers, legal=legal) == required
