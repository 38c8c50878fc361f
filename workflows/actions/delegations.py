"""When a delegation begins or ends: the competent authority is the one of the day of the decision (CCH L.635-1 III)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from inspections.enums import VisitState
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, indexing, journal
from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from territories import competence
from territories.enums import Regime
from territories.models import Authority, Commune, Delegation
from workflows import flows


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
    outbox.enqueue(Kind.HANDED_OVER, application=application, on=on, former=former)
    outbox.enqueue(Kind.CASE_TAKEN_OVER, application=application, on=on, former=former, visits=visits)
    flows.advance(application)
    return application


@transaction.atomic
def announce(delegation: Delegation, *, on: date) -> int:
    """Annoncer douze mois avant, une fois, la fin d’une délégation aux deux collectivités qu’elle lie."""
    if delegation.ends_on is None or not deadlines.delegation_warned_on(delegation.ends_on) <= on <= delegation.ends_on:
        return 0
    told = 0
    for authority in (delegation.epci, delegation.delegate):
        people = User.objects.filter(
            is_active=True, memberships__authority=authority, memberships__role__in=[Role.MANAGER, Role.ADMINISTRATOR]
        )
        for person in people.order_by("email").distinct():
            message = outbox.enqueue_to(
                person.email,
                Kind.DELEGATION_ENDING,
                url=settings.BASE_URL + reverse("settings"),
                authority=authority,
                delegation=delegation,
                once=f"{delegation.pk} {delegation.ends_on}",
            )
            told += message is not None
    return told


def run(authority: Authority, *, on: date) -> dict[str, int]:
    """What the delegations given or held by an authority call for on this day; safe to run twice."""
    delegations = Delegation.objects.filter(Q(epci=authority) | Q(delegate=authority)).select_related(
        "epci", "delegate", "commune"
    )
    communes = {(each.commune_id, each.regime): each.commune for each in delegations}
    handed = sum(_hand_over_all(authority, commune, Regime(regime), on) for (_, regime), commune in communes.items())
    return {"handed_over": handed, "announced": sum(announce(each, on=on) for each in delegations.filter(epci=authority))}


def _hand_over_all(authority: Authority, commune: Commune, regime: Regime, on: date) -> int:
    """Open cases of a commune that this authority no longer decides."""
    competent = competence.authority_for(commune, regime, on)
    if competent == authority:
        return 0
    cases = Application.objects.open().filter(authority=authority, commune=commune, regime=regime).order_by("pk")
    return sum(hand_over(case, to=competent, on=on) is not None for case in cases.only("pk"))
