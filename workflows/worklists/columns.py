"""The columns of a worklist: which there are, and which of them a person looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its key in the address, its title, the order that its title asks for (none where it sorts nothing)."""

    key: str
    label: str
    sort: str = ""


ALL: Sequence[Column] = (
    Column("echeance", "Échéance légale", "echeance"),
    Column("dossier", "Dossier et logement", "numero"),
    Column("bailleur", "Bailleur", "bailleur"),
    Column("etat", "État"),
    Column("a-faire", "À faire"),
    Column("suivi", "Suivi"),
    Column("recu", "Reçu le", "reception"),
    Column("perimetre", "Périmètre"),
    Column("regime", "Régime"),
    Column("gravite", "Gravité"),
)
BY_KEY = {column.key: column for column in ALL}
# The case is always there: it is what a row is about, and what opens it.
FIXED = "dossier"
USUAL = ("echeance", "dossier", "bailleur", "etat", "a-faire", "suivi")


def known(keys: Iterable[str]) -> tuple[str, ...]:
    """The columns among these that exist, in their order, with the case; nothing where none does."""
    wanted = set(keys) & set(BY_KEY)
    return tuple(column.key for column in ALL if column.key in wanted or column.key == FIXED) if wanted else ()


def shown(asked: Sequence[str], preferred: Sequence[str]) -> list[Column]:
    """Those of the address, else those that the person keeps, else the usual ones."""
    return [BY_KEY[key] for key in (asked or known(preferred) or USUAL)]
