"""The answer of an authority to one open question."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from permis.rules import Question
from workflows.forms.fields import DayField


class RuleForm(forms.Form):
    """Une réponse, depuis quand, et sur quel fondement."""

    value = forms.TypedChoiceField(label="Réponse", widget=forms.RadioSelect, coerce=int)
    since = DayField(label="À partir du", help_text="Aujourd’hui, ou un jour à venir. Ce qui est déjà fait ne change pas.")
    reason = forms.CharField(
        label="Délibération ou raison",
        max_length=200,
        required=False,
        help_text="Par exemple « Délibération 2026-41 du 3 mars 2026 ». Elle reste à l’historique.",
    )

    def __init__(self, *args: Any, question: Question, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.today = question, today
        self.fields["value"].choices = [(int(value), words) for value, words in question.answers]
        self.fields["reason"].required = question.needs_deliberation

    def clean_value(self) -> bool | int:
        value: int = self.cleaned_data["value"]
        return value if self.question.is_number else bool(value)

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since < self.today:
            raise forms.ValidationError("Ce choix vaut pour l’avenir : donnez la date d’aujourd’hui ou une date à venir.")
        return since
