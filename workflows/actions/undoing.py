"""An administrative appeal accepted against what ended a case: the closure, the revocation or the repeal is itself withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from documents.enums import ActKind
from documents.french import day
from documents.models import Act
from notifications import outbox
from notifications.enums import Kind, Occasion
from permis import deadlines, guards, journal
from permis.enums import Outcome, State
from permis.models import Appeal, Application
from permis.models.journal import Event
from territories.calendars import public_holidays
from workflows import contested, dossier, flows
from workflows.actions import sealing, suspension, transmissions
from workflows.actions.appeal_clock import keep, locked
from workflows.guards import require

UNDOABLE = (State.CLOSED_INCOMPLETE, State.REVOKED, State.REPEALED)
_ENDED_BY = {
    State.CLOSED_INCOMPLETE: ActKind.CLOSURE,
    State.REVOKED: ActKind.REVOCATION,
    State.REPEALED: ActKind.REPEAL,
}


class NothingToUndo(guards.Refusal):
    code = "wrong_state"
    message = "Seul un classement sans suite, un retrait ou une abrogation en vigueur se retire ainsi."


class StillStruck(guards.Refusal):
    code = "police_order"
    message = "Un arrêté de police frappe l’immeuble : l’autorisation ne peut pas être rendue (CCH L. 635-9)."


@dataclass(frozen=True)
class _Undone:
    """What withdrawing the contested act makes of the case: in words, and the day until which pieces are awaited, if any."""

    effect: str
    respond_by: date | None = None


def preview_undoing(appeal: Appeal, *, reasons: str, by: User, on: date) -> Act:
    """La décision qui retire l’acte contesté, à relire. Raises NothingToUndo, StillStruck, IncompleteAct, NoSignaturePower."""
    case = appeal.application
    word = _wording(appeal, _undone(case, on=on), reasons, on)
    return sealing.preview(case, ActKind.APPEAL_ACCEPTANCE, word, outcome=_given_back(case), by=by, on=on)


def undo(appeal: Appeal, *, act: Act, reasons: str, by: User, on: date) -> Appeal:
    """Accueillir un recours gracieux contre un classement, un retrait ou une abrogation : le dossier redevient ce qu’il était.

    A permit is back with its two years, which went on running; a closed request is taken up again, its pieces still awaited, or
    decided within a month where none is missing.
    """
    sealed = sealing.seal(appeal.application, act, outcome=_given_back(appeal.application), by=by, on=on)
    return _undo(appeal, act=sealed, reasons=reasons, by=by, on=on)


@transaction.atomic
def _undo(appeal: Appeal, *, act: Act, reasons: str, by: User, on: date) -> Appeal:
    application, appeal = locked(appeal)
    require(appeal.accept, by)
    undone, ended = _undone(application, on=on), State(application.state)
    word = _wording(appeal, undone, reasons, on)
    sealing.issue(application, act, word, outcome=_given_back(application), by=by, on=on)
    application.acts.issued().filter(kind=_ENDED_BY[ended], void_on__isnull=True).update(void_on=on)
    appeal.accept(on=on)
    appeal.act_sha256 = act.sha256
    keep(appeal, on=on)
    journal.record(application, Event.APPEAL_ACCEPTED, by=by, on=on, appeal=appeal.pk, act=act.sha256, reason=undone.effect)
    if ended == State.CLOSED_INCOMPLETE:
        require(application.resume, by)
        _resume(application, undone, by=by, on=on)
    else:
        require(application.restore, by)
        suspension.restore(application, by=by, on=on)
        transmissions.open_for(application, Occasion.APPEAL_ACCEPTED, on=on, act=act)
    outbox.enqueue(Kind.APPEAL_ACCEPTED, application=application, on=on, acts=[act.pk], appeal=appeal, effect=undone.effect)
    flows.advance(application)
    return appeal


def _resume(application: Application, undone: _Undone, *, by: User, on: date) -> None:
    application.resume(on=on, respond_by=undone.respond_by)
    application.save()
    awaited = application.piece_requests.filter(answered_on__isnull=True, required=True)
    if undone.respond_by is None:
        awaited.update(answered_on=on)
    else:
        awaited.update(respond_by=undone.respond_by)
    journal.record(application, Event.RESUMED, by=by, on=on, respond_by=undone.respond_by, tacit_on=application.tacit_on)


def _undone(case: Application, *, on: date) -> _Undone:
    if case.state not in UNDOABLE:
        raise NothingToUndo
    if case.state == State.CLOSED_INCOMPLETE:
        if case.open_request() is not None and dossier.missing_pieces(case, on=on):
            until = deadlines.respond_by(deadlines.add_months(on, 1), public_holidays(case.authority.department))
            return _Undone(f"La demande est reprise. Les pièces demandées sont attendues jusqu’au {day(until)}.", until)
        last = deadlines.tacit_on(on)
        return _Undone(
            f"La demande est reprise, complète. Sans décision notifiée au plus tard le {day(last)}, l’autorisation est accordée "
            "tacitement."
        )
    if case.police_order:
        raise StillStruck
    term = f" Elle reste valable jusqu’au {day(case.valid_until)}." if case.valid_until else ""
    return _Undone(f"L’autorisation est rendue à son titulaire.{term}")


def _given_back(case: Application) -> Outcome | str:
    """The decision that the act gives again, for the power to sign it; a closed request is not decided yet."""
    if case.state == State.CLOSED_INCOMPLETE:
        return ""
    return (
        Outcome.CONDITIONAL
        if case.outcome == Outcome.CONDITIONAL and case.notified_on and not case.lifted_on
        else Outcome.GRANTED
    )


def _wording(appeal: Appeal, undone: _Undone, reasons: str, on: date) -> sealing.Wording:
    return lambda signatory: contested.acceptance(
        appeal.application, appeal, reasons=reasons, effect=undone.effect, signatory=signatory, on=on
    )
