"""Decision: drafted by the officer, previewed and signed by the signatory, then notified, which is what counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import SignaturePower, User
from documents import acts
from documents.enums import ActKind
from documents.models import Act
from notifications import outbox
from notifications.enums import Kind, Occasion
from permis import guards, journal, permissions
from permis.enums import Channel, ConditionMode, Ground, Means, Outcome, State
from permis.models import Application, Decision, Notice, PrescribedWork
from permis.models.journal import Event
from workflows import drafting, flows, transmitting
from workflows.actions import clock, transmissions
from workflows.actions.works import all_works_met
from workflows.guards import require, require_permission, require_task

ACT_KINDS = {
    Outcome.GRANTED: ActKind.DECISION_GRANTED,
    Outcome.CONDITIONAL: ActKind.DECISION_CONDITIONAL,
    Outcome.REFUSED: ActKind.DECISION_REFUSED,
}


class NoSignaturePower(Exception):
    """A signatory signs in a capacity, by office or by delegation, on that day (CRPA L.212-1)."""

    def __init__(self) -> None:
        super().__init__(
            "Votre pouvoir de signature n’est pas en vigueur aujourd’hui. Voyez l’administrateur de la collectivité."
        )


class WorksNotMet(Exception):
    def __init__(self) -> None:
        super().__init__("Des travaux prescrits ne sont pas encore constatés : les conditions ne peuvent pas être levées.")


class ProofInTheFuture(Exception):
    def __init__(self) -> None:
        super().__init__("La date de notification est dans le futur. Vérifiez la preuve.")


@transaction.atomic
def propose_decision(
    application: Application,
    *,
    outcome: Outcome,
    by: User,
    on: date,
    grounds: Collection[Ground] = (),
    works: Sequence[dict[str, Any]] = (),
    considerations: str = "",
    mode: ConditionMode | str = "",
    order_number: str = "",
) -> Decision:
    """Proposer une décision à la signature. Raises IncompleteDecision and the refusals of `guards.require_reasons`."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.propose_decision, by)
    guards.require_reasons(outcome, grounds=grounds, works=len(works), police_order=application.police_order, on=on)
    application.propose_decision(on=on)
    application.save()
    decision, _ = Decision.objects.update_or_create(
        application=application,
        defaults={
            "outcome": outcome,
            "mode": mode if outcome == Outcome.CONDITIONAL else "",
            "grounds": [] if outcome == Outcome.GRANTED else list(grounds),
            "considerations": considerations,
            "order_number": order_number,
            "drafted_by": by,
            "sent_back_reason": "",
        },
    )
    decision.works.all().delete()
    if outcome != Outcome.GRANTED:
        PrescribedWork.objects.bulk_create(
            PrescribedWork(decision=decision, position=place, **work) for place, work in enumerate(works)
        )
    # What cannot be worded cannot be signed: the act is drafted once now, so that what it lacks is told to its author.
    drafting.decision(application, decision, signatory_name=by.full_name, capacity="", on=on)
    journal.record(application, Event.DECISION_PROPOSED, by=by, on=on, outcome=outcome, grounds=list(grounds), works=len(works))
    outbox.enqueue(
        Kind.DECISION_TO_SIGN, application=application, on=on, author=by.full_name, outcome=decision.get_outcome_display()
    )
    flows.advance(application)
    return decision


