"""Settings of the visits: their hours, and the operators who visit under a mandate."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import ModelForm
from django.shortcuts import get_object_or_404
from django.urls import reverse

from inspections.models import Mandate, Operator, VisitRoutine
from territories.models import Authority
from workflows.appointments import routine_of
from workflows.forms.planning import MandateForm, OperatorForm, RoutineForm
from workflows.views.administration import SettingsFormView, SettingsView


class VisitSettingsView(SettingsView):
    """Écran « Visites » des réglages : horaires, opérateurs et mandats."""

    template_name = "workflows/settings_visits.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        operators = Operator.objects.filter(authority=self.authority).prefetch_related("people", "mandates").order_by("name")
        return super().get_context_data(
            routine=routine_of(self.authority), operators=operators, today=self.authority.today(), **kwargs
        )


class VisitSettingsFormView(SettingsFormView):
    """A form that leads back to the settings of the visits."""

    @property
    def settings_url(self) -> str:
        return f"{reverse('settings-visits')}?collectivite={self.authority.pk}"


class RoutineView(VisitSettingsFormView):
    """Écran « Horaires de visite »."""

    form_class = RoutineForm
    success_message = "Les horaires de visite sont enregistrés."
    extra_context = {
        "title": "Horaires de visite",
        "button": "Enregistrer",
        "lead": "Ils servent aux rendez-vous proposés. Un agent peut toujours convenir d’un autre horaire, entre 6 h et 21 h.",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        known = VisitRoutine.objects.filter(authority=self.authority).first()
        return {**super().get_form_kwargs(), "instance": known or VisitRoutine(authority=self.authority)}


class OperatorView(VisitSettingsFormView):
    """Écran « Opérateur de visites »."""

    form_class: type[ModelForm] = OperatorForm
    success_message = "L’opérateur est enregistré."
    extra_context = {
        "title": "Opérateur de visites",
        "button": "Enregistrer l’opérateur",
        "lead": "Ses personnes ne voient que leurs propres visites. Une visite ne peut leur être confiée que sous un mandat écrit en cours ce jour-là.",
    }

    def choose(self, administered: QuerySet[Authority]) -> Authority:
        if "pk" not in self.kwargs:
            self.operator = Operator(authority=super().choose(administered))
        else:
            found = Operator.objects.select_related("authority")
            self.operator = get_object_or_404(found, pk=self.kwargs["pk"], authority__in=administered)
        return self.operator.authority

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.operator}


class MandateView(OperatorView):
    """Écran « Mandat écrit »."""

    form_class = MandateForm
    success_message = "Le mandat est enregistré. Il sera imprimé sur les convocations."
    extra_context = {
        "title": "Mandat écrit",
        "button": "Enregistrer le mandat",
        "lead": "Sa référence est imprimée sur chaque convocation. L’original reste dans vos archives.",
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": Mandate(operator=self.operator)}
