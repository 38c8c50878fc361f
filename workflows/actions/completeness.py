"""Completeness: what the file holds, what is missing, and when the month starts again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction

from accounts.models import User
from documents import acts
from documents.enums import ActKind, FileState, Verdict
from documents.models import Piece
from notifications import outbox
from notifications.enums import Kind
from permis import deadlines, guards, journal, orders, permissions
from permis.enums import PieceKind, State
from permis.models import Application, Note, PieceRequest
from permis.models.journal import Event
from territories.calendars import public_holidays
from workflows import completion, dossier, drafting, flows
from workflows.actions import scoping
from workflows.guards import lock, require, require_permission

VERDICT_EVENTS = {
    Verdict.ACCEPTED: Event.PIECE_ACCEPTED,
    Verdict.REFUSED: Event.PIECE_REFUSED,
    Verdict.PENDING: Event.VERDICT_UNDONE,
}


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


class PieceChanged(Exception):
    """Somebody replaced or judged the piece while this person was reading it."""

    def __init__(self, pieces: Collection[Piece]) -> None:
        judge = next((piece.checked_by for piece in pieces if piece.checked_by), None)
        done = f"{judge.full_name} a déjà donné son avis" if judge else "Cette pièce a changé"
        super().__init__(f"{done} pendant que vous lisiez : rien n’est enregistré. Relisez la pièce, puis confirmez votre avis.")


class DossierChanged(Exception):
    """A piece came, or was judged, since the page was shown on which this person declares the file complete."""

    def __init__(self) -> None:
        super().__init__(
            "Une pièce est arrivée ou a changé pendant que vous lisiez : rien n’est déclaré. "
            "Relisez les pièces, puis déclarez le dossier complet."
        )


class NotReadable(Exception):
    """What nobody could open is accepted by nobody; refusing it stays possible."""

    def __init__(self, piece: Piece) -> None:
        super().__init__(
            "Un fichier de cette pièce ne s’ouvre pas : elle ne peut pas être acceptée. Demandez au bailleur de la remplacer."
            if piece.file.is_unusable
            else "Un fichier de cette pièce est encore examiné, personne ne l’a lu : acceptez-la dans une minute, "
            "quand il s’affichera. Vous pouvez déjà la refuser."
        )


class AnswerTooLate(Exception):
    """The time to complete a declaration is a month at the most (CCH R.634-3)."""

    def __init__(self, last: date) -> None:
        super().__init__(
            f"Le délai pour compléter une déclaration est d’un mois au plus (CCH R. 634-3) : choisissez le {last:%d/%m/%Y} au plus tard."
        )


class AnswerTooSoon(Exception):
    def __init__(self) -> None:
        super().__init__("La date limite de réponse doit être postérieure à aujourd’hui.")


@transaction.atomic
def check_piece(
    application: Application,
    *,
    kind: PieceKind,
    verdict: Verdict,
    by: User,
    on: date,
    title: str = "",
    reason: str = "",
    seen: str = "",
) -> list[Piece]:
    """Dire si une pièce convient, tous ses fichiers ensemble ; un refus donne sa raison au bailleur, « à vérifier » annule.

    ``title`` tells free documents apart.

    ``seen`` is `dossier.seal` of the files and verdict that the person had before their eyes. Raises PieceChanged, NotReadable.
    """
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    pieces = list(application.pieces.current().filter(kind=kind, title=title).select_related("checked_by", "file").order_by("pk"))
    if not pieces or (seen and seen != dossier.seal(pieces)):
        raise PieceChanged(pieces)
    if verdict == Verdict.PENDING == pieces[0].verdict:
        return pieces
    if verdict == Verdict.ACCEPTED and (unread := [piece for piece in pieces if not piece.file.is_served]):
        raise NotReadable(unread[0])
    for piece in pieces:
        piece.verdict, piece.reason = verdict, reason if verdict == Verdict.REFUSED else ""
        piece.checked_by = None if verdict == Verdict.PENDING else by
        piece.validate_constraints()
        piece.save(update_fields=["verdict", "reason", "checked_by"])
    named = {"title": title} if title else {}
    journal.record(application, VERDICT_EVENTS[verdict], by=by, on=on, piece=kind, reason=pieces[0].reason, **named)
    flows.advance(application)
    return pieces


@transaction.atomic
def declare_complete(application: Application, *, by: User, on: date, seen: str = "") -> Application:
    """Déclarer le dossier complet. The month has run since reception. Raises PiecesMissing, DossierChanged.

    ``seen`` is `dossier.seal` of the pieces in use that the person had before their eyes: what came since was read by nobody.
    """
    application = lock(application.pk)
    require(application.declare_complete, by)
    require_whole(application, seen=seen, on=on)
    application.declare_complete(on=on)
    application.save()
    accept_what_was_read(application, by=by)
    act = acts.freeze(application, ActKind.RECEIPT, drafting.receipt(application, on=on), on=on)
    journal.record(application, Event.COMPLETE, by=by, on=on, tacit_on=application.tacit_on, act=act.pk)
    outbox.enqueue(Kind.RECEIPT, application=application, on=on, acts=[act.pk])
    flows.advance(application)
    return application


def require_whole(application: Application, *, seen: str, on: date) -> None:
    """Nothing required is missing, nothing came since the person read, nothing is in doubt. Raises DossierChanged, PiecesMissing."""
    if seen and seen != dossier.seal(application.pieces.current().select_related("file")):
        raise DossierChanged
    if missing := dossier.missing_pieces(application, on=application.received_on or on):
        raise PiecesMissing(missing)
    scoping.require_settled(application, on=on)


def accept_what_was_read(application: Application, *, by: User) -> None:
    """The pieces on which nobody gave a verdict are accepted with the file; what nobody could open was not read by the service."""
    read = application.pieces.current().filter(verdict=Verdict.PENDING, file__state=FileState.CLEAN)
    read.update(verdict=Verdict.ACCEPTED, checked_by=by)


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

    Of a declaration it is the acknowledgement of what is missing; answered without success, it is asked again (CCH R.634-3).
    Raises NothingRequired when one of the pieces is required by no text, AnswerTooLate; TooLate after the last day, LateNotice in
    the last five where the authority asks no more, ContestTooLate and ContestWithoutReason for pieces that had made the month start.
    """
    application = lock(application.pk)
    again = application.is_declaration and application.state == State.INCOMPLETE and application.open_request() is None
    ask = application.ask_again if again else application.request_missing
    require(ask, by)
    if surplus := set(kinds) - {piece.kind for piece in dossier.required_pieces(application, on=on)}:
        raise NothingRequired(surplus)
    if respond_by <= on:
        raise AnswerTooSoon
    guards.require_in_time(application, on)
    is_late = completion.require_notice_allowed(application, on=on)
    completion.require_contestable(application, set(kinds), reasons or {}, on=on)
    holidays = public_holidays(application.authority.department)
    if application.is_declaration and respond_by > (last := deadlines.completion_until(on, date.max, holidays)):
        raise AnswerTooLate(last)
    respond_by = deadlines.respond_by(respond_by, holidays)
    ask(on=on, respond_by=respond_by)
    application.save()
    application.pieces.current().filter(kind__in=kinds).exclude(verdict=Verdict.REFUSED).update(replaced_on=on)
    request = PieceRequest.objects.create(
        application=application,
        pieces=sorted(kinds),
        reasons=reasons or {},
        message=message,
        requested_on=on,
        respond_by=respond_by,
        is_late=is_late,
    )
    letter = ActKind.DECLARATION_INCOMPLETE if application.is_declaration else ActKind.MISSING_PIECES
    act = acts.freeze(application, letter, drafting.missing_pieces(application, request, on=on), on=on)
    journal.record(application, Event.MISSING_REQUESTED, by=by, on=on, pieces=request.pieces, respond_by=respond_by, late=is_late)
    outbox.enqueue(request_kind(application), application=application, on=on, acts=[act.pk], request=request)
    flows.advance(application)
    return application


