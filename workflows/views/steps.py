"""The steps of an application: their order, and what every screen of a draft has in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from permis import permissions
from permis.enums import State
from permis.models import Application
from workflows.views.base import CaseActionView

# The steps by their name in the address, in order.
STEPS = (
    ("location", "La location"),
    ("adresse", "L’adresse"),
    ("logement", "Le logement"),
    ("equipements", "Les équipements"),
    ("bailleur", "Le bailleur"),
    ("diagnostics", "Les diagnostics"),
    ("depot", "Relire et déposer"),
)
NAMES = [name for name, _ in STEPS]


class DraftView(CaseActionView):
    """A screen of a draft: for the person who may still change it; filed, it leads to the follow-up."""

    def respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.case.state != State.DRAFT:
            return redirect(self.follow_up())
        return super().respond(request, *args, **kwargs)

    def is_allowed(self) -> bool:
        return permissions.can_submit(self.case, self.request.user)

    def overtaken(self) -> HttpResponse:
        """A double click: the first one was heard, and its answer is what both were after."""
        return redirect(self.follow_up())

    def follow_up(self) -> str:
        name = "application" if permissions.is_applicant(self.case, self.request.user) else "case"
        return reverse(name, args=[self.case.pk])


class StepView(DraftView):
    """One step of the application: its answers are saved, then the next one opens."""

    template_name = "workflows/step.html"
    step = ""

    def get_success_url(self) -> str:
        following = NAMES[NAMES.index(self.step) + 1]
        return reverse("application-step", args=[self.case.pk, following])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**step_context(self.step, self.case), **kwargs)

    @property
    def place(self) -> int:
        return NAMES.index(self.step) + 1


def step_context(name: str, case: Application | None = None) -> dict[str, Any]:
    """Where the step stands among the others, and the address of the one before."""
    place = NAMES.index(name)
    following = STEPS[place + 1][1] if place + 1 < len(STEPS) else ""
    previous = reverse("application-step", args=[case.pk, NAMES[place - 1]]) if case is not None and place else ""
    return {
        "step": name,
        "step_title": STEPS[place][1],
        "place": place + 1,
        "steps": STEPS,
        "following": following,
        "previous": previous,
    }
