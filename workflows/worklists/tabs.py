"""The tabs of a worklist and their exact counts, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from notifications.ledger import TransmissionState
from notifications.models import KEEPERS
from permis.models import Exchange
from workflows.models import WorkItem
from workflows.worklists.filters import Filters, among
from workflows.worklists.statement import Statement

SOON = timedelta(days=5)
# The row of the counts that is no task.
_LEDGER = "transmissions"
# The unread messages are a short list, read once for all the rows: joined, each would be looked up among the tasks. The ledger's line
# is that of `TransmissionQuerySet`: `visible_to`, `to_send` and `late_on`.
_COUNTED = """
SELECT node, count(*), count(*) FILTER (WHERE due_on <= %(soon)s),
    count(*) FILTER (WHERE CASE WHEN application_id IN ({unread}) THEN true ELSE false END)
FROM ({tasks}) task GROUP BY node
UNION ALL
SELECT %(ledger)s, count(*) FILTER (WHERE slip_id IS NULL),
    count(*) FILTER (WHERE due_on < %(today)s AND authority_id = ANY(%(managed)s)), count(*)
FROM notifications_transmission WHERE state = %(due)s AND authority_id = ANY(%(kept)s)
"""


@dataclass(frozen=True)
class Kind:
    """One tab: its key in the address, its word, the tasks it holds (all of them if none is named), what it means empty."""

    key: str
    label: str
    nodes: tuple[str, ...]
    nothing_left: str
    what_comes: str = "Les prochains dossiers"


KINDS: Sequence[Kind] = (
    Kind("", "Tous", (), "Aucune tâche n’est ouverte", "Les prochaines demandes"),
    Kind("soon", "Échéance ≤ 5 j", (), "Aucune échéance dans les cinq jours"),
    Kind("check", "À vérifier", ("check_pieces",), "Tous les dossiers déposés sont vérifiés", "Les prochaines demandes"),
    Kind("received", "Pièces reçues", ("check_answer",), "Toutes les pièces reçues sont vérifiées"),
    Kind("pieces", "Pièces attendues", ("provide_pieces",), "Aucune pièce n’est attendue"),
    Kind("plan", "Visites à planifier", ("plan_visit",), "Toutes les visites sont planifiées"),
    Kind("visit", "Visites prévues", ("visit_dwelling",), "Aucune visite n’est prévue"),
    Kind("draft", "À décider", ("draft_decision",), "Toutes les décisions sont préparées"),
    Kind("sign", "À signer", ("visa_decision", "sign_decision"), "Rien n’attend de signature"),
    Kind("notify", "À notifier", ("notify_decision",), "Toutes les décisions sont notifiées"),
    Kind("works", "Travaux", ("check_works", "lift_conditions"), "Aucuns travaux ne sont à vérifier"),
    Kind("messages", "Messages", (), "Tous les messages sont lus", "Les prochains messages"),
)
BY_KEY = {kind.key: kind for kind in KINDS}


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int
    url: str
    is_current: bool = False
    is_alarm: bool = False


@dataclass(frozen=True)
class Tabs:
    """Every tab with its count, and what is late in the ledger of transmissions."""

    each: Sequence[Tab]
    late_transmissions: int

    @property
    def current(self) -> Tab:
        return next(tab for tab in self.each if tab.is_current)

    @property
    def soon(self) -> Tab:
        return next(tab for tab in self.each if tab.key == "soon")


def default_for(user: User) -> str:
    """The tab on which a person starts: their own work where they have one role, everything where they have several."""
    roles = user.roles & set(Role.reading_cases())
    if roles == {Role.SIGNATORY}:
        return "sign"
    return "plan" if roles == {Role.INSPECTOR} else ""


def condition(key: str, today: date) -> Q:
    """The tasks of a tab."""
    if key == "soon":
        return Q(due_on__lte=today + SOON)
    if key == "messages":
        return among("application", _with_unread())  # until somebody of the service opens the thread
    nodes = BY_KEY[key].nodes
    return Q(node__in=nodes) if nodes else Q()


def count(user: User, filters: Filters, *, today: date) -> Tabs:
    """Every tab with its exact count, the ledger's with them, in one query; the filters other than the tab apply."""
    rows = {node: numbers for node, *numbers in counted(user, filters, today=today).rows()}
    to_transmit, late_transmissions, _ = rows.pop(_LEDGER)
    tabs = [_tab(kind, rows, filters) for kind in KINDS]
    if _keeps_ledger(user):
        tabs.append(Tab("transmit", "À transmettre", to_transmit, reverse("ledger")))
    return Tabs(tabs, late_transmissions)


def counted(user: User, filters: Filters, *, today: date) -> Statement:
    """Three figures a node of the process: its tasks, those that are due soon, those whose case has an unread message.

    The transmissions make one line more, of zeros for who keeps no ledger: those to send, those that are late where the person is a
    manager, all that are due.
    """
    kept = Statement.of(filters.applied(WorkItem.objects.visible_to(user), user).values("node", "due_on", "application_id"))
    values = {
        **kept.values,
        **_unread().values,
        "soon": today + SOON,
        "ledger": _LEDGER,
        "due": TransmissionState.DUE,
        "today": today,
        "kept": [*user.authorities_as(*KEEPERS)],
        "managed": [*user.authorities_as(Role.MANAGER)],
    }
    return Statement(_COUNTED.format(tasks=kept.sql, unread=_unread().sql), values)


@cache
def _unread() -> Statement:
    """The cases that have an unread message: the same words each time."""
    return Statement.of(_with_unread(), "unread")


def _with_unread() -> QuerySet[Any]:
    return Exchange.objects.unread_by_service().values("application")


def _keeps_ledger(user: User) -> bool:
    return bool(user.authorities_as(*KEEPERS))


def _tab(kind: Kind, rows: dict[str, list[int]], filters: Filters) -> Tab:
    place = {"soon": 1, "messages": 2}.get(kind.key, 0)
    number = sum(numbers[place] for node, numbers in rows.items() if not kind.nodes or node in kind.nodes)
    return Tab(kind.key, kind.label, number, filters.url(tab=kind.key), kind.key == filters.tab, kind.key == "soon")


def nearest(user: User, *, today: date) -> Any:
    """The open task whose legal date comes first, of those that are not over."""
    dated = WorkItem.objects.visible_to(user).filter(legal_date__isnull=False, due_on__gte=today)
    return dated.select_related("application").order_by("due_on", "application_id").first()
