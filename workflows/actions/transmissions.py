"""Mandatory transmissions: due with what calls for them, sent with a slip and a proof, corrected when the decision changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse

from accounts.models import Membership, User
from documents import rendering, storage
from documents.models import Act
from notifications import exports, outbox, payloads
from notifications.enums import Kind
from notifications.ledger import Occasion, RecipientKind, TransmissionMeans, TransmissionState
from notifications.models import PartnerSeat, Recipient, Slip, Transmission, TransmissionQuerySet
from notifications.permissions import can_transmit, can_transmit_for
from notifications.transmissions import record_sending
from permis import deadlines, journal, rules
from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from permis.rules import Rule
from territories.models import Authority, Delegation, DelegationQuerySet, Zone
from workflows import transmitting
from workflows.actions import owed
from workflows.guards import require, require_permission
from workflows.statistics import annual

# An occasion whose own route is that of the decision that stands after it.
_DECIDED_ANEW = (Occasion.SILENCE_REVERSED, Occasion.APPEAL_ACCEPTED)
_OF_STATE = {State.REVOKED: Occasion.REVOCATION, State.REPEALED: Occasion.REPEAL, State.ANNULLED: Occasion.ANNULMENT}


class NothingToSend(Exception):
    def __init__(self) -> None:
        super().__init__("Il n’y a plus rien à envoyer à ce destinataire. Revenez au registre.")


class ImpossibleDay(Exception):
    """A transmission is sent once it is due to exist, received once it is sent, and neither tomorrow."""


class AlreadyCorrected(Exception):
    def __init__(self) -> None:
        super().__init__("Cette transmission a déjà son rectificatif, ou n’est pas encore partie.")


def open_for(application: Application, occasion: Occasion, *, on: date, act: Act | None = None) -> list[Transmission]:
    """Ouvrir ce que cette décision fait transmettre, et rectifier ce qui a été dit de la précédente.

    Called by the action that takes effect, in its transaction, the case locked and already saved. ``act`` is the act that
    carries the decision. Whoever received the former decision gets a corrective (Rule.CORRECTIVES); a former one that is
    deemed never taken, and that nobody has been told of yet, is told to nobody.
    """
    authority = application.authority
    standing = {each.kind: each for each in application.transmissions.locked().standing().order_by("pk")}
    routed = transmitting.told_of(_route(application, occasion), authority, on=on)
    corrects = bool(standing) and rules.value(authority, Rule.CORRECTIVES, on=on)
    opened = []
    for kind in RecipientKind:
        former = standing.get(kind)
        if former is not None and occasion in Occasion.as_if_never() and _is_unheard_of(former):
            former.correct()
            former.save()
            former = None
        if kind in routed or (former is not None and corrects):
            opened.append(_open_case(application, kind, occasion, former=former, reason="", act=act, on=on))
    return opened


@transaction.atomic
def keep_zone(zone: Zone, *, on: date) -> Zone:
    """Enregistrer un périmètre ; sa délibération est due à la CAF et à la MSA, et de nouveau quand elle change (CCH L.635-2)."""
    zone.save()
    payload = payloads.of_zone(zone)
    standing = {each.kind: each for each in Transmission.objects.locked().standing().filter(zone=zone).order_by("pk")}
    for kind in transmitting.told_of(Occasion.DELIBERATION, zone.authority, on=on):
        former = standing.get(kind)
        if former is not None and former.payload == payload:
            continue
        if former is not None and _is_unheard_of(former):
            former.payload, former.search = payload, payloads.words_of(payload)
            former.save()
            continue
        _open_zone(zone, kind, former=former, on=on)
    return zone


def _open_zone(zone: Zone, kind: RecipientKind, *, former: Transmission | None = None, on: date) -> Transmission:
    return _keep(
        Transmission(authority=zone.authority, kind=kind, occasion=Occasion.DELIBERATION, zone=zone, corrects=former),
        payload=payloads.of_zone(zone),
        reason="Délibération ou périmètre modifié" if former else "",
        due_on=_due_on(zone.authority, from_=max(on, zone.published_on), on=on),
        on=on,
    )


@transaction.atomic
def open_report(authority: Authority, *, on: date) -> Transmission | None:
    """Devoir à l’intercommunalité le rapport de l’année passée, une fois, à la commune qui a tenu une délégation (CCH L.635-1 III)."""
    year = on.year - 1
    # Two runs of the clock at once wait here, and the second one finds the report opened.
    Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    held = _of_year(year).filter(delegate=authority)
    delegation = held.select_related("epci").order_by("starts_on").first()
    if delegation is None or Transmission.objects.filter(authority=authority, year=year).exists():
        return None
    if not Recipient.objects.in_force(on).filter(authority=authority, kind=RecipientKind.EPCI).exists():
        email = delegation.epci.email
        means = TransmissionMeans.EMAIL if email else TransmissionMeans.HAND
        Recipient.objects.create(
            authority=authority, kind=RecipientKind.EPCI, name=delegation.epci.name, means=means, email=email, since=on
        )
    return _keep(
        Transmission(authority=authority, kind=RecipientKind.EPCI, occasion=Occasion.ANNUAL_REPORT, year=year),
        payload={},
        # Nobody is late the day they learn what they owe.
        due_on=max(
            deadlines.report_due_on(year, rules.value(authority, Rule.REPORT_MONTH, on=on)), _due_on(authority, from_=on, on=on)
        ),
        on=on,
    )


@transaction.atomic
def send(
    recipient: Recipient,
    *,
    by: User,
    on: date,
    chosen: Collection[int] = (),
    sent_on: date | None = None,
    proof: str = "",
) -> Slip:
    """Envoyer tout ce qui est dû à un destinataire, ou ce qui est choisi, sous un bordereau.

    A corrective takes along what it corrects when that has not left yet. Raises NothingToSend, ImpossibleDay, ActNotReady.
    """
    require_permission(can_transmit_for(recipient.authority, by))
    due = to_send(recipient, chosen=chosen)
    cases = {case.pk: case for case in Application.objects.locked().filter(pk__in=due.values("application")).order_by("pk")}
    # What became due since the cases were locked waits for the next slip.
    of_locked = due.filter(Q(application__isnull=True) | Q(application__in=cases))
    carried = list(of_locked.locked().with_subject().order_by("opened_on", "pk"))
    if not carried:
        raise NothingToSend
    sent_on = sent_on or on
    if not max(each.opened_on for each in carried) <= sent_on <= on:
        raise ImpossibleDay("La date d’envoi est dans le futur, ou précède ce qu’elle envoie. Vérifiez-la.")
    if recipient.kind == RecipientKind.PREFECTURE:
        exports.require_acts(carried)
    for each in carried:
        if each.year is not None:
            each.payload = annual.of(each.authority, year=each.year, on=on).as_data()
    slip = _make_slip(recipient, carried, by=by, on=on)
    for each in carried:
        each.slip, each.means = slip, slip.means
        each.save()
    if recipient.means != TransmissionMeans.EMAIL:
        record_sending(carried, on=sent_on, proof=proof or f"Mis à disposition dans l’espace partenaire, SHA-256 {slip.sha256}")
    if recipient.means == TransmissionMeans.SPACE:
        _tell_partners(recipient, slip)
    for each in carried:
        if each.application_id is not None:
            _record(cases[each.application_id], Event.TRANSMITTED, each, by=by, on=sent_on)
    return slip


def to_send(recipient: Recipient, *, chosen: Collection[int] = ()) -> TransmissionQuerySet:
    """What a sending to this recipient would take: everything due, or what is chosen and what it corrects."""
    due = Transmission.objects.to_send().filter(recipient=recipient)
    if not chosen:
        return due
    return due.filter(Q(pk__in=chosen) | Q(pk__in=Transmission.objects.filter(pk__in=chosen).values("corrects")))


@transaction.atomic
def acknowledge(transmission: Transmission, *, acknowledged_on: date, proof: str, by: User, on: date) -> Transmission:
    """Constater l’accusé de réception, par le destinataire ou sur preuve. Raises ImpossibleDay."""
    application = Application.objects.locked().filter(transmissions=transmission).first()
    transmission = (
        Transmission.objects.locked().select_related("authority", "recipient", "slip__recipient").get(pk=transmission.pk)
    )
    require(transmission.acknowledge, by)
    if transmission.sent_on is not None and not transmission.sent_on <= acknowledged_on <= on:
        raise ImpossibleDay("L’accusé de réception ne peut ni précéder l’envoi, ni être daté du futur.")
    transmission.acknowledge(on=acknowledged_on, proof=proof)
    transmission.save()
    if application is not None:
        _record(application, Event.TRANSMISSION_ACKNOWLEDGED, transmission, by=by, on=acknowledged_on, more=proof)
    return transmission


@transaction.atomic
def acknowledge_all(*, by: User) -> int:
    """Accuser réception de tout ce qu’un partenaire a reçu et dont il n’a pas encore accusé réception ; rend leur nombre."""
    waiting = Transmission.objects.received_by(by).filter(state=TransmissionState.SENT)
    # The cases in the order in which every action that takes several of them locks them.
    found = list(waiting.select_related("authority").order_by("application", "pk"))
    for each in found:
        today = each.authority.today()
        acknowledge(each, acknowledged_on=today, proof=by_partner(by), by=by, on=today)
    return len(found)


def by_partner(user: User) -> str:
    """The proof that an acknowledgement given in the partner's space is."""
    return f"Accusé dans l’espace partenaire par {user.full_name}"


