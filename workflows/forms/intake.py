"""Forms of the application, one a step; labels, help and validators belong to the model fields."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Textarea

from accounts.models import Organisation
from permis.enums import Channel, LeaseKind, LessorKind
from permis.models import Agent, Application, Dwelling, Lessor
from territories.models import Commune, Zone
from workflows.effects import Effect
from workflows.forms.fields import DayField, yes_no

KITCHEN = ["évier", "eau chaude", "eau froide", "évacuation", "emplacement de cuisson"]
BATHROOM = ["baignoire ou douche", "lavabo", "eau chaude", "eau froide"]


class LettingForm(forms.ModelForm):
    """Où et comment le logement sera loué."""

    class Meta:
        model = Application
        fields = [
            "commune", "nature", "lease_kind", "separate_leases", "lease_planned_on", "access_name", "access_phone",
            "future_buyer", "seller_agrees",
        ]  # fmt: skip
        widgets = {"nature": RadioSelect}
        field_classes = {"lease_planned_on": DayField}
        help_texts = {
            "commune": "La commune où se trouve le logement.",
            "lease_planned_on": "Même approximative : les diagnostics doivent être valables ce jour-là.",
            "access_name": "La personne à appeler pour visiter le logement, si ce n’est pas le bailleur. Seul l’agent de visite la verra.",
            "separate_leases": "Plus d’un seulement pour une colocation où chacun signe son bail.",
            "seller_agrees": "À cocher si vous achetez. Son accord se joint à l’étape des pièces.",
        }

    def __init__(self, *args: Any, communes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = communes
        self.fields["commune"].empty_label = "Choisissez une commune"
        self.fields["nature"].required = True
        self.fields["nature"].choices = self.fields["nature"].choices[1:]
        self.fields["separate_leases"].min_value = 1
        self.fields["lease_kind"].choices = LeaseKind.choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("future_buyer") and not cleaned.get("seller_agrees"):
            self.add_error(
                "seller_agrees",
                "Avant l’acte de vente, seul le vendeur est bailleur (CCH R. 635-2). Déposez avec son accord écrit, ou attendez d’être propriétaire.",
            )
        return cleaned


class EntryForm(LettingForm):
    """La même étape, saisie par le service pour une demande arrivée sur papier, au guichet ou par courriel."""

    received_on = DayField(
        label="Date de réception",
        help_text="Celle du tampon ou du courriel, non celle de la saisie : le délai d’un mois part de ce jour.",
    )

    class Meta(LettingForm.Meta):
        fields = ["channel", *LettingForm.Meta.fields]
        widgets = {**LettingForm.Meta.widgets, "channel": RadioSelect}

    field_order = ["channel", "received_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _entered(self)


def _entered(form: forms.ModelForm) -> None:
    """What the service says of the way by which something reached it."""
    form.fields["received_on"].initial = form.instance.received_on
    form.fields["channel"].choices = [choice for choice in Channel.choices if choice[0] != Channel.ONLINE]
    form.fields["channel"].initial = Channel.PAPER


class DeclarationForm(LettingForm):
    """Où et comment le logement est loué, une fois le bail signé : une déclaration ne prévoit ni visite, ni décision."""

    class Meta(LettingForm.Meta):
        fields = ["commune", "nature", "lease_kind", "separate_leases", "lease_signed_on"]
        field_classes = {"lease_signed_on": DayField}
        labels = {"lease_signed_on": "Date de conclusion du bail"}
        help_texts = {
            **LettingForm.Meta.help_texts,
            "lease_signed_on": "Le jour où le bail a été signé. La déclaration se fait dans les quinze jours qui suivent.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lease_signed_on"].required = True
        self.fields["lease_signed_on"].error_messages["required"] = (
            "Indiquez la date du bail : une déclaration la porte toujours."
        )


class DeclarationEntryForm(DeclarationForm):
    """La même étape, saisie par le service : le cachet de la poste compte pour le bailleur."""

    received_on = DayField(
        label="Date de réception",
        help_text="Celle du tampon ou du courriel : le récépissé est dû dans la semaine qui suit ce jour.",
    )

    class Meta(DeclarationForm.Meta):
        fields = ["channel", "posted_on", *DeclarationForm.Meta.fields]
        widgets = {**DeclarationForm.Meta.widgets, "channel": RadioSelect}
        field_classes = {**DeclarationForm.Meta.field_classes, "posted_on": DayField}
        labels = {**DeclarationForm.Meta.labels, "posted_on": "Cachet de la poste"}
        help_texts = {
            **DeclarationForm.Meta.help_texts,
            "posted_on": "S’il y en a un : c’est la date de l’envoi qui dit si la déclaration est faite à temps (CRPA L. 112-1).",
        }

    field_order = ["channel", "received_on", "posted_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _entered(self)


class AddressForm(forms.ModelForm):
    """L’adresse du logement, jusqu’à la porte."""

    zone = forms.ModelChoiceField(
        Zone.objects.none(),
        label="Périmètre",
        required=False,
        empty_label="Je ne sais pas",
        help_text="Laissez « Je ne sais pas » si vous hésitez : le service vérifiera.",
    )

    class Meta:
        model = Dwelling
        fields = ["address", "complement", "postcode", "building", "staircase", "floor", "door", "lot", "cadastral_reference"]
        help_texts = {
            "address": "Par exemple : 12 rue de la Gare.",
            "floor": "Par exemple : rez-de-chaussée, 2e étage.",
            "door": "Par exemple : gauche, 12.",
            "cadastral_reference": "Facultative. Elle figure sur l’avis de taxe foncière, par exemple AB 214.",
        }

    def __init__(self, *args: Any, commune: Commune, zones: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones
        self.fields["postcode"].initial = self.fields["postcode"].initial or commune.postcode


class DwellingForm(forms.ModelForm):
    """L’immeuble et le logement."""

    furnished = yes_no("Le logement est-il loué meublé ?", required=True)
    rooms_open_to_air = yes_no("Chaque pièce principale a-t-elle une fenêtre sur l’extérieur ?")

    class Meta:
        model = Dwelling
        fields = [
            "housing", "ownership", "construction_year", "levels", "dwellings", "surface", "rooms", "ceiling_height",
            "furnished", "rooms_open_to_air",
        ]  # fmt: skip
        widgets = {"housing": RadioSelect, "ownership": RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("housing", "surface", "rooms"):
            self.fields[name].required = True
        for name in ("housing", "ownership"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        for name in ("surface", "ceiling_height"):
            self.fields[name].localize = True
            self.fields[name].widget.is_localized = True
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})


class EquipmentForm(forms.ModelForm):
    """Les équipements et l’énergie."""

    kitchen_equipment = forms.MultipleChoiceField(
        label="Dans la cuisine", choices=[(name, name) for name in KITCHEN], required=False, widget=CheckboxSelectMultiple
    )
    bathroom_equipment = forms.MultipleChoiceField(
        label="Dans la salle d’eau", choices=[(name, name) for name in BATHROOM], required=False, widget=CheckboxSelectMultiple
    )
    toilet_private = yes_no("Les WC servent-ils à ce seul logement ?")
    toilet_separate = yes_no("Les WC sont-ils séparés de la cuisine ?")
    smoke_detector = yes_no("Y a-t-il un détecteur de fumée ?")

    class Meta:
        model = Dwelling
        fields = [
            "kitchen", "kitchen_equipment", "bathroom", "bathroom_equipment", "toilet", "toilet_private", "toilet_separate",
            "smoke_detector", "heating", "heating_energy", "hot_water", "hot_water_energy", "electricity", "gas",
            "dpe_number", "dpe_class", "dpe_established_on",
        ]  # fmt: skip
        widgets = {"electricity": RadioSelect, "gas": RadioSelect}
        field_classes = {"dpe_established_on": DayField}
        help_texts = {
            "electricity": "Au-delà de quinze ans, un diagnostic est obligatoire.",
            "gas": "Au-delà de quinze ans, un diagnostic est obligatoire.",
            "dpe_number": "Treize caractères, en haut de la première page du DPE.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("electricity", "gas"):
            self.fields[name].required = True
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]


class LessorForm(forms.ModelForm):
    """Un bailleur : une personne, une société ou un indivisaire."""

    needed_when = {
        "civility": "pour une personne",
        "first_name": "pour une personne",
        "last_name": "pour une personne",
        "company": "pour une société",
        "legal_form": "pour une société",
        "siret": "pour une société, s’il est connu",
        "capacity": "pour une société",
        "email": "elle ou un téléphone",
        "phone": "lui ou une adresse électronique",
    }

    class Meta:
        model = Lessor
        fields = [
            "kind", "civility", "first_name", "last_name", "company", "legal_form", "siret", "capacity", "address",
            "postcode", "city", "country", "email", "phone", "accept_email",
        ]  # fmt: skip
        widgets = {"kind": RadioSelect}

    def __init__(self, *args: Any, declared: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if declared:
            del self.fields["accept_email"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == LessorKind.COMPANY:
            self._require("company", "Indiquez la dénomination de la société.")
            self._require("legal_form", "Indiquez la forme juridique : SCI, SARL…")
            self._require("capacity", "Indiquez la qualité de la personne qui signe : gérant, président…")
        else:
            self._require("last_name", "Indiquez le nom du bailleur.")
            self._require("first_name", "Indiquez le prénom du bailleur.")
        if not cleaned.get("email") and not cleaned.get("phone"):
            self.add_error("email", "Indiquez une adresse électronique ou un téléphone : le service doit pouvoir vous joindre.")
        return cleaned

    def _require(self, name: str, message: str) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, message)


LessorFormSet = forms.formset_factory(
    LessorForm, extra=0, min_num=1, max_num=10, absolute_max=40, validate_min=True, can_delete=True
)


class AgentForm(forms.ModelForm):
    """Le mandataire, si la demande est faite pour le compte du bailleur."""

    needed_when = dict.fromkeys(["name", "activity", "address"], "s’il y a un mandataire")

    has_agent = forms.BooleanField(label="Un mandataire (agence, administrateur de biens) agit pour le bailleur", required=False)

    class Meta:
        model = Agent
        fields = ["name", "activity", "card_number", "card_issued_at", "address", "email", "phone"]

    field_order = ["has_agent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("has_agent"):
            for name, what in (("name", "le nom"), ("activity", "l’activité"), ("address", "l’adresse")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, f"Indiquez {what} du mandataire.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """Nothing of an absent agent is checked."""
        every = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, unknown to its stubs
        return every if self.cleaned_data.get("has_agent") else every | set(self.fields)


def known_agent(organisation: Organisation | None) -> dict[str, Any]:
    """What the form of an agent begins with, for a person who works in this organisation."""
    if organisation is None:
        return {"has_agent": False}
    return {"has_agent": True, **{name: getattr(organisation, name) for name in AgentForm.Meta.fields}}


class DepositForm(forms.Form):
    """La certification qui précède le dépôt."""

    accuracy_declared = forms.BooleanField(
        label="Je certifie l’exactitude de ces renseignements",
        error_messages={"required": "Cochez cette case pour déposer."},
    )
    date_confirmed = forms.BooleanField(
        label="J’ai relu la date de réception sur le document : le délai est bien passé",
        error_messages={
            "required": "L’échéance est passée : relisez la date de réception, puis cochez cette case ou changez-la."
        },
    )

    def __init__(self, *args: Any, effect: Effect | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if effect is None or not effect.is_grave:
            del self.fields["date_confirmed"]


class ReasonForm(forms.Form):
    """Une raison écrite, quand la suite en dépend."""

    reason = forms.CharField(label="Raison", widget=Textarea(attrs={"rows": 3}), max_length=2000)


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(label="Raison (facultative)", widget=Textarea(attrs={"rows": 3}), max_length=2000, required=False)
