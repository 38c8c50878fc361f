"""The search of cases: the page of results, and what the box suggests as one types."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView

from accounts.enums import Role
from accounts.requests import SignedInRequest
from workflows import finding


class SearchView(LoginRequiredMixin, TemplateView):
    """Écran « Recherche » : les dossiers que chacun peut lire, et aucun autre."""

    request: SignedInRequest
    template_name = "workflows/search.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The whole number of a case leads to it at once."""
        case = finding.case_named(request.GET.get("q", ""), self.request.user)
        if case is not None:
            return redirect(finding.url_of(case, self.request.user))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        asked = finding.Asked.of(self.request.GET)
        results = finding.results(asked, user)
        return super().get_context_data(
            asked=asked,
            results=results,
            summary=finding.summary(results, asked),
            base="base_agent.html" if user.roles - {Role.AGENT} else "base_public.html",
            **kwargs,
        )


class SuggestionsView(LoginRequiredMixin, TemplateView):
    """Fragment : ce que la recherche propose pendant la frappe."""

    request: SignedInRequest
    template_name = "workflows/_suggestions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("q", "")
        return super().get_context_data(suggestions=finding.suggestions(text, self.request.user), **kwargs)
