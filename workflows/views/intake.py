"""The application in steps, saved at each one, by a landlord, an agent, or the service for somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import FormView, ListView

from accounts.enums import Role
from accounts.models import Organisation
from accounts.requests import SignedInRequest
from notifications import account_mail
from permis import deadlines, sheet
from permis.enums import Channel, State, TransferState
from permis.models import Application, Transfer
from territories import competence
from territories.enums import Regime
from territories.models import Commune, Zone
from workflows import dossier, guidance
from workflows.actions import intake
from workflows.effects import Effect
from workflows.forms.fields import with_one_more
from workflows.forms.intake import (
    AddressForm,
    AgentForm,
    DepositForm,
    DwellingForm,
    EntryForm,
    EquipmentForm,
    LessorFormSet,
    LettingForm,
)
from workflows.views.pieces import PiecesStep
from workflows.views.steps import STEPS, DraftView, StepView, step_context


class ApplicationList(LoginRequiredMixin, ListView):
    """Écran « Mes demandes »."""

    request: SignedInRequest
    template_name = "workflows/application_list.html"
    context_object_name = "applications"
    paginate_by = 25

    def get_queryset(self) -> QuerySet[Application]:
        cases = Application.objects.of_applicant(self.request.user)
        return cases.select_related("commune", "dwelling", "authority").order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        filed = Transfer.objects.filter(filed_by=user).select_related("application")
        given_up = Transfer.objects.given_up_by(user).select_related("application")
        return super().get_context_data(
            next_to_lapse=_next_to_lapse(self.get_queryset()),
            transfers=filed.exclude(state=TransferState.EFFECTIVE).order_by("-pk")[:10],
            given_up=given_up.order_by("-pk")[:10],
            **kwargs,
        )


class StartView(LoginRequiredMixin, FormView):
    """Écran « Nouvelle demande » du bailleur : première étape."""

    request: SignedInRequest
    template_name = "workflows/step.html"
    form_class = LettingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "communes": communes_with_a_zone()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**step_context("location"), **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        if not ratelimit.consume(self.request, action="new_draft"):
            return ratelimit.respond_429(self.request)
        answers = form.cleaned_data
        organisation = Organisation.objects.filter(pk__in=self.request.user.organisations).first()
        try:
            application = intake.start(by=self.request.user, on=_today(answers["commune"]), organisation=organisation, **answers)
        except competence.NoAuthority as error:
            form.add_error("commune", str(error))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return redirect("application-step", pk=application.pk, step="adresse")

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class EntryView(LoginRequiredMixin, FormView):
    """Écran « Saisir une demande » du service : papier, guichet ou courriel."""

    request: SignedInRequest
    template_name = "workflows/entry.html"
    form_class = EntryForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not request.user.authorities_as(Role.OFFICER, Role.MANAGER):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        authorities = self.request.user.authorities_as(Role.OFFICER, Role.MANAGER)
        return {**super().get_form_kwargs(), "communes": communes_of(authorities)}

    def form_valid(self, form: Form) -> HttpResponse:
        answers = dict(form.cleaned_data)
        received_on = answers.pop("received_on")
        today = _today(answers["commune"])
        if received_on > today:
            form.add_error("received_on", str(intake.NotYetReceived()))
            return self.form_invalid(form)
        try:
            application = intake.start(by=self.request.user, on=today, received_on=received_on, **answers)
        except competence.NoAuthority as error:
            form.add_error("commune", str(error))
            return self.form_invalid(form)
        return redirect("application-step", pk=application.pk, step="adresse")

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class LettingStep(StepView):
    """Écran « La location » ; le service y change aussi la date de réception qu’il a saisie."""

    step = "location"

    def get_form_class(self) -> type[LettingForm]:
        return LettingForm if self.case.channel == Channel.ONLINE else EntryForm

    def get_form_kwargs(self) -> dict[str, Any]:
        communes = Commune.objects.filter(pk=self.case.commune_id)
        return {**super().get_form_kwargs(), "communes": communes, "instance": self.case}

    def act(self, *, by: Any, on: date, **answers: Any) -> None:
        if (received_on := answers.get("received_on")) and received_on > on:
            raise intake.NotYetReceived
        intake.answer(self.case, by=by, step=self.place, **answers)


class AddressStep(StepView):
    """Écran « L’adresse »."""

    step = "adresse"
    form_class = AddressForm

    def get_form_kwargs(self) -> dict[str, Any]:
        zones = Zone.objects.filter(commune=self.case.commune, regime=self.case.regime)
        return {
            **super().get_form_kwargs(),
            "commune": self.case.commune,
            "zones": zones.in_force(self.case.authority.today()).order_by("name"),
            "instance": getattr(self.case, "dwelling", None),
            "initial": {"zone": self.case.zone_id},
        }

    def act(self, *, by: Any, on: date, zone: Zone | None, **answers: Any) -> None:
        intake.describe_dwelling(self.case, by=by, step=self.place, **answers)
        intake.answer(self.case, by=by, step=self.place, zone=zone)


class DwellingStep(StepView):
    """Écran « Le logement »."""

    step = "logement"
    form_class: type[Any] = DwellingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": getattr(self.case, "dwelling", None)}

    def act(self, *, by: Any, on: date, **answers: Any) -> None:
        intake.describe_dwelling(self.case, by=by, step=self.place, **answers)


class EquipmentStep(DwellingStep):
    """Écran « Les équipements »."""

    step = "equipements"
    form_class = EquipmentForm


class LessorsStep(StepView):
    """Écran « Le bailleur » : un ou plusieurs bailleurs, et le mandataire."""

    step = "bailleur"
    template_name = "workflows/lessors.html"
    form_class = AgentForm

    def get_form_kwargs(self) -> dict[str, Any]:
        agent = getattr(self.case, "agent", None)
        organisation = self.case.organisation
        initial = {"has_agent": agent is not None or organisation is not None}
        if agent is None and organisation is not None:
            names = ("name", "activity", "card_number", "card_issued_at", "address", "email", "phone")
            initial |= {name: getattr(organisation, name) for name in names}
        return {**super().get_form_kwargs(), "instance": agent, "initial": initial, "prefix": "agent"}

    def formset(self) -> Any:
        if self.request.method == "POST":
            return LessorFormSet(self.request.POST, prefix="lessors")
        names = LessorFormSet.form._meta.fields or ()
        known = [{name: getattr(lessor, name) for name in names} for lessor in self.case.lessors.order_by("position")]
        user = self.request.user
        blank = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email, "phone": user.phone}
        is_own = self.case.applicant_id == user.pk and self.case.organisation is None
        return LessorFormSet(prefix="lessors", initial=known or ([blank] if is_own else None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, lessors = self.get_form(), self.formset()
        if "add" in request.POST:
            return self._with_one_more(form)
        if not (form.is_valid() & lessors.is_valid()):
            return self.render_to_response(self.get_context_data(form=form, lessors=lessors), status=422)
        agent = dict(form.cleaned_data)
        given = [
            {k: v for k, v in data.items() if k != "DELETE"} for data in lessors.cleaned_data if data and not data.get("DELETE")
        ]
        intake.name_parties(
            self.case, by=self.request.user, step=self.place, lessors=given, agent=agent if agent.pop("has_agent") else None
        )
        return redirect(self.get_success_url())

    def _with_one_more(self, form: Form) -> HttpResponse:
        data = with_one_more(self.request.POST, "lessors")
        return self.render_to_response(self.get_context_data(form=form, lessors=LessorFormSet(data, prefix="lessors")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("lessors", None)
        context = super().get_context_data(**kwargs)
        context["lessors"] = context["lessors"] or self.formset()
        return context


class DepositStep(DraftView):
    """Écran « Relire et déposer » : ce qui manque, ce qui mérite d’être corrigé, et ce que cela fait au délai."""

    template_name = "workflows/deposit.html"
    form_class = DepositForm
    success_message = "Votre demande est déposée. Un accusé d’enregistrement vous est envoyé."

    @property
    def effect(self) -> Effect | None:
        """What the reception typed by the service does to the month; online it is the day itself, and nothing is typed."""
        received_on = self.case.received_on
        return Effect.of_reception(received_on, today=self.case.authority.today()) if received_on else None

    @property
    def has_to_prove_address(self) -> bool:
        """Online, the applicant files under an address that they read; the service answers for what it types."""
        return self.case.channel == Channel.ONLINE and not self.request.user.has_proved_address

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "effect": self.effect}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "resend" not in request.POST:
            return super().post(request, *args, **kwargs)
        if self.has_to_prove_address:
            is_sent = account_mail.ask_to_confirm(self.request.user, request)
            said = "Un lien vient de vous être envoyé." if is_sent else "Un lien vous a été envoyé il y a moins d’une minute."
            messages.info(request, f"{said} Regardez aussi dans les courriels indésirables.")
        return redirect(request.path)

    def act(self, *, by: Any, on: date, accuracy_declared: bool, date_confirmed: bool = False) -> None:
        del date_confirmed  # asked by the form where the month is over
        if self.has_to_prove_address:
            raise intake.AddressNotProved
        intake.answer(self.case, by=by, step=len(STEPS), accuracy_declared=accuracy_declared)
        intake.submit(self.case, by=by, on=on, received_on=self.case.received_on)

    def get_success_url(self) -> str:
        return self.follow_up()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = self.case.authority.today()
        checklist = dossier.checklist(self.case, on=today)
        cards = guidance.cards(self.case, checklist, on=today)
        return super().get_context_data(
            **step_context("depot", self.case),
            sections=sheet.sections(self.case),
            gaps=sheet.gaps(self.case),
            checklist=checklist,
            missing=[card for card in cards if card.line.is_missing],
            advised=[card for card in cards if card.advice],
            answer_by=deadlines.tacit_on(self.case.received_on or today),
            effect=self.effect,
            has_to_prove_address=self.has_to_prove_address,
            **kwargs,
        )


class DiscardView(DraftView):
    """Écran « Abandonner le brouillon »."""

    template_name = "workflows/discard.html"
    form_class = Form

    def act(self, *, by: Any, on: date) -> None:
        intake.discard(self.case, by=by)
        messages.success(self.request, "Le brouillon est supprimé.")

    def get_success_url(self) -> str:
        return reverse("application-list" if self.case.applicant_id else "worklist")


STEP_VIEWS: dict[str, type[DraftView]] = {
    **{view.step: view for view in (LettingStep, AddressStep, DwellingStep, EquipmentStep, LessorsStep, PiecesStep)},
    "depot": DepositStep,
}


def step(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """The screen of one step, by its name in the address."""
    if step not in STEP_VIEWS:
        raise Http404
    return STEP_VIEWS[step].as_view()(request, pk=pk)


def _next_to_lapse(cases: QuerySet[Application]) -> dict[str, Any] | None:
    """The permit whose two years end first among those that no lease used."""
    case = cases.filter(state__in=State.authorising(), valid_until__isnull=False).order_by("valid_until", "pk").first()
    if case is None or case.valid_until is None:
        return None
    days = max((case.valid_until - case.authority.today()).days, 0)
    return {"case": case, "days": days, "is_near": days <= max(deadlines.LAPSE_WARNING_DAYS)}


def communes_with_a_zone() -> QuerySet[Commune]:
    """Where a permit may be asked for today: the communes of a zone."""
    return Commune.objects.filter(zones__regime=Regime.APML).distinct().order_by("sort_key")


def communes_of(authorities: set[int]) -> QuerySet[Commune]:
    return Commune.objects.filter(zones__authority__in=authorities).distinct().order_by("sort_key")


def _today(commune: Commune) -> date:
    """The day it is for the authority of the commune."""
    return commune.zones.select_related("authority").order_by("pk")[0].authority.today()
