"""The national list of communes: current ones by INSEE code, and the places that point to them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from territories.enums import PlaceKind
from territories.models import Commune, Place
from territories.text import fold

CURRENT = "commune-actuelle"
COLUMNS = {
    "code_insee",
    "nom",
    "type",
    "departement",
    "commune_chef_lieu",
    "codes_postaux",
    "population",
    "epci_siren",
    "epci_nom",
}
BATCH = 5_000


class UnreadableFile(Exception):
    """The file is not the national list; the message is French and says where it fails."""


@dataclass(frozen=True)
class Row:
    insee: str
    name: str
    kind: str
    department: str
    parent: str
    postcodes: list[str]
    population: int | None
    epci_siren: str
    epci_name: str


@dataclass(frozen=True)
class Counts:
    communes: int
    places: int
    vanished: int


def read_csv(path: Path) -> Iterator[Row]:
    """Rows of the national CSV file. Raises UnreadableFile."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := COLUMNS - set(reader.fieldnames or ()):
                raise UnreadableFile(f"{path.name} : il manque les colonnes {', '.join(sorted(missing))}.")
            for number, line in enumerate(reader, start=2):
                yield _row(line, f"{path.name}, ligne {number}")
    except OSError as error:
        raise UnreadableFile(f"{path} ne peut pas être lu ({error.strerror}).") from error
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path.name} n’est pas en UTF-8 : enregistrez-le dans cet encodage.") from None


def read_package(folder: Path) -> Iterator[Row]:
    """Rows of the npm package `@etalab/decoupage-administratif`. Raises UnreadableFile."""
    try:
        communes = json.loads((folder / "communes.json").read_text(encoding="utf-8"))
        intercommunal = json.loads((folder / "epci.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableFile(
            f"{folder} ne peut pas être lu ({error.strerror}) : installez les paquets npm, ou donnez un fichier."
        ) from error
    epci = {member["code"]: (each["code"], each["nom"]) for each in intercommunal for member in each["membres"]}
    for each in communes:
        siren, name = epci.get(each["code"], ("", ""))
        yield Row(
            insee=each["code"],
            name=each["nom"],
            kind=each["type"],
            department=each.get("departement", ""),
            parent=each.get("chefLieu") or each.get("commune", ""),
            postcodes=each.get("codesPostaux", []),
            population=each.get("population"),
            epci_siren=siren,
            epci_name=name,
        )


@transaction.atomic
def save(rows: Iterable[Row]) -> Counts:
    """Add what is new and update what changed, each code once; what is gone from the list is counted, never deleted."""
    every = list(rows)
    communes = {row.insee: row for row in every if row.kind == CURRENT}
    known = set(Commune.objects.values_list("insee", flat=True))
    fields = ["name", "sort_key", "department", "postcodes", "population", "epci_siren", "epci_name"]
    Commune.objects.bulk_create(
        [_commune(row) for row in communes.values()], BATCH, update_conflicts=True, unique_fields=["insee"], update_fields=fields
    )
    places = {(row.insee, row.kind): row for row in every if row.kind in PlaceKind.values and row.parent in communes}
    Place.objects.bulk_create(
        [_place(row) for row in places.values()],
        BATCH,
        update_conflicts=True,
        unique_fields=["insee", "kind"],
        update_fields=["name", "sort_key", "postcodes", "population", "commune"],
    )
    return Counts(len(communes), len(places), len(known - set(communes)))


def _row(line: dict[str, Any], place: str) -> Row:
    population = line["population"] or ""
    if population and not population.isdigit():
        raise UnreadableFile(f"{place} : la population « {population} » n’est pas un nombre.")
    if not line["code_insee"] or not line["nom"]:
        raise UnreadableFile(f"{place} : le code INSEE ou le nom manque.")
    return Row(
        insee=line["code_insee"],
        name=line["nom"],
        kind=line["type"],
        department=line["departement"],
        parent=line["commune_chef_lieu"],
        postcodes=line["codes_postaux"].replace(";", " ").replace("|", " ").replace(",", " ").split(),
        population=int(population) if population else None,
        epci_siren=line["epci_siren"],
        epci_name=line["epci_nom"],
    )


def _commune(row: Row) -> Commune:
    return Commune(
        insee=row.insee,
        name=row.name,
        sort_key=fold(row.name),
        department=row.department,
        postcodes=row.postcodes,
        population=row.population,
        epci_siren=row.epci_siren,
        epci_name=row.epci_name,
    )


def _place(row: Row) -> Place:
    return Place(
        insee=row.insee,
        kind=row.kind,
        name=row.name,
        sort_key=fold(row.name),
        postcodes=row.postcodes,
        population=row.population,
        commune_id=row.parent,
    )
