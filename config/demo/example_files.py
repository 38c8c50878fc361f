"""The files of the gallery: cards of pieces in each state, proposals to use again, and the end of a check, known to no database."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from documents.enums import FileState, Verdict
from documents.models import Piece, StoredFile
from permis import deadlines
from permis import pieces as law
from permis.enums import PieceKind
from permis.models import Application
from workflows import checking
from workflows.dossier import OPTIONAL, Line
from workflows.forms.files import BundleForm, FreeDocumentForm, PieceFactsForm
from workflows.guidance import Advice, Card
from workflows.reuse import Proposal
from workflows.views.pieces import LIMITS

MANDATORY = "Tout logement mis en location"
LAW = "loi 89-462, art. 3-3"


def file(name: str, state: FileState, *, pk: int = 1, problem: str = "", size: int = 482_000) -> StoredFile:
    kind = "application/pdf" if name.endswith(".pdf") else "image/jpeg"
    return StoredFile(pk=pk, name=name, size=size, state=state, content_type=kind, problem=problem, uploaded_at=timezone.now())


def context(case: Application, *, on: date) -> dict[str, Any]:
    """What the fragments of the files read, as the screens that share them give it."""
    made_on = on - timedelta(days=200)
    asked = [PieceKind.DPE, PieceKind.CREP, PieceKind.ELECTRICITY, PieceKind.GAS]
    cards = _cards(on)
    return {
        "cards": cards,
        "checklist": [card.line for card in cards],
        "reusable": [_proposal(case, kind, made_on) for kind in (PieceKind.DPE, PieceKind.ELECTRICITY)],
        "not_reusable": [_proposal(case, PieceKind.GAS, on - timedelta(days=3000), "il n’est plus valable depuis le 22/09/2024")],
        "bundle": BundleForm(asked=asked),
        "free": FreeDocumentForm(),
        "limits": LIMITS,
        "used": SimpleNamespace(files=4, size=9_400_000),
        "desk": SimpleNamespace(to_check=[], missing=[_line(PieceKind.CREP), _line(PieceKind.GAS)], refused_optional=[]),
        "effect": checking.Effect(on + timedelta(days=34), deadlines.tacit_on(on), deadlines.tacit_on(on + timedelta(days=34))),
    }


def _cards(on: date) -> list[Card]:
    """One card a state: asked by the service, cut on the way, in hand with its date to tell, waiting, of no use, optional."""
    scanned = _piece(PieceKind.CREP, file("plomb.pdf", FileState.CLEAN, pk=2), on)
    former = _piece(PieceKind.CREP, file("plomb-2015.pdf", FileState.CLEAN, pk=3), on - timedelta(days=9))
    former.replaced_on = on
    locked = file(
        "gaz.pdf", FileState.UNREADABLE, pk=5, problem="Ce fichier demande un mot de passe. Envoyez-le sans mot de passe."
    )
    accepted = _piece(PieceKind.ERP, file("risques.pdf", FileState.CLEAN, pk=6), on)
    accepted.verdict = Verdict.ACCEPTED
    cut = file("dpe.pdf", FileState.AWAITED, pk=7, size=5_200_000)
    dated = PieceFactsForm(None, wanted=("established_on",), today=on, auto_id="crep-%s")
    whole = Advice(
        "Nombre de pages", "Un diagnostic en a presque toujours plusieurs : ajoutez les autres.", "is-info", "info-circle-fill"
    )
    return [
        Card.of(_line(PieceKind.DPE), awaited=(cut,), is_asked=True, reason="Il manque les pages 3 à 8."),
        Card.of(_line(PieceKind.CREP, scanned, history=(former,)), facts=dated, wanted=("established_on",), advice=(whole,)),
        Card.of(_line(PieceKind.ELECTRICITY, _piece(PieceKind.ELECTRICITY, file("elec-page-1.jpg", FileState.PENDING, pk=4), on))),
        Card.of(_line(PieceKind.ERP, accepted)),
        Card.of(_line(PieceKind.GAS, _piece(PieceKind.GAS, locked, on))),
        Card.of(_line(PieceKind.PHOTOS, required=False)),
    ]  # fmt: skip


def _line(kind: PieceKind, *given: Piece, required: bool = True, history: tuple[Piece, ...] = ()) -> Line:
    reason, basis = (MANDATORY, LAW) if required else (OPTIONAL, "")
    return Line(kind, required, reason, basis, given, None, True, history=history)


def _piece(kind: PieceKind, of: StoredFile, received_on: date) -> Piece:
    return Piece(pk=of.pk, kind=kind, file=of, received_on=received_on, verdict=Verdict.PENDING)


def _proposal(case: Application, kind: PieceKind, made_on: date, obstacle: str = "") -> Proposal:
    return Proposal(kind, (Piece(application=case, kind=kind),), made_on, law.valid_until(kind, made_on), obstacle)
