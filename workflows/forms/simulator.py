"""The form of the simulator: the situation, then one line for each event, read into a scenario and written back from one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.widgets import CheckboxSelectMultiple, TimeInput
from django.http import QueryDict

from inspections.enums import Conclusion
from permis.breaches import Breach
from permis.enums import Channel, ConditionMode, EnergyClass, Ground, Housing, LeaseKind, Means, Outcome, PieceKind
from permis.litigation import AppealKind, Judgment  # fmt: skip
from permis.simulation.reading import PIECES
from territories.enums import Regime
from workflows.forms.fields import DayField

MOST_EVENTS = 60
UNKNOWN = [("", "Non précisé")]
# What may be told, by chapter, in the words of a person.
CHAPTERS: dict[str, dict[str, str]] = {
    "Dépôt et pièces": {
        "submitted": "Dépôt de la demande ou de la déclaration",
        "forwarded": "Réception par l’autorité compétente",
        "missing_requested": "Pièces manquantes demandées",
        "optional_requested": "Pièces facultatives demandées",
        "pieces_received": "Pièces reçues",
        "reminder_sent": "Relance envoyée",
        "closed_incomplete": "Classement sans suite",
        "withdrawn": "Demande retirée par le demandeur",
    },
    "Visites": {
        "visit_planned": "Visite prévue",
        "visit_done": "Visite faite",
        "visit_missed": "Visite manquée",
        "access_refused": "Accès refusé",
    },
    "Décision et notification": {
        "decision_signed": "Décision signée",
        "notice_sent": "Décision envoyée",
        "first_presented": "Première présentation de la lettre",
        "collected": "Lettre retirée",
        "returned": "Lettre revenue",
        "available": "Décision mise à disposition en ligne",
        "opened": "Décision ouverte en ligne",
        "handed_over": "Décision remise en main propre",
    },
    "Après la décision": {
        "conditions_lifted": "Conditions levées",
        "lease_signed": "Bail signé",
        "transfer_filed": "Transfert déposé par le nouveau propriétaire",
        "revoked": "Retrait par l’autorité",
        "repealed": "Abrogation",
        "appeal_filed": "Recours formé",
        "appeal_decided": "Réponse au recours gracieux",
        "judgment": "Jugement",
    },
    "Sanctions": {
        "breach_found": "Manquement constaté",
        "observations_letter_received": "Lettre d’observations reçue",
        "regularised": "Régularisation",
        "fined": "Amende prononcée",
    },
    "Périmètre et corrections": {
        "zone_published": "Délibération publiée",
        "corrects": "Correction d’une date mal notée",
    },
}
LABELS = {name: label for events in CHAPTERS.values() for name, label in events.items()}


def _one(label: str, choices: Any, *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices if required else [*UNKNOWN, *choices], required=required)


def _many(label: str, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=CheckboxSelectMultiple)


def _pieces(label: str) -> forms.MultipleChoiceField:
    return _many(label, [(kind.value, kind.label) for kind in PieceKind if kind.value in PIECES])


def _day(label: str) -> DayField:
    return DayField(label=label, required=False)


def _hour(label: str, **more: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


def _number(label: str, most: int, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=most, required=required)


def _tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


_KEYS: dict[str, dict[str, Callable[[], forms.Field]]] = {
    "submitted": {
        "pieces": lambda: _pieces("Pièces jointes"),
        "channel": lambda: _one("Reçue par", Channel.choices),
        "competent": lambda: _tick("L’autorité saisie n’est pas compétente : elle doit transmettre"),
        "lease_signed_on": lambda: _day("Bail conclu le"),
        "posted_on": lambda: _day("Postée le"),
    },
    "missing_requested": {"pieces": lambda: _pieces("Pièces demandées"), "respond_by": lambda: _day("À fournir avant le")},
    "optional_requested": {"pieces": lambda: _pieces("Pièces demandées")},
    "pieces_received": {"pieces": lambda: _pieces("Pièces reçues")},
    "visit_planned": {
        "visit_day": lambda: DayField(label="Jour de la visite"),
        "start": lambda: _hour("De"),
        "end": lambda: _hour("À"),
        "purpose": lambda: _one("Objet", [("first", "Première visite"), ("counter", "Contre-visite")], required=True),
    },
    "visit_done": {"conclusion": lambda: _one("Conclusion", Conclusion.choices)},
    "decision_signed": {
        "outcome": lambda: _one("Sens de la décision", Outcome.choices, required=True),
        "grounds": lambda: _many("Motifs", Ground.choices),
        "conditions": lambda: _number("Travaux ou aménagements prescrits (nombre)", 99),
        "mode": lambda: _one("Quand les travaux sont dus", ConditionMode.choices),
        "appeal_routes": lambda: _tick("La décision ne dit pas les voies et délais de recours"),
    },
    "notice_sent": {"means": lambda: _one("Moyen", Means.choices)},
    "lease_signed": {"on": lambda: _day("Date du bail")},
    "transfer_filed": {"holder_agrees": lambda: _tick("Le titulaire initial est d’accord")},
    "revoked": {"adversarial": lambda: _tick("Le titulaire a pu présenter ses observations")},
    "appeal_filed": {"kind": lambda: _one("Recours", AppealKind.choices, required=True)},
    "appeal_decided": {"outcome": lambda: _one("Réponse", [("rejected", "Rejeté"), ("accepted", "Accueilli")], required=True)},
    "judgment": {
        "outcome": lambda: _one("Jugement", Judgment.choices, required=True),
        "reexamine_within_days": lambda: _number("À réexaminer dans un délai de (jours)", 3650),
    },
    "breach_found": {
        "kind": lambda: _one("Manquement", Breach.choices, required=True),
        "previous_breach_on": lambda: _day("Manquement précédent, constaté le"),
    },
    "fined": {"amount": lambda: _number("Montant, en euros", 1_000_000, required=True)},
    "zone_published": {"entry_into_force": lambda: _day("Entrée en vigueur prévue le")},
    "corrects": {
        "event": lambda: forms.IntegerField(label="Numéro de l’événement corrigé", min_value=1, max_value=MOST_EVENTS),
        "right_day": lambda: DayField(label="Il a eu lieu le"),
        "right_time": lambda: _hour("À"),
    },
}
# Asked as « not », because the ordinary answer is yes.
_DENIED = {"competent", "appeal_routes"}


class EventForm(forms.Form):
    """Une ligne de l’histoire : quand, et ce qui s’est passé."""

    needed_when = {
        "lease_signed_on": "pour une déclaration",
        "posted_on": "pour un envoi par la poste",
        "on": "sinon le jour même",
        "mode": "pour une autorisation sous conditions",
        "reexamine_within_days": "sinon un mois",
    }  # fmt: skip

    day = DayField(label="Jour")
    time = _hour("Heure")

    def __init__(self, *args: Any, happening: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.happening, self.number = happening, int(str(self.prefix).rpartition("-")[2])
        for name, field in _KEYS.get(happening, {}).items():
            self.fields[name] = field()

    @property
    def label(self) -> str:
        return LABELS[self.happening]

    @property
    def at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])

    def not_yet_judged(self) -> EventForm:
        """The same line with what was typed and no error: a story half told is not wrong yet."""
        return EventForm(prefix=self.prefix, happening=self.happening, initial=_typed_in(self))

    def event(self) -> dict[str, Any]:
        """The event as the format writes it; what was left blank is left out."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("day", "time")}
        found: dict[str, Any] = {"at": _moment(self.at), "type": self.happening}
        if self.happening == "visit_planned":
            day = said.pop("visit_day")
            said |= {name: _moment(datetime.combine(day, said[name])) for name in ("start", "end")}
        if self.happening == "corrects":
            right = datetime.combine(said.pop("right_day"), said.pop("right_time"))
            said |= {"event": said["event"] - 1, "corrected_at": _moment(right)}
        for name, value in said.items():
            if name in _DENIED and value:
                found[name] = False
            elif name not in _DENIED and not _is_blank(value):
                found[name] = value.isoformat() if isinstance(value, date) else value
        return found

    @classmethod
    def typed(cls, event: dict[str, Any], prefix: str) -> dict[str, Any]:
        """What a person would have typed to tell this event."""
        said = {"type": event["type"], "day": event["at"][:10], "time": event["at"][11:16]}
        if event["type"] == "visit_planned":
            said |= {"visit_day": event["start"][:10], "purpose": "first"}
        for name, value in event.items():
            if value is None:
                continue
            if name in ("start", "end"):
                said[name] = value[11:16]
            elif name == "corrected_at":
                said |= {"right_day": value[:10], "right_time": value[11:16]}
            elif name == "event":
                said["event"] = value + 1
            elif name in _DENIED:
                said[name] = "" if value else "on"
            elif name not in ("at", "type"):
                said[name] = value
        return {f"{prefix}-{name}": value for name, value in said.items()}


