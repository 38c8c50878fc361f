"""Forms of the visits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, Textarea

from inspections import grid
from inspections.enums import Severity
from inspections.models import Finding, Visit
from permis.models import Application, PrescribedWork
from workflows.forms.fields import yes_no

NEEDED = {
    "place": "Dites où se trouve le défaut.",
    "description": "Dites ce que vous avez vu.",
    "severity": "Choisissez la gravité de ce constat.",
}


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


class WorkForm(forms.Form):
    """Des travaux prescrits : faits, ou non."""

    work = forms.ModelChoiceField(PrescribedWork.objects.none())
    met = forms.ChoiceField(choices=[("yes", "Fait"), ("no", "Non fait")])

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work"].queryset = PrescribedWork.objects.filter(decision__application=case)
