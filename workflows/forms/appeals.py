"""Forms of the appeals: filed, answered by a signatory, followed before the court."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect, Textarea

from permis import deadlines
from permis.enums import ConditionMode, Ground, Outcome, State
from permis.litigation import AppealChannel, Judgment, Suspension
from permis.models import PrescribedWork
from workflows.forms.fields import DayField
from workflows.forms.files import ACCEPT, ManyFilesField, ManyFilesInput
from workflows.forms.works import WorkChoices

REJECTED, UNDONE = "rejected", "undone"
# What accepting an appeal does against what ended a case.
UNDONE_LABELS: dict[str, str] = {
    State.CLOSED_INCOMPLETE: "Retirer le classement : la demande est reprise",
    State.REVOKED: "Retirer le retrait : l’autorisation est rendue",
    State.REPEALED: "Retirer l’abrogation : l’autorisation est rendue",
}
# Ordered, it has a screen of its own: the order is kept, and the case follows it.
_ASKED = [("", "Aucun"), *((each.value, each.label) for each in (Suspension.ASKED, Suspension.REJECTED))]


def _files(label: str, help_text: str = "PDF, JPG, PNG ou HEIC.") -> ManyFilesField:
    return ManyFilesField(label=label, required=False, help_text=help_text, widget=ManyFilesInput(attrs={"accept": ACCEPT}))


class AppealForm(forms.Form):
    """Un recours gracieux, en ligne."""

    arguments = forms.CharField(
        label="Ce que vous contestez, et pourquoi",
        max_length=10000,
        widget=Textarea(attrs={"rows": 10}),
        help_text="Dites ce que vous demandez : une autorisation, des conditions différentes. Citez les faits et les documents qui le montrent.",
    )
    upload = _files("Documents", "Factures, photos, attestations : PDF, JPG, PNG ou HEIC.")


class LetterAppealForm(AppealForm):
    """Un recours gracieux arrivé par lettre, au guichet ou par courriel."""

    field_order = ["channel", "received_on"]
    channel = forms.ChoiceField(
        label="Reçu par",
        choices=[(each.value, each.label) for each in (AppealChannel.LETTER, AppealChannel.COUNTER, AppealChannel.EMAIL)],
        initial=AppealChannel.LETTER,
        widget=RadioSelect,
    )
    received_on = DayField(label="Reçu le", help_text="Le jour de réception par la collectivité : les deux mois en partent.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["arguments"].label = "Ce qui est contesté, et pourquoi"
        self.fields["arguments"].help_text = "Recopiez ou résumez la lettre ; joignez-la numérisée."
        self.fields["upload"].label = "La lettre et ses pièces"

    def clean_channel(self) -> AppealChannel:
        return AppealChannel(self.cleaned_data["channel"])


class AskedReasonsForm(forms.Form):
    """La demande des motifs d’un rejet né du silence."""

    asked_on = DayField(
        label="Motifs demandés le", help_text="Le jour de réception de la demande : un mois pour les donner en part."
    )


class WithdrawnForm(forms.Form):
    """Le désistement d’un recours."""

    withdrawn_on = DayField(
        label="Désistement du",
        help_text="Le jour où la lettre est arrivée, ou celui de l’ordonnance du tribunal qui en donne acte.",
    )


class OrderForm(forms.Form):
    """Une ordonnance du juge des référés."""

    ordered_on = DayField(label="Ordonnance du")
    notified_on = DayField(label="Reçue par la collectivité le")
    upload = forms.FileField(
        label="L’ordonnance",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": "Joignez l’ordonnance : elle est gardée au dossier."},
    )


class SuspensionEndForm(OrderForm):
    """L’ordonnance par laquelle le juge des référés met fin à la suspension."""

    notified_on = DayField(
        label="Reçue par la collectivité le", help_text="De ce jour, la décision contestée produit de nouveau ses effets."
    )


class SuspensionForm(OrderForm):
    """L’ordonnance qui suspend la décision, et le réexamen qu’elle ordonne."""

    needed_when = {"reexamine_within_days": "s’il ordonne de réexaminer"}
    field_order = ["ordered_on", "notified_on", "reexamine_within_days", "upload"]

    notified_on = DayField(label="Reçue par la collectivité le", help_text="Le terme du réexamen en part.")
    reexamine_within_days = forms.IntegerField(
        label="Délai de réexamen, en jours",
        min_value=1,
        max_value=730,
        required=False,
        help_text="À laisser vide si le juge n’ordonne pas de réexaminer la demande. Un mois : 30.",
    )

    def __init__(self, *args: Any, today: date, may_reexamine: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if not may_reexamine:
            del self.fields["reexamine_within_days"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        days, since = cleaned.get("reexamine_within_days"), cleaned.get("notified_on")
        if days and since and (term := deadlines.reexamine_by(since, days)) < self.today:
            self.add_error("reexamine_within_days", f"Ce terme tombe le {term:%d/%m/%Y}, déjà passé : vérifiez ces dates.")
        return cleaned


class AppealAnswerForm(forms.Form):
    """La réponse à un recours gracieux : rejet motivé, ou décision nouvelle."""

    needed_when = {
        "mode": "sous conditions seulement",
        "grounds": "sous conditions seulement",
        "works": "sous conditions seulement",
        "due_on": "si la location peut précéder les travaux",
    }

    outcome = forms.ChoiceField(
        label="Réponse",
        choices=[
            (REJECTED, "Rejeter le recours : la décision contestée reste en vigueur"),
            (Outcome.GRANTED, "Accorder l’autorisation à la place"),
            (Outcome.CONDITIONAL, "Accorder l’autorisation sous conditions à la place"),
        ],
        widget=RadioSelect,
    )
    reasons = forms.CharField(
        label="Motifs",
        max_length=5000,
        widget=Textarea(attrs={"rows": 7}),
        help_text="Répondez à chaque argument. Chaque paragraphe devient un « Considérant ».",
    )
    works = WorkChoices(
        PrescribedWork.objects.none(),
        label="Travaux qui restent à faire",
        required=False,
        help_text="Ceux de la décision contestée.",
    )
    grounds = forms.MultipleChoiceField(
        label="Motifs de droit", choices=Ground.choices, widget=CheckboxSelectMultiple, required=False
    )
    mode = forms.ChoiceField(label="Quand", choices=ConditionMode.choices, widget=RadioSelect, required=False)
    due_on = DayField(label="À faire avant le", required=False)

    def __init__(self, *args: Any, works: Any, grounds: Sequence[str], may_replace: bool, undone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["works"].queryset = works
        self.fields["works"].initial = [work.pk for work in works]
        self.fields["grounds"].initial = [ground for ground in grounds if ground != Ground.POLICE_ORDER]
        if not may_replace:
            self.fields["outcome"].choices = [*self.fields["outcome"].choices[:1], *([(UNDONE, undone)] if undone else [])]
            self.fields["outcome"].initial = None if undone else REJECTED
            for name in ("works", "grounds", "mode", "due_on"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") != Outcome.CONDITIONAL:
            return cleaned | {"works": [], "grounds": [], "mode": "", "due_on": None}
        if not cleaned.get("mode"):
            self.add_error("mode", "Dites si les travaux précèdent la location ou ont un délai.")
        if cleaned.get("mode") == ConditionMode.DEFERRED and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "Donnez une date limite : la location est permise avant la fin des travaux.")
        if cleaned.get("mode") != ConditionMode.DEFERRED:
            cleaned["due_on"] = None
        return cleaned


class CourtForm(forms.Form):
    """Une requête devant le tribunal administratif."""

    author = forms.CharField(label="Requérant", max_length=200)
    court_name = forms.CharField(label="Tribunal", max_length=160)
    court_number = forms.CharField(label="Numéro de la requête", max_length=40, required=False)
    received_on = DayField(label="Enregistrée au greffe le")
    suspension = forms.ChoiceField(label="Référé-suspension", choices=_ASKED, required=False)
    defence_due_on = DayField(label="Mémoire en défense attendu le", required=False)
    arguments = forms.CharField(
        label="Moyens de la requête", max_length=10000, required=False, widget=Textarea(attrs={"rows": 5})
    )
    upload = _files("La requête et ses pièces")


class CourtFollowForm(forms.Form):
    """La suite d’une affaire devant le tribunal."""

    court_number = forms.CharField(label="Numéro de la requête", max_length=40, required=False)
    suspension = forms.ChoiceField(label="Référé-suspension", choices=_ASKED, required=False)
    defence_due_on = DayField(label="Mémoire en défense attendu le", required=False)
    defence_sent_on = DayField(label="Mémoire en défense produit le", required=False)
    sits_on = DayField(label="Audience le", required=False)
    notes = forms.CharField(
        label="Notes de défense",
        max_length=10000,
        required=False,
        widget=Textarea(attrs={"rows": 6}),
        help_text="Pour le service seul.",
    )
    upload = _files("Pièces de défense")

    def __init__(self, *args: Any, is_suspended: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_suspended:
            del self.fields["suspension"]


class JudgmentForm(forms.Form):
    """Le jugement, son texte, et le terme qu’il fixe."""

    needed_when = {"reexamine_within_days": "s’il ordonne de réexaminer", "is_past": "si le terme est déjà passé"}

    judgment = forms.ChoiceField(label="Ce que juge le tribunal", choices=Judgment.choices, widget=RadioSelect)
    judged_on = DayField(label="Jugement du")
    notified_on = DayField(label="Reçu par la collectivité le", help_text="Le terme du réexamen en part.")
    reexamine_within_days = forms.IntegerField(
        label="Délai de réexamen, en jours",
        min_value=1,
        max_value=730,
        required=False,
        help_text="Un mois : 30. Deux mois : 60.",
    )
    upload = forms.FileField(
        label="Le jugement",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": "Joignez le jugement : il est gardé au dossier."},
    )
    is_past = forms.BooleanField(
        label="Le terme est passé : le silence vaut autorisation, et sera constaté aussitôt", required=False
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if not self.is_bound:
            del self.fields["is_past"]

    def clean_judgment(self) -> Judgment:
        return Judgment(self.cleaned_data["judgment"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        days, since, is_past = cleaned.get("reexamine_within_days"), cleaned.get("notified_on"), cleaned.pop("is_past", False)
        term = deadlines.reexamine_by(since, days) if since and days else None
        if term is None or term >= self.today:
            # Asked only of a term that has passed.
            self.fields.pop("is_past", None)
        if cleaned.get("judgment") != Judgment.ANNULLED_REEXAMINE:
            self.fields.pop("is_past", None)
            return cleaned | {"reexamine_within_days": None}
        if not days and "reexamine_within_days" not in self.errors:
            self.add_error("reexamine_within_days", "Dites en combien de jours le tribunal ordonne de réexaminer la demande.")
        elif term is not None and term < self.today and not is_past:
            self.add_error(
                "is_past", f"Ce terme tombe le {term:%d/%m/%Y}, déjà passé : corrigez les dates, ou cochez cette case."
            )
        return cleaned
