"""What the screen « Vérifier les pièces » shows: the pieces, the pages of one of them, what it says beside what was declared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from documents.checks import Answer, Result
from documents.enums import Verdict
from documents.extraction import Facts
from documents.models import Piece
from permis import deadlines
from permis.enums import PieceKind, State
from permis.models import Application
from workflows import advice, completion, dossier, motives
from workflows.dossier import Line
from workflows.motives import Motive
from workflows.presentation import Badge

ZOOMS, TURNS = 3, 4
_SHORT = {
    PieceKind.FORM: "Formulaire",
    PieceKind.DECLARATION_FORM: "Formulaire",
    PieceKind.SELLER_AGREEMENT: "Vendeur",
    PieceKind.DPE: "DPE",
    PieceKind.CREP: "Plomb",
    PieceKind.ELECTRICITY: "Électricité",
    PieceKind.GAS: "Gaz",
    PieceKind.ERP: "Risques",
    PieceKind.NOISE: "Bruit",
    PieceKind.ASBESTOS: "Amiante",
    PieceKind.PHOTOS: "Photos",
    PieceKind.TITLE_DEED: "Titre",
    PieceKind.LEASE: "Bail",
    PieceKind.HOLDER_AGREEMENT: "Accord",
}


@dataclass(frozen=True)
class Slide:
    """One page of the document as a picture; without ``url`` it says in words what cannot be shown."""

    piece: Piece
    number: int
    url: str = ""
    told: str = ""

    @property
    def label(self) -> str:
        pages = self.piece.file.page_count
        return f"Page {self.number} sur {pages}" if pages and pages > 1 else ""


@dataclass(frozen=True)
class Comparison:
    """A value read on the document and the one declared; ``result`` is the check that compares them, if one could."""

    label: str
    read: str
    declared: str
    family: str
    icon: str
    word: str


@dataclass(frozen=True)
class Tab:
    """A piece in the row of pieces."""

    slug: str
    label: str
    url: str
    badge: Badge
    is_current: bool


class Desk:
    """The pieces of a case laid out before an officer, one of them open at one of its pages."""

    def __init__(self, case: Application, *, on: date, slug: str = "", page: int = 0, zoom: int = 0, turn: int = 0) -> None:
        self.case, self.today = case, on
        self.lines = dossier.checklist(case, on=on)
        self.line = self._chosen(slug)
        # Without a page, the first of those that this piece fills in its file.
        first = self.pieces[0].first_page if len(self.pieces) == 1 else 1
        self.page = min(max(page or first or 1, 1), max(len(self.slides), 1))
        self.zoom, self.turn = min(zoom, ZOOMS - 1), turn % TURNS

    def _chosen(self, slug: str) -> Line | None:
        """The piece that is asked for, else the first to check, else the first that is missing, else the first."""
        orders = ([line for line in self.lines if test(line)] for test in (lambda each: each.slug == slug, to_check, _is_missing))
        return next((found[0] for found in orders if found), self.lines[0] if self.lines else None)

    @property
    def tabs(self) -> list[Tab]:
        return [
            Tab(line.slug, _label(line), address(self.case, line.slug), Badge.of_piece(line), line is self.line)
            for line in self.lines
        ]

    @property
    def accepted(self) -> int:
        return sum(line.piece is not None and line.piece.verdict == Verdict.ACCEPTED for line in self.lines)

    @property
    def to_check(self) -> list[Line]:
        return [line for line in self.lines if to_check(line)]

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if _is_missing(line)]

    @property
    def refused_optional(self) -> list[Line]:
        return [
            line
            for line in self.lines
            if not (line.required or line.is_free) and line.piece and line.piece.verdict == Verdict.REFUSED
        ]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return self.line.pieces if self.line else ()

    @property
    def badge(self) -> Badge | None:
        return Badge.of_piece(self.line) if self.line else None

    @property
    def seen(self) -> str:
        return dossier.seal(self.pieces)

    @property
    def all_seen(self) -> str:
        """The seal of everything that the file holds now."""
        return dossier.seal(piece for line in self.lines for piece in line.pieces)

    @cached_property
    def results(self) -> list[Result]:
        found = advice.of(self.case, [piece for line in self.lines for piece in line.pieces], on=self.today)
        return advice.together(found[piece.pk] for piece in self.pieces)

    @property
    def checks(self) -> list[advice.Row]:
        return advice.rows(self.results)

    # -- The document

    @cached_property
    def slides(self) -> list[Slide]:
        """Every page of every file of the piece; what has no picture says why."""
        return [slide for piece in self.pieces for slide in _slides(piece)]

    @property
    def slide(self) -> Slide | None:
        return self.slides[self.page - 1] if self.slides else None

    @property
    def earlier_url(self) -> str:
        return self._at(page=self.page - 1) if self.page > 1 else ""

    @property
    def later_url(self) -> str:
        return self._at(page=self.page + 1) if self.page < len(self.slides) else ""

    @property
    def smaller_url(self) -> str:
        return self._at(zoom=max(self.zoom - 1, 0))

    @property
    def larger_url(self) -> str:
        return self._at(zoom=min(self.zoom + 1, ZOOMS - 1))

    @property
    def turned_url(self) -> str:
        return self._at(tour=(self.turn + 1) % TURNS)

    def _at(self, **changes: int) -> str:
        """The same piece, another page or another way to look at it: what the tools do where no script runs."""
        view = {"page": self.page, "zoom": self.zoom, "tour": self.turn} | changes
        return address(self.case, self.line.slug if self.line else "", **view)

    @property
    def slides_data(self) -> str:
        """For the script that turns the pages in place."""
        return json.dumps(
            [
                {"url": slide.url, "told": slide.told, "name": slide.piece.file.name, "label": slide.label,
                 "original": reverse("file", args=[slide.piece.file_id]) if slide.piece.file.is_served else ""}
                for slide in self.slides
            ]
        )  # fmt: skip

    # -- The document and the application

    @cached_property
    def facts(self) -> Facts:
        """What was read on the files of the piece, the first that says something."""
        read = [advice.read_on(piece) for piece in self.pieces]
        return next((facts for facts in read if facts.as_data()), Facts())

    @property
    def comparisons(self) -> list[Comparison]:
        if not self.facts.as_data() or self.line is None:
            return []
        dwelling, typed = self.case.dwelling, self.line.piece
        is_dpe = self.line.kind == PieceKind.DPE
        made_on = dossier.established_on(typed, self.case) if typed else None
        rows = [
            (
                "Adresse",
                self.facts.address,
                f"{dwelling.street_line}, {dwelling.postcode} {self.case.commune.name}",
                ["same_address"],
            ),
            ("Surface", _metres(self.facts.surface), _metres(dwelling.surface), ["same_surface"]),
            ("Établi le", _day(self.facts.established_on), _day(made_on), ["same_date", "valid_on_deposit"]),
            ("Classe", self.facts.energy_class, dwelling.energy_class if is_dpe else "", ["same_class", "lettable"]),
            ("Numéro", self.facts.number, dwelling.dpe_number if is_dpe else "", ["same_number", "number_consistent"]),
            ("Construction", str(self.facts.construction_year or ""), str(dwelling.construction_year or ""), []),
        ]
        return [self._compared(*row) for row in rows if row[1]]

    def _compared(self, label: str, read: str, declared: str, codes: Sequence[str]) -> Comparison:
        found = [result for code in codes for result in self.results if result.code == code]
        refuted = next((result for result in found if result.answer == Answer.NO), None)
        if refuted is not None:
            return Comparison(label, read, declared, *advice.shown(refuted))
        if read == declared or any(result.answer == Answer.YES for result in found if result.code == codes[0]):
            return Comparison(label, read, declared, "is-ok", "check-circle-fill", "Concorde")
        if read and declared and not found:
            return Comparison(label, read, declared, "is-warn", "exclamation-triangle-fill", "Diffère")
        return Comparison(label, read, declared, "", "question-circle", "Non comparé")

    # -- The verdict

    @cached_property
    def motives(self) -> list[Motive]:
        piece = self.line.piece if self.line else None
        if self.line is None or piece is None:
            return []
        return motives.of(self.line.kind, on=self.today, established_on=piece.established_on or self.facts.established_on)

    @property
    def suggested(self) -> str:
        return motives.suggested(self.results, is_unusable=any(piece.file.is_unusable for piece in self.pieces))

    @property
    def may_look_up(self) -> bool:
        """Whether the officer may have the register of ADEME asked again: there is one, and a number to ask about."""
        is_dpe = self.line is not None and self.line.kind == PieceKind.DPE
        return bool(settings.ADEME_URL) and is_dpe and bool(self.case.dwelling.dpe_number or self.facts.number)

    @property
    def is_open(self) -> bool:
        """Whether a verdict can still be given."""
        return self.case.state in State.open()

    @property
    def can_request(self) -> bool:
        if self.case.is_declaration and self.case.state == State.INCOMPLETE:
            return self.case.respond_by is None
        return self.case.state in (State.SUBMITTED, State.UNDER_REVIEW)

    @property
    def previous_url(self) -> str:
        return self._beside(-1)

    @property
    def next_url(self) -> str:
        return self._beside(1)

    def _beside(self, step: int) -> str:
        if self.line is None or len(self.lines) < 2:
            return ""
        return address(self.case, self.lines[(self.lines.index(self.line) + step) % len(self.lines)].slug)

    def after(self, slug: str) -> str:
        """Where a verdict leads: the next piece to check, from this one on and round; else the screen that concludes."""
        place = next((rank for rank, line in enumerate(self.lines) if line.slug == slug), 0)
        turned = self.lines[place + 1 :] + self.lines[:place]
        following = next((line.slug for line in turned if to_check(line)), "")
        return address(self.case, following, fait=slug)


@dataclass(frozen=True)
class Effect:
    """What asking for a required piece does to the clock, with the dates it gives."""

    respond_by: date
    if_today: date
    if_last_day: date

    @classmethod
    def of(cls, case: Application, *, on: date) -> Effect:
        respond_by = completion.proposed_date(case, on=on)
        return cls(respond_by, deadlines.tacit_on(on), deadlines.tacit_on(respond_by))


def address(case: Application, slug: str = "", **query: str | int) -> str:
    """The screen, open at this piece."""
    words = ({"piece": slug} if slug else {}) | query
    return reverse("case-check", args=[case.pk]) + (f"?{urlencode(words)}" if words else "")


def why(line: Line, *, on: date) -> str:
    """Why a piece is asked for, as far as it is known: the service's words, else what is wrong with its file or its date."""
    piece = line.piece
    if piece is None:
        return ""
    if piece.reason or piece.file.problem:
        return piece.reason or piece.file.problem
    expired = next(
        (each.text for each in motives.of(line.kind, on=on, established_on=piece.established_on) if each.code == "expired"), ""
    )
    return "" if line.is_valid else expired


