"""The figures of one or more authorities over a period, read from the rows that the actions keep: never from the cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, Sum

from permis.enums import ConditionState, Outcome, State
from territories.enums import Regime
from workflows.models import Tally
from workflows.statistics.measures import IN_THE_LAST_DAYS, Measure
from workflows.statistics.period import Period
from workflows.worklists.statement import Statement

SOON = timedelta(days=5)
# What the days of a running clock and of works are told apart by: past, within five days, later.
LATE, NEAR, LATER = TERMS = "late", "near", "later"
# Their days are terms, of no month.
DUE = (Measure.OPEN, Measure.WORKS_DUE)
_OF_A_MONTH = [measure for measure in Measure if measure not in DUE]
_MONTHLY = [Measure.RECEIVED, Measure.OUTCOME]
TACIT = "tacit"
_NOW, _THEN = "now", "then"
# Lists of bars that no page compares: they are not read of the other period.
_UNCOMPARED = (Measure.STATE, Measure.ENERGY, Measure.GROUND, Measure.DEFECT)
_COMPARED = [measure for measure in _OF_A_MONTH if measure not in _UNCOMPARED]
# What happened in the period, by commune, and month by month where the page draws it; in the one that it is compared with, of all
# communes together; then what is due, by its term (those of `due_in`), which is of no period. Each measure is named, so that the index leads to it.
_READ = """
SELECT commune_id, regime, measure, key, %(now)s, CASE WHEN measure = ANY(%(monthly)s) THEN day END AS month, sum(n)
FROM workflows_tally
WHERE authority_id = ANY(%(authorities)s) {place} AND measure = ANY(%(measures)s) AND day BETWEEN %(start)s AND %(end)s
GROUP BY commune_id, regime, measure, key, month HAVING sum(n) <> 0
UNION ALL
SELECT '', regime, measure, key, %(then)s, NULL, sum(n)
FROM workflows_tally
WHERE authority_id = ANY(%(authorities)s) {place} AND measure = ANY(%(compared)s) AND day BETWEEN %(then_start)s AND %(then_end)s
GROUP BY regime, measure, key HAVING sum(n) <> 0
UNION ALL
SELECT commune_id, regime, measure, key,
    CASE WHEN day < %(today)s THEN %(late)s WHEN day <= %(soon)s THEN %(near)s ELSE %(later)s END AS span, NULL, sum(n)
