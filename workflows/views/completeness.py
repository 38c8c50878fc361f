"""The completeness check, requests for pieces, and what they do to the clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from documents.enums import Verdict
from documents.models import Piece
from permis import deadlines
from permis.enums import PieceKind
from permis.permissions import can_manage, can_review
from workflows import dossier
from workflows.actions import completeness
from workflows.forms.completeness import CounterPieceForm, RequestForm, VerdictForm
from workflows.forms.intake import ReasonForm
from workflows.views.base import CaseActionView
from workflows.views.pieces import add_files


class ReviewView(CaseActionView):
    """A screen of the people who review cases."""

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)


class CheckView(ReviewView):
    """Écran « Vérifier les pièces »."""

    template_name = "workflows/check.html"
    form_class = Form
    nodes = ("check_pieces",)
    success_message = "Le dossier est complet. Le récépissé est envoyé."

    def act(self, **cleaned: Any) -> None:
        completeness.declare_complete(self.case, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.case.authority.today()
        lines = dossier.checklist(self.case, on=today)
        return super().get_context_data(
            lines=lines,
            missing=[line for line in lines if line.is_missing],
            if_asked=deadlines.tacit_on(today),
            **kwargs,
        )


class VerdictView(ReviewView):
    """Écran « Cette pièce convient-elle ? »."""

    template_name = "workflows/verdict.html"
    form_class = VerdictForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            pieces = Piece.objects.current().select_related("file")
            self.piece = get_object_or_404(pieces, pk=kwargs["piece"], application=self.case)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_form_kwargs(),
            "piece": self.piece,
            "initial": {"verdict": self.piece.verdict, "reason": self.piece.reason},
        }

    def act(self, *, verdict: str, **cleaned: Any) -> None:
        completeness.check_piece(self.piece, verdict=Verdict(verdict), **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(piece=self.piece, **kwargs)

    def get_success_url(self) -> str:
        return reverse("case-check", args=[self.case.pk]) if self.case.state == "submitted" else self.case.get_absolute_url()


class RequestView(ReviewView):
    """Écran « Demander des pièces » : son effet sur le délai est dit avant l’envoi."""

    template_name = "workflows/request.html"
    form_class = RequestForm
    nodes = ("check_pieces", "plan_visit", "visit_dwelling", "draft_decision")
    success_message = "La demande de pièces est envoyée. Le délai ne court plus : il partira de la dernière pièce."

    def get_form_kwargs(self) -> dict[str, Any]:
        self.lines = dossier.checklist(self.case, on=self.case.authority.today())
        required = [line.kind for line in self.lines if line.required and line.kind != PieceKind.FORM]
        return {**super().get_form_kwargs(), "required": required}

    def get_initial(self) -> dict[str, Any]:
        today = self.case.authority.today()
        missing = [line.kind.value for line in dossier.checklist(self.case, on=today) if line.is_missing]
        return {"kinds": missing, "respond_by": deadlines.add_months(today, 1)}

    def act(self, *, kinds: list[str], **cleaned: Any) -> None:
        refused = {line.kind.value: line.piece.reason for line in self.lines if line.piece is not None and line.piece.reason}
        reasons = {kind: refused[kind] for kind in kinds if kind in refused}
        completeness.request_missing(self.case, kinds=[PieceKind(kind) for kind in kinds], reasons=reasons, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.case.authority.today()
        return super().get_context_data(if_all_came_today=deadlines.tacit_on(today), **kwargs)


class RemindView(ReviewView):
    """Écran « Relancer le bailleur »."""

    template_name = "workflows/remind.html"
    form_class = Form
    nodes = ("provide_pieces",)
    success_message = "La relance est envoyée."

    def act(self, **cleaned: Any) -> None:
        completeness.remind(self.case, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(request_open=self.case.open_request(), **kwargs)


class CloseView(CaseActionView):
    """Écran « Classer sans suite »."""

    template_name = "workflows/simple_action.html"
    form_class = Form
    nodes = ("provide_pieces",)
    success_message = "Le dossier est classé sans suite."
    extra_context = {
        "title": "Classer sans suite",
        "button": "Classer sans suite",
        "lead": "Le demandeur n’a pas fourni les pièces, même après une relance. La décision lui est envoyée avec les voies de recours.",
    }

    def is_allowed(self) -> bool:
        return can_manage(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        completeness.close_incomplete(self.case, **cleaned)


class OutOfScopeView(ReviewView):
    """Écran « Dire hors champ »."""

    template_name = "workflows/simple_action.html"
    form_class = ReasonForm
    nodes = ("check_pieces",)
    success_message = "La réponse « hors champ » est envoyée."
    extra_context = {
        "title": "Cette location est hors champ",
        "button": "Répondre que la demande est hors champ",
        "lead": "Le dossier est clos sans décision. Écrivez la raison : le bailleur la lira dans la lettre.",
    }

    def act(self, **cleaned: Any) -> None:
        completeness.set_out_of_scope(self.case, **cleaned)


class AddPieceView(ReviewView):
    """Écran « Ajouter une pièce » du service, pour ce qui arrive au guichet ou par courrier."""

    template_name = "workflows/add_piece.html"
    form_class = CounterPieceForm
    success_message = "La pièce est enregistrée."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "today": self.case.authority.today()}

    def act(self, *, by: Any, on: date, received_on: date, **given: Any) -> None:
        add_files(self.case, by=by, on=received_on, **given)