@transaction.atomic
def correct(transmission: Transmission, *, reason: str, by: User, on: date) -> Transmission:
    """Ouvrir à la main un rectificatif de ce qui a été envoyé, avec les données d’aujourd’hui. Raises AlreadyCorrected."""
    application = Application.objects.locked().filter(transmissions=transmission).first()
    former = Transmission.objects.locked().with_subject().get(pk=transmission.pk)
    require_permission(can_transmit(former, by))
    if former.state not in (TransmissionState.SENT, TransmissionState.ACKNOWLEDGED) or former.corrections.exists():
        raise AlreadyCorrected
    if application is None:
        again = Transmission(
            authority=former.authority,
            kind=former.kind,
            occasion=former.occasion,
            zone=former.zone,
            year=former.year,
            corrects=former,
        )
        payload = payloads.of_zone(former.zone) if former.zone is not None else {}
        return _keep(again, payload=payload, reason=reason, due_on=_due_on(former.authority, from_=on, on=on), on=on)
    lifted = Occasion.LIFTING if application.state == State.GRANTED and application.lifted_on else Occasion(former.occasion)
    occasion = _OF_STATE.get(State(application.state), lifted)
    if not application.outcome:
        # Opened again by a judge: the decision that was told of does not stand any more.
        occasion = Occasion.ANNULMENT
    _record(application, Event.TRANSMISSION_CORRECTED, former, by=by, on=on, more=reason)
    return _open_case(application, RecipientKind(former.kind), occasion, former=former, reason=reason, act=former.act, on=on)