@transaction.atomic
def send_back(application: Application, *, reason: str, by: User, on: date) -> Application:
    """Renvoyer le projet de décision au service, avec sa raison."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.send_back, by)
    application.send_back(on=on)
    application.save()
    Decision.objects.filter(application=application).update(sent_back_reason=reason)
    journal.record(application, Event.SENT_BACK, by=by, on=on, reason=reason)
    outbox.enqueue(Kind.DECISION_SENT_BACK, application=application, on=on, author=by.full_name, reason=reason)
    flows.advance(application)
    return application


def signature_power(application: Application, *, by: User, on: date) -> SignaturePower:
    """The capacity in which a person signs for the authority that day. Raises NoSignaturePower."""
    power = by.signature_powers.in_force(on).filter(authority=application.authority).order_by("-starts_on").first()
    if power is None:
        raise NoSignaturePower
    return power


def preview(application: Application, *, by: User, on: date) -> Act:
    """L’acte tel qu’il serait signé aujourd’hui par cette personne, rendu et conservé."""
    require_permission(permissions.can_sign(application, by))
    content = _content(application, by=by, on=on)
    return acts.preview(application, ACT_KINDS[Outcome(application.decision.outcome)], content)


def sign(application: Application, *, act: Act, by: User, on: date) -> Application:
    """Signer la décision : les octets lus à l’aperçu sont scellés, et aucun autre. Raises PreviewChanged, NoSignaturePower."""
    require_permission(permissions.can_sign(application, by))
    power = signature_power(application, by=by, on=on)
    if act.sha256 or act.application_id != application.pk:
        # Sealed since it was shown: who signs second is told that it is decided, not that the draft has changed.
        require_task(application, "sign_decision")
        raise acts.PreviewChanged
    sealed = acts.seal(act, name=f"{by.full_name}, {power.capacity}", reason="Décision signée", at=timezone.now())
    return _sign(application, act=sealed, name=by.full_name, capacity=power.capacity, by=by, on=on, signed_on=on)


def sign_outside(
    application: Application,
    *,
    scan: bytes,
    signatory_name: str,
    signatory_capacity: str,
    signed_on: date,
    by: User,
    on: date,
    order_number: str = "",
) -> Application:
    """Enregistrer une décision signée hors du logiciel : le document numérisé, haché, devient l’acte."""
    require_permission(permissions.can_sign(application, by) or permissions.can_review(application, by))
    if signed_on > on:
        raise ProofInTheFuture
    act = acts.adopt(application, ACT_KINDS[Outcome(application.decision.outcome)], scan)
    return _sign(
        application,
        act=act,
        name=signatory_name,
        capacity=signatory_capacity,
        by=by,
        on=on,
        signed_on=signed_on,
        order_number=order_number,
        outside=True,
    )


@transaction.atomic
def _sign(
    application: Application,
    *,
    act: Act,
    name: str,
    capacity: str,
    by: User,
    on: date,
    signed_on: date,
    order_number: str = "",
    outside: bool = False,
) -> Application:
    application = Application.objects.locked().get(pk=application.pk)
    if not outside:
        require(application.sign, by)
    decision = Decision.objects.select_related("application").get(application=application)
    guards.require_reasons(
        Outcome(decision.outcome),
        grounds=[Ground(ground) for ground in decision.grounds],
        works=decision.works.count(),
        police_order=application.police_order,
        on=signed_on,
    )
    application.sign(on=signed_on, outcome=Outcome(decision.outcome), mode=decision.mode)
    application.save()
    acts.issue(act, content=None if outside else _content(application, by=by, on=on), on=signed_on)
    decision.signatory, decision.signatory_name, decision.signatory_capacity = None if outside else by, name, capacity
    decision.signed_on, decision.act_sha256 = signed_on, act.sha256
    decision.order_number = order_number or decision.order_number
    decision.save()
    journal.record(
        application, Event.SIGNED, by=by, on=signed_on, outcome=decision.outcome, act=act.sha256, signatory=name, outside=outside
    )
    outbox.enqueue(Kind.DECISION_TO_NOTIFY, application=application, on=on)
    flows.advance(application)
    return application


@transaction.atomic
def send_notice(
    application: Application, *, means: Means, sent_on: date, by: User, on: date, tracking_number: str = ""
) -> Notice:
    """Envoyer la décision ; seule sa première présentation ou sa remise comptera."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    if application.state != State.DECISION_SIGNED:
        raise guards.WrongState
    if sent_on > on:
        raise ProofInTheFuture
    guards.require_sendable(application, sent_on)
    notice = Notice.objects.create(application=application, means=means, sent_on=sent_on, tracking_number=tracking_number)
    journal.record(application, Event.NOTICE_SENT, by=by, on=sent_on, means=means, tracking=tracking_number)
    return notice


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
) -> Application:
    """Constater la notification : sa date décide, même saisie tard (L.635-4).

    A proof dated after the last day notifies nothing: the permit born of silence stands, and the journal says so.
    """
    if notified_on > on:
        raise ProofInTheFuture
    application = Application.objects.get(pk=application.pk)
    require(application.notify, by)
    facts = {"means": means, "tracking": tracking_number, "recipient": recipient, "proof": proof_sha256}
    dates = {
        "first_presented_on" if means == Means.REGISTERED_LETTER else "handed_over_on": notified_on,
        "returned_on": returned_on,
    }
    if application.tacit_on is not None and notified_on > application.tacit_on:
        return _notify_late(application, notified_on=notified_on, by=by, on=on, facts=facts, dates=dates)
    return _notify_in_time(application, notified_on=notified_on, by=by, on=on, facts=facts, dates=dates)


