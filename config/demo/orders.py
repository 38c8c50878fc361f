"""Police orders and powers of the demo: orders to settle, one that forbids a permit, one lifted; a replacement."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.models import SignaturePower
from config.demo.people import People
from config.demo.territory import Territory
from permis.enums import MatchState, OrderAuthority, OrderKind, State
from permis.models import Application, OrderMatch, PoliceOrder
from territories.models import Authority, Commune
from workflows.actions import orders

# What each order strikes: an open case of this rank among those of its authority that are still being looked at.
KINDS = (
    (OrderKind.SAFETY, OrderAuthority.MAYOR, "", "Registre de la mairie"),
    (OrderKind.INSALUBRITY, OrderAuthority.PREFECT, "", "Courrier de l’agence régionale de santé"),
    (OrderKind.URGENT, OrderAuthority.MAYOR, "bâtiment sur cour", "Registre de la mairie"),
)


def make(territory: Territory, cast: People, *, today: date) -> None:
    """Orders on buildings of Saint-Savin and Laruscade, once the cases are there: the register is imported after the deposits."""
    for authority in (territory.saint_savin, territory.epci):
        open_cases = Application.objects.filter(authority=authority, state__in=[State.SUBMITTED, State.UNDER_REVIEW])
        for case, kind in zip(
            open_cases.select_related("dwelling", "commune").order_by("-tacit_on", "pk")[:3], KINDS, strict=False
        ):
            _strike(case, *kind, cast=cast, today=today)
    _lifted(territory.saint_savin, cast, today=today)
    _confirm(territory.epci, cast, today=today)
    _replacement(territory, cast)


def _strike(
    case: Application, kind: OrderKind, taken_by: OrderAuthority, building: str, source: str, *, cast: People, today: date
) -> None:
    order = PoliceOrder(
        authority=case.authority, commune=case.commune, kind=kind, taken_by=taken_by, building=building, source=source,
        number=f"{today.year}-URB-{case.pk:03d}", dated_on=today - timedelta(days=90), address=case.dwelling.address,
    )  # fmt: skip
    orders.record_order(order, by=cast.manager, on=today)


def _lifted(authority: Authority, cast: People, *, today: date) -> None:
    """The works were done: the order stays known at its address."""
    case = Application.objects.filter(authority=authority, state=State.GRANTED).order_by("pk").first()
    if case is None:
        return
    _strike(case, *KINDS[0], cast=cast, today=today)
    order = PoliceOrder.objects.filter(authority=authority).order_by("pk").last()
    assert order is not None  # just recorded
    orders.lift_order(order, lifted_on=today - timedelta(days=20), reference=f"{today.year}-URB-200", by=cast.manager, on=today)


def _confirm(authority: Authority, cast: People, *, today: date) -> None:
    match = OrderMatch.objects.filter(order__authority=authority, state=MatchState.CANDIDATE).order_by("pk").first()
    if match is not None:
        orders.settle_match(match, strikes=True, reason="Vérifié sur place", by=cast.officer, on=today)


def _replacement(territory: Territory, cast: People) -> None:
    """A second power, of narrow scope, that the first one covers already: it shows in the settings."""
    power = SignaturePower.objects.create(
        user=cast.signatory, authority=territory.epci, capacity="Le Président par intérim", delegation="l’arrêté n° 2025-ADM-008",
        starts_on=date(2025, 1, 6), outcomes=["granted"], rank=1,
    )  # fmt: skip
    power.communes.set(Commune.objects.filter(pk="33233"))
