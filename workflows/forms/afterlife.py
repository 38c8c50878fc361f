"""Forms of what follows a permit: the lease, the commitment to works, the transfer and its agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, Textarea

from documents import receiving
from permis.enums import LeaseSource, TransferCause
from permis.models import Commitment, Transfer
from workflows.forms.fields import DayField, yes_no
from workflows.forms.files import ACCEPT
from workflows.forms.intake import AgentForm

_WEIGHT = f"PDF, JPG, PNG ou HEIC, {receiving.MAX_FILE_SIZE // receiving.MEGABYTE} Mo au plus."


class LeaseForm(forms.Form):
    """La date du bail, ou de chacun des baux d’une colocation ; le service dit aussi d’où il la tient."""

    def __init__(self, *args: Any, count: int, for_service: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [f"lease_{rank}" for rank in range(1, count + 1)]
        for rank, name in enumerate(self.names, start=1):
            label = "Date de signature du bail" if count == 1 else f"Bail n° {rank}, signé le"
            self.fields[name] = DayField(label=label, required=rank == 1)
        if for_service:
            choices = [choice for choice in LeaseSource.choices if choice[0] != LeaseSource.LANDLORD]
            self.fields["source"] = forms.ChoiceField(label="Comment le savez-vous ?", choices=choices, widget=RadioSelect)
            self.fields["evidence"] = forms.CharField(
                label="Pièce ou renseignement",
                max_length=200,
                required=False,
                help_text="Par exemple : copie du bail reçue le 3 mars, signalement de la CAF.",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") == LeaseSource.EVIDENCE and not cleaned.get("evidence"):
            self.add_error("evidence", "Dites quelle pièce établit la date du bail.")
        days = [cleaned.pop(name) for name in self.names if name in cleaned]
        return {**cleaned, "signed_on": [day for day in days if day is not None]}


class CommitmentForm(forms.ModelForm):
    """L’engagement écrit : quels travaux, pour quand, par qui."""

    engaged = forms.BooleanField(
        label="Je m’engage à faire ces travaux à cette date",
        error_messages={"required": "Cochez cette case : sans elle, ce n’est pas un engagement."},
    )

    class Meta:
        model = Commitment
        fields = ["text", "due_on", "name"]
        widgets = {"text": Textarea(attrs={"rows": 6, "maxlength": 5000})}
        field_classes = {"due_on": DayField}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {name: value for name, value in cleaned.items() if name != "engaged"}


class FindPermitForm(forms.Form):
    """L’autorisation que le vendeur, le donateur ou le notaire a remise."""

    number = forms.CharField(
        label="Numéro de l’autorisation",
        max_length=40,
        help_text="En haut de l’arrêté ou de l’attestation : APML 033473 26 00042.",
    )
    holder = forms.CharField(
        label="Nom du titulaire", max_length=160, help_text="Tel qu’il est écrit sur l’autorisation : un nom, ou une société."
    )


class TransferForm(forms.ModelForm):
    """La mutation, et l’accord du titulaire initial (Cerfa 15663)."""

    how = forms.ChoiceField(
        label="L’accord du titulaire initial",
        choices=[
            ("ask", "Lui demander par courriel : il répond par un lien, sans compte"),
            ("joined", "Je joins son accord écrit et signé"),
        ],
        widget=RadioSelect,
        initial="ask",
        help_text="Pour une succession, joignez l’accord écrit des héritiers.",
    )
    agreement = forms.FileField(
        label="Accord écrit et signé",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=_WEIGHT,
    )
    proof = forms.FileField(
        label="Preuve de la succession",
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=f"Attestation de propriété immobilière ou acte de notoriété. {_WEIGHT}",
    )
    needed_when = {"agreement": "si vous le joignez", "proof": "pour une succession"}

    class Meta:
        model = Transfer
        fields = ["cause", "deed_on"]
        widgets = {"cause": RadioSelect}
        field_classes = {"deed_on": DayField}
        help_texts = {"deed_on": "Le jour de la signature chez le notaire, ou celui du décès pour une succession."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = TransferCause.choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        how = cleaned.pop("how", "ask")
        if cleaned.get("cause") == TransferCause.INHERITANCE:
            for name, what in (("agreement", "l’accord écrit des héritiers"), ("proof", "la preuve de la succession")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, f"Joignez {what}.")
        elif how == "joined" and not cleaned.get("agreement") and "agreement" not in self.errors:
            self.add_error("agreement", "Choisissez le fichier de l’accord, ou demandez-le par courriel.")
        elif how == "ask":
            cleaned["agreement"] = cleaned["proof"] = None
        return cleaned


class TransferAgentForm(AgentForm):
    """Le mandataire du nouveau propriétaire, s’il déclare pour lui ; l’autorisation le nommera ensuite."""

    has_agent = forms.BooleanField(
        label="Un mandataire (agence, administrateur de biens) agit pour le nouveau propriétaire", required=False
    )


class PaperTransferForm(TransferForm):
    """La même déclaration, arrivée sur papier et saisie par le service."""

    received_on = DayField(
        label="Date de réception", help_text="Celle du tampon : le transfert prend effet ce jour, une fois l’accord établi."
    )
    field_order = ["received_on"]


class AgreementForm(forms.Form):
    """La réponse du titulaire initial."""

    agrees = yes_no("Êtes-vous d’accord pour que cette autorisation lui soit transférée ?", required=True)
    name = forms.CharField(label="Votre nom", max_length=160)
    reason = forms.CharField(
        label="Si vous n’êtes pas d’accord, pourquoi ?", required=False, max_length=2000, widget=Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """What a holder who agrees typed as a reason not to is no reason."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("agrees"):
            cleaned["reason"] = ""
        return cleaned


class CheckAgreementForm(forms.Form):
    """Ce que le service constate de l’accord."""

    agrees = yes_no("L’accord du titulaire initial, ou de ses héritiers, est-il établi ?", required=True)
    answered_on = DayField(label="Date de l’accord ou de la réponse")
    reason = forms.CharField(
        label="Ce qui l’établit, ou ce qui manque",
        max_length=2000,
        widget=Textarea(attrs={"rows": 3}),
        help_text="Si l’accord n’est pas établi, le déclarant lira cette raison.",
    )
