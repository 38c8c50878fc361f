"""Forms of the decision."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, HiddenInput, RadioSelect, Textarea

from permis.enums import Outcome
from permis.grounds import GroundRule
from permis.models import Decision, PrescribedWork
from workflows.forms.fields import DayField

# What a finding of the report points to: by its severity, and « Q » for what blocks but is quickly cured.
ADVICE = {
    "D": "Danger : oriente vers un refus ; le pouvoir de police peut être saisi",
    "B": "Bloquant, travaux longs : oriente vers un refus",
    "Q": "Bloquant, travaux rapides : à faire avant la location",
    "R": "Réserve : location possible, travaux dans un délai",
    "O": "Observation : un conseil, sans effet sur la décision",
}


class DraftForm(forms.ModelForm):
    """Le projet de décision."""

    needed_when = {
        "mode": "sous conditions seulement",
        "grounds": "pour un refus ou des conditions",
        "private_areas": "pour le motif tiré de la colocation",
        "shared_equipment": "pour le motif tiré de la colocation",
    }
    grounds = forms.MultipleChoiceField(label="Motifs", widget=CheckboxSelectMultiple, required=False)
    private_areas = forms.CharField(
        label="Surface privative de chaque bail", required=False, max_length=200,
        help_text="En mètres carrés, une par bail, séparées par un point-virgule : 9,5 ; 11 ; 12,4.",
    )  # fmt: skip

    class Meta:
        model = Decision
        fields = ["outcome", "mode", "grounds", "private_areas", "shared_equipment", "considerations", "order_number"]
        widgets = {"outcome": RadioSelect, "mode": RadioSelect, "considerations": Textarea(attrs={"rows": 8})}
        help_texts = {
            "considerations": "Chaque paragraphe devient un « Considérant ». Écrivez ce qui a été constaté, où, et la règle en cause.",
            "shared_equipment": "Ce que les colocataires partagent : cuisine, salle d’eau, WC…",
            "order_number": "Le numéro d’arrêté de la collectivité, s’il est déjà attribué.",
        }

    def __init__(self, *args: Any, grounds: list[GroundRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("outcome", "mode"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        self.fields["mode"].required = False
        self.fields["grounds"].choices = [(rule.code, rule.label) for rule in grounds]
        if not any(rule.needs_colocation for rule in grounds):
            del self.fields["private_areas"], self.fields["shared_equipment"]
        else:
            self.initial["private_areas"] = " ; ".join(
                f"{area.normalize():f}".replace(".", ",") for area in self.instance.private_areas
            )

    def clean_private_areas(self) -> list[Decimal]:
        """« 9,5 ; 11 m² » as numbers; a comma is the decimal mark."""
        said = [part.strip() for part in self.cleaned_data["private_areas"].replace("m²", "").split(";") if part.strip()]
        if not all(re.fullmatch(r"\d{1,3}(?:[.,]\d{1,2})?", part) for part in said):
            raise forms.ValidationError("Écrivez les surfaces en chiffres, séparées par un point-virgule : 9,5 ; 11 ; 12,4.")
        return [Decimal(part.replace(",", ".")) for part in said]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        outcome = cleaned.get("outcome")
        if outcome == Outcome.CONDITIONAL and not cleaned.get("mode"):
            self.add_error("mode", "Dites si les travaux précèdent la location ou ont un délai.")
        if outcome != Outcome.CONDITIONAL:
            cleaned["mode"] = ""
        if outcome in (Outcome.CONDITIONAL, Outcome.REFUSED) and not cleaned.get("grounds"):
            self.add_error("grounds", "Un refus ou une autorisation sous conditions doit citer un motif (CCH L. 635-3).")
        return cleaned

    def _post_clean(self) -> None:
        """The action writes; the model's constraints are met by what `clean` asks."""


class WorkForm(forms.ModelForm):
    """Un constat et les travaux qu’il appelle ; un constat du rapport se reprend ou se laisse."""

    keep = forms.BooleanField(label="Reprendre ce constat dans la décision", required=False)
    from_report = forms.ChoiceField(choices=[("", ""), *ADVICE.items()], widget=HiddenInput, required=False)

    class Meta:
        model = PrescribedWork
        fields = ["code", "place", "finding", "evidence", "basis", "work", "proof", "due_on"]
        widgets = {"code": HiddenInput, "finding": Textarea(attrs={"rows": 2}), "work": Textarea(attrs={"rows": 2})}
        field_classes = {"due_on": DayField}
        help_texts = {"basis": "Par exemple : décret 2002-120, art. 2.", "proof": "Facture, photographie, attestation…"}

    @property
    def advice(self) -> str:
        """What the finding of the report points to; empty for works that the officer adds."""
        return ADVICE.get(str(self["from_report"].value() or ""), "")

    @property
    def is_left_out(self) -> bool:
        """A finding of the report that the decision does not take over: nothing is asked of it."""
        return bool(self.cleaned_data.get("from_report")) and not self.cleaned_data.get("keep")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.is_left_out:
            self.errors.clear()
        return cleaned

    def _post_clean(self) -> None:
        if not self.is_left_out:
            super()._post_clean()  # type: ignore[misc]  # the stubs leave it out


class WorkSet(forms.BaseFormSet):
    """The works of a decision."""

    @property
    def prescribed(self) -> list[dict[str, Any]]:
        """Those that are kept, once valid."""
        own = ("keep", "from_report", "DELETE")
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE") and not form.is_left_out]
        return [{name: value for name, value in form.cleaned_data.items() if name not in own} for form in kept]


WorkFormSet = forms.formset_factory(WorkForm, formset=WorkSet, extra=1, max_num=120, absolute_max=120, can_delete=True)


class SignForm(forms.Form):
    """La signature porte sur l’acte affiché, reconnu par sa clé."""

    act = forms.IntegerField(widget=forms.HiddenInput)


class OutsideSignatureForm(forms.Form):
    """Une décision signée sur papier."""

    scan = forms.FileField(
        label="Acte signé, numérisé",
        help_text="Un PDF de l’acte complet, avec la signature. Il devient l’acte et ne peut plus être remplacé.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )
    signed_on = DayField(label="Signé le")
    signatory_name = forms.CharField(label="Prénom et nom du signataire", max_length=160)
    signatory_capacity = forms.CharField(
        label="Qualité du signataire", max_length=160, help_text="Le Maire, le Vice-président chargé de l’habitat…"
    )
    order_number = forms.CharField(label="Numéro d’arrêté", max_length=40, required=False)
    appeal_routes = forms.BooleanField(
        label="L’acte mentionne les voies et délais de recours",
        required=False,
        initial=True,
        help_text="Sans cette mention, aucun délai de recours n’est opposable au bailleur (CJA R. 421-5).",
    )

    def clean_scan(self) -> Any:
        scan = self.cleaned_data["scan"]
        if not scan.read(1024).lstrip().startswith(b"%PDF-"):
            raise forms.ValidationError("L’acte signé doit être un PDF. Numérisez toutes ses pages dans un seul fichier.")
        scan.seek(0)
        return scan
