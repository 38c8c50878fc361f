"""Forms of the completeness check."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Textarea

from documents.enums import Verdict
from documents.models import Piece
from permis.enums import PieceKind
from workflows.forms.fields import DayField
from workflows.forms.files import PieceForm


class VerdictForm(forms.Form):
    """Dire si une pièce convient."""

    needed_when = {"reason": "si elle ne convient pas"}

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
    respond_by = DayField(label="Réponse attendue avant le")

    def __init__(self, *args: Any, required: list[PieceKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind.value, kind.label) for kind in required]


class CounterPieceForm(PieceForm):
    """Une pièce que le service reçoit pour le bailleur, avec le jour de sa réception."""

    received_on = DayField(label="Reçue le", help_text="Le jour de réception compte : il peut faire repartir le délai.")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["received_on"].initial = today

    def clean_received_on(self) -> date:
        received_on = self.cleaned_data["received_on"]
        if received_on > self.today:
            raise forms.ValidationError("La date de réception est dans le futur.")
        return received_on
