"""The administrative appeal: filed, acknowledged, rejected by silence or expressly, or accepted (CRPA L.411-2 to L.411-7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django_fsm import can_proceed

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from documents.models import Act
from notifications import outbox
from notifications.enums import Kind, Occasion
from permis import deadlines, guards, journal, permissions
from permis.enums import Outcome
from permis.litigation import AppealChannel, AppealKind, AppealState, Replacement
from permis.models import Appeal, Application, Decision, PrescribedWork
from permis.models.journal import Event
from workflows import contested, flows, remedies
from workflows.actions import replacing, sealing, transmissions
from workflows.actions.appeal_clock import AppealExamined, keep, locked
from workflows.actions.decision import ACT_KINDS
from workflows.contested import NewRuling
from workflows.guards import require, require_permission


class NothingToContest(guards.Refusal):
    code = "wrong_state"
    message = "Aucune décision défavorable n’est en vigueur : il n’y a rien à contester."


class ReceivedLater(guards.Refusal):
    code = "wrong_state"
    message = "Cette date est dans le futur, ou précède la décision contestée : vérifiez-la."


class NotReplaceable(guards.Refusal):
    code = "wrong_state"
    message = "Seul un refus ou une autorisation assortie de conditions se remplace ainsi ; dans les autres cas, une nouvelle demande est nécessaire."


class ReasonsClosed(guards.Refusal):
    code = "wrong_state"
    message = "Les motifs ne se demandent que d’un recours rejeté par le silence, une fois, dans le délai pour saisir le tribunal (CRPA L. 232-4)."


@transaction.atomic
def file_appeal(
    application: Application,
    *,
    arguments: str,
    by: User,
    on: date,
    received_on: date | None = None,
    channel: AppealChannel = AppealChannel.ONLINE,
    files: Sequence[str] = (),
) -> Appeal:
    """Former un recours gracieux, ou inscrire celui qui est arrivé par lettre ; tardif, il est averti, jamais refusé (CRPA L.411-2).

    Raises NothingToContest, AppealExamined, ReceivedLater.
    """
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_file_appeal(application, by))
    received_on = received_on or on
    remedy = remedies.of(application, today=received_on)
    if remedy is None:
        raise NothingToContest
    if received_on > on or received_on < remedy.contested.taken_on:
        raise ReceivedLater
    if not remedy.may_appeal:
        raise AppealExamined
    appeal = Appeal(
        application=application,
        kind=AppealKind.ADMINISTRATIVE,
        against=remedy.contested.what,
        author=_author(application, by),
        channel=channel,
        received_on=received_on,
        until=remedy.until,
        arguments=arguments,
        files=list(files),
        implicit_rejection_on=deadlines.implicit_rejection_on(received_on),
    )
    keep(appeal, on=on)
    act = acts.freeze(application, ActKind.APPEAL_RECEIPT, contested.appeal_receipt(application, appeal, on=on), on=on)
    journal.record(
        application,
        Event.APPEAL_FILED,
        by=by,
        on=received_on,
        appeal=appeal.pk,
        against=appeal.against,
        is_late=appeal.is_late,
        files=appeal.files,
        act=act.pk,
    )
    outbox.enqueue(Kind.APPEAL_RECEIVED, application=application, on=on, acts=[act.pk], appeal=appeal)
    outbox.enqueue(Kind.APPEAL_FILED, application=application, on=on, appeal=appeal)
    return appeal


@transaction.atomic
def ask_for_reasons(appeal: Appeal, *, by: User, on: date, asked_on: date | None = None) -> Appeal:
    """Demander les motifs d’un rejet né du silence : ils sont dus dans le mois (CRPA L.232-4). Raises ReasonsClosed."""
    application, appeal = locked(appeal)
    require_permission(permissions.can_file_appeal(application, by))
    asked_on = asked_on or on
    is_over = appeal.court_until is not None and asked_on > appeal.court_until
    if appeal.state != AppealState.IMPLICITLY_REJECTED or appeal.reasons_asked_on is not None or is_over:
        raise ReasonsClosed
    if asked_on > on or (appeal.implicit_rejection_on is not None and asked_on < appeal.implicit_rejection_on):
        raise ReceivedLater
    appeal.ask_for_reasons(on=asked_on)
    keep(appeal, on=on)
    journal.record(application, Event.REASONS_ASKED, by=by, on=asked_on, appeal=appeal.pk, due_on=appeal.reasons_due_on)
    outbox.enqueue(Kind.REASONS_ASKED, application=application, on=on, appeal=appeal)
    return appeal


@transaction.atomic
def withdraw(appeal: Appeal, *, by: User, on: date, withdrawn_on: date | None = None) -> Appeal:
    """Se désister d’un recours gracieux, ou inscrire la lettre qui le dit : il est tenu pour n’avoir jamais été formé.

    The period before the court is then that of the decision itself. Raises ReceivedLater.
    """
    application, appeal = locked(appeal)
    require(appeal.withdraw, by)
    withdrawn_on = withdrawn_on or on
    if appeal.kind != AppealKind.ADMINISTRATIVE or not appeal.received_on <= withdrawn_on <= on:
        raise ReceivedLater
    appeal.withdraw(on=withdrawn_on)
    keep(appeal, on=on)
    journal.record(application, Event.APPEAL_WITHDRAWN, by=by, on=withdrawn_on, appeal=appeal.pk, against=appeal.against)
    remedy = remedies.of(application, today=on)
    until = remedy.until if remedy is not None else None
    outbox.enqueue(Kind.APPEAL_WITHDRAWN, application=application, on=on, appeal=appeal, until=until)
    outbox.enqueue(Kind.APPEAL_WITHDRAWN_SERVICE, application=application, on=on, appeal=appeal)
    return appeal


# -- The answer of the signatory


def preview_rejection(appeal: Appeal, *, reasons: str, by: User, on: date) -> Act:
    """La décision de rejet, à relire. Raises IncompleteAct, NoSignaturePower."""
    return sealing.preview(appeal.application, ActKind.APPEAL_REJECTION, _rejection(appeal, reasons, on), by=by, on=on)


def reject(appeal: Appeal, *, act: Act, reasons: str, by: User, on: date) -> Appeal:
    """Rejeter un recours gracieux par une décision motivée, même après le silence ; le délai part de sa notification."""
    return _reject(appeal, act=sealing.seal(appeal.application, act, by=by, on=on), reasons=reasons, by=by, on=on)


@transaction.atomic
def _reject(appeal: Appeal, *, act: Act, reasons: str, by: User, on: date) -> Appeal:
    application, appeal = locked(appeal)
    require(appeal.reject, by)
    sealing.issue(application, act, _rejection(appeal, reasons, on), by=by, on=on)
    appeal.reject(on=on)
    appeal.act_sha256 = act.sha256
    gives_reasons = appeal.reasons_asked_on is not None and appeal.reasons_given_on is None
    if gives_reasons:
        appeal.reasons_given_on = on
    keep(appeal, on=on)
    journal.record(application, Event.APPEAL_REJECTED, by=by, on=on, appeal=appeal.pk, act=act.sha256)
    if gives_reasons:
        journal.record(application, Event.REASONS_GIVEN, by=by, on=on, appeal=appeal.pk)
    outbox.enqueue(Kind.APPEAL_REJECTED, application=application, on=on, acts=[act.pk], appeal=appeal)
    return appeal


def preview_acceptance(appeal: Appeal, *, ruling: NewRuling, by: User, on: date) -> Act:
    """La décision nouvelle, à relire. Raises NotReplaceable, IncompleteDecision, and the refusals of `guards.require_reasons`."""
    _require_replaceable(appeal.application, ruling, on=on)
    word = _acceptance(appeal, ruling, on)
    return sealing.preview(appeal.application, ACT_KINDS[ruling.outcome], word, outcome=ruling.outcome, by=by, on=on)


def accept(appeal: Appeal, *, act: Act, ruling: NewRuling, by: User, on: date) -> Appeal:
    """Accueillir un recours gracieux : une décision nouvelle remplace celle qu’il conteste, et prend effet aussitôt."""
    sealed = sealing.seal(appeal.application, act, outcome=ruling.outcome, by=by, on=on)
    return _accept(appeal, act=sealed, ruling=ruling, by=by, on=on)


@transaction.atomic
def _accept(appeal: Appeal, *, act: Act, ruling: NewRuling, by: User, on: date) -> Appeal:
    application, appeal = locked(appeal)
    require(appeal.accept, by)
    require(application.decide_appeal, by)
    _require_replaceable(application, ruling, on=on)
    sealing.issue(application, act, _acceptance(appeal, ruling, on), outcome=ruling.outcome, by=by, on=on)
    signatory = sealing.signatory_of(application, outcome=ruling.outcome, by=by, on=on)
    former = replacing.set_aside(application, because=Replacement.APPEAL, on=on)
    decision = Decision.objects.create(
        application=application,
        outcome=ruling.outcome,
        mode=ruling.mode,
        grounds=list(ruling.grounds),
        considerations=ruling.considerations,
        drafted_by=by,
        signatory=by,
        signatory_name=signatory.name,
        signatory_capacity=signatory.capacity,
        signed_on=on,
        act_sha256=act.sha256,
    )
    _prescribe(decision, ruling)
    appeal.accept(on=on)
    appeal.act_sha256 = act.sha256
    keep(appeal, on=on)
    application = Application.objects.get(pk=application.pk)  # its former decision is no longer its own
    application.decide_appeal(on=on, outcome=ruling.outcome, mode=ruling.mode)
    application.save()
    former_act = former.act_sha256 if former is not None else ""
    journal.record(
        application,
        Event.APPEAL_ACCEPTED,
        by=by,
        on=on,
        appeal=appeal.pk,
        outcome=ruling.outcome,
        act=act.sha256,
        replaces=former_act,
    )
    outbox.enqueue(Kind.APPEAL_ACCEPTED, application=application, on=on, acts=[act.pk], appeal=appeal, effect="")
    transmissions.open_for(application, Occasion.APPEAL_ACCEPTED, on=on, act=act)
    flows.advance(application)
    return appeal


def lessor_names(application: Application) -> str:
    """Who contests by letter, as long as a name may be."""
    return ", ".join(lessor.name for lessor in application.lessors.order_by("position"))[:200]


def _author(application: Application, by: User) -> str:
    """Who contests: the person online, else the lessors whose letter came."""
    if permissions.is_applicant(application, by):
        return by.full_name
    return lessor_names(application)


def _require_replaceable(application: Application, ruling: NewRuling, *, on: date) -> None:
    if not can_proceed(application.decide_appeal) or ruling.outcome == Outcome.REFUSED:
        raise NotReplaceable
    guards.require_reasons(
        ruling.outcome, grounds=ruling.grounds, works=len(ruling.works), police_order=application.police_order, on=on
    )


def _prescribe(decision: Decision, ruling: NewRuling) -> None:
    """The works that remain, copied: those of the former decision stay as they were."""
    names = ("code", "place", "finding", "evidence", "basis", "work", "proof")
    PrescribedWork.objects.bulk_create(
        PrescribedWork(decision=decision, position=place, due_on=ruling.due_on, **{name: getattr(work, name) for name in names})
        for place, work in enumerate(sorted(ruling.works, key=lambda work: work.position))
    )


def _rejection(appeal: Appeal, reasons: str, on: date) -> sealing.Wording:
    return lambda signatory: contested.appeal_rejection(appeal.application, appeal, reasons=reasons, signatory=signatory, on=on)


def _acceptance(appeal: Appeal, ruling: NewRuling, on: date) -> sealing.Wording:
    return lambda signatory: contested.decision_on_appeal(appeal.application, appeal, ruling, signatory=signatory, on=on)
