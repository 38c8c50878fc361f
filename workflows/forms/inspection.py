"""Forms of the visits."""

from __future__ import annotations

from typing import Any

from django import forms

from permis.models import Application, PrescribedWork


class WorkForm(forms.Form):
    """Des travaux prescrits : faits, ou non."""

    work = forms.ModelChoiceField(PrescribedWork.objects.none())
    met = forms.ChoiceField(choices=[("yes", "Fait"), ("no", "Non fait")])

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work"].queryset = PrescribedWork.objects.filter(decision__application=case)
