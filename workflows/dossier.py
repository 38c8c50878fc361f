"""The pieces of a case against what the law requires of its dwelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from hashlib import sha256
from operator import attrgetter

from documents.enums import FileState, Verdict
from documents.models import Piece
from permis import pieces
from permis.enums import Channel, PieceKind
from permis.models import Application
from territories.enums import Regime

OPTIONAL = "Facultatif : ne peut pas bloquer le dossier"


class Standing(Enum):
    """Where a piece stands; `presentation` has its words and its colour."""

    MISSING = "missing"
    ABSENT = "absent"
    UNFIT = "unfit"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    GIVEN = "given"


@dataclass(frozen=True)
class Line:
    """One piece of the checklist: why it is asked, what was given, until when it holds, what it took the place of.

    Several files are the pages of one piece, in the order in which they were announced.
    """

    kind: PieceKind
    required: bool
    reason: str
    basis: str
    pieces: tuple[Piece, ...]
    valid_until: date | None
    is_valid: bool
    title: str = ""
    history: tuple[Piece, ...] = ()

    @property
    def label(self) -> str:
        """The name of the piece; a free document has its own."""
        return self.title or str(self.kind.label)

    @property
    def is_free(self) -> bool:
        """A document that nobody asked for, and that the landlord named."""
        return self.kind == PieceKind.OTHER

    @property
    def slug(self) -> str:
        """What tells this line from the others of the case, whatever is added to it later."""
        if not self.is_free:
            return str(self.kind.value)
        return f"{self.kind.value}-{min(piece.pk for piece in (*self.pieces, *self.history))}"

    @property
    def described(self) -> Piece | None:
        """The one that carries the date: the last page that has it, else the first page."""
        return _described(self.pieces)

    @property
    def piece(self) -> Piece | None:
        """The one that decides: the first that cannot serve, else the last given."""
        return next((piece for piece in self.pieces if not _serves(piece)), self.pieces[-1] if self.pieces else None)

    @property
    def lapsed_on(self) -> date | None:
        """The first day on which it no longer holds."""
        return self.valid_until + timedelta(days=1) if self.valid_until else None

    @property
    def standing(self) -> Standing:
        """What stands in its way first: nothing given, nothing that serves, a term, nobody's verdict yet."""
        if self.piece is None:
            return Standing.MISSING if self.required else Standing.ABSENT
        if not _serves(self.piece):
            return Standing.UNFIT
        if not self.is_valid:
            return Standing.EXPIRED
        if self.piece.verdict == Verdict.ACCEPTED:
            return Standing.ACCEPTED
        return Standing.WAITING if self.is_waiting else Standing.GIVEN

    @property
    def is_missing(self) -> bool:
        return self.required and self.standing in (Standing.MISSING, Standing.UNFIT, Standing.EXPIRED)

    @property
    def is_waiting(self) -> bool:
        """Received, and not examined yet."""
        return any(piece.file.state in FileState.waiting() for piece in self.pieces)


def required_pieces(application: Application, *, on: date) -> list[pieces.Requirement]:
    """What the law requires of this dwelling; the online form is its own form."""
    dwelling = getattr(application, "dwelling", None)
    if dwelling is None:
        return []
    day, regime = application.received_on or on, Regime(application.regime)
    required = pieces.required(pieces.DwellingFacts.of(dwelling), on=day, regime=regime)
    if application.channel == Channel.ONLINE:
        return [piece for piece in required if piece.kind not in PieceKind.forms()]
    return required


def checklist(application: Application, *, on: date) -> list[Line]:
    """Required pieces first, then the others that were given; validity is judged on the day of the deposit (art. 3-3)."""
    day = application.received_on or on
    given: dict[tuple[str, str], list[Piece]] = {}
    replaced: dict[tuple[str, str], list[Piece]] = {}
    for piece in application.pieces.select_related("file", "checked_by").order_by("file_id", "pk"):
        piece.file.application = application  # a file is of one case
        (given if piece.replaced_on is None else replaced).setdefault((piece.kind, piece.title), []).append(piece)

    def line(kind: str, title: str = "", *, required: bool = False, reason: str = OPTIONAL, basis: str = "") -> Line:
        name = (kind, title)
        until, is_valid = _validity(application, given.get(name, []), day)
        pieces_given, history = tuple(given.get(name, [])), tuple(replaced.get(name, []))
        return Line(PieceKind(kind), required, reason, basis, pieces_given, until, is_valid, title, history)

    required = required_pieces(application, on=on)
    wished = [PieceKind.SELLER_AGREEMENT] if application.future_buyer else []
    kinds = {str(kind) for kind in [*(each.kind for each in required), *wished]}
    lines = [line(each.kind, required=True, reason=each.reason, basis=each.basis) for each in required]
    lines += [
        line(kind, reason="Vous achetez le logement : cet accord montre que vous agissez pour le vendeur") for kind in wished
    ]
    return lines + [line(kind, title) for kind, title in given if kind not in kinds]


def seal(pieces: Iterable[Piece]) -> str:
    """What a person has before their eyes: the files, whether they can be read, what is said of them, the verdict on them."""
    in_order = sorted(pieces, key=lambda piece: piece.pk)
    told = ("pk", "verdict", "checked_by_id", "established_on", "lead_found", "first_page", "last_page", "file.is_served")
    seen = "\n".join(":".join(str(value) for value in attrgetter(*told)(piece)) for piece in in_order)
    return sha256(seen.encode()).hexdigest()


def missing_pieces(application: Application, *, on: date) -> list[PieceKind]:
    """Kinds that the law requires and that are absent, refused or no longer valid."""
    return [line.kind for line in checklist(application, on=on) if line.is_missing]


def established_on(piece: Piece, application: Application) -> date | None:
    """The day of the diagnostic: the one of the piece itself, else what the application says of its DPE."""
    dwelling = getattr(application, "dwelling", None)
    said = dwelling.dpe_established_on if dwelling is not None and piece.kind == PieceKind.DPE else None
    return piece.established_on or said


def _validity(application: Application, given: list[Piece], day: date) -> tuple[date | None, bool]:
    """The last day that the pages given tell, and whether ``day`` is before it."""
    piece = _described(given)
    made_on = established_on(piece, application) if piece else None
    if piece is None or made_on is None:
        return None, True
    until = pieces.valid_until(PieceKind(piece.kind), made_on, lead_found=piece.lead_found)
    return until, until is None or until >= day


def _described(given: Sequence[Piece]) -> Piece | None:
    return next((piece for piece in reversed(given) if piece.established_on), next(iter(given), None))


def _serves(piece: Piece) -> bool:
    """Neither refused by the service nor impossible to open."""
    return piece.verdict != Verdict.REFUSED and not piece.file.is_unusable
