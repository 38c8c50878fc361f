"""Visas: who reads a draft before its signatory, and lets it go or sends it back."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.facts import Signatory
from documents.models import Act
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions, visas
from permis.enums import Outcome, State
from permis.models import Application, Decision, Visa
from permis.models.journal import Event
from workflows import drafting, flows
from workflows.actions.decision import ACT_KINDS
from workflows.guards import require_permission, require_task


class DraftChanged(guards.Refusal):
    code = "wrong_state"
    message = "Le projet a changé depuis que vous l’avez ouvert. Relisez-le avant de le viser."


@transaction.atomic
def vise(application: Application, *, seen: str, by: User, on: date, comment: str = "") -> Visa:
    """Viser le projet tel qu’il vient d’être lu. Raises DraftChanged, `visas.NotYourVisa`.

    ``seen`` is the fingerprint of the draft that was read. The month runs on: a visa stops no clock.
    """
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_visa(application, by))
    if application.state != State.AWAITING_DECISION:
        raise guards.WrongState
    require_task(application, "visa_decision")
    guards.require_in_time(application, on)
    decision = Decision.objects.select_related("application__authority").get(application=application)
    if seen != visas.fingerprint(decision):
        raise DraftChanged
    given = visas.standing(decision)
    visas.require_next(decision, by, given=given)
    visa = Visa.objects.create(decision=decision, rank=len(given) + 1, by=by, comment=comment, fingerprint=seen)
    journal.record(
        application, Event.VISED, by=by, on=on, rank=visa.rank, of=decision.visas_required, reason=comment, fingerprint=seen
    )
    if not visas.is_awaited(decision):
        drafter, outcome = decision.drafted_by.full_name, decision.get_outcome_display()
        outbox.enqueue(Kind.DECISION_TO_SIGN, application=application, on=on, author=drafter, outcome=outcome)
    flows.advance(application)
    return visa


def preview(application: Application, *, by: User, on: date) -> Act:
    """L’acte tel qu’il est proposé, sans signataire encore, pour qui le vise."""
    require_permission(permissions.can_visa(application, by))
    decision = application.decision
    unsigned = Signatory("Projet, non signé", application.authority.head_title)
    content = drafting.decision(application, decision, signatory=unsigned, on=on)
    return acts.preview(application, ACT_KINDS[Outcome(decision.outcome)], content)
