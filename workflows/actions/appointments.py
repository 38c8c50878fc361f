"""Appointments of visits: planned, moved, answered, cancelled, reminded of."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from inspections.enums import Party, Purpose, VisitState
from inspections.models import Mandate, Visit
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.models import Application, Entrusted
from permis.models.journal import Event
from territories.models import Authority
from workflows import appointments, drafting, flows
from workflows.actions import owed
from workflows.guards import lock, require, require_permission

REMINDED_DAYS_BEFORE = 2
MOST_ANSWERS = 5
OCCUPANT_KEPT_DAYS = 30


class AppointmentInThePast(guards.Refusal):
    code = "wrong_state"
    message = "Ce rendez-vous est dans le passé. Choisissez un jour à venir."


class SlotTaken(guards.Refusal):
    code = "slot_taken"
    message = "Cette personne a déjà une visite à cette heure. Choisissez un autre horaire."


class SlotGone(guards.Refusal):
    code = "slot_taken"
    message = "Ce rendez-vous vient d’être pris. Choisissez-en un autre parmi ceux qui restent."


class NoMandate(guards.Refusal):
    code = "no_mandate"
    message = (
        "Aucun mandat écrit de cette personne n’est en cours ce jour-là : la visite ne peut pas lui être confiée. "
        "L’administrateur enregistre les mandats dans les réglages."
    )


class NotAgreed(guards.Refusal):
    code = "not_agreed"
    message = (
        "Une contre-visite se fait d’un commun accord : indiquez le jour où le bailleur l’a donné, au plus tard aujourd’hui."
    )


class AppointmentOver(guards.Refusal):
    code = "wrong_state"
    message = "Ce rendez-vous ne peut plus être changé ici : il a eu lieu, il a commencé ou il est annulé. Appelez le service."


class OtherAnswered(guards.Refusal):
    code = "wrong_state"
    message = "Une autre personne convoquée a déjà répondu à ce rendez-vous. Appelez le service pour en convenir d’un autre."


class TooManyAnswers(guards.Refusal):
    code = "wrong_state"
    message = "Vous avez déjà répondu plusieurs fois. Appelez le service pour convenir d’un rendez-vous."


@transaction.atomic
def plan_visit(
    application: Application,
    *,
    inspector: User,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    on: date,
    purpose: Purpose = Purpose.FIRST,
    instructions: str = "",
    agreed_on: date | None = None,
    occupied: bool | None = None,
    occupant_name: str = "",
    occupant_email: str = "",
    occupant_phone: str = "",
) -> Visit:
    """Planifier une visite. Raises the refusals of hours, term, agreement, mandate, and of an hour that is taken."""
    application = lock(application.pk)
    require_permission(permissions.can_inspect(application, by))
    require_permission(appointments.may_visit(application, inspector))
    application.require_visitable()
    if purpose == Purpose.COUNTER and (agreed_on is None or agreed_on > on):
        raise NotAgreed
    _require_free(application, inspector, starts_at, ends_at, purpose=purpose, on=on)
    visit = Visit.objects.create(
        application=application,
        purpose=purpose,
        inspector=inspector,
        mandate=_mandate(application, inspector, starts_at),
        starts_at=starts_at,
        ends_at=ends_at,
        instructions=instructions,
        agreed_on=agreed_on if purpose == Purpose.COUNTER else None,
        convoked_on=on,
        occupied=occupied,
        occupant_name=occupant_name,
        occupant_email=occupant_email.strip().lower(),
        occupant_phone=occupant_phone,
    )
    _entrust(visit)
    journal.record(application, Event.VISIT_PLANNED, by=by, on=on, visit=visit.pk, starts_at=starts_at, purpose=purpose)
    _convoke(visit, landlord=Kind.VISIT_PLANNED, occupant=Kind.OCCUPANT_CONVOKED, on=on)
    flows.advance(application)
    return visit


@transaction.atomic
def move_visit(visit: Visit, *, inspector: User, starts_at: datetime, ends_at: datetime, by: User, on: date) -> Visit:
    """Déplacer un rendez-vous, à une autre heure ou avec une autre personne. Raises the same refusals as planning."""
    application, visit = locked(visit)
    require(visit.move, by)
    require_permission(appointments.may_visit(application, inspector))
    application.require_visitable()
    _require_free(application, inspector, starts_at, ends_at, purpose=Purpose(visit.purpose), on=on, but=visit)
    _move(visit, inspector=inspector, starts_at=starts_at, ends_at=ends_at, on=on)
    journal.record(application, Event.VISIT_MOVED, by=by, on=on, visit=visit.pk, starts_at=starts_at)
    _convoke(visit, landlord=Kind.VISIT_MOVED, occupant=Kind.OCCUPANT_MOVED, on=on)
    flows.advance(application)
    return visit


@transaction.atomic
def choose_slot(visit: Visit, *, starts_at: datetime, party: Party, on: date, now: datetime, by: User | None = None) -> Visit:
    """Prendre un autre des rendez-vous proposés, par la personne convoquée. Its right is the link she was sent, or her account."""
    application, visit = locked(visit)
    application.require_visitable()
    _require_answerable(visit, now)
    _lock_diary(visit.inspector)
    if visit.answered_by and visit.answered_by != party:
        raise OtherAnswered
    purpose = Purpose(visit.purpose)
    slot = next((each for each in appointments.offered(visit, now=now) if each.starts_at == starts_at), None)
    if slot is None:
        raise SlotGone
    _require_free(application, visit.inspector, slot.starts_at, slot.ends_at, purpose=purpose, on=on, but=visit)
    visit.answers += 1
    _move(visit, inspector=visit.inspector, starts_at=slot.starts_at, ends_at=slot.ends_at, on=on)
    journal.record(application, Event.VISIT_MOVED, by=by, on=on, visit=visit.pk, starts_at=slot.starts_at, party=party)
    _convoke(visit, landlord=Kind.VISIT_MOVED, occupant=Kind.OCCUPANT_MOVED, on=on)
    outbox.enqueue(Kind.VISIT_ANSWERED, application=application, on=on, visit=visit, party=_said_by(party), note="", moved=True)
    flows.advance(application)
    return visit


@transaction.atomic
def answer_convocation(
    visit: Visit, *, note: str, refuses: bool, party: Party, on: date, now: datetime, by: User | None = None
) -> Visit:
    """Dire que l’on ne peut pas, ou que l’on refuse : le service est averti, le rendez-vous tient jusqu’à ce qu’il décide."""
    application, visit = locked(visit)
    said = " : ".join(part for part in ("Refuse la visite" if refuses else "Ne peut pas venir", note.strip()) if part)[:500]
    if visit.answered_by == party and visit.answer == said:
        return visit  # sent twice: it is known already
    application.require_visitable()
    _require_answerable(visit, now)
    if visit.answered_by and visit.answered_by != party:
        # What the other one said still counts: nobody enters without the occupant's agreement (CCH L.635-3).
        said = f"{said} ({visit.get_answered_by_display()} : {visit.answer})"[:500]
    visit.answered_by, visit.answer = party, said
    visit.answers += 1
    visit.save()
    journal.record(application, Event.VISIT_ANSWERED, by=by, on=on, visit=visit.pk, party=party, refuses=refuses)
    outbox.enqueue(
        Kind.VISIT_ANSWERED, application=application, on=on, visit=visit, party=_said_by(party), note=said, moved=False
    )
    flows.advance(application)
    return visit


@transaction.atomic
def cancel_visit(visit: Visit, *, by: User, on: date) -> Visit:
    """Annuler un rendez-vous."""
    application, visit = locked(visit)
    require(visit.cancel, by)
    visit.cancel()
    visit.save()
    _take_back(visit)
    journal.record(application, Event.VISIT_CANCELLED, by=by, on=on, visit=visit.pk)
    _tell_landlord(visit, kind=Kind.VISIT_CANCELLED, on=on)
    _tell_occupant(visit, kind=Kind.OCCUPANT_CANCELLED, on=on)
    flows.advance(application)
    return visit


@transaction.atomic
def name_occupant(
    visit: Visit, *, occupied: bool | None, occupant_name: str, occupant_email: str, occupant_phone: str, by: User, on: date
) -> Visit:
    """Dire qui vit dans le logement ; un occupant que l’on ne connaissait pas est convoqué aussitôt."""
    application, visit = locked(visit)
    require_permission(permissions.can_inspect(application, by))
    if visit.state != VisitState.PLANNED:
        raise guards.WrongState
    before = (visit.occupied, visit.occupant_email, visit.occupant_name)
    visit.occupied, visit.occupant_name, visit.occupant_phone = occupied, occupant_name, occupant_phone
    visit.occupant_email = occupant_email.strip().lower()
    visit.save()
    journal.record(application, Event.OCCUPANT_NAMED, by=by, on=on, visit=visit.pk, occupied=occupied)
    if before != (visit.occupied, visit.occupant_email, visit.occupant_name):
        _convoke_occupant(visit, kind=Kind.OCCUPANT_CONVOKED, on=on)
    flows.advance(application)
    return visit


@transaction.atomic
def remind(visit: Visit, *, on: date) -> Visit | None:
    """Rappeler un rendez-vous deux jours avant, une seule fois ; ne fait rien s’il est annulé ou vient d’être annoncé."""
    application, visit = locked(visit)
    application.require_visitable()
    days_left = (day_of(visit) - on).days
    is_known = visit.convoked_on is not None and visit.convoked_on < on
    if visit.state != VisitState.PLANNED or visit.reminded_on or not is_known or not 0 < days_left <= REMINDED_DAYS_BEFORE:
        return None
    visit.reminded_on = on
    visit.save()
    once = f"visit {visit.pk} {visit.sequence}"
    _tell_landlord(visit, kind=Kind.VISIT_REMINDER, on=on, once=once)
    _tell_occupant(visit, kind=Kind.OCCUPANT_REMINDER, on=on, once=once)
    return visit


def run_reminders(authority: Authority, *, on: date) -> dict[str, int]:
    """What the calendar owes an authority that day, one transaction a visit; safe to run twice. Raises ExceptionGroup as `owed` does."""
    visits = Visit.objects.filter(application__authority=authority)
    due = visits.filter(
        state=VisitState.PLANNED,
        reminded_on__isnull=True,
        starts_at__gte=authority.midnight(on + timedelta(days=1)),
        starts_at__lt=authority.midnight(on + timedelta(days=REMINDED_DAYS_BEFORE + 1)),
    )
    old = visits.filter(ends_at__lt=authority.midnight(on - timedelta(days=OCCUPANT_KEPT_DAYS)))
    nothing = {"occupant_name": "", "occupant_email": "", "occupant_phone": "", "answer": ""}
    forgotten = old.exclude(**nothing).update(**nothing)

    def reminded(visit: Visit) -> int:
        return remind(visit, on=on) is not None

    return {
        "reminded": owed.for_each("visits recalled", due.only("application_id").order_by("pk"), reminded),
        "forgotten": forgotten,
    }


def locked(visit: Visit) -> tuple[Application, Visit]:
    """The case of a visit and the visit, locked in that order: a phone that writes to the visit locks it alone."""
    application = Application.objects.locked().get(pk=visit.application_id)
    visits = Visit.objects.select_for_update(of=("self",)).select_related("inspector", "mandate__operator")
    fresh = visits.get(pk=visit.pk, application=application)
    fresh.application = application
    return application, fresh


def _require_free(
    application: Application,
    inspector: User,
    starts_at: datetime,
    ends_at: datetime,
    *,
    purpose: Purpose,
    on: date,
    but: Visit | None = None,
) -> None:
    """What bounds an appointment: a day to come, the hours and the month of the law, one visit at a time for a person."""
    start, end = application.authority.local(starts_at), application.authority.local(ends_at)
    if start.date() < on:
        raise AppointmentInThePast
    guards.require_visit_hours(start, end)
    if purpose == Purpose.FIRST:
        guards.require_visit_term(start.date(), application.tacit_on)
    _lock_diary(inspector)
    held = Visit.objects.filter(inspector=inspector, state=VisitState.PLANNED, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if any(visit != but for visit in held):
        raise SlotTaken


def _lock_diary(inspector: User) -> None:
    """Two officers who plan for one person wait for each other, after their cases; rows that only name the person do not."""
    User.objects.select_for_update(no_key=True).get(pk=inspector.pk)


def _mandate(application: Application, inspector: User, starts_at: datetime) -> Mandate | None:
    """The mandate of somebody from outside on the day of the visit. Raises NoMandate."""
    authority = application.authority
    if not appointments.is_external(inspector, authority):
        return None
    mandate = appointments.mandate_of(inspector, authority, on=authority.local(starts_at).date())
    if mandate is None:
        raise NoMandate
    return mandate


def _move(visit: Visit, *, inspector: User, starts_at: datetime, ends_at: datetime, on: date) -> None:
    mandate = _mandate(visit.application, inspector, starts_at)
    if inspector != visit.inspector:
        _take_back(visit)
    visit.move(starts_at=starts_at, ends_at=ends_at, inspector=inspector)
    visit.mandate, visit.convoked_on, visit.reminded_on = mandate, on, None
    visit.answered_by = visit.answer = ""
    visit.save()
    _entrust(visit)


def _entrust(visit: Visit) -> None:
    """Show the case to somebody from outside who visits it."""
    if visit.mandate is not None:
        Entrusted.objects.get_or_create(application=visit.application, user=visit.inspector)


def _take_back(visit: Visit) -> None:
    """Show the case no more to somebody from outside who has no other visit there."""
    others = Visit.objects.filter(application=visit.application, inspector=visit.inspector).exclude(pk=visit.pk)
    if not others.exclude(state=VisitState.CANCELLED).exists():
        Entrusted.objects.filter(application=visit.application, user=visit.inspector).delete()


def _require_answerable(visit: Visit, now: datetime) -> None:
    if visit.state != VisitState.PLANNED or visit.starts_at <= now:
        raise AppointmentOver
    if visit.answers >= MOST_ANSWERS:
        raise TooManyAnswers


def _convoke(visit: Visit, *, landlord: Kind, occupant: Kind, on: date) -> None:
    """Tell both by e-mail with the appointment; a letter is printed for who has no address."""
    application = visit.application
    if not _tell_landlord(visit, kind=landlord, on=on):
        acts.freeze(application, ActKind.CONVOCATION, drafting.convocation(application, visit, on=on), on=on)
    _convoke_occupant(visit, kind=occupant, on=on)


def _convoke_occupant(visit: Visit, *, kind: Kind, on: date) -> None:
    if visit.occupied and not _tell_occupant(visit, kind=kind, on=on):
        content = drafting.occupant_convocation(visit.application, visit, on=on)
        acts.freeze(visit.application, ActKind.OCCUPANT_CONVOCATION, content, on=on)


def _tell_landlord(visit: Visit, *, kind: Kind, on: date, once: str = "") -> bool:
    """Write to the landlord; whether there is an address to write to."""
    url = "" if kind == Kind.VISIT_CANCELLED else appointments.address(visit, Party.LANDLORD)
    return bool(outbox.enqueue(kind, application=visit.application, on=on, once=once, url=url, visit=visit))


def _tell_occupant(visit: Visit, *, kind: Kind, on: date, once: str = "") -> bool:
    """Write to the occupant; whether there is an address to write to."""
    if not visit.occupant_email:
        return False
    url = appointments.address(visit, Party.OCCUPANT)
    outbox.enqueue(kind, application=visit.application, on=on, once=once, to=visit.occupant_email, url=url, visit=visit)
    return True


def _said_by(party: Party) -> str:
    return {Party.LANDLORD: "Le bailleur", Party.OCCUPANT: "L’occupant"}[party]


def day_of(visit: Visit) -> date:
    """The day of a visit on the authority's own clocks."""
    return visit.application.authority.local(visit.starts_at).date()
