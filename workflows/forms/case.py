"""Small forms of the case page."""

from typing import Any

from django import forms
from django.forms.widgets import RadioSelect, Textarea

from accounts.models import User
from permis.correction import Correctable
from permis.models import Note
from territories.models import Authority, Zone
from workflows.effects import Effect
from workflows.forms.fields import DayField
from workflows.worklists import choices


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text"]
        widgets = {"text": Textarea(attrs={"rows": 3})}


class AssignForm(forms.Form):
    officer = forms.ModelChoiceField(User.objects.none(), label="Suivi par", required=False, empty_label="Personne")

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = choices.people({authority.pk}).order_by("last_name", "first_name", "pk")


class PoliceOrderForm(forms.Form):
    in_force = forms.TypedChoiceField(
        label="L’immeuble du logement",
        choices=[(True, "est frappé par un arrêté en vigueur"), (False, "n’est frappé par aucun arrêté")],
        coerce=lambda value: value in (True, "True"),
        widget=RadioSelect,
    )
    reference = forms.CharField(
        label="Référence de l’arrêté, ou ce qui a été vérifié", max_length=250, help_text="Elle est gardée dans le journal."
    )


class CorrectionForm(forms.Form):
    which = forms.ChoiceField(label="Date à corriger", choices=Correctable.choices, widget=RadioSelect)
    to = DayField(label="Date exacte")
    reason = forms.CharField(
        label="Raison",
        widget=Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text="Elle reste au journal, avec l’ancienne date.",
    )

    def __init__(self, *args: Any, known: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = [
            (value, f"{label} ({known[value]})") for value, label in Correctable.choices if value in known
        ]


class ConfirmationForm(forms.Form):
    """The second yes, to the effect that was shown: another effect is shown again, a grave one has to be ticked."""

    seen = forms.CharField(widget=forms.HiddenInput)
    understood = forms.BooleanField(
        label="J’ai relu cette date sur le document : elle a bien cet effet",
        error_messages={"required": "Cochez cette case pour confirmer, ou corrigez la date."},
    )

    def __init__(self, *args: Any, effect: Effect, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = effect.seal
        if not effect.is_grave:
            del self.fields["understood"]


class ZoneCheckForm(forms.Form):
    """Le périmètre du logement, vérifié par une personne."""

    zone = forms.ModelChoiceField(
        Zone.objects.none(),
        label="Périmètre du logement",
        empty_label="Choisissez un périmètre",
        error_messages={"required": "Choisissez le périmètre du logement, ou répondez « hors champ » s’il n’est dans aucun."},
    )
    reason = forms.CharField(
        label="Ce que vous avez vérifié",
        required=False,
        max_length=300,
        help_text="Par exemple : le plan cadastral, la liste des rues de la délibération. Le journal le garde.",
    )

    def __init__(self, *args: Any, zones: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones
