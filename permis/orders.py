"""Which police orders seem to strike the building of which cases: found by address and by cadastral plot, settled by people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q

from permis import addresses, guards
from permis.addresses import Certainty
from permis.enums import MatchState, State
from permis.models import Application, Dwelling, OrderMatch, PoliceOrder


class OrderInForce(guards.Refusal):
    """What a person confirmed is undone where it was said: by the lifting of the order, or by saying that it strikes another building."""

    code = "police_order"

    def __init__(self, order: PoliceOrder) -> None:
        super().__init__(
            f"L’{order.reference} est confirmé pour ce logement et n’est pas levé. Enregistrez sa mainlevée, ou dites dans le dossier "
            "qu’il ne vise pas ce logement."
        )


def certainty(order: PoliceOrder, dwelling: Dwelling) -> Certainty:
    """How surely this order strikes the building of this dwelling; one that names a building is never sure of another."""
    found = addresses.compare(order.address_key, dwelling.address_key)
    if order.plot and order.plot == addresses.plot(dwelling.cadastral_reference):
        found = max(found, Certainty.PROBABLE)
    if found == Certainty.CERTAIN and order.building and not addresses.compare_buildings(order.building, dwelling.building):
        return Certainty.PROBABLE
    return found


def on_building(application: Application) -> list[tuple[PoliceOrder, Certainty]]:
    """The orders in force that seem to strike the building of this case, the surest first."""
    orders = PoliceOrder.objects.in_force().filter(authority=application.authority_id, commune=application.commune_id)
    dwelling = application.dwelling
    return _ranked(orders.filter(_near(dwelling.address_key, addresses.plot(dwelling.cadastral_reference))), dwelling)


def at(authorities: Iterable[int], insee: str, known: str) -> list[tuple[PoliceOrder, Certainty]]:
    """Every order, lifted ones too, that these authorities know at a normalised address."""
    orders = PoliceOrder.objects.filter(authority__in=authorities, commune=insee).filter(_near(known, ""))
    return _ranked(orders.select_related("commune"), Dwelling(address_key=known))


def struck(orders: Iterable[PoliceOrder]) -> Iterator[tuple[PoliceOrder, Application, Certainty]]:
    """The open cases of the authorities whose building these orders seem to strike, by case; one query whatever their number."""
    by_place: dict[tuple[int, str], list[PoliceOrder]] = defaultdict(list)
    for order in orders:
        by_place[order.authority_id, order.commune_id].append(order)
    cases = Application.objects.filter(
        state__in=State.open(),
        authority__in={authority for authority, _ in by_place},
        commune__in={commune for _, commune in by_place},
    ).select_related("dwelling", "authority", "commune")
    for case in cases.filter(dwelling__isnull=False).order_by("pk"):
        for order in by_place.get((case.authority_id, case.commune_id), ()):
            if found := certainty(order, case.dwelling):
                yield order, case, found


def in_force_on(application: Application) -> PoliceOrder | None:
    """The last order that a person confirmed to strike the building and that still forbids the permit."""
    confirmed = OrderMatch.objects.filter(application=application, state=MatchState.CONFIRMED)
    orders = PoliceOrder.objects.blocking().filter(matches__in=confirmed)
    return orders.order_by("dated_on", "pk").last()


def _near(known: str, plot: str) -> Q:
    """Same street, or same plot."""
    same_plot = Q(plot=plot) if plot else Q(pk__in=[])
    return Q(address_key__startswith=addresses.street_of(known)) | same_plot if known else same_plot


def _ranked(orders: Iterable[PoliceOrder], dwelling: Dwelling) -> list[tuple[PoliceOrder, Certainty]]:
    found = [(order, sure) for order in orders if (sure := certainty(order, dwelling))]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].dated_on, pair[0].pk))
