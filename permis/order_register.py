"""A register of police orders as town halls keep it: a CSV file with French headings, read without losing a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from permis.enums import OrderAuthority, OrderKind
from permis.validators import validate_cadastral_reference
from territories.text import fold, one_line

MOST_ROWS = 5_000
# What town halls write above each column, folded.
_HEADINGS = {
    "number": ("numero", "n", "n°", "no", "numero arrete", "numero d arrete", "numero de l arrete", "n° arrete", "reference"),
    "dated_on": ("date", "date arrete", "date de l arrete", "date d arrete", "date de signature", "pris le"),
    "kind": ("nature", "type", "type arrete", "type d arrete", "nature de l arrete", "procedure"),
    "taken_by": ("autorite", "pris par", "signataire", "autorite signataire"),
    "commune": ("commune", "code insee", "insee", "ville", "commune ou code insee"),
    "address": ("adresse", "adresse de l immeuble", "adresse immeuble", "localisation", "numero et voie"),
    "building": ("batiment", "partie", "batiment ou partie", "batiment ou partie visee", "lot"),
    "cadastral_reference": ("reference cadastrale", "cadastre", "parcelle", "references cadastrales"),
    "lifted_on": ("mainlevee", "mainlevee le", "date de mainlevee", "leve le", "date mainlevee", "main levee"),
    "lifting": ("arrete de mainlevee", "numero de mainlevee", "reference de mainlevee"),
    "source": ("source", "origine"),
}
REQUIRED = {"number": "Numéro", "dated_on": "Date", "commune": "Commune", "address": "Adresse"}
_LONGEST = {"number": 60, "address": 200, "building": 120, "cadastral_reference": 20, "lifting": 120, "source": 120}
_KINDS = (
    (OrderKind.URGENT, ("urgence", "imminent", "511 19")),
    (OrderKind.INSALUBRITY, ("insalubr", "salubrite", "1331")),
    (OrderKind.SAFETY, ("securite", "peril", "511 11", "511 1", "ruine")),
)
_AUTHORITIES = (
    (OrderAuthority.PREFECT, ("prefet", "prefecture", "ars")),
    (OrderAuthority.EPCI, ("president", "epci", "communaute", "metropole")),
)


class UnreadableRegister(Exception):
    """The file as a whole cannot be read; the message is French and says what to do."""


@dataclass
class Row:
    """One line of the file: what it says, and what is wrong with it."""

    line: int
    said: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def decode(data: bytes) -> str:
    """The text of a file written by any spreadsheet: UTF-8, or the Windows encoding. Raises UnreadableRegister."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise UnreadableRegister("Ce fichier n’est pas un CSV. Depuis un tableur, enregistrez-le au format « CSV ».")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(text: str, *, communes: Mapping[str, str]) -> list[Row]:
    """The lines of a register; ``communes`` gives the INSEE code of folded names and of codes. Raises UnreadableRegister."""
    heading = text.partition("\n")[0]
    delimiter = ";" if heading.count(";") >= heading.count(",") else ","
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise UnreadableRegister("Ce fichier n’est pas un CSV lisible. Vérifiez ses guillemets.") from None
    if not table or not any(table[0]):
        raise UnreadableRegister("Ce fichier est vide. Sa première ligne donne le nom des colonnes.")
    columns = [_column(title) for title in table[0]]
    if lacking := [label for name, label in REQUIRED.items() if name not in columns]:
        raise UnreadableRegister(f"Colonnes absentes : {', '.join(lacking)}. La première ligne du fichier donne leur nom.")
    if len(table) > MOST_ROWS + 1:
        raise UnreadableRegister(f"Ce fichier a plus de {MOST_ROWS} lignes. Coupez-le en plusieurs.")
    return _rows(table[1:], columns, communes)


def _rows(table: list[list[str]], columns: list[str], communes: Mapping[str, str]) -> list[Row]:
    rows, seen = [], dict[tuple[str, str], int]()
    for line, cells in enumerate(table, start=2):
        said = {name: one_line(cell) for name, cell in zip(columns, cells, strict=False) if name and cell.strip()}
        if not said:
            continue
        row = _read_row(Row(line, said), communes)
        known = (row.values.get("commune", ""), said.get("number", "").casefold())
        if not row.errors and known in seen:
            row.errors.append(f"Même numéro et même commune que la ligne {seen[known]}.")
        if not row.errors:
            seen[known] = line
        rows.append(row)
    return rows


def _read_row(row: Row, communes: Mapping[str, str]) -> Row:
    said, values = row.said, row.values
    row.errors += [f"{label} : à indiquer." for name, label in REQUIRED.items() if not said.get(name)]
    for name, longest in _LONGEST.items():
        values[name] = said.get(name, "")
        if len(values[name]) > longest:
            row.errors.append(f"« {values[name][:30]}… » dépasse {longest} caractères.")
    for name, label in (("dated_on", "Date"), ("lifted_on", "Mainlevée")):
        values[name] = day = _day(said.get(name, ""))
        if day is None and said.get(name):
            row.errors.append(f"{label} : « {said[name]} » n’est pas une date (jj/mm/aaaa).")
    if values["dated_on"] and values["lifted_on"] and values["lifted_on"] < values["dated_on"]:
        row.errors.append("La mainlevée précède l’arrêté.")
    if said.get("commune"):
        values["commune"] = communes.get(fold(said["commune"]), "")
        if not values["commune"]:
            row.errors.append(f"Commune : « {said['commune']} » n’est pas une commune de votre territoire.")
    values["kind"] = _among(_KINDS, said.get("kind", ""), OrderKind.OTHER)
    values["taken_by"] = _among(_AUTHORITIES, said.get("taken_by", ""), OrderAuthority.MAYOR)
    reference = values["cadastral_reference"] = values["cadastral_reference"].upper()
    if reference and not _is_plot(reference):
        row.errors.append(f"Référence cadastrale : « {reference} » ne se lit pas. Par exemple « AB 214 ».")
    return row


def _is_plot(reference: str) -> bool:
    try:
        validate_cadastral_reference(reference)
    except ValidationError:
        return False
    return True


def _column(title: str) -> str:
    folded = " ".join(fold(title).replace(".", " ").replace("_", " ").split())
    return next((name for name, titles in _HEADINGS.items() if folded in titles), "")


def _day(text: str) -> date | None:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            found = datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        return found if 1900 <= found.year <= 2100 else None
    return None


def _among(known: Any, text: str, otherwise: Any) -> Any:
    folded = fold(text.replace(".", " "))
    return next((code for code, words in known if any(word in folded for word in words)), otherwise)
