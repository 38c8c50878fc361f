"""Public holidays of a French territory; the only place that knows the library behind them."""

from collections.abc import Container
from datetime import date
from functools import cache

import holidays

# Départements whose public holidays differ from the national ones, by their code in the library.
_SUBDIVISIONS = {
    "57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM",
    "976": "976", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


@cache
def public_holidays(department: str) -> Container[date]:
    """The days that are not working days beside Saturdays and Sundays, of any year, in a département."""
    return holidays.country_holidays("FR", subdiv=_SUBDIVISIONS.get(department))