def to_check(line: Line) -> bool:
    """Given, and nobody has said whether it will do; a file that cannot be opened needs nobody to say so."""
    return line.piece is not None and line.piece.verdict == Verdict.PENDING and not line.piece.file.is_unusable


def _is_missing(line: Line) -> bool:
    return line.is_missing


def _label(line: Line) -> str:
    label = line.title or _SHORT.get(line.kind, str(line.kind.label))
    optional = "facultatives" if line.kind == PieceKind.PHOTOS else "facultatif"
    return label if line.required else f"{label} ({optional})"


def _slides(piece: Piece) -> list[Slide]:
    file = piece.file
    if file.is_unusable:
        return [Slide(piece, 1, told=file.problem)]
    if not file.is_served:
        return [
            Slide(
                piece, 1, told="Le fichier est encore examiné. Il s’affichera ici dans une minute ; le jour du dépôt est gardé."
            )
        ]
    slides = [Slide(piece, number, reverse("file-page", args=[file.pk, number])) for number in file.picture_numbers]
    if not slides:
        return [Slide(piece, 1, told="Ce document n’a pas pu être mis en images. Ouvrez l’original.")]
    if file.page_count and file.page_count > file.pictures:
        told = f"Seules les {file.pictures} premières pages sont montrées ici. Ouvrez l’original pour lire la suite."
        slides.append(Slide(piece, file.pictures + 1, told=told))
    return slides


def _metres(value: Decimal | None) -> str:
    return f"{value.normalize():f} m²".replace(".", ",") if value else ""


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""
