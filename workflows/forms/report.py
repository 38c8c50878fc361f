"""Forms of the report of a visit: what was seen, what is concluded, what is kept of two phones, the police note."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import HiddenInput, RadioSelect, Textarea

from inspections import grid
from inspections.enums import Severity, SignatureGiven
from inspections.grid import Grid, Item
from inspections.models import Finding, Report, Visit
from workflows.forms.fields import YES_NO, yes_no

NEEDED = {
    "place": "Dites où se trouve le défaut.",
    "description": "Dites ce que vous avez vu.",
    "severity": "Choisissez la gravité de ce constat.",
}


class ReportForm(forms.ModelForm):
    """Le rapport d’une visite."""

    consent = yes_no("L’occupant a-t-il donné son accord à la visite ?")
    signature = forms.ChoiceField(
        label="Signature de la personne présente", choices=SignatureGiven.choices, required=False, widget=RadioSelect
    )
    mandate = forms.CharField(
        label="Qualité ou mandat de l’agent de visite", required=False, max_length=160,
        help_text="Par exemple : agent de visite de la commune ; opérateur mandaté par la convention du 3 mars 2026.",
    )  # fmt: skip
    others_conform = forms.BooleanField(
        label="Tous les autres points de la grille ont été examinés : rien à signaler",
        required=False,
        help_text="Le rapport les reprend alors un par un.",
    )

    class Meta:
        model = Visit
        fields = ["conclusion", "people_present", "consent", "rooms_not_visited", "report"]
        widgets = {"conclusion": RadioSelect, "report": Textarea(attrs={"rows": 5})}
        help_texts = {
            "people_present": "Par exemple : Mme Duprat, bailleresse.",
            "rooms_not_visited": "Lesquelles, et pourquoi.",
            "report": "Imprimées dans le rapport, que le bailleur lit. Ce qui reste au service s’écrit en note interne du dossier.",
        }

    def __init__(self, *args: Any, from_phone: bool = False, corrects: Report | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conclusion"].choices = [choice for choice in self.fields["conclusion"].choices if choice[0]]
        self.fields["conclusion"].required = True
        if from_phone:
            del self.fields["others_conform"]
        else:
            # Nothing was drawn at the desk.
            self.fields["signature"].choices = [each for each in SignatureGiven.choices if each[0] != SignatureGiven.DRAWN]
        if corrects is not None:
            reason = forms.CharField(
                label="Pourquoi corriger ce rapport ?", max_length=500, widget=Textarea(attrs={"rows": 2}),
                help_text="Imprimé en tête du nouveau rapport. L’ancien reste au dossier.",
            )  # fmt: skip
            self.fields = {"reason": reason, **self.fields}

    def clean_signature(self) -> str:
        return self.cleaned_data["signature"] or SignatureGiven.NOT_ASKED


class FindingForm(forms.ModelForm):
    """Un constat : un point de la grille, qui apporte son fondement, sa gravité et ses travaux, ou tout autre défaut."""

    needed_when = dict.fromkeys(["place", "description", "severity"], "si la grille ne le dit pas")

    code = forms.ChoiceField(label="Point de contrôle", required=False, help_text="Il remplit ce que vous laissez vide.")
    severity = forms.ChoiceField(label="Gravité", required=False, choices=[("", "Celle de la grille"), *Severity.choices])
    quick = forms.TypedChoiceField(
        label="Travaux rapides, possibles avant la location", choices=[("", "Selon la grille"), *YES_NO], required=False,
        coerce=lambda value: value in (True, "True"), empty_value=None,
    )  # fmt: skip
    room = forms.UUIDField(required=False, widget=HiddenInput)

    class Meta:
        model = Finding
        fields = ["code", "place", "description", "severity", "severity_reason", "basis", "work", "quick"]
        labels = {"severity_reason": "Raison de cette gravité"}
        widgets = {"description": Textarea(attrs={"rows": 2}), "work": Textarea(attrs={"rows": 2})}
        help_texts = {
            "basis": "Par exemple : décret 2002-120, art. 2.",
            "place": "Par exemple : salle d’eau.",
            "severity_reason": "Seulement si ce n’est pas celle de la grille.",
        }

    def __init__(self, *args: Any, followed: Grid | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grid = followed or grid.national()
        for name in ("place", "description"):
            self.fields[name].required = False
        sections = [
            (f"{section.code} – {section.title}", [(item.code, f"{item.code} – {item.title}") for item in section.items])
            for section in self.grid.sections
        ]
        self.fields["code"].choices = [("", "Hors grille"), *sections]
        if self.known is not None:
            # Ninety-four findings with a list of ninety-four points each would be a page of nine thousand lines.
            self.fields["code"].widget = HiddenInput()

    def clean(self) -> dict[str, Any]:
        """What was left empty is that of the grid; another severity than its own has its reason."""
        cleaned = super().clean() or self.cleaned_data
        item = self.grid.find(cleaned.get("code", ""))
        if item is not None:
            own = {"place": item.usual_place, "description": f"{item.title} : non conforme.", "severity": item.severity,
                   "basis": item.basis, "work": item.work}  # fmt: skip
            cleaned |= {name: value for name, value in own.items() if not cleaned.get(name)}
            if cleaned.get("quick") is None:
                cleaned["quick"] = item.quick
            if cleaned["severity"] != item.severity and not cleaned.get("severity_reason"):
                self.add_error(
                    "severity_reason",
                    f"La grille prévoit « {item.severity.label} » : dites pourquoi vous retenez une autre gravité.",
                )
        cleaned["quick"] = bool(cleaned.get("quick"))
        for name, sentence in NEEDED.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return cleaned

    @property
    def known(self) -> Item | None:
        """The point of the grid of a finding that is already written."""
        code = self["code"].value() if not self.empty_permitted else ""
        return self.grid.find(str(code)) if code else None

    @property
    def summary(self) -> str:
        """« C07 – Moisissures, Chambre 2 », for a finding that is already written."""
        if self.empty_permitted:
            return ""
        name = f"{self.known.code} – {self.known.title}" if self.known else "Hors grille"
        return ", ".join(part for part in (name, str(self["place"].value() or "")) if part)

    @property
    def is_blank(self) -> bool:
        """One that waits to be filled, rather than a finding."""
        return self.empty_permitted and not self.has_changed()


class FindingSet(forms.BaseFormSet):
    """The findings of a report, each with a box that takes it out."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer ce constat du rapport"

    @property
    def seen(self) -> list[dict[str, Any]]:
        """The findings that stay, once valid."""
        kept = (data for data in self.cleaned_data if data and not data.get("DELETE"))
        return [{name: value for name, value in data.items() if name != "DELETE"} for data in kept]


