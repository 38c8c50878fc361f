"""The figures of one or more authorities over a period, read from the rows that the actions keep: never from the cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models
from django.db.models import Case, Q, Sum, Value, When
from django.db.models.fields import CharField

from permis.enums import ConditionState, Outcome, State
from territories.enums import Regime
from workflows.models import Tally
from workflows.statistics.measures import IN_THE_LAST_DAYS, Measure
from workflows.statistics.period import Period

SOON = timedelta(days=5)
# What the days of a running clock and of works are told apart by: past, within five days, later.
LATE, NEAR, LATER = TERMS = "late", "near", "later"
# Their days are terms, of no month.
DUE = (Measure.OPEN, Measure.WORKS_DUE)
_OF_A_MONTH = [measure for measure in Measure if measure not in DUE]
_MONTHLY = (Measure.RECEIVED, Measure.OUTCOME)
TACIT = "tacit"


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
    """What one page of figures shows: the period, the one it is compared with, each commune, and the months."""

    total: Figures
    before: Figures
    communes: dict[str, Figures]
    months: dict[date, Counter[str]]
    against: Period


def read(authorities: Collection[int], period: Period, *, today: date, commune: str = "", against: Period | None = None) -> Read:
    """Three queries, whatever the number of cases; compared with the year before unless told. Both periods come from the same rows."""
    against = against or period.before
    rows = Tally.objects.filter(authority__in=authorities)
    if commune:
        rows = rows.filter(commune=commune)
    communes: dict[str, Figures] = defaultdict(Figures)
    total, before = Figures(), Figures()
    for place, is_before, regime, measure, key, n in _over(rows, period, against):
        if is_before:
            before.counts[regime, measure][key] += n
            continue
        for each in (total, communes[place]):
            each.counts[regime, measure][key] += n
    for place, regime, measure, term, key, n in _due(rows, today):
        for each in (total, communes[place]):
            each.due[regime, measure][term, key] += n
    months: dict[date, Counter[str]] = {month: Counter() for month in period.months}
    for day, measure, n in _by_month(rows, period):
        months[day][measure] += n
    return Read(total, before, dict(communes), months, against)


def has_any(authorities: Collection[int], commune: str) -> bool:
    """Whether these authorities ever had a case there."""
    return Tally.objects.filter(authority__in=authorities, commune=commune).exists()


def percentile_of(histogram: Mapping[str, int], percentile: int) -> int | None:
    """Nearest rank: the smallest delay that so many in a hundred did not exceed."""
    ordered = sorted((int(days), n) for days, n in histogram.items() if n > 0)
    rank = -(-sum(n for _, n in ordered) * percentile // 100)
    for days, n in ordered:
        rank -= n
        if rank <= 0:
            return days
    return None


def _over(rows: models.QuerySet[Tally], period: Period, against: Period) -> Iterable[tuple[str, bool, str, str, str, int]]:
    """By commune, period, regime, measure and key; what is due belongs to no month."""
    now, then = Q(day__range=(period.start, period.end)), Q(day__range=(against.start, against.end))
    # Each measure is named, and the months of both periods are in one range: the index leads to them, and to little else.
    whole = (min(period.start, against.start), max(period.end, against.end))
    found = rows.filter(now | then, measure__in=_OF_A_MONTH, day__range=whole)
    is_before = Case(When(then, then=Value(True)), default=Value(False))
    return (
        found.annotate(is_before=is_before)
        .values_list("commune", "is_before", "regime", "measure", "key")
        .annotate(total=Sum("n"))
        .exclude(total=0)
        .order_by()
    )


def due_in(terms: Collection[str], today: date) -> Q:
    """The rows of `DUE` whose day falls in one of these terms, seen from a day."""
    days = {LATE: Q(day__lt=today), NEAR: Q(day__gte=today, day__lte=today + SOON), LATER: Q(day__gt=today + SOON)}
    return Q(*(days[term] for term in terms), _connector=Q.OR)


def _due(rows: models.QuerySet[Tally], today: date) -> Iterable[tuple[str, str, str, str, str, int]]:
    whens = [When(due_in([term], today), then=Value(term)) for term in (LATE, NEAR)]
    term = Case(*whens, default=Value(LATER), output_field=CharField())
    found = rows.filter(measure__in=DUE).annotate(term=term)
    lines = found.values_list("commune", "regime", "measure", "term", "key")
    return lines.annotate(total=Sum("n")).exclude(total=0).order_by()


def _by_month(rows: models.QuerySet[Tally], period: Period) -> Iterable[tuple[date, str, int]]:
    found = rows.filter(measure__in=_MONTHLY, regime=Regime.APML, day__range=(period.start, period.end))
    return found.values_list("day", "measure").annotate(total=Sum("n")).order_by()
