"""What the address of a worklist asks for: the only truth of its filters, its order and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Q, QuerySet, Value, When
from django.http import QueryDict

from accounts.models import User
from documents.french import typeset
from inspections.enums import Severity
from permis import words
from permis.enums import State
from territories.enums import Regime
from territories.text import fold
from workflows.models import CaseVisit, WorkItem, WorkItemQuerySet
from workflows.worklists import columns, sorting

# Who follows a case, in the address of the page: oneself, nobody, or the key of a person.
MINE, NOBODY = "moi", "personne"
# What the tab « Tous » is called where another one is the default.
EVERYTHING = "tous"
# States in which a person has something to do.
STATES = (*State.open(), State.GRANTED_CONDITIONAL, State.USED)
REGIMES = {Regime.APML: "Autorisation", Regime.DML: "Déclaration"}
TABS = ("soon", "check", "received", "pieces", "plan", "visit", "draft", "sign", "notify", "works", "messages")
# Name in the address of each filter that narrows the list, in the order of the form.
NAMES = {
    "text": "q", "commune": "commune", "zone": "perimetre", "state": "etat", "owner": "suivi", "regime": "regime", "since": "du", "until": "au",
    "severity": "gravite", "changed": "modifie",
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the address of the page asks for; anything unknown is left aside."""

    tab: str = ""
    text: str = ""
    commune: str = ""
    zone: str = ""
    state: str = ""
    owner: str = ""
    regime: str = ""
    since: date | None = None
    until: date | None = None
    severity: str = ""
    changed: str = ""
    sort: str = sorting.DEFAULT
    columns: tuple[str, ...] = ()
    default_tab: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str] | QueryDict, *, default_tab: str = "") -> Filters:
        """Read an address. An address that says nothing is the start of the day: the default tab of the person."""
        tab = query.get("file", "" if any(query.get(name) for name in NAMES.values()) else default_tab)
        owner, sort = query.get("suivi", ""), query.get("tri", "")
        named = query.getlist("colonnes") if isinstance(query, QueryDict) else [query.get("colonnes", "")]
        return cls(
            tab=_among(tab, TABS),
            text=query.get("q", "").strip()[:100],
            commune=query.get("commune", "")[:5],
            zone=_key(query.get("perimetre", "")),
            state=_among(query.get("etat", ""), STATES),
            owner=owner if owner in (MINE, NOBODY) else _key(owner),
            regime=_among(query.get("regime", ""), Regime.values),
            since=_day(query.get("du", "")),
            until=_day(query.get("au", "")),
            severity=_among(query.get("gravite", ""), Severity.values),
            changed="1" if query.get("modifie") == "1" else "",
            sort=sort if sort in sorting.CHOICES else sorting.DEFAULT,
            columns=columns.known(",".join(named).split(",")),
            default_tab=default_tab,
        )

    @property
    def values(self) -> dict[str, str]:
        """The filters as the address writes them, those that are set."""
        written = {name: getattr(self, key) for key, name in NAMES.items()}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in written.items() if value}

    @property
    def shape(self) -> dict[str, str]:
        """The order and the columns, where they are not those that the person gets anyway."""
        sort = "" if self.sort == sorting.DEFAULT else self.sort
        return {name: value for name, value in (("tri", sort), ("colonnes", ",".join(self.columns))) if value}

    @property
    def place(self) -> dict[str, str]:
        """The tab as the address writes it; nothing where it is the one that the person gets anyway."""
        tab = self.tab or (EVERYTHING if self.default_tab else "")
        return {"file": tab} if tab else {}

    @property
    def has_more(self) -> bool:
        """Whether one of the filters that the form folds away is in use."""
        return bool(self.zone or self.regime or self.severity or self.since or self.until or self.changed)

    @property
    def but_shape(self) -> dict[str, str]:
        """What the form of the columns sends with them."""
        return self.place | self.values | ({} if self.sort == sorting.DEFAULT else {"tri": self.sort})

    @property
    def query(self) -> str:
        """The whole address, as a string that says the same to everybody, whatever their default tab."""
        return urlencode({"file": self.tab or EVERYTHING, **self.values, **self.shape})

    def url(self, **changes: Any) -> str:
        """The same page with something changed, as a query string; it begins again at its first row."""
        asked = replace(self, **changes)
        return "?" + urlencode(asked.place | asked.values | asked.shape)

    def turned(self, **key: str) -> str:
        """The same list from another row on."""
        mark = self.url()
        return f"{mark}{'&' if mark != '?' else ''}{urlencode(key)}"

    @property
    def without(self) -> str:
        """The address of the same tab with every filter removed."""
        return Filters(tab=self.tab, sort=self.sort, columns=self.columns, default_tab=self.default_tab).url()

    def chosen(self, *, communes: Mapping[str, str], zones: Mapping[str, str], people: Mapping[str, str]) -> list[Chosen]:
        """Each filter that narrows the list, in words, with the address of the page without it; the tab is not one."""
        owner = {MINE: "moi", NOBODY: "personne"}.get(self.owner) or people.get(self.owner, "une personne inconnue")
        said = {
            "text": f"Recherche : {self.text}",
            "commune": f"Commune : {communes.get(self.commune, self.commune)}",
            "zone": f"Périmètre : {zones.get(self.zone, 'inconnu')}",
            "state": f"État : {State(self.state).label.lower()}" if self.state else "",
            "owner": f"Suivi par : {owner}",
            "regime": f"Régime : {REGIMES[Regime(self.regime)].lower()}" if self.regime else "",
            "since": f"Reçus depuis le {self.since:%d/%m/%Y}" if self.since else "",
            "until": f"Reçus jusqu’au {self.until:%d/%m/%Y}" if self.until else "",
            "severity": f"Gravité : {Severity(self.severity).label.lower()}" if self.severity else "",
            "changed": "Modifiés depuis ma dernière visite",
        }
        blank = Filters()
        return [
            Chosen(typeset(words), self.url(**{key: getattr(blank, key)})) for key, words in said.items() if getattr(self, key)
        ]

    def applied(self, items: WorkItemQuerySet, user: User) -> WorkItemQuerySet:
        """The tasks that every filter keeps, the tab aside."""
        exact = {
            "commune": self.commune,
            "zone": self.zone,
            "state": self.state,
            "regime": self.regime,
            "severity": self.severity,
        }
        items = items.filter(**{name: value for name, value in exact.items() if value})
        if self.since:
            items = items.filter(received_on__gte=self.since)
        if self.until:
            items = items.filter(received_on__lte=self.until)
        if self.owner == NOBODY:
            items = items.filter(owner=None, officer=None)
        elif self.owner:
            items = items.followed_by(user.pk if self.owner == MINE else int(self.owner))
        if self.changed:
            seen = CaseVisit.objects.filter(user=user, changed_at__isnull=False)
            items = items.filter(among("application", seen.values("application")))
        if self.text:
            # Read from an index of its own, before the rows.
            found = WorkItem.objects.visible_to(user).filter(_holding(self.text))
            items = items.filter(among("pk", found.values("pk")))
        return items


