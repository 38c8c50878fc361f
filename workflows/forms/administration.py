"""Forms of the settings: the authority, its zones, its people."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.widgets import CheckboxSelectMultiple, Textarea

from accounts.enums import Role
from accounts.models import SignaturePower, User
from documents import rendering
from permis.enums import Housing, Outcome
from territories import streets
from territories.enums import AuthorityKind, Regime
from territories.models import Authority, Commune, Delegation, Zone
from workflows.forms.fields import DayField

MAX_GEOJSON = 2 * 1024 * 1024
MAX_LOGO = 200 * 1024


class AuthorityForm(forms.ModelForm):
    """Ce que les actes et les écrans disent de la collectivité."""

    logo_file = forms.FileField(
        label="Logo (SVG)",
        required=False,
        help_text="Un fichier SVG de 200 Ko au plus, pour l’en-tête des pages et des actes. Vide : le logo ne change pas.",
    )
    without_logo = forms.BooleanField(label="Ôter le logo", required=False)

    class Meta:
        model = Authority
        fields = [
            "name", "kind_label", "department_name", "service", "postal_address", "city", "phone", "email", "opening_hours", "head_title",
            "court_name", "court_address",
        ]  # fmt: skip
        widgets = {"postal_address": Textarea(attrs={"rows": 3})}

    def clean_logo_file(self) -> str:
        """The drawing itself, tried as the acts will draw it."""
        upload = self.cleaned_data["logo_file"]
        if upload is None:
            return ""
        if upload.size > MAX_LOGO:
            raise forms.ValidationError("Ce fichier dépasse 200 Ko. Simplifiez le dessin.")
        try:
            drawing = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            drawing = ""
        if "<svg" not in drawing or not rendering.can_draw(drawing):
            raise forms.ValidationError("Ce fichier n’est pas un dessin SVG lisible. Demandez à votre graphiste un SVG simple.")
        return drawing

    def save(self, commit: bool = True) -> Authority:
        if self.cleaned_data["logo_file"] or self.cleaned_data["without_logo"]:
            self.instance.logo = self.cleaned_data["logo_file"]
        return super().save(commit)


FURNISHED = [("", "Tous"), ("unfurnished", "Loués vides"), ("furnished", "Loués meublés")]


class ZoneForm(forms.ModelForm):
    """Un périmètre et sa délibération ; le tracé est un fichier GeoJSON, ou reste celui d’avant."""

    url = forms.URLField(label="Adresse de la délibération", required=False, assume_scheme="https")
    outline = forms.FileField(
        label="Tracé (GeoJSON)",
        required=False,
        help_text="Un Polygon ou MultiPolygon en longitude et latitude, seul ou dans une « Feature ». Vide : le tracé ne change pas.",
    )

    built_before = forms.IntegerField(label="Construits avant l’année", required=False, min_value=1000, max_value=2100)
    min_age_years = forms.IntegerField(label="Âgés d’au moins, en années", required=False, min_value=1, max_value=300)
    surface_max = forms.IntegerField(label="Surface habitable, au plus, en m²", required=False, min_value=1, max_value=1000)
    kinds = forms.MultipleChoiceField(
        label="Types d’immeuble",
        choices=Housing.choices,
        required=False,
        widget=CheckboxSelectMultiple,
        help_text="Aucun : tous.",
    )
    only = forms.ChoiceField(label="Vides ou meublés", choices=FURNISHED, required=False)
    street_lines = forms.CharField(
        label="Rues",
        required=False,
        widget=Textarea(attrs={"rows": 5}),
        help_text="Une par ligne : « rue de la Gare », « rue de la Gare, 1-57, impair » ou « avenue Gambetta, 20-, pair ».",
    )

    class Meta:
        model = Zone
        fields = [
            "commune",
            "regime",
            "name",
            "deliberation",
            "deliberated_on",
            "published_on",
            "in_force_on",
            "ends_on",
            "url",
            "geometry",
        ]
        widgets = {"geometry": forms.HiddenInput}
        field_classes = dict.fromkeys(["deliberated_on", "published_on", "in_force_on", "ends_on"], DayField)

    def __init__(self, *args: Any, communes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = communes
        self.fields["commune"].empty_label = "Choisissez une commune"
        categories = self.instance.categories
        for name in ("built_before", "min_age_years", "surface_max", "kinds"):
            self.fields[name].initial = categories.get(name)
        self.fields["only"].initial = {True: "furnished", False: "unfurnished"}.get(categories.get("furnished"), "")
        self.fields["street_lines"].initial = "\n".join(streets.as_line(street) for street in self.instance.streets)

    def clean_street_lines(self) -> list[dict[str, Any]]:
        """The streets as they are kept; a line that cannot be read is named."""
        try:
            return streets.of_lines(self.cleaned_data["street_lines"])
        except streets.UnreadableStreet as error:
            raise forms.ValidationError(str(error)) from None

    def save(self, commit: bool = True) -> Zone:
        """The categories are those that were filled in, and no other."""
        said = {name: self.cleaned_data[name] for name in ("built_before", "min_age_years", "surface_max", "kinds")}
        if self.cleaned_data["only"]:
            said["furnished"] = self.cleaned_data["only"] == "furnished"
        self.instance.categories = {name: value for name, value in said.items() if value not in (None, [])}
        self.instance.streets = self.cleaned_data["street_lines"]
        return super().save(commit)

    def clean_outline(self) -> dict[str, Any] | None:
        """The geometry of the file that was sent, out of its Feature or one-feature collection."""
        upload = self.cleaned_data["outline"]
        if upload is None:
            return None
        if upload.size > MAX_GEOJSON:
            raise forms.ValidationError("Ce fichier dépasse 2 Mo. Simplifiez son tracé.")
        try:
            data = json.loads(upload.read().decode("utf-8-sig"))
        except (UnicodeDecodeError, json.JSONDecodeError):
            raise forms.ValidationError("Ce fichier n’est pas du GeoJSON lisible (UTF-8).") from None
        return self._geometry(data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outline") is not None:
            cleaned["geometry"] = cleaned["outline"]
        elif self.instance.pk:
            cleaned["geometry"] = self.instance.geometry
        return cleaned

    def _geometry(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and data.get("type") == "FeatureCollection" and len(data.get("features") or ()) == 1:
            data = data["features"][0]
        if isinstance(data, dict) and data.get("type") == "Feature":
            data = data.get("geometry")
        if not isinstance(data, dict):
            raise forms.ValidationError("Ce fichier doit contenir un seul Polygon ou MultiPolygon.")
        for check in Zone._meta.get_field("geometry").validators:
            check(data)
        return data


class DelegationForm(forms.ModelForm):
    """Une délégation de l’intercommunalité à l’une de ses communes."""

    class Meta:
        model = Delegation
        fields = ["commune", "delegate", "regime", "deliberation", "starts_on", "ends_on"]
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = Commune.objects.filter(epci_siren=self.instance.epci.siren).order_by("sort_key")
        self.fields["commune"].empty_label = "Choisissez une commune"
        self.fields["delegate"].queryset = Authority.objects.filter(
            kind=AuthorityKind.COMMUNE, department=self.instance.epci.department
        ).order_by("name")
        self.fields["delegate"].empty_label = "Choisissez qui instruit"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        commune, regime, starts_on = (cleaned.get(name) for name in ("commune", "regime", "starts_on"))
        if commune and regime and starts_on:
            others = Delegation.objects.filter(commune=commune, regime=regime).exclude(pk=self.instance.pk)
            if others.overlapping(starts_on, cleaned.get("ends_on")).exists():
                self.add_error(
                    "starts_on", "Une autre délégation couvre déjà ces jours dans cette commune : terminez-la d’abord."
                )
        return cleaned


class MemberForm(forms.Form):
    """Donner un rôle à une personne, par son adresse ; sans compte, elle reçoit une invitation."""

    email = forms.EmailField(label="Adresse électronique")
    first_name = forms.CharField(label="Prénom", max_length=80)
    last_name = forms.CharField(label="Nom", max_length=80)
    role = forms.ChoiceField(label="Rôle", choices=[choice for choice in Role.choices if choice[0] != Role.AGENT])
    needed_when = {"capacity": "pour un signataire", "starts_on": "pour un signataire"}
    capacity = forms.CharField(
        label="Qualité du signataire",
        max_length=120,
        required=False,
        help_text="Pour un signataire : Le Maire, Le Vice-président…",
    )
    delegation = forms.CharField(
        label="Arrêté de délégation", max_length=120, required=False, help_text="Vide pour le maire ou le président lui-même."
    )
    starts_on = DayField(label="Signe depuis le", required=False)
    ends_on = DayField(label="Signe jusqu’au", required=False, help_text="Le dernier jour. Vide : sans limite.")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") == Role.SIGNATORY:
            for name, message in (
                ("capacity", "Indiquez en quelle qualité la personne signe."),
                ("starts_on", "Indiquez depuis quand."),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, message)
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "La fin du pouvoir de signature précède son début.")
        return cleaned


class NewPowerForm(forms.ModelForm):
    """Un pouvoir de signature et sa portée : quelles communes, quels régimes, quelles décisions, en quelles circonstances."""

    regimes = forms.MultipleChoiceField(
        label="Régimes", choices=Regime.choices, required=False, widget=CheckboxSelectMultiple, help_text="Aucun coché : tous."
    )
    outcomes = forms.MultipleChoiceField(
        label="Décisions", choices=Outcome.choices, required=False, widget=CheckboxSelectMultiple,
        help_text="Aucune cochée : toutes, et les autres actes (retrait, abrogation…).",
    )  # fmt: skip

    class Meta:
        model = SignaturePower
        fields = ["user", "capacity", "delegation", "starts_on", "ends_on", "communes", "regimes", "outcomes", "rank"]
        labels = {"starts_on": "Signe depuis le", "ends_on": "Signe jusqu’au"}
        widgets = {"communes": CheckboxSelectMultiple}
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signatories = User.objects.members([self.instance.authority_id], [Role.SIGNATORY])
        self.fields["user"].queryset = signatories.order_by("last_name", "first_name", "pk")
        self.fields["user"].empty_label = "Choisissez un signataire"
        self.fields["communes"].queryset = communes_of(self.instance.authority)
        self.fields["rank"].required = False

    def clean_rank(self) -> int:
        return self.cleaned_data["rank"] or 0


class SignaturePowerForm(forms.ModelForm):
    """Le dernier jour d’un pouvoir de signature ; le reste est écrit dans les actes et ne change plus."""

    class Meta:
        model = SignaturePower
        fields = ["ends_on"]
        labels = {"ends_on": "Signe jusqu’au"}
        help_texts = {"ends_on": "Le dernier jour où la personne peut signer. Vide : sans limite."}
        field_classes = {"ends_on": DayField}

    def clean_ends_on(self) -> date | None:
        ends_on: date | None = self.cleaned_data["ends_on"]
        if ends_on and ends_on < self.instance.starts_on:
            raise forms.ValidationError("La fin du pouvoir de signature précède son début.")
        return ends_on


def communes_of(authority: Authority) -> Any:
    """Where this authority may draw a zone: the communes of the EPCI, those delegated to it, and those it has zones in."""
    of_it = Q(epci_siren=authority.siren) | Q(delegations__delegate=authority) | Q(zones__authority=authority)
    return Commune.objects.filter(of_it).distinct().order_by("sort_key")
