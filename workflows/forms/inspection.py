"""Forms of the visits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.forms.widgets import Textarea, TimeInput
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from inspections.enums import Purpose
from permis.models import Application, PrescribedWork
from workflows.forms.fields import DayField


class VisitForm(forms.Form):
    """Un rendez-vous : un jour, un horaire, une personne."""

    day = DayField(label="Jour")
    start = forms.TimeField(label="De", widget=TimeInput(attrs={"type": "time"}, format="%H:%M"), help_text="Entre 6 h et 21 h.")
    end = forms.TimeField(label="À", widget=TimeInput(attrs={"type": "time"}, format="%H:%M"))
    inspector = forms.ModelChoiceField(User.objects.none(), label="Agent de visite")
    instructions = forms.CharField(
        label="Consignes pour le bailleur", widget=Textarea(attrs={"rows": 3}), required=False, max_length=1000,
        help_text="Imprimées sur la convocation : accès, documents à préparer…",
    )  # fmt: skip

    def __init__(self, *args: Any, case: Application, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        inspectors = User.objects.filter(
            is_active=True,
            memberships__authority=case.authority,
            memberships__role__in=[Role.INSPECTOR, Role.OFFICER, Role.MANAGER],
        )
        self.fields["inspector"].queryset = inspectors.distinct().order_by("last_name", "first_name", "pk")
        self.fields["inspector"].initial = user.pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", "La fin de la visite doit suivre son début.")
        return cleaned

    @property
    def slot(self) -> dict[str, datetime]:
        """Start and end as instants, read on the authority's clocks."""
        zone, day = self.case.authority.zone_info, self.cleaned_data["day"]
        return {
            "starts_at": timezone.make_aware(datetime.combine(day, self.cleaned_data["start"]), zone),
            "ends_at": timezone.make_aware(datetime.combine(day, self.cleaned_data["end"]), zone),
        }

    @property
    def purpose(self) -> Purpose:
        return Purpose.FIRST if self.case.notified_on is None else Purpose.COUNTER


class WorkForm(forms.Form):
    """Des travaux prescrits : faits, ou non."""

    work = forms.ModelChoiceField(PrescribedWork.objects.none())
    met = forms.ChoiceField(choices=[("yes", "Fait"), ("no", "Non fait")])

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work"].queryset = PrescribedWork.objects.filter(decision__application=case)
