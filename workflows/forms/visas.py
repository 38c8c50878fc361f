"""The visa of a draft: what was read, and what its reader has to say."""

from django import forms
from django.forms.widgets import HiddenInput, Textarea


class VisaForm(forms.Form):
    """Le visa porte sur le projet affiché, reconnu par son empreinte."""

    seen = forms.CharField(widget=HiddenInput, max_length=64)
    comment = forms.CharField(
        label="Observation", required=False, max_length=500, widget=Textarea(attrs={"rows": 3}),
        help_text="Le signataire la lit. Elle reste au journal.",
    )  # fmt: skip
