"""Forms of the appointments: when, who visits, who lives there, what was tried to reach them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Textarea, TimeInput
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.enums import Role
from accounts.models import User
from documents import french
from inspections.models import ContactAttempt, Mandate, Operator, Visit, VisitRoutine
from inspections.planning import Slot
from permis.models import Application, Dwelling
from territories.models import Authority
from workflows.forms.fields import DayField, yes_no

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NEEDED = {
    "day": "Choisissez un rendez-vous proposé, ou indiquez un jour.",
    "start": "Indiquez l’heure du début.",
    "end": "Indiquez l’heure de la fin.",
}


class SlotForm(forms.Form):
    """Un rendez-vous : l’un de ceux qui sont proposés, ou un jour et un horaire ; et une personne."""

    needed_when = dict.fromkeys(["day", "start", "end"], "autre horaire")

    inspector = forms.ModelChoiceField(User.objects.none(), label="Agent de visite")
    slot = forms.ChoiceField(label="Rendez-vous proposés", widget=RadioSelect, required=False)
    day = DayField(label="Jour", required=False)
    start = forms.TimeField(label="De", widget=TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False)
    end = forms.TimeField(label="À", widget=TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False)

    def __init__(self, *args: Any, case: Application, slots: list[Slot], chosen: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = case.authority.zone_info
        self.fields["inspector"].queryset = visitors(case.authority)
        self.fields["inspector"].initial = chosen.pk if chosen is not None else None
        self.fields["slot"].choices = [
            *((key(slot), said(slot, self.zone)) for slot in slots),
            ("", "Un autre horaire, entre 6 h et 21 h, à écrire ci-dessous"),
        ]
        self.fields["slot"].error_messages["invalid_choice"] = "Ce rendez-vous n’est plus libre. Choisissez-en un autre."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slot") and "slot" not in self.errors:
            for name, sentence in NEEDED.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)
            start, end = cleaned.get("start"), cleaned.get("end")
            if start and end and end <= start:
                self.add_error("end", "La fin de la visite doit suivre son début.")
        return cleaned

    @property
    def times(self) -> dict[str, datetime]:
        """Start and end as instants, read on the authority's clocks."""
        if self.cleaned_data["slot"]:
            start, end = (datetime.fromisoformat(text) for text in self.cleaned_data["slot"].split("/"))
            return {"starts_at": start, "ends_at": end}
        day = self.cleaned_data["day"]
        return {
            "starts_at": timezone.make_aware(datetime.combine(day, self.cleaned_data["start"]), self.zone),
            "ends_at": timezone.make_aware(datetime.combine(day, self.cleaned_data["end"]), self.zone),
        }


