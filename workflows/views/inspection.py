"""Visits: the day of an inspector, appointments, reports, works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import ListView

from accounts.enums import Role
from accounts.requests import SignedInRequest
from inspections.enums import Conclusion, VisitState
from inspections.models import Visit
from notifications import outbox
from notifications.enums import Kind
from permis.permissions import can_inspect, can_review
from territories.models import Authority
from workflows.actions import inspection
from workflows.forms.fields import DayField, with_one_more
from workflows.forms.inspection import FindingFormSet, ReportForm, VisitForm
from workflows.forms.intake import ReasonForm
from workflows.views.base import ANSWERS, CaseActionView


class VisitDayView(LoginRequiredMixin, ListView):
    """Écran « Visites » du jour."""

    request: SignedInRequest
    template_name = "workflows/visit_day.html"
    context_object_name = "visits"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        authorities = request.user.authorities_as(Role.OFFICER, Role.INSPECTOR, Role.MANAGER)
        if not authorities:
            raise PermissionDenied
        self.authority = Authority.objects.filter(pk__in=authorities).order_by("pk")[0]
        today = self.authority.today()
        self.day = _day(request.GET.get("jour", "")) or today
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Visit]:
        start = timezone.make_aware(datetime.combine(self.day, time.min), self.authority.zone_info)
        visits = Visit.objects.visible_to(self.request.user).filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
        related = ("application__dwelling", "application__commune", "application__authority", "inspector")
        return visits.select_related(*related).prefetch_related("application__lessors", "works").order_by("starts_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            day=self.day,
            today=self.authority.today(),
            before=self.day - timedelta(days=1),
            after=self.day + timedelta(days=1),
            **kwargs,
        )


class InspectView(CaseActionView):
    """A screen of the people who visit dwellings."""

    def is_allowed(self) -> bool:
        return can_inspect(self.case, self.request.user)


class PlanVisitView(InspectView):
    """Écran « Planifier une visite »."""

    template_name = "workflows/plan_visit.html"
    form_class = VisitForm
    nodes = ("plan_visit", "check_works")
    success_message = "La visite est planifiée. La convocation est envoyée."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "case": self.case, "user": self.request.user}

    def form_valid(self, form: VisitForm) -> HttpResponse:
        self.slot, self.purpose = form.slot, form.purpose
        return super().form_valid(form)

    def act(self, *, by: Any, on: date, inspector: Any, instructions: str, **_: Any) -> None:
        inspection.plan_visit(
            self.case, inspector=inspector, instructions=instructions, purpose=self.purpose, by=by, on=on, **self.slot
        )


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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(visit=self.visit, **kwargs)


class ReportView(VisitView):
    """Écran « Compte rendu de visite »."""

    template_name = "workflows/report.html"
    form_class = ReportForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.visit}

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form, findings = self.get_form(), FindingFormSet(request.POST, prefix="findings")
        if "add" in request.POST:
            return self._with_one_more(form)
        if not (form.is_valid() & findings.is_valid()):
            return self.render_to_response(self.get_context_data(form=form, findings=findings), status=422)
        seen = [
            {name: value for name, value in data.items() if name != "DELETE"}
            for data in findings.cleaned_data
            if data and not data.get("DELETE")
        ]
        report = dict(form.cleaned_data)
        try:
            inspection.record_visit(
                self.visit,
                conclusion=Conclusion(report.pop("conclusion")),
                findings=seen,
                by=self.request.user,
                on=self.case.authority.today(),
                **report,
            )
        except ANSWERS as answer:
            form.add_error(None, str(answer))
            return self.render_to_response(self.get_context_data(form=form, findings=findings), status=422)
        return redirect(self.get_success_url())

    def _with_one_more(self, form: Form) -> HttpResponse:
        data = with_one_more(self.request.POST, "findings")
        return self.render_to_response(self.get_context_data(form=form, findings=FindingFormSet(data, prefix="findings")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("findings", FindingFormSet(prefix="findings"))
        return super().get_context_data(**kwargs)


class VisitFailedView(VisitView):
    """An appointment without a visit: what is written down, and the message that leaves, are said before."""

    template_name = "workflows/visit_failed.html"
    form_class = Form
    action: Callable[..., Visit]
    message: Kind

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and self.is_allowed() and self.visit.state != VisitState.PLANNED:
            return self.overtaken()
        return super().dispatch(request, *args, **kwargs)

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

    action = staticmethod(inspection.cancel_visit)
    message = Kind.VISIT_CANCELLED
    success_message = "Le rendez-vous est annulé, le bailleur en est averti."
    extra_context = {
        "title": "Annuler la visite",
        "lead": "Le rendez-vous disparaît de la journée de visites. Un autre pourra être planifié.",
        "button": "Annuler ce rendez-vous",
    }


def _day(text: str) -> date | None:
    """The day of an address, if it is one that a person may have meant."""
    try:
        return DayField(required=False).clean(text)
    except ValidationError:
        return None
