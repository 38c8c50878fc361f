"""A story as it was read: what the dwelling, the applicant and the lease are, and what happened, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from permis.enums import LeaseKind
from territories.enums import Regime


class Faults(Exception):
    """The input cannot be understood; one French line a fault."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Happening:
    """One event of a story, on the authority's own clocks."""

    index: int
    at: datetime
    type: str
    facts: dict[str, Any]

    @property
    def on(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class Scenario:
    id: str | None
    regime: Regime
    insee: str
    time_zone: str
    dwelling: dict[str, Any]
    abroad: bool
    overseas: bool
    lease_kind: LeaseKind
    planned_on: date | None
    separate_leases: int
    events: list[Happening]
    as_of: date | None

    @property
    def department(self) -> str:
        return self.insee[:3] if self.insee.startswith("97") else self.insee[:2]

    @property
    def is_declaration(self) -> bool:
        return self.regime == Regime.DML
