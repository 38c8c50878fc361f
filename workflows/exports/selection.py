"""Which cases an export takes: those of a worklist, by its own address, or all that were filed, by year, state and commune."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict

from accounts.enums import Role
from accounts.models import User
from permis.enums import State
from permis.models import Application
from permis.models.application import ApplicationQuerySet
from territories.enums import Regime
from territories.models import Commune, Zone
from workflows.exports.models import Source
from workflows.worklists import rows, tabs
from workflows.worklists.filters import Filters

FIRST_YEAR, LAST_YEAR = 2000, 2100
QUERY_LENGTH = 2000


@dataclass(frozen=True)
class CaseFilters:
    """What the address of the page asks of every filed case; anything unknown is left aside."""

    year: str = ""
    state: str = ""
    commune: str = ""
    regime: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str] | QueryDict) -> CaseFilters:
        year, state, regime = query.get("annee", ""), query.get("etat", ""), query.get("regime", "")
        is_year = year.isdecimal() and year.isascii() and FIRST_YEAR <= int(year[:5]) <= LAST_YEAR
        return cls(
            year=year if is_year else "",
            state=state if state in State.values and state != State.DRAFT else "",
            commune=query.get("commune", "")[:5],
            regime=regime if regime in Regime.values else "",
            text=query.get("q", "").strip()[:100],
        )

    @property
    def query(self) -> str:
        values = {"annee": self.year, "etat": self.state, "commune": self.commune, "regime": self.regime, "q": self.text}
        return urlencode({key: value for key, value in values.items() if value})

    def narrow(self, cases: ApplicationQuerySet) -> ApplicationQuerySet:
        if self.year:
            cases = cases.filter(received_on__range=(date(int(self.year), 1, 1), date(int(self.year), 12, 31)))
        if self.state:
            cases = cases.filter(state=self.state)
        if self.commune:
            cases = cases.filter(commune=self.commune)
        if self.regime:
            cases = cases.filter(regime=self.regime)
        return cases.matching(self.text) if self.text else cases

    def words(self) -> list[str]:
        commune = Commune.objects.filter(pk=self.commune).first() if self.commune else None
        told = [
            (self.year, f"reçus en {self.year}"),
            (self.state, f"état : {State(self.state).label.lower()}" if self.state else ""),
            (self.commune, f"commune : {commune or self.commune}"),
            (self.regime, f"régime : {self.regime}"),
            (self.text, f"recherche : {self.text}"),
        ]
        return [words for value, words in told if value]


@dataclass(frozen=True)
class Selection:
    """The cases of one source that its filters leave, kept as a query string: the same words mean the same rows later."""

    source: Source
    query: str = ""

    @classmethod
    def of(cls, source: Source, query: Mapping[str, str] | QueryDict) -> Selection:
        """From the address of the page, of which nothing but the filters is kept."""
        if source == Source.WORKLIST:
            return cls(source, Filters.of(query).url().removeprefix("?")[:QUERY_LENGTH])
        return cls(source, CaseFilters.of(query).query[:QUERY_LENGTH])

    @property
    def values(self) -> QueryDict:
        return QueryDict(self.query)

    def cases(self, user: User, *, today: date) -> ApplicationQuerySet:
        """The rows, by reception; only cases of the authorities where a role of the person reads them, and no draft."""
        authorities = user.authorities_as(*Role.reading_cases())
        cases = Application.objects.visible_to(user).of_authorities(authorities).exclude(state=State.DRAFT)
        if self.source == Source.WORKLIST:
            tasks = rows.matching(user, Filters.of(self.values), today=today)
            cases = cases.filter(pk__in=tasks.values("application"))
        else:
            cases = CaseFilters.of(self.values).narrow(cases)
        return cases.order_by("received_on", "pk")

    def counts(self, user: User, *, today: date) -> dict[int, int]:
        """How many of them each authority has."""
        counted = self.cases(user, today=today).order_by().values_list("authority").annotate(found=Count("pk"))
        return dict(counted.order_by("authority"))

    def words(self, *, people: Iterable[User]) -> str:
        """Its filters, in words, for the journal and the sheet of definitions."""
        if self.source == Source.WORKLIST:
            filters = Filters.of(self.values)
            zones = Zone.objects.filter(pk=int(filters.zone)).values_list("pk", "name") if filters.zone else []
            communes = Commune.objects.filter(pk=filters.commune).values_list("pk", "name") if filters.commune else []
            chosen = filters.chosen(
                communes=dict(communes),
                zones={str(pk): name for pk, name in zones},
                people={str(each.pk): each.full_name for each in people},
            )
            told = [tabs.BY_KEY[filters.tab].label, *(each.label for each in chosen)]
        else:
            told = CaseFilters.of(self.values).words() or ["tous les dossiers déposés"]
        return ", ".join(told)[:500]
