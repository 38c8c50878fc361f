"""Forms of the ledger of transmissions: to send, to acknowledge, to correct, and the directory of recipients."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.widgets import CheckboxSelectMultiple

from accounts.enums import Role
from accounts.models import Membership
from notifications.ledger import RecipientKind, TransmissionMeans
from notifications.models import Recipient
from workflows.forms.fields import DayField

# What is said of a sending that the software does not do itself.
_PROOFS = {
    TransmissionMeans.HAND: ("Preuve de l’envoi", "Numéro de recommandé, nom de la personne qui a reçu, référence du courriel…"),
    TransmissionMeans.ACTES: ("Référence chez l’opérateur", "Le numéro que l’opérateur @CTES donne au dépôt."),
}


class SendForm(forms.Form):
    """Envoyer : rien à saisir quand le logiciel envoie lui-même, sinon le jour et la preuve."""

    sent_on = DayField(label="Envoyé le")
    proof = forms.CharField(max_length=250)

    def __init__(self, *args: Any, means: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if means not in _PROOFS:
            self.fields.clear()
            return
        self.fields["sent_on"].initial = today
        self.fields["proof"].label, self.fields["proof"].help_text = _PROOFS[TransmissionMeans(means)]


class AcknowledgeForm(forms.Form):
    """La preuve que le destinataire a reçu."""

    acknowledged_on = DayField(label="Reçu le")
    proof = forms.CharField(
        label="Preuve de la réception", max_length=250,
        help_text="Numéro d’accusé @CTES, référence de la réponse, avis de réception du recommandé…",
    )  # fmt: skip


class CorrectForm(forms.Form):
    """Pourquoi ce qui a été transmis doit l’être de nouveau."""

    reason = forms.CharField(
        label="Pourquoi rectifier", max_length=250,
        help_text="Le destinataire reçoit les données d’aujourd’hui, et le numéro de ce qu’elles remplacent.",
    )  # fmt: skip


class RecipientForm(forms.ModelForm):
    """Un destinataire, le moyen de l’atteindre et ses partenaires."""

    needed_when = {"email": "pour un envoi par courriel", "matter": "pour la préfecture"}
    members = forms.ModelMultipleChoiceField(
        label="Personnes de l’espace partenaire",
        queryset=Membership.objects.none(),
        required=False,
        widget=CheckboxSelectMultiple,
        help_text="Elles lisent ce qui a été transmis à ce destinataire, et rien d’autre. Donnez d’abord à chacune le rôle Partenaire.",
    )

    class Meta:
        model = Recipient
        fields = ["kind", "name", "means", "email", "contact", "matter", "since", "until"]
        field_classes = {"since": DayField, "until": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Q(partner_seat__isnull=True) | Q(partner_seat__recipient=self.instance.pk)
        partners = Membership.objects.filter(authority=self.instance.authority, role=Role.PARTNER)
        members = self.fields["members"]
        members.queryset = partners.filter(free).select_related("user").order_by("user__last_name", "user__first_name")
        if not partners.exists():
            members.help_text = (
                "Personne n’a encore le rôle Partenaire : donnez-le d’abord, dans les réglages, à qui lira cet espace."
            )
        members.label_from_instance = lambda membership: f"{membership.user.full_name}, {membership.user.email}"
        self.fields["kind"].choices = [("", "Choisissez une nature"), *RecipientKind.choices]
        if self.instance.pk:
            # What was transmitted was so to this kind of recipient: another one is another row.
            self.fields["kind"].disabled = True
            self.initial["members"] = list(self.instance.seats.values_list("membership", flat=True))

    def clean(self) -> dict[str, Any]:
        """The constraints say the rest; this one names the authority, which no field holds."""
        cleaned = super().clean() or self.cleaned_data
        others = Recipient.objects.filter(authority=self.instance.authority, kind=cleaned.get("kind"), until=None)
        if cleaned.get("kind") and not cleaned.get("until") and others.exclude(pk=self.instance.pk).exists():
            self.add_error("kind", "Un destinataire de cette nature est déjà en place : donnez-lui d’abord une fin.")
        return cleaned
