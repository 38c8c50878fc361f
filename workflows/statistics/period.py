"""The period that a page of figures covers, in whole months, and an earlier one of as many months that it is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from documents.french import MONTHS, of_name, upper_first
from documents.french import day as in_words
from permis import deadlines
from territories.text import row_key

YEARS = 8
TWELVE_MONTHS = "12-mois"
YEAR, QUARTER = 12, 3
_ORDINALS = ("1er", "2e", "3e", "4e")
# So many quarters back at the most: two years.
_QUARTERS = 8


@dataclass(frozen=True)
class Period:
    """From the first day of a month to the last day of another; ``key`` is how the address of a page names it.

    ``back`` is how many months earlier it is than the one that is compared with it; 0 for that one.
    """

    key: str
    label: str
    start: date
    end: date
    back: int = 0

    @classmethod
    def asked(cls, key: str, *, today: date) -> Period:
        """What the address of a page asks for; the present year where it asks for nothing that exists."""
        return next((each for each in choices(today) if each.key == key), of_year(today.year, today=today))

    @property
    def before(self) -> Period:
        """The same months one year earlier."""
        return self.earlier(YEAR)

    def earlier(self, back: int) -> Period:
        """As many months, so many months earlier."""
        start, end = deadlines.add_months(self.start, -back), _end(deadlines.add_months(self.end.replace(day=1), -back))
        return Period("", _name(start, end), start, end, back)

    @property
    def comparisons(self) -> list[Period]:
        """The earlier ones of as many months, the last year first: quarters with quarters, the rest with the same months of a year."""
        is_quarter = len(self.months) == QUARTER or "-t" in self.key
        step, most = (QUARTER, QUARTER * _QUARTERS) if is_quarter else (YEAR, YEAR * (YEARS - 1))
        backs = [YEAR, *(back for back in range(step, most + 1, step) if back != YEAR)]
        return [self.earlier(back) for back in backs]

    def compared(self, asked: str) -> Period:
        """The one that the address of a page asks for, by its months; a year earlier where it asks for nothing that exists."""
        return next((each for each in self.comparisons if each.back == row_key(asked)), self.before)

    @property
    def is_usual(self) -> bool:
        """Whether it is the year before, which every page compares with unless asked."""
        return self.back == YEAR

    @property
    def choice(self) -> str:
        """« 2025, un an plus tôt », « 2024 »."""
        return upper_first(f"{self.label}, un an plus tôt" if self.is_usual else self.label)

    @property
    def than(self) -> str:
        """« en un an »; of any other, « qu’en 2024 », « qu’en janvier 2024 », « qu’au 2e trimestre 2026 »."""
        if self.is_usual:
            return "en un an"
        return f"que {self.label}" if " à " in self.label else f"qu’{'au' if 'trimestre' in self.label else 'en'} {self.label}"

    @property
    def months(self) -> list[date]:
        """The first day of each of its months."""
        return list(_months(self.start, self.end))

    @property
    def in_words(self) -> str:
        return f"Du {in_words(self.start)} au {in_words(self.end)}"

    def is_running(self, today: date) -> bool:
        """Whether its last month is not over, while that of the period compared with it is."""
        return self.start <= today < self.end

    def in_words_until(self, today: date) -> str:
        """The same, when its last month is not over."""
        return f"Du {in_words(self.start)} au {in_words(min(self.end, today))}"


def choices(today: date) -> list[Period]:
    """This year, the last twelve whole months, the quarters of this year, and the years before."""
    present = (today.month - 1) // QUARTER
    quarters = [_quarter_until(today), *(_quarter(today.year, rank) for rank in range(present - 1, -1, -1))]
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
    end = _end(deadlines.add_months(start, QUARTER - 1))
    return Period(f"{year}-t{rank + 1}", _name(start, end), start, end)


def _quarter_until(today: date) -> Period:
    """The present quarter: the months that have begun, to be compared with the same ones."""
    whole = quarter_until(today)
    end = _end(today.replace(day=1))
    return whole if end == whole.end else replace(whole, label=f"{whole.label}, depuis {MONTHS[whole.start.month - 1]}", end=end)


def quarter_until(end: date) -> Period:
    """The quarter of this day, which ends it where it is over."""
    return _quarter(end.year, (end.month - 1) // QUARTER)


def _name(start: date, end: date) -> str:
    """« 2025 », « 3e trimestre 2025 », « de janvier à novembre 2025 », « d’octobre à novembre 2025 »."""
    count = YEAR * (end.year - start.year) + end.month - start.month + 1
    if (start.month, count) == (1, YEAR):
        return str(start.year)
    if count == QUARTER and start.month % QUARTER == 1:
        return f"{_ORDINALS[start.month // QUARTER]} trimestre {start.year}"
    year = "" if start.year == end.year else f" {start.year}"
    if count == 1:
        return f"{MONTHS[start.month - 1]} {start.year}"
    return f"{of_name(MONTHS[start.month - 1])}{year} à {MONTHS[end.month - 1]} {end.year}"


def _months(start: date, end: date) -> Iterator[date]:
    while start <= end:
        yield start
        start = deadlines.add_months(start, 1)


def _end(month: date) -> date:
    return deadlines.add_months(month, 1) - timedelta(days=1)
