"""The application in steps, saved at each one, by a landlord, an agent, or the service for somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from notifications import account_mail
from permis import deadlines, rules, sheet
from permis.enums import Channel
from permis.rules import Rule
from territories.calendars import public_holidays
from territories.models import Commune, Zone
from workflows import dossier, guidance, prefill, scoping
from workflows.actions import intake
from workflows.effects import Effect
from workflows.forms.fields import with_one_more
from workflows.forms.intake import (
    AddressForm,
    AgentForm,
    DeclarationEntryForm,
    DeclarationForm,
    DepositForm,
    DwellingForm,
    EntryForm,
    EquipmentForm,
    LessorFormSet,
    LettingForm,
    known_agent,
)
from workflows.views.pieces import PiecesStep
from workflows.views.steps import STEPS, DraftView, StepView, step_context


class LettingStep(StepView):
    """Écran « La location » ; le service y change aussi la date de réception qu’il a saisie."""

    step = "location"

    def get_form_class(self) -> type[LettingForm]:
        if self.case.is_declaration:
            return DeclarationForm if self.case.channel == Channel.ONLINE else DeclarationEntryForm
        return LettingForm if self.case.channel == Channel.ONLINE else EntryForm

    def get_form_kwargs(self) -> dict[str, Any]:
        communes = Commune.objects.filter(pk=self.case.commune_id)
        return {**super().get_form_kwargs(), "communes": communes, "instance": self.case}

    def act(self, *, by: Any, on: date, **answers: Any) -> None:
        if (received_on := answers.get("received_on")) and received_on > on:
            raise intake.NotYetReceived
        # The form has written its answers on this very case, which nobody saved yet.
        intake.require_plausible_lease(self.case, answers.get("received_on") or on)
        intake.answer(self.case, by=by, step=self.place, **answers)


class AddressStep(StepView):
    """Écran « L’adresse »."""

    step = "adresse"
    form_class = AddressForm

    def get_form_kwargs(self) -> dict[str, Any]:
        zones = Zone.objects.filter(commune=self.case.commune, regime=self.case.regime)
        dwelling = getattr(self.case, "dwelling", None)
        said = {"zone": self.case.zone_id} if dwelling else prefill.of_address(self.request.session, self.case)
        return {
            **super().get_form_kwargs(),
            "commune": self.case.commune,
            "zones": zones.in_force(self.case.authority.today()).order_by("name"),
            "instance": dwelling,
            "initial": said,
        }

    def act(self, *, by: Any, on: date, zone: Zone | None, **answers: Any) -> None:
        intake.describe_dwelling(self.case, by=by, step=self.place, **answers)
        intake.answer(self.case, by=by, step=self.place, zone=zone)


class DwellingStep(StepView):
    """Écran « Le logement »."""

    step = "logement"
    form_class: type[Any] = DwellingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        dwelling = getattr(self.case, "dwelling", None)
        is_blank = dwelling is None or not dwelling.housing
        initial = prefill.of_dwelling(self.request.session, self.case) if is_blank else {}
        return {**super().get_form_kwargs(), "instance": dwelling, "initial": initial}

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
        initial = {"has_agent": True} if agent is not None else known_agent(organisation)
        return {**super().get_form_kwargs(), "instance": agent, "initial": initial, "prefix": "agent"}

    def formset(self) -> Any:
        told: dict[str, Any] = {"prefix": "lessors", "form_kwargs": {"declared": self.case.is_declaration}}
        if self.request.method == "POST":
            return LessorFormSet(self.request.POST, **told)
        names = LessorFormSet.form._meta.fields or ()
        known = [{name: getattr(lessor, name) for name in names} for lessor in self.case.lessors.order_by("position")]
        user = self.request.user
        blank = {"first_name": user.first_name, "last_name": user.last_name, "email": user.email, "phone": user.phone}
        is_own = self.case.applicant_id == user.pk and self.case.organisation is None
        return LessorFormSet(**told, initial=known or ([blank] if is_own else None))

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
        return self.render_to_response(
            self.get_context_data(
                form=form, lessors=LessorFormSet(data, prefix="lessors", form_kwargs={"declared": self.case.is_declaration})
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("lessors", None)
        context = super().get_context_data(**kwargs)
        context["lessors"] = context["lessors"] or self.formset()
        return context


class DepositStep(DraftView):
    """Écran « Relire et déposer » : ce qui manque, ce qui mérite d’être corrigé, et ce que cela fait au délai."""

    template_name = "workflows/deposit.html"
    form_class = DepositForm

    @property
    def success_message(self) -> str:  # type: ignore[override]  # it names what was filed
        return f"Votre {self.case.noun} est déposée. Un accusé d’enregistrement vous est envoyé."

    @property
    def effect(self) -> Effect | None:
        """What the reception typed by the service does to the clock; online it is the day itself, and nothing is typed."""
        received_on, today = self.case.received_on, self.case.authority.today()
        of = Effect.of_declaration if self.case.is_declaration else Effect.of_reception
        return of(received_on, today=today) if received_on else None

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
        answered = deadlines.receipt_due_on if self.case.is_declaration else deadlines.tacit_on
        holidays = public_holidays(self.case.authority.department)
        return super().get_context_data(
            **step_context("depot", self.case),
            sections=sheet.sections(self.case),
            gaps=sheet.gaps(self.case),
            checklist=checklist,
            missing=[card for card in cards if card.line.is_missing],
            advised=[card for card in cards if card.advice],
            answer_by=answered(self.case.received_on or today),
            declaration_due_on=self.case.declaration_due_on(holidays),
            scope=scoping.of_lease(self.case, on=today),
            fee=rules.change(self.case.authority, Rule.FEE, on=today),
            is_late=self.case.is_declaration and self.case.is_declared_late(holidays, filed_on=today),
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
