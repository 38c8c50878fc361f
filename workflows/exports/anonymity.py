"""Decisions that nobody can be told from: what is published of each is shared by five at least. Pure.

A decision is published with its commune, its perimeter and its day while five of its kind share them; else with the month, then the
quarter, then without the perimeter, then without the commune; and not at all where the authority took fewer than five. What is
left of one step is counted alone at the next, so that every line of the file, read with nothing else, has four twins.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

FEWEST = 5


@dataclass(frozen=True)
class Taken:
    """One decision of a quarter, as the authority knows it, without a name or an address."""

    insee: str
    zone: str
    day: date
    outcome: str
    grounds: str = ""
    housing: str = ""
    energy: str = ""


@dataclass(frozen=True, order=True)
class Published:
    """One line of the file; empty is not published, or not known."""

    insee: str
    zone: str
    moment: str
    precision: str
    outcome: str
    grounds: str
    housing: str
    energy: str


@dataclass(frozen=True)
class _Step:
    """How much is said of the place and of the time."""

    precision: str
    moment: Callable[[date], str]
    with_zone: bool = True
    with_commune: bool = True

    def of(self, taken: Taken) -> tuple[str, str, str]:
        insee = taken.insee if self.with_commune else ""
        return insee, taken.zone if self.with_zone else "", self.moment(taken.day)


def quarter_of(day: date) -> str:
    """« 2026-T1 »."""
    return f"{day.year}-T{(day.month + 2) // 3}"


_STEPS = (
    _Step("jour", date.isoformat),
    _Step("mois", lambda day: f"{day:%Y-%m}"),
    _Step("trimestre", quarter_of),
    _Step("trimestre", quarter_of, with_zone=False),
    _Step("trimestre", quarter_of, with_zone=False, with_commune=False),
)


def publish(decisions: Iterable[Taken]) -> list[Published]:
    """The lines of one quarter, in the order of what they say, which tells nothing of who came first."""
    left = list(decisions)
    lines: list[Published] = []
    for step in _STEPS:
        sizes = Counter(step.of(each) for each in left)
        kept = [each for each in left if sizes[step.of(each)] >= FEWEST]
        left = [each for each in left if sizes[step.of(each)] < FEWEST]
        lines += _lines(step, kept)
    return sorted(lines)


def _lines(step: _Step, decisions: Sequence[Taken]) -> list[Published]:
    """What is said of the dwelling joins what is said of the place only where five share it too, all along the group."""
    typed = _alike(decisions, step.of, lambda each: each.housing, lambda each: replace(each, housing="", energy=""))
    told = _alike(
        typed, lambda each: (step.of(each), each.housing), lambda each: each.energy, lambda each: replace(each, energy="")
    )
    return [Published(*step.of(each), step.precision, each.outcome, each.grounds, each.housing, each.energy) for each in told]


def _alike(
    decisions: Sequence[Taken],
    group: Callable[[Taken], Hashable],
    fact: Callable[[Taken], str],
    without: Callable[[Taken], Taken],
) -> list[Taken]:
    """The fact stays where each of its values is shared by enough of the group; else the whole group loses it."""
    groups: dict[Hashable, list[Taken]] = defaultdict(list)
    for each in decisions:
        groups[group(each)].append(each)
    found: list[Taken] = []
    for members in groups.values():
        is_shared = min(Counter(map(fact, members)).values()) >= FEWEST
        found += members if is_shared else map(without, members)
    return found
