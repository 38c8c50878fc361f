"""What the checks say of the pieces of a case: advice for the landlord before the deposit, and for the officer after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from documents import certificates, checks, comparison
from documents.ademe import known_to_ademe
from documents.checks import Answer, Document, Result, Severity, Situation
from documents.extraction import Facts
from documents.french import typeset
from documents.models import CertificateLookUp, Piece, StoredFile
from permis.enums import PieceKind
from permis.models import Application
from permis.pieces import DwellingFacts
from workflows import dossier

# How an answer is shown: family of colour, icon, and the word that the icon says aloud.
SHOWN = {
    (Answer.YES, None): ("is-ok", "check-circle-fill", "Conforme"),
    (Answer.UNKNOWN, None): ("", "question-circle", "Inconnu"),
    (Answer.NO, Severity.INFO): ("is-info", "info-circle-fill", "À savoir"),
    (Answer.NO, Severity.WARNING): ("is-warn", "exclamation-triangle-fill", "À regarder"),
    (Answer.NO, Severity.BLOCKING): ("is-danger", "x-octagon-fill", "Bloquant"),
}
ORDER = [Severity.BLOCKING, Severity.WARNING, Severity.INFO]
WITHOUT_DOUBT = len(ORDER) + 1
ELSEWHERE = "d’une autre collectivité"


@dataclass(frozen=True)
class Row:
    """A result as `components/_checks.html` shows it."""

    code: str
    title: str
    reason: str
    source: str
    family: str
    icon: str
    word: str
    is_well: bool


def of(application: Application, pieces: Iterable[Piece], *, on: date) -> dict[int, list[Result]]:
    """The results for each piece by its key, the gravest first; two queries whatever the number of pieces."""
    pieces = list(pieces)
    situation = _situation(application, on=on)
    elsewhere, look_ups = _same_files(application, pieces), list(application.look_ups.all())
    pages, kinds_of_file = _pages(pieces), defaultdict(set)
    for piece in pieces:
        kinds_of_file[piece.file_id].add(piece.kind)
    found = {}
    for piece in pieces:
        typed, read = _typed(piece, application), read_on(piece)
        document = replace(_completed(typed, read), page_count=pages[piece.kind], same_file_in=_same_file(piece, elsewhere))
        results = checks.check(document, situation)
        results += comparison.compared(typed, piece.file.facts_read, alone=len(kinds_of_file[piece.file_id]) == 1)
        if piece.kind == PieceKind.DPE:
            results.append(_from_register(document, look_ups, application))
        found[piece.pk] = sorted(results, key=_gravity)
    return found


def shown(result: Result) -> tuple[str, str, str]:
    return SHOWN[result.answer, result.severity if result.answer == Answer.NO else None]


def warnings(results: Iterable[Result]) -> list[Result]:
    """What a landlord had better mend before the deposit."""
    return [result for result in results if result.answer == Answer.NO and result.severity != Severity.INFO]


def rows(results: Iterable[Result]) -> list[Row]:
    return [Row(each.code, each.title, each.reason, each.source, *shown(each), each.answer == Answer.YES) for each in results]


def together(series: Iterable[list[Result]]) -> list[Result]:
    """Several files that are one piece, as one: of each check the gravest finding, and a doubt only where no file lifts it."""
    found: dict[str, Result] = {}
    for result in (result for results in series for result in results):
        known = found.get(result.code)
        if known is None or _weight(result) < _weight(known):
            found[result.code] = result
    return sorted(found.values(), key=_gravity)


def read_on(piece: Piece) -> Facts:
    """What was read on the first pages of its file, where those are this piece's own."""
    read = piece.file.facts_read
    return read if piece.first_page in (None, 1) and read.kind in ("", piece.kind) else Facts()


def _gravity(result: Result) -> int:
    if result.answer == Answer.NO:
        return ORDER.index(result.severity)
    return len(ORDER) + (result.answer == Answer.YES)


def _weight(result: Result) -> int:
    """The same order, but a file that answers weighs more than one that does not."""
    return WITHOUT_DOUBT + 1 if result.answer == Answer.UNKNOWN else _gravity(result)


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


def _typed(piece: Piece, application: Application) -> Document:
    """What people typed of a piece: its own date, and for the certificate what the application says of it."""
    kind, dwelling = PieceKind(piece.kind), application.dwelling
    is_dpe = kind == PieceKind.DPE
    return Document(
        kind=kind,
        established_on=dossier.established_on(piece, application),
        number=dwelling.dpe_number if is_dpe else "",
        energy_class=dwelling.energy_class if is_dpe else "",
        lead_found=piece.lead_found,
    )


def _completed(typed: Document, read: Facts) -> Document:
    """A person is believed before a machine."""
    return replace(
        typed,
        established_on=typed.established_on or read.established_on,
        number=typed.number or read.number,
        energy_class=typed.energy_class or read.energy_class,
        lead_found=read.lead_found if typed.lead_found is None else typed.lead_found,
        address=read.address,
        surface=read.surface,
    )


def _pages(pieces: Iterable[Piece]) -> dict[str, int | None]:
    """The pages of each kind, all its files together; None as long as one is not counted."""
    pages: dict[str, int | None] = {}
    for piece in pieces:
        so_far, more = pages.get(piece.kind, 0), piece.file.page_count
        pages[piece.kind] = None if so_far is None or more is None else so_far + more
    return pages


def _from_register(document: Document, look_ups: Iterable[CertificateLookUp], application: Application) -> Result:
    look_up = certificates.last_word(look_ups, document.number)
    result = known_to_ademe(document, certificates.said(look_up))
    if look_up is None:
        return result
    asked = application.authority.local(look_up.asked_at)
    return replace(result, reason=typeset(f"{result.reason} Registre consulté le {asked:%d/%m/%Y} à {asked.hour} h {asked:%M}."))


def _same_file(piece: Piece, elsewhere: dict[str, str]) -> str | None:
    return elsewhere.get(piece.file.sha256, "") if piece.file.sha256 else None


def _same_files(application: Application, pieces: Iterable[Piece]) -> dict[str, str]:
    """The filed case that holds the same bytes, by hash: its number where the officer may open it, no more of another town's."""
    hashes = [piece.file.sha256 for piece in pieces if piece.file.sha256]
    others = StoredFile.objects.filter(sha256__in=hashes, application__number__isnull=False).exclude(application=application)
    found: dict[str, str] = {}
    for sha256, number, authority in others.order_by("pk").values_list("sha256", "application__number", "application__authority"):
        if authority == application.authority_id:
            found[sha256] = number or ""
        else:
            found.setdefault(sha256, ELSEWHERE)
    return found
