"""Forms of the opinions and of the messages of a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, Textarea

from documents import receiving
from permis.enums import Adviser, OpinionOutcome
from workflows.forms.fields import DayField
from workflows.forms.files import ACCEPT, ManyFilesField, ManyFilesInput

MAX_ATTACHMENTS = 5


class AttachmentsField(ManyFilesField):
    """Files that come with a text: none, one, or a few."""

    def __init__(self) -> None:
        super().__init__(
            label="Pièces jointes",
            required=False,
            help_text=f"PDF, JPG, PNG ou HEIC, {MAX_ATTACHMENTS} fichiers au plus, {receiving.MAX_FILE_SIZE // receiving.MEGABYTE}\N{NO-BREAK SPACE}Mo chacun.",
            widget=ManyFilesInput(attrs={"accept": ACCEPT}),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = super().clean(data, initial) or []
        if len(files) > MAX_ATTACHMENTS:
            raise forms.ValidationError(f"{MAX_ATTACHMENTS} fichiers au plus : envoyez les autres dans un second message.")
        for file in files:
            try:
                receiving.check(file)
            except receiving.FileRefused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return files


class AskOpinionForm(forms.Form):
    """À qui, quelle question, pour quand."""

    adviser = forms.ChoiceField(label="Service consulté", choices=Adviser.choices, widget=RadioSelect)
    name = forms.CharField(label="Nom du service ou de la personne", max_length=160)
    email = forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Un lien personnel y est envoyé, qui suffit pour répondre. Vide : vous noterez l’avis vous-même.",
    )
    question = forms.CharField(
        label="Question",
        widget=Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="Elle est lue telle quelle. N’y mettez pas de nom de locataire.",
    )
    due_on = DayField(label="Attendu avant le")

    def __init__(self, *args: Any, today: date, last_day: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if last_day:
            self.fields["due_on"].help_text = f"Le délai de la décision ne s’arrête pas : il finit le {last_day:%d/%m/%Y}."

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError("Ce jour est passé. Donnez une date à venir.")
        return due_on


class GiveOpinionForm(forms.Form):
    """L’avis lui-même, tel que le rend le service consulté."""

    outcome = forms.ChoiceField(label="Votre avis", choices=OpinionOutcome.choices, widget=RadioSelect)
    answer = forms.CharField(
        label="Observations",
        widget=Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text="Ce que vous avez constaté, et ce que vous recommandez.",
    )
    answered_by = forms.CharField(label="Nom et qualité de qui rend l’avis", max_length=160)
    upload = AttachmentsField()


class RecordOpinionForm(GiveOpinionForm):
    """Un avis reçu par courrier ou au téléphone, noté par le service."""

    answered_on = DayField(label="Reçu le")
    field_order = ["outcome", "answer", "answered_by", "answered_on", "upload"]

    def __init__(self, *args: Any, asked_on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked_on, self.today = asked_on, today
        self.fields["outcome"].label = "Sens de l’avis"

    def clean_answered_on(self) -> date:
        day: date = self.cleaned_data["answered_on"]
        if not self.asked_on <= day <= self.today:
            raise forms.ValidationError(
                f"Un avis arrive entre le jour de sa demande, le {self.asked_on:%d/%m/%Y}, et aujourd’hui."
            )
        return day


class ExchangeForm(forms.Form):
    """Un message à l’autre partie."""

    text = forms.CharField(label="Votre message", widget=Textarea(attrs={"rows": 4}), max_length=5000)
    upload = AttachmentsField()
