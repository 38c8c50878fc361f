"""Notification: by registered letter, by hand or online; the day that counts is the one that its proof bears (L.635-4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.enums import Means, ReturnReason, State
from permis.models import Application, Notice
from permis.models.journal import Event
from permis.validators import tracking_number as as_written
from workflows import flows
from workflows.actions import clock, consent
from workflows.actions.taking_effect import take_effect
from workflows.guards import lock, require, require_permission


class ProofInTheFuture(Exception):
    def __init__(self) -> None:
        super().__init__("La date de notification est dans le futur. Vérifiez la preuve.")


class TrackingNumberTaken(guards.Refusal):
    code = "wrong_state"

    def __init__(self, notice: Notice) -> None:
        super().__init__(
            f"Ce numéro de recommandé est déjà celui d’une lettre du dossier {notice.application} : vérifiez-le sur le bordereau."
        )


class NothingToOpen(guards.Refusal):
    code = "wrong_state"
    message = "Aucune décision n’attend d’être ouverte."


class DatesDisagree(guards.Refusal):
    code = "wrong_state"
    message = "Ces dates ne se suivent pas : envoi, première présentation, puis retrait ou retour, aucune dans le futur."


@transaction.atomic
def send_notice(
    application: Application,
    *,
    means: Means,
    sent_on: date,
    by: User,
    on: date,
    tracking_number: str = "",
    proof_sha256: str = "",
) -> Notice:
    """Envoyer la décision ; seule sa première présentation ou sa remise comptera. Raises TrackingNumberTaken."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    if application.state != State.DECISION_SIGNED:
        raise guards.WrongState
    if sent_on > on:
        raise ProofInTheFuture
    guards.require_sendable(application, sent_on)
    number = as_written(tracking_number)
    require_free(application, number)
    notice = Notice.objects.create(
        application=application, means=means, sent_on=sent_on, tracking_number=number, sent_proof_sha256=proof_sha256
    )
    journal.record(application, Event.NOTICE_SENT, by=by, on=sent_on, means=means, tracking=number, proof=proof_sha256)
    return notice


@transaction.atomic
def make_available(application: Application, *, by: User, on: date) -> Notice:
    """Mettre la décision à disposition en ligne, avec l’accord du destinataire. Raises NoConsent, AlreadyAvailable."""
    application = lock(application.pk)
    require(application.make_available, by)
    if application.held_until is not None:
        raise guards.AlreadyAvailable
    if not consent.holds(application):
        raise guards.NoConsent
    guards.require_sendable(application, on)
    application.make_available(on=on)
    application.save()
    notice = Notice.objects.create(application=application, means=Means.PORTAL, sent_on=on, available_on=on)
    journal.record(application, Event.NOTICE_AVAILABLE, by=by, on=on, until=notice.reading_ends_on)
    outbox.enqueue(Kind.DECISION_AVAILABLE, application=application, on=on, until=notice.reading_ends_on)
    flows.advance(application)
    return notice


@transaction.atomic
def open_decision(application: Application, *, by: User, on: date, at: datetime) -> Application:
    """Ouvrir en ligne : la première consultation notifie la décision ce jour-là, ou trop tard (CRPA R.112-20). Raises NothingToOpen.

    Opened after the last day of the month and within the fifteen days: the permit was born of silence. After the fifteen
    days the decision was already notified, on the day it was made available, whether or not the clock has said so.
    """
    application = lock(application.pk)
    require_permission(permissions.is_applicant(application, by))
    notice = application.notices.of_decision().filter(means=Means.PORTAL, opened_on__isnull=True).order_by("pk").last()
    if notice is None or notice.available_on is None:
        raise NothingToOpen
    if clock.is_unread_to_the_end(application, notice, on=on):
        clock.deem(application, notice, on=on)
    is_first = not notice.is_deemed
    notice.opened_on, notice.opened_at = on, at
    notice.save()
    journal.record(application, Event.NOTICE_OPENED, by=by, on=on, at=at)
    if is_first and application.state == State.DECISION_SIGNED:
        facts = {"means": Means.PORTAL, "available_on": notice.available_on}
        if application.tacit_on is not None and on > application.tacit_on:
            application.held_until = None
            clock.grant(application, on=on)
            journal.record(application, Event.NOTIFIED_LATE, by=by, on=on, tacit_on=application.tacit_on, **facts)
        else:
            take_effect(application, notified_on=on, on=on, by=by, **facts)
    return application


@transaction.atomic
def notify(
    application: Application,
    *,
    means: Means,
    notified_on: date,
    by: User,
    on: date,
    tracking_number: str = "",
    recipient: str = "",
    proof_sha256: str = "",
    returned_on: date | None = None,
    notice: Notice | None = None,
) -> Application:
    """Constater la notification : sa date décide, même saisie tard (L.635-4).

    A proof dated after the last day notifies nothing: the permit born of silence stands, and the journal says so.
    ``notice`` is the sending that it proves, known by its means and number where it is not given.
    """
    if notified_on > on:
        raise ProofInTheFuture
    application = lock(application.pk)
    require(application.notify, by)
    number = as_written(tracking_number)
    facts = {"means": means, "tracking": number, "recipient": recipient, "proof": proof_sha256}
    dates = {
        "first_presented_on" if means == Means.REGISTERED_LETTER else "handed_over_on": notified_on,
        "returned_on": returned_on,
    }
    if application.tacit_on is not None and notified_on > application.tacit_on:
        _silence_first(application, on=on)
        _keep_proof(application, notice, facts, dates)
        journal.record(application, Event.NOTIFIED_LATE, by=by, on=notified_on, tacit_on=application.tacit_on, **facts)
    else:
        take_effect(application, notified_on=notified_on, on=on, by=by, **facts)
        _keep_proof(application, notice, facts, dates)
    return application


