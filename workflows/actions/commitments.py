"""What a landlord commits in writing to do, while the decision is prepared."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.enums import State
from permis.models import Application, Commitment
from permis.models.journal import Event
from workflows import afterlife_acts
from workflows.guards import require_permission


class CommitmentInThePast(guards.Refusal):
    code = "wrong_state"
    message = "La date des travaux est passée : s’ils sont faits, ajoutez plutôt la facture ou des photos à vos pièces."


@transaction.atomic
def commit_to_works(application: Application, *, text: str, due_on: date, name: str, by: User, on: date) -> Commitment:
    """S’engager par écrit à des travaux, avec une date, tant que la décision n’est pas notifiée. Raises CommitmentInThePast.

    It stops no clock and binds the authority to nothing; whether a decision is already signed is not told by a refusal.
    """
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_commit(application, by))
    if application.state not in State.clock_running():
        raise guards.WrongState
    guards.require_in_time(application, on)
    if due_on < on:
        raise CommitmentInThePast
    commitment = Commitment.objects.create(application=application, text=text, due_on=due_on, name=name, made_on=on, by=by)
    act = acts.freeze(
        application, ActKind.WORKS_COMMITMENT, afterlife_acts.works_commitment(application, commitment, on=on), on=on
    )
    journal.record(application, Event.WORKS_COMMITTED, by=by, on=on, commitment=commitment.pk, due_on=due_on, act=act.pk)
    outbox.enqueue(Kind.WORKS_COMMITTED, application=application, on=on, acts=[act.pk], commitment=commitment)
    return commitment
