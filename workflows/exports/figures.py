"""The figures of the communes as a file: no case, no person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import IO, Any

from notifications import exports
from territories.models import Authority
from workflows.exports import sheets
from workflows.exports.columns import Column, Group, Kind
from workflows.statistics import communes
from workflows.statistics.communes import Row

_COUNTS = (
    ("received", "Reçues", "Demandes d’autorisation reçues dans l’année."),
    ("open", "Ouvertes", "Celles d’entre elles où rien n’a encore pris effet, ce jour."),
    ("due_soon", "Échéance ≤ 5 j", "Celles dont le dernier jour pour notifier vient dans les cinq jours, ou est passé."),
    ("granted", "Autorisées", "Décisions notifiées : autorisation."),
    ("conditional", "Sous conditions", "Décisions notifiées : autorisation sous conditions."),
    ("refused", "Refusées", "Décisions notifiées : refus."),
    ("tacit", "Tacites", "Autorisations nées du silence, quoi qu’il en soit advenu."),
    ("declared", "Déclarations", "Déclarations de mise en location reçues dans l’année."),
    ("receipted", "Récépissés", "Déclarations dont le récépissé est délivré."),
    ("unanswered", "Récépissés en retard", "Déclarations ouvertes dont le récépissé était dû avant ce jour."),
    ("expired", "Non complétées", "Déclarations à déposer de nouveau."),
)
COLUMNS: Sequence[Column] = (
    Column("commune", Group.CASE, "Commune", "Commune du logement.", "", width=24),
    Column("insee", Group.CASE, "Code INSEE", "Code officiel géographique.", "", Kind.WORD, width=11),
    *(Column(key, Group.CASE, header, definition, "", Kind.WHOLE, width=12) for key, header, definition in _COUNTS),
)


def rows(authorities: list[Authority], *, year: int, today: date) -> list[tuple[Any, ...]]:
    """One row a commune with a case filed that year, in the order of the columns."""
    return [_cells(row) for row in communes.by_commune(authorities, year=year, today=today)]


def as_csv(found: Sequence[Sequence[Any]]) -> bytes:
    headers = [column.header for column in COLUMNS]
    return exports.table(headers, [dict(zip(headers, row, strict=True)) for row in found])


def as_xlsx(found: Sequence[Sequence[Any]], *, year: int, today: date) -> IO[bytes]:
    lines = [("Année", str(year)), ("Arrêté au", f"{today:%d/%m/%Y}")]
    return sheets.xlsx(found, COLUMNS, notice=sheets.Notice(f"Chiffres par commune, {year}", lines, sheet="Chiffres"))


def _cells(row: Row) -> tuple[Any, ...]:
    return row.commune.name, row.commune.pk, *(getattr(row.figures, key) for key, _, _ in _COUNTS)
