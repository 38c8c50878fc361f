"""Forms of the files: what a script announces, what an ordinary form sends, what is known of a piece."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple

from documents import receiving
from documents.models import Piece
from permis.enums import PieceKind
from workflows.forms.fields import DayField, yes_no

ACCEPT = "application/pdf,image/jpeg,image/png,image/heic,.heic"


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One file or several, always a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        each = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in each if one] or super().clean(None, initial)


class AnnounceForm(forms.Form):
    """What a browser says of a file before it sends it."""

    name = forms.CharField(max_length=1000)
    size = forms.IntegerField(error_messages={"required": "Le fichier est vide. Choisissez-en un autre."})
    content_type = forms.CharField(max_length=100, required=False)

    def clean_content_type(self) -> str:
        """Some browsers do not know HEIC: the name stands in, and the bytes are looked at once they are here."""
        given, name = self.cleaned_data["content_type"], self.data.get("name", "").lower()
        if not given and name.endswith((".heic", ".heif")):
            return "image/heic"
        return "image/heic" if given == "image/heif" else given


class PieceFacts(forms.Form):
    """Ce qu’un fichier contient."""

    kinds = forms.MultipleChoiceField(
        label="Ce fichier contient",
        choices=PieceKind.choices,
        widget=CheckboxSelectMultiple,
        error_messages={"required": "Dites ce que contient ce fichier : cochez au moins une pièce."},
    )
    established_on = DayField(label="Date du diagnostic", required=False)
    lead_found = yes_no("Le constat trouve-t-il du plomb ?")
    first_page = forms.IntegerField(label="De la page", min_value=1, max_value=9999, required=False)
    last_page = forms.IntegerField(label="À la page", min_value=1, max_value=9999, required=False)

    def __init__(self, *args: Any, kinds: list[PieceKind] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kinds is not None:
            self.fields["kinds"].choices = [(kind.value, kind.label) for kind in kinds]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_page"), cleaned.get("last_page")
        if first and last and last < first:
            self.add_error("last_page", "La dernière page précède la première.")
        return cleaned


class AnnouncedPieceForm(PieceFacts):
    """Les pièces que vaut un fichier annoncé."""

    replaces = forms.BooleanField(required=False)


class PieceForm(PieceFacts):
    """Une pièce envoyée par un formulaire ordinaire : un ou plusieurs fichiers, et ce qu’ils sont."""

    upload = ManyFilesField(
        label="Fichier",
        help_text=f"PDF, JPG, PNG ou HEIC, {receiving.MAX_FILE_SIZE // receiving.MEGABYTE} Mo au plus. Vous pouvez photographier les pages.",
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choisissez un fichier, ou prenez la page en photo."},
    )
    replaces = forms.BooleanField(required=False, widget=forms.HiddenInput)
    field_order = ["kinds", "upload", "established_on", "lead_found", "first_page", "last_page"]


class WorkProofForm(forms.Form):
    """La preuve de travaux prescrits."""

    upload = ManyFilesField(
        label="Preuve",
        help_text="Facture, attestation ou photos : PDF, JPG, PNG ou HEIC, "
        f"{receiving.MAX_FILE_SIZE // receiving.MEGABYTE} Mo au plus par fichier. Vous pouvez en choisir plusieurs.",
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choisissez un fichier, ou prenez les travaux en photo."},
    )


class PieceFactsForm(forms.ModelForm):
    """Compléter ce qu’on sait d’une pièce."""

    lead_found = yes_no("Le constat trouve-t-il du plomb ?")

    class Meta:
        model = Piece
        fields = ["established_on", "lead_found", "first_page", "last_page"]
        labels = {"established_on": "Date du diagnostic", "first_page": "De la page", "last_page": "À la page"}
        field_classes = {"established_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind != PieceKind.CREP:
            del self.fields["lead_found"]
