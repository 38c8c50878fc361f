"""Which case is where, when and how far: drawn once for all the cases, so that each of them is told alone afterwards."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random

YEARS = 8
OPEN_SHARE = 0.026
LANDLORDS_SHARE = 0.4
DECLARED_SHARE = 0.12
# What an open case waits for, its share of them, and the ages in days that it may have.
CLOSED = 0
WAITS = ("", "check", "plan", "visit", "draft", "sign", "notify", "pieces", "works", "lift", "declared")
SHARES = {
    "check": (0.34, 0, 27), "declared": (0.03, 0, 20), "plan": (0.14, 2, 90), "visit": (0.08, 3, 90), "draft": (0.09, 6, 90),
    "sign": (0.05, 8, 90), "notify": (0.03, 10, 90), "pieces": (0.12, 5, 100), "works": (0.10, 60, 600), "lift": (0.02, 60, 600),
}  # fmt: skip
VISITS_A_DAY = 6


@dataclass
class Plan:
    """One value a case in each array, in the order of reception; ``slots`` are the appointments to come of those visited."""

    today: date
    towns: array
    ages: array
    ranks: array
    waits: bytearray
    declared: bytearray
    landlords: array
    slots: dict[int, tuple[int, int]] = field(default_factory=dict)
    counters: Counter[tuple[bool, int, int]] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.ages)

    def received_on(self, case: int) -> date:
        return self.today - timedelta(days=self.ages[case])


def draw_plan(*, cases: int, shares: list[float], today: date, draw: Random) -> Plan:
    """Receptions spread over eight years, more of them lately; as many open cases as told, the others closed."""
    span = YEARS * 365
    ages = array("i", sorted((int(span * (1 - draw.random() ** 0.85)) for _ in range(cases)), reverse=True))
    towns = array("H", draw.choices(range(len(shares)), cum_weights=list(accumulate(shares)), k=cases))
    waits = _open(ages, draw)
    declared = bytearray(wait == WAITS.index("declared") or (wait == CLOSED and draw.random() < DECLARED_SHARE) for wait in waits)
    plan = Plan(today, towns, ages, array("i", bytes(4 * cases)), waits, declared, _landlords(cases, draw))
    for case, town in enumerate(towns):
        counter = (bool(declared[case]), town, plan.received_on(case).year)
        plan.counters[counter] += 1
        plan.ranks[case] = plan.counters[counter]
    return plan


def _open(ages: array, draw: Random) -> bytearray:
    """What each case waits for; exact counts, but where there are too few cases of an age."""
    waits, cases = bytearray(len(ages)), len(ages)
    total = round(cases * OPEN_SHARE)
    negated = [-age for age in ages]  # increasing
    for name, (share, youngest, oldest) in SHARES.items():
        first, last = bisect_left(negated, -oldest), bisect_left(negated, -youngest + 1)
        free = [case for case in range(first, last) if not waits[case]]
        for case in draw.sample(free, min(len(free), round(total * share))):
            waits[case] = WAITS.index(name)
    return waits


def _landlords(cases: int, draw: Random) -> array:
    """A new landlord for two cases out of five, one already known for the others."""
    known, found = 0, array("i", bytes(4 * cases))
    for case in range(cases):
        if known < (case + 1) * LANDLORDS_SHARE:
            found[case], known = known, known + 1
        else:
            found[case] = int(draw.random() * known)
    return found


def give_slots(plan: Plan, inspectors: list[list[int]]) -> None:
    """One hour for each visit to come: no inspector is at two places, and none after the month of the case.

    ``inspectors`` are the keys of those of each town.
    """
    taken: defaultdict[int, int] = defaultdict(int)
    for case in range(len(plan)):
        if WAITS[plan.waits[case]] == "visit":
            free = inspectors[plan.towns[case]]
            person = min(free, key=lambda each: (taken[each], each))
            plan.slots[case] = (person, taken[person])
            taken[person] += 1
