"""What two devices said of the same point: all that may be kept of it, until an entry that knows both settles it."""

from __future__ import annotations

from collections.abc import Sequence

from inspections import survey
from inspections.models import Entry


def contested(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """For each contested key, what stands, then what contradicts it since."""
    ordered = sorted(entries, key=lambda each: each.number)
    found = {}
    for key in dict.fromkeys(conflict.key for conflict in survey.of(ordered).conflicts):
        about = [entry for entry in ordered if entry.key == key]
        standing = [entry for entry in about if entry.conflicts_with_id is None][-1:]
        since = standing[0].number if standing else 0
        found[key] = [*standing, *(entry for entry in about if entry.number > since)]
    return found