def _silence_first(application: Application, *, on: date) -> None:
    """Too late in itself; but while the same decision waits online for its reader, nobody knows yet: the silence is held."""
    if application.state == State.DECISION_SIGNED:
        if application.held_until is None:
            clock.grant(application, on=on)
        elif on > application.held_until:
            clock.deem(application, application.notices.unread().order_by("pk").last(), on=on)
    elif application.state != State.GRANTED_TACIT:
        raise guards.WrongState


@transaction.atomic
def follow_letter(
    notice: Notice,
    *,
    by: User,
    on: date,
    first_presented_on: date | None = None,
    collected_on: date | None = None,
    returned_on: date | None = None,
    return_reason: str = "",
    proof_sha256: str = "",
    returned_proof_sha256: str = "",
) -> Notice:
    """Suivre une lettre : sa première présentation, puis son retrait ou son retour avec sa raison. Raises DatesDisagree."""
    application = Application.objects.locked().get(pk=notice.application_id)
    require_permission(permissions.can_review(application, by))
    notice = Notice.objects.get(pk=notice.pk, means=Means.REGISTERED_LETTER)
    presented = first_presented_on or notice.first_presented_on
    _require_in_order(notice, presented, collected_on, returned_on, on=on)
    if first_presented_on and first_presented_on != notice.first_presented_on:
        _present(application, notice, first_presented_on, proof_sha256=proof_sha256, by=by, on=on)
        notice = Notice.objects.get(pk=notice.pk)
    if collected_on and collected_on != notice.collected_on:
        journal.record(application, Event.NOTICE_COLLECTED, by=by, on=collected_on, tracking=notice.tracking_number)
    if returned_on and (returned_on, return_reason) != (notice.returned_on, notice.return_reason):
        why = ReturnReason(return_reason).label if return_reason else ""
        journal.record(application, Event.NOTICE_RETURNED, by=by, on=returned_on, tracking=notice.tracking_number, reason=why)
    if (notice.collected_on and not collected_on) or (notice.returned_on and not returned_on):
        was = {"collected_on": notice.collected_on, "returned_on": notice.returned_on}
        journal.record(application, Event.NOTICE_CORRECTED, by=by, on=on, tracking=notice.tracking_number, **was)
    notice.collected_on, notice.returned_on, notice.return_reason = collected_on, returned_on, return_reason
    notice.proof_sha256 = proof_sha256 or notice.proof_sha256
    notice.returned_proof_sha256 = returned_proof_sha256 or notice.returned_proof_sha256
    notice.save()
    return notice


def _present(application: Application, notice: Notice, presented_on: date, *, proof_sha256: str, by: User, on: date) -> None:
    """The first proof notifies the decision; once it has taken effect, the day of another letter is only written down."""
    if application.state in (State.DECISION_SIGNED, State.GRANTED_TACIT):
        notify(
            application,
            means=Means.REGISTERED_LETTER,
            notified_on=presented_on,
            tracking_number=notice.tracking_number,
            proof_sha256=proof_sha256,
            notice=notice,
            by=by,
            on=on,
        )
    else:
        Notice.objects.filter(pk=notice.pk).update(first_presented_on=presented_on)
        journal.record(application, Event.NOTICE_PRESENTED, by=by, on=presented_on, tracking=notice.tracking_number)


def _keep_proof(application: Application, notice: Notice | None, facts: dict[str, Any], dates: dict[str, Any]) -> Notice:
    if notice is None:
        known = application.notices.of_decision().filter(means=facts["means"], tracking_number=facts["tracking"])
        notice = known.order_by("pk").last()
    if notice is None:
        require_free(application, facts["tracking"])
        notice = Notice(application=application, means=facts["means"], tracking_number=facts["tracking"])
    for name, value in dates.items():
        setattr(notice, name, value)
    notice.recipient, notice.proof_sha256 = facts["recipient"], facts["proof"] or notice.proof_sha256
    if notice.means != Means.HAND:  # whose only date follows no other
        notice.validate_constraints()
    notice.save()
    return notice


def require_free(application: Application, number: str) -> None:
    """A number is one letter's: typed in the case of somebody else, it would prove nothing for either."""
    known = Notice.objects.filter(application__authority=application.authority_id, tracking_number=number)
    if number and (taken := known.select_related("application").first()) is not None:
        raise TrackingNumberTaken(taken)


def _require_in_order(
    notice: Notice, presented_on: date | None, collected_on: date | None, returned_on: date | None, *, on: date
) -> None:
    """No day before the one that comes before it, none in the future; a letter is collected or it comes back."""
    days = [notice.sent_on, presented_on, collected_on or returned_on]
    known = [day for day in days if day is not None]
    if known != sorted(known) or any(day > on for day in known) or (collected_on and returned_on):
        raise DatesDisagree
