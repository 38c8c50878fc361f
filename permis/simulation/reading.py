"""A scenario read from JSON: unknown keys, wrong types and disorder are faults, each with its place, in French."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from permis.breaches import Breach
from permis.enums import Channel, ConditionMode, EnergyClass, Ground, Housing, LeaseKind, Outcome
from permis.litigation import AppealKind, Judgment
from permis.simulation.story import Faults, Happening, Scenario
from territories.enums import Regime

PIECES = {
    "form", "dpe", "crep", "electricity", "gas", "erp", "noise", "asbestos", "title_deed", "photos", "lease", "holder_agreement",
}  # fmt: skip
YEARS = range(1900, 2200)
LARGEST = 1_000_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
# What JSON may escape and no text may hold: the answer could not be printed.
_HALF_SIGN = re.compile("[\ud800-\udfff]")
_INSEE = re.compile(r"(\d\d|2[AB])\d{3}")


_time_zones = cache(available_timezones)


class _Reader:
    """Checks values and keeps every fault found, with its place."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, place: str, message: str) -> None:
        self.faults.append(f"{place}: {message}")

    def mapping(self, value: Any, place: str, known: set[str]) -> dict[str, Any]:
        """An object with no key that nobody knows."""
        if not isinstance(value, dict):
            self.fault(place, "un objet est attendu.")
            return {}
        for key in value:
            if key not in known:
                name = json.dumps(key, ensure_ascii=_HALF_SIGN.search(key) is not None)[1:-1]
                self.fault(f"{place}.{name}" if place else name, "clé inconnue.")
        return value

    def day(self, value: Any, place: str) -> date | None:
        if isinstance(value, str) and _DAY.fullmatch(value) and int(value[:4]) in YEARS:
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass  # no such day in the calendar: the same fault as any other text
        self.fault(place, "une date est attendue, par exemple 2025-03-10.")
        return None

    def moment(self, value: Any, place: str) -> datetime | None:
        if isinstance(value, str) and _MOMENT.fullmatch(value) and int(value[:4]) in YEARS:
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass  # no such day or hour: the same fault as any other text
        self.fault(place, "une date et une heure locales sont attendues, par exemple 2025-03-10T09:30.")
        return None

    def flag(self, value: Any, place: str) -> bool:
        if not isinstance(value, bool):
            self.fault(place, "true ou false est attendu.")
            return False
        return value

    def number(self, value: Any, place: str) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
            self.fault(place, f"un nombre entier, de 0 à {LARGEST}, est attendu.")
            return None
        return value

    def text(self, value: Any, place: str) -> str:
        if not isinstance(value, str) or _HALF_SIGN.search(value):
            self.fault(place, "un texte est attendu.")
            return ""
        return value

    def choice(self, value: Any, place: str, allowed: set[str]) -> str:
        if not isinstance(value, str) or value not in allowed:
            self.fault(place, f"valeur inconnue ; attendu : {', '.join(sorted(allowed))}.")
            return ""
        return value

    def choices(self, value: Any, place: str, allowed: set[str]) -> list[str]:
        if not isinstance(value, list):
            self.fault(place, "une liste est attendue.")
            return []
        return [self.choice(each, f"{place}[{index}]", allowed) for index, each in enumerate(value)]


