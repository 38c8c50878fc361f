"""The page of the files: for a draft, and for a case whose pieces the service asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.models import User
from documents import receiving
from documents.models import Piece
from documents.receiving import FileRefused
from permis import permissions, rules
from permis.enums import PieceKind, State
from permis.models import Application, PieceRequest
from permis.rules import Rule
from workflows import afterlife_panels, checking, dossier, guidance, reuse
from workflows.actions import gathering
from workflows.forms.files import BundleForm, CardForm, FreeDocumentForm, PagesForm, PieceFactsForm, PieceForm, ReuseForm
from workflows.guidance import Card
from workflows.views.base import CaseActionView
from workflows.views.steps import DraftView, StepView

ASKED_FREELY = "Le service vous la demande, sans obligation : elle est sans effet sur le délai"
LIMITS = {
    "file": receiving.MAX_FILE_SIZE // receiving.MEGABYTE,
    "files": receiving.MAX_CASE_FILES,
    "case": receiving.MAX_CASE_SIZE // receiving.MEGABYTE,
}


class FilesRefused(FileRefused):
    """Some of the files of one form cannot be taken; the others were."""

    def __init__(self, messages: list[str]) -> None:
        self.messages = messages
        super().__init__(" ".join(messages))


class PiecesStep(StepView):
    """Écran « Les diagnostics » : ce que la loi demande pour ce logement, et pourquoi."""

    step = "diagnostics"
    template_name = "workflows/pieces.html"
    success_message = "C’est enregistré."

    def get_form(self, form_class: Any = None) -> PieceForm:
        return given_form(self.request, self.case)

    def act(self, **given: Any) -> None:
        add_files(self.case, **given)

    def get_success_url(self) -> str:
        return files_address(self.case, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.get_form())
        page = files_page(self.case, self.request.user, kwargs["form"])
        asked = afterlife_panels.works_asked(self.case, self.request.user, self.case.authority.today())
        next_url = reverse("application-step", args=[self.case.pk, "depot"])
        return super().get_context_data(**page, works_asked=asked, next_url=next_url, **kwargs)


class ProvidePieceView(CaseActionView):
    """Écran « Déposer une pièce » du bailleur, une fois la demande déposée : ce que le service demande vient d’abord."""

    template_name = "workflows/provide_piece.html"
    success_message = "C’est reçu."

    def is_allowed(self) -> bool:
        return permissions.is_applicant(self.case, self.request.user)

    def get_form(self, form_class: Any = None) -> PieceForm:
        return given_form(self.request, self.case)

    def act(self, **given: Any) -> None:
        add_files(self.case, **given)

    def get_success_url(self) -> str:
        return files_address(self.case, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.get_form())
        page = files_page(self.case, self.request.user, kwargs["form"])
        return super().get_context_data(**page, is_open=self.case.state in State.open(), **kwargs)


class RemovePieceView(DraftView):
    """Ôter une pièce d’un brouillon."""

    http_method_names = ["post"]
    form_class = Form

    def act(self, *, by: Any, on: date) -> None:
        piece = get_object_or_404(Piece, pk=self.kwargs["piece"], application=self.case)
        gathering.remove_piece(piece, by=by)

    def get_success_url(self) -> str:
        return files_address(self.case, self.request.user)


class ReuseView(CaseActionView):
    """Reprendre les diagnostics encore valables d’une demande précédente pour le même logement."""

    http_method_names = ["post"]
    form_class = ReuseForm
    success_message = "C’est repris de votre demande précédente. Il n’y a rien à renvoyer."

    def is_allowed(self) -> bool:
        return permissions.can_provide_pieces(self.case, self.request.user)

    def act(self, *, kinds: list[str], **cleaned: Any) -> None:
        gathering.take_again(self.case, kinds=[PieceKind(kind) for kind in kinds], **cleaned)

    def get_success_url(self) -> str:
        return files_address(self.case, self.request.user)


class ForgetFileView(CaseActionView):
    """Ne plus attendre un fichier dont l’envoi s’est interrompu."""

    http_method_names = ["post"]
    form_class = Form

    def is_allowed(self) -> bool:
        return permissions.can_provide_pieces(self.case, self.request.user)

    def act(self, *, by: Any, on: date) -> None:
        file = get_object_or_404(self.case.files.awaited_from(by), pk=self.kwargs["file"])
        gathering.forget_announced_file(file, by=by)

    def get_success_url(self) -> str:
        return files_address(self.case, self.request.user)


class _PieceView(CaseActionView):
    """A screen on one piece or one file of a case, for those who may give pieces."""

    success_message = "C’est enregistré."

    def is_allowed(self) -> bool:
        return permissions.can_provide_pieces(self.case, self.request.user)

    def get_success_url(self) -> str:
        return files_address(self.case, self.request.user)


class DescribePieceView(_PieceView):
    """Écran « Ce que dit le diagnostic » : sa date, et ce qui en dépend."""

    template_name = "workflows/piece_facts.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            pieces = Piece.objects.current().select_related("file__application")
            self.piece = get_object_or_404(pieces, pk=kwargs["piece"], application=self.case)
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> PieceFactsForm:
        today = self.case.authority.today()
        lines = dossier.checklist(self.case, on=today)
        line = next(line for line in lines if self.piece in line.pieces)
        return facts_form(self.case, self.piece, guidance.wanted(self.case, line, on=today), self.request.POST or None)

    def act(self, *, by: Any, on: date, **facts: Any) -> None:
        dwelling: dict[str, object] = {name: facts.pop(name) for name in ("dpe_number", "dpe_class") if name in facts}
        if dwelling:
            dwelling["dpe_established_on"] = facts["established_on"]
        gathering.describe_piece(self.piece, by=by, on=on, dwelling=dwelling or None, **facts)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(piece=self.piece, back=self.get_success_url(), **kwargs)

    def get_success_url(self) -> str:
        if self.case.state == State.DRAFT or permissions.is_applicant(self.case, self.request.user):
            return super().get_success_url()
        return checking.address(self.case, self.piece.kind)


class FilePagesView(_PieceView):
    """Écran « Où est chaque diagnostic ? » d’un fichier qui en contient plusieurs."""

    template_name = "workflows/file_pages.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.file = get_object_or_404(self.case.files.deposited().received(), pk=kwargs["file"])
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class: Any = None) -> PagesForm:
        pieces = list(self.file.pieces.current().order_by("pk"))
        return PagesForm(self.request.POST or None, pieces=pieces, page_count=self.file.page_count)

    def act(self, *, by: Any, on: date, pages: dict[int, Any]) -> None:
        gathering.tell_pages(self.file, pages=pages, by=by, on=on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(file=self.file, back=self.get_success_url(), **kwargs)


def files_address(case: Application, user: User) -> str:
    """Where this person gives the pieces of this case."""
    if case.state == State.DRAFT:
        return reverse("application-step", args=[case.pk, "diagnostics"])
    return reverse("application-add-piece" if permissions.is_applicant(case, user) else "case", args=[case.pk])


def files_page(case: Application, user: User, form: PieceForm) -> dict[str, Any]:
    """What the page shows: a card a piece, what was cut, what an earlier application holds, and what all this does to the clock."""
    today = case.authority.today()
    lines = dossier.checklist(case, on=today)
    requests = [] if case.state == State.DRAFT else list(case.piece_requests.order_by("-pk"))
    lines += _optional(requests, lines)
    request = next((each for each in requests if each.required and each.answered_on in (None, today)), None)
    awaited = list(case.files.awaited_from(user).order_by("pk"))
    cards = [
        _with_facts(case, card)
        for card in guidance.cards(case, lines, on=today, awaited=awaited, request=request, wishes=_wishes(requests))
    ]
    wished = [card for card in cards if card.line.reason == ASKED_FREELY]
    found = reuse.proposals(case, lines, user, on=today)
    return {
        "cards": cards,
        "request_open": request,
        "asked": [card for card in cards if card.is_asked],
        "wished": wished,
        "others": [card for card in cards if not card.is_asked and card not in wished],
        "required": [card for card in cards if card.line.required],
        "ready": [card for card in cards if card.line.required and card.is_ready],
        "missing": [card for card in cards if card.line.is_missing],
        "strays": guidance.strays(cards, awaited),
        "effect": guidance.effect(case, request, cards, on=today),
        "is_waiting": any(line.is_waiting for line in lines),
        "reusable": [each for each in found if not each.obstacle],
        "not_reusable": [each for each in found if each.obstacle],
        "bundle": form if isinstance(form, BundleForm) else _bundle(case, lines),
        "free": form if isinstance(form, FreeDocumentForm) else FreeDocumentForm(),
        "used": receiving.used(case),
        "limits": LIMITS,
    }


def given_form(request: HttpRequest, case: Application) -> PieceForm:
    """The form that was sent: of one card, of one file for several pieces, or of a free document."""
    if request.method != "POST":
        return FreeDocumentForm()
    sent = {"data": request.POST, "files": request.FILES, "pieces": case.pieces.all()}
    if "bundle" in request.POST:
        return _bundle(case, dossier.checklist(case, on=case.authority.today()), **sent)
    if "slug" in request.POST:
        return CardForm(slug=request.POST["slug"], **sent)
    return FreeDocumentForm(**sent)


def facts_form(case: Application, piece: Piece, wanted: tuple[str, ...], data: Any = None, **kwargs: Any) -> PieceFactsForm:
    """The facts worth typing of a piece, with what is known of them."""
    dwelling = getattr(case, "dwelling", None)
    initial = {"established_on": dossier.established_on(piece, case), "lead_found": piece.lead_found}
    if dwelling is not None:
        initial |= {"dpe_number": dwelling.dpe_number, "dpe_class": dwelling.dpe_class}
    return PieceFactsForm(data, wanted=wanted, today=case.authority.today(), initial=initial, **kwargs)


def add_files(
    case: Application,
    *,
    kinds: list[str],
    upload: list[Any],
    by: User,
    on: date,
    instead_of: Collection[Piece] = (),
    **facts: Any,
) -> None:
    """The files of one form, as the pages of the same pieces. Raises FilesRefused, once those that can be taken are."""
    refusals = []
    given_as = [PieceKind(kind) for kind in kinds]
    for file in upload:
        try:
            gathering.add_piece(case, kinds=given_as, upload=file, by=by, on=on, instead_of=instead_of, **facts)
        except FileRefused as refusal:
            refusals.append(str(refusal))
    if refusals:
        raise FilesRefused(refusals)


def _bundle(case: Application, lines: list[dossier.Line], **sent: Any) -> BundleForm:
    proposes_asbestos = rules.value(case.authority, Rule.ASBESTOS, on=case.authority.today())
    return BundleForm(asked=[line.kind for line in lines if line.required], proposes_asbestos=proposes_asbestos, **sent)


def _optional(requests: list[PieceRequest], lines: list[dossier.Line]) -> list[dossier.Line]:
    """A card for what the service asked for without a text that requires it, until it is given."""
    kinds = sorted({kind for request in requests if not request.required for kind in request.pieces})
    known = {line.kind.value for line in lines}
    return [dossier.Line(PieceKind(kind), False, ASKED_FREELY, "", (), None, True) for kind in kinds if kind not in known]


def _wishes(requests: list[PieceRequest]) -> dict[str, str]:
    """Why the service asked for each piece without obligation, in its last words; ``requests`` come latest first."""
    return {kind: why for request in reversed(requests) if not request.required for kind, why in request.reasons.items()}


def _with_facts(case: Application, card: Card) -> Card:
    """The form of the facts that are still unknown, on the card itself."""
    piece = card.line.described
    if piece is None or not card.wanted:
        return card
    form = facts_form(case, piece, card.wanted, auto_id=f"{card.line.slug}-%s")
    return replace(card, facts=form) if any(form[name].value() in (None, "") for name in card.wanted) else card
