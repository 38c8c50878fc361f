"""Views and columns that a person keeps of their worklist, and the cases they have opened."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from permis.enums import State
from permis.models import Application
from workflows.models import CaseVisit, ChosenColumns, SavedView
from workflows.worklists.filters import Filters

# A person has a handful of views; a hundred is a program that runs wild.
MOST = 100


class NotKept(Exception):
    """Why a view is not saved, in words for who asked."""


def keep(user: User, filters: Filters, *, name: str, shared: bool) -> SavedView:
    """Enregistrer une vue, pour soi ou, responsable, pour tout le service ; les mots d’une recherche n’y restent pas.

    Raises NotKept where the name is taken, PermissionDenied to who shares without managing.
    """
    managed = user.authorities_as(Role.MANAGER)
    if shared and not managed:
        raise PermissionDenied
    if user.saved_views.count() >= MOST:
        raise NotKept(f"Vous avez déjà {MOST} vues : supprimez-en une.")
    without_words = Filters(**{**vars(filters), "text": ""})
    view = SavedView(owner=user, name=name, query=without_words.query, authority_id=min(managed) if shared else None)
    return _saved(view)


def rename(view: SavedView, *, name: str) -> SavedView:
    """Renommer une vue. Raises NotKept where the name is taken."""
    view.name = name
    return _saved(view)


def _saved(view: SavedView) -> SavedView:
    try:
        view.validate_constraints()
        with transaction.atomic():
            view.save()
    except ValidationError as error:
        raise NotKept(" ".join(error.messages)) from None
    except IntegrityError:
        # The same name, twice at once.
        raise NotKept("Une vue porte déjà ce nom.") from None
    return view


def keep_columns(user: User, columns: Sequence[str]) -> None:
    """The columns of every list whose address names none."""
    ChosenColumns.objects.update_or_create(user=user, defaults={"columns": list(columns)})


def opened(application: Application, *, by: User) -> None:
    """A person opens a case with something to do: what others change from now on is new to them. One statement."""
    if application.state in State.open() or application.follows_works:
        visit = CaseVisit(user=by, application=application, at=timezone.now(), changed_at=None)
        CaseVisit.objects.bulk_create(
            [visit], update_conflicts=True, unique_fields=["user", "application"], update_fields=["at", "changed_at"]
        )
