"""What happened at one address: cases, visits, reports and police orders, as far as each person may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.enums import Role
from accounts.models import User
from inspections.models import Visit
from permis import addresses, attached, orders, permissions
from permis import search as search_index
from permis.addresses import Certainty
from permis.enums import MatchState, State
from permis.models import Application, Dwelling, PoliceOrder
from permis.words import Question
from territories.models import Commune
from territories.text import fold
from workflows.presentation import Badge

# What a panel beside a case shows at once; the page of the address shows everything.
FEW = 5
_BESIDE = ("number", "state", "received_on", "dwelling__floor", "dwelling__door")
MANY = 50


@dataclass(frozen=True)
class Place:
    """One address in the list of those that a search finds."""

    known: str
    address: str
    commune: str
    cases: int
    orders: int


@dataclass(frozen=True)
class Around:
    """Everything at an address; ``cases`` come with their dwelling, their visits and the reports of these."""

    commune: Commune
    address: str
    cases: Sequence[Application]
    orders: Sequence[PoliceOrder]
    doubtful: Sequence[PoliceOrder]


def around(known: str, user: User) -> Around | None:
    """The page of an address, or None where the person may see nothing there."""
    authorities = user.authorities_as(*Role.reading_cases())
    insee = known.partition("_")[0]
    cases = list(_cases(user, authorities).filter(dwelling__address_key=known).order_by("-received_on", "-pk"))
    _with_visits(cases, user)
    found = orders.at(authorities, insee, known) if known.count("_") == 2 else []
    if not cases and not found:
        return None
    sure = [order for order, certainty in found if certainty >= Certainty.PROBABLE]
    weak = [order for order, certainty in found if certainty < Certainty.PROBABLE]
    commune = cases[0].commune if cases else found[0][0].commune
    return Around(commune, cases[0].dwelling.address if cases else found[0][0].address, cases, sure, weak)


def beside(case: Application, user: User) -> dict[str, Any]:
    """What the page of a case says of its address; empty where nothing else is known there."""
    if not permissions.can_read(case, user):
        return {}
    known = case.dwelling.address_key
    found = attached.of(case.order_matches).select_related("order", "settled_by")
    matches = list(found.order_by("-certainty", "pk"))
    others: list[Application] = []
    if known and attached.has(case, attached.NEIGHBOURS):
        same = _cases(user, user.authorities_as(*Role.reading_cases())).filter(dwelling__address_key=known)
        others = list(
            same.select_related(None)
            .select_related("dwelling")
            .exclude(pk=case.pk)
            .order_by("-received_on", "-pk")
            .only(*_BESIDE)[: FEW + 1]
        )
    if not matches and not others:
        return {}
    for other in others:
        other.badge = Badge.of(other.state)
    return {
        "case": case,
        "known": known,
        "to_settle": [match for match in matches if match.state == MatchState.CANDIDATE and match.order.lifted_on is None],
        "settled": [match for match in matches if match.state != MatchState.CANDIDATE or match.order.lifted_on is not None],
        "others": others[:FEW],
        "has_more": len(others) > FEW,
        "can_settle": permissions.can_review(case, user) and case.state in State.open(),
    }


def search(text: str, user: User) -> list[Place]:
    """Addresses of cases and of orders that hold every word, the busiest first."""
    if not fold(text):
        return []
    authorities = user.authorities_as(*Role.reading_cases())
    places: dict[str, list[Any]] = {}
    dwellings = Dwelling.objects.filter(application__in=_cases(user, authorities)).exclude(address_key="")
    known = PoliceOrder.objects.visible_to(user).exclude(address_key="")
    parsed = addresses.parse(text)
    dwellings = dwellings.filter(application__in=search_index.find(Question.of(text), user, limit=MANY * 4).keys)
    # An order is searched by its street as it is normalised: « av » finds an avenue.
    for part in parsed.street.split("-"):
        known = known.filter(address_key__contains=part)
    for dwelling in dwellings.select_related("application__commune").order_by("-pk")[: MANY * 4]:
        place = places.setdefault(dwelling.address_key, [dwelling.address, dwelling.application.commune.name, 0, 0])
        place[2] += 1
    for order in known.select_related("commune").order_by("-pk")[: MANY * 4]:
        if parsed.first is not None and addresses.of_key(order.address_key).first not in (parsed.first, None):
            continue
        place = places.setdefault(order.address_key, [order.address, order.commune.name, 0, 0])
        place[3] += 1
    ranked = sorted(places.items(), key=lambda item: (-item[1][2] - item[1][3], item[0]))
    return [Place(key, *facts) for key, facts in ranked[:MANY]]


def _cases(user: User, authorities: Iterable[int]) -> Any:
    """The cases that a role of the person reads, drafts of landlords apart."""
    filed = Application.objects.visible_to(user).of_authorities(set(authorities)).exclude(state=State.DRAFT)
    return filed.select_related("authority", "commune", "dwelling")


def _with_visits(cases: Sequence[Application], user: User) -> None:
    """The visits of each case and the reports of these; an operator would see none but their own."""
    visits: dict[int, list[Visit]] = {case.pk: [] for case in cases}
    found = Visit.objects.visible_to(user).filter(application__in=visits).select_related("inspector").prefetch_related("reports")
    for visit in found.order_by("-starts_at"):
        visits[visit.application_id].append(visit)
    for case in cases:
        case.seen = visits[case.pk]
        case.badge = Badge.of(case.state)