def parse(text: str) -> Any:
    """What a text in JSON holds. Raises Faults."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Faults([f"JSON illisible, ligne {error.lineno}, colonne {error.colno}."]) from None
    except (RecursionError, ValueError):
        raise Faults(["JSON illisible : objets trop imbriqués ou nombre démesuré."]) from None


def read(data: Any) -> Scenario:
    """A scenario out of parsed JSON. Raises Faults with every fault found."""
    if not isinstance(data, dict):
        raise Faults(["scénario: un objet est attendu."])
    reader = _Reader()
    top = reader.mapping(data, "", {"id", "regime", "authority", "dwelling", "applicant", "lease", "events", "as_of"})
    if "regime" in top:
        regime = reader.choice(top["regime"], "regime", set(Regime.values))
    else:
        reader.fault("regime", "clé obligatoire : APML ou DML.")
        regime = ""
    insee, time_zone = _authority(reader, top.get("authority", {}))
    applicant = reader.mapping(top.get("applicant", {}), "applicant", {"abroad", "overseas"})
    lease = reader.mapping(top.get("lease", {}), "lease", {"kind", "planned_on", "separate_leases"})
    kind = reader.choice(lease.get("kind", "unfurnished"), "lease.kind", set(LeaseKind.values))
    leases = reader.number(lease.get("separate_leases", 1), "lease.separate_leases")
    scenario = Scenario(
        id=_optional(_Reader.text)(reader, top.get("id"), "id"),
        regime=Regime(regime or Regime.APML),
        insee=insee,
        time_zone=time_zone,
        dwelling=_dwelling(reader, top.get("dwelling", {})),
        abroad=reader.flag(applicant.get("abroad", False), "applicant.abroad"),
        overseas=reader.flag(applicant.get("overseas", False), "applicant.overseas"),
        lease_kind=LeaseKind(kind or LeaseKind.UNFURNISHED),
        planned_on=_optional(_Reader.day)(reader, lease.get("planned_on"), "lease.planned_on"),
        separate_leases=leases or 1,
        events=_events(reader, top),
        as_of=_optional(_Reader.day)(reader, top.get("as_of"), "as_of"),
    )
    if reader.faults:
        raise Faults(reader.faults)
    return scenario


def _authority(reader: _Reader, value: Any) -> tuple[str, str]:
    authority = reader.mapping(value, "authority", {"insee", "time_zone"})
    insee, time_zone = authority.get("insee", "33000"), authority.get("time_zone", "Europe/Paris")
    if not isinstance(insee, str) or not _INSEE.fullmatch(insee):
        reader.fault("authority.insee", "un code INSEE de commune est attendu, par exemple 33233.")
        insee = "33000"
    if not isinstance(time_zone, str) or time_zone not in _time_zones():
        reader.fault("authority.time_zone", "ce fuseau horaire n’existe pas ; attendu, par exemple, Europe/Paris.")
    return insee, time_zone


def _dwelling(reader: _Reader, value: Any) -> dict[str, Any]:
    known = {
        "construction_year", "housing", "electricity_age", "gas_age", "dpe", "in_risk_zone", "in_noise_zone", "police_order_on_building",
    }  # fmt: skip
    found = reader.mapping(value, "dwelling", known)
    number, choice, day = _optional(_Reader.number), _optional(_one_of(set(EnergyClass.values))), _optional(_Reader.day)
    answers: dict[str, Any] = {"construction_year": number(reader, found.get("construction_year"), "dwelling.construction_year")}
    for name in ("electricity_age", "gas_age"):
        if name in found:
            answers[name] = number(reader, found[name], f"dwelling.{name}")
    for name in ("in_risk_zone", "in_noise_zone", "police_order_on_building"):
        answers[name] = reader.flag(found.get(name, False), f"dwelling.{name}")
    _optional(_one_of(set(Housing.values)))(reader, found.get("housing"), "dwelling.housing")
    given = found.get("dpe")
    dpe = {} if given is None else reader.mapping(given, "dwelling.dpe", {"class", "established_on", "adjusted_class"})
    label, adjusted = (choice(reader, dpe.get(name), f"dwelling.dpe.{name}") for name in ("class", "adjusted_class"))
    answers["energy_class"] = adjusted or label or ""
    answers["dpe_established_on"] = day(reader, dpe.get("established_on"), "dwelling.dpe.established_on")
    return answers


Check = Callable[[_Reader, Any, str], Any]


def _optional(check: Check) -> Check:
    return lambda reader, value, place: None if value is None else check(reader, value, place)


def _one_of(allowed: set[str]) -> Check:
    return lambda reader, value, place: reader.choice(value, place, allowed)


def _many_of(allowed: set[str]) -> Check:
    return lambda reader, value, place: reader.choices(value, place, allowed)


_ANY_DAY = _optional(_Reader.day)
_KEYS: dict[str, dict[str, Check]] = {
    "submitted": {
        "channel": _one_of(set(Channel.values)),
        "pieces": _many_of(PIECES),
        "competent": _Reader.flag,
        "lease_signed_on": _ANY_DAY,
        "posted_on": _ANY_DAY,
    },
    "forwarded": {},
    "missing_requested": {"pieces": _many_of(PIECES), "respond_by": _ANY_DAY},
    "optional_requested": {"pieces": _many_of(PIECES)},
    "pieces_received": {"pieces": _many_of(PIECES)},
    "reminder_sent": {},
    "visit_planned": {"start": _Reader.moment, "end": _Reader.moment, "purpose": _one_of({"first", "counter"})},
    "visit_done": {"conclusion": _one_of({"favourable", "reserves", "unfavourable"})},
    "visit_missed": {},
    "access_refused": {},
    "decision_signed": {
        "outcome": _one_of(set(Outcome.values)),
        "mode": _optional(_one_of(set(ConditionMode.values))),
        "grounds": _many_of(set(Ground.values)),
        "conditions": _optional(_Reader.number),
        "appeal_routes": _Reader.flag,
    },
    "notice_sent": {"means": _one_of({"registered_letter", "portal", "hand"})},
    "first_presented": {},
    "collected": {},
    "returned": {},
    "available": {},
    "opened": {},
    "handed_over": {},
    "conditions_lifted": {},
    "lease_signed": {"on": _ANY_DAY},
    "transfer_filed": {"holder_agrees": _Reader.flag},
    "withdrawn": {},
    "closed_incomplete": {},
    "repealed": {},
    "revoked": {"adversarial": _Reader.flag},
    "appeal_filed": {"kind": _one_of(set(AppealKind.values))},
    "appeal_decided": {"outcome": _one_of({"rejected", "accepted"})},
    "judgment": {"outcome": _one_of(set(Judgment.values)), "reexamine_within_days": _optional(_Reader.number)},
    "breach_found": {"kind": _one_of(set(Breach.values)), "previous_breach_on": _ANY_DAY},
    "observations_letter_received": {},
    "regularised": {},
    "fined": {"amount": _Reader.number},
    "zone_published": {"entry_into_force": _ANY_DAY},
    "corrects": {"event": _Reader.number, "corrected_at": _Reader.moment},
}
# What an event means nothing without; everything else may be left out.
_REQUIRED = {
    "visit_planned": ("start", "end"),
    "decision_signed": ("outcome",),
    "appeal_filed": ("kind",),
    "appeal_decided": ("outcome",),
    "judgment": ("outcome",),
    "breach_found": ("kind",),
    "fined": ("amount",),
    "corrects": ("event", "corrected_at"),
}


def _events(reader: _Reader, top: dict[str, Any]) -> list[Happening]:
    if not isinstance(top.get("events"), list):
        reader.fault("events", "clé obligatoire : une liste d’événements est attendue.")
        return []
    found: list[Happening] = []
    for index, each in enumerate(top["events"]):
        happening = _event(reader, each, index, f"events[{index}]")
        if happening is None:
            continue
        if found and happening.at < found[-1].at:
            reader.fault(
                f"events[{index}].at",
                "cet événement précède celui qui est au-dessus de lui ; ils se suivent dans l’ordre du temps.",
            )
        found.append(happening)
    return found


def _event(reader: _Reader, value: Any, index: int, place: str) -> Happening | None:
    if not isinstance(value, dict):
        reader.fault(place, "un objet est attendu.")
        return None
    name = value.get("type")
    if not isinstance(name, str) or name not in _KEYS:
        reader.fault(f"{place}.type", f"type d’événement inconnu ; attendu : {', '.join(sorted(_KEYS))}.")
        return None
    keys = _KEYS[name]
    reader.mapping(value, place, {"at", "type", *keys})
    at = reader.moment(value.get("at"), f"{place}.at")
    facts = {key: check(reader, value[key], f"{place}.{key}") for key, check in keys.items() if key in value}
    for key in _REQUIRED.get(name, ()):
        if key not in value:
            reader.fault(f"{place}.{key}", "clé obligatoire.")
    if name == "corrects" and facts.get("event") is not None and facts["event"] >= index:
        reader.fault(f"{place}.event", "seul un événement antérieur peut être corrigé.")
    return None if at is None else Happening(index, at, name, facts)