@dataclass(frozen=True)
class Chosen:
    """One active filter, and the way out of it."""

    label: str
    url: str


def among(column: str, keys: QuerySet[Any]) -> Q:
    """The rows whose column is among these keys, which are read once and kept in memory.

    As a plain « in » the database would join: from a hundred keys it looks up each one's row in the table, page by page, where
    reading all that the authority has open from the index costs less.
    """
    return Q(Case(When(**{f"{column}__in": keys}, then=Value(value=True)), default=Value(value=False)))


def _holding(text: str) -> Q:
    """The rows that hold every word of a text, as it is typed or in full; the number of a case may be written in one piece."""
    typed = (word.strip(".,;:") for word in fold(words.whole_number(text) or text).split())
    return Q(*(_said(word) for word in typed if word))


def _said(word: str) -> Q:
    """« bd » also answers for « boulevard »."""
    in_full = words.in_full(word)
    typed = Q(words__contains=word)
    return typed if in_full == (word,) else typed | Q(*(("words__contains", part) for part in in_full))


def _among(value: str, known: Any) -> str:
    return value if value in known else ""


def _key(value: str) -> str:
    """A key of the database, small enough for it; nothing else."""
    return value if value.isascii() and value.isdecimal() and len(value) < 10 else ""


def _day(value: str) -> date | None:
    """A day of this century; half a date is none."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None
