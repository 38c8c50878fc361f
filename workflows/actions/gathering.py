"""Gathering the pieces: what an earlier application already holds, and what is no longer awaited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from accounts.models import User
from documents import receiving
from documents.backends import StorageFailed
from documents.models import Piece, StoredFile
from documents.receiving import FileRefused
from permis import permissions
from permis.enums import PieceKind, State
from permis.models import Application, Dwelling
from workflows import dossier, reuse
from workflows.actions import completeness
from workflows.guards import require_permission
from workflows.reuse import Proposal


class NotReusable(Exception):
    """What was chosen is not, or is no longer, something that may serve again."""

    def __init__(self) -> None:
        super().__init__("Ce diagnostic ne peut pas être repris : il a expiré, ou une pièce a été ajoutée entre-temps.")


def take_again(application: Application, *, kinds: Collection[PieceKind], by: User, on: date) -> list[Piece]:
    """Reprendre d’une demande précédente des diagnostics encore valables du même logement. Raises NotReusable, FileRefused.

    The bytes are copied before the rows, under this case's own key, and examined again: each case has its own proof.
    """
    require_permission(permissions.can_provide_pieces(application, by))
    application.require_open_to_pieces()
    lines = dossier.checklist(application, on=on)
    found = {each.kind: each for each in reuse.proposals(application, lines, by, on=on) if not each.obstacle}
    if not set(kinds) <= set(found):
        raise NotReusable
    chosen = [found[kind] for kind in found if kind in kinds]
    copies: dict[int, StoredFile] = {}
    try:
        return _copy_and_attach(application, chosen, copies, by=by, on=on)
    except (FileRefused, NotReusable, StorageFailed):
        receiving.forget(application, [copy for copy in copies.values() if not copy.pieces.exists()])
        raise


def _copy_and_attach(
    application: Application, chosen: list[Proposal], copies: dict[int, StoredFile], *, by: User, on: date
) -> list[Piece]:
    for page in (page for each in chosen for page in each.pages):
        copies[page.file_id] = copies.get(page.file_id) or receiving.copy_of(page.file, application, by=by)
    return _attach(application, chosen, copies, by=by, on=on)


@transaction.atomic
def _attach(
    application: Application, chosen: list[Proposal], copies: dict[int, StoredFile], *, by: User, on: date
) -> list[Piece]:
    """The copies become pieces with what was known of them, all or none; a second click finds them there."""
    application = Application.objects.locked().get(pk=application.pk)
    if application.pieces.current().filter(kind__in=[each.kind for each in chosen]).exists():
        raise NotReusable
    added = []
    for proposal in chosen:
        for page in proposal.pages:
            added += completeness.give(
                application,
                kinds=[proposal.kind],
                file=copies[page.file_id],
                by=by,
                on=on,
                replaces=False,
                established_on=proposal.established_on,
                lead_found=proposal.lead_found,
                first_page=page.first_page,
                last_page=page.last_page,
            )
        if proposal.kind == PieceKind.DPE and application.state == State.DRAFT:
            _describe(application, proposal.pages[0].application.dwelling, proposal.established_on)
    return added


def _describe(application: Application, earlier: Dwelling, established_on: date | None) -> None:
    """What the earlier application said of this DPE, since it is the same one."""
    said = {name: getattr(earlier, name) for name in ("dpe_number", "dpe_class", "dpe_adjusted_class")}
    Dwelling.objects.filter(application=application).update(**said, dpe_established_on=established_on)


@transaction.atomic
def forget_announced_file(file: StoredFile, *, by: User) -> None:
    """Ne plus attendre un fichier annoncé qui n’est pas arrivé."""
    application = Application.objects.locked().get(pk=file.application_id)
    require_permission(permissions.can_provide_pieces(application, by))
    receiving.forget(application, application.files.awaited_from(by).filter(pk=file.pk))


@transaction.atomic
def tell_pages(file: StoredFile, *, pages: dict[int, tuple[int | None, int | None]], by: User) -> None:
    """Dire où chaque pièce se trouve dans un fichier qui en contient plusieurs."""
    for piece in file.pieces.current().filter(pk__in=pages):
        first, last = pages[piece.pk]
        completeness.describe_piece(piece, by=by, first_page=first, last_page=last)
