"""Visits: reports, missed appointments, works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from documents.models import StoredFile
from inspections.enums import VisitState
from inspections.models import Visit
from inspections.models.visit import can_inspect as can_inspect_visit
from notifications import outbox
from notifications.enums import Kind
from permis.permissions import can_inspect, can_review
from workflows import filled_grid
from workflows.actions import appointments, inspection
from workflows.forms.intake import ReasonForm
from workflows.guards import TaskGone
from workflows.views.base import CaseActionView


class InspectView(CaseActionView):
    """A screen of the people who visit dwellings."""

    def is_allowed(self) -> bool:
        return can_inspect(self.case, self.request.user)


class WaiveVisitView(CaseActionView):
    """Écran « Décider sans visite »."""

    template_name = "workflows/simple_action.html"
    form_class = ReasonForm
    nodes = ("plan_visit",)
    extra_context = {
        "title": "Décider sans visite",
        "button": "Continuer sans visite",
        "lead": "La visite n’est pas obligatoire. Écrivez pourquoi le dossier suffit : la raison reste au journal.",
    }

    def is_allowed(self) -> bool:
        return can_review(self.case, self.request.user)

    def act(self, **cleaned: Any) -> None:
        inspection.waive_visit(self.case, **cleaned)


class VisitView(InspectView):
    """A screen of one visit, found by its own key."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if request.user.is_authenticated:
            visits = Visit.objects.visible_to(request.user).select_related("inspector", "application__authority")
            self.visit = get_object_or_404(visits, pk=kwargs["pk"])
            kwargs["pk"] = self.visit.application_id
        super().setup(request, *args, **kwargs)

    @cached_property
    def grid_files(self) -> list[StoredFile]:
        """The pages of the grid filled in by hand, for the screens that show them."""
        return filled_grid.of(self.visit)

    def is_allowed(self) -> bool:
        return can_inspect_visit(self.visit, self.request.user)

    def get_success_url(self) -> str:
        """Back to the case, or to their visits for somebody from outside, who reads no case."""
        return super().get_success_url() if can_inspect(self.case, self.request.user) else reverse("visit-day")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(visit=self.visit, **kwargs)


class PlannedVisitView(VisitView):
    """A screen that changes an appointment to come: 409 once it took place or was cancelled."""

    def require_current(self) -> None:
        super().require_current()
        if self.visit.state != VisitState.PLANNED:
            raise TaskGone


class VisitFailedView(PlannedVisitView):
    """An appointment without a visit: what is written down, and the message that leaves, are said before."""

    template_name = "workflows/visit_failed.html"
    form_class = Form
    action: Callable[..., Visit]
    message: Kind

    def act(self, **cleaned: Any) -> None:
        type(self).action(self.visit, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.case.authority.today()
        return super().get_context_data(
            letter=outbox.preview(self.message, application=self.case, on=today, visit=self.visit),
            recipients=outbox.recipients(self.message, self.case),
            **kwargs,
        )


class NoShowView(VisitFailedView):
    """Écran « Personne au rendez-vous »."""

    action = staticmethod(inspection.record_no_show)
    message = Kind.VISIT_MISSED
    success_message = "L’absence est constatée, le bailleur en est averti. Le délai court toujours."
    extra_context = {
        "title": "Personne au rendez-vous",
        "lead": "L’absence est inscrite au journal. Une autre visite pourra être planifiée.",
        "button": "Constater l’absence",
    }


class AccessRefusedView(VisitFailedView):
    """Écran « Accès refusé »."""

    action = staticmethod(inspection.record_access_refused)
    message = Kind.ACCESS_REFUSED
    success_message = "Le refus d’accès est constaté, le responsable en est averti. Le délai court toujours."
    extra_context = {
        "title": "Accès refusé",
        "lead": "Le refus est inscrit au journal. Le juge peut autoriser la visite (CCH L. 635-3).",
        "button": "Constater le refus d’accès",
    }


class CancelVisitView(VisitFailedView):
    """Écran « Annuler la visite »."""

    is_allowed = InspectView.is_allowed  # the service's to change, never an operator's
    action = staticmethod(appointments.cancel_visit)
    message = Kind.VISIT_CANCELLED
    success_message = "Le rendez-vous est annulé, le bailleur en est averti."
    extra_context = {
        "title": "Annuler la visite",
        "lead": "Le rendez-vous disparaît de la journée de visites. Un autre pourra être planifié.",
        "button": "Annuler ce rendez-vous",
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        occupant = [self.visit.occupant_email] if self.visit.occupant_email else []
        return context | {"recipients": [*context["recipients"], *occupant]}
