"""Intake: from the first answer to the deposit, and the withdrawal of an application."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from documents import acts, receiving
from documents.enums import ActKind
from documents.tasks import ask_about_certificate
from notifications import outbox
from notifications.enums import Kind
from permis import indexing, journal, numbering, permissions, sheet
from permis.enums import Channel
from permis.models import Agent, Application, Dwelling, Lessor
from permis.models.journal import Event
from permis.search import search_text
from territories import competence
from territories.calendars import public_holidays
from territories.enums import Regime
from territories.models import Commune
from workflows import drafting, flows, scoping
from workflows.actions import assigning, consent, orders, resubmission
from workflows.actions import scoping as scope
from workflows.guards import lock, require, require_permission


class SheetIncomplete(Exception):
    """The application lacks something that the regulation requires of every application (R.635-2)."""

    def __init__(self, gaps: list[sheet.Gap]) -> None:
        self.gaps = gaps
        super().__init__(f"Avant de déposer, indiquez {', '.join(gap.label for gap in gaps)}.")


class AddressNotProved(Exception):
    """What is filed engages the person whose address it bears, and everything is written to it."""

    def __init__(self) -> None:
        super().__init__("Confirmez d’abord votre adresse : suivez le lien du courriel que vous avez reçu.")


class LeaseNotSigned(Exception):
    """A declaration follows the lease; it never comes before it."""

    def __init__(self) -> None:
        super().__init__("La date du bail est dans le futur : une déclaration se fait après la signature du bail.")


class PostedAfterReception(Exception):
    def __init__(self) -> None:
        super().__init__("Le cachet de la poste est postérieur à la réception. Vérifiez ces deux dates.")


class NotYetReceived(Exception):
    """An application cannot have been received after today."""

    def __init__(self) -> None:
        super().__init__("La date de réception est dans le futur. Vérifiez le tampon ou l’enveloppe.")


@transaction.atomic
def start(
    *,
    commune: Commune,
    by: User,
    on: date,
    regime: Regime = Regime.APML,
    channel: Channel = Channel.ONLINE,
    organisation: Organisation | None = None,
    **answers: Any,
) -> Application:
    """Commencer une demande ou une déclaration. Raises NoAuthority, LeaseNotSigned, PostedAfterReception."""
    application = Application(
        regime=regime,
        authority=competence.authority_for(commune, regime, on),
        commune=commune,
        channel=channel,
        applicant=by if channel == Channel.ONLINE else None,
        organisation=organisation,
        **answers,
    )
    require_permission(permissions.can_submit(application, by))
    require_plausible_lease(application, application.received_on or on)
    application.save()
    return application


@transaction.atomic
def answer(application: Application, *, by: User, step: int, **answers: Any) -> Application:
    """Enregistrer les réponses d’une étape sur la demande elle-même."""
    application = _draft(application, by)
    for name, value in answers.items():
        setattr(application, name, value)
    application.step = max(application.step, step)
    application.save()
    return application


@transaction.atomic
def describe_dwelling(application: Application, *, by: User, step: int, **answers: Any) -> Application:
    """Enregistrer les réponses d’une étape sur le logement."""
    application = _draft(application, by)
    dwelling, _ = Dwelling.objects.update_or_create(application=application, defaults=answers)
    _normalise(dwelling, application)
    application.step = max(application.step, step)
    application.save()
    return application


@transaction.atomic
def name_parties(
    application: Application,
    *,
    by: User,
    step: int,
    lessors: list[dict[str, Any]],
    agent: dict[str, Any] | None = None,
) -> Application:
    """Enregistrer les bailleurs, dans leur ordre, et le mandataire."""
    application = _draft(application, by)
    application.lessors.all().delete()
    Lessor.objects.bulk_create(
        Lessor(application=application, position=position, **lessor) for position, lessor in enumerate(lessors)
    )
    Agent.objects.filter(application=application).delete()
    if agent is not None:
        Agent.objects.create(application=application, **agent)
    application.step = max(application.step, step)
    application.save()
    return application


@transaction.atomic
def discard(application: Application, *, by: User) -> None:
    """Abandonner un brouillon : il disparaît avec ses fichiers, aucun effet juridique n’en reste."""
    application = _draft(application, by)
    application.pieces.all().delete()
    receiving.forget(application, application.files.select_related("application"))
    application.delete()


@transaction.atomic
def submit(application: Application, *, by: User, on: date, received_on: date | None = None) -> Application:
    """Déposer la demande. ``received_on`` is the day a paper or an e-mail arrived; online it is the day itself.

    The perimeter is found and kept, with what a person must look at. Raises SheetIncomplete, NotYetReceived, BuyerWithoutSeller.
    """
    application = lock(application.pk)
    require(application.submit, by)
    sheet.gather(application)
    received_on = received_on or on
    if received_on > on:
        raise NotYetReceived
    if gaps := sheet.gaps(application):
        raise SheetIncomplete(gaps)
    competent = competence.authority_for(application.commune, Regime(application.regime), on)
    if competent != application.authority and application.channel == Channel.ONLINE:
        application.hand_over(competent)
    require_plausible_lease(application, received_on)
    scope.require_lessor(application, on=on)
    located = scoping.locate(application, on=received_on)
    application.zone, application.zoning, application.zone_doubts = located.zone, located.certainty, located.doubts
    number = numbering.next_number(Regime(application.regime), application.commune, received_on.year)
    application.submit(number=number, received_on=received_on)
    application.search = search_text(application)
    application.save()
    _normalise(application.dwelling, application)
    indexing.keep_filed(application)
    act = acts.freeze(application, ActKind.REGISTRATION, drafting.registration(application, on=on), on=on)
    journal.record(
        application,
        Event.SUBMITTED,
        by=by,
        on=received_on,
        channel=application.channel,
        number=number,
        **_announced(application),
        pieces=sorted(application.pieces.current().values_list("kind", flat=True)),
        follows=application.resubmits.number if application.resubmits else "",
    )
    assigning.by_rule(application, on=on)
    orders.search(application, on=on)
    consent.keep_from_deposit(application, by=by, on=on)
    resubmission.tell_the_former(application, by=by, on=received_on)
    kind = Kind.DECLARED if application.is_declaration else Kind.SUBMITTED
    outbox.enqueue(kind, application=application, on=on, acts=[act.pk])
    flows.advance(application)
    ask_about_certificate(application)
    return application


@transaction.atomic
def withdraw(application: Application, *, by: User, on: date, reason: str = "") -> Application:
    """Renoncer à la demande, avant toute décision notifiée."""
    application = lock(application.pk)
    require(application.withdraw, by)
    application.withdraw(on=on)
    application.save()
    act = acts.freeze(application, ActKind.WITHDRAWAL_ACK, drafting.withdrawal(application, on=on), on=on)
    journal.record(application, Event.WITHDRAWN, by=by, on=on, reason=reason)
    outbox.enqueue(Kind.WITHDRAWN, application=application, on=on, acts=[act.pk])
    flows.advance(application)
    return application


def require_plausible_lease(application: Application, received_on: date) -> None:
    """A declaration is sent after its lease, and received after it was sent."""
    if not application.is_declaration:
        return
    if application.lease_signed_on is not None and application.lease_signed_on > received_on:
        raise LeaseNotSigned
    if application.posted_on is not None and application.posted_on > received_on:
        raise PostedAfterReception


def _announced(application: Application) -> dict[str, Any]:
    """The date that the deposit gives: that of the silence, or that of the receipt with what is late."""
    if not application.is_declaration:
        return {"tacit_on": application.tacit_on}
    late = application.is_declared_late(public_holidays(application.authority.department))
    return {"receipt_due_on": application.receipt_due_on, "late": late}


def _normalise(dwelling: Dwelling, application: Application) -> None:
    dwelling.application = application
    if dwelling.address_key != dwelling.normalised:
        dwelling.address_key = dwelling.normalised
        dwelling.save(update_fields=["address_key"])


def _draft(application: Application, by: User) -> Application:
    """The locked draft, for the person who may still change it."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.submit, by)
    application.require_draft()
    return application
