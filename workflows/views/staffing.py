"""Who follows new cases, and who stands in for whom: read by who reviews cases, arranged by their managers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView

from accounts.enums import Role
from accounts.requests import SignedInRequest
from territories.models import Authority
from territories.text import row_key
from workflows.actions import staffing
from workflows.forms.staffing import AbsenceForm, RuleForm
from workflows.models import Absence, AssignmentRule
from workflows.views.screens import FormScreen
from workflows.views.worklist import ListScreen

REVIEWERS: tuple[Role, ...] = (Role.OFFICER, Role.MANAGER)


class StaffingScreen(ListScreen):
    """A screen about the people of one authority: that of the address, else the first of the person's."""

    roles: tuple[Role, ...] = REVIEWERS

    @property
    def authority(self) -> Authority:
        asked = row_key(self.request.GET.get("collectivite", ""))
        return next((each for each in self.served if each.pk == asked), self.served[0])

    def back_to(self, authority: Authority) -> HttpResponse:
        """The page of the authority that was arranged, which may not be the first of the person's."""
        return redirect(f"{reverse('staffing')}?collectivite={authority.pk}")


class StaffingView(StaffingScreen, TemplateView):
    """Écran « Répartition » : les règles d’attribution et les absences d’une collectivité."""

    template_name = "workflows/staffing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, authority = self.request.user, self.authority
        absences = Absence.objects.filter(authority=authority).not_over().select_related("user", "replacement")
        rules = AssignmentRule.objects.filter(authority=authority).select_related("commune", "officer")
        return super().get_context_data(
            authority=authority,
            authorities=user.serving(*REVIEWERS),
            today=authority.today(),
            absences=[(each, staffing.can_declare(user, each.user, authority)) for each in absences.order_by("starts_on", "pk")],
            rules=list(rules.order_by("commune__sort_key", "regime", "pk")),
            can_manage=user.has_role(Role.MANAGER, in_=authority),
            **kwargs,
        )


class StaffingFormView(StaffingScreen, FormScreen):
    """One form of the page; saved, it leads back to it."""

    template_name = "workflows/staffing_form.html"
    success_message = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "authority": self.authority}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(authority=self.authority, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.save(**form.cleaned_data)
        except ValidationError as obstacle:
            form.add_error(None, obstacle.messages)
            return self.form_invalid(form)
        messages.success(self.request, self.success_message)
        return self.back_to(self.authority)

    def save(self, **cleaned: Any) -> None:
        """Call the one action of the screen."""
        raise NotImplementedError


class RuleView(StaffingFormView):
    """Écran « Règle d’attribution »."""

    roles: tuple[Role, ...] = (Role.MANAGER,)
    form_class = RuleForm
    success_message = "La règle est enregistrée : elle vaut pour les dossiers qui arriveront."
    extra_context = {
        "title": "Règle d’attribution",
        "button": "Enregistrer la règle",
        "lead": "Un dossier qui arrive est attribué selon la règle la plus précise : sa commune d’abord, puis son régime. Les dossiers déjà ouverts ne changent pas. La même commune et le même régime ne gardent qu’une règle, la dernière.",
    }

    def save(self, **cleaned: Any) -> None:
        staffing.set_rule(self.authority, by=self.request.user, **cleaned)


class RemoveRuleView(StaffingScreen):
    """Ôter une règle d’attribution."""

    roles: tuple[Role, ...] = (Role.MANAGER,)
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        rules = AssignmentRule.objects.filter(authority__in=request.user.authorities_as(Role.MANAGER))
        rule = get_object_or_404(rules.select_related("authority"), pk=pk)
        staffing.remove_rule(rule, by=request.user)
        messages.success(request, "La règle est ôtée.")
        return self.back_to(rule.authority)


class AbsenceView(StaffingFormView):
    """Écran « Déclarer une absence »."""

    form_class = AbsenceForm
    success_message = "L’absence est déclarée."
    extra_context = {
        "title": "Déclarer une absence",
        "button": "Déclarer l’absence",
        "lead": "Pendant ces jours, les tâches ouvertes et nouvelles de la personne absente vont à la personne qui la remplace. Les dossiers restent les siens : tout revient le lendemain du dernier jour. Les visites prévues se déplacent à part, dans le calendrier.",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        manages = user.has_role(Role.MANAGER, in_=self.authority)
        return {**super().get_form_kwargs(), "by": user, "may_declare_others": manages}

    def save(self, **cleaned: Any) -> None:
        staffing.declare_absence(self.authority, by=self.request.user, on=self.authority.today(), **cleaned)


class EndAbsenceView(StaffingScreen, View):
    """Mettre fin à une absence, ou l’annuler."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        absences = Absence.objects.filter(authority__in=request.user.authorities_as(*REVIEWERS))
        absence = get_object_or_404(absences.select_related("authority", "user"), pk=pk)
        if not staffing.can_declare(request.user, absence.user, absence.authority):
            raise PermissionDenied
        staffing.end_absence(absence, by=request.user, on=absence.authority.today())
        messages.success(request, f"Les tâches de {absence.user.full_name} lui reviennent.")
        return self.back_to(absence.authority)
