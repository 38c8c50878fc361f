"""Forms of the photos: where a person is seen, and to whom the photos are handed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, Textarea

from documents.blurring import MOST_REGIONS, Region
from workflows.forms.fields import yes_no

CONSENTS = [
    ("written", "Les personnes qui habitent le logement ont donné leur accord par écrit"),
    ("told", "Elles ont donné leur accord de vive voix"),
    ("empty", "Le logement est vide, personne n’est concerné"),
    ("law", "Un texte prévoit cette communication, sans accord"),
]
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")


class BlurForm(forms.Form):
    """Une personne est-elle visible, et où : des zones dessinées sur la photo, ou écrites en nombres."""

    needed_when = {"regions": "si une personne est visible"}

    has_people = yes_no("Une personne est-elle visible, même de dos ou dans un reflet ?", required=True)
    regions = forms.CharField(
        label="Zones à flouter",
        required=False,
        max_length=2000,
        widget=Textarea(attrs={"rows": 5, "data-regions": "", "inputmode": "text", "spellcheck": "false"}),
        help_text=(
            "Dessinez des rectangles sur la photo, ou écrivez une zone par ligne, en quatre nombres : gauche, haut, largeur, "
            "hauteur, en pour cent de la photo. Par exemple : 40 10 20 30."
        ),
    )

    def clean_regions(self) -> list[Region]:
        """Each line as four shares of the picture; a line that says something else is named."""
        found: list[Region] = []
        for number, line in enumerate(self.cleaned_data["regions"].splitlines(), start=1):
            parts = line.replace(";", " ").split()
            if not parts:
                continue
            if len(parts) != 4 or not all(_NUMBER.fullmatch(part) for part in parts):
                raise forms.ValidationError(f"Ligne {number} : écrivez quatre nombres, par exemple « 40 10 20 30 ».")
            left, top, width, height = (float(part.replace(",", ".")) / 100 for part in parts)
            if left >= 1 or top >= 1 or not width or not height:
                raise forms.ValidationError(f"Ligne {number} : cette zone est vide, ou hors de la photo.")
            found.append((left, top, min(width, 1 - left), min(height, 1 - top)))
        if len(found) > MOST_REGIONS:
            raise forms.ValidationError(f"{MOST_REGIONS} zones au plus. Réunissez celles qui se touchent.")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("has_people") and not cleaned.get("regions") and "regions" not in self.errors:
            self.add_error("regions", "Dites où une personne est visible : une zone au moins est floutée.")
        if cleaned.get("has_people") is False:
            cleaned["regions"] = []
        return cleaned

    @staticmethod
    def written(regions: list[Region]) -> str:
        """The regions as a person would type them."""
        return "\n".join(" ".join(f"{share * 100:.2f}".rstrip("0").rstrip(".") for share in each) for each in regions)


class ShareForm(forms.Form):
    """Remettre les photos : pour quoi, à qui, avec quel accord ; le journal le garde."""

    purpose = forms.CharField(
        label="Pour quoi", max_length=300, help_text="Par exemple : instruction d’un arrêté de mise en sécurité."
    )
    recipient = forms.CharField(label="À qui", max_length=200, help_text="La personne et son service.")
    consent = forms.ChoiceField(label="Accord des personnes", choices=CONSENTS, widget=RadioSelect)
    with_landlord = forms.BooleanField(label="Joindre aussi les photos que le bailleur a envoyées", required=False)
