"""Completeness: what the file holds, what is missing, and when the month starts again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from documents import acts, receiving
from documents.backends import Ticket
from documents.enums import ActKind, Verdict
from documents.models import Piece, StoredFile
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, journal, permissions
from permis.enums import PieceKind, State
from permis.models import Application, Dwelling, Note, PieceRequest
from permis.models.journal import Event
from territories.calendars import public_holidays
from workflows import dossier, drafting, flows
from workflows.guards import require, require_permission


class PiecesMissing(Exception):
    """The file cannot be declared complete: the law requires pieces that are absent or were refused."""

    def __init__(self, kinds: Collection[PieceKind]) -> None:
        names = ", ".join(str(PieceKind(kind).label) for kind in kinds)
        super().__init__(f"Le dossier ne peut pas être déclaré complet : il manque {names}.")


class NothingRequired(Exception):
    """Only pieces that a text requires of this dwelling may stop the month (CRPA L.114-5)."""

    def __init__(self, kinds: Collection[PieceKind]) -> None:
        names = ", ".join(str(PieceKind(kind).label) for kind in kinds)
        super().__init__(
            f"Aucun texte n’exige ces pièces pour ce logement : {names}. "
            "Demandez-les comme pièces facultatives, sans effet sur le délai."
        )


class AnswerTooSoon(Exception):
    def __init__(self) -> None:
        super().__init__("La date limite de réponse doit être postérieure à aujourd’hui.")


def add_piece(
    application: Application,
    *,
    kinds: Collection[PieceKind],
    upload: File,
    by: User,
    on: date,
    replaces: bool = True,
    instead_of: Collection[Piece] = (),
    **facts: Any,
) -> list[Piece]:
    """Ajouter une pièce, qui peut en valoir plusieurs. Raises FileRefused; the bytes are stored before the rows.

    With ``replaces`` it takes the place of all that was given as these kinds, with ``instead_of`` that of these pages; otherwise
    it stands beside what is there: a next page. What the service accepted keeps its place.
    """
    require_permission(permissions.can_provide_pieces(application, by))
    file = receiving.receive(application, upload, by=by)
    return give(application, kinds=kinds, file=file, by=by, on=on, replaces=replaces, instead_of=instead_of, **facts)


def announce_file(
    application: Application, *, name: str, size: int, content_type: str, by: User, announced: dict[str, Any] | None = None
) -> tuple[StoredFile, Ticket]:
    """Annoncer un fichier que le navigateur enverra lui-même au stockage, et dire ce qu’il sera. Raises FileRefused."""
    require_permission(permissions.can_provide_pieces(application, by))
    application.require_open_to_pieces()
    return receiving.expect(application, name=name, size=size, content_type=content_type, by=by, announced=announced)


@transaction.atomic
def add_announced_piece(
    file: StoredFile,
    *,
    kinds: Collection[PieceKind],
    by: User,
    on: date,
    replaces: bool = True,
    instead_of: Collection[Piece] = (),
    **facts: Any,
) -> list[Piece]:
    """Ajouter comme pièce un fichier annoncé, une fois arrivé ; deux fois la même annonce n’en fait qu’une. Raises FileRefused."""
    application = Application.objects.locked().get(pk=file.application_id)
    require_permission(permissions.can_provide_pieces(application, by))
    file = receiving.confirm(file)
    if already := list(file.pieces.current()):
        return already
    return give(application, kinds=kinds, file=file, by=by, on=on, replaces=replaces, instead_of=instead_of, **facts)


@transaction.atomic
def give(
    application: Application,
    *,
    kinds: Collection[PieceKind],
    file: StoredFile,
    by: User,
    on: date,
    replaces: bool,
    instead_of: Collection[Piece] = (),
    title: str = "",
    **facts: Any,
) -> list[Piece]:
    """Verser au dossier un fichier déjà reçu : la dernière pièce demandée fait partir le mois."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_provide_pieces(application, by))
    application.require_open_to_pieces()
    added = []
    for kind in kinds:
        name = title if kind == PieceKind.OTHER else ""
        current = application.pieces.current().filter(kind=kind, title=name)
        if not replaces:
            current = current.filter(pk__in=[piece.pk for piece in instead_of]).exclude(verdict=Verdict.ACCEPTED)
        current.update(replaced_on=on)
        mine = {"application": application, "kind": kind, "title": name, "file": file}
        same = Piece.objects.current().filter(**mine).first()
        added.append(same or Piece.objects.create(**mine, received_on=on, **facts))
    if application.state == State.DRAFT:
        return added
    journal.record(application, Event.PIECES_RECEIVED, by=by, on=on, pieces=sorted(kinds), file=file.pk)
    if application.state == State.INCOMPLETE:
        _complete_if_answered(application, by=by, on=on)
    flows.advance(application)
    return added


