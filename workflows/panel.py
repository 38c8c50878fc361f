"""One block of a page of a case: a fragment and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Panel:
    """A fragment and what it needs; ``aside`` puts it in the narrow column."""

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    aside: bool = False
