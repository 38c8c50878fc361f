"""What time does by itself to many records: each in a transaction of its own, whatever happens to the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django_fsm import TransitionNotAllowed

from permis import guards


def each(found: QuerySet[Any], action: Callable[..., Any], on: date) -> int:
    """How many of these records the action changed."""
    done = 0
    for pk in found.order_by("pk").values_list("pk", flat=True):
        try:
            done += action(found.model(pk=pk), on=on) is not None
        except (TransitionNotAllowed, guards.Refusal):
            # Decided, mended or corrected since it was selected: the clock owes it nothing any more.
            continue
    return done
