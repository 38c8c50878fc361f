"""Forms of the grid of an authority."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.widgets import CheckboxSelectMultiple, Textarea

from inspections import grid
from inspections.enums import RoomKind, Severity
from territories.models import Authority


class SwitchForm(forms.Form):
    """Les points facultatifs que les visites regardent."""

    kept = forms.MultipleChoiceField(label="Points facultatifs", required=False, widget=CheckboxSelectMultiple)

    def __init__(self, *args: Any, switched_off: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.optional = [item for section in grid.national().sections for item in section.items if item.optional]
        kept = self.fields["kept"]
        kept.choices = [(item.code, f"{item.code} – {item.title}") for item in self.optional]
        kept.initial = [item.code for item in self.optional if item.code not in switched_off]

    @property
    def off(self) -> list[str]:
        return [item.code for item in self.optional if item.code not in self.cleaned_data["kept"]]


class ItemForm(forms.Form):
    """Un point que la collectivité ajoute à la grille."""

    code = forms.CharField(
        label="Code",
        max_length=3,
        validators=[
            RegexValidator(f"^[{grid.OWN_LETTERS}][0-9]{{2}}\\Z", "Écrivez une lettre de J à Z, puis deux chiffres : X01.")
        ],
        help_text="Une lettre de J à Z et deux chiffres. Il reste au point pour toujours.",
    )
    section = forms.ChoiceField(label="Section")
    title = forms.CharField(label="Point à regarder", max_length=120, help_text="Par exemple : local à vélos.")
    conform = forms.CharField(label="Conforme si", max_length=160, help_text="Par exemple : fermé, accessible depuis la rue.")
    rooms = forms.MultipleChoiceField(label="Où le regarder", choices=RoomKind.choices, widget=CheckboxSelectMultiple)
    severity = forms.ChoiceField(
        label="Gravité proposée",
        choices=Severity.choices,
        help_text="Danger ou bloquant : le logiciel propose un refus. Réserve : des travaux dans un délai. Observation : un conseil.",
    )
    needed_when = {"basis": "sauf pour une observation"}
    basis = forms.CharField(
        label="Fondement", max_length=160, required=False, help_text="Le texte qui l’exige. Il est repris dans la décision."
    )
    work = forms.CharField(label="Travaux proposés", max_length=400, widget=Textarea(attrs={"rows": 2}))
    quick = forms.BooleanField(
        label="Ces travaux peuvent être faits en quelques jours",
        required=False,
        help_text="Un défaut bloquant vite corrigé mène à des travaux avant la mise en location, plutôt qu’à un refus.",
    )

    def __init__(self, *args: Any, authority: Authority, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authority = authority
        self.fields["section"].choices = [
            (section.code, f"{section.code} – {section.title}") for section in grid.national().sections
        ]
        if is_new:
            self.fields["code"].initial = grid.free_code(authority)
        else:
            del self.fields["code"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not grid.is_free(code, self.authority):
            raise forms.ValidationError(f"Le code {code} sert déjà, ou a servi : choisissez-en un autre.")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        severity = cleaned.get("severity")
        if severity and severity != Severity.OBSERVATION and not cleaned.get("basis") and "basis" not in self.errors:
            self.add_error("basis", "Seule une observation peut se passer de texte : citez celui qui fonde ce point.")
        return cleaned
