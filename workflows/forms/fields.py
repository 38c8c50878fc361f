"""Fields that several screens share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import DateInput, RadioSelect
from django.http import QueryDict

YES_NO = [(True, "Oui"), (False, "Non")]
# Nothing that a case dates is older or later: « 0202 » is a slip of the keyboard that would move a deadline.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


class DayInput(DateInput):
    """The browser's own date field, with an ISO value whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat(), **(attrs or {})}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day that a person types; every date of every form is one."""

    widget = DayInput
    default_error_messages = {
        "invalid": "Cette date n’existe pas. Écrivez le jour, le mois et l’année sur quatre chiffres.",
        "far": "Vérifiez l’année : elle s’écrit sur quatre chiffres, entre 1900 et 2100.",
    }

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            raise forms.ValidationError(self.error_messages["far"], code="far")


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


def with_one_more(data: QueryDict, prefix: str) -> QueryDict:
    """What was typed, with one more empty form in the set; a count that is no number starts again from one."""
    name = f"{prefix}-TOTAL_FORMS"
    known = data.get(name, "")
    grown = data.copy()
    grown[name] = str(int(known) + 1 if known.isdecimal() else 1)
    return grown
