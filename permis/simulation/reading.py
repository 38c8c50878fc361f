"""A scenario read from JSON: unknown keys, wrong types and disorder are faults, each with its place, in French."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from permis.enums import Channel, ConditionMode, EnergyClass, Ground, Housing, LeaseKind, PieceKind

MEANS = {"registered_letter", "portal", "hand"}
OUTCOMES = {"granted", "conditional", "refused"}
LATER = {
    "lease_signed", "transfer_filed", "appeal_filed", "appeal_decided", "judgment", "breach_found",
    "observations_letter_received", "regularised", "fined", "repealed",
}  # fmt: skip


class Faults(Exception):
    """The input cannot be understood; one French line a fault."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Happening:
    """One event of a scenario, on the authority's own clocks."""

    index: int
    at: datetime
    type: str
    facts: dict[str, Any]

    @property
    def on(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class Scenario:
    id: str
    insee: str
    time_zone: str
    dwelling: dict[str, Any]
    abroad: bool
    overseas: bool
    lease_kind: LeaseKind
    planned_on: date | None
    separate_leases: int
    events: list[Happening]
    as_of: date | None
    faults: list[str] = field(default_factory=list)

    @property
    def department(self) -> str:
        return self.insee[:3] if self.insee.startswith("97") else self.insee[:2]


class _Reader:
    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, place: str, message: str) -> None:
        self.faults.append(f"{place} : {message}")

    def mapping(self, value: Any, place: str, known: set[str]) -> dict[str, Any]:
        """An object with no key that nobody knows."""
        if not isinstance(value, dict):
            self.fault(place or "scénario", "un objet est attendu.")
            return {}
        for key in value:
            if key not in known:
                self.fault(f"{place}.{key}" if place else key, "clé inconnue.")
        return value

    def day(self, value: Any, place: str) -> date | None:
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.fault(place, "une date est attendue, par exemple 2025-03-10.")
            return None

    def moment(self, value: Any, place: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            moment = None
        if moment is None or moment.tzinfo is not None or "T" not in str(value):
            self.fault(place, "une date et une heure locales sont attendues, par exemple 2025-03-10T09:30.")
            return None
        return moment

    def flag(self, value: Any, place: str) -> bool:
        if not isinstance(value, bool):
            self.fault(place, "true ou false est attendu.")
            return False
        return value

    def number(self, value: Any, place: str) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fault(place, "un nombre entier est attendu.")
            return None
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


def read(data: Any) -> Scenario:
    """A scenario out of parsed JSON. Raises Faults with every fault found."""
    reader = _Reader()
    top = reader.mapping(data, "", {"id", "regime", "authority", "dwelling", "applicant", "lease", "events", "as_of"})
    if "regime" not in top:
        reader.fault("regime", "clé obligatoire : APML ou DML.")
    elif reader.choice(top["regime"], "regime", {"APML", "DML"}) == "DML":
        reader.fault("regime", "cette version ne simule pas encore la déclaration (DML).")
    authority = reader.mapping(top.get("authority", {}), "authority", {"insee", "time_zone"})
    time_zone = authority.get("time_zone", "Europe/Paris")
    if time_zone not in available_timezones():
        reader.fault("authority.time_zone", "ce fuseau horaire n’existe pas, par exemple Europe/Paris.")
    applicant = reader.mapping(top.get("applicant", {}), "applicant", {"abroad", "overseas"})
    lease = reader.mapping(top.get("lease", {}), "lease", {"kind", "planned_on", "separate_leases"})
    scenario = Scenario(
        id=top.get("id", ""),
        insee=str(authority.get("insee", "33000")),
        time_zone=time_zone,
        dwelling=_dwelling(reader, top.get("dwelling", {})),
        abroad=reader.flag(applicant.get("abroad", False), "applicant.abroad"),
        overseas=reader.flag(applicant.get("overseas", False), "applicant.overseas"),
        lease_kind=LeaseKind(
            reader.choice(lease.get("kind", "unfurnished"), "lease.kind", set(LeaseKind.values)) or LeaseKind.UNFURNISHED
        ),
        planned_on=reader.day(lease.get("planned_on"), "lease.planned_on"),
        separate_leases=reader.number(lease.get("separate_leases", 1), "lease.separate_leases") or 1,
        events=_events(reader, top.get("events")),
        as_of=reader.day(top.get("as_of"), "as_of"),
    )
    if reader.faults:
        raise Faults(reader.faults)
    return scenario


def zone_of(scenario: Scenario) -> ZoneInfo:
    return ZoneInfo(scenario.time_zone)


def _dwelling(reader: _Reader, value: Any) -> dict[str, Any]:
    known = {
        "construction_year", "housing", "electricity_age", "gas_age", "dpe", "in_risk_zone", "in_noise_zone", "police_order_on_building",
    }  # fmt: skip
    found = reader.mapping(value, "dwelling", known)
    answers: dict[str, Any] = {"construction_year": reader.number(found.get("construction_year"), "dwelling.construction_year")}
    for name in ("electricity_age", "gas_age"):
        if name in found:
            answers[name] = reader.number(found[name], f"dwelling.{name}")
    for name in ("in_risk_zone", "in_noise_zone", "police_order_on_building"):
        answers[name] = reader.flag(found.get(name, False), f"dwelling.{name}")
    if "housing" in found:
        reader.choice(found["housing"], "dwelling.housing", set(Housing.values))
    dpe = reader.mapping(found.get("dpe") or {}, "dwelling.dpe", {"class", "established_on", "adjusted_class"})
    for name in ("class", "adjusted_class"):
        if dpe.get(name) is not None:
            reader.choice(dpe[name], f"dwelling.dpe.{name}", set(EnergyClass.values))
    answers["energy_class"] = dpe.get("adjusted_class") or dpe.get("class") or ""
    answers["dpe_established_on"] = reader.day(dpe.get("established_on"), "dwelling.dpe.established_on")
    return answers


_PIECES = set(PieceKind.values)
Check = Callable[[_Reader, Any, str], Any]


def _optional(check: Check) -> Check:
    return lambda reader, value, place: None if value is None else check(reader, value, place)


def _one_of(allowed: set[str]) -> Check:
    return lambda reader, value, place: reader.choice(value, place, allowed)


def _many_of(allowed: set[str]) -> Check:
    return lambda reader, value, place: reader.choices(value, place, allowed)


_KEYS: dict[str, dict[str, Check]] = {
    "submitted": {"channel": _one_of(set(Channel.values)), "pieces": _many_of(_PIECES), "competent": _Reader.flag},
    "forwarded": {},
    "missing_requested": {"pieces": _many_of(_PIECES), "respond_by": _Reader.day},
    "optional_requested": {"pieces": _many_of(_PIECES)},
    "pieces_received": {"pieces": _many_of(_PIECES)},
    "reminder_sent": {},
    "visit_planned": {"start": _Reader.moment, "end": _Reader.moment, "purpose": _one_of({"first", "counter"})},
    "visit_done": {"conclusion": _one_of({"favourable", "reserves", "unfavourable"})},
    "visit_missed": {},
    "access_refused": {},
    "decision_signed": {
        "outcome": _one_of(OUTCOMES),
        "mode": _optional(_one_of(set(ConditionMode.values))),
        "grounds": _many_of(set(Ground.values)),
        "conditions": _Reader.number,
        "appeal_routes": _Reader.flag,
    },
    "notice_sent": {"means": _one_of(MEANS)},
    "first_presented": {},
    "collected": {},
    "returned": {},
    "available": {},
    "opened": {},
    "handed_over": {},
    "conditions_lifted": {},
    "withdrawn": {},
    "closed_incomplete": {},
    "revoked": {"adversarial": _Reader.flag},
    "zone_published": {"entry_into_force": _Reader.day},
    "corrects": {"event": _Reader.number, "corrected_at": _Reader.moment},
}
_REQUIRED = {
    "missing_requested": ("pieces",),
    "pieces_received": ("pieces",),
    "visit_planned": ("start", "end"),
    "decision_signed": ("outcome",),
    "zone_published": ("entry_into_force",),
    "corrects": ("event", "corrected_at"),
}


def _events(reader: _Reader, value: Any) -> list[Happening]:
    if not isinstance(value, list):
        reader.fault("events", "clé obligatoire : une liste d’événements est attendue.")
        return []
    found: list[Happening] = []
    for index, each in enumerate(value):
        happening = _event(reader, each, index, f"events[{index}]")
        if happening is None:
            continue
        if found and happening.at < found[-1].at:
            reader.fault(f"events[{index}].at", "cet événement précède celui qui est au-dessus ; l’ordre est celui du temps.")
        found.append(happening)
    return found


def _event(reader: _Reader, value: Any, index: int, place: str) -> Happening | None:
    if not isinstance(value, dict):
        reader.fault(place, "un objet est attendu.")
        return None
    name = value.get("type")
    if name in LATER:
        reader.fault(f"{place}.type", f"cette version ne simule pas encore l’événement « {name} ».")
        return None
    if not isinstance(name, str) or name not in _KEYS:
        reader.fault(f"{place}.type", "type d’événement inconnu.")
        return None
    keys = _KEYS[name]
    reader.mapping(value, place, {"at", "type", *keys})
    at = reader.moment(value.get("at"), f"{place}.at")
    facts = {key: check(reader, value[key], f"{place}.{key}") for key, check in keys.items() if key in value}
    for key in _REQUIRED.get(name, ()):
        if key not in value:
            reader.fault(f"{place}.{key}", "clé obligatoire.")
    if name == "corrects" and isinstance(facts.get("event"), int) and facts["event"] >= index:
        reader.fault(f"{place}.event", "seul un événement antérieur peut être corrigé.")
    return None if at is None else Happening(index, at, name, facts)
