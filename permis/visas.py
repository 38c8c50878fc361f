"""The circuit of visas: how many a draft needs, who may give the next one, and to what draft it was given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection

from django.core.serializers.json import DjangoJSONEncoder

from accounts.enums import Role
from accounts.models import User
from permis import guards
from permis.models import Application, Decision, Visa

_DRAFT = ("outcome", "mode", "grounds", "considerations", "order_number", "private_areas", "shared_equipment")
_WORK = ("position", "code", "place", "finding", "evidence", "basis", "work", "proof", "due_on")


class VisaMissing(guards.Refusal):
    code = "wrong_state"
    message = "Ce projet attend encore un visa. S’il a changé depuis, il doit être visé de nouveau avant la signature."


class NotYourVisa(guards.Refusal):
    code = "wrong_state"


def required(wanted: int, *, drafter: int, managers: Collection[int], legal: Collection[int]) -> int:
    """Combien de visas ce projet peut recevoir : le premier d’un responsable, l’autre d’un second responsable ou d’un juriste.

    A visa is a second look: nobody gives two, and the drafter none where a single one is wanted. What the people of a small
    authority cannot give is not asked of them.
    """
    couples = {(first, second) for first in managers for second in {*managers, *legal} if first != second}
    if wanted > 1 and couples:
        return 2
    return 1 if wanted and set(managers) - {drafter} else 0


def people(application: Application) -> tuple[set[int], set[int]]:
    """Keys of the managers and of the legal officers of the authority, whose account is open."""
    roles = [Role.MANAGER, Role.LEGAL]
    held = application.authority.memberships.filter(
        role__in=roles, user__in=User.objects.members([application.authority_id], roles)
    )
    pairs = set(held.values_list("role", "user_id"))
    return {pk for role, pk in pairs if role == Role.MANAGER}, {pk for role, pk in pairs if role == Role.LEGAL}


def fingerprint(decision: Decision) -> str:
    """SHA-256 of all that the drafter wrote; the smallest change gives another."""
    works = list(decision.works.order_by("position").values(*_WORK))
    content = {**{name: getattr(decision, name) for name in _DRAFT}, "works": works}
    return hashlib.sha256(json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()


def standing(decision: Decision) -> list[Visa]:
    """The visas that count, in their order: given to this very draft."""
    if not decision.visas_required:
        return []
    now = fingerprint(decision)
    return [visa for visa in decision.visas.standing().select_related("by").order_by("rank") if visa.fingerprint == now]


def is_awaited(decision: Decision) -> bool:
    """Whether somebody has still to read the draft before the signatory."""
    return len(standing(decision)) < decision.visas_required


def require_all(decision: Decision) -> None:
    """What is signed was read by as many people as the authority wants."""
    if is_awaited(decision):
        raise VisaMissing


def require_next(decision: Decision, user: User, *, given: Collection[Visa]) -> None:
    """The next visa is this person's to give."""
    if any(visa.by_id == user.pk for visa in given):
        raise NotYourVisa("Vous avez déjà visé ce projet : le visa suivant est celui d’une autre personne.")
    if decision.visas_required == 1 and decision.drafted_by_id == user.pk:
        raise NotYourVisa("Vous avez rédigé ce projet : une autre personne le vise.")
    if not given and not user.has_role(Role.MANAGER, in_=decision.case.authority):
        raise NotYourVisa("Le premier visa est celui d’un responsable.")
