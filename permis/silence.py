"""The permits that the silence of the authority gave birth to (CCH L.635-4): one rule for the figures, the files and the reports.

A permit born of silence stays tacit whatever became of it: used, lapsed, revoked, or annulled by a judge, who takes its two years.
A decision notified since, or a judge who orders to examine the request again, leaves no permit born of silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from permis.enums import State

BORN = Q(notified_on=None, tacit_on__isnull=False) & (
    Q(valid_until__isnull=False) | Q(state=State.ANNULLED) & ~Q(state_before_silence="")
)


def was_born(case: Mapping[str, Any]) -> bool:
    """The same, of the columns of one case."""
    if case["notified_on"] or not case["tacit_on"]:
        return False
    return bool(case["valid_until"] or (case["state"] == State.ANNULLED and case["state_before_silence"]))
