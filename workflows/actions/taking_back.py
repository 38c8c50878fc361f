"""A permit taken away: the revocation of an illegal one, the repeal of one whose conditions are not met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from documents.enums import ActKind
from documents.models import Act
from notifications import outbox
from notifications.enums import Kind, Occasion
from permis import guards, journal
from permis.enums import ConditionState
from permis.litigation import HearingPurpose
from permis.models import Application, Hearing, PrescribedWork
from permis.models.journal import Event
from workflows import contested, flows
from workflows.actions import hearing, replacing, sealing, transmissions
from workflows.actions.pending_transfers import close_without_permit
from workflows.guards import require


def preview_revocation(application: Application, *, reasons: str, by: User, on: date, fraud: str = "") -> Act:
    """L’arrêté de retrait, à relire. Raises NotAdversarial, HearingOpen, NoSignaturePower, TooLate."""
    heard = hearing.heard(application, HearingPurpose.REVOCATION, on=on)
    guards.require_revocable(application, adversarial=True, fraud=bool(fraud), on=on)
    return sealing.preview(application, ActKind.REVOCATION, _revocation(application, heard, reasons, fraud, on), by=by, on=on)


def revoke(application: Application, *, act: Act, reasons: str, by: User, on: date, fraud: str = "") -> Application:
    """Retirer une autorisation illégale, après que son titulaire a pu présenter ses observations (CRPA L.242-1).

    ``fraud`` says by what fraud it was obtained: it is then revoked at any time (CRPA L.241-2).
    """
    return _revoke(application, act=sealing.seal(application, act, by=by, on=on), reasons=reasons, fraud=fraud, by=by, on=on)


@transaction.atomic
def _revoke(application: Application, *, act: Act, reasons: str, fraud: str, by: User, on: date) -> Application:
    application = Application.objects.locked().get(pk=application.pk)
    require(application.revoke, by)
    heard = hearing.heard(application, HearingPurpose.REVOCATION, on=on)
    sealing.issue(application, act, _revocation(application, heard, reasons, fraud, on), by=by, on=on)
    # `hearing.heard` refuses whoever could not answer.
    application.revoke(on=on, adversarial=True, fraud=bool(fraud))
    application.save()
    replacing.void_permit(application, on=on)
    journal.record(application, Event.REVOKED, by=by, on=on, act=act.sha256, hearing=heard.pk, fraud=fraud)
    close_without_permit(application, by=by, on=on)
    outbox.enqueue(Kind.REVOKED, application=application, on=on, acts=[act.pk])
    transmissions.open_for(application, Occasion.REVOCATION, on=on, act=act)
    flows.advance(application)
    return application


def preview_repeal(application: Application, *, reasons: str, by: User, on: date) -> Act:
    """L’arrêté d’abrogation, à relire. Raises NotAdversarial, HearingOpen, NoSignaturePower, IncompleteAct."""
    return sealing.preview(
        application, ActKind.REPEAL, _repeal(application, _undone(application, on=on), reasons, on), by=by, on=on
    )


def repeal(application: Application, *, act: Act, reasons: str, by: User, on: date) -> Application:
    """Abroger une autorisation dont les travaux ne sont pas faits, après avoir entendu son titulaire (CRPA L.242-2, 1°)."""
    return _repealed(application, act=sealing.seal(application, act, by=by, on=on), reasons=reasons, by=by, on=on)


@transaction.atomic
def _repealed(application: Application, *, act: Act, reasons: str, by: User, on: date) -> Application:
    application = Application.objects.locked().get(pk=application.pk)
    require(application.repeal, by)
    hold = _undone(application, on=on)
    sealing.issue(application, act, _repeal(application, hold, reasons, on), by=by, on=on)
    # `hearing.heard` refuses whoever could not answer.
    application.repeal(on=on, adversarial=True)
    application.save()
    replacing.void_permit(application, on=on)
    works = [work.pk for work in hold.works]
    journal.record(application, Event.REPEALED, by=by, on=on, act=act.sha256, hearing=hold.heard.pk, works=works)
    close_without_permit(application, by=by, on=on)
    outbox.enqueue(Kind.REPEALED, application=application, on=on, acts=[act.pk])
    transmissions.open_for(application, Occasion.REPEAL, on=on, act=act)
    flows.advance(application)
    return application


@dataclass(frozen=True)
class _Hold:
    """What a repeal rests on: the hearing, and those of its works that are still not done."""

    heard: Hearing
    works: list[PrescribedWork]


def _undone(application: Application, *, on: date) -> _Hold:
    heard = hearing.heard(application, HearingPurpose.REPEAL, on=on)
    works = [work for work in heard.works.order_by("position") if work.state != ConditionState.MET]
    if not works:
        raise hearing.NotYetUnmet("Tous les travaux de la lettre sont faits depuis : il n’y a plus rien à reprocher au bailleur.")
    return _Hold(heard, works)


def _revocation(application: Application, heard: Hearing, reasons: str, fraud: str, on: date) -> sealing.Wording:
    return lambda signatory: contested.revocation(application, heard, reasons=reasons, fraud=fraud, signatory=signatory, on=on)


def _repeal(application: Application, hold: _Hold, reasons: str, on: date) -> sealing.Wording:
    return lambda signatory: contested.repeal(
        application, hold.heard, works=hold.works, reasons=reasons, signatory=signatory, on=on
    )
