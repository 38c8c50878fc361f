"""Forms of a sanction, from the finding to the recovery of the fine."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.widgets import RadioSelect, Textarea

from documents import receiving
from documents.receiving import FileRefused
from permis.breaches import Breach, FindingSource, SanctionState
from permis.models import Application, Sanction
from permis.sanctions import euros
from territories.models import Zone
from workflows.forms.fields import DayField
from workflows.forms.files import ACCEPT
from workflows.forms.sending import BY_POST, SendingForm, TrackingField, require_number

PERSON = ("person_kind", "person_name", "person_siret", "person_address", "person_postcode", "person_city", "person_email")


class EvidenceField(forms.FileField):
    """One file that shows the facts: looked at before anything is written."""

    def __init__(self, **kwargs: Any) -> None:
        size = receiving.MAX_FILE_SIZE // receiving.MEGABYTE
        super().__init__(
            widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
            help_text=f"Bail, quittance, annonce, photo, signalement : PDF, JPG, PNG ou HEIC, {size}\N{NO-BREAK SPACE}Mo au plus.",
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            try:
                receiving.check(upload)
            except FileRefused as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return upload


class ZoneChoice(forms.ModelChoiceField):
    """A perimeter by its commune, its name and its regime: it says which authority acts, and where."""

    def label_from_instance(self, zone: Zone) -> str:
        return f"{zone.commune.name} – {zone.name} ({zone.get_regime_display().lower()}, depuis le {zone.in_force_on:%d/%m/%Y})"


class FindingForm(forms.ModelForm):
    """Le constat : qui loue quoi, depuis quand, et ce qui le montre."""

    needed_when = {"let_on": "si la date est connue", "person_siret": "pour une société"}
    zone = ZoneChoice(Zone.objects.none(), label="Périmètre", empty_label="Choisir")
    found_on = DayField(label="Constat du", help_text="L’amende se prescrit un an après ce jour (CCH L. 634-4, L. 635-7).")
    let_on = DayField(label="Logement loué depuis le", required=False)
    evidence = EvidenceField(label="Élément de preuve joint", required=False)
    field_order = [
        "breach", "zone", "address", "postcode", "let_on", "found_on", "found_by_name", "source", "facts", "evidence",
        *PERSON, "blames_applicant",
    ]  # fmt: skip

    class Meta:
        model = Sanction
        fields = ["breach", "address", "postcode", "found_by_name", "source", "facts", *PERSON, "blames_applicant"]
        widgets = {"breach": RadioSelect, "source": RadioSelect, "person_kind": RadioSelect, "facts": Textarea(attrs={"rows": 6})}
        help_texts = {
            "facts": "Ce qui a été vu, quand, comment. Chaque paragraphe est repris dans la lettre : la personne doit pouvoir y répondre.",
            "address": "Numéro et voie, bâtiment, étage, porte.",
            "person_name": "« Mme Hélène Duprat » ou « SCI Les Platanes ».",
            "person_email": "La lettre part aussi par courriel. Le courrier seul fait foi.",
            "blames_applicant": "Elle lira la lettre sur sa demande, et pourra répondre en ligne.",
            "found_by_name": "L’agent qui a constaté les faits.",
        }

    def __init__(self, *args: Any, zones: QuerySet[Zone], case: Application | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones
        for name in ("breach", "source", "person_kind"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        if case is None or case.applicant_id is None or case.organisation_id is not None:
            del self.fields["blames_applicant"]
        if case is None:
            without_case = [choice for choice in Breach.choices if choice[0] != Breach.DESPITE_REFUSAL]
            self.fields["breach"].choices = without_case

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["person"] = {name: cleaned.pop(name) for name in PERSON if name in cleaned}
        return cleaned

    def _post_clean(self) -> None:
        """The action writes, and says what the law refuses; here each field is held against its own validators."""
        for name in ("postcode", "person_siret"):
            value = self.cleaned_data.get(name) or self.cleaned_data.get("person", {}).get(name)
            try:
                Sanction._meta.get_field(name).run_validators(value)  # type: ignore[union-attr]
            except forms.ValidationError as error:
                self.add_error(name, error)

    def clean_breach(self) -> Breach:
        return Breach(self.cleaned_data["breach"])

    def clean_source(self) -> FindingSource:
        return FindingSource(self.cleaned_data["source"])


class EvidenceForm(forms.Form):
    upload = EvidenceField(label="Élément de preuve", error_messages={"required": "Choisissez un fichier."})


class RepeatForm(forms.Form):
    """Le manquement antérieur : une récidive, ou non."""

    previous = forms.ModelChoiceField(
        Sanction.objects.none(),
        label="Manquement antérieur",
        required=False,
        widget=RadioSelect,
        empty_label="Aucun n’est une récidive",
    )

    def __init__(self, *args: Any, earlier: list[Sanction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["previous"].queryset = Sanction.objects.filter(pk__in=[each.pk for each in earlier]).order_by("-found_on")
        self.fields["previous"].label_from_instance = _earlier


def _earlier(sanction: Sanction) -> str:
    return (
        f"{sanction.number}, constat du {sanction.found_on:%d/%m/%Y} : {sanction.get_breach_display().lower()}, "
        f"{sanction.person_name}, {sanction.address} ({sanction.get_state_display().lower()})"
    )


class PresentedForm(forms.Form):
    received_on = DayField(
        label="Première présentation, ou remise, le", help_text="Même si la lettre a été retirée plus tard, ou jamais."
    )
    tracking_number = TrackingField(required=False)


class ObservationsForm(forms.Form):
    """Ce que la personne a écrit, et si elle demande à être entendue."""

    needed_when = {"observations": "ou la demande d’audition", "hearing_asked": "s’il y a lieu"}
    observations_on = DayField(label="Reçues le")
    observations = forms.CharField(
        label="Observations écrites", max_length=10000, required=False, widget=Textarea(attrs={"rows": 6}),
        help_text="Recopiez ou résumez. Vide : la personne demande seulement à être entendue.",
    )  # fmt: skip
    hearing_asked = forms.BooleanField(label="La personne demande à être entendue (CRPA L. 122-1)", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("observations") and not cleaned.get("hearing_asked") and not self.errors:
            raise forms.ValidationError("Inscrivez les observations, ou la demande d’audition.")
        return cleaned


class AnswerForm(ObservationsForm):
    """La réponse en ligne de la personne mise en cause."""

    observations_on = None  # type: ignore[assignment]  # the day of the answer is today

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["observations"].label = "Vos observations"
        self.fields["observations"].help_text = "Dites ce qui est exact ou non, et ce que vous avez fait depuis."
        self.fields["hearing_asked"].label = "Je demande à être entendu, seul ou avec la personne de mon choix"


class HeardForm(forms.Form):
    heard_on = DayField(label="Audition du")
    heard = forms.CharField(
        label="Ce que la personne a dit", max_length=10000, widget=Textarea(attrs={"rows": 6}),
        help_text="Qui était présent, et les observations orales.",
    )  # fmt: skip


class RegulariseForm(forms.Form):
    """La régularisation : une demande déposée ici, ou un récépissé."""

    needed_when = {"number": "si la demande est ici", "regularised_on": "sans numéro ici", "receipt": "sans numéro ici"}
    number = forms.CharField(
        label="Numéro de la demande ou de la déclaration", max_length=24, required=False,
        help_text="Déposée ici : sa date de réception est reprise.",
    )  # fmt: skip
    regularised_on = DayField(label="Date du récépissé", required=False)
    receipt = forms.CharField(label="Référence du récépissé", max_length=80, required=False)

    def __init__(self, *args: Any, sanction: Sanction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sanction = sanction

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        number = " ".join(cleaned.pop("number", "").split())
        cleaned["application"] = None
        if number:
            known = Application.objects.filter(authority=self.sanction.authority, number__iexact=number).first()
            if known is None:
                self.add_error("number", "Aucun dossier de la collectivité ne porte ce numéro.")
            cleaned["application"] = known
        elif not self.errors and not (cleaned.get("regularised_on") and cleaned.get("receipt")):
            raise forms.ValidationError("Indiquez le numéro d’un dossier déposé ici, ou la date et la référence du récépissé.")
        return cleaned


class ClosureForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi la procédure est classée", max_length=2000, widget=Textarea(attrs={"rows": 4}),
        help_text="La personne qui a reçu une lettre lit ces raisons.",
    )  # fmt: skip


class FineForm(forms.Form):
    """Le projet d’amende : un montant, et ce qui le justifie."""

    amount = forms.IntegerField(label="Montant, en euros", min_value=1)
    reasons = forms.CharField(
        label="Motifs et proportion", max_length=5000, widget=Textarea(attrs={"rows": 8}),
        help_text="Gravité, durée, état du logement, nombre de logements, comportement depuis. Chaque paragraphe devient un « Considérant ».",
    )  # fmt: skip
    exception = forms.CharField(
        label="Raison d’une amende malgré la régularisation", max_length=2000, widget=Textarea(attrs={"rows": 3}),
        help_text="Mauvaise foi, fraude, ou règle qui protège directement la santé ou la sécurité (CRPA L. 123-1). Elle est écrite dans l’arrêté.",
    )  # fmt: skip

    def __init__(self, *args: Any, sanction: Sanction, right_to_err: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = f"{euros(sanction.cap)} au plus pour ce manquement."
        if sanction.state != SanctionState.REGULARISED or not right_to_err or sanction.repeated:
            self.fields["exception"].required = False
        if sanction.state != SanctionState.REGULARISED:
            del self.fields["exception"]


class FineNoticeForm(SendingForm):
    """La notification de l’amende."""

    needed_when = {"tracking_number": "pour une lettre"}
    field_order = ["means", "notified_on"]
    means = forms.ChoiceField(label="Moyen", choices=BY_POST, widget=RadioSelect)
    notified_on = DayField(label="Première présentation, ou remise, le")
    tracking_number = TrackingField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        require_number(self)
        return cleaned


class TitleForm(forms.Form):
    number = forms.CharField(label="Numéro du titre de recette", max_length=60)
    issued_on = DayField(label="Émis le")


class PaymentForm(forms.Form):
    amount = forms.IntegerField(label="Montant reçu, en euros", min_value=1)
    paid_on = DayField(label="Reçu le")


class RecoveryForm(forms.Form):
    since = DayField(label="Recouvrement forcé engagé le")


class ContestForm(forms.Form):
    contested_on = DayField(label="Recours reçu le")
    before = forms.CharField(label="Devant qui, et sous quelle référence", max_length=200)


class AppealForm(forms.Form):
    """L’issue d’un recours."""

    needed_when = {"reduced_to": "si elle est réduite"}
    outcome = forms.ChoiceField(
        label="L’amende est",
        choices=[("upheld", "Maintenue"), ("reduced", "Réduite"), ("annulled", "Annulée par le juge")],
        widget=RadioSelect,
    )
    day = DayField(label="Décision du")
    reduced_to = forms.IntegerField(label="Ramenée à, en euros", min_value=1, required=False)
    reason = forms.CharField(label="Référence et raisons", max_length=2000, widget=Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") == "reduced" and not cleaned.get("reduced_to"):
            self.add_error("reduced_to", "Indiquez le montant qui reste dû.")
        return cleaned
