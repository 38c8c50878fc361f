"""The officer's check: each piece beside what is known of it, a verdict on each, and what is asked of the landlord."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from documents.enums import Verdict
from documents.tasks import ask_about_certificate
from notifications import outbox
from notifications.enums import Kind
from notifications.rendering import Letter
from permis.enums import PieceKind, State
from permis.models import Application, PieceRequest
from workflows import checking, completion, dossier, motives
from workflows.actions import completeness, declaring
from workflows.checking import Desk, Effect
from workflows.forms.completeness import OptionalRequestForm, RequestForm, SeenForm, VerdictForm
from workflows.guards import require_task
from workflows.presentation import ClockChip
from workflows.views.completeness import ReviewView

TASK = "check_pieces"


class CheckView(ReviewView):
    """Écran « Vérifier les pièces » ; il se lit à tout moment, et conclut tant que la vérification est à faire."""

    template_name = "workflows/check.html"
    form_class: type[Form] = SeenForm
    success_message = "Le dossier est complet. Le récépissé est envoyé."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.case.state == State.DRAFT:
            raise Http404
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_task(self.case, *self.concluding)
        return super().post(request, *args, **kwargs)

    @property
    def concluding(self) -> tuple[str, ...]:
        """The tasks that this screen ends: what came for a declaration leads to its receipt too."""
        return (TASK, "check_answer") if self.case.is_declaration else (TASK,)

    def act(self, **cleaned: Any) -> None:
        if self.case.is_declaration:
            self.success_message = "Le récépissé est envoyé, avec l’exemplaire à remettre au locataire."
            declaring.give_receipt(self.case, **cleaned)
        else:
            completeness.declare_complete(self.case, **cleaned)

    def desk(self) -> Desk:
        """The pieces as they are now, open where the address says."""
        query = self.request.GET
        return Desk(
            self.case,
            on=self.case.authority.today(),
            slug=self.kwargs.get("slug") or query.get("piece", ""),
            page=_number(query.get("page")),
            zoom=_number(query.get("zoom")),
            turn=_number(query.get("tour")),
        )

    def verdict_form(self, desk: Desk) -> Form | None:
        """The form of the piece that is open, as it was last judged, or as the checks suggest."""
        if not desk.pieces or not desk.is_open:
            return None
        piece, texts = desk.pieces[0], {each.code: each.text for each in desk.motives}
        written = next((each.code for each in desk.motives if piece.reason and each.text == piece.reason), motives.OTHER)
        suggested = "" if piece.reason else desk.suggested
        initial = {
            "verdict": "" if piece.verdict == Verdict.PENDING else piece.verdict,
            "motive": written if piece.reason else suggested,
            "reason": piece.reason or texts.get(suggested, ""),
            "seen": desk.seen,
        }
        return VerdictForm(motives=desk.motives, reader=_reader(self.case), initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        desk, query = self.desk(), self.request.GET
        kwargs.setdefault("form", self.get_form())
        done = next((line for line in desk.lines if line.slug == query.get("fait") and line.piece), None)
        has_task = self.case.work_items.filter(node__in=self.concluding).exists()
        return super().get_context_data(
            desk=desk,
            verdict_form=kwargs.get("verdict_form") or self.verdict_form(desk),
            chip=ClockChip.of(self.case, today=desk.today),
            effect=Effect.of(self.case, on=desk.today),
            done=done if done and done.piece and done.piece.verdict != Verdict.PENDING else None,
            done_seen=dossier.seal(done.pieces) if done else "",
            can_conclude=has_task,
            can_look_up=desk.may_look_up,
            **{name: value for name, value in kwargs.items() if name != "verdict_form"},
        )


class VerdictView(CheckView):
    """Donner un avis sur une pièce, puis passer à la suivante."""

    success_message = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            lines = dossier.checklist(self.case, on=self.case.authority.today())
            found = [line for line in lines if line.slug == kwargs["slug"]]
            if not found:
                raise Http404
            self.line = found[0]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(checking.address(self.case, self.line.slug))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super(CheckView, self).post(request, *args, **kwargs)

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        return VerdictForm(self.request.POST, motives=self.desk().motives, reader=_reader(self.case))

    def act(self, **cleaned: Any) -> None:
        completeness.check_piece(self.case, kind=self.line.kind, title=self.line.title, **cleaned)

    def form_invalid(self, form: Form) -> HttpResponse:
        """The page again; what the officer now sees is what they will confirm."""
        form.data = self.request.POST.copy()
        form.data["seen"] = self.desk().seen
        return self.render_to_response(self.get_context_data(form=form, verdict_form=form), status=422)

    def get_success_url(self) -> str:
        after = self.request.POST.get("then", "")
        names = {"request": "case-request", "optional": "case-request-optional"}
        if after in names:
            return f"{reverse(names[after], args=[self.case.pk])}?piece={self.line.kind.value}"
        return self.desk().after(self.line.slug)


class UndoView(VerdictView):
    """Annuler un avis : la pièce est de nouveau à vérifier."""

    http_method_names = ["post"]

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        return SeenForm(self.request.POST)

    def act(self, **cleaned: Any) -> None:
        completeness.check_piece(self.case, kind=self.line.kind, title=self.line.title, verdict=Verdict.PENDING, **cleaned)

    def form_invalid(self, form: Form) -> HttpResponse:
        for error in form.non_field_errors():
            messages.error(self.request, str(error))
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return checking.address(self.case, self.line.slug)


class LookUpView(ReviewView):
    """Interroger de nouveau l’ADEME ; la réponse arrive par un travail de fond."""

    http_method_names = ["post"]
    form_class = Form

    def form_valid(self, form: Form) -> HttpResponse:
        if ask_about_certificate(self.case, again=True):
            messages.success(self.request, "L’Ademe est interrogée : sa réponse s’affichera ici dans une minute.")
        else:
            messages.warning(self.request, "L’Ademe n’est pas interrogée : il faut un numéro de DPE lisible.")
        return redirect(checking.address(self.case, PieceKind.DPE))


class RequestOptionalView(ReviewView):
    """Écran « Demander des pièces facultatives » : rien ne s’arrête."""

    template_name = "workflows/request.html"
    form_class: type[OptionalRequestForm] = OptionalRequestForm
    extra_context: dict[str, Any] | None = {
        "title": "Demander des pièces facultatives",
        "send": "Envoyer, sans effet sur le délai",
    }
    success_message = "La demande est envoyée. Ces pièces sont facultatives : le délai court comme avant."
    letter = Kind.OPTIONAL_REQUESTED
    is_required = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.lines = dossier.checklist(self.case, on=self.case.authority.today())
        return super().dispatch(request, *args, **kwargs)

    def choices(self) -> list[PieceKind]:
        """Every piece that no text requires of this dwelling; the form is never one, and a free document is named by its giver."""
        required = {line.kind for line in self.lines if line.required}
        return [kind for kind in PieceKind if kind not in required | {*PieceKind.forms(), PieceKind.OTHER}]

    def ticked(self) -> list[PieceKind]:
        """Those that were refused, and the one that the officer comes from."""
        refused = [line.kind for line in self.lines if not line.required and line.piece and line.piece.verdict == Verdict.REFUSED]
        asked = self.request.GET.get("piece")
        return [kind for kind in self.choices() if kind in refused or kind == asked]

    def get_form_kwargs(self) -> dict[str, Any]:
        reasons = {
            line.kind: checking.why(line, on=self.case.authority.today())
            for line in self.lines
            if line.is_missing or not line.required
        }
        return {**super().get_form_kwargs(), "choices": self.choices(), "reasons": reasons}

    def get_initial(self) -> dict[str, Any]:
        return {"kinds": [kind.value for kind in self.ticked()]}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """« Actualiser l’aperçu » shows the letter again and sends nothing."""
        form = self.get_form()
        if "preview" in request.POST:
            return self.render_to_response(self.get_context_data(form=form), status=200 if form.is_valid() else 422)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def act(self, *, kinds: list[str], **cleaned: Any) -> None:
        completeness.request_optional(self.case, kinds=[PieceKind(kind) for kind in kinds], **cleaned)

    def preview(self, form: OptionalRequestForm) -> Letter | None:
        """What the landlord would read, of the form as it stands."""
        if form.is_bound:
            given = form.cleaned_data if form.is_valid() else None
        else:
            reasons = {kind.value: form[f"reason_{kind}"].value() for kind in self.ticked()}
            given = dict(form.initial) | {"reasons": {kind: text for kind, text in reasons.items() if text}}
        if not given or not given["kinds"]:
            return None
        today = self.case.authority.today()
        request = PieceRequest(
            application=self.case,
            pieces=sorted(given["kinds"]),
            reasons=given["reasons"],
            message=given.get("message", ""),
            required=self.is_required,
            requested_on=today,
            respond_by=given.get("respond_by") or today,
        )
        letter = completeness.request_kind(self.case) if self.is_required else self.letter
        return outbox.preview(letter, application=self.case, on=today, request=request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.get("form") or self.get_form()
        return super().get_context_data(
            **kwargs | {"form": form},
            letter=self.preview(form),
            effect=Effect.of(self.case, on=self.case.authority.today()),
            reader=_reader(self.case),
            is_required=self.is_required,
        )


class RequestView(RequestOptionalView):
    """Écran « Demander des pièces » : son effet sur le délai est dit avant l’envoi."""

    form_class = RequestForm
    extra_context = {"title": "Demander des pièces", "send": "Envoyer la demande"}
    nodes = (TASK, "check_answer", "plan_visit", "visit_dwelling", "draft_decision")
    success_message = "La demande de pièces est envoyée. Le délai ne court plus : il partira de la dernière pièce."
    letter = Kind.PIECES_REQUESTED
    is_required = True

    def choices(self) -> list[PieceKind]:
        """Only what the law requires may stop the month (CRPA L.114-5)."""
        return [line.kind for line in self.lines if line.required and line.kind not in PieceKind.forms()]

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        form = super().get_form(form_class)
        if self.case.is_declaration:
            form.fields["respond_by"].help_text = "Un mois au plus. Passé cette date, il faudra une nouvelle déclaration."
        return form

    def ticked(self) -> list[PieceKind]:
        return [line.kind for line in self.lines if line.is_missing and line.kind in self.choices()]

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"respond_by": Effect.of(self.case, on=self.case.authority.today()).respond_by}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_late=completion.is_late_notice(self.case, on=self.case.authority.today()), **kwargs)

    def act(self, *, kinds: list[str], **cleaned: Any) -> None:
        if self.case.is_declaration:
            self.success_message = "L’accusé de réception est envoyé, avec la liste de ce qui manque."
        completeness.request_missing(self.case, kinds=[PieceKind(kind) for kind in kinds], **cleaned)


def _reader(case: Application) -> str:
    """« M. Sorbier », « Hélène Duprat » where no civility is known: who will read what the officer writes."""
    lessor = case.lessors.order_by("position").first()
    if lessor is None:
        return "le bailleur"
    return f"{lessor.get_civility_display()} {lessor.last_name}" if lessor.civility and lessor.last_name else lessor.name


def _number(text: str | None) -> int:
    """A number from an address that anybody may have typed."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
