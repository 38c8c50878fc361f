"""Police orders: recorded or imported, matched with the cases, confirmed or put aside by a person, lifted (CCH L.635-9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from notifications import outbox
from notifications.enums import Kind
from permis import addresses, guards, journal, orders, permissions
from permis.addresses import Certainty
from permis.enums import MatchState, State
from permis.models import Application, OrderImport, OrderMatch, PoliceOrder
from permis.models.journal import Event
from permis.order_register import Row
from territories.models import Authority, Commune
from workflows.guards import require_permission

BATCH = 1_000
# What a line of a register may change of an order that is already known.
_FROM_FILE = (
    "number", "dated_on", "kind", "taken_by", "address", "address_key", "building", "cadastral_reference", "plot", "lifted_on", "lifting",
    "source", "imported_in", "recorded_by",
)  # fmt: skip


class LiftedBeforeTaken(guards.Refusal):
    code = "wrong_state"
    message = "La mainlevée ne peut pas précéder l’arrêté, ni être dans le futur. Vérifiez sa date."


class NoReasonGiven(guards.Refusal):
    code = "wrong_state"
    message = "Dites pourquoi cet arrêté ne vise pas le logement : un autre bâtiment, une autre partie de l’immeuble…"


def search(application: Application, *, on: date) -> None:
    """Chercher au dépôt les arrêtés qui frappent l’immeuble, et en alerter le responsable (L.635-9). The case is locked.

    An order recorded at the same instant waits for this deposit, or this one for it: neither misses the other.
    """
    _lock([application.authority])
    _keep(application, orders.on_building(application), on=on)


@transaction.atomic
def record_order(order: PoliceOrder, *, by: User, on: date) -> PoliceOrder:
    """Enregistrer un arrêté de police, ou le corriger, et chercher les demandes ouvertes dont il frappe l’immeuble."""
    require_permission(may_record(order.authority, by))
    _lock([order.authority])
    order.recorded_by = by
    _normalise(order)
    order.save()
    _match([order], on=on)
    for match in order.matches.filter(state=MatchState.CONFIRMED).order_by("application_id"):
        _settle(match.application, order, by=by, on=on)
    return order


@transaction.atomic
def lift_order(order: PoliceOrder, *, lifted_on: date, reference: str, by: User, on: date) -> PoliceOrder:
    """Enregistrer la mainlevée d’un arrêté : les demandes qu’il bloquait sont libérées. Raises LiftedBeforeTaken."""
    order = PoliceOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    require_permission(may_record(order.authority, by))
    if not order.dated_on <= lifted_on <= on:
        raise LiftedBeforeTaken
    order.lift(on=lifted_on, reference=reference)
    order.save()
    for match in order.matches.filter(state=MatchState.CONFIRMED).order_by("application_id"):
        _settle(match.application, order, by=by, on=on)
    return order


@transaction.atomic
def settle_match(match: OrderMatch, *, strikes: bool, reason: str, by: User, on: date) -> OrderMatch:
    """Dire si l’arrêté vise ce logement ; confirmé et en vigueur, il ne laisse que le refus (L.635-9). Raises NoReasonGiven."""
    application = Application.objects.locked().get(pk=match.application_id)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    if not strikes and not reason.strip():
        raise NoReasonGiven
    match = OrderMatch.objects.select_related("order").get(pk=match.pk)
    was_confirmed = match.state == MatchState.CONFIRMED
    match.state = MatchState.CONFIRMED if strikes else MatchState.DISMISSED
    match.reason, match.settled_by, match.settled_on = reason, by, on
    match.save()
    if strikes and match.order.is_blocking:
        _forbid(application, match.order, by=by, on=on)
        return match
    facts = {"order": match.order.pk, "reference": match.order.reference}
    if strikes:
        journal.record(application, Event.ORDER_CONFIRMED, by=by, on=on, reason=match.order.reference, **facts)
        return match
    journal.record(application, Event.ORDER_DISMISSED, by=by, on=on, reason=f"{match.order.reference} : {reason}", **facts)
    if was_confirmed:
        _settle(application, match.order, by=by, on=on)
    return match


@transaction.atomic
def import_orders(file: OrderImport, rows: Iterable[Row], *, homes: Mapping[str, Authority], by: User, on: date) -> OrderImport:
    """Importer les lignes lisibles d’un registre ; un arrêté déjà connu par son numéro est mis à jour.

    ``homes`` gives for each commune the authority that keeps its orders. What was lifted here stays lifted.
    """
    require_permission(may_import(file.authority, by) and all(may_import(each, by) for each in homes.values()))
    rows = list(rows)
    _lock(homes.values())
    changed = _of_rows([row for row in rows if not row.errors], file, homes, by)
    counts = {
        "new": len([order for order in changed if order._state.adding]),
        "unread": len([row for row in rows if row.errors]),
    }
    counts["updated"] = len(changed) - counts["new"]
    PoliceOrder.objects.bulk_create([order for order in changed if order._state.adding], BATCH)
    PoliceOrder.objects.bulk_update([order for order in changed if order.pk], _FROM_FILE, BATCH)
    _match(changed, on=on)
    confirmed = OrderMatch.objects.filter(order__in=changed, state=MatchState.CONFIRMED).select_related("order", "application")
    for match in confirmed.order_by("application_id", "pk"):
        _settle(match.application, match.order, by=by, on=on)
    file.imported_on, file.counts = on, counts
    file.save()
    return file


def may_record(authority: Authority, user: User) -> bool:
    """Enregistrer et lever un arrêté : instructeur ou responsable."""
    return user.has_role(Role.OFFICER, Role.MANAGER, in_=authority)


def may_import(authority: Authority, user: User) -> bool:
    """Importer un registre : responsable."""
    return user.has_role(Role.MANAGER, in_=authority)


def _lock(authorities: Iterable[Authority]) -> None:
    """One register is written at a time: two files that hold the same number would meet."""
    keys = {authority.pk for authority in authorities}
    locked = Authority.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    list(locked.order_by("pk").values_list("pk"))


def _of_rows(rows: list[Row], file: OrderImport, homes: Mapping[str, Authority], by: User) -> list[PoliceOrder]:
    """The orders that these lines state, known ones among them; nothing is saved."""
    communes = Commune.objects.in_bulk(list(homes))
    kept = PoliceOrder.objects.filter(authority__in=homes.values(), commune__in=communes)
    known = {(order.authority_id, order.commune_id, order.number.casefold()): order for order in kept}
    found = []
    for row in rows:
        commune, authority = communes[row.values["commune"]], homes[row.values["commune"]]
        order = known.get((authority.pk, commune.pk, row.values["number"].casefold())) or PoliceOrder(authority=authority)
        order.commune = commune
        is_lifted_here = order.lifted_on is not None and row.values["lifted_on"] is None
        for name, value in row.values.items():
            if name != "commune" and not (is_lifted_here and name in ("lifted_on", "lifting")):
                setattr(order, name, value)
        order.imported_in, order.recorded_by = file, by
        _normalise(order)
        found.append(order)
    return found


def _normalise(order: PoliceOrder) -> None:
    order.address_key = addresses.key(order.commune_id, order.address, town=order.commune.name)
    order.plot = addresses.plot(order.cadastral_reference)


def _match(found: list[PoliceOrder], *, on: date) -> None:
    """Keep the open cases that these orders seem to strike; what nobody has settled and no longer matches goes."""
    by_case: dict[int, list[tuple[PoliceOrder, Certainty]]] = defaultdict(list)
    for order, case, sure in orders.struck(order for order in found if order.lifted_on is None):
        by_case[case.pk].append((order, sure))
    still = {(order.pk, key) for key, pairs in by_case.items() for order, _ in pairs}
    for match in OrderMatch.objects.filter(order__in=found, state=MatchState.CANDIDATE):
        if (match.order_id, match.application_id) not in still:
            # Somebody may have confirmed it since it was read: that word stands.
            OrderMatch.objects.filter(pk=match.pk, state=MatchState.CANDIDATE).delete()
    for key in sorted(by_case):
        _keep(Application.objects.locked().get(pk=key), by_case[key], on=on)


def _keep(application: Application, found: list[tuple[PoliceOrder, Certainty]], *, on: date) -> None:
    """New candidates of a locked case, written to its journal; those that are nearly sure are told to the manager at once."""
    new = []
    for order, sure in found:
        match, is_new = OrderMatch.objects.get_or_create(order=order, application=application, defaults={"certainty": sure})
        if is_new:
            new.append((order, sure))
        elif match.certainty != sure:
            match.certainty = sure
            match.save(update_fields=["certainty"])
    if not new:
        return
    journal.record(
        application, Event.ORDER_FOUND, on=on, orders=[order.pk for order, _ in new], reason=" ; ".join(order.reference for order, _ in new)
    )  # fmt: skip
    if alarming := [order for order, sure in new if sure >= Certainty.PROBABLE]:
        outbox.enqueue(Kind.ORDER_FOUND, application=application, on=on, orders=alarming)


def _forbid(application: Application, order: PoliceOrder, *, by: User, on: date) -> None:
    application.police_order = True
    application.save()
    journal.record(application, Event.POLICE_ORDER, by=by, on=on, in_force=True, reference=order.reference, order=order.pk)


def _settle(application: Application, order: PoliceOrder, *, by: User, on: date) -> None:
    """After an order was lifted, changed or put aside: another one still forbids the permit, or nothing does any more.

    What the service wrote by hand of another order is left as it is.
    """
    application = Application.objects.locked().get(pk=application.pk)
    if application.state not in State.open():
        return
    last = application.journal.filter(event=Event.POLICE_ORDER).order_by("-position").first()
    told = last.facts.get("order") if last is not None else None
    other = orders.in_force_on(application)
    if other is not None:
        if not application.police_order or told != other.pk:
            _forbid(application, other, by=by, on=on)
    elif application.police_order and told == order.pk:
        application.police_order = False
        application.save()
        lifted = f"mainlevée du {order.lifted_on:%d/%m/%Y}, " if order.lifted_on else ""
        journal.record(
            application, Event.POLICE_ORDER, by=by, on=on, in_force=False, reference=f"{lifted}{order.reference}", order=order.pk
        )
