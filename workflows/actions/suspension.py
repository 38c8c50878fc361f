"""The decision that the judge of urgency suspends: recorded, its effect told, and what becomes of it once he or the court ends that."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django_fsm import can_proceed

from accounts.models import User
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal, permissions
from permis.enums import State
from permis.litigation import AppealKind, AppealState, Replacement
from permis.models import Appeal, Application
from permis.models.journal import Event
from workflows import flows, suspending
from workflows.actions import replacing
from workflows.actions.appeal_clock import keep, locked
from workflows.actions.pending_transfers import close_without_permit
from workflows.guards import require, require_permission


class NotSuspendable(guards.Refusal):
    code = "wrong_state"
    message = "Cette affaire n’est plus devant le tribunal, ou la suspension y est déjà inscrite."


class NotSuspended(guards.Refusal):
    code = "wrong_state"
    message = "Aucune suspension n’est en cours dans cette affaire : rien n’est à lever."


class OrderMisdated(guards.Refusal):
    code = "wrong_state"
    message = (
        "L’ordonnance suit la requête, ou la suspension qu’elle lève ; sa réception suit l’ordonnance, et rien n’est dans le futur : "
        "vérifiez ces dates."
    )


class NothingToReexamine(guards.Refusal):
    code = "wrong_state"
    message = "Le réexamen ne s’inscrit que pour un refus, une autorisation sous conditions ou un classement sans suite."


@transaction.atomic
def suspend(
    appeal: Appeal,
    *,
    ordered_on: date,
    notified_on: date,
    order_sha256: str,
    by: User,
    on: date,
    reexamine_within_days: int | None = None,
) -> Appeal:
    """Inscrire la suspension ordonnée en référé, et ce qu’elle fait du dossier jusqu’au jugement (CJA L.521-1).

    A permit allows neither lease nor transfer; a revocation or a repeal has no effect, and its permit is back; a refusal or a
    closure gives nothing, unless the judge orders to examine again: the case is then open until his term, counted from
    ``notified_on``, the day the authority received the order. Raises NotSuspendable, OrderMisdated, NothingToReexamine.
    """
    application, appeal = locked(appeal)
    require_permission(permissions.can_judge(application, by))
    if appeal.kind != AppealKind.COURT or appeal.state != AppealState.BEFORE_COURT or appeal.suspended_on is not None:
        raise NotSuspendable
    if not appeal.received_on <= ordered_on <= notified_on <= on:
        raise OrderMisdated
    state = State(application.state)
    if reexamine_within_days and state not in State.suspended_anew():
        raise NothingToReexamine
    appeal.suspend(on=ordered_on, notified_on=notified_on, order_sha256=order_sha256, state=state)
    if reexamine_within_days:
        appeal.reexamine_by = deadlines.reexamine_by(notified_on, reexamine_within_days)
    keep(appeal, on=on)
    effect = suspending.effect(state, reexamine_by=appeal.reexamine_by)
    journal.record(
        application,
        Event.SUSPENDED,
        by=by,
        on=ordered_on,
        appeal=appeal.pk,
        against=appeal.against,
        file=order_sha256,
        reason=effect,
    )
    if appeal.reexamine_by is not None:
        _reopen(application, decide_by=appeal.reexamine_by, since=notified_on, by=by, on=on)
    elif state in (State.REVOKED, State.REPEALED):
        restore(application, by=by, on=ordered_on)
    elif state in State.authorising():
        application.suspended_on = ordered_on
        application.save()
    _tell(application, appeal, Kind.SUSPENDED, Kind.SUSPENDED_SERVICE, effect=effect, on=on)
    flows.advance(application)
    return appeal


@transaction.atomic
def lift(appeal: Appeal, *, ordered_on: date, notified_on: date, order_sha256: str, by: User, on: date) -> Appeal:
    """Inscrire l’ordonnance qui met fin à la suspension avant le jugement, et ce qu’elle fait du dossier (CJA L.521-4).

    What was suspended has its effects again from the day the authority received the order, ``notified_on``; the court has still
    to judge. What was decided on an order to examine again is not undone by itself. Raises NotSuspended, OrderMisdated.
    """
    application, appeal = locked(appeal)
    require_permission(permissions.can_judge(application, by))
    if appeal.state != AppealState.BEFORE_COURT or not appeal.is_suspending:
        raise NotSuspended
    since = appeal.suspension_notified_on or appeal.suspended_on
    if since is None or not since <= ordered_on <= notified_on <= on:
        raise OrderMisdated
    _finish(application, appeal, by=by, on=notified_on, effect=suspending.effect_of_lift(appeal), file=order_sha256)
    appeal.end_suspension(on=ordered_on, order_sha256=order_sha256)
    keep(appeal, on=on)
    flows.advance(application)
    return appeal


def restore(application: Application, *, by: User, on: date) -> None:
    """Give back a locked case the permit that was revoked or repealed, with the papers it rests on."""
    ended_on = application.ended_on
    application.restore()
    application.save()
    replacing.revive_permit(application, since=ended_on)
    journal.record(application, Event.RESTORED, by=by, on=on, valid_until=application.valid_until)


def end(application: Application, appeal: Appeal, *, by: User, on: date, is_annulled: bool) -> None:
    """What the end of the case does to what was suspended, inside the transaction of the caller, the case and appeal locked."""
    if appeal.is_suspending:
        effect = suspending.effect_of_end(appeal, is_annulled=is_annulled)
        _finish(application, appeal, by=by, on=on, effect=effect, is_annulled=is_annulled)


def _finish(
    application: Application, appeal: Appeal, *, by: User, on: date, effect: str, is_annulled: bool = False, **facts: str
) -> None:
    ended = State(appeal.suspends)
    application.suspended_on = None
    if not is_annulled and ended in (State.REVOKED, State.REPEALED) and can_proceed(application.end_again):
        # The revocation stands after all: its permit is worth nothing again.
        application.end_again(on=on, state=ended)
        replacing.void_permit(application, on=on)
    application.save()
    journal.record(application, Event.SUSPENSION_ENDED, by=by, on=on, appeal=appeal.pk, reason=effect, **facts)
    close_without_permit(application, by=by, on=on)
    _tell(application, appeal, Kind.SUSPENSION_ENDED, Kind.SUSPENSION_ENDED_SERVICE, effect=effect, on=on)


def _reopen(application: Application, *, decide_by: date, since: date, by: User, on: date) -> None:
    """The request is examined again, the suspended decision being kept as a former one."""
    replacing.set_aside(application, because=Replacement.SUSPENSION, on=on)
    replacing.void_permit(application, on=on)
    require(application.reopen, by)
    application.reopen(on=since, decide_by=decide_by)
    application.save()
    application.piece_requests.filter(answered_on__isnull=True, required=True).update(answered_on=since)
    journal.record(application, Event.REOPENED, by=by, on=since, decide_by=decide_by)
    close_without_permit(application, by=by, on=on)
    outbox.enqueue(Kind.REEXAMINE, application=application, on=on, decide_by=decide_by)


def _tell(application: Application, appeal: Appeal, landlord: Kind, service: Kind, *, effect: str, on: date) -> None:
    for kind in (landlord, service):
        outbox.enqueue(kind, application=application, on=on, appeal=appeal, effect=effect)
