"""When a delegation begins or ends: the competent authority is the one of the day of the decision (CCH L.635-1 III)."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.enums import Role
from inspections.enums import VisitState
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, indexing, journal
from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from territories import competence
from territories.enums import Regime
from territories.models import Authority, Delegation
from workflows import flows
from workflows.actions import assigning, owed


@transaction.atomic
def hand_over(application: Application, *, to: Authority, on: date) -> Application | None:
    """Transmettre un dossier ouvert à la collectivité devenue compétente ; ses délais ne changent pas.

    Visits already planned stand: the new service is told of them, and gives them to somebody of its own.
    """
    application = Application.objects.locked().select_related("authority").get(pk=application.pk)
    if application.state not in State.open() or application.authority_id == to.pk:
        return None
    former = application.authority
    application.hand_over(to)
    application.save()
    indexing.keep(application)
    visits = list(application.visits.filter(state=VisitState.PLANNED).select_related("inspector").order_by("starts_at"))
    journal.record(application, Event.HANDED_OVER, on=on, former=former.name, to=to.name, visits=len(visits))
    assigning.by_rule(application, on=on)
    outbox.enqueue(Kind.HANDED_OVER, application=application, on=on, former=former)
    outbox.enqueue(Kind.CASE_TAKEN_OVER, application=application, on=on, former=former, visits=visits)
    flows.advance(application)
    return application


@transaction.atomic
def announce(delegation: Delegation, *, on: date) -> int:
    """Annoncer douze mois avant, une fois, la fin d’une délégation aux deux collectivités qu’elle lie."""
    delegation = (
        Delegation.objects.select_for_update(of=("self",), no_key=True).select_related("epci", "delegate").get(pk=delegation.pk)
    )
    ends_on = delegation.ends_on
    if ends_on is None or delegation.announced_of == ends_on or on < deadlines.delegation_warned_on(ends_on):
        return 0
    delegation.announced_of = ends_on
    delegation.save(update_fields=["announced_of"])
    # One that had ended before anybody could be told is news no more.
    return 0 if on > ends_on else sum(_announce_to(each, delegation) for each in (delegation.epci, delegation.delegate))


def _announce_to(authority: Authority, delegation: Delegation) -> int:
    url, once = settings.BASE_URL + reverse("settings"), f"{delegation.pk} {delegation.ends_on}"
    told = 0
    for address in outbox.members(authority, [Role.MANAGER, Role.ADMINISTRATOR]):
        message = outbox.enqueue_to(
            address, Kind.DELEGATION_ENDING, url=url, authority=authority, delegation=delegation, once=once
        )
        told += message is not None
    return told


def hand_over_all(authority: Authority, *, on: date) -> int:
    """Transmettre les dossiers ouverts des communes où une délégation de cet EPCI a commencé ou pris fin."""
    done = 0
    for delegation in _misplacing(on).filter(epci=authority).select_related("commune").order_by("pk"):
        commune, regime = delegation.commune, Regime(delegation.regime)
        try:
            competent = competence.authority_for(commune, regime, on)
        except competence.NoAuthority:
            # Nobody decides there with this software any more: the cases stay where somebody reads them.
            continue
        held = Application.objects.open().filter(commune=commune, regime=regime).exclude(authority=competent)
        cases = held.filter(authority__in=[delegation.epci_id, delegation.delegate_id]).order_by("pk")
        done += sum(hand_over(case, to=competent, on=on) is not None for case in cases.only("pk"))
    return done


def _misplacing(day: date) -> models.QuerySet[Delegation]:
    """Those in force while the EPCI holds open cases, and those out of force while their delegate does."""
    same = {"commune": OuterRef("commune"), "regime": OuterRef("regime")}
    held = Application.objects.open().filter(**same)
    running = Delegation.objects.in_force(day)
    is_taken_over = Exists(running.filter(pk=OuterRef("pk"))) & Exists(held.filter(authority=OuterRef("epci")))
    is_over = ~Exists(running.filter(**same, delegate=OuterRef("delegate"))) & Exists(held.filter(authority=OuterRef("delegate")))
    return Delegation.objects.filter(is_taken_over | is_over)


def _to_announce(day: date) -> models.QuerySet[Delegation]:
    # A year before the 29 February is the 28: a day more, and `announce` decides.
    return Delegation.objects.to_announce(deadlines.add_months(day, 12) + timedelta(days=1))


DUTIES = [
    owed.Duty("handed_over", _misplacing, hand_over_all, authority="epci", whole=True),
    owed.Duty("announced", _to_announce, announce, authority="epci"),
]
