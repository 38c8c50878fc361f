"""The diagnostics the law requires of a dwelling to be let, and how long each is valid (loi 89-462 art. 3-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from permis import deadlines
from permis.enums import InstallationAge, PieceKind
from permis.models import Dwelling
from territories.enums import Regime

LEAD_BEFORE = 1949
OLD_INSTALLATION = 15
DPE_RULES_OF_2021 = date(2021, 7, 1)
DPE_RULES_OF_2018 = date(2018, 1, 1)
# First day on which a dwelling of this class may no longer be let (loi 89-462 art. 6; décret 2023-796).
LETTING_BAN = {"G": date(2025, 1, 1), "F": date(2028, 1, 1), "E": date(2034, 1, 1)}
LETTING_BAN_OVERSEAS = {"G": date(2028, 1, 1), "F": date(2031, 1, 1)}


@dataclass(frozen=True)
class DwellingFacts:
    """What the rules read of a dwelling; ages in years, None where there is no such installation."""

    construction_year: int | None = None
    electricity: InstallationAge = InstallationAge.UNKNOWN
    gas: InstallationAge = InstallationAge.UNKNOWN
    in_risk_zone: bool = False
    in_noise_zone: bool = False

    @classmethod
    def of(cls, dwelling: Dwelling) -> DwellingFacts:
        return cls(
            construction_year=dwelling.construction_year,
            electricity=InstallationAge(dwelling.electricity or InstallationAge.UNKNOWN),
            gas=InstallationAge(dwelling.gas or InstallationAge.UNKNOWN),
            in_risk_zone=dwelling.in_risk_zone,
            in_noise_zone=dwelling.in_noise_zone,
        )


@dataclass(frozen=True)
class Requirement:
    """One piece the law requires, why for this dwelling, and by which text."""

    kind: PieceKind
    reason: str
    basis: str


_FORMS = {
    Regime.APML: Requirement(PieceKind.FORM, "Toute demande est faite sur ce formulaire", "CCH L. 635-4"),
    Regime.DML: Requirement(PieceKind.DECLARATION_FORM, "Toute déclaration est faite sur ce formulaire", "CCH L. 634-3"),
}


def required(facts: DwellingFacts, *, on: date, regime: Regime = Regime.APML) -> list[Requirement]:
    """Les pièces exigées de ce logement au jour ``on``. Anything else is optional and stops no clock (CRPA L.114-5)."""
    found = [
        _FORMS[regime],
        Requirement(PieceKind.DPE, "Tout logement mis en location", "loi 89-462, art. 3-3, 1°"),
    ]
    if facts.construction_year is not None and facts.construction_year < LEAD_BEFORE:
        found.append(Requirement(PieceKind.CREP, f"Immeuble construit avant {LEAD_BEFORE}", "loi 89-462, art. 3-3, 2°"))
    if _is_old(facts.electricity, facts.construction_year, on):
        found.append(
            Requirement(PieceKind.ELECTRICITY, "Installation électrique de plus de quinze ans", "loi 89-462, art. 3-3, 4°")
        )
    if _is_old(facts.gas, facts.construction_year, on):
        found.append(Requirement(PieceKind.GAS, "Installation de gaz de plus de quinze ans", "loi 89-462, art. 3-3, 4°"))
    if facts.in_risk_zone:
        found.append(Requirement(PieceKind.ERP, "Commune concernée par l’état des risques", "C. env. L. 125-5"))
    if facts.in_noise_zone:
        found.append(Requirement(PieceKind.NOISE, "Zone de bruit d’un aérodrome", "C. urb. L. 112-11"))
    return found


def valid_until(kind: PieceKind, established_on: date, *, lead_found: bool | None = None) -> date | None:
    """Dernier jour de validité d’une pièce, ou None quand elle n’a pas de terme."""
    if kind == PieceKind.DPE:
        return _dpe_valid_until(established_on)
    if kind == PieceKind.CREP:
        return deadlines.add_months(established_on, 72) if lead_found else None
    if kind in (PieceKind.ELECTRICITY, PieceKind.GAS):
        return deadlines.add_months(established_on, 72)
    if kind == PieceKind.ERP:
        return deadlines.add_months(established_on, 6)
    return None


def is_lettable(energy_class: str, *, on: date, overseas: bool = False) -> bool:
    """Si la classe du DPE permet de louer ce jour-là ; une classe inconnue n’interdit rien."""
    ban = (LETTING_BAN_OVERSEAS if overseas else LETTING_BAN).get(energy_class)
    return ban is None or on < ban


def _dpe_valid_until(established_on: date) -> date:
    if established_on < DPE_RULES_OF_2018:
        return date(2022, 12, 31)
    if established_on < DPE_RULES_OF_2021:
        return date(2024, 12, 31)
    return deadlines.add_months(established_on, 120)


def _is_old(age: InstallationAge, construction_year: int | None, on: date) -> bool:
    """An installation of unknown age is taken as old when the building itself is more than fifteen years old."""
    if age == InstallationAge.UNKNOWN:
        return construction_year is not None and on.year - construction_year > OLD_INSTALLATION
    return age == InstallationAge.OLD
