"""What is known of an appointment before it is made: free slots, mandates, and the signed address where it may be changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from inspections import planning
from inspections.enums import Party, Purpose, VisitState
from inspections.models import Mandate, Visit, VisitRoutine
from inspections.planning import Routine, Slot
from permis.models import Application
from permis.permissions import can_inspect
from territories.calendars import public_holidays
from territories.models import Authority

SALT = "rendez-vous"
READ_AFTER = timedelta(days=7)


def routine_of(authority: Authority) -> Routine:
    """The hours of visits that an authority has set, or ordinary ones."""
    known = VisitRoutine.objects.filter(authority=authority).first()
    return known.as_routine() if known is not None else Routine()


def is_external(inspector: User, authority: Authority) -> bool:
    """Whether this person visits for an operator: a mandate is then needed."""
    return inspector.has_role(Role.OPERATOR, in_=authority) or inspector.operators.filter(authority=authority).exists()


def mandate_of(inspector: User, authority: Authority, *, on: date) -> Mandate | None:
    """The written mandate under which somebody from outside visits that day."""
    mandates = Mandate.objects.in_force(on).filter(operator__authority=authority, operator__people=inspector)
    return mandates.select_related("operator").order_by("-signed_on", "-pk").first()


def may_visit(application: Application, inspector: User) -> bool:
    """Whether a visit of this case may be given to this person."""
    return can_inspect(application, inspector) or inspector.has_role(Role.OPERATOR, in_=application.authority)


def free_slots(
    application: Application, *, inspector: User, purpose: Purpose, now: datetime, but: Visit | None = None, count: int = 6
) -> list[Slot]:
    """Des rendez-vous libres de cette personne : dans le mois de la décision pour une première visite (CCH L.635-3)."""
    authority = application.authority
    visits = Visit.objects.filter(inspector=inspector, state=VisitState.PLANNED, ends_at__gt=now)
    if but is not None:
        visits = visits.exclude(pk=but.pk)
    slots = planning.propose(
        [Slot(*times) for times in visits.values_list("starts_at", "ends_at")],
        routine=routine_of(authority),
        zone=authority.zone_info,
        holidays=public_holidays(authority.department),
        now=now,
        tacit_on=application.tacit_on if purpose == Purpose.FIRST else None,
        count=count,
    )
    if not is_external(inspector, authority):
        return slots
    mandates = list(Mandate.objects.filter(operator__authority=authority, operator__people=inspector))
    days = {slot: authority.local(slot.starts_at).date() for slot in slots}
    return [slot for slot in slots if any(each.starts_on <= days[slot] <= each.ends_on for each in mandates)]


def offered(visit: Visit, *, now: datetime, count: int = 6) -> list[Slot]:
    """What a convoked person may choose instead: of a first visit, never a day that leaves the service no time to decide."""
    application, purpose = visit.application, Purpose(visit.purpose)
    slots = free_slots(application, inspector=visit.inspector, purpose=purpose, now=now, but=visit, count=count)
    if purpose != Purpose.FIRST or application.tacit_on is None:
        return slots
    authority = application.authority
    margin = timedelta(days=routine_of(authority).margin_days)
    latest = max(authority.local(visit.starts_at).date(), application.tacit_on - margin)
    return [slot for slot in slots if authority.local(slot.starts_at).date() <= latest]


def address(visit: Visit, party: Party) -> str:
    """Where a person changes or refuses an appointment, without an account."""
    return settings.BASE_URL + reverse("appointment", args=[token(visit, party)])


def token(visit: Visit, party: Party) -> str:
    """Signed: it names one visit, one party and whoever was written to, and opens nothing else."""
    return signing.dumps([visit.pk, str(party), _whom(visit, party)], salt=SALT)


def read(signed: str, *, now: datetime) -> tuple[Visit, Party]:
    """The visit and the party that a token names. Raises BadSignature, also once somebody else is the occupant, or it is over."""
    pk, name, whom = signing.loads(signed, salt=SALT)
    party = Party(name)
    visit = Visit.objects.select_related("inspector", "mandate__operator", "application__authority").filter(pk=pk).first()
    if visit is None or whom != _whom(visit, party) or visit.ends_at + READ_AFTER < now:
        raise signing.BadSignature
    return visit, party


def _whom(visit: Visit, party: Party) -> str:
    """An address in a few letters that do not tell it: what was sent to one occupant is not for the next."""
    return sha256(visit.occupant_email.encode()).hexdigest()[:12] if party == Party.OCCUPANT else ""