def request_kind(application: Application) -> Kind:
    """The message that asks for what is missing."""
    return Kind.DECLARATION_INCOMPLETE if application.is_declaration else Kind.PIECES_REQUESTED


@transaction.atomic
def request_optional(
    application: Application,
    *,
    kinds: Collection[PieceKind],
    by: User,
    on: date,
    reasons: dict[str, str] | None = None,
    message: str = "",
) -> PieceRequest:
    """Demander des pièces facultatives, sans effet sur le délai."""
    application = lock(application.pk)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    request = PieceRequest.objects.create(
        application=application,
        pieces=sorted(kinds),
        reasons=reasons or {},
        message=message,
        required=False,
        requested_on=on,
        respond_by=deadlines.add_months(on, 1),
    )
    journal.record(application, Event.OPTIONAL_REQUESTED, by=by, on=on, pieces=request.pieces)
    outbox.enqueue(Kind.OPTIONAL_REQUESTED, application=application, on=on, request=request)
    return request


@transaction.atomic
def remind(application: Application, *, by: User, on: date) -> Application:
    """Relancer un demandeur dont le dossier est incomplet."""
    application = lock(application.pk)
    require(application.remind, by)
    application.remind(on=on)
    application.save()
    journal.record(application, Event.REMINDED, by=by, on=on)
    outbox.enqueue(Kind.REMINDER, application=application, on=on, request=application.open_request())
    flows.advance(application)
    return application


