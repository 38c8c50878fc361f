"""A story of the simulator that somebody pastes or drops: its text, read as the command reads it (docs/simulateur.md)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from permis import simulation
from permis.simulation.story import Scenario
from workflows.forms.simulator import MOST_EVENTS

LARGEST = 1_000_000
MOST_FAULTS = 20


class PastedStoryForm(forms.Form):
    """Une histoire au format JSON, collée ou déposée."""

    needed_when = {"text": "ou son fichier, plus bas", "file": "à la place du texte"}

    text = forms.CharField(
        label="Le texte de l’histoire", required=False, strip=False,
        help_text="Ce que « Copier cette histoire » donne, ou ce que lit la commande « simulate » : une histoire à la fois.",
        widget=forms.Textarea(attrs={"rows": 8, "class": "font-monospace", "spellcheck": "false", "data-drop": "id_file"}),
    )  # fmt: skip
    file = forms.FileField(
        label="Ou son fichier", required=False, validators=[FileExtensionValidator(["json", "txt"], "Un fichier « .json » est attendu.")],
        widget=forms.FileInput(attrs={"accept": ".json,.txt,application/json"}),
    )  # fmt: skip

    story: dict[str, Any]
    scenario: Scenario

    @classmethod
    def kept(cls, data: QueryDict, files: MultiValueDict[str, UploadedFile]) -> PastedStoryForm:
        """The same text for the next page, not judged: no other button reads it, none loses it."""
        return cls(initial={"text": _text_of(files.get("file")) or data.get("text", "")})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if file is not None:
            text = _text_of(file)
            self._show(text)
            if not text:
                raise forms.ValidationError("Ce fichier ne se lit pas : il n’est pas en UTF-8, ou dépasse un mégaoctet.")
        if not text.strip():
            raise forms.ValidationError("Collez une histoire, ou choisissez son fichier.")
        try:
            self._understand(text)
        except simulation.Faults as found:
            raise forms.ValidationError(_first(found.lines)) from None
        return cleaned

    def _show(self, text: str) -> None:
        """What a file held is corrected in the text: no page can give a file back."""
        self.data = {"text": text}

    def _understand(self, text: str) -> None:
        """Raises Faults."""
        story = simulation.parse(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
        if isinstance(story, list):
            raise simulation.Faults([f"C’est une liste de {len(story)} histoires : collez-en une à la fois, sans les crochets."])
        self.scenario, self.story = simulation.read(story), story
        if len(self.scenario.events) > MOST_EVENTS:
            raise simulation.Faults([f"Cette page lit {MOST_EVENTS} événements au plus ; la commande « simulate » les lit tous."])


def _text_of(file: UploadedFile | None) -> str:
    """Nothing where it is too big, or no text."""
    if file is None or (file.size or 0) > LARGEST:
        return ""
    file.seek(0)
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _first(lines: list[str]) -> list[str]:
    """The first faults, each with its place as the format writes it."""
    left = len(lines) - MOST_FAULTS
    told = [line.replace(": ", "\N{NO-BREAK SPACE}: ", 1) for line in lines[:MOST_FAULTS]]
    return [*told, f"… et {left} autres points."] if left > 0 else told
