"""What the checks say of the pieces of a case: advice for the landlord before the deposit, and for the officer after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from documents import checks
from documents.checks import Answer, Document, Result, Severity, Situation
from documents.models import Piece, StoredFile
from permis.enums import PieceKind
from permis.models import Application
from permis.pieces import DwellingFacts

# How an answer is shown: family of colour, icon, and the word that the icon says aloud.
SHOWN = {
    (Answer.YES, None): ("is-ok", "check-circle-fill", "Conforme"),
    (Answer.UNKNOWN, None): ("", "question-circle", "Inconnu"),
    (Answer.NO, Severity.INFO): ("is-info", "info-circle-fill", "À savoir"),
    (Answer.NO, Severity.WARNING): ("is-warn", "exclamation-triangle-fill", "À regarder"),
    (Answer.NO, Severity.BLOCKING): ("is-danger", "x-octagon-fill", "Bloquant"),
}
ORDER = [Severity.BLOCKING, Severity.WARNING, Severity.INFO]


def of(application: Application, pieces: Iterable[Piece], *, on: date) -> dict[int, list[Result]]:
    """The results for each piece by its key, the gravest first; two queries whatever the number of pieces."""
    pieces = list(pieces)
    situation = _situation(application, on=on)
    elsewhere = _same_files(application, pieces)
    return {piece.pk: sorted(checks.check(_document(piece, application, elsewhere), situation), key=_gravity) for piece in pieces}


def shown(result: Result) -> tuple[str, str, str]:
    return SHOWN[result.answer, result.severity if result.answer == Answer.NO else None]


def warnings(results: Iterable[Result]) -> list[Result]:
    """What a landlord had better mend before the deposit."""
    return [result for result in results if result.answer == Answer.NO and result.severity != Severity.INFO]


def _gravity(result: Result) -> int:
    if result.answer == Answer.NO:
        return ORDER.index(result.severity)
    return len(ORDER) + (result.answer == Answer.YES)


def _situation(application: Application, *, on: date) -> Situation:
    dwelling = application.dwelling
    return Situation(
        dwelling=DwellingFacts.of(dwelling),
        address=dwelling.address,
        postcode=dwelling.postcode,
        city=application.commune.name,
        department=application.commune.department,
        surface=dwelling.surface,
        received_on=application.received_on or on,
        lease_on=application.lease_planned_on,
    )


def _document(piece: Piece, application: Application, elsewhere: dict[str, str]) -> Document:
    kind, dwelling = PieceKind(piece.kind), application.dwelling
    is_dpe = kind == PieceKind.DPE
    return Document(
        kind=kind,
        established_on=piece.established_on or (dwelling.dpe_established_on if is_dpe else None),
        number=dwelling.dpe_number if is_dpe else "",
        energy_class=dwelling.energy_class if is_dpe else "",
        lead_found=piece.lead_found,
        page_count=piece.file.page_count,
        same_file_in=elsewhere.get(piece.file.sha256, "") if piece.file.sha256 else None,
    )


def _same_files(application: Application, pieces: Iterable[Piece]) -> dict[str, str]:
    """The number of another filed case that holds the same bytes, by hash."""
    hashes = [piece.file.sha256 for piece in pieces if piece.file.sha256]
    others = StoredFile.objects.filter(sha256__in=hashes, application__number__isnull=False).exclude(application=application)
    return {sha256: number or "" for sha256, number in others.order_by("pk").values_list("sha256", "application__number")}
