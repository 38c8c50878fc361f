"""The figures of the communes as a file: no case, no person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import IO, Any

from django.db.models import QuerySet

from notifications import exports
from territories.models import Commune
from workflows.exports import sheets
from workflows.exports.columns import Column, Group, Kind
from workflows.models import Tally
from workflows.statistics import figures
from workflows.statistics.figures import Figures
from workflows.statistics.period import Period

_COUNTS = (
    ("received", "Reçues", "Demandes d’autorisation reçues dans la période."),
    ("open", "Ouvertes", "Demandes où rien n’a encore pris effet, ce jour."),
    ("due_soon", "Échéance ≤ 5 j", "Celles dont le dernier jour pour notifier vient dans les cinq jours, ou est passé."),
    ("granted", "Autorisées", "Décisions notifiées dans la période : autorisation."),
    ("conditional", "Sous conditions", "Décisions notifiées dans la période : autorisation sous conditions."),
    ("refused", "Refusées", "Décisions notifiées dans la période : refus."),
    ("tacit", "Tacites", "Autorisations nées du silence dans la période, quoi qu’il en soit advenu."),
    ("dropped", "Sans suite", "Demandes retirées, classées sans suite ou hors champ dans la période."),
    ("completion", "Délai de complétude", "Jours de la réception au dossier complet, médiane."),
    ("visit", "Délai de visite", "Jours du dossier complet à la première visite, médiane."),
    ("answer", "Délai de réponse", "Jours du dossier complet à la notification, médiane."),
    ("prescribed", "Travaux prescrits", "Points de travaux prescrits par les décisions notifiées dans la période."),
    ("met", "Travaux faits", "Ceux qui sont constatés faits."),
    ("late_works", "Travaux en retard", "Travaux non faits dont le terme est passé, ce jour."),
    ("lifted", "Conditions levées", "Levées dans la période."),
    ("declared", "Déclarations", "Déclarations de mise en location reçues dans la période."),
    ("receipted", "Récépissés", "Celles dont le récépissé est délivré."),
    ("unanswered", "Récépissés en retard", "Déclarations ouvertes dont le récépissé était dû avant ce jour."),
    ("expired", "Non complétées", "Déclarations à déposer de nouveau."),
)
COLUMNS: Sequence[Column] = (
    Column("commune", Group.CASE, "Commune", "Commune du logement.", "", width=24),
    Column("insee", Group.CASE, "Code INSEE", "Code officiel géographique.", "", Kind.WORD, width=11),
    *(Column(key, Group.CASE, header, definition, "", Kind.WHOLE, width=12) for key, header, definition in _COUNTS),
)


def communes(authorities: Collection[int]) -> QuerySet[Commune]:
    """Those where these authorities have counted a case, by name: no case is read."""
    counted = Tally.objects.filter(authority__in=authorities)
    return Commune.objects.filter(pk__in=counted.values("commune")).order_by("sort_key")


def rows(authorities: Collection[int], period: Period, *, today: date, commune: str = "") -> list[tuple[Any, ...]]:
    """One row a commune that has something to count, by name, in the order of the columns; or that commune alone."""
    found = figures.read(authorities, period, today=today, commune=commune).communes
    communes = Commune.objects.filter(pk__in=found).order_by("sort_key")
    return [_cells(commune, found[commune.pk]) for commune in communes]


def as_csv(found: Sequence[Sequence[Any]]) -> bytes:
    headers = [column.header for column in COLUMNS]
    return exports.table(headers, [dict(zip(headers, row, strict=True)) for row in found])


def as_xlsx(found: Sequence[Sequence[Any]], period: Period, *, today: date) -> IO[bytes]:
    lines = [("Période", period.in_words_until(today)), ("Arrêté au", f"{today:%d/%m/%Y}")]
    return sheets.xlsx(found, COLUMNS, notice=sheets.Notice(f"Chiffres par commune, {period.label}", lines, sheet="Chiffres"))


def _cells(commune: Commune, found: Figures) -> tuple[Any, ...]:
    return commune.name, commune.pk, *(getattr(found, key) for key, _, _ in _COUNTS)
