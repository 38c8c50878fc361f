"""Where an application stands against the perimeters and the kinds of lease, for its landlord and for the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from permis import qualification, rules
from permis.enums import Channel, LeaseKind, State
from permis.models import Application
from permis.permissions import can_review
from permis.qualification import Scope
from permis.rules import Rule
from territories import zoning
from territories.enums import Certainty, Doubt
from territories.models import Zone
from territories.zoning import Features, Finding, Place
from workflows.panel import Panel


@dataclass(frozen=True)
class Located:
    """The perimeter kept at the deposit, and what a person has to look at."""

    zone: Zone | None
    certainty: Certainty
    doubts: list[Doubt]


def zones_for(application: Application) -> list[Zone]:
    """The perimeters of its commune and regime, whatever their dates; an EPCI made those where its delegate decides."""
    zones = Zone.objects.filter(commune=application.commune, regime=application.regime)
    return list(zones.order_by("in_force_on", "pk"))


def find(application: Application, *, on: date) -> Finding:
    """The perimeters that may hold its dwelling on the day of its lease."""
    dwelling = application.dwelling
    features = Features(dwelling.construction_year, dwelling.surface, dwelling.housing, dwelling.furnished)
    day = application.lease_signed_on or application.lease_planned_on or application.received_on or on
    return zoning.find(zones_for(application), Place(dwelling.address, dwelling.place), features, on=day)


def locate(application: Application, *, on: date) -> Located:
    """What the deposit keeps: the one perimeter there is, else the one that was said, with every doubt."""
    finding, said = find(application, on=on), application.zone
    candidates = [each.zone for each in finding.candidates]
    zone, doubts = finding.zone or said, set(finding.doubts)
    if said is not None and said not in candidates:
        doubts.add(Doubt.DECLARED)
    elif said is not None:
        zone = said
    certainty = finding.certainty if Doubt.DECLARED not in doubts else Certainty.TO_CHECK
    return Located(zone, certainty, sorted(doubts))


def of_lease(application: Application, *, on: date) -> Scope:
    """Whether its lease is under the rule, as the law and the settings of its authority say."""
    return qualification.scope_of(LeaseKind(application.lease_kind), application.authority, on=on)


def may_buyers_ask(application: Application, *, on: date) -> bool:
    """Whether the authority takes the application of a buyer who holds the written agreement of the seller."""
    return bool(rules.value(application.authority, Rule.FUTURE_BUYER, on=on))


def for_service(case: Application, user: User, today: date) -> Panel | None:
    """What the officer settles: a lease that seems out of scope, a perimeter that nobody could tell, a buyer not yet an owner."""
    if not case.zoning and not case.future_buyer:
        return None
    scope = of_lease(case, on=case.received_on or today)
    is_open = case.state in State.open()
    return Panel(
        "workflows/_scope_panel.html",
        {
            "case": case,
            "scope": scope,
            "asks_scope": is_open and not scope.is_in and not case.kept_in_scope,
            "asks_zone": is_open and case.awaits_zone_check,
            "doubts": [str(Doubt(doubt).label) for doubt in case.zone_doubts],
            "may_settle": can_review(case, user) and is_open,
            "is_online": case.channel == Channel.ONLINE,
        },
        aside=True,
    )
