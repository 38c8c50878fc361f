"""The application as people read it: its sections, reproduced in full by each permit, and what it still lacks (R.635-2, R.635-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import prefetch_related_objects

from permis.enums import LessorKind
from permis.models import Application, Dwelling, Lessor
from permis.validators import spaced_siret

Row = tuple[str, str]


@dataclass(frozen=True)
class Section:
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Gap:
    """Something the regulation requires of every application and that nobody has filled in yet."""

    step: str
    label: str


def sections(application: Application) -> list[Section]:
    """Every answer that was given, with the labels of the form; the case must hold its lessors and dwelling."""
    dwelling = _dwelling(application)
    parts = [
        Section(f"Bailleur {place}" if place else "Bailleur", _rows(lessor, _lessor_fields(application)))
        for place, lessor in _numbered(application)
    ]
    agent = getattr(application, "agent", None)
    if agent is not None:
        parts.append(Section("Mandataire", _rows(agent, _AGENT)))
    declared = application.is_declaration
    parts.append(Section("Location" if declared else "Demande", _rows(application, _DECLARED if declared else _REQUEST)))
    if dwelling is not None:
        parts += [Section(title, _rows(dwelling, fields)) for title, fields in _DWELLING]
    return [part for part in parts if part.rows]


def _lessor_fields(application: Application) -> tuple[str, ...]:
    """Nobody decides a declaration: nothing is said of how a decision would be sent."""
    return tuple(name for name in _LESSOR if not (application.is_declaration and name == "accept_email"))


def dwelling_rows(application: Application) -> list[Row]:
    """What the application says of its dwelling, its address apart."""
    dwelling = application.dwelling
    return [row for title, fields in _DWELLING if title != "Situation" for row in _rows(dwelling, fields)]


def gaps(application: Application) -> list[Gap]:
    """What is missing of the mandatory content of articles R.634-2 and R.635-2; empty when the application can be filed."""
    return [*_lease_gaps(application), *_lessor_gaps(application), *_agent_gaps(application), *_dwelling_gaps(application)]


def gather(application: Application) -> None:
    """Fetch at once what the acts and the letters say of a case, where each of them would be asked apart.

    What is in hand already stays as it is. Not joined to the lock of the case: a row that waits for its lock is read again, those
    joined to it are not.
    """
    asked = [name for name in _SINGLE if not _field(name).is_cached(application)]
    if asked:
        fresh = Application.objects.select_related(*asked).get(pk=application.pk)
        for name in asked:
            _field(name).set_cached_value(application, _field(name).get_cached_value(fresh, default=None))
    prefetch_related_objects([application], "lessors")


_SINGLE = ("dwelling", "agent", "commune", "zone")


def _field(name: str) -> Any:
    """Where a row keeps the one row of another table that it was read with."""
    return Application._meta.get_field(name)


def lessors_of(application: Application) -> list[Lessor]:
    """Those who let, the first of them first; nothing is asked where they were fetched with the case."""
    return sorted(application.lessors.all(), key=attrgetter("position"))


def address_line(application: Application) -> str:
    """« 12 rue de la Gare, bâtiment A, 33920 Saint-Savin »."""
    dwelling = application.dwelling
    return f"{dwelling.street_line}, {dwelling.postcode} {application.commune.name}"


def _lease_gaps(application: Application) -> Iterator[Gap]:
    if application.is_declaration and application.lease_signed_on is None:
        yield Gap("location", "la date de conclusion du bail")


def _lessor_gaps(application: Application) -> Iterator[Gap]:
    lessors = list(application.lessors.all())
    if not lessors:
        yield Gap("bailleur", "l’identité du bailleur")
    for lessor in lessors:
        if not lessor.address or not lessor.city:
            yield Gap("bailleur", f"l’adresse du bailleur {lessor.name}")
        if not lessor.email and not lessor.phone:
            yield Gap("bailleur", f"un moyen de joindre le bailleur {lessor.name} (courriel ou téléphone)")
        if lessor.kind == LessorKind.COMPANY and not (lessor.legal_form and lessor.capacity):
            yield Gap("bailleur", f"la forme juridique de {lessor.name} et la qualité du signataire")


def _agent_gaps(application: Application) -> Iterator[Gap]:
    agent = getattr(application, "agent", None)
    if agent is not None and not (agent.address and agent.activity):
        yield Gap("bailleur", "l’adresse et l’activité du mandataire")


def _dwelling_gaps(application: Application) -> Iterator[Gap]:
    dwelling = _dwelling(application)
    if dwelling is None or not dwelling.address:
        yield Gap("adresse", "l’adresse du logement")
        return
    if not dwelling.housing:
        yield Gap("logement", "maison ou immeuble collectif")
    if dwelling.surface is None or dwelling.rooms is None:
        yield Gap("logement", "la surface et le nombre de pièces")


def _dwelling(application: Application) -> Dwelling | None:
    return getattr(application, "dwelling", None)


def _numbered(application: Application) -> Iterator[tuple[int, Lessor]]:
    lessors = lessors_of(application)
    for place, lessor in enumerate(lessors, start=1):
        yield (place if len(lessors) > 1 else 0), lessor


def _rows(record: Any, fields: tuple[str, ...]) -> list[Row]:
    return [(_label(record, name), text) for name in fields if (text := _text(record, name))]


def _label(record: Any, name: str) -> str:
    if name in _DERIVED:
        return _DERIVED[name]
    label = str(record._meta.get_field(name).verbose_name)
    return label[0].upper() + label[1:]


def _text(record: Any, name: str) -> str:
    if display := getattr(record, f"get_{name}_display", None):
        return str(display() or "")
    value = getattr(record, name)
    if name == "siret":
        return spaced_siret(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",") + _UNITS.get(name, "")
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)


_UNITS = {"surface": "\N{NO-BREAK SPACE}m²", "ceiling_height": "\N{NO-BREAK SPACE}m"}
_DERIVED = {"name": "Nom", "postal_address": "Adresse", "commune": "Commune", "street_line": "Adresse"}
_LESSOR = ("name", "legal_form", "siret", "capacity", "postal_address", "email", "phone", "accept_email")
_AGENT = ("name", "activity", "card_number", "card_issued_at", "address", "email", "phone")
_REQUEST = ("nature", "lease_kind", "separate_leases", "lease_planned_on")
_DECLARED = ("nature", "lease_kind", "separate_leases", "lease_signed_on")
_DWELLING = (
    ("Situation", ("street_line", "postcode", "lot", "cadastral_reference")),
    ("Immeuble", ("housing", "ownership", "syndic", "construction_year", "levels", "dwellings")),
    ("Logement", ("surface", "rooms", "ceiling_height", "furnished", "rooms_open_to_air")),
    (
        "Équipement",
        (
            "kitchen", "kitchen_equipment", "bathroom", "bathroom_equipment", "toilet", "toilet_private", "toilet_separate",
            "ventilation", "smoke_detector",
        ),
    ),
    (
        "Énergie",
        ("heating", "heating_energy", "hot_water", "hot_water_energy", "gas", "electricity", "dpe_number", "dpe_class", "dpe_adjusted_class", "dpe_established_on"),
    ),
)  # fmt: skip