FROM workflows_tally
WHERE authority_id = ANY(%(authorities)s) {place} AND measure = ANY(%(due)s)
GROUP BY commune_id, regime, measure, key, span HAVING sum(n) <> 0
"""


@dataclass
class Figures:
    """The counts of a place over a period; what is open or due is that of today, whatever the period."""

    counts: Mapping[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    due: Mapping[tuple[str, str], Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))

    def of(self, measure: Measure, regime: Regime = Regime.APML) -> Counter[str]:
        """How many of each key."""
        return self.counts[regime, measure]

    def total(self, measure: Measure, *keys: str, regime: Regime = Regime.APML) -> int:
        """How many in all, or of these keys."""
        found = self.of(measure, regime)
        return sum(found[key] for key in keys) if keys else found.total()

    # -- what came, what is open

    @property
    def received(self) -> int:
        return self.total(Measure.RECEIVED)

    @property
    def declared(self) -> int:
        return self.total(Measure.RECEIVED, regime=Regime.DML)

    @property
    def whole(self) -> int:
        """Complete on the very day of the deposit."""
        return self.total(Measure.WHOLE)

    @property
    def requested(self) -> int:
        """Requests for pieces that the law requires."""
        return self.total(Measure.REQUEST)

    @property
    def requested_late(self) -> int:
        """Those of the last five days of the month."""
        return self.total(Measure.REQUEST, IN_THE_LAST_DAYS)

    @property
    def open(self) -> int:
        return self.due[Regime.APML, Measure.OPEN].total()

    @property
    def due_soon(self) -> int:
        """The month ends within five days, or has ended and nobody has found the silence yet."""
        return self._due(Measure.OPEN, LATE, NEAR)

    @property
    def overdue(self) -> int:
        return self._due(Measure.OPEN, LATE)

    @property
    def unanswered(self) -> int:
        """Declarations whose receipt should have left."""
        return self._due(Measure.OPEN, LATE, regime=Regime.DML)

    @property
    def receipted(self) -> int:
        return self.total(Measure.STATE, State.RECEIPTED, regime=Regime.DML)

    @property
    def expired(self) -> int:
        return self.total(Measure.STATE, State.EXPIRED, regime=Regime.DML)

    # -- how it ended

    @property
    def granted(self) -> int:
        return self.total(Measure.OUTCOME, Outcome.GRANTED)

    @property
    def conditional(self) -> int:
        return self.total(Measure.OUTCOME, Outcome.CONDITIONAL)

    @property
    def refused(self) -> int:
        return self.total(Measure.OUTCOME, Outcome.REFUSED)

    @property
    def tacit(self) -> int:
        return self.total(Measure.OUTCOME, TACIT)

    @property
    def decided(self) -> int:
        return self.total(Measure.OUTCOME)

    @property
    def dropped(self) -> int:
        """Withdrawn by the applicant, closed without its pieces, or out of scope."""
        return self.total(Measure.ENDED, State.WITHDRAWN, State.CLOSED_INCOMPLETE, State.OUT_OF_SCOPE)

    @property
    def ended(self) -> int:
        return self.decided + self.dropped

    # -- works

    @property
    def prescribed(self) -> int:
        return self.total(Measure.WORKS)

    @property
    def met(self) -> int:
        return self.total(Measure.WORKS, ConditionState.MET)

    @property
    def late_works(self) -> int:
        return self._due(Measure.WORKS_DUE, LATE)

    @property
    def lifted(self) -> int:
        return self.total(Measure.LIFTED)

    # -- delays, in days

    def delay(self, measure: Measure, percentile: int = 50) -> int | None:
        """The delay that so many cases in a hundred did not exceed; None while there was none."""
        return percentile_of(self.of(measure), percentile)

    @property
    def completion(self) -> int | None:
        """The median delay from the reception to the whole file."""
        return self.delay(Measure.COMPLETE)

    @property
    def visit(self) -> int | None:
        """The median delay from the whole file to the first visit."""
        return self.delay(Measure.VISITED)

    @property
    def answer(self) -> int | None:
        """The median delay of an answer, from the whole file to its notification."""
        return self.delay(Measure.NOTIFIED)

    def _due(self, measure: Measure, *terms: str, regime: Regime = Regime.APML) -> int:
        return sum(n for (term, _), n in self.due[regime, measure].items() if term in terms)


@dataclass(frozen=True)
class Read:
    """What one page of figures shows: the period, the one it is compared with, each commune, and the months.

    ``before`` has neither the states, the energy classes, the grounds nor the defects, which no page compares.
    """

    total: Figures
    before: Figures
    communes: dict[str, Figures]
    months: dict[date, Counter[str]]
    against: Period


def read(authorities: Collection[int], period: Period, *, today: date, commune: str = "", against: Period | None = None) -> Read:
    """One query, whatever the number of cases; compared with the year before unless told."""
    against = against or period.before
    total, before = Figures(), Figures()
    communes: dict[str, Figures] = defaultdict(Figures, {commune: total} if commune else {})
    months: dict[date, Counter[str]] = {month: Counter() for month in period.months}
    for place, regime, measure, key, span, month, n in _asked(authorities, period, against, today, commune).rows():
        if span == _THEN:
            before.counts[regime, measure][key] += n
            continue
        if month is not None and regime == Regime.APML:
            months[month][measure] += n
        for each in (total,) if commune else (total, communes[place]):
            if span == _NOW:
                each.counts[regime, measure][key] += n
            else:
                each.due[regime, measure][span, key] += n
    return Read(total, before, dict(communes), months, against)


def has_any(authorities: Collection[int], commune: str) -> bool:
    """Whether these authorities ever had a case there."""
    return Tally.objects.filter(authority__in=authorities, commune=commune).exists()


def receiving_most(authorities: Collection[int], commune: str) -> int | None:
    """The one of these authorities that received most requests there; None where none did."""
    received = Tally.objects.filter(authority__in=authorities, commune=commune, measure=Measure.RECEIVED)
    return (
        received.values_list("authority")
        .annotate(n=Sum("n"))
        .order_by("-n", "authority")
        .values_list("authority", flat=True)
        .first()
    )


def percentile_of(histogram: Mapping[str, int], percentile: int) -> int | None:
    """Nearest rank: the smallest delay that so many in a hundred did not exceed."""
    ordered = sorted((int(days), n) for days, n in histogram.items() if n > 0)
    rank = -(-sum(n for _, n in ordered) * percentile // 100)
    for days, n in ordered:
        rank -= n
        if rank <= 0:
            return days
    return None


def _asked(authorities: Collection[int], period: Period, against: Period, today: date, commune: str) -> Statement:
    return Statement(
        _READ.format(place="AND commune_id = %(commune)s" if commune else ""),
        {
            "authorities": list(authorities),
            "commune": commune,
            "measures": _OF_A_MONTH,
            "compared": _COMPARED,
            "monthly": _MONTHLY,
            "due": list(DUE),
            "start": period.start,
            "end": period.end,
            "then_start": against.start,
            "then_end": against.end,
            "today": today,
            "soon": today + SOON,
            "now": _NOW,
            "then": _THEN,
            "late": LATE,
            "near": NEAR,
            "later": LATER,
        },
    )


def due_in(terms: Collection[str], today: date) -> Q:
    """The rows of `DUE` whose day falls in one of these terms, seen from a day."""
    days = {LATE: Q(day__lt=today), NEAR: Q(day__gte=today, day__lte=today + SOON), LATER: Q(day__gt=today + SOON)}
    return Q(*(days[term] for term in terms), _connector=Q.OR)
