"""Decisions: the draft, the signature, the lifting of conditions; `notification` has how they reach people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from documents import rendering
from documents.models import Act
from permis import grounds, rules, visas
from permis.enums import Outcome
from permis.models import Decision
from permis.permissions import can_review, can_send_back, can_sign
from permis.rules import Rule
from workflows import afterlife_panels, takeover
from workflows.actions import decision
from workflows.forms.decision import DraftForm, OutsideSignatureForm, SignForm, WorkFormSet
from workflows.forms.fields import with_one_more
from workflows.forms.intake import ReasonForm
from workflows.powers import NoSignaturePower, signature_power
from workflows.presentation import ClockChip
from workflows.views.base import ANSWERS, CaseActionView

# Beyond that many findings each one is folded under its name.
SHORT = 6


class DraftDecisionView(CaseActionView):
    """Écran « Préparer la décision » : sens, motifs, travaux, considérants."""

    template_name = "workflows/draft.html"
    form_class = DraftForm
    nodes = ("draft_decision", "visa_decision", "sign_decision")

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.known = Decision.objects.filter(application=self.case).first()
            self.visit = takeover.last_visit(self.case)
            self.proposal = takeover.proposal(self.visit)
            today = self.case.authority.today()
            prior = rules.value(self.case.authority, Rule.DEFAULT_MODE, on=today)
            self.mode = takeover.mode_of(self.proposal, prior_by_default=prior)
            leases = self.case.separate_leases
            self.grounds = grounds.selectable(on=today, regime=self.case.regime, separate_leases=leases)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.known, "grounds": self.grounds}

    def get_initial(self) -> dict[str, Any]:
        return {} if self.known is not None else takeover.draft(self.proposal, mode=self.mode)

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
        return takeover.works(self.visit, mode=self.mode, on=self.case.authority.today())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "works" not in kwargs:
            kwargs["works"] = self._works()
        findings = takeover.findings_of(self.visit)
        is_long = len(kwargs["works"]) > SHORT
        seen = (self.case, self.request.user, self.case.authority.today())
        return super().get_context_data(
            is_long=is_long,
            visit=self.visit,
            findings=findings,
            suggestion=self.proposal,
            grounds=self.grounds,
            doubtful=self.case.order_matches.to_settle().exists(),
            commitments=afterlife_panels.commitments(*seen),
            works_asked=afterlife_panels.works_asked(*seen),
            **kwargs,
        )


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
        draft = Decision.objects.select_related("drafted_by").prefetch_related("works").get(application=self.case)
        try:
            preview = decision.preview(self.case, by=self.request.user, on=today)
            obstacle = ""
        except NoSignaturePower as error:
            preview, obstacle = None, str(error)
        return super().get_context_data(
            preview=preview,
            pages=rendering.page_numbers(preview.content) if preview else (),
            obstacle=obstacle,
            decision=draft,
            given=visas.standing(draft),
            replaces=bool(preview) and self._is_replacement(today),
            doubtful=self.case.order_matches.to_settle().exists(),
            chip=ClockChip.of(self.case, today=today),
            **kwargs,
        )

    def _is_replacement(self, today: date) -> bool:
        """They sign in the absence of somebody else, and are told so."""
        outcome = self.case.decision.outcome
        return signature_power(self.case, by=self.request.user, on=today, outcome=outcome).is_replacement


class SendBackView(CaseActionView):
    """Écran « Renvoyer au service »."""

    template_name = "workflows/simple_action.html"
    form_class = ReasonForm
    nodes = ("visa_decision", "sign_decision")
    success_message = "Le projet est renvoyé au service."
    extra_context = {
        "title": "Renvoyer le projet au service",
        "button": "Renvoyer",
        "lead": "Dites ce qu’il faut revoir. Le délai court toujours.",
    }

    def is_allowed(self) -> bool:
        return can_send_back(self.case, self.request.user)

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
