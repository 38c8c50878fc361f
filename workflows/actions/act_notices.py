"""The proof that an act other than the decision was notified: from that day runs the period to contest it (CJA R.421-5)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from documents.enums import ActKind
from documents.models import Act
from permis import guards, journal, permissions
from permis.enums import Means
from permis.litigation import AppealKind, AppealState
from permis.models import Application, Notice
from permis.models.journal import Event
from permis.validators import tracking_number as as_written
from workflows import remedies
from workflows.actions.appeal_clock import keep
from workflows.actions.notification import ProofInTheFuture, require_free
from workflows.guards import require_permission


class NotIssued(guards.Refusal):
    code = "wrong_state"
    message = "Cet acte n’est pas encore établi, ou n’existait pas à cette date : vérifiez-la."


@transaction.atomic
def notify_act(
    application: Application,
    *,
    act: Act,
    means: Means,
    notified_on: date,
    by: User,
    on: date,
    tracking_number: str = "",
    recipient: str = "",
    proof_sha256: str = "",
    sent_on: date | None = None,
    returned_on: date | None = None,
) -> Notice:
    """Inscrire la preuve de notification d’un retrait, d’une abrogation, d’un classement ou de la réponse à un recours. Raises TrackingNumberTaken."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    if notified_on > on:
        raise ProofInTheFuture
    number = as_written(tracking_number)
    require_free(application, number)
    if act.issued_on is None or not act.sha256 or notified_on < act.issued_on:
        raise NotIssued
    # The decision in force has the notices that name no act.
    is_decision = (
        act.kind in ActKind.decisions() and application.appeals.filter(state=AppealState.ACCEPTED, act_sha256=act.sha256).exists()
    )
    notice = Notice.objects.create(
        application=application,
        act_sha256="" if is_decision else act.sha256,
        means=means,
        tracking_number=number,
        recipient=recipient,
        proof_sha256=proof_sha256,
        sent_on=sent_on,
        returned_on=returned_on,
        **{"first_presented_on" if means == Means.REGISTERED_LETTER else "handed_over_on": notified_on},
    )
    journal.record(
        application,
        Event.ACT_NOTIFIED,
        by=by,
        on=notified_on,
        act=act.sha256,
        kind=act.kind,
        means=means,
        tracking=number,
        recipient=recipient,
        proof=proof_sha256,
    )
    _start_period(application, act, notified_on=notified_on, on=on)
    return notice


def _start_period(application: Application, act: Act, *, notified_on: date, on: date) -> None:
    """The answer to an appeal gives two months again before the court, from the first proof of its notification."""
    answered = application.appeals.filter(kind=AppealKind.ADMINISTRATIVE, act_sha256=act.sha256).first()
    if answered is None or (answered.notified_on is not None and answered.notified_on <= notified_on):
        return
    answered.notified_on = notified_on
    if answered.state == AppealState.REJECTED:
        answered.court_until = remedies.after_answer(application, answered, notified_on)
    keep(answered, on=on)
