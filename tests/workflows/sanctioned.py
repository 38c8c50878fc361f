"""A sanction led to a stage by the actions, at the dates of scenario 24: found on 2 June, letter presented on 10 June 2025."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.enums import Role
from accounts.models import User
from permis.breaches import Breach, FindingSource
from permis.enums import Means
from permis.models import Sanction
from territories.models import Authority, Zone
from tests import factories
from workflows.actions import fines, sanctions

FOUND, PRESENTED, UNTIL, BARRED = date(2025, 6, 2), date(2025, 6, 10), date(2025, 7, 10), date(2026, 6, 2)
AFTER = date(2025, 7, 11)
PERSON = {
    "person_kind": "person",
    "person_name": "M. Paul Dumora",
    "person_address": "4 cours Vauban",
    "person_postcode": "33390",
    "person_city": "Blaye",
    "person_email": "p.dumora@exemple.test",
}
REASONS = "Le logement est loué depuis six mois.\n\nLe bailleur en loue trois autres."


def jurist(authority: Authority) -> User:
    """Who leads the sanctions of this authority, always the same person."""
    known = User.objects.filter(memberships__authority=authority, memberships__role=Role.LEGAL).first()
    return known or factories.member(authority, Role.LEGAL)


def signatory(authority: Authority) -> User:
    known = User.objects.filter(memberships__authority=authority, memberships__role=Role.SIGNATORY).first()
    return known or factories.member(authority, Role.SIGNATORY)


def found(authority: Authority | None = None, *, zone: Zone | None = None, on: date | None = None, **changes: Any) -> Sanction:
    """A finding of undeclared letting, without case."""
    authority = authority or factories.AuthorityFactory()
    zone = zone or factories.ZoneFactory(authority=authority)
    facts = {
        "commune": zone.commune,
        "zone": zone,
        "breach": Breach.NO_REQUEST,
        "found_on": FOUND,
        "source": FindingSource.VISIT,
        "facts": "Le logement est occupé par un locataire depuis janvier 2025.",
        "person": PERSON,
        "address": "12 rue de la Gare",
        "postcode": "33920",
        "by": jurist(authority),
    } | changes
    return sanctions.open_sanction(authority, on=on or facts["found_on"], **facts)


def written(sanction: Sanction | None = None, *, on: date = FOUND) -> Sanction:
    """The letter is sent."""
    sanction = sanction or found()
    return sanctions.open_observations(
        sanction, means=Means.REGISTERED_LETTER, tracking_number="1A 204 873 0614 7", by=jurist(sanction.authority), on=on
    )


def presented(sanction: Sanction | None = None, *, on: date = PRESENTED) -> Sanction:
    """The month runs."""
    sanction = written(sanction)
    return sanctions.receive_letter(sanction, received_on=on, by=jurist(sanction.authority), on=on)


def to_decide(sanction: Sanction | None = None) -> Sanction:
    return sanctions.move_to_decide(presented(sanction), on=AFTER)


def proposed(sanction: Sanction | None = None, *, amount: int = 2000, on: date = AFTER) -> Sanction:
    sanction = to_decide(sanction)
    return fines.propose_fine(sanction, amount=amount, reasons=REASONS, by=jurist(sanction.authority), on=on)


def fined(sanction: Sanction | None = None, *, on: date = AFTER) -> Sanction:
    sanction = proposed(sanction, on=on)
    by = signatory(sanction.authority)
    return fines.fine(sanction, act=fines.preview(sanction, by=by, on=on), by=by, on=on)


def notified(sanction: Sanction | None = None, *, on: date = date(2025, 7, 15)) -> Sanction:
    sanction = fined(sanction)
    return fines.notify(sanction, means=Means.HAND, notified_on=on, by=jurist(sanction.authority), on=on)


def titled(sanction: Sanction | None = None, *, on: date = date(2025, 8, 1)) -> Sanction:
    sanction = notified(sanction)
    return fines.issue_title(sanction, number="T-2025-118", issued_on=on, by=jurist(sanction.authority), on=on)
