"""Forms of the notification: sending, proof, what became of a letter; the post of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import ClearableFileInput, RadioSelect, Textarea

from permis.enums import Means, ReturnReason
from permis.validators import tracking_number, validate_tracking_number
from workflows.forms.fields import DayField
from workflows.forms.sending import TrackingField, require_number

_FILES = {"accept": "application/pdf,image/jpeg,image/png,image/heic"}


def proof_field(label: str, help_text: str = "") -> forms.FileField:
    """A scan or a photo that proves a day."""
    return forms.FileField(
        label=label, required=False, help_text=help_text or "PDF ou photo.", widget=ClearableFileInput(attrs=_FILES)
    )


class NoticeForm(forms.Form):
    """La preuve de notification : sa date décide, pas celle de la saisie."""

    needed_when = {
        "sent_on": "pour une lettre",
        "tracking_number": "pour une lettre",
        "recipient": "pour une remise",
        "notified_on": "dès qu’elle est connue",
    }

    means = forms.ChoiceField(label="Moyen", widget=RadioSelect)
    sent_on = DayField(label="Lettre envoyée le", required=False)
    tracking_number = TrackingField(required=False, help_text="Par exemple 1A 204 873 0614 7, avec ou sans espaces.")
    notified_on = DayField(
        label="Remise ou première présentation le",
        required=False,
        help_text="Pour une lettre : la date de première présentation, même si elle a été retirée plus tard ou jamais. "
        "Laissez vide si vous venez seulement de l’envoyer.",
    )
    recipient = forms.CharField(label="Remise à", max_length=160, required=False)
    proof = proof_field("Preuve numérisée", "Preuve de dépôt, avis de réception ou récépissé signé : PDF ou photo.")

    def __init__(self, *args: Any, is_online_open: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [Means.HAND, Means.REGISTERED_LETTER, *([Means.PORTAL] if is_online_open else [])]
        self.fields["means"].choices = [(means.value, means.label) for means in ways]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        means = cleaned.get("means")
        if means == Means.HAND:
            if not cleaned.get("notified_on") and "notified_on" not in self.errors:
                self.add_error("notified_on", "Indiquez le jour de la remise.")
            if not cleaned.get("recipient"):
                self.add_error("recipient", "Indiquez à qui l’acte a été remis.")
        require_number(self)
        sent, presented = cleaned.get("sent_on"), cleaned.get("notified_on")
        if sent and presented and presented < sent:
            self.add_error("notified_on", "La première présentation ne peut pas précéder l’envoi.")
        if means == Means.REGISTERED_LETTER and not sent and not presented:
            self.add_error("sent_on", "Indiquez la date d’envoi, ou celle de première présentation.")
        return cleaned


class LetterForm(forms.Form):
    """Ce qu’une lettre recommandée est devenue."""

    needed_when = {"return_reason": "si elle est revenue"}

    first_presented_on = DayField(
        label="Première présentation le",
        required=False,
        help_text="La date qui compte, même si la lettre a été retirée plus tard ou jamais. Elle est sur l’avis de réception.",
    )
    proof = proof_field("Avis de réception", "Le côté qui porte la date de présentation : PDF ou photo.")
    collected_on = DayField(label="Retirée le", required=False)
    returned_on = DayField(label="Revenue le", required=False)
    return_reason = forms.ChoiceField(
        label="Motif du retour", choices=[("", "Choisissez un motif"), *ReturnReason.choices], required=False
    )
    returned_proof = proof_field("Enveloppe revenue", "Le côté qui porte le motif et les dates : PDF ou photo.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        returned, reason = cleaned.get("returned_on"), cleaned.get("return_reason")
        if returned and not reason:
            self.add_error("return_reason", "Recopiez le motif écrit sur l’enveloppe : il dit si la lettre a été présentée.")
        if reason and not returned and "returned_on" not in self.errors:
            self.add_error("returned_on", "Indiquez le jour où la lettre est revenue.")
        if (
            reason in ReturnReason.presented()
            and not cleaned.get("first_presented_on")
            and "first_presented_on" not in self.errors
        ):
            self.add_error("first_presented_on", "Cette lettre a été présentée : recopiez le jour de sa première présentation.")
        if returned and cleaned.get("collected_on"):
            self.add_error("collected_on", "Une lettre est retirée ou revient : gardez une seule des deux dates.")
        if not any(cleaned.get(name) for name in ("first_presented_on", "collected_on", "returned_on")) and not self.errors:
            raise ValidationError("Indiquez au moins une date.")
        return cleaned


class OpenForm(forms.Form):
    """Ouvrir la décision : le bouton suffit."""


class ConsentForm(forms.Form):
    """Donner ou retirer l’accord pour la notification en ligne."""

    agrees = forms.TypedChoiceField(
        choices=[("yes", "Oui"), ("no", "Non")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "Dites oui ou non."},
    )


class PostForm(forms.Form):
    """Ce qui est posté un jour : chaque pli coché, avec le numéro de chaque recommandé."""

    posted_on = DayField(label="Posté le")
    pasted = forms.CharField(
        label="Numéros de recommandé, à la suite",
        required=False,
        max_length=4000,
        widget=Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="Collez-les tous, un par ligne, dans l’ordre de la liste : ils vont aux recommandés cochés qui n’en ont pas.",
    )

    def __init__(self, *args: Any, letters: list[tuple[int, bool]], today: date, **kwargs: Any) -> None:
        """``letters`` are the acts on the page, each with whether it is registered."""
        super().__init__(*args, **kwargs)
        self.letters = letters
        self.fields["posted_on"].initial = today
        for act, is_registered in letters:
            self.fields[f"post_{act}"] = forms.BooleanField(label="Posté", required=False)
            if is_registered:
                self.fields[f"number_{act}"] = TrackingField(required=False)

    def clean(self) -> dict[str, Any]:
        """The letters that were posted, by key, with their numbers; what is wrong is said on its own line."""
        cleaned = super().clean() or self.cleaned_data
        pasted = [number for line in cleaned.get("pasted", "").splitlines() if (number := tracking_number(line))]
        for number in pasted:
            try:
                validate_tracking_number(number)
            except ValidationError as error:
                self.add_error("pasted", f"« {number} » : {error.messages[0]}")
        rest, posted = iter(pasted), {}
        for act, is_registered in self.letters:
            if not cleaned.get(f"post_{act}") or f"number_{act}" in self.errors:
                continue
            number = cleaned.get(f"number_{act}", "") or (next(rest, "") if is_registered else "")
            if is_registered and not number:
                self.add_error(f"number_{act}", "Il manque le numéro de ce recommandé : il fait la preuve.")
            posted[act] = number
        if left := list(rest):
            self.add_error("pasted", f"Il y a plus de numéros que de recommandés cochés : {', '.join(left)}.")
        if not posted and not self.errors:
            raise ValidationError("Cochez au moins un pli posté.")
        numbers = [number for number in posted.values() if number]
        if twice := {number for number in numbers if numbers.count(number) > 1}:
            raise ValidationError(f"Ce numéro est donné à deux plis : {', '.join(sorted(twice))}.")
        return {"posted_on": cleaned.get("posted_on"), "posted": posted}
