"""Forms of the completeness check."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Textarea

from documents.enums import Verdict
from permis.enums import PieceKind
from workflows.forms.fields import DayField, yes_no
from workflows.forms.files import PieceForm
from workflows.motives import UNREADABLE, Motive


class VerdictForm(forms.Form):
    """Dire si une pièce convient ; « illisible » est un refus dont le motif est déjà écrit."""

    needed_when = {"reason": "si elle ne convient pas"}

    verdict = forms.ChoiceField(
        label="Votre avis",
        choices=[(Verdict.ACCEPTED, "Acceptée"), (Verdict.REFUSED, "À remplacer"), (UNREADABLE, "Illisible")],
        widget=RadioSelect,
        error_messages={"required": "Dites si la pièce est acceptée ou à remplacer."},
    )
    motive = forms.ChoiceField(label="Motif", required=False)
    reason = forms.CharField(
        label="Ce que lira le bailleur",
        max_length=300,
        required=False,
        widget=Textarea(attrs={"rows": 4}),
        help_text="Sans reproche, avec ce qu’il doit faire.",
        error_messages={"max_length": "Cette phrase est trop longue : %(limit_value)d caractères au plus."},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, motives: list[Motive], reader: str = "le bailleur", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.motives = motives
        self.fields["motive"].choices = [("", "Choisissez un motif"), *((each.code, each.label) for each in motives)]
        # For the script that writes the sentence of the motive.
        self.fields["motive"].widget.attrs["data-texts"] = json.dumps({each.code: each.text for each in motives})
        self.fields["reason"].label = f"Ce que lira {reader}"

    def clean(self) -> dict[str, Any]:
        """The sentence of the motive stands in where nothing was written, or where it is still that of another motive."""
        cleaned = super().clean() or self.cleaned_data
        verdict, texts = cleaned.get("verdict"), {each.code: each.text for each in self.motives}
        motive = UNREADABLE if verdict == UNREADABLE else cleaned.pop("motive", "")
        reason = cleaned.get("reason", "")
        if texts.get(motive) and (not reason or reason in texts.values()):
            reason = texts[motive]
        if verdict in (Verdict.REFUSED, UNREADABLE):
            cleaned["verdict"] = Verdict.REFUSED
            if not reason and "reason" not in self.errors:
                self.add_error("reason", "Choisissez un motif, ou écrivez au bailleur pourquoi la pièce est à remplacer.")
        cleaned.pop("motive", None)
        return {**cleaned, "reason": reason}


class SeenForm(forms.Form):
    """Confirmer ce que l’on a sous les yeux : revenir à « à vérifier », ou déclarer le dossier complet."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class OptionalRequestForm(forms.Form):
    """Demander des pièces, avec la raison de chacune."""

    kinds = forms.MultipleChoiceField(
        label="Pièces facultatives", widget=CheckboxSelectMultiple, error_messages={"required": "Cochez au moins une pièce."}
    )
    message = forms.CharField(
        label="Message au bailleur",
        widget=Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text="Il suit la liste des pièces.",
    )

    def __init__(self, *args: Any, choices: list[PieceKind], reasons: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in choices]
        for kind in choices:
            self.fields[f"reason_{kind}"] = forms.CharField(
                label=f"Pourquoi : {kind.label}",
                max_length=300,
                required=False,
                initial=reasons.get(kind, ""),
                widget=Textarea(attrs={"rows": 3}),
            )

    def rows(self) -> list[tuple[Any, Any]]:
        """Each box to tick, with the field of its reason."""
        return [(option, self[f"reason_{option.data['value']}"]) for option in self["kinds"]]

    def others(self) -> list[Any]:
        return [field for field in self if field.name != "kinds" and not field.name.startswith("reason_")]

    def clean(self) -> dict[str, Any]:
        """The reasons of the ticked pieces, by piece."""
        cleaned = super().clean() or self.cleaned_data
        written = {name.removeprefix("reason_"): text for name, text in cleaned.items() if name.startswith("reason_") and text}
        rest = {name: value for name, value in cleaned.items() if not name.startswith("reason_")}
        return rest | {"reasons": {kind: written[kind] for kind in rest.get("kinds", []) if kind in written}}


class RequestForm(OptionalRequestForm):
    """Demander des pièces exigées : l’effet sur le délai est dit avant l’envoi."""

    respond_by = DayField(
        label="À fournir avant le",
        help_text="Passé cette date, rien n’est automatique : vous relancez ou classez le dossier.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].label = "Pièces exigées par la loi pour ce logement"


class CounterPieceForm(PieceForm):
    """Une pièce que le service reçoit pour le bailleur, avec le jour de sa réception et ce qu’on en lit."""

    established_on = DayField(label="Date du diagnostic", required=False)
    lead_found = yes_no("Le constat trouve-t-il du plomb ?")
    first_page = forms.IntegerField(label="De la page", min_value=1, max_value=9999, required=False)
    last_page = forms.IntegerField(label="À la page", min_value=1, max_value=9999, required=False)
    received_on = DayField(label="Reçue le", help_text="Le jour de réception compte : il peut faire repartir le délai.")

    field_order = ["kinds", "title", "upload", "received_on"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["received_on"].initial = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_page"), cleaned.get("last_page")
        if first and last and last < first:
            self.add_error("last_page", "La dernière page précède la première.")
        return cleaned

    def clean_received_on(self) -> date:
        received_on = self.cleaned_data["received_on"]
        if received_on > self.today:
            raise forms.ValidationError("La date de réception est dans le futur.")
        return received_on
