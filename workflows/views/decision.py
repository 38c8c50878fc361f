"""Decisions: the draft, the signature, the lifting of conditions; `notification` has how they reach people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import ListView

from accounts.enums import Role
from accounts.requests import SignedInRequest
from documents import rendering
from documents.models import Act
from permis.enums import Outcome
from permis.models import Decision
from permis.permissions import can_review, can_sign
from workflows import takeover
from workflows.actions import afterlife, decision
from workflows.forms.decision import DraftForm, OutsideSignatureForm, RevocationForm, SignForm, WorkFormSet
from workflows.forms.fields import with_one_more
from workflows.forms.intake import ReasonForm
from workflows.models import WorkItem
from workflows.presentation import ClockChip
from workflows.views.base import ANSWERS, CaseActionView

# Beyond that many findings each one is folded under its name.
SHORT = 6


class SignatureListView(LoginRequiredMixin, ListView):
    """Écran « Décisions à signer »."""

    request: SignedInRequest
    template_name = "workflows/signature_list.html"
    context_object_name = "items"
    paginate_by = 25

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if Role.SIGNATORY not in request.user.roles:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[WorkItem]:
        items = WorkItem.objects.filter(
            authority__in=self.request.user.authorities_as(Role.SIGNATORY), node__in=["sign_decision", "lift_conditions"]
        )
        related = ("application__dwelling", "application__commune", "application__authority", "application__decision__drafted_by")
        return items.select_related(*related).order_by(F("legal_date").asc(nulls_last=True), "application_id")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for item in context["items"]:
            item.chip = ClockChip.of(item.application, today=item.application.authority.today())
        return context


class DraftDecisionView(CaseActionView):
    """Écran « Préparer la décision » : sens, motifs, travaux, considérants."""

    template_name = "workflows/draft.html"
    form_class = DraftForm
    nodes = ("draft_decision", "sign_decision")

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.known = Decision.objects.filter(application=self.case).first()
            self.visit = takeover.last_visit(self.case)
            self.proposal = takeover.proposal(self.visit)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.known}

    def get_initial(self) -> dict[str, Any]:
        return {} if self.known is not None else takeover.draft(self.proposal)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form, works = self.get_form(), self._works(request.POST)
        if "add" in request.POST:
            more = self._works(with_one_more(request.POST, "works"))
            return self.render_to_response(self.get_context_data(form=form, works=more))
        if not (form.is_valid() & works.is_valid()):
            return self.render_to_response(self.get_context_data(form=form, works=works), status=422)
        try:
            decision.propose_decision(
                self.case,
                works=works.prescribed,
                by=self.request.user,
                on=self.case.authority.today(),
                **{**form.cleaned_data, "outcome": Outcome(form.cleaned_data["outcome"])},
            )
        except ANSWERS as answer:
            form.add_error(None, str(answer))
            return self.render_to_response(self.get_context_data(form=form, works=works), status=422)
        return redirect(self.get_success_url())

    def _works(self, data: Any = None) -> Any:
        """The works of the draft, or those that the findings of the last report call for."""
        return WorkFormSet(data, prefix="works") if data else WorkFormSet(prefix="works", initial=self._known_works())

    def _known_works(self) -> list[dict[str, Any]]:
        names = WorkFormSet.form._meta.fields or ()
        if self.known is not None and self.known.works.exists():
            return [{name: getattr(work, name) for name in names} for work in self.known.works.order_by("position")]
        return takeover.works(self.visit, on=self.case.authority.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "works" not in kwargs:
            kwargs["works"] = self._works()
        findings = takeover.findings_of(self.visit)
        is_long = len(kwargs["works"]) > SHORT
        return super().get_context_data(is_long=is_long, visit=self.visit, findings=findings, suggestion=self.proposal, **kwargs)


class SignView(CaseActionView):
    """Écran « Signer la décision » : l’acte affiché est celui qui sera scellé."""

    template_name = "workflows/sign.html"
    form_class = SignForm
    nodes = ("sign_decision",)
    success_message = "La décision est signée. Il reste à la notifier."

    def is_allowed(self) -> bool:
        return can_sign(self.case, self.request.user)

    def act(self, *, act: int, by: Any, on: date) -> None:
        decision.sign(self.case, act=get_object_or_404(Act, pk=act, application=self.case), by=by, on=on)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.case.authority.today()
        try:
            preview = decision.preview(self.case, by=self.request.user, on=today)
            obstacle = ""
        except decision.NoSignaturePower as error:
            preview, obstacle = None, str(error)
        return super().get_context_data(
            preview=preview,
            pages=range(1, rendering.page_count(preview.content) + 1) if preview else (),
            obstacle=obstacle,
            decision=Decision.objects.select_related("drafted_by").prefetch_related("works").get(application=self.case),
            chip=ClockChip.of(self.case, today=today),
            **kwargs,
        )


class SendBackView(CaseActionView):
    """Écran « Renvoyer au service »."""

    template_name = "workflows/simple_action.html"
    form_class = ReasonForm
    nodes = ("sign_decision",)
    success_message = "Le projet est renvoyé au service."
    extra_context = {
        "title": "Renvoyer le projet au service",
        "button": "Renvoyer",
        "lead": "Dites ce qu’il faut revoir. Le délai court toujours.",
    }

    def is_allowed(self) -> bool:
        return can_sign(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        decision.send_back(self.case, **cleaned)


class SignOutsideView(CaseActionView):
    """Écran « Signature sur papier » : l’acte signé revient numérisé et devient l’acte."""

    template_name = "workflows/sign_outside.html"
    form_class = OutsideSignatureForm
    nodes = ("sign_decision",)
    success_message = "L’acte signé est enregistré. Il reste à le notifier."

    def is_allowed(self) -> bool:
        return can_sign(self.case, self.request.user) or can_review(self.case, self.request.user)

    def act(self, *, scan: Any, **cleaned: Any) -> None:
        decision.sign_outside(self.case, scan=scan.read(), **cleaned)


class LiftView(CaseActionView):
    """Écran « Lever les conditions »."""

    template_name = "workflows/simple_action.html"
    form_class = Form
    nodes = ("lift_conditions",)
    success_message = "Les conditions sont levées. L’acte est envoyé au bailleur."
    extra_context = {
        "title": "Lever les conditions",
        "button": "Lever les conditions",
        "lead": "Tous les travaux prescrits sont constatés. L’acte de levée est signé en votre nom ; la durée de l’autorisation ne change pas.",
    }

    def is_allowed(self) -> bool:
        return can_sign(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        decision.lift_conditions(self.case, **cleaned)


class RevokeView(CaseActionView):
    """Écran « Retirer l’autorisation »."""

    template_name = "workflows/simple_action.html"
    form_class = RevocationForm
    success_message = "L’autorisation est retirée."
    extra_context = {
        "title": "Retirer l’autorisation",
        "button": "Retirer l’autorisation",
        "lead": "Seule une autorisation illégale peut être retirée, dans les quatre mois, après une procédure contradictoire (CRPA L. 242-1).",
    }

    def is_allowed(self) -> bool:
        return can_sign(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        afterlife.revoke(self.case, **cleaned)
