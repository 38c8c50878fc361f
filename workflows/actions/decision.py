"""Decision: drafted by the officer, previewed and signed by the signatory; `notification` has what comes next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from documents.facts import Signatory
from documents.models import Act
from notifications import outbox
from notifications.enums import Kind
from notifications.ledger import Occasion
from permis import guards, journal, permissions, rules, visas
from permis.enums import ConditionMode, Ground, Outcome
from permis.models import Application, Decision, PrescribedWork
from permis.models.journal import Event
from permis.rules import Rule
from workflows import drafting, flows
from workflows.actions import sealing, transmissions
from workflows.actions.notification import ProofInTheFuture
from workflows.actions.works import all_works_met
from workflows.guards import lock, require, require_permission

ACT_KINDS = {
    Outcome.GRANTED: ActKind.DECISION_GRANTED,
    Outcome.CONDITIONAL: ActKind.DECISION_CONDITIONAL,
    Outcome.REFUSED: ActKind.DECISION_REFUSED,
}


class WorksNotMet(Exception):
    def __init__(self) -> None:
        super().__init__("Des travaux prescrits ne sont pas encore constatés : les conditions ne peuvent pas être levées.")


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
    private_areas: Sequence[Decimal] = (),
    shared_equipment: str = "",
) -> Decision:
    """Proposer une décision au visa, puis à la signature. Raises IncompleteDecision and the refusals of `guards.require_reasons`.

    Visas already given to a draft that has changed are void.
    """
    application = lock(application.pk)
    require(application.propose_decision, by)
    guards.require_reasons(outcome, grounds=grounds, works=len(works), police_order=application.police_order, on=on)
    guards.require_colocation(
        grounds, separate_leases=application.separate_leases, private_areas=private_areas, shared_equipment=shared_equipment
    )
    wanted = rules.value(application.authority, Rule.VISAS, on=on)
    managers, legal = visas.people(application) if wanted else (set(), set())
    application.propose_decision(on=on)
    application.save()
    # The case is locked: nobody else can be making its decision.
    decision = Decision.objects.filter(application=application).first() or Decision(application=application)
    is_new = decision.pk is None
    draft = {
        "outcome": outcome,
        "mode": mode if outcome == Outcome.CONDITIONAL else "",
        "grounds": [] if outcome == Outcome.GRANTED else list(grounds),
        "considerations": considerations,
        "order_number": order_number,
        "private_areas": list(private_areas),
        "shared_equipment": shared_equipment,
        "drafted_by": by,
        "visas_required": visas.required(wanted, drafter=by.pk, managers=managers, legal=legal),
        "sent_back_reason": "",
    }
    for name, value in draft.items():
        setattr(decision, name, value)
    decision.save()
    if not is_new:
        decision.works.all().delete()
    if outcome != Outcome.GRANTED:
        PrescribedWork.objects.bulk_create(
            PrescribedWork(decision=decision, position=place, **work) for place, work in enumerate(works)
        )
    # What cannot be worded cannot be signed: the act is drafted once now, so that what it lacks is told to its author.
    drafting.decision(application, decision, signatory=Signatory(by.full_name, capacity=""), on=on)
    void = 0
    if not is_new:
        decision = Decision.objects.get(pk=decision.pk)  # as it is kept: a visa bears the fingerprint of that
        void = decision.visas.standing().exclude(fingerprint=visas.fingerprint(decision)).update(void_on=on)
    journal.record(
        application, Event.DECISION_PROPOSED, by=by, on=on, outcome=outcome, grounds=list(grounds), works=len(works),
        visas_required=decision.visas_required, visas_void=void,
    )  # fmt: skip
    kind = Kind.DECISION_TO_VISA if visas.is_awaited(decision) else Kind.DECISION_TO_SIGN
    outbox.enqueue(kind, application=application, on=on, author=by.full_name, outcome=decision.get_outcome_display())
    flows.advance(application)
    return decision


@transaction.atomic
def send_back(application: Application, *, reason: str, by: User, on: date) -> Application:
    """Renvoyer le projet de décision au service, avec sa raison."""
    application = lock(application.pk)
    require(application.send_back, by)
    application.send_back(on=on)
    application.save()
    Decision.objects.filter(application=application).update(sent_back_reason=reason)
    application.decision.visas.standing().update(void_on=on)
    journal.record(application, Event.SENT_BACK, by=by, on=on, reason=reason)
    outbox.enqueue(Kind.DECISION_SENT_BACK, application=application, on=on, author=by.full_name, reason=reason)
    flows.advance(application)
    return application


def preview(application: Application, *, by: User, on: date) -> Act:
    """L’acte tel qu’il serait signé aujourd’hui par cette personne, rendu et conservé."""
    outcome = Outcome(application.decision.outcome)
    return sealing.preview(application, ACT_KINDS[outcome], _wording(application, on), by=by, on=on, outcome=outcome)


def sign(application: Application, *, act: Act, by: User, on: date) -> Application:
    """Signer la décision : les octets lus à l’aperçu sont scellés, et aucun autre. Raises NoSignaturePower, PreviewChanged, TaskGone."""
    outcome = application.decision.outcome
    sealed = sealing.seal(application, act, by=by, on=on, outcome=outcome)
    return _sign(application, act=sealed, by=by, on=on, signed_on=on)


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
    appeal_routes: bool = True,
) -> Application:
    """Enregistrer une décision signée hors du logiciel : le document numérisé, haché, devient l’acte."""
    require_permission(permissions.can_sign(application, by) or permissions.can_review(application, by))
    if signed_on > on:
        raise ProofInTheFuture
    act = acts.adopt(application, ACT_KINDS[Outcome(application.decision.outcome)], scan)
    return _sign(
        application,
        act=act,
        by=by,
        on=on,
        signed_on=signed_on,
        order_number=order_number,
        appeal_routes=appeal_routes,
        outside=Signatory(signatory_name, signatory_capacity),
    )


@transaction.atomic
def _sign(
    application: Application,
    *,
    act: Act,
    by: User,
    on: date,
    signed_on: date,
    order_number: str = "",
    appeal_routes: bool = True,
    outside: Signatory | None = None,
) -> Application:
    """``outside`` is who signed, where that was done on paper; else it is ``by``, in the capacity held that day."""
    application = lock(application.pk)
    if outside is None:
        require(application.sign, by)
    decision = application.decision
    prefetch_related_objects([decision], "works")
    guards.require_reasons(
        Outcome(decision.outcome),
        grounds=[Ground(ground) for ground in decision.grounds],
        works=len(decision.works.all()),
        police_order=application.police_order,
        on=signed_on,
    )
    visas.require_all(decision)
    application.sign(on=signed_on, outcome=Outcome(decision.outcome), mode=decision.mode)
    application.save()
    if outside is None:
        signatory = sealing.issue(application, act, _wording(application, on), by=by, on=on, outcome=decision.outcome)
    else:
        signatory = outside
        acts.issue(act, on=signed_on)
    decision.signatory = by if outside is None else None
    decision.signatory_name, decision.signatory_capacity = signatory.name, signatory.capacity
    decision.signed_on, decision.act_sha256 = signed_on, act.sha256
    decision.order_number, decision.appeal_routes = order_number or decision.order_number, appeal_routes
    decision.save()
    journal.record(
        application, Event.SIGNED, by=by, on=signed_on,
        outcome=decision.outcome, act=act.sha256, signatory=signatory.name, outside=outside is not None,
    )  # fmt: skip
    outbox.enqueue(Kind.DECISION_TO_NOTIFY, application=application, on=on)
    flows.advance(application)
    return application


@transaction.atomic
def lift_conditions(application: Application, *, by: User, on: date) -> Application:
    """Lever les conditions, une fois tous les travaux constatés. Raises WorksNotMet, NoSignaturePower."""
    application = lock(application.pk)
    require(application.lift_conditions, by)
    signatory = sealing.signatory_of(application, by=by, on=on, outcome=Outcome.GRANTED)
    if not all_works_met(application):
        raise WorksNotMet
    application.lift_conditions(on=on)
    application.save()
    content = drafting.lifting(application, signatory=signatory, on=on)
    act = acts.freeze(application, ActKind.LIFTING, content, on=on)
    journal.record(application, Event.CONDITIONS_LIFTED, by=by, on=on, act=act.pk)
    outbox.enqueue(Kind.CONDITIONS_LIFTED, application=application, on=on, acts=[act.pk])
    transmissions.open_for(application, Occasion.LIFTING, on=on, act=act)
    flows.advance(application)
    return application


def _wording(application: Application, on: date) -> sealing.Wording:
    return lambda signatory: drafting.decision(application, application.decision, signatory=signatory, on=on)