@transaction.atomic
def close_incomplete(application: Application, *, by: User, on: date) -> Application:
    """Classer sans suite un dossier jamais complété, après relance, avec les voies de recours. Raises PieceArrived."""
    application = lock(application.pk)
    require(application.close_incomplete, by)
    request = application.open_request()
    if request is not None and completion.since_reminder(application, request).exists():
        raise guards.PieceArrived
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
    application = lock(application.pk)
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
    """Dire si un arrêté de police frappe l’immeuble ; il ne laisse que le refus (L.635-9). Raises `orders.OrderInForce`."""
    application = Application.objects.locked().get(pk=application.pk)
    require_permission(permissions.can_review(application, by))
    application.require_open()
    if not in_force and (confirmed := orders.in_force_on(application)):
        raise orders.OrderInForce(confirmed)
    application.police_order = in_force
    application.save()
    journal.record(application, Event.POLICE_ORDER, by=by, on=on, in_force=in_force, reference=reference)
    return application


@transaction.atomic
def write_note(application: Application, *, text: str, by: User) -> Note:
    """Écrire une note interne, que le bailleur ne voit jamais."""
    require_permission(permissions.can_inspect(application, by))
    return Note.objects.create(application=application, author=by, text=text)


def complete_if_answered(application: Application, *, by: User, on: date) -> None:
    """The law, not the officer, restarts the month: with the last required piece (CRPA L.114-3)."""
    request = application.open_request()
    pieces = application.pieces.current().exclude(verdict=Verdict.REFUSED).exclude(file__state__in=FileState.unusable())
    given = set(pieces.values_list("kind", flat=True))
    if application.is_declaration:
        _receive_answer(application, request, given, by=by, on=on)
    elif request is None or set(request.pieces) <= given:
        _complete(application, by=by, on=on)


def _receive_answer(application: Application, request: PieceRequest | None, given: set[str], *, by: User, on: date) -> None:
    """Everything that was asked of a declaration came in time: a person looks at it, and gives the receipt (CCH R.634-3)."""
    is_in_time = application.respond_by is not None and on <= application.respond_by
    if request is None or not is_in_time or not set(request.pieces) <= given:
        return
    application.receive_answer(on=on)
    application.save()
    request.answered_on = on
    request.save(update_fields=["answered_on"])
    journal.record(application, Event.ANSWERED, by=by, on=on, receipt_due_on=application.receipt_due_on)


def _complete(application: Application, *, by: User, on: date) -> None:
    application.complete(on=on)
    application.save()
    application.piece_requests.filter(answered_on__isnull=True, required=True).update(answered_on=on)
    act = acts.freeze(application, ActKind.RECEIPT_AFTER_COMPLETION, drafting.receipt(application, on=on), on=on)
    journal.record(application, Event.COMPLETE, by=by, on=on, tacit_on=application.tacit_on, act=act.pk)
    outbox.enqueue(Kind.COMPLETED, application=application, on=on, acts=[act.pk])
