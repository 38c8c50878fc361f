"""Gathering the pieces: given by a form or straight to storage, taken again from an earlier application, described, removed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from documents import receiving
from documents.backends import StorageFailed, Ticket
from documents.enums import FileState, Verdict
from documents.models import Piece, StoredFile
from documents.receiving import FileRefused
from notifications import outbox
from notifications.enums import Kind
from permis import journal, permissions
from permis.enums import PieceKind, State
from permis.models import Application, Dwelling
from permis.models.journal import Event
from workflows import dossier, flows, reuse
from workflows.actions import completeness
from workflows.guards import require, require_permission
from workflows.reuse import Proposal


class NotReusable(Exception):
    """What was chosen is not, or is no longer, something that may serve again."""

    def __init__(self) -> None:
        super().__init__("Ce diagnostic ne peut pas être repris : il a expiré, ou une pièce a été ajoutée entre-temps.")


class PieceSettled(Exception):
    """The service accepted this piece, or another took its place, while this person was describing it."""

    def __init__(self) -> None:
        super().__init__("Cette pièce a été acceptée ou remplacée entre-temps : ce que vous en dites n’est pas enregistré.")


def add_piece(
    application: Application,
    *,
    kinds: Collection[PieceKind],
    upload: File,
    by: User,
    on: date,
    instead_of: Collection[Piece] = (),
    **facts: Any,
) -> list[Piece]:
    """Ajouter une pièce, qui peut en valoir plusieurs. Raises FileRefused; the bytes are stored before the rows.

    It takes the place of what the service refused of these kinds, and of ``instead_of`` unless the service accepted them;
    otherwise it stands beside what is there: a next page.
    """
    require_permission(permissions.can_provide_pieces(application, by))
    application.require_open_to_pieces()
    file = receiving.receive(application, upload, by=by)
    return give(application, kinds=kinds, file=file, by=by, on=on, instead_of=instead_of, **facts)


@transaction.atomic
def announce_file(
    application: Application, *, name: str, size: int, content_type: str, by: User, announced: dict[str, Any] | None = None
) -> tuple[StoredFile, Ticket]:
    """Annoncer un fichier que le navigateur enverra lui-même au stockage, et dire ce qu’il sera. Raises FileRefused.

    Under the lock of the case, so that two devices do not share what room is left; no storage is asked.
    """
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_provide_pieces(application, by))
    application.require_open_to_pieces()
    return receiving.expect(application, name=name, size=size, content_type=content_type, by=by, announced=announced)


def add_announced_piece(file: StoredFile, *, by: User, **meant: Any) -> list[Piece]:
    """Ajouter comme pièce un fichier annoncé, une fois arrivé ; deux fois la même annonce n’en fait qu’une.

    ``meant`` is what `give` takes. Raises FileRefused, StorageFailed; the storage is asked before the case is locked.
    """
    require_permission(permissions.can_provide_pieces(file.case, by))
    receiving.require_arrived(file)
    return _add_announced_piece(file, by=by, **meant)


@transaction.atomic
def _add_announced_piece(file: StoredFile, *, by: User, **meant: Any) -> list[Piece]:
    application = Application.objects.locked().get(pk=file.case.pk)
    file = receiving.take(file)
    return list(file.pieces.current()) or give(application, file=file, by=by, **meant)


@transaction.atomic
def give(
    application: Application,
    *,
    kinds: Collection[PieceKind],
    file: StoredFile,
    by: User,
    on: date,
    instead_of: Collection[Piece] = (),
    title: str = "",
    **facts: Any,
) -> list[Piece]:
    """Verser au dossier un fichier déjà reçu : la dernière pièce demandée fait partir le mois."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_provide_pieces(application, by))
    application.require_open_to_pieces()
    if application.pieces.count() + len(kinds) > receiving.MAX_CASE_PIECES:
        raise FileRefused(f"Ce dossier a déjà {receiving.MAX_CASE_PIECES} pièces. Regroupez ce qui va ensemble.")
    given, new = [], []
    for kind in kinds:
        name = title if kind == PieceKind.OTHER else ""
        current = application.pieces.current().filter(kind=kind, title=name)
        same = current.filter(file=file).first()
        stands = Q(verdict=Verdict.ACCEPTED) & ~Q(file__state__in=FileState.unusable())
        gone = Q(pk__in=[piece.pk for piece in instead_of]) | Q(verdict=Verdict.REFUSED)
        current.filter(gone).exclude(stands).exclude(file=file).update(replaced_on=on)
        if same is None:
            same = Piece.objects.create(application=application, kind=kind, title=name, file=file, received_on=on, **facts)
            new.append(kind)
        given.append(same)
    if application.state == State.DRAFT or not new:
        return given
    named = {"title": title} if PieceKind.OTHER in new else {}
    journal.record(application, Event.PIECES_RECEIVED, by=by, on=on, pieces=sorted(new), file=file.pk, **named)
    if application.state == State.INCOMPLETE:
        completeness.complete_if_answered(application, by=by, on=on)
    flows.advance(application)
    return given


