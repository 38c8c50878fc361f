"""The grounds on which a permit may be refused or put under conditions, each with its article and the days it may be used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

MANY_LEASES = 2


@dataclass(frozen=True)
class GroundRule:
    """One ground as `grounds.json` states it; ``seed`` is a recital for the officer to complete."""

    code: str
    label: str
    article: str
    since: date | None
    until: date | None
    regimes: tuple[str, ...]
    needs_works: bool
    needs_colocation: bool
    seed: str

    def is_open(self, on: date) -> bool:
        """Un motif d’expérimentation n’a qu’un temps ; ``until`` est son dernier jour."""
        return (self.since is None or on >= self.since) and (self.until is None or on <= self.until)

    def suits(self, *, regime: str, separate_leases: int) -> bool:
        """Whether such a case may rest on it at all."""
        return regime in self.regimes and (separate_leases >= MANY_LEASES or not self.needs_colocation)


def _read(line: Mapping[str, Any]) -> GroundRule:
    since, until = (date.fromisoformat(line[name]) if line[name] else None for name in ("from", "until"))
    facts = {name: line[name] for name in ("code", "label", "article", "needs_works", "needs_colocation", "seed")}
    return GroundRule(since=since, until=until, regimes=tuple(line["regimes"]), **facts)


ALL: Sequence[GroundRule] = tuple(
    _read(line) for line in json.loads(Path(__file__).with_name("grounds.json").read_text(encoding="utf-8"))
)
BY_CODE = {rule.code: rule for rule in ALL}


def selectable(*, on: date, regime: str, separate_leases: int) -> list[GroundRule]:
    """The grounds that a decision of this case may cite that day."""
    return [rule for rule in ALL if rule.is_open(on) and rule.suits(regime=regime, separate_leases=separate_leases)]
