"""Forms of the police orders: one by hand, a register, a lifting, and what a person says of a match."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, Textarea

from permis.models import PoliceOrder
from permis.order_register import UnreadableRegister, decode
from workflows.forms.fields import DayField

MAX_REGISTER = 2 * 1024 * 1024


class OrderForm(forms.ModelForm):
    """Un arrêté de police, comme il est écrit."""

    class Meta:
        model = PoliceOrder
        fields = ["kind", "taken_by", "number", "dated_on", "commune", "address", "building", "cadastral_reference", "source"]
        widgets = {"kind": RadioSelect}
        field_classes = {"dated_on": DayField}
        help_texts = {
            "address": "Numéro et voie, par exemple « 12 bis, rue de la Gare ». Sans numéro, l’arrêté est rapproché de toute la rue."
        }

    def __init__(self, *args: Any, communes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = communes
        self.fields["commune"].empty_label = "Choisissez une commune"
        self.fields["kind"].choices = [choice for choice in self.fields["kind"].choices if choice[0]]

    def clean_cadastral_reference(self) -> str:
        return self.cleaned_data["cadastral_reference"].upper()

    def clean(self) -> dict[str, Any]:
        """The same number twice in one commune is one order."""
        cleaned = super().clean() or self.cleaned_data
        commune, number = cleaned.get("commune"), cleaned.get("number")
        if commune and number:
            known = PoliceOrder.objects.filter(commune=commune, number__iexact=number).exclude(pk=self.instance.pk)
            if known.filter(authority=self.instance.authority if self.instance.authority_id else self.home(commune)).exists():
                self.add_error(
                    "number", "Un arrêté de ce numéro est déjà enregistré dans cette commune : ouvrez-le pour le corriger."
                )
        return cleaned

    def home(self, commune: Any) -> Any:
        """The authority that keeps the orders of this commune; set by the view."""
        raise NotImplementedError


class LiftingForm(forms.Form):
    """La mainlevée d’un arrêté."""

    lifted_on = DayField(label="Mainlevée du")
    reference = forms.CharField(
        label="Arrêté de mainlevée", max_length=120, help_text="Son numéro, ou le courrier qui vous l’annonce."
    )


class RegisterForm(forms.Form):
    """Un registre d’arrêtés tenu dans un tableur."""

    register = forms.FileField(
        label="Fichier CSV",
        help_text="Colonnes attendues : Numéro, Date, Commune, Adresse. Facultatives : Nature, Autorité, Bâtiment, Référence cadastrale, "
        "Mainlevée, Source. Séparées par des points-virgules ou des virgules.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_register(self) -> tuple[str, str]:
        """The name of the file and its text."""
        upload = self.cleaned_data["register"]
        if upload.size > MAX_REGISTER:
            raise forms.ValidationError("Ce fichier dépasse 2 Mo. Coupez-le en plusieurs.")
        try:
            return upload.name[:200], decode(upload.read())
        except UnreadableRegister as error:
            raise forms.ValidationError(str(error)) from None


class MatchForm(forms.Form):
    """Dire si l’arrêté vise le logement du dossier."""

    needed_when = {"reason": "s’il ne vise pas ce logement"}
    strikes = forms.TypedChoiceField(
        label="Cet arrêté",
        choices=[(True, "vise le logement : seul un refus est possible"), (False, "ne vise pas ce logement")],
        coerce=lambda value: value in (True, "True"),
        widget=RadioSelect,
    )
    reason = forms.CharField(
        label="Raison, ou ce qui a été vérifié", required=False, max_length=250, widget=Textarea(attrs={"rows": 2}),
        help_text="Par exemple « l’arrêté vise le bâtiment B sur cour ». Elle reste au journal.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("strikes") is False and not cleaned.get("reason"):
            self.add_error("reason", "Dites pourquoi cet arrêté ne vise pas le logement.")
        return cleaned
