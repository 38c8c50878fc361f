"""What stands before each action: the lock of the case; may this person do this, and is it still theirs to do?"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django_fsm import can_proceed, has_transition_perm

from accounts.models import User
from permis.models import Application


class TaskGone(Exception):
    """Somebody else did it, or the clock did: the page that asks for it is out of date."""

    def __init__(self) -> None:
        super().__init__("Le dossier a changé entre-temps. Relisez-le avant d’aller plus loin.")


def lock(key: int) -> Application:
    """The case of this key, locked until the transaction ends, with what its rights, its acts and its letters are asked of.

    Two statements: a row that waited for its lock is read again, those joined to it are not. Raises DoesNotExist.
    """
    Application.objects.locked().values_list("pk").get(pk=key)
    return Application.objects.select_related("authority", "applicant", "commune", "zone", "dwelling", "agent").get(pk=key)


def require(transition: Callable[..., Any], user: User) -> None:
    """Refuse a user who may not do this; a state that forbids it is the transition's own business."""
    if can_proceed(transition) and not has_transition_perm(transition, user):
        raise PermissionDenied


def require_permission(allowed: bool) -> None:
    """Refuse what changes no state and is allowed by a predicate of `permis.permissions`."""
    if not allowed:
        raise PermissionDenied


def require_task(application: Application, *nodes: str) -> None:
    """Refuse to move a case whose task is no longer open."""
    if not application.work_items.filter(node__in=nodes).exists():
        raise TaskGone
