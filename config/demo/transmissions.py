"""The partners of the demo: who they are, what was sent to them, what one of them acknowledged, what is late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.enums import Role
from accounts.models import Membership, User
from config.demo.people import People
from config.demo.territory import Territory
from notifications.ledger import RecipientKind, TransmissionMeans
from notifications.models import Recipient, Slip, Transmission
from territories.models import Authority, Zone
from workflows.actions import transmissions

DIRECTORY = (
    (RecipientKind.CAF, "CAF de la Gironde", TransmissionMeans.SPACE, "habitat@caf33.test", "Pôle logement, Mme Claire Vidal"),
    (RecipientKind.MSA, "MSA Gironde", TransmissionMeans.EMAIL, "logement@msa33.test", "Action sanitaire et sociale"),
    (RecipientKind.TAX, "Finances publiques de la Gironde", TransmissionMeans.EMAIL, "sip-blaye@dgfip33.test", "SIP de Blaye"),
    (RecipientKind.PDALHPD, "Comité du PDALHPD de la Gironde", TransmissionMeans.EMAIL, "pdalhpd@gironde.test", "Secrétariat"),
    (RecipientKind.OBSERVATORY, "Observatoire des logements indignes, DDTM 33", TransmissionMeans.HAND, "", ""),
    (RecipientKind.PREFECTURE, "Préfecture de la Gironde", TransmissionMeans.ACTES, "", "Sous-préfecture de Blaye"),
)
# The service is up to date with these; the others wait, and some of what waits is late.
SERVED = (RecipientKind.CAF, RecipientKind.MSA, RecipientKind.PDALHPD, RecipientKind.OBSERVATORY)
BORN, LEFT, ACKNOWLEDGED = timedelta(days=30), timedelta(days=20), timedelta(days=18)


def seed(place: Territory, cast: People, *, today: date) -> None:
    """Name the recipients of each authority, then send as its service would have."""
    for authority, by in ((place.epci, cast.officer), (place.saint_savin, cast.officer), (place.cavignac, cast.town_hall)):
        # Fetched anew: a person remembers the roles they held when they were first asked.
        reader = User.objects.get(email="caf@demo.test")
        membership = Membership.objects.create(user=reader, role=Role.PARTNER, authority=authority)
        for zone in Zone.objects.filter(authority=authority).order_by("pk"):
            transmissions.keep_zone(zone, on=today - 2 * BORN)
        for kind, name, means, email, contact in DIRECTORY:
            recipient = Recipient(authority=authority, kind=kind, name=name, means=means, email=email, contact=contact)
            recipient.since = today - timedelta(days=900)
            transmissions.keep_recipient(recipient, members=[membership] if kind == RecipientKind.CAF else [], on=today)
            if kind in SERVED:
                _send(recipient, by=by, today=today)
        _acknowledge(authority, reader, today=today)


def _send(recipient: Recipient, *, by: User, today: date) -> None:
    old = transmissions.to_send(recipient).filter(opened_on__lte=today - BORN)
    if chosen := list(old.values_list("pk", flat=True)):
        proof = "Courriel du service, avec avis de lecture" if recipient.means == TransmissionMeans.HAND else ""
        transmissions.send(recipient, by=by, on=today - LEFT, chosen=chosen, proof=proof)


def _acknowledge(authority: Authority, reader: User, *, today: date) -> None:
    received = Transmission.objects.received_by(reader).filter(authority=authority, opened_on__lte=today - 2 * BORN)
    proof = transmissions.by_partner(reader)
    for each in received.order_by("pk"):
        transmissions.acknowledge(each, acknowledged_on=today - ACKNOWLEDGED, proof=proof, by=reader, on=today)


def example() -> dict[str, Any]:
    """What the gallery shows of a transmission."""
    caf = Recipient(pk=1, kind=RecipientKind.CAF, name="CAF de la Gironde")
    return {
        "lines": [
            ("Décision", "Refus"),
            ("Adresse du logement", "12 rue de la Gare, 2e étage"),
            ("Bailleur", "Mme Hélène Duprat"),
        ],
        "report": [("Décisions", [("Autorisations", "52 (76 %)"), ("Refus", "16 (24 %)")])],
        "slip": Slip(pk=1, recipient=caf, year=2026, rank=12),
    }
