"""What each law calls overseas."""

import pytest

from territories.overseas import has_own_energy_calendar, is_overseas


@pytest.mark.parametrize(
    ("code", "far", "energy"),
    [
        ("33", False, False),
        ("2A", False, False),
        ("974", True, True),
        ("97411", True, True),
        ("976", True, True),
        ("977", True, False),
        ("978", True, False),
        ("988", True, False),
    ],
)
def test_each_law_draws_its_own_line(code, far, energy):
    assert (is_overseas(code), has_own_energy_calendar(code)) == (far, energy)