class VisitForm(SlotForm):
    """Un rendez-vous, ce que lit le bailleur, et l’occupant s’il y en a un."""

    needed_when = {
        **SlotForm.needed_when,
        "agreed_on": "pour une contre-visite",
        "occupant_email": "sinon une lettre est préparée",
    }

    agreed_on = DayField(
        label="Accord du bailleur donné le",
        required=False,
        help_text="Une contre-visite se fait d’un commun accord, sans limite de mois.",
    )
    instructions = forms.CharField(
        label="Consignes", widget=Textarea(attrs={"rows": 3}), required=False, max_length=1000,
        help_text="Imprimées sur les convocations : accès, documents à préparer…",
    )  # fmt: skip
    occupied = yes_no(
        "Le logement est-il occupé ?", help_text="L’occupant est alors convoqué aussi : la visite se fait avec son accord."
    )
    occupant_name = forms.CharField(label="Nom de l’occupant", required=False, max_length=160)
    occupant_email = forms.EmailField(label="Courriel de l’occupant", required=False)
    occupant_phone = forms.CharField(label="Téléphone de l’occupant", required=False, max_length=30)

    def __init__(self, *args: Any, is_counter_visit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_counter_visit:
            del self.fields["agreed_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        return with_occupation(cleaned)


class OccupantForm(forms.ModelForm):
    """Qui vit dans le logement, connu après la convocation."""

    occupied = yes_no("Le logement est-il occupé ?")

    class Meta:
        model = Visit
        fields = ["occupied", "occupant_name", "occupant_email", "occupant_phone"]
        help_texts = {"occupant_email": "Sans courriel, une lettre est préparée dans les actes du dossier."}

    def clean(self) -> dict[str, Any]:
        return with_occupation(super().clean() or self.cleaned_data)


def with_occupation(cleaned: dict[str, Any]) -> dict[str, Any]:
    """A named occupant lives there; nobody lives in an empty dwelling."""
    named = any(cleaned.get(name) for name in ("occupant_name", "occupant_email", "occupant_phone"))
    if named and cleaned.get("occupied") is None:
        cleaned["occupied"] = True
    if cleaned.get("occupied") is False:
        cleaned |= {"occupant_name": "", "occupant_email": "", "occupant_phone": ""}
    return cleaned


class ContactForm(forms.ModelForm):
    """Un essai de contact."""

    contacted_on = DayField(label="Jour")

    class Meta:
        model = ContactAttempt
        fields = ["channel", "person", "result", "note"]
        widgets = {"channel": RadioSelect, "result": RadioSelect, "note": Textarea(attrs={"rows": 2})}
        help_texts = {"note": "Restez factuel : la personne peut lire ce qui est écrit d’elle."}

    field_order = ["contacted_on", "channel", "person", "result", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("channel", "result"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]


class JudgeForm(forms.Form):
    """L’autorisation du juge, après un refus d’accès."""

    asked_on = DayField(label="Demandée le")
    granted_on = DayField(label="Obtenue le", required=False)


class PlaceForm(forms.ModelForm):
    """Un point de la carte."""

    class Meta:
        model = Dwelling
        fields = ["latitude", "longitude"]
        help_texts = {"latitude": "En degrés, par exemple 45,1399.", "longitude": "En degrés, par exemple -0,4412."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("latitude", "longitude"):
            self.fields[name] = forms.FloatField(
                label=str(self.fields[name].label).capitalize(), help_text=self.fields[name].help_text, localize=True,
                validators=self.fields[name].validators,
            )  # fmt: skip


class AnswerForm(forms.Form):
    """Ce que répond une personne convoquée qui ne prend aucun des rendez-vous proposés."""

    refuses = forms.TypedChoiceField(
        label="Votre réponse",
        choices=[("no", "Je ne peux à aucun de ces horaires"), ("yes", "Je refuse la visite")],
        coerce=lambda value: value == "yes",
        widget=RadioSelect,
    )
    note = forms.CharField(
        label="Message au service", widget=Textarea(attrs={"rows": 3}), required=False, max_length=400,
        help_text="Par exemple : vos jours libres, ou qui appeler.",
    )  # fmt: skip


class RoutineForm(forms.ModelForm):
    """Les horaires de visite d’une collectivité."""

    class Meta:
        model = VisitRoutine
        fields = ["opens", "closes", "visit_minutes", "travel_minutes", "margin_days", "saturdays"]
        widgets = dict.fromkeys(["opens", "closes"], TimeInput(attrs={"type": "time"}, format="%H:%M"))
        help_texts = {"opens": "Les rendez-vous proposés restent dans ces heures, et toujours entre 6 h et 21 h."}


class OperatorForm(forms.ModelForm):
    """Un opérateur de visites et ses personnes."""

    class Meta:
        model = Operator
        fields = ["name", "people"]
        labels = {"name": "Organisme", "people": "Personnes qui visitent"}
        widgets = {"people": CheckboxSelectMultiple}
        help_texts = {"people": "Donnez d’abord le rôle « Opérateur de visites » à chaque personne, dans les réglages."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = visitors(self.instance.authority, Role.OPERATOR, Role.INSPECTOR)

    def _get_validation_exclusions(self) -> set[str]:
        """The authority is not typed, and the name is unique in it."""
        return super()._get_validation_exclusions() - {"authority"}  # type: ignore[misc]  # Django's own, named nowhere else


class MandateForm(forms.ModelForm):
    """Un mandat écrit."""

    class Meta:
        model = Mandate
        fields = ["reference", "signed_on", "starts_on", "ends_on"]
        field_classes = dict.fromkeys(["signed_on", "starts_on", "ends_on"], DayField)


def visitors(authority: Authority, *roles: Role) -> Any:
    """Who may be given a visit in this authority."""
    return User.objects.members([authority.pk], roles or Role.visiting()).order_by("last_name", "first_name", "pk")


def key(slot: Slot) -> str:
    """A slot as the value of a choice."""
    return f"{slot.starts_at.isoformat()}/{slot.ends_at.isoformat()}"


def said(slot: Slot, zone: Any) -> str:
    """« mardi 1er décembre 2026, de 9 h 00 à 9 h 45 »."""
    start, end = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
    return french.typeset(f"{DAYS[start.weekday()]} {french.day(start.date())}, de {french.hour(start)} à {french.hour(end)}")


def instant(text: str) -> datetime | None:
    """An instant that a page offered, or nothing."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def day_of(text: str) -> date | None:
    """The day of an address, if it is one that a person may have meant."""
    try:
        return DayField(required=False).clean(text)
    except forms.ValidationError:
        return None
