"""Forms of the visits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, Textarea, TimeInput
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from inspections import grid
from inspections.enums import Purpose, Severity
from inspections.models import Finding, Visit
from permis.models import Application
from workflows.forms.fields import DayField, yes_no

NEEDED = {
    "place": "Dites où se trouve le défaut.",
    "description": "Dites ce que vous avez vu.",
    "severity": "Choisissez la gravité de ce constat.",
}


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


class ReportForm(forms.ModelForm):
    """Le compte rendu d’une visite."""

    consent = yes_no("L’occupant a-t-il donné son accord à la visite ?")

    class Meta:
        model = Visit
        fields = ["conclusion", "people_present", "consent", "rooms_not_visited", "report"]
        widgets = {"conclusion": RadioSelect, "report": Textarea(attrs={"rows": 5})}
        help_texts = {"people_present": "Par exemple : Mme Duprat, bailleresse."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conclusion"].choices = [choice for choice in self.fields["conclusion"].choices if choice[0]]
        self.fields["conclusion"].required = True


class FindingForm(forms.ModelForm):
    """Un constat : un point de la grille, qui apporte son fondement, sa gravité et ses travaux, ou tout autre défaut."""

    needed_when = dict.fromkeys(["place", "description", "severity"], "si la grille ne le dit pas")

    code = forms.ChoiceField(label="Point de contrôle", required=False, help_text="Il remplit ce que vous laissez vide.")
    severity = forms.ChoiceField(label="Gravité", required=False, choices=[("", "Celle de la grille"), *Severity.choices])

    class Meta:
        model = Finding
        fields = ["code", "place", "description", "severity", "severity_reason", "basis", "work"]
        labels = {"severity_reason": "Raison de cette gravité"}
        widgets = {"description": Textarea(attrs={"rows": 2}), "work": Textarea(attrs={"rows": 2})}
        help_texts = {
            "basis": "Par exemple : décret 2002-120, art. 2.",
            "place": "Par exemple : salle d’eau.",
            "severity_reason": "Seulement si ce n’est pas celle de la grille.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("place", "description"):
            self.fields[name].required = False
        sections = [
            (f"{section.code} – {section.title}", [(item.code, f"{item.code} – {item.title}") for item in section.items])
            for section in grid.national().sections
        ]
        self.fields["code"].choices = [("", "Hors grille"), *sections]

    def clean(self) -> dict[str, Any]:
        """What was left empty is that of the grid; another severity than its own has its reason."""
        cleaned = super().clean() or self.cleaned_data
        item = grid.national().find(cleaned.get("code", ""))
        if item is not None:
            own = {"place": item.usual_place, "description": f"{item.title} : non conforme.", "severity": item.severity,
                   "basis": item.basis, "work": item.work}  # fmt: skip
            cleaned |= {name: value for name, value in own.items() if not cleaned.get(name)}
            if cleaned["severity"] != item.severity and not cleaned.get("severity_reason"):
                self.add_error(
                    "severity_reason",
                    f"La grille prévoit « {item.severity.label} » : dites pourquoi vous retenez une autre gravité.",
                )
        for name, sentence in NEEDED.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return cleaned


FindingFormSet = forms.formset_factory(FindingForm, extra=1, max_num=100, can_delete=True)
