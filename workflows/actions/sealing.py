"""Acts that a signatory reads as they will be sealed, then signs: revocation, repeal, answer to an appeal."""

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
from permis.models import Application
from workflows.guards import TaskGone, require_permission
from workflows.powers import signatory_by, signature_power

Wording = Callable[[Signatory], Content]


def signatory_of(application: Application, *, by: User, on: date, outcome: Outcome | str = "") -> Signatory:
    """Who signs, in the capacity held that day; ``outcome`` is that of the act where it decides the request. Raises NoSignaturePower."""
    return signatory_by(signature_power(application, by=by, on=on, outcome=outcome))


def preview(application: Application, kind: ActKind, word: Wording, *, by: User, on: date, outcome: Outcome | str = "") -> Act:
    """L’acte tel qu’il serait signé ce jour-là par cette personne, rendu et conservé."""
    require_permission(permissions.can_sign(application, by))
    return acts.preview(application, kind, word(signatory_of(application, by=by, on=on, outcome=outcome)))


def seal(application: Application, act: Act, *, by: User, on: date, outcome: Outcome | str = "") -> Act:
    """Seal the bytes that were read, before the case is locked. Raises NoSignaturePower, PreviewChanged, TaskGone."""
    require_permission(permissions.can_sign(application, by))
    signatory = signatory_of(application, by=by, on=on, outcome=outcome)
    if act.application_id != application.pk:
        raise acts.PreviewChanged
    if act.sha256:
        # Sealed since it was shown: somebody signed it first.
        raise TaskGone
    return acts.seal(act, name=f"{signatory.name}, {signatory.capacity}", reason="Décision signée", at=timezone.now())


def issue(application: Application, act: Act, word: Wording, *, by: User, on: date, outcome: Outcome | str = "") -> Act:
    """Make a sealed act take its place, inside the transaction of the caller. Raises PreviewChanged."""
    return acts.issue(act, content=word(signatory_of(application, by=by, on=on, outcome=outcome)), on=on)
