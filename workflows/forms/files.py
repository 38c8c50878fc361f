"""Forms of the files: what a script announces, what an ordinary form sends, what is known of a piece."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.widgets import CheckboxSelectMultiple, MultipleHiddenInput
from django.utils.html import format_html

from documents import receiving, storage
from documents.checks import clean_number
from documents.french import typeset
from documents.models import Piece
from permis.enums import EnergyClass, PieceKind
from permis.validators import validate_dpe_number
from territories.text import one_line
from workflows import guidance
from workflows.forms.fields import DayField, yes_no

ACCEPT = "application/pdf,image/jpeg,image/png,image/heic,.heic,.heif"
# Where a browser does not say what a file is, its name does; the bytes are looked at once they are here.
BY_ENDING = {
    "pdf": storage.PDF,
    "jpg": storage.JPEG,
    "jpeg": storage.JPEG,
    "png": storage.PNG,
    "heic": storage.HEIC,
    "heif": storage.HEIC,
}
SAME_TYPE = {
    "image/heif": storage.HEIC,
    "image/jpg": storage.JPEG,
    "image/pjpeg": storage.JPEG,
    "application/x-pdf": storage.PDF,
}
TELLS_NOTHING = ("", "application/octet-stream")


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One file or several, always a list; an empty one is refused by name, and the others go on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        each = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in each if one] or super().clean(None, initial)


class MeantForm(forms.Form):
    """Ce qu’un fichier est : les pièces qu’il vaut, et celles dont il prend la place."""

    kinds = forms.MultipleChoiceField(
        label="Ce fichier contient",
        choices=PieceKind.choices,
        widget=CheckboxSelectMultiple,
        error_messages={"required": "Dites ce que contient ce fichier : cochez au moins une pièce."},
    )
    title = forms.CharField(
        label="Nom du document",
        max_length=120,
        required=False,
        help_text="Pour un autre document seulement. Par exemple : facture de la chaudière.",
    )
    instead_of = forms.ModelMultipleChoiceField(Piece.objects.none(), required=False, widget=MultipleHiddenInput)

    def __init__(self, *args: Any, pieces: QuerySet[Piece] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pieces is not None:
            self.fields["instead_of"].queryset = pieces

    def clean_kinds(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["kinds"]))

    def clean_title(self) -> str:
        """A name that people can read: on one line, without what turns or hides letters."""
        return one_line(self.cleaned_data["title"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_free = PieceKind.OTHER in cleaned.get("kinds", [])
        if is_free and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", "Donnez un nom à ce document : le service saura ce que c’est.")
        return {name: value for name, value in cleaned.items() if name != "bundle"} | ({} if is_free else {"title": ""})


class AnnounceForm(MeantForm):
    """Ce qu’un navigateur dit d’un fichier avant de l’envoyer."""

    name = forms.CharField(max_length=1000)
    size = forms.IntegerField(error_messages={"required": "Le fichier est vide. Choisissez-en un autre."})
    content_type = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].required = False

    def clean_content_type(self) -> str:
        given, ending = self.cleaned_data["content_type"], self.data.get("name", "").rpartition(".")[2].lower()
        return BY_ENDING.get(ending, given) if given in TELLS_NOTHING else SAME_TYPE.get(given, given)


class PieceForm(MeantForm):
    """Une pièce envoyée par un formulaire ordinaire : un ou plusieurs fichiers, et ce qu’ils sont."""

    upload = ManyFilesField(
        label="Fichier",
        help_text=f"PDF, JPG, PNG ou HEIC, {receiving.MAX_FILE_SIZE // receiving.MEGABYTE}\N{NO-BREAK SPACE}Mo au plus. Vous pouvez photographier les pages.",
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choisissez un fichier, ou prenez la page en photo."},
    )
    field_order = ["kinds", "title", "upload"]


class WorkProofForm(forms.Form):
    """La preuve de travaux prescrits."""

    upload = ManyFilesField(
        label="Preuve",
        help_text="Facture, attestation ou photos : PDF, JPG, PNG ou HEIC, "
        f"{receiving.MAX_FILE_SIZE // receiving.MEGABYTE} Mo au plus par fichier. Vous pouvez en choisir plusieurs.",
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choisissez un fichier, ou prenez les travaux en photo."},
    )


class FilledGridForm(forms.Form):
    """Une grille de visite remplie à la main."""

    upload = ManyFilesField(
        label="Pages de la grille",
        help_text=f"PDF, JPG, PNG ou HEIC, {receiving.MAX_FILE_SIZE // receiving.MEGABYTE} Mo au plus par fichier. "
        "Vous pouvez en choisir plusieurs, ou prendre une photo.",
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Choisissez un fichier, ou prenez la grille en photo."},
    )


class CardForm(PieceForm):
    """Les fichiers d’une seule pièce, depuis sa carte : une erreur mène à la carte."""

    def __init__(self, *args: Any, slug: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["id"] = f"file-{slug}"


class BundleForm(PieceForm):
    """Un seul fichier pour plusieurs diagnostics, comme les diagnostiqueurs les remettent."""

    bundle = forms.BooleanField(initial=True, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: list[PieceKind], proposes_asbestos: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="plusieurs-%s", **kwargs)
        del self.fields["title"]
        optional = [PieceKind.ASBESTOS] if proposes_asbestos else []
        others = [kind for kind in (*PieceKind.diagnostics(), *optional) if kind not in asked]
        self.fields["kinds"].choices = [(kind.value, guidance.short_name(kind)) for kind in [*asked, *others]]


class FreeDocumentForm(PieceForm):
    """Un autre document, que personne n’exige et que le bailleur nomme."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="autre-%s", **kwargs)
        self.fields["kinds"].initial = [PieceKind.OTHER]
        self.fields["kinds"].widget = MultipleHiddenInput()
        self.fields["title"].required = True
        self.fields["title"].help_text = "Par exemple : facture de la chaudière, certificat de ramonage."
        self.fields["title"].error_messages["required"] = "Donnez un nom à ce document : le service saura ce que c’est."


