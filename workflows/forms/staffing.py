"""Forms of the page that says who follows new cases, and who stands in for whom."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from territories.enums import Regime
from territories.models import Authority, Commune
from workflows.forms.administration import communes_of
from workflows.forms.fields import DayField
from workflows.worklists import choices
from workflows.worklists.filters import NOBODY


class PersonField(forms.ModelChoiceField):
    """A person, by their whole name."""

    def label_from_instance(self, obj: Any) -> str:
        return obj.full_name


class FollowerField(PersonField):
    """A person, or nobody."""

    def clean(self, value: Any) -> Any:
        return None if value == NOBODY else super().clean(value)


def _staff(authority: Authority) -> Any:
    return choices.people({authority.pk}).order_by("last_name", "first_name", "pk")


class RuleForm(forms.Form):
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Commune", required=False, empty_label="Toutes les communes")
    regime = forms.ChoiceField(label="Régime", required=False, choices=[("", "Les deux"), *Regime.choices])
    officer = PersonField(User.objects.none(), label="Suivi par", empty_label="Choisissez une personne")

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = communes_of(authority)
        self.fields["officer"].queryset = _staff(authority)


class AbsenceForm(forms.Form):
    user = PersonField(User.objects.none(), label="Personne absente", empty_label="Choisissez une personne")
    starts_on = DayField(label="Premier jour d’absence")
    ends_on = DayField(label="Dernier jour d’absence", help_text="Les tâches reviennent le lendemain.")
    replacement = PersonField(
        User.objects.none(),
        label="Remplacée par",
        empty_label="Choisissez une personne",
        error_messages={"invalid_choice": "Choisissez une autre personne, qui instruit les dossiers ici."},
    )

    def __init__(self, *args: Any, authority: Authority, by: User, may_declare_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replacement"].queryset = _staff(authority) if may_declare_others else _staff(authority).exclude(pk=by.pk)
        if may_declare_others:
            self.fields["user"].queryset = _staff(authority)
        else:
            del self.fields["user"]
        self.by = by

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", f"Le dernier jour précède le premier, le {start:%d/%m/%Y}. Corrigez l’un des deux.")
        return {"user": self.by, **cleaned} if "user" not in self.fields else cleaned


class AssignManyForm(forms.Form):
    """The cases that were ticked, and who will follow them: a person, or nobody any more."""

    officer = FollowerField(
        User.objects.none(),
        error_messages={
            "required": "Choisissez à qui attribuer ces dossiers.",
            "invalid_choice": "Cette personne n’instruit plus de dossiers ici.",
        },
    )

    def __init__(self, *args: Any, authorities: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = choices.people(authorities)


class ViewForm(forms.Form):
    """The name of a saved view, and whether the whole service reads it."""

    name = forms.CharField(label="Nom de la vue", max_length=60, error_messages={"required": "Donnez un nom à cette vue."})
    shared = forms.BooleanField(label="La partager avec le service", required=False)
