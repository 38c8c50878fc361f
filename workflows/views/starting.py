"""Where an application begins: the landlord’s list and first step, and what the service enters for somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import ListView

from accounts.enums import Role
from accounts.models import Organisation
from accounts.requests import SignedInRequest
from permis import deadlines
from permis.enums import State, TransferState
from permis.models import Application, Transfer
from territories import competence
from territories.enums import Regime
from territories.models import Commune
from workflows import prefill
from workflows.actions import intake
from workflows.forms.intake import DeclarationEntryForm, DeclarationForm, EntryForm, LettingForm
from workflows.views.screens import FormScreen, RoleScreen
from workflows.views.steps import step_context

# What a first step may be answered, and the field that says it.
FIELD_OF_ERROR: dict[type[Exception], str] = {
    competence.NoAuthority: "commune",
    intake.LeaseNotSigned: "lease_signed_on",
    intake.PostedAfterReception: "posted_on",
}
START_ERRORS: tuple[type[Exception], ...] = tuple(FIELD_OF_ERROR)


class ApplicationList(LoginRequiredMixin, ListView):
    """Écran « Mes demandes »."""

    request: SignedInRequest
    template_name = "workflows/application_list.html"
    context_object_name = "applications"
    paginate_by = 25

    def get_queryset(self) -> QuerySet[Application]:
        cases = Application.objects.of_applicant(self.request.user)
        return cases.select_related("commune", "dwelling", "authority").waiting_first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        filed = Transfer.objects.declared_by(user).select_related("application")
        given_up = Transfer.objects.given_up_by(user).select_related("application")
        return super().get_context_data(
            can_declare=communes_with_a_zone(Regime.DML).exists(),
            next_to_lapse=_next_to_lapse(self.get_queryset()),
            transfers=filed.exclude(state=TransferState.EFFECTIVE).order_by("-pk")[:10],
            given_up=given_up.order_by("-pk")[:10],
            **kwargs,
        )


class StartView(LoginRequiredMixin, FormScreen):
    """Écran « Nouvelle demande », ou « Nouvelle déclaration », du bailleur : première étape."""

    request: SignedInRequest
    template_name = "workflows/step.html"

    @property
    def regime(self) -> Regime:
        return asked_regime(self.request)

    def get_form_class(self) -> type[LettingForm]:
        return DeclarationForm if self.regime == Regime.DML else LettingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "communes": communes_with_a_zone(self.regime)}

    def get_initial(self) -> dict[str, Any]:
        return prefill.of_letting(self.request.session, self.regime) if "concerne" in self.request.GET else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        other = Regime.APML if self.regime == Regime.DML else Regime.DML
        return super().get_context_data(
            **step_context("location"),
            is_start=True,
            is_declaration=self.regime == Regime.DML,
            has_other_regime=communes_with_a_zone(other).exists(),
            **kwargs,
        )

    def form_valid(self, form: Form) -> HttpResponse:
        if not ratelimit.consume(self.request, action="new_draft"):
            return ratelimit.respond_429(self.request)
        answers = form.cleaned_data
        organisation = Organisation.objects.filter(pk__in=self.request.user.organisations).first()
        try:
            application = intake.start(
                by=self.request.user,
                on=_today(answers["commune"]),
                regime=self.regime,
                organisation=organisation,
                **answers,
            )
        except START_ERRORS as error:
            form.add_error(FIELD_OF_ERROR[type(error)], str(error))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        prefill.belong(self.request.session, application)
        return redirect("application-step", pk=application.pk, step="adresse")


class EntryView(RoleScreen, FormScreen):
    """Écran « Saisir une demande », ou « Saisir une déclaration », du service : papier, guichet ou courriel."""

    roles = (Role.OFFICER, Role.MANAGER)
    template_name = "workflows/entry.html"

    @property
    def regime(self) -> Regime:
        return asked_regime(self.request)

    def get_form_class(self) -> type[LettingForm]:
        return DeclarationEntryForm if self.regime == Regime.DML else EntryForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "communes": communes_of(self.held, self.regime)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_declaration = self.regime == Regime.DML
        other = Regime.APML if is_declaration else Regime.DML
        return super().get_context_data(
            is_declaration=is_declaration, has_other_regime=communes_of(self.held, other).exists(), **kwargs
        )

    def form_valid(self, form: Form) -> HttpResponse:
        answers = dict(form.cleaned_data)
        received_on = answers.pop("received_on")
        today = _today(answers["commune"])
        if received_on > today:
            form.add_error("received_on", str(intake.NotYetReceived()))
            return self.form_invalid(form)
        try:
            application = intake.start(by=self.request.user, on=today, regime=self.regime, received_on=received_on, **answers)
        except START_ERRORS as error:
            form.add_error(FIELD_OF_ERROR[type(error)], str(error))
            return self.form_invalid(form)
        return redirect("application-step", pk=application.pk, step="adresse")


def asked_regime(request: HttpRequest) -> Regime:
    """The regime that the address asks for: a permit, unless it says « DML »."""
    return Regime.DML if request.GET.get("regime") == Regime.DML else Regime.APML


def communes_with_a_zone(regime: Regime) -> QuerySet[Commune]:
    """Where a permit may be asked for, or a letting declared: the communes of a zone."""
    return Commune.objects.filter(zones__regime=regime).distinct().order_by("sort_key")


def communes_of(authorities: set[int], regime: Regime) -> QuerySet[Commune]:
    return Commune.objects.filter(zones__authority__in=authorities, zones__regime=regime).distinct().order_by("sort_key")


def _today(commune: Commune) -> date:
    """The day it is for the authority of the commune."""
    return commune.zones.select_related("authority").order_by("pk")[0].authority.today()


def _next_to_lapse(cases: QuerySet[Application]) -> dict[str, Any] | None:
    """The permit whose two years end first among those that no lease used."""
    case = cases.filter(state__in=State.authorising(), valid_until__isnull=False).order_by("valid_until", "pk").first()
    if case is None or case.valid_until is None:
        return None
    days = max((case.valid_until - case.authority.today()).days, 0)
    return {"case": case, "days": days, "is_near": days <= max(deadlines.LAPSE_WARNING_DAYS)}
