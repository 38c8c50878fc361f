"""The set of diagnostics of each dwelling of the demo, drawn by us: some say something else than the application, as in life."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import typst

from permis import pieces
from permis.enums import PieceKind
from permis.models import Dwelling

TEMPLATE = Path(__file__).with_suffix(".typ")
PAGES = {PieceKind.DPE: 1, PieceKind.CREP: 2, PieceKind.ELECTRICITY: 3}
_CONSUMPTION = {"B": "98", "C": "142", "D": "197", "E": "274"}
_OLD = date(2019, 5, 12)


def number_of(rank: int, made_on: date) -> str:
    """The number of the certificate of the ``rank``-th dwelling."""
    return f"{made_on:%y}33{'V' if made_on < pieces.DPE_RULES_OF_2021 else 'E'}{1046213 + 7919 * rank:07d}{'BDFHKMPR'[rank % 8]}"


def draw(dwelling: Dwelling, *, rank: int, made_on: date, city: str) -> bytes:
    """One PDF of three pages. One in six is out of date, one in nine is of another surface, one in nine of another street."""
    if rank % 6 == 1:
        made_on = _OLD
    until = pieces.valid_until(PieceKind.DPE, made_on) or made_on + timedelta(days=3652)
    surface = dwelling.surface or 0
    said = {
        "number": number_of(rank, made_on),
        "established_on": f"{made_on:%d/%m/%Y}",
        "valid_until": f"{until:%d/%m/%Y}",
        "address": "3 rue du Port" if rank % 9 == 7 else dwelling.address,
        "postcode": dwelling.postcode,
        "city": city,
        "year": str(dwelling.construction_year),
        "surface": f"{surface + 9 if rank % 9 == 4 else surface}".replace(".", ","),
        "class": dwelling.dpe_class,
        "climate": "B",
        "consumption": _CONSUMPTION[dwelling.dpe_class],
    }
    return bytes(typst.compile(TEMPLATE, sys_inputs={"dwelling": json.dumps(said)}, ignore_system_fonts=True))
