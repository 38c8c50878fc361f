"""What waits for a signatory: the list, several decisions read one after another, and what became of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import ListView, TemplateView

from accounts.enums import Role
from documents import rendering
from documents.models import Act
from documents.wording.decisions import IncompleteDecision
from permis import visas
from permis.enums import Outcome
from territories.text import row_keys
from workflows.actions import batch, decision
from workflows.models import WorkItem
from workflows.powers import NoSignaturePower
from workflows.presentation import Badge, ClockChip
from workflows.views.screens import RoleScreen

# As many as a person reads with attention, and as a page of the list shows.
AT_ONCE = 25


class SignatoryScreen(RoleScreen):
    """Screens of people who sign for an authority."""

    roles = (Role.SIGNATORY,)

    def waiting(self, *nodes: str) -> QuerySet[WorkItem]:
        """The tasks of a signatory, the most urgent first."""
        items = WorkItem.objects.filter(authority__in=self.held, node__in=nodes)
        related = ("application__dwelling", "application__commune", "application__authority", "application__decision__drafted_by")
        return items.select_related(*related).order_by(F("legal_date").asc(nulls_last=True), "application_id")


class SignatureListView(SignatoryScreen, ListView):
    """Écran « Décisions à signer »."""

    template_name = "workflows/signature_list.html"
    context_object_name = "items"
    paginate_by = AT_ONCE

    def get_queryset(self) -> QuerySet[WorkItem]:
        return self.waiting("sign_decision", "lift_conditions").annotate(works=Count("application__decision__works"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for item in context["items"]:
            item.chip = ClockChip.of(item.application, today=item.application.authority.today())
            item.badge = Badge.of(Outcome(item.application.decision.outcome).state)
        return context


class BatchView(SignatoryScreen, TemplateView):
    """Écran « Lire et signer ensemble » : chaque acte est montré, coché, puis signé pour lui-même."""

    template_name = "workflows/batch.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if chosen := self.chosen():
            return self.render_to_response(self.get_context_data(chosen=chosen))
        messages.error(request, "Cochez au moins une décision qui attend encore votre signature.")
        return redirect("signature-list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ticked = row_keys(self.request.POST.getlist("acte"))[:AT_ONCE]
        acts = Act.objects.filter(pk__in=ticked, application__authority__in=self.held)
        found = acts.select_related("application__authority", "application__commune", "application__dwelling").in_bulk()
        signings = [(act, act.authority.today()) for key in dict.fromkeys(ticked) if (act := found.get(key))]
        if not signings:
            chosen = self.chosen()
            context = self.get_context_data(chosen=chosen, error="Cochez au moins une décision que vous avez lue.")
            return self.render_to_response(context, status=422) if chosen else redirect("signature-list")
        results = batch.sign_all(signings, by=self.request.user)
        signed = [result for result in results if not result.obstacle]
        context = {"signed": signed, "unsigned": [result for result in results if result.obstacle]}
        return render(request, "workflows/batch_results.html", context, status=200 if signed else 422)

    def chosen(self) -> list[WorkItem]:
        """What was ticked on the list and still waits for a signature; each with its preview, or why there is none."""
        keys = row_keys(self.request.GET.getlist("dossier"))[:AT_ONCE]
        items = list(self.waiting("sign_decision").filter(application__in=keys))
        for item in items:
            self._preview(item)
        return items

    def _preview(self, item: Any) -> None:
        case, today = item.application, item.application.authority.today()
        item.chip, item.badge = ClockChip.of(case, today=today), Badge.of(Outcome(case.decision.outcome).state)
        item.act, item.pages, item.obstacle, item.given = None, (), "", visas.standing(case.decision)
        try:
            item.act = decision.preview(case, by=self.request.user, on=today)
        except (NoSignaturePower, IncompleteDecision) as error:
            item.obstacle = str(error)
        else:
            item.pages = rendering.page_numbers(item.act.content)
