"""Forms of the prescribed works: settled, looked at again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect

from permis.models import Application, PrescribedWork
from workflows.forms.planning import VisitForm

MET = [("yes", "Fait"), ("no", "Non fait")]


class WorkChoices(forms.ModelMultipleChoiceField):
    """Works to tick, each by its place and what it is."""

    widget = CheckboxSelectMultiple

    def label_from_instance(self, work: PrescribedWork) -> str:
        return f"{work.place} : {work.work}"


class WorkForm(forms.Form):
    """Des travaux prescrits : faits, ou non."""

    work = forms.ModelChoiceField(PrescribedWork.objects.none())
    met = forms.ChoiceField(choices=MET)

    def __init__(self, *args: Any, case: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work"].queryset = PrescribedWork.objects.filter(decision__application=case)


class SettleWorksForm(forms.Form):
    """Tout ce qu’une contre-visite a regardé, en une fois ; ce que l’on ne dit pas reste à constater."""

    def __init__(
        self, *args: Any, works: Sequence[PrescribedWork], defects: Collection[str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.works = works
        for work in works:
            found = "" if defects is None or not work.code else "no" if work.code in defects else "yes"
            self.fields[f"work_{work.pk}"] = forms.ChoiceField(
                label=f"{work.place} : {work.work}", choices=MET, required=False, initial=found, widget=RadioSelect
            )

    def clean(self) -> dict[str, Any]:
        """What was said of each work, by its key."""
        cleaned = super().clean() or self.cleaned_data
        results = {work.pk: cleaned[f"work_{work.pk}"] == "yes" for work in self.works if cleaned.get(f"work_{work.pk}")}
        if not results and not self.errors:
            raise forms.ValidationError("Dites d’au moins un des travaux s’il est fait.")
        return {"results": results}


class CounterVisitForm(VisitForm):
    """Une contre-visite : les travaux à regarder, un jour, un horaire, une personne."""

    works = WorkChoices(
        PrescribedWork.objects.none(),
        label="Travaux à regarder",
        help_text="La convocation les nomme ; la visite ne porte que sur eux.",
        error_messages={"required": "Cochez au moins un des travaux à regarder."},
    )

    def __init__(self, *args: Any, works: Any, **kwargs: Any) -> None:
        super().__init__(*args, is_counter_visit=True, **kwargs)
        self.fields["works"].queryset = works
        self.fields["works"].initial = [work.pk for work in works]
