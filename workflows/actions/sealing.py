"""Acts that a signatory reads as they will be sealed, then signs: decision, revocation, repeal, answer to an appeal, fine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from accounts.models import User
from documents import acts
from documents.content import Content
from documents.enums import ActKind
from documents.facts import Signatory
from documents.models import Act
from permis import permissions
from permis.enums import Outcome
from permis.models import Application, Sanction
from workflows.guards import TaskGone, require_permission
from workflows.powers import signatory_by, signature_power

Wording = Callable[[Signatory], Content]


def signatory_of(record: Application | Sanction, *, by: User, on: date, outcome: Outcome | str = "") -> Signatory:
    """Who signs such a decision, or any other act, in the capacity held that day. Raises NoSignaturePower."""
    return signatory_by(signature_power(record, by=by, on=on, outcome=outcome))


def preview(
    record: Application | Sanction, kind: ActKind, word: Wording, *, by: User, on: date, outcome: Outcome | str = ""
) -> Act:
    """L’acte tel qu’il serait signé ce jour-là par cette personne, rendu et conservé. Raises NoSignaturePower."""
    require_permission(permissions.can_sign(record, by))
    return acts.preview(record, kind, word(signatory_of(record, by=by, on=on, outcome=outcome)))


def seal(
    record: Application | Sanction,
    act: Act,
    *,
    by: User,
    on: date,
    outcome: Outcome | str = "",
    reason: str = "Décision signée",
) -> Act:
    """Seal the bytes that were read, before the record is locked. Raises NoSignaturePower, PreviewChanged, TaskGone."""
    require_permission(permissions.can_sign(record, by))
    signatory = signatory_of(record, by=by, on=on, outcome=outcome)
    if not act.belongs_to(record):
        raise acts.PreviewChanged
    if act.sha256:
        # Sealed since it was shown: who signs second is told that it is signed, not that the draft has changed.
        raise TaskGone
    return acts.seal(act, name=f"{signatory.name}, {signatory.capacity}", reason=reason, at=timezone.now())


def issue(
    record: Application | Sanction, act: Act, word: Wording, *, by: User, on: date, outcome: Outcome | str = ""
) -> Signatory:
    """Make a sealed act take its place, inside the transaction of the caller; who signed it. Raises NoSignaturePower, PreviewChanged."""
    signatory = signatory_of(record, by=by, on=on, outcome=outcome)
    acts.issue(act, content=word(signatory), on=on)
    return signatory
