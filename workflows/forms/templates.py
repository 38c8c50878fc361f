"""The form of a template of act: blocks of the authority’s own, and the sections that it withholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, Textarea

from documents.tailoring import KINDS, Addition, Section, Template


class AdditionForm(forms.Form):
    """Un bloc de texte de la collectivité, et sa place."""

    after = forms.ChoiceField(label="Après")
    kind = forms.ChoiceField(label="Présentation", choices=KINDS.items())
    text = forms.CharField(label="Texte", widget=Textarea(attrs={"rows": 3}), max_length=2000, required=False)

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["after"].choices = [(section.key, section.title) for section in sections]


AdditionFormSet = forms.formset_factory(AdditionForm, extra=1, max_num=20, absolute_max=20, validate_max=True)


class WithheldForm(forms.Form):
    """Les parties que la loi n’exige pas, et que la collectivité ne garde pas."""

    withheld = forms.MultipleChoiceField(label="Parties à ôter", widget=CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["withheld"].choices = [(section.key, section.title) for section in sections]


def template_of(additions: Any, withheld: WithheldForm) -> Template:
    """What was typed; a block without text is left aside, so that clearing it removes it."""
    added = [Addition(**form.cleaned_data) for form in additions if form.cleaned_data.get("text", "").strip()]
    return Template(added, frozenset(withheld.cleaned_data["withheld"]))
