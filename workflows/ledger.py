"""The ledger of transmissions as its screens read it: tabs, filters, pages, what waits for each recipient."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet

from accounts.models import User
from notifications.enums import MessageState
from notifications.ledger import RecipientKind, TransmissionMeans, TransmissionState
from notifications.models import KEEPERS, Recipient, Slip, Transmission, TransmissionQuerySet
from territories.models import Authority, Commune, Zone
from territories.text import holds_words
from workflows.transmitting import Row
from workflows.worklists.statement import Statement

PAGE = 25
_INSEE = re.compile(r"\d[\dAB]\d{3}")
DUE = Q(state=TransmissionState.DUE)
# Key in the address, word, condition; what is late has its own, since nothing due may be silent.
TABS: Sequence[tuple[str, str, Q | None]] = (
    ("", "À envoyer", DUE),
    ("retard", "En retard", None),
    ("envoyees", "Envoyées", Q(state=TransmissionState.SENT)),
    ("recues", "Reçues", Q(state=TransmissionState.ACKNOWLEDGED)),
    ("remplacees", "Remplacées", Q(state=TransmissionState.CORRECTED)),
)
NOTHING = {
    "": "Tout ce qui devait partir est parti",
    "retard": "Aucune transmission n’est en retard",
    "envoyees": "Aucun accusé de réception n’est attendu",
    "recues": "Aucun accusé de réception n’est enregistré",
    "remplacees": "Aucune transmission n’a été remplacée",
}
# The line of `TransmissionQuerySet.late_on`, by the commune of its case or of its perimeter.
_LATE = """
SELECT commune, count(*) FROM (
    SELECT coalesce(held.commune_id, zone.commune_id) AS commune FROM notifications_transmission late
    LEFT JOIN permis_application held ON held.id = late.application_id LEFT JOIN territories_zone zone ON zone.id = late.zone_id
    WHERE late.state = %(due)s AND late.due_on < %(today)s AND late.authority_id = ANY(%(authorities)s)
) found WHERE commune IS NOT NULL GROUP BY commune
"""


@dataclass(frozen=True)
class Filters:
    """What the address of the page asks for; anything unknown is left aside."""

    tab: str = ""
    kind: str = ""
    commune: str = ""
    text: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        tab, kind = query.get("etat", ""), query.get("destinataire", "")
        return cls(
            tab=tab if tab in NOTHING else "",
            kind=kind if kind in RecipientKind.values else "",
            commune=query.get("commune", "") if _INSEE.fullmatch(query.get("commune", "")) else "",
            text=query.get("q", "").strip()[:100],
        )

    def url(self, **changes: str | int) -> str:
        """The same page with something changed, as a query string."""
        values: dict[str, str | int] = {
            "etat": self.tab,
            "destinataire": self.kind,
            "commune": self.commune,
            "q": self.text,
        }
        return "?" + urlencode({key: value for key, value in (values | changes).items() if value})

    @property
    def is_due(self) -> bool:
        """Whether the tab holds what has not left yet."""
        return self.tab in ("", "retard")

    @property
    def narrows(self) -> bool:
        return bool(self.kind or self.commune or self.text)


@dataclass(frozen=True)
class Tab:
    label: str
    count: int
    url: str
    is_current: bool
    is_alarm: bool


@dataclass(frozen=True)
class Waiting:
    """What there is to send to one recipient, or to a kind that nobody was named for."""

    kind: RecipientKind
    authority: str
    recipient: Recipient | None
    count: int
    oldest_on: date
    failure: str

    @property
    def name(self) -> str:
        return self.recipient.name if self.recipient is not None else str(self.kind.label)

    @property
    def means(self) -> str:
        return str(TransmissionMeans(self.recipient.means).label) if self.recipient is not None else ""


def tabs(user: User, filters: Filters, *, today: date) -> list[Tab]:
    """Every tab with its count, in one query."""
    counts = {f"n{rank}": Count("pk", filter=_condition(key, today)) for rank, (key, _, _) in enumerate(TABS)}
    found = _filtered(user, filters).aggregate(**counts)
    return [
        Tab(label, found[f"n{rank}"], filters.url(etat=key), key == filters.tab, key == "retard")
        for rank, (key, label, _) in enumerate(TABS)
    ]


def page(user: User, filters: Filters, *, number: str, today: date) -> Page[Transmission]:
    """What is to be sent by its date, the late ones first; what was sent from the most recent."""
    found = _filtered(user, filters).filter(_condition(filters.tab, today)).with_subject().select_related("corrects")
    order = ("due_on", "pk") if filters.is_due else ("-sent_on", "-pk")
    return Paginator(found.order_by(*order), PAGE).get_page(number)


def rows(found: Page[Transmission], *, today: date) -> list[Row]:
    return [Row.of(each, today=today) for each in found]


def waiting(user: User) -> list[Waiting]:
    """One line a recipient, those without recipient too; the oldest date first."""
    counted = Transmission.objects.visible_to(user).to_send().values("kind", "recipient", "authority__name")
    lines = list(counted.annotate(count=Count("pk"), oldest_on=Min("due_on")).order_by("oldest_on", "kind", "recipient"))
    recipients = Recipient.objects.select_related("authority").in_bulk([line["recipient"] for line in lines if line["recipient"]])
    failures = _failures(list(recipients))
    return [
        Waiting(
            kind=RecipientKind(line["kind"]),
            authority=line["authority__name"],
            recipient=recipients.get(line["recipient"]),
            count=line["count"],
            oldest_on=line["oldest_on"],
            failure=failures.get(line["recipient"], ""),
        )
        for line in lines
    ]


def late_count(user: User, authorities: set[int], *, today: date) -> int:
    """What should have left already in these authorities; nothing is asked of the database for who manages none."""
    if not authorities:
        return 0
    return Transmission.objects.visible_to(user).late_on(today).filter(authority__in=authorities).count()


def late_by_commune(user: User, authorities: set[int], *, today: date) -> dict[str, int]:
    """The same by commune, of a case or of a perimeter, in one query; the reports, which are of no commune, are not there."""
    kept = authorities & user.authorities_as(*KEEPERS)
    if not kept:
        return {}
    return dict(Statement(_LATE, {"authorities": [*kept], "due": TransmissionState.DUE, "today": today}).rows())


def communes(user: User, *, chosen: str) -> QuerySet[Commune]:
    """Those of the authorities whose ledger a person keeps or reads, where they have a perimeter, and the one that is chosen."""
    keys = user.authorities_as(*KEEPERS)
    sirens = Authority.objects.filter(pk__in=keys).values("siren")
    zoned = Zone.objects.filter(authority__in=keys).values("commune")
    return Commune.objects.filter(Q(epci_siren__in=sirens) | Q(pk__in=zoned) | Q(pk=chosen)).order_by("sort_key")


def _failures(recipients: list[int]) -> dict[int, str]:
    """The slip that no server took, where it is the last one of its recipient."""
    last = Slip.objects.filter(recipient__in=recipients).order_by("recipient", "-year", "-rank").distinct("recipient")
    found = last.select_related("message", "recipient")
    return {
        slip.recipient_id: f"Le bordereau n° {slip.number} n’a pas pu être remis à {slip.message.recipient}. Vérifiez l’adresse."
        for slip in found
        if slip.message is not None and slip.message.state == MessageState.FAILED
    }


def _filtered(user: User, filters: Filters) -> TransmissionQuerySet:
    found = Transmission.objects.visible_to(user)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.commune:
        found = found.filter(Q(application__commune=filters.commune) | Q(zone__commune=filters.commune))
    return found.filter(holds_words(filters.text))


def _condition(key: str, today: date) -> Q:
    known = next(condition for name, _, condition in TABS if name == key)
    return DUE & Q(due_on__lt=today) if known is None else known
