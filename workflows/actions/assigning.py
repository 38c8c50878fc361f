"""Who follows a case: by the rule of the authority when it comes in, by hand for several at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts.enums import Role
from accounts.models import User
from permis import journal
from permis.models import Application
from permis.models.journal import Event
from workflows.actions import completeness
from workflows.models import AssignmentRule, WorkItem

# As many as a page of the list shows, twice over.
AT_ONCE = 50
NOT_YOURS = "Vous n’instruisez pas les dossiers de cette collectivité."
NOTHING_LEFT = "Plus rien n’y est à faire : le dossier a été clos entre-temps."


@dataclass(frozen=True)
class Result:
    """What became of one case that was ticked; ``obstacle`` is empty where it was given to the officer."""

    application: Application
    obstacle: str = ""


class NotAssignable(Exception):
    """This case cannot be given to that person, in words for who asked."""


def by_rule(application: Application, *, on: date) -> None:
    """Attribuer un dossier qui arrive, selon la règle de sa collectivité ; la plus précise l’emporte, la commune avant le régime.

    Nothing is done where somebody follows the case already, or where the person of the rule no longer reviews cases there.
    """
    if application.officer_id is not None:
        return
    rules = AssignmentRule.objects.filter(
        Q(commune=None) | Q(commune=application.commune_id),
        Q(regime="") | Q(regime=application.regime),
        authority=application.authority_id,
        officer__in=User.objects.members([application.authority_id], [Role.OFFICER, Role.MANAGER]),
    )
    rule = min(rules.select_related("officer"), key=lambda each: (each.commune_id is None, each.regime == ""), default=None)
    if rule is None:
        return
    application.officer = rule.officer
    application.save()
    journal.record(application, Event.ASSIGNED, on=on, officer=rule.officer.full_name, by_rule=True)


def assign_all(keys: Iterable[int], *, officer: User | None, by: User) -> list[Result]:
    """Attribuer plusieurs dossiers à une personne, ou n’en laisser le suivi à personne.

    Chacun pour lui-même : celui qui ne peut pas l’être n’arrête pas les autres.
    """
    wanted = list(dict.fromkeys(keys))[:AT_ONCE]
    related = ("authority", "commune", "dwelling", "officer")
    found = Application.objects.visible_to(by).select_related(*related).in_bulk(wanted)
    return [Result(case, _obstacle(case, officer=officer, by=by)) for key in wanted if (case := found.get(key))]


def _obstacle(case: Application, *, officer: User | None, by: User) -> str:
    try:
        _assign(case, officer=officer, by=by)
    except NotAssignable as obstacle:
        return str(obstacle)
    except PermissionDenied:
        return NOT_YOURS
    return ""


@transaction.atomic
def _assign(case: Application, *, officer: User | None, by: User) -> None:
    """One case of several, read again once it is locked. Raises NotAssignable, PermissionDenied."""
    case = Application.objects.locked().select_related("authority").get(pk=case.pk)
    if officer and not (officer.is_active and officer.has_role(Role.OFFICER, Role.MANAGER, in_=case.authority)):
        raise NotAssignable(f"{officer.full_name} n’instruit pas les dossiers de {case.authority.name}.")
    if not WorkItem.objects.filter(application=case).exists():
        raise NotAssignable(NOTHING_LEFT)
    if case.officer_id == (officer.pk if officer else None):
        raise NotAssignable(f"Déjà suivi par {officer.full_name}." if officer else "Personne ne le suivait déjà.")
    completeness.assign(case, officer=officer, by=by, on=case.authority.today())