@transaction.atomic
def keep_recipient(recipient: Recipient, *, members: Iterable[Membership], on: date) -> Recipient:
    """Enregistrer un destinataire et ses partenaires ; ce qui l’attendait lui est désormais adressé.

    A perimeter that came otherwise than by `keep_zone`, with its installation or an import, was told to nobody: it is due now.
    """
    recipient.save()
    chosen = list(members)
    recipient.seats.exclude(membership__in=chosen).delete()
    for membership in chosen:
        PartnerSeat.objects.update_or_create(membership=membership, defaults={"recipient": recipient})
    if recipient.until is None or recipient.until >= on:
        orphans = Transmission.objects.locked().to_send().filter(authority=recipient.authority, kind=recipient.kind)
        for each in orphans.filter(Q(recipient__isnull=True) | Q(recipient__until__lt=on) | Q(recipient=recipient)):
            each.recipient = recipient
            if "matiere" in each.payload:
                each.payload["matiere"] = recipient.matter
            each.save()
        if recipient.kind in transmitting.told_of(Occasion.DELIBERATION, recipient.authority, on=on):
            told = Transmission.objects.filter(zone=OuterRef("pk"), kind=recipient.kind)
            untold = Zone.objects.not_ended(on).filter(~Exists(told), authority=recipient.authority)
            for zone in untold.select_for_update(of=("self",), no_key=True).select_related("authority", "commune").order_by("pk"):
                _open_zone(zone, RecipientKind(recipient.kind), on=on)
    return recipient


@transaction.atomic
def alert_late(authority: Authority, *, on: date) -> int:
    """Avertir les responsables des transmissions en retard, une fois pour chacune ; rend leur nombre."""
    late = list(Transmission.objects.locked().with_subject().untold_on(on).filter(authority=authority).order_by("due_on", "pk"))
    if not late:
        return 0
    for address in outbox.members(authority, Kind.TRANSMISSIONS_LATE.roles):
        outbox.enqueue_to(
            address, Kind.TRANSMISSIONS_LATE, url=settings.BASE_URL + reverse("ledger"), authority=authority, late=late
        )
    Transmission.objects.filter(pk__in=[each.pk for each in late]).update(alerted_on=on)
    return len(late)


def _of_year(year: int) -> DelegationQuerySet:
    return Delegation.objects.overlapping(date(year, 1, 1), date(year, 12, 31))


def _owing_report(day: date) -> DelegationQuerySet:
    """The delegations of last year whose report nobody owes yet."""
    opened = Transmission.objects.filter(authority=OuterRef("delegate"), year=day.year - 1, corrects__isnull=True)
    return _of_year(day.year - 1).filter(~Exists(opened))


