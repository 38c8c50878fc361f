"""Fields that several screens share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import DateInput, RadioSelect

YES_NO = [(True, "Oui"), (False, "Non")]


class DayInput(DateInput):
    """The browser's own date field, with an ISO value whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def yes_no(label: str, *, required: bool = False, help_text: str = "") -> forms.TypedChoiceField:
    """A yes-or-no question that may be left unanswered."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        coerce=lambda value: value in (True, "True"),
        empty_value=None,
        required=required,
        help_text=help_text,
        widget=RadioSelect,
    )
