"""What the forms of every letter share: how it leaves, and the number that the post gave it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import RadioSelect

from permis.enums import Means
from permis.validators import tracking_number, validate_tracking_number

BY_POST = [(Means.REGISTERED_LETTER, Means.REGISTERED_LETTER.label), (Means.HAND, Means.HAND.label)]


class TrackingField(forms.CharField):
    """The number of a registered letter, typed with or without its spaces."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **{"label": "Numéro de recommandé", **kwargs})

    def to_python(self, value: Any) -> str:
        number = tracking_number(super().to_python(value) or "")
        if number:
            validate_tracking_number(number)
        return number


class SendingForm(forms.Form):
    """Comment part une lettre, et son numéro s’il est déjà connu."""

    means = forms.ChoiceField(label="Envoi", choices=BY_POST, initial=Means.REGISTERED_LETTER, widget=RadioSelect)
    tracking_number = TrackingField(required=False, help_text="S’il est déjà connu ; il peut être ajouté ensuite.")

    def clean_means(self) -> Means:
        return Means(self.cleaned_data["means"])


def require_number(form: forms.Form) -> None:
    """A registered letter is proved by its number alone."""
    cleaned = form.cleaned_data
    if (
        cleaned.get("means") == Means.REGISTERED_LETTER
        and not cleaned.get("tracking_number")
        and "tracking_number" not in form.errors
    ):
        form.add_error("tracking_number", "Indiquez le numéro de recommandé : il fait la preuve.")
