"""Forms of the adversarial procedure: the letter, what becomes of it, and the acts that may follow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, Textarea

from permis.enums import Means
from permis.models import PrescribedWork
from workflows.forms.fields import DayField
from workflows.forms.files import ACCEPT, ManyFilesField, ManyFilesInput
from workflows.forms.sending import SendingForm, TrackingField
from workflows.forms.works import WorkChoices


class LetterForm(SendingForm):
    """Une lettre contradictoire : ce qui est reproché, au nom de quoi, et comment elle part."""

    field_order = ["reasons", "texts"]
    reasons = forms.CharField(
        label="Les faits",
        max_length=5000,
        widget=Textarea(attrs={"rows": 6}),
        help_text="Ce que le service a constaté, quand et comment. Le bailleur doit pouvoir y répondre point par point.",
    )
    texts = forms.CharField(
        label="Les textes en cause",
        max_length=2000,
        required=False,
        widget=Textarea(attrs={"rows": 3}),
        help_text="Un par ligne : l’article et ce qu’il exige. Ceux qui permettent la mesure y sont déjà.",
    )
    means = forms.ChoiceField(
        label="Envoi",
        choices=Means.choices,
        initial=Means.REGISTERED_LETTER,
        widget=RadioSelect,
        help_text="Le bailleur reçoit aussi la lettre par courriel. Le délai part de sa réception, que vous inscrirez.",
    )


class HearingForm(LetterForm):
    """La lettre qui précède l’abrogation : les travaux qui ne sont pas faits."""

    field_order = ["works", "reasons", "texts"]
    works = WorkChoices(
        PrescribedWork.objects.none(),
        label="Travaux non faits",
        help_text="Seulement ceux constatés non faits, ou dont le terme est passé.",
        error_messages={"required": "Cochez au moins un des travaux qui ne sont pas faits."},
    )

    def __init__(self, *args: Any, works: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["works"].queryset = works
        self.fields["works"].initial = [work.pk for work in works]


class AnswerForm(forms.Form):
    """Ce que devient la lettre : reçue tel jour, ce que le bailleur a répondu, l’entretien et la consultation du dossier."""

    needed_when = {
        "oral_asked_on": "si le bailleur le demande",
        "oral_held_on": "s’il a été demandé",
        "oral_report": "si l’entretien a eu lieu",
    }

    received_on = DayField(
        label="Reçue, ou présentée pour la première fois, le", required=False, help_text="Le délai pour répondre part de ce jour."
    )
    tracking_number = TrackingField(required=False)
    observations = forms.CharField(
        label="Observations reçues",
        max_length=10000,
        required=False,
        widget=Textarea(attrs={"rows": 6}),
        help_text="Recopiez ou résumez ce que le bailleur a écrit. Vide : il n’a pas répondu.",
    )
    observations_on = DayField(label="Observations reçues le", required=False)
    oral_asked_on = DayField(
        label="Entretien demandé le",
        required=False,
        help_text="Tant qu’il n’est pas tenu, rien ne peut être décidé (CRPA L. 122-1).",
    )
    oral_held_on = DayField(label="Entretien tenu le", required=False)
    oral_report = forms.CharField(
        label="Ce qui a été dit",
        max_length=10000,
        required=False,
        widget=Textarea(attrs={"rows": 4}),
        help_text="Qui était là, avec quel conseil ou mandataire. Si personne ne s’est présenté, dites-le.",
    )
    file_read_on = DayField(label="Dossier consulté le", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.values()) and not self.errors:
            raise forms.ValidationError("Indiquez le jour de réception, ou ce que le bailleur a répondu.")
        if cleaned.get("oral_held_on") and not cleaned.get("oral_report") and "oral_report" not in self.errors:
            self.add_error("oral_report", "Dites ce qui a été dit pendant l’entretien, ou qui ne s’y est pas présenté.")
        return cleaned


class ObservationsForm(forms.Form):
    """Les observations du bailleur, en ligne."""

    observations = forms.CharField(
        label="Vos observations",
        max_length=10000,
        required=False,
        widget=Textarea(attrs={"rows": 8}),
        help_text="Répondez point par point. Ce que vous écrivez est versé au dossier tel quel.",
    )
    upload = ManyFilesField(
        label="Documents",
        required=False,
        help_text="Factures, photos, courriers : PDF, JPG, PNG ou HEIC.",
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
    )
    asks_interview = forms.BooleanField(
        label="Je demande à être entendu de vive voix",
        required=False,
        help_text="Seul, ou avec le conseil ou le mandataire de votre choix.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("upload") and not cleaned.get("observations") and "observations" not in self.errors:
            self.add_error("observations", "Dites en une phrase ce que montrent ces documents.")
        elif not cleaned.get("observations") and not cleaned.get("asks_interview") and not self.errors:
            raise forms.ValidationError("Écrivez vos observations, ou demandez à être entendu.")
        return cleaned


class RevocationForm(forms.Form):
    """Le retrait : en quoi l’autorisation est illégale, et la fraude s’il y en a une."""

    needed_when = {"fraud": "seulement si elle a été obtenue par fraude"}

    reasons = forms.CharField(
        label="En quoi l’autorisation est illégale",
        widget=Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text="Les faits et la règle méconnue ; répondez aussi aux observations. Chaque paragraphe devient un « Considérant ».",
    )
    fraud = forms.CharField(
        label="La fraude, et ce qui la prouve",
        widget=Textarea(attrs={"rows": 3}),
        max_length=3000,
        required=False,
        help_text="Ce que le bailleur a dissimulé ou falsifié. Le retrait est alors possible à tout moment (CRPA L. 241-2).",
    )


class RepealForm(forms.Form):
    """L’abrogation : quelles conditions ne sont pas remplies."""

    reasons = forms.CharField(
        label="Pourquoi l’autorisation est abrogée",
        widget=Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text="Ce qui a été constaté, quand, et ce que valent les observations. Chaque paragraphe devient un « Considérant ».",
    )