@transaction.atomic
def describe_piece(piece: Piece, *, by: User, dwelling: dict[str, object] | None = None, **facts: object) -> Piece:
    """Compléter ce qu’on sait d’une pièce : sa date, ses pages, le plomb trouvé. Raises ValidationError.

    ``dwelling`` is what a DPE tells of the dwelling, as long as the application is a draft: what was filed stays as it was filed.
    """
    application = Application.objects.locked().get(pk=piece.application_id)
    require_permission(permissions.can_provide_pieces(application, by))
    application.require_open_to_pieces()
    if dwelling is not None:
        application.require_draft()
        Dwelling.objects.filter(application=application).update(**dwelling)
    for name, value in facts.items():
        setattr(piece, name, value)
    piece.validate_constraints()
    piece.save(update_fields=list(facts))
    return piece


@transaction.atomic
def tell_of_unusable_file(file: StoredFile, *, on: date) -> None:
    """Dire au bailleur qu’un fichier ne peut pas servir ; d’un brouillon, l’écran des pièces le dit déjà."""
    application = Application.objects.locked().get(pk=file.application_id)
    if application.state == State.DRAFT or not file.pieces.current().exists():
        return
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


@transaction.atomic
def check_piece(piece: Piece, *, verdict: Verdict, by: User, on: date, reason: str = "") -> Piece:
    """Dire si une pièce convient ; un refus donne sa raison au bailleur."""
    application = Application.objects.locked().get(pk=piece.application_id)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    piece.verdict, piece.reason, piece.checked_by = verdict, reason if verdict == Verdict.REFUSED else "", by
    piece.validate_constraints()
    piece.save()
    event = Event.PIECE_REFUSED if verdict == Verdict.REFUSED else Event.PIECE_ACCEPTED
    journal.record(application, event, by=by, on=on, piece=piece.kind, reason=piece.reason)
    return piece


@transaction.atomic
def declare_complete(application: Application, *, by: User, on: date) -> Application:
    """Déclarer le dossier complet. The month has run since reception. Raises PiecesMissing."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.declare_complete, by)
    if missing := dossier.missing_pieces(application, on=application.received_on or on):
        raise PiecesMissing(missing)
    application.declare_complete(on=on)
    application.save()
    application.pieces.current().filter(verdict=Verdict.PENDING).update(verdict=Verdict.ACCEPTED, checked_by=by)
    act = acts.freeze(application, ActKind.RECEIPT, drafting.receipt(application, on=on), on=on)
    journal.record(application, Event.COMPLETE, by=by, on=on, tacit_on=application.tacit_on, act=act.pk)
    outbox.enqueue(Kind.RECEIPT, application=application, on=on, acts=[act.pk])
    flows.advance(application)
    return application


@transaction.atomic
def request_missing(
    application: Application,
    *,
    kinds: Collection[PieceKind],
    respond_by: date,
    by: User,
    on: date,
    reasons: dict[str, str] | None = None,
    message: str = "",
) -> Application:
    """Demander les pièces manquantes : le délai n’a pas commencé, il partira de la dernière (CRPA L.114-5).

    Raises NothingRequired when one of the pieces is required by no text, TooLate after the last day.
    """
    application = Application.objects.locked().get(pk=application.pk)
    require(application.request_missing, by)
    if surplus := set(kinds) - {piece.kind for piece in dossier.required_pieces(application, on=on)}:
        raise NothingRequired(surplus)
    if respond_by <= on:
        raise AnswerTooSoon
    respond_by = deadlines.respond_by(respond_by, public_holidays(application.authority.department))
    application.request_missing(on=on, respond_by=respond_by)
    application.save()
    application.pieces.current().filter(kind__in=kinds).exclude(verdict=Verdict.REFUSED).update(replaced_on=on)
    request = PieceRequest.objects.create(
        application=application,
        pieces=sorted(kinds),
        reasons=reasons or {},
        message=message,
        requested_on=on,
        respond_by=respond_by,
    )
    act = acts.freeze(application, ActKind.MISSING_PIECES, drafting.missing_pieces(application, request, on=on), on=on)
    journal.record(application, Event.MISSING_REQUESTED, by=by, on=on, pieces=request.pieces, respond_by=respond_by)
    outbox.enqueue(Kind.PIECES_REQUESTED, application=application, on=on, acts=[act.pk], request=request)
    flows.advance(application)
    return application


@transaction.atomic
def request_optional(
    application: Application, *, kinds: Collection[PieceKind], by: User, on: date, message: str = ""
) -> PieceRequest:
    """Demander des pièces facultatives, sans effet sur le délai."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    request = PieceRequest.objects.create(
        application=application,
        pieces=sorted(kinds),
        message=message,
        required=False,
        requested_on=on,
        respond_by=deadlines.add_months(on, 1),
    )
    journal.record(application, Event.OPTIONAL_REQUESTED, by=by, on=on, pieces=request.pieces)
    outbox.enqueue(Kind.OPTIONAL_REQUESTED, application=application, on=on, request=request)
    return request


