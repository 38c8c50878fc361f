"""Forms of the prescribed works: settled, looked at again, held against the landlord."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Textarea

from permis.enums import Means
from permis.models import Application, PrescribedWork
from workflows.forms.fields import DayField
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


class HearingForm(forms.Form):
    """La lettre contradictoire : ce qui est reproché, et comment elle part."""

    works = WorkChoices(
        PrescribedWork.objects.none(),
        label="Travaux non faits",
        help_text="Seulement ceux constatés non faits, ou dont le terme est passé.",
        error_messages={"required": "Cochez au moins un des travaux qui ne sont pas faits."},
    )
    reasons = forms.CharField(
        label="Les faits",
        max_length=5000,
        widget=Textarea(attrs={"rows": 6}),
        help_text="Ce que le service a constaté, quand et comment. Le bailleur doit pouvoir y répondre point par point.",
    )
    means = forms.ChoiceField(
        label="Envoi",
        choices=Means.choices,
        initial=Means.REGISTERED_LETTER,
        widget=RadioSelect,
        help_text="Le bailleur reçoit aussi la lettre par courriel. Les quinze jours partent de sa réception, que vous inscrirez.",
    )
    tracking_number = forms.CharField(
        label="Numéro de recommandé",
        max_length=40,
        required=False,
        help_text="S’il est déjà connu ; il peut être ajouté ensuite.",
    )

    def __init__(self, *args: Any, works: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["works"].queryset = works
        self.fields["works"].initial = [work.pk for work in works]

    def clean_means(self) -> Means:
        return Means(self.cleaned_data["means"])


class AnswerForm(forms.Form):
    """Ce que devient la lettre : reçue tel jour, et ce que le bailleur a répondu."""

    received_on = DayField(
        label="Reçue, ou présentée pour la première fois, le", required=False, help_text="Les quinze jours partent de ce jour."
    )
    tracking_number = forms.CharField(label="Numéro de recommandé", max_length=40, required=False)
    observations = forms.CharField(
        label="Observations reçues",
        max_length=10000,
        required=False,
        widget=Textarea(attrs={"rows": 6}),
        help_text="Recopiez ou résumez ce que le bailleur a écrit ou dit. Vide : il n’a pas répondu.",
    )
    observations_on = DayField(label="Observations reçues le", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("received_on", "observations", "tracking_number")) and not self.errors:
            raise forms.ValidationError("Indiquez le jour de réception, ou ce que le bailleur a répondu.")
        return cleaned