class ReuseForm(forms.Form):
    """Les diagnostics d’une demande précédente que l’on reprend."""

    kinds = forms.MultipleChoiceField(choices=PieceKind.choices, error_messages={"required": "Choisissez un diagnostic."})


class PieceFactsForm(forms.Form):
    """Ce qu’on sait d’une pièce, demandé là où elle est donnée et seulement si cela sert."""

    dpe_number = forms.CharField(
        label="Numéro du DPE",
        max_length=20,
        required=False,
        help_text="Treize caractères, en haut de la première page, repère 1.",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )
    dpe_class = forms.ChoiceField(
        label="Classe du DPE",
        choices=[("", "Choisissez"), *EnergyClass.choices],
        required=False,
        help_text="La lettre mise en avant sur l’étiquette, repère 2.",
    )
    established_on = DayField(
        label="Date du diagnostic",
        required=False,
        help_text=typeset("Sur la première page : « établi le » ou « date de visite », repère 3."),
    )
    lead_found = yes_no(
        "Le constat trouve-t-il du plomb ?",
        help_text=typeset("Dans la conclusion : « présence de revêtements contenant du plomb »."),
    )

    def __init__(self, *args: Any, wanted: tuple[str, ...], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in set(self.fields) - set(wanted):
            del self.fields[name]

    def clean_dpe_number(self) -> str:
        number = clean_number(self.cleaned_data["dpe_number"])
        if number:
            validate_dpe_number(number)
        return number

    def clean_established_on(self) -> date | None:
        made_on = self.cleaned_data["established_on"]
        if made_on and made_on > self.today:
            raise forms.ValidationError("Cette date est dans le futur : relisez-la sur le document.")
        return made_on


class PagesForm(forms.Form):
    """Où chaque pièce se trouve dans un fichier qui en contient plusieurs ; rien n’est obligatoire."""

    def __init__(self, *args: Any, pieces: list[Piece], page_count: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces, self.page_count = pieces, page_count
        for piece in pieces:
            for end, label, page in (("first", "De la page", piece.first_page), ("last", "À la page", piece.last_page)):
                widget = forms.NumberInput(attrs={"class": "pl-short", "inputmode": "numeric"})
                self.fields[f"{end}_{piece.pk}"] = forms.IntegerField(
                    label=format_html('{}<span class="visually-hidden">, {}</span>', label, piece),
                    min_value=1,
                    max_value=9999,
                    required=False,
                    initial=page,
                    widget=widget,
                )

    def rows(self) -> list[tuple[Piece, forms.BoundField, forms.BoundField]]:
        return [(piece, self[f"first_{piece.pk}"], self[f"last_{piece.pk}"]) for piece in self.pieces]

    def clean(self) -> dict[str, Any]:
        """The pages of each piece by its key, under one name."""
        cleaned = super().clean() or self.cleaned_data
        pages = {}
        for piece in self.pieces:
            first, last = cleaned.get(f"first_{piece.pk}"), cleaned.get(f"last_{piece.pk}")
            if first and last and last < first:
                self.add_error(f"last_{piece.pk}", "La dernière page précède la première.")
            elif self.page_count and max(first or 0, last or 0) > self.page_count:
                self.add_error(f"last_{piece.pk}", f"Ce fichier a {self.page_count} pages.")
            pages[piece.pk] = (first, last)
        return {"pages": pages}
