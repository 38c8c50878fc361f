"""The grid of an authority: each change makes a new edition; visits already made keep theirs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from inspections import grid
from inspections.models import GridEdition
from territories.models import Authority
from workflows.guards import require_permission

MAX_ADDED = 200


class ItemGone(Exception):
    def __init__(self) -> None:
        super().__init__("Ce point a été retiré entre-temps : rien n’est enregistré.")


class CodeTaken(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(f"Le code {code} sert déjà, ou a servi : choisissez-en un autre.")


class GridFull(Exception):
    def __init__(self) -> None:
        super().__init__(f"Votre grille a déjà {MAX_ADDED} points à vous. Retirez-en un avant d’en ajouter.")


@transaction.atomic
def switch_items(authority: Authority, *, off: Collection[str], by: User) -> GridEdition | None:
    """Dire quels points facultatifs les visites ne regardent plus."""
    last = _locked(authority, by)
    optional = [item.code for section in grid.national().sections for item in section.items if item.optional]
    return _next(authority, last, by=by, switched_off=[code for code in optional if code in off])


@transaction.atomic
def add_item(authority: Authority, *, code: str, by: User, **said: Any) -> GridEdition | None:
    """Ajouter un point à la grille ; un code qui a servi ne sert plus à autre chose. Raises CodeTaken, GridFull."""
    last = _locked(authority, by)
    added = last.added if last else []
    if len(added) >= MAX_ADDED:
        raise GridFull
    if not grid.is_free(code, authority):
        raise CodeTaken(code)
    return _next(authority, last, by=by, added=[*added, {"code": code, **said}])


@transaction.atomic
def change_item(authority: Authority, *, code: str, by: User, **said: Any) -> GridEdition | None:
    """Écrire autrement un point ajouté ; son code reste. Raises ItemGone."""
    last = _locked(authority, by)
    added = _holding(code, last)
    return _next(authority, last, by=by, added=[{"code": code, **said} if each["code"] == code else each for each in added])


@transaction.atomic
def withdraw_item(authority: Authority, *, code: str, by: User) -> GridEdition | None:
    """Retirer un point ajouté des visites à venir. Raises ItemGone."""
    last = _locked(authority, by)
    return _next(authority, last, by=by, added=[each for each in _holding(code, last) if each["code"] != code])


def _locked(authority: Authority, by: User) -> GridEdition | None:
    authority = Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
    require_permission(by.has_role(Role.ADMINISTRATOR, in_=authority))
    return grid.edition_of(authority)


def _holding(code: str, last: GridEdition | None) -> list[dict[str, Any]]:
    added = last.added if last else []
    if all(each["code"] != code for each in added):
        raise ItemGone
    return added


def _next(authority: Authority, last: GridEdition | None, *, by: User, **changes: Any) -> GridEdition | None:
    """The edition that follows, unless it would say the same."""
    said = {"added": last.added if last else [], "switched_off": last.switched_off if last else []}
    if said | changes == said:
        return last
    return GridEdition.objects.create(authority=authority, number=last.number + 1 if last else 1, made_by=by, **said | changes)