FindingFormSet = forms.formset_factory(FindingForm, formset=FindingSet, extra=1, max_num=120, absolute_max=120, can_delete=True)


class SettleForm(forms.Form):
    """Celle de deux saisies que l’on garde."""

    keep = forms.UUIDField(error_messages={"required": "Choisissez ce qu’il faut garder."})


class PoliceNoteForm(forms.Form):
    """La note de saisine du pouvoir de police, préremplie et corrigée par le responsable."""

    recipient = forms.CharField(
        label="À qui", max_length=400, widget=Textarea(attrs={"rows": 4}),
        help_text="Le maire, le président de l’intercommunalité ou le préfet, selon qui détient ce pouvoir. Nom, puis adresse, "
        "une ligne chacun.",
    )  # fmt: skip
    occupants = forms.CharField(
        label="Occupants", required=False, max_length=250, help_text="Qui est exposé : nombre de personnes, enfants, fragilités."
    )
    seen = forms.CharField(label="Faits constatés", max_length=6000, widget=Textarea(attrs={"rows": 8}))
    measures = forms.CharField(
        label="Mesures proposées", max_length=4000, widget=Textarea(attrs={"rows": 6}), help_text="Une mesure par ligne."
    )
    with_photos = forms.BooleanField(label="Joindre les photos du danger", required=False, initial=True)
