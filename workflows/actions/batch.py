"""Signing several decisions in one gesture: each is a transaction of its own, with its own result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from accounts.models import User
from documents.acts import PreviewChanged
from documents.backends import StorageFailed
from documents.models import Act
from documents.wording.decisions import IncompleteDecision
from permis.guards import Refusal
from permis.models import Application
from workflows.actions import decision
from workflows.guards import TaskGone
from workflows.powers import NoSignaturePower

# Each of them says in French why this one is not signed; what is not expected stops the batch, as it should.
_TOLD = (IncompleteDecision, NoSignaturePower, PreviewChanged, Refusal, StorageFailed)
_OVERTAKEN = (ConcurrentTransition, TaskGone, TransitionNotAllowed)
OVERTAKEN = "Cette décision n’attend plus de signature : elle vient d’être signée, renvoyée ou reprise."
NOT_YOURS = "Vous n’êtes pas signataire de cette collectivité."


@dataclass(frozen=True)
class Result:
    """What became of one decision of the batch; ``obstacle`` is empty when it is signed."""

    application: Application
    obstacle: str = ""


def sign_all(signings: Iterable[tuple[Act, date]], *, by: User) -> list[Result]:
    """Signer plusieurs décisions, chacune pour elle-même : celle qui ne peut pas l’être n’arrête pas les autres.

    Each act comes with the day it is for its authority.
    """
    return [Result(act.case, _obstacle(act, by=by, on=on)) for act, on in signings]


def _obstacle(act: Act, *, by: User, on: date) -> str:
    try:
        decision.sign(act.case, act=act, by=by, on=on)
    except _TOLD as told:
        return str(told)
    except _OVERTAKEN:
        return OVERTAKEN
    except PermissionDenied:
        return NOT_YOURS
    return ""
