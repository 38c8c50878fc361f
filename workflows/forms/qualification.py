"""Forms of « Mon logement est-il concerné ? »: a commune, then only what its perimeters depend on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.widgets import RadioSelect

from permis.enums import Housing, LeaseKind
from permis.models import Dwelling
from territories.models import Zone
from territories.text import one_line
from workflows import qualifying
from workflows.forms.fields import DayField, yes_no

DO_NOT_KNOW = ("", "Je ne sais pas")
_FIELDS = Dwelling._meta


class CommuneForm(forms.Form):
    """La commune du logement, par son nom ou son code postal."""

    commune = forms.CharField(
        label="Commune du logement",
        max_length=100,
        help_text="Le début de son nom, ou son code postal.",
        error_messages={"required": "Écrivez le nom de la commune, ou son code postal."},
    )

    def clean_commune(self) -> str:
        return one_line(self.cleaned_data["commune"])


class LettingFactsForm(forms.Form):
    """La location et le logement : ce dont dépendent les périmètres de la commune, et rien d’autre."""

    needed_when = {"address": "elle précise la réponse"}

    lease_kind = forms.ChoiceField(label="Que louez-vous, et comment ?", choices=LeaseKind.choices, initial=LeaseKind.UNFURNISHED)
    lease_on = DayField(label="Date du bail", help_text="Signé, ou prévu. Une date approchée suffit.")
    address = forms.CharField(
        label="Adresse du logement", max_length=200, required=False, help_text="Par exemple : 12 rue de la Gare."
    )
    inside = forms.ChoiceField(label="D’après le plan, où est le logement ?", widget=RadioSelect, required=False)
    housing = forms.ChoiceField(
        label="Type d’immeuble", choices=[*Housing.choices, DO_NOT_KNOW], widget=RadioSelect, required=False
    )
    construction_year = forms.IntegerField(
        label="Année de construction",
        required=False,
        validators=_FIELDS.get_field("construction_year").validators,
        help_text="Une année approchée suffit.",
    )
    surface = forms.DecimalField(
        label="Surface habitable",
        required=False,
        localize=True,
        max_digits=6,
        validators=_FIELDS.get_field("surface").validators,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="En mètres carrés.",
    )
    furnished = yes_no("Le logement est-il loué meublé ?")

    def __init__(self, *args: Any, zones: Sequence[Zone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = qualifying.asked_of(zones)
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        if "inside" in self.fields:
            drawn = [(str(zone.pk), f"Dans le périmètre « {zone.name} »") for zone in zones if zone.geometry]
            self.fields["inside"].choices = [*drawn, (qualifying.OUTSIDE, "En dehors"), DO_NOT_KNOW]
            self.fields["inside"].initial = ""

    def clean_address(self) -> str:
        return one_line(self.cleaned_data["address"])

    def clean_lease_kind(self) -> LeaseKind:
        return LeaseKind(self.cleaned_data["lease_kind"])
