"""The figures of a quarter that everybody may read: drawn once when it is over, masked before they are kept, never changed.

Each quarter is counted apart, and no sum of several is told, so that nothing follows from the difference of two periods. Two
wholes have their parts told: the applications received (by month, by commune, by energy class), the decisions (by month, by
commune, by outcome). The other counts are the parts of nothing that is told, and stand alone.

The decisions are those of the open file of the same quarter, no more: the page beside the file tells nothing that the file hides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from inspections.enums import VisitState
from permis import deadlines
from permis.enums import EnergyClass, Outcome
from territories.models import Authority, Commune
from workflows.exports.anonymity import FEWEST
from workflows.statistics import figures, masking
from workflows.statistics.board import DELAYS
from workflows.statistics.figures import TACIT, Figures
from workflows.statistics.measures import Measure
from workflows.statistics.period import Period

# The order in which the parts of a whole are masked for the sake of others: what it costs least to lose first.
_OUTCOMES = (Outcome.CONDITIONAL, Outcome.REFUSED, TACIT, Outcome.GRANTED)
UNKNOWN = "inconnue"
_ENERGY = (UNKNOWN, *EnergyClass.values)
_VISITS = (VisitState.DONE, VisitState.NO_SHOW, VisitState.ACCESS_REFUSED)


class Told(NamedTuple):
    """What the open file says of one decision: commune and day, month or quarter, empty where it hides them, and what was decided."""

    insee: str
    moment: str
    outcome: str


def drawn(authority: Authority, *, until: date, decisions: Sequence[Told]) -> dict[str, Any]:
    """The figures of the quarter that ends on this day, masked; as JSON keeps them, None where a count is masked."""
    start = deadlines.add_months(until + timedelta(days=1), -3)
    found = figures.read([authority.pk], Period("", "", start, until), today=until)
    now = found.total
    months = [found.months[day] for day in sorted(found.months)]
    received = masking.parts([counts[Measure.RECEIVED] for counts in months])
    outcomes = Counter(each.outcome for each in decisions)
    return {
        "received": masking.alone(now.received),
        "decided": masking.alone(len(decisions)),
        "declared": masking.alone(now.declared),
        "dropped": masking.alone(now.dropped),
        "lifted": masking.alone(now.lifted),
        "months": [
            [day.isoformat(), came, went]
            for day, came, went in zip(sorted(found.months), received, _by_month(decisions, sorted(found.months)), strict=True)
        ],
        "outcomes": masking.named_parts({key: outcomes[key] for key in _OUTCOMES}),
        "delays": {
            str(measure): [_delay(now, measure, each, decided=len(decisions)) for each in (50, 90)] for measure, _ in DELAYS
        },
        "energy": _energy(now),
        "grounds": _told(now.of(Measure.GROUND)),
        "defects": _told(now.of(Measure.DEFECT)),
        "visits": _told({state: _visits(now, state) for state in _VISITS}),
        "communes": _communes(authority, found.communes, Counter(each.insee for each in decisions)),
    }


def _by_month(decisions: Sequence[Told], months: Sequence[date]) -> list[int | None]:
    """Told where the file tells the month of each: else those that it tells, less the whole, would date the others."""
    found = Counter(each.moment[:7] for each in decisions)
    names = [f"{month:%Y-%m}" for month in months]
    if found.keys() - set(names):
        return [None] * len(names)
    return masking.parts([found[name] for name in names])


def _delay(now: Figures, measure: Measure, percentile: int, *, decided: int) -> int | None:
    """From five cases on; nine in ten from ten on, or it would be the longest of all, that of one case.

    The delay of the answers asks for twice as many decisions: some, born of silence, have none, and a delay that is told, or
    not, would else say how many.
    """
    fewest = FEWEST if percentile == 50 else 2 * FEWEST
    is_told = now.total(measure) >= fewest and (measure != Measure.NOTIFIED or decided >= 2 * fewest)
    return now.delay(measure, percentile) if is_told else None


def _energy(now: Figures) -> dict[str, int | None]:
    """The classes of the dwellings of all that was received: those that are not known are a class too."""
    counted = now.of(Measure.ENERGY)
    unknown = now.received - sum(counted[key] for key in EnergyClass.values)
    return masking.named_parts({key: unknown if key == UNKNOWN else counted[key] for key in _ENERGY})


def _visits(now: Figures, state: str) -> int:
    return sum(n for key, n in now.of(Measure.VISIT).items() if key.partition(":")[2] == state)


def _told(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts that stand alone, the largest first; the others are not even named."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return {key: n for key, n in ordered if masking.alone(n) is not None}


def _communes(authority: Authority, found: Mapping[str, Figures], decided: Mapping[str, int]) -> list[list[Any]]:
    """INSEE code, name, received, decided and median of those that show a count, by name; nothing where there is only one commune.

    Every commune of the authority is a part, whether it had a case or not: who is not shown may have had none.
    """
    of_it = Commune.objects.filter(Q(epci_siren=authority.siren) | Q(pk__in=found)).order_by("pk")
    known = sorted(of_it, key=lambda each: (each.population or 0, each.pk))
    if len(known) < 2:
        return []
    nothing = Figures()
    places = [found.get(each.pk, nothing) for each in known]
    received = masking.parts([place.received for place in places])
    shown = []
    for commune, place, came in zip(known, places, received, strict=True):
        # The file names a commune only where five decisions share it.
        went = decided.get(commune.pk) or None
        if came is not None or went is not None:
            median = None if went is None else _delay(place, Measure.NOTIFIED, 50, decided=went)
            shown.append((commune.sort_key, [commune.pk, commune.name, came, went, median]))
    return [row for _, row in sorted(shown)]


def rest_of(whole: int | None, shown: Iterable[int | None]) -> int | None:
    """What a whole holds beside its parts that are shown: anybody may subtract them, so the page does."""
    return None if whole is None else whole - sum(each or 0 for each in shown)
