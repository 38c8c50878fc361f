"""The pieces of a case against what the law requires of its dwelling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from documents.enums import FileState, Verdict
from documents.models import Piece
from permis import pieces
from permis.enums import Channel, PieceKind
from permis.models import Application


@dataclass(frozen=True)
class Line:
    """One piece of the checklist: why it is asked, what was given, until when it holds."""

    kind: PieceKind
    required: bool
    reason: str
    basis: str
    pieces: tuple[Piece, ...]
    valid_until: date | None
    is_valid: bool

    @property
    def piece(self) -> Piece | None:
        """The one that decides: the first that cannot serve, else the last given."""
        return next((piece for piece in self.pieces if not _serves(piece)), self.pieces[-1] if self.pieces else None)

    @property
    def is_missing(self) -> bool:
        return self.required and (self.piece is None or not _serves(self.piece) or not self.is_valid)

    @property
    def is_waiting(self) -> bool:
        """Received, and not examined yet."""
        return any(piece.file.state in FileState.waiting() for piece in self.pieces)


def required_pieces(application: Application, *, on: date) -> list[pieces.Requirement]:
    """What the law requires of this dwelling; the online form is its own form."""
    dwelling = getattr(application, "dwelling", None)
    if dwelling is None:
        return []
    required = pieces.required(pieces.DwellingFacts.of(dwelling), on=application.received_on or on)
    if application.channel == Channel.ONLINE:
        return [piece for piece in required if piece.kind != PieceKind.FORM]
    return required


def checklist(application: Application, *, on: date) -> list[Line]:
    """Required pieces first, then the others that were given; validity is judged on the day of the deposit (art. 3-3)."""
    day = application.received_on or on
    given: dict[str, list[Piece]] = {}
    for piece in application.pieces.current().select_related("file__application", "checked_by").order_by("pk"):
        given.setdefault(piece.kind, []).append(piece)
    required = required_pieces(application, on=on)
    lines = [
        _line(application, PieceKind(each.kind), True, each.reason, each.basis, given.get(each.kind, []), day)
        for each in required
    ]
    kinds = {each.kind for each in required}
    lines += [
        _line(application, PieceKind(kind), False, "Facultatif : ne peut pas bloquer le dossier", "", given_as, day)
        for kind, given_as in given.items()
        if kind not in kinds
    ]
    return lines


def seal(pieces: Iterable[Piece]) -> str:
    """What a person has before their eyes when they judge a piece: its files, and the verdict on them."""
    return " ".join(f"{piece.pk}:{piece.verdict}:{piece.checked_by_id or ''}" for piece in pieces)


def missing_pieces(application: Application, *, on: date) -> list[PieceKind]:
    """Kinds that the law requires and that are absent, refused or no longer valid."""
    return [line.kind for line in checklist(application, on=on) if line.is_missing]


def _line(
    application: Application, kind: PieceKind, required: bool, reason: str, basis: str, pieces_given: list[Piece], day: date
) -> Line:
    until, valid = None, True
    for piece in pieces_given:
        established_on = piece.established_on or (application.dwelling.dpe_established_on if kind == PieceKind.DPE else None)
        if established_on is not None:
            until = pieces.valid_until(kind, established_on, lead_found=piece.lead_found)
            valid = until is None or until >= day
    return Line(kind, required, reason, basis, tuple(pieces_given), until, valid)


def _serves(piece: Piece) -> bool:
    """Neither refused by the service nor impossible to open."""
    return piece.verdict != Verdict.REFUSED and not piece.file.is_unusable