class SituationForm(forms.Form):
    """Le régime, le logement, le demandeur et le bail."""

    needed_when = {"as_of": "sinon le jour du dernier événement"}

    regime = forms.ChoiceField(label="Régime", choices=Regime.choices)
    lease_kind = forms.ChoiceField(label="Type de location", choices=LeaseKind.choices)
    as_of = DayField(label="Vu depuis le", required=False)
    planned_on = DayField(label="Date prévue du bail", required=False)
    separate_leases = forms.IntegerField(label="Nombre de baux", min_value=1, max_value=99, required=False)
    insee = forms.RegexField(
        r"^(\d\d|2[AB])\d{3}$", label="Code INSEE de la commune", required=False,
        help_text="Il donne les jours fériés et, outre-mer, les règles d’énergie.",
        error_messages={"invalid": "Un code INSEE a cinq caractères, par exemple 33233."},
    )  # fmt: skip
    construction_year = forms.IntegerField(label="Année de construction", min_value=1000, max_value=2200, required=False)
    housing = forms.ChoiceField(label="Logement", choices=[*UNKNOWN, *Housing.choices], required=False)
    electricity_age = _number("Âge de l’installation électrique, en années", 200)
    gas_age = _number("Âge de l’installation de gaz, en années", 200)
    dpe_class = forms.ChoiceField(label="Classe du DPE", choices=[*UNKNOWN, *EnergyClass.choices], required=False)
    dpe_adjusted = forms.ChoiceField(
        label="Classe corrigée par une attestation", choices=[*UNKNOWN, *EnergyClass.choices], required=False
    )
    dpe_on = DayField(label="DPE établi le", required=False)
    time_zone = forms.CharField(
        label="Fuseau horaire", max_length=60, required=False, help_text="Celui de la collectivité. Sans réponse : Europe/Paris."
    )
    id = forms.CharField(label="Nom de l’histoire", max_length=200, required=False, strip=False)
    no_electricity = _tick("Pas d’installation électrique")
    no_gas = _tick("Pas d’installation de gaz")
    in_risk_zone = _tick("Commune concernée par l’état des risques")
    in_noise_zone = _tick("Zone de bruit d’un aérodrome")
    police_order = _tick("Arrêté de police sur l’immeuble")
    abroad = _tick("Le demandeur habite à l’étranger")
    overseas = _tick("Le demandeur habite outre-mer, hors du ressort du tribunal")

    def not_yet_judged(self) -> SituationForm:
        return SituationForm(initial=_typed_in(self))

    def scenario(self) -> dict[str, Any]:
        """The situation as the format writes it; what was left blank is left out."""
        said = self.cleaned_data
        dpe = {"class": said["dpe_class"], "established_on": said["dpe_on"], "adjusted_class": said["dpe_adjusted"]}
        dwelling = {
            "construction_year": said["construction_year"],
            "housing": said["housing"],
            "electricity_age": said["electricity_age"],
            "gas_age": said["gas_age"],
            "dpe": _told(dpe),
            "in_risk_zone": said["in_risk_zone"],
            "in_noise_zone": said["in_noise_zone"],
            "police_order_on_building": said["police_order"],
        }
        absent = {name: None for name, box in _ABSENT.items() if said[box]}
        lease = {"kind": said["lease_kind"], "planned_on": said["planned_on"], "separate_leases": said["separate_leases"]}
        parts = {
            "id": said["id"],
            "authority": _told({"insee": said["insee"], "time_zone": said["time_zone"]}),
            "dwelling": _told(dwelling) | absent,
            "applicant": _told({"abroad": said["abroad"], "overseas": said["overseas"]}),
            "lease": _told(lease),
            "as_of": said["as_of"],
        }
        return {"regime": said["regime"], **_told(parts)}

    @classmethod
    def typed(cls, scenario: dict[str, Any]) -> dict[str, Any]:
        """What a person would have typed to tell this situation."""
        dwelling, lease, applicant = (scenario.get(name, {}) for name in ("dwelling", "lease", "applicant"))
        dpe = dwelling.get("dpe") or {}
        said = {name: dwelling.get(name) for name in ("construction_year", "housing", "electricity_age", "gas_age")}
        said |= {box: name in dwelling and dwelling[name] is None for name, box in _ABSENT.items()}
        said |= {"dpe_class": dpe.get("class"), "dpe_on": dpe.get("established_on"), "dpe_adjusted": dpe.get("adjusted_class")}
        said |= {name: dwelling.get(name) for name in ("in_risk_zone", "in_noise_zone")}
        said |= {"police_order": dwelling.get("police_order_on_building")}
        said |= {"lease_kind": lease.get("kind", "unfurnished"), "planned_on": lease.get("planned_on")}
        said |= {"separate_leases": lease.get("separate_leases"), "as_of": scenario.get("as_of"), "regime": scenario["regime"]}
        said |= {**scenario.get("authority", {}), **applicant, "id": scenario.get("id")}
        return {name: value for name, value in said.items() if not _is_blank(value)}