@transaction.atomic
def complete(application: Application, *, by: User, on: date) -> Application:
    """Constater que la dernière pièce demandée est arrivée le ``on`` : le mois court de ce jour."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.complete, by)
    _complete(application, by=by, on=on)
    flows.advance(application)
    return application


@transaction.atomic
def remind(application: Application, *, by: User, on: date) -> Application:
    """Relancer un demandeur dont le dossier est incomplet."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.remind, by)
    application.remind(on=on)
    application.save()
    journal.record(application, Event.REMINDED, by=by, on=on)
    outbox.enqueue(Kind.REMINDER, application=application, on=on, request=application.open_request())
    flows.advance(application)
    return application


@transaction.atomic
def close_incomplete(application: Application, *, by: User, on: date) -> Application:
    """Classer sans suite un dossier jamais complété, après relance, avec les voies de recours."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.close_incomplete, by)
    application.close_incomplete(on=on)
    application.save()
    act = acts.freeze(application, ActKind.CLOSURE, drafting.closure(application, by=by, on=on), on=on)
    journal.record(application, Event.CLOSED_INCOMPLETE, by=by, on=on, act=act.pk)
    outbox.enqueue(Kind.CLOSED_INCOMPLETE, application=application, on=on, acts=[act.pk])
    flows.advance(application)
    return application


@transaction.atomic
def set_out_of_scope(application: Application, *, reason: str, by: User, on: date) -> Application:
    """Répondre que la location n’entre pas dans le champ du permis de louer (R.635-1)."""
    application = Application.objects.locked().get(pk=application.pk)
    require(application.set_out_of_scope, by)
    application.set_out_of_scope(on=on)
    application.save()
    act = acts.freeze(application, ActKind.OUT_OF_SCOPE_LETTER, drafting.out_of_scope(application, reason=reason, on=on), on=on)
    journal.record(application, Event.OUT_OF_SCOPE, by=by, on=on, reason=reason)
    outbox.enqueue(Kind.OUT_OF_SCOPE, application=application, on=on, acts=[act.pk], reason=reason)
    flows.advance(application)
    return application


@transaction.atomic
def assign(application: Application, *, officer: User | None, by: User, on: date) -> Application:
    """Confier le dossier à un instructeur, ou le prendre."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    application.officer = officer
    application.save()
    journal.record(application, Event.ASSIGNED, by=by, on=on, officer=officer.full_name if officer else "")
    flows.advance(application)
    return application


@transaction.atomic
def settle_police_order(application: Application, *, in_force: bool, reference: str, by: User, on: date) -> Application:
    """Dire si un arrêté de police frappe l’immeuble ; il ne laisse que le refus (L.635-9)."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    application.police_order = in_force
    application.save()
    journal.record(application, Event.POLICE_ORDER, by=by, on=on, in_force=in_force, reference=reference)
    return application


@transaction.atomic
def write_note(application: Application, *, text: str, by: User) -> Note:
    """Écrire une note interne, que le bailleur ne voit jamais."""
    require_permission(permissions.can_inspect(application, by))
    return Note.objects.create(application=application, author=by, text=text)


def _complete_if_answered(application: Application, *, by: User, on: date) -> None:
    """The law, not the officer, restarts the month: with the last required piece (CRPA L.114-3)."""
    request = application.open_request()
    given = set(application.pieces.current().exclude(verdict=Verdict.REFUSED).values_list("kind", flat=True))
    if request is None or set(request.pieces) <= given:
        _complete(application, by=by, on=on)


def _complete(application: Application, *, by: User, on: date) -> None:
    application.complete(on=on)
    application.save()
    application.piece_requests.filter(answered_on__isnull=True, required=True).update(answered_on=on)
    act = acts.freeze(application, ActKind.RECEIPT_AFTER_COMPLETION, drafting.receipt(application, on=on), on=on)
    journal.record(application, Event.COMPLETE, by=by, on=on, tacit_on=application.tacit_on, act=act.pk)
    outbox.enqueue(Kind.COMPLETED, application=application, on=on, acts=[act.pk])
