"""Forms of the completeness check."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Textarea

from documents.enums import Verdict
from documents.models import Piece
from permis.enums import PieceKind
from workflows.forms.fields import DayInput, yes_no
from workflows.forms.files import PieceForm


class VerdictForm(forms.Form):
    """Dire si une pièce convient."""

    verdict = forms.ChoiceField(
        label="Cette pièce", choices=[(Verdict.ACCEPTED, "convient"), (Verdict.REFUSED, "ne convient pas")], widget=RadioSelect
    )
    reason = forms.CharField(
        label="Pourquoi elle ne convient pas",
        max_length=300,
        required=False,
        help_text="Le bailleur lira cette phrase : dites ce qui ne va pas et ce qu’il doit faire.",
    )

    def __init__(self, *args: Any, piece: Piece, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.piece = piece

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("verdict") == Verdict.REFUSED and not cleaned.get("reason"):
            self.add_error("reason", "Dites au bailleur pourquoi la pièce est refusée.")
        return cleaned


class RequestForm(forms.Form):
    """Demander des pièces : une raison par pièce, une date limite, l’effet sur le délai dit avant l’envoi."""

    kinds = forms.MultipleChoiceField(
        label="Pièces exigées par la loi pour ce logement",
        widget=CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une pièce."},
    )
    message = forms.CharField(
        label="Message au bailleur",
        widget=Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text="Facultatif : ce qui ne va pas et comment y remédier. La raison d’un refus de pièce est reprise d’elle-même.",
    )
    respond_by = forms.DateField(label="Réponse attendue avant le", widget=DayInput)

    def __init__(self, *args: Any, required: list[PieceKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in required]


class CounterPieceForm(PieceForm):
    """Une pièce que le service reçoit pour le bailleur, avec le jour de sa réception et ce qu’on en lit."""

    established_on = forms.DateField(label="Date du diagnostic", widget=DayInput, required=False)
    lead_found = yes_no("Le constat trouve-t-il du plomb ?")
    first_page = forms.IntegerField(label="De la page", min_value=1, max_value=9999, required=False)
    last_page = forms.IntegerField(label="À la page", min_value=1, max_value=9999, required=False)
    received_on = forms.DateField(
        label="Reçue le", widget=DayInput, help_text="Le jour de réception compte : il peut faire repartir le délai."
    )

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
