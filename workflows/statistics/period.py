"""The period that a page of figures covers, in whole months, and the same one a year before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from documents.french import day as in_words
from permis import deadlines

YEARS = 8
TWELVE_MONTHS = "12-mois"


@dataclass(frozen=True)
class Period:
    """From the first day of a month to the last day of another; ``key`` is how the address of a page names it."""

    key: str
    label: str
    start: date
    end: date

    @classmethod
    def asked(cls, key: str, *, today: date) -> Period:
        """What the address of a page asks for; the present year where it asks for nothing that exists."""
        return next((each for each in choices(today) if each.key == key), of_year(today.year, today=today))

    @property
    def before(self) -> Period:
        """The same months one year earlier."""
        start, end = deadlines.add_months(self.start, -12), _end(deadlines.add_months(self.end.replace(day=1), -12))
        return Period("", self.label, start, end)

    @property
    def months(self) -> list[date]:
        """The first day of each of its months."""
        return list(_months(self.start, self.end))

    @property
    def in_words(self) -> str:
        return f"Du {in_words(self.start)} au {in_words(self.end)}"

    def in_words_until(self, today: date) -> str:
        """The same, when its last month is not over."""
        return f"Du {in_words(self.start)} au {in_words(min(self.end, today))}"


def choices(today: date) -> list[Period]:
    """This year, the last twelve whole months, the quarters of this year, and the years before."""
    quarters = [_quarter(today.year, rank) for rank in range((today.month - 1) // 3, -1, -1)]
    years = [of_year(today.year - back, today=today) for back in range(YEARS)]
    return [years[0], _twelve_months(today), *quarters, *years[1:]]


def of_year(year: int, *, today: date) -> Period:
    """A year; of the present one, the months that have begun."""
    end = _end(today.replace(day=1)) if year == today.year else date(year, 12, 31)
    label = f"{year}, depuis janvier" if year == today.year else str(year)
    return Period(str(year), label, date(year, 1, 1), end)


def _twelve_months(today: date) -> Period:
    end = today.replace(day=1) - timedelta(days=1)
    return Period(TWELVE_MONTHS, "12 derniers mois", deadlines.add_months(end.replace(day=1), -11), end)


def _quarter(year: int, rank: int) -> Period:
    start = date(year, 3 * rank + 1, 1)
    ordinal = ("1er", "2e", "3e", "4e")[rank]
    return Period(f"{year}-t{rank + 1}", f"{ordinal} trimestre {year}", start, _end(deadlines.add_months(start, 2)))


def _months(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start = deadlines.add_months(start, 1)


def _end(month: date) -> date:
    return deadlines.add_months(month, 1) - timedelta(days=1)