_ABSENT = {"electricity_age": "no_electricity", "gas_age": "no_gas"}


def lines(data: QueryDict) -> list[EventForm]:
    """The lines that were posted, in their order; a kind that does not exist is no line."""
    count = data.get("events", "")
    numbers = range(min(int(count), MOST_EVENTS)) if count.isdecimal() else range(0)
    kinds = [(number, data.get(f"event-{number}-type", "")) for number in numbers]
    return [EventForm(data, prefix=f"event-{number}", happening=kind) for number, kind in kinds if kind in LABELS]


def as_posted(scenario: dict[str, Any]) -> QueryDict:
    """A scenario as its form would post it."""
    data = QueryDict(mutable=True)
    said = SituationForm.typed(scenario)
    for number, event in enumerate(scenario["events"]):
        said |= EventForm.typed(event, f"event-{number}")
    said["events"] = len(scenario["events"])
    for name, value in said.items():
        data.setlist(name, [str(each) for each in (value if isinstance(value, list) else [value])])
    return data


def moved(data: QueryDict, order: list[int]) -> QueryDict:
    """What was posted, its lines in this order and no other line; a correction follows the line that it names."""
    found = data.copy()
    for name in data:
        if name.startswith("event-"):
            del found[name]
    place = {number: index for index, number in enumerate(order)}
    for name in data:
        head, _, key = name.removeprefix("event-").partition("-")
        if not name.startswith("event-") or not head.isdecimal() or int(head) not in place:
            continue
        values = data.getlist(name)
        if key == "event":
            values = [str(place[int(each) - 1] + 1) if each.isdecimal() and int(each) - 1 in place else each for each in values]
        found.setlist(f"event-{place[int(head)]}-{key}", values)
    found["events"] = str(len(order))
    return found


def with_line(data: QueryDict, kind: str, number: int) -> QueryDict:
    """What was posted, with one more line, on the day of the last one."""
    found = data.copy()
    found[f"event-{number}-type"] = kind
    found[f"event-{number}-day"] = data.get(f"event-{number - 1}-day", "")
    found[f"event-{number}-time"] = data.get(f"event-{number - 1}-time", "") or "10:00"
    found["events"] = str(number + 1)
    return found


def _typed_in(form: forms.Form) -> dict[str, Any]:
    """What was typed in each field of a form, right or wrong."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _told(values: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in values.items() if not _is_blank(value)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


def _is_blank(value: Any) -> bool:
    """Nothing was said; zero was."""
    return value is False or value in ("", None, [], {})


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"