@transaction.atomic
def describe_piece(piece: Piece, *, by: User, on: date, dwelling: dict[str, object] | None = None, **facts: object) -> Piece:
    """Compléter ce qu’on sait d’une pièce : sa date, ses pages, le plomb trouvé. Raises ValidationError, PieceSettled.

    What the service accepted is what it read: nobody says something else of it afterwards. ``dwelling`` is what a DPE tells of
    the dwelling, as long as the application is a draft: what was filed stays as it was filed.
    """
    application = Application.objects.locked().get(pk=piece.application_id)
    require_permission(permissions.can_provide_pieces(application, by))
    application.require_open_to_pieces()
    if dwelling is not None:
        application.require_draft()
        Dwelling.objects.filter(application=application).update(**dwelling)
    current = application.pieces.current().filter(pk=piece.pk).first()
    if current is None:
        raise PieceSettled
    changed = {name: value for name, value in facts.items() if getattr(current, name) != value}
    if not changed:
        return current
    if current.verdict == Verdict.ACCEPTED:
        raise PieceSettled
    for name, value in changed.items():
        setattr(current, name, value)
    current.validate_constraints()
    current.save(update_fields=list(changed))
    if application.state != State.DRAFT:
        named = {"title": current.title} if current.title else {}
        journal.record(application, Event.PIECE_DESCRIBED, by=by, on=on, piece=current.kind, **named, **changed)
    return current


@transaction.atomic
def tell_of_unusable_file(file: StoredFile, *, on: date) -> None:
    """Dire au bailleur qu’un fichier ne peut pas servir ; d’un brouillon, l’écran des pièces le dit déjà."""
    application = Application.objects.locked().get(pk=file.case.pk)
    if application.state == State.DRAFT or not file.pieces.current().exists():
        return
    if application.journal.filter(event=Event.FILE_UNUSABLE, facts__file=file.pk).exists():
        return  # said already: a job may be done twice
    pieces = [str(piece) for piece in file.pieces.current().order_by("pk")]
    journal.record(application, Event.FILE_UNUSABLE, on=on, file=file.pk, reason=file.problem)
    outbox.enqueue(
        Kind.FILE_UNUSABLE, application=application, on=on, once=str(file.pk), pieces=pieces, name=file.name, reason=file.problem
    )


@transaction.atomic
def remove_piece(piece: Piece, *, by: User) -> None:
    """Ôter une page d’un brouillon ; ce qu’on savait de la pièce reste sur la suivante, et le fichier s’en va s’il ne sert plus."""
    application = Application.objects.locked().get(pk=piece.application_id)
    require(application.submit, by)
    application.require_draft()
    file = piece.file
    if next_page := application.pieces.current().filter(kind=piece.kind, title=piece.title).exclude(pk=piece.pk).first():
        next_page.established_on = next_page.established_on or piece.established_on
        next_page.lead_found = piece.lead_found if next_page.lead_found is None else next_page.lead_found
        next_page.save(update_fields=["established_on", "lead_found"])
    piece.delete()
    if not file.pieces.exists():
        receiving.forget(application, [file])


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
            added += give(
                application,
                kinds=[proposal.kind],
                file=copies[page.file_id],
                by=by,
                on=on,
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
    application = Application.objects.locked().get(pk=file.case.pk)
    require_permission(permissions.can_provide_pieces(application, by))
    receiving.forget(application, application.files.awaited_from(by).filter(pk=file.pk))


@transaction.atomic
def tell_pages(file: StoredFile, *, pages: dict[int, tuple[int | None, int | None]], by: User, on: date) -> None:
    """Dire où chaque pièce se trouve dans un fichier qui en contient plusieurs."""
    for piece in file.pieces.current().filter(pk__in=pages):
        first, last = pages[piece.pk]
        describe_piece(piece, by=by, on=on, first_page=first, last_page=last)