DUTIES = [
    owed.Duty(
        "reports",
        _owing_report,
        lambda authority, on: open_report(authority, on=on) is not None,
        authority="delegate",
        whole=True,
    ),
    owed.Duty("late_transmissions", lambda day: Transmission.objects.untold_on(day), alert_late, whole=True),
]


def _route(application: Application, occasion: Occasion) -> Occasion:
    return transmitting.decision_of(application) if occasion in _DECIDED_ANEW else occasion


def _is_unheard_of(transmission: Transmission) -> bool:
    """Neither sent, nor in a slip on its way."""
    return transmission.state == TransmissionState.DUE and transmission.slip_id is None


def _open_case(
    application: Application,
    kind: RecipientKind,
    occasion: Occasion,
    *,
    former: Transmission | None,
    reason: str,
    act: Act | None,
    on: date,
) -> Transmission:
    authority = application.authority
    is_legality = kind == RecipientKind.PREFECTURE
    due_on = _due_on(authority, from_=on, on=on)
    if is_legality and act is not None and act.issued_on is not None:
        due_on = deadlines.legality_control_by(act.issued_on)
    transmission = Transmission(
        authority=authority,
        kind=kind,
        occasion=occasion,
        application=application,
        act=act if is_legality else None,
        corrects=former,
    )
    return _keep(
        transmission,
        reason=reason or (str(occasion.label) if former is not None else ""),
        due_on=due_on,
        on=on,
    )


def _keep(
    transmission: Transmission, *, due_on: date, on: date, payload: dict[str, Any] | None = None, reason: str = ""
) -> Transmission:
    """Keep what becomes due on this day; without ``payload``, what its recipient may read of the case."""
    transmission.recipient = _recipient(transmission.authority, transmission.kind, on=on)
    transmission.opened_on, transmission.due_on, transmission.reason = on, due_on, reason
    transmission.payload = payloads.of_case(transmission) if payload is None else payload
    transmission.search = payloads.words_of(transmission.payload)
    transmission.save()
    return transmission


def _recipient(authority: Authority, kind: str, *, on: date) -> Recipient | None:
    return Recipient.objects.in_force(on).filter(authority=authority, kind=kind).order_by("-since").first()


def _due_on(authority: Authority, *, from_: date, on: date) -> date:
    return deadlines.transmitted_by(from_, rules.value(authority, Rule.TRANSMISSION_DAYS, on=on))


def _make_slip(recipient: Recipient, carried: Sequence[Transmission], *, by: User, on: date) -> Slip:
    """The next slip of this kind of recipient in the authority, its message written where it goes by e-mail."""
    alike = Recipient.objects.filter(authority=recipient.authority, kind=recipient.kind)
    recipient = next(each for each in alike.select_for_update().order_by("pk") if each.pk == recipient.pk)
    rank = (Slip.objects.filter(recipient__in=alike, year=on.year).aggregate(last=Max("rank"))["last"] or 0) + 1
    slip = Slip(recipient=recipient, year=on.year, rank=rank, means=recipient.means, made_on=on, made_by=by)
    slip.pdf = rendering.render(transmitting.slip(slip, carried, on=on).as_data())
    slip.sha256 = storage.sha256_of(slip.pdf)
    if slip.means == TransmissionMeans.EMAIL:
        slip.message = _write(recipient.email, slip)
    slip.save()
    return slip


def _tell_partners(recipient: Recipient, slip: Slip) -> None:
    """Nobody opens a space every morning: each person who reads it is told, once they have something to read."""
    seats = recipient.seats.filter(membership__user__is_active=True).order_by("pk")
    for address in seats.values_list("membership__user__email", flat=True):
        _write(address, slip)


def _write(address: str, slip: Slip) -> Any:
    authority, url = slip.recipient.authority, settings.BASE_URL + reverse("partner")
    return outbox.enqueue_to(address, Kind.TRANSMISSION_SLIP, url=url, authority=authority, slip=slip)


def _record(application: Application, event: Event, transmission: Transmission, *, by: User, on: date, more: str = "") -> None:
    """Say in the journal of a locked case what became of a transmission that left with a slip."""
    slip = transmission.slip
    assert slip is not None  # a constraint holds it for what was sent, and a sending has just given one
    told = f"{transmission.get_occasion_display()}, à {slip.recipient.name}, bordereau n° {slip.number}"
    reason = f"{told} – {more}" if more else told
    journal.record(application, event, by=by, on=on, transmission=transmission.pk, slip=slip.number, reason=reason)