@transaction.atomic
def _notify_in_time(
    application: Application, *, notified_on: date, by: User, on: date, facts: dict[str, Any], dates: dict[str, Any]
) -> Application:
    application = Application.objects.locked().get(pk=application.pk)
    reverses_silence = application.state == State.GRANTED_TACIT
    application.notify(on=notified_on)
    application.save()
    _keep_proof(application, facts, dates)
    if reverses_silence:
        application.acts.filter(kind=ActKind.TACIT_ATTESTATION, void_on__isnull=True).update(void_on=on)
        journal.record(application, Event.SILENCE_REVERSED, by=by, on=on, notified_on=notified_on)
        outbox.enqueue(Kind.SILENCE_REVERSED, application=application, on=on)
    journal.record(application, Event.NOTIFIED, by=by, on=notified_on, outcome=application.outcome, **facts)
    act = application.acts.issued().filter(sha256=application.decision.act_sha256).get()
    grounds = [Ground(code).label for code in application.decision.grounds]
    works = application.decision.works.order_by("position")
    outbox.enqueue(Kind.DECISION_NOTIFIED, application=application, on=on, acts=[act.pk], grounds=grounds, works=works)
    occasion = Occasion.SILENCE_REVERSED if reverses_silence else transmitting.decision_of(application)
    transmissions.open_for(application, occasion, on=on, act=act)
    flows.advance(application)
    return application


@transaction.atomic
def _notify_late(
    application: Application, *, notified_on: date, by: User, on: date, facts: dict[str, Any], dates: dict[str, Any]
) -> Application:
    application = Application.objects.locked().get(pk=application.pk)
    if application.state == State.DECISION_SIGNED:
        clock.grant(application, on=on)
    elif application.state != State.GRANTED_TACIT:
        raise guards.WrongState
    _keep_proof(application, facts, dates)
    journal.record(application, Event.NOTIFIED_LATE, by=by, on=notified_on, tacit_on=application.tacit_on, **facts)
    return application


@transaction.atomic
def lift_conditions(application: Application, *, by: User, on: date) -> Application:
    """Lever les conditions, une fois tous les travaux constatés. Raises WorksNotMet, NoSignaturePower."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.lift_conditions, by)
    power = signature_power(application, by=by, on=on)
    if not all_works_met(application):
        raise WorksNotMet
    application.lift_conditions(on=on)
    application.save()
    content = drafting.lifting(
        application, signatory_name=by.full_name, capacity=power.capacity, delegation=power.delegation, on=on
    )
    act = acts.freeze(application, ActKind.LIFTING, content, on=on)
    journal.record(application, Event.CONDITIONS_LIFTED, by=by, on=on, act=act.pk)
    outbox.enqueue(Kind.CONDITIONS_LIFTED, application=application, on=on, acts=[act.pk])
    transmissions.open_for(application, Occasion.LIFTING, on=on, act=act)
    flows.advance(application)
    return application


def safest_means(application: Application, *, on: date) -> Means:
    """The means that leaves the least doubt in the days that remain: by hand when a letter may come too late."""
    letter_days = 4
    if (application.tacit_on and (application.tacit_on - on).days <= letter_days) or application.channel == Channel.COUNTER:
        return Means.HAND
    return Means.REGISTERED_LETTER


def _content(application: Application, *, by: User, on: date) -> Any:
    power = signature_power(application, by=by, on=on)
    return drafting.decision(
        application,
        application.decision,
        signatory_name=by.full_name,
        capacity=power.capacity,
        delegation=power.delegation,
        on=on,
    )


def _keep_proof(application: Application, facts: dict[str, Any], dates: dict[str, Any]) -> Notice:
    notice = application.notices.filter(means=facts["means"], tracking_number=facts["tracking"]).order_by("pk").last()
    notice = notice or Notice(application=application, means=facts["means"], tracking_number=facts["tracking"])
    for name, value in dates.items():
        setattr(notice, name, value)
    notice.recipient, notice.proof_sha256 = facts["recipient"], facts["proof"]
    notice.save()
    return notice
