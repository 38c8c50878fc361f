"""The cases behind a figure: those, and only those, whose lines it adds up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Min, Q, QuerySet, Sum

from permis.enums import ConditionState
from permis.models import Application
from territories.enums import Regime
from workflows.models import CaseTally, Tally
from workflows.statistics import tally
from workflows.statistics.figures import due_in
from workflows.statistics.measures import Measure
from workflows.statistics.period import Period

PAGE = 25
_TERM = Min("decision__works__due_on", filter=~Q(decision__works__state=ConditionState.MET))


@dataclass(frozen=True)
class Page:
    cases: Sequence[Application]
    has_more: bool

    @property
    def last(self) -> int:
        """The key after which the next page starts."""
        return self.cases[-1].pk if self.cases else 0


def page(
    authorities: Collection[int], measure: Measure, keys: Sequence[str], period: Period, *, commune: str = "", after: int = 0
) -> Page:
    """So many applications for a permit that add to this measure in the period, under one of these keys or under any, in the order in which they were begun."""
    days = period.months
    known = keys or _keys(authorities, measure, period, commune)
    asked = [tally.token(authority, measure, day, key) for authority in authorities for day in days for key in known]
    return _page(asked, commune, after)


def due_page(
    authorities: Collection[int], measure: Measure, terms: Collection[str], *, today: date, commune: str = "", after: int = 0
) -> Page:
    """The same of a measure that belongs to no month: what is late, near or later on this day (`figures.LATE` and the others).

    Where works are due, each case says ``works_due_on``, the first term of those that are not done.
    """
    found = _of_place(authorities, measure, commune).filter(due_in(terms, today))
    lines = found.values_list("authority", "day", "key").distinct()
    told = {"works_due_on": _TERM} if measure == Measure.WORKS_DUE else {}
    return _page([tally.token(authority, measure, day, key) for authority, day, key in lines], commune, after, **told)


def total(authorities: Collection[int], measure: Measure, keys: Sequence[str], period: Period, *, commune: str = "") -> int:
    """The figure itself, which exceeds its cases where one may add several times to it (`measures.REPEATED`)."""
    found = _of_place(authorities, measure, commune).filter(day__range=(period.start, period.end))
    return _sum(found.filter(key__in=keys) if keys else found)


def due_total(authorities: Collection[int], measure: Measure, terms: Collection[str], *, today: date, commune: str = "") -> int:
    """The same of a figure of this day."""
    return _sum(_of_place(authorities, measure, commune).filter(due_in(terms, today)))


def _of_place(authorities: Collection[int], measure: Measure, commune: str) -> QuerySet[Tally]:
    found = Tally.objects.filter(authority__in=authorities, measure=measure, regime=Regime.APML)
    return found.filter(commune=commune) if commune else found


def _sum(found: QuerySet[Tally]) -> int:
    return found.aggregate(total=Sum("n"))["total"] or 0


def _page(asked: Sequence[str], commune: str, after: int, **told: Any) -> Page:
    found = CaseTally.objects.filter(regime=Regime.APML, lines__overlap=asked, application__gt=after)
    if commune:
        found = found.filter(commune=commune)
    # Not by the column itself: the planner would walk the cases of the whole site in their order, and hope to meet these soon.
    picked = list(found.order_by(F("application_id") + 0).values_list("application", flat=True)[: PAGE + 1])
    cases = Application.objects.filter(pk__in=picked[:PAGE]).select_related("dwelling", "commune", "authority").order_by("pk")
    return Page(list(cases.annotate(**told)), len(picked) > PAGE)


def _keys(authorities: Collection[int], measure: Measure, period: Period, commune: str) -> list[str]:
    """Every key of a measure in the period: the days of a delay, the ways in which a case was received."""
    found = _of_place(authorities, measure, commune).filter(day__range=(period.start, period.end))
    return list(found.values_list("key", flat=True).distinct().order_by("key"))
