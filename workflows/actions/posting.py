"""What leaves by the post: the day, by whom, and for a decision the sending that its notification waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from accounts.models import User
from documents.enums import ActKind
from documents.models import Act
from notifications.models import Posting
from permis import guards, journal, permissions
from permis.enums import Means
from permis.models import Application, Hearing
from permis.models.journal import Event
from permis.validators import tracking_number as as_written
from workflows.actions import hearing, notification
from workflows.guards import require_permission


class AlreadyPosted(guards.Refusal):
    code = "wrong_state"

    def __init__(self, act: Act) -> None:
        super().__init__(
            f"« {act.get_kind_display()} », dossier {act.application} : ce pli est déjà noté comme posté. Rien n’est enregistré ; "
            "rechargez la page, puis cochez de nouveau."
        )


class NotYetIssued(guards.Refusal):
    code = "wrong_state"

    def __init__(self, act: Act) -> None:
        super().__init__(
            f"« {act.get_kind_display()} », dossier {act.application} : cet acte n’était pas encore pris ce jour-là. "
            "Vérifiez la date."
        )


@transaction.atomic
def mark_posted(posted: Mapping[Act, str], *, posted_on: date, by: User, on: date) -> list[Posting]:
    """Noter des plis comme postés ce jour, avec le numéro de chaque recommandé ; tous, ou aucun. Raises AlreadyPosted, NotYetIssued."""
    return [
        _mark(act, as_written(posted[act]), posted_on=posted_on, by=by, on=on)
        for act in sorted(posted, key=lambda act: (act.application_id, act.pk))
    ]


def _mark(act: Act, number: str, *, posted_on: date, by: User, on: date) -> Posting:
    application = Application.objects.locked().get(pk=act.case.pk)
    require_permission(permissions.can_review(application, by))
    if Posting.objects.filter(act=act).exists():
        raise AlreadyPosted(act)
    if posted_on > on:
        raise notification.ProofInTheFuture
    if act.issued_on is None or posted_on < act.issued_on:
        raise NotYetIssued(act)
    if act.kind in ActKind.decisions():
        means = Means.REGISTERED_LETTER
        notification.send_notice(application, means=means, sent_on=posted_on, tracking_number=number, by=by, on=on)
    else:
        journal.record(application, Event.LETTER_POSTED, by=by, on=posted_on, act=act.pk, kind=act.kind, tracking=number)
    for purpose, kind in hearing.LETTERS.items():
        if act.kind == kind:
            letters = Hearing.objects.filter(application=application, purpose=purpose, sent_on=act.issued_on, tracking_number="")
            letters.update(tracking_number=number)
    return Posting.objects.create(act=act, posted_on=posted_on, tracking_number=number, by=by)
