"""Why a piece is asked for again: canned sentences that the landlord reads, without blame, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from documents.checks import Answer, Result
from documents.french import day, typeset
from permis import pieces
from permis.enums import PieceKind

UNREADABLE, OTHER = "unreadable", "other"
# How the sentence names the piece, and who makes a new one.
_NAMES = {
    PieceKind.DPE: ("Votre DPE", "un diagnostiqueur certifié"),
    PieceKind.CREP: ("Votre constat plomb", "un diagnostiqueur certifié"),
    PieceKind.ELECTRICITY: ("Votre état de l’électricité", "un diagnostiqueur certifié"),
    PieceKind.GAS: ("Votre état du gaz", "un diagnostiqueur certifié"),
    PieceKind.ERP: ("Votre état des risques", ""),
    PieceKind.NOISE: ("Votre état du bruit", ""),
    PieceKind.FORM: ("Votre formulaire", ""),
    PieceKind.DECLARATION_FORM: ("Votre formulaire", ""),
    PieceKind.ASBESTOS: ("Votre dossier amiante", "un diagnostiqueur certifié"),
}
_WITH_TERM = (PieceKind.DPE, PieceKind.CREP, PieceKind.ELECTRICITY, PieceKind.GAS, PieceKind.ERP)
# Which finding suggests which motive, the surest first.
_SUGGESTED = {
    "valid_on_deposit": "expired",
    "other_kind": "other_kind",
    "same_address": "other_dwelling",
    "number_format": "number",
    "known_to_ademe": "number",
    "whole": "missing_pages",
}


@dataclass(frozen=True)
class Motive:
    """A line of the list, and the sentence that it writes."""

    code: str
    label: str
    text: str


def of(kind: PieceKind, *, on: date, established_on: date | None = None) -> list[Motive]:
    """The motives that make sense for this kind of piece."""
    name, maker = _NAMES.get(kind, ("Cette pièce", ""))
    found = [
        (
            UNREADABLE,
            "Illisible",
            f"{name} n’est pas lisible en entier. Photographiez chaque page à plat, en pleine lumière, puis déposez les photos ici.",
        ),
        (
            "missing_pages",
            "Il manque des pages",
            f"Il manque des pages. {name} se fournit en entier : déposez ici toutes les pages.",
        ),
    ]
    if kind in _WITH_TERM:
        found.append(("expired", _expired_label(kind), _expired(kind, name, maker, established_on, on)))
    found += [
        (
            "other_dwelling",
            "Ne concerne pas ce logement",
            f"{name} porte sur un autre logement que celui de la demande. Déposez ici le document du logement à louer.",
        ),
        (
            "other_kind",
            "Ce n’est pas la pièce demandée",
            f"Le document déposé n’est pas la pièce demandée ({kind.label}). Déposez-la ici.",
        ),
    ]
    found += [(code, label, text) for code, label, text in _OWN.get(kind, [])]
    found.append((OTHER, "Autre motif", ""))
    return [Motive(code, label, typeset(text)) for code, label, text in found]


def suggested(results: Sequence[Result], *, is_unusable: bool = False) -> str:
    """The motive that the checks call for, if the officer asks for the piece again."""
    refuted = {result.code for result in results if result.answer == Answer.NO}
    return UNREADABLE if is_unusable else next((motive for code, motive in _SUGGESTED.items() if code in refuted), "")


def _expired_label(kind: PieceKind) -> str:
    return {PieceKind.DPE: "DPE périmé", PieceKind.ERP: "Périmé (plus de six mois)"}.get(kind, "Périmé (plus de six ans)")


def _expired(kind: PieceKind, name: str, maker: str, established_on: date | None, on: date) -> str:
    """The date is said only where it proves the point."""
    until = pieces.valid_until(kind, established_on, lead_found=True) if established_on else None
    dated = f"{name} n’est plus valable."
    if established_on and until and until < on:
        dated = f"{name} date du {day(established_on)} : il ne vaut plus depuis le {day(until + timedelta(days=1))}."
    if kind == PieceKind.ERP:
        return f"{dated} Il doit avoir moins de six mois : refaites-le, c’est gratuit, sur errial.georisques.gouv.fr, puis déposez-le ici."
    rule = "" if kind == PieceKind.DPE else " Il vaut six ans."
    return f"{dated}{rule} Faites-en établir un nouveau par {maker}, puis déposez-le ici."


_OWN = {
    PieceKind.DPE: [
        ("number", "Numéro absent ou faux", "Le numéro du DPE ne se retrouve pas auprès de l’Ademe. Demandez au diagnostiqueur le document d’origine, puis déposez-le ici."),
        ("building", "DPE d’immeuble, sans ce logement", "Le DPE déposé est celui de l’immeuble. Déposez ici celui de votre logement."),
    ],
    PieceKind.CREP: [
        ("incomplete", "Sans les mesures ni le croquis", "Le constat plomb se fournit entier, avec ses mesures et son croquis. Demandez-le au diagnostiqueur, puis déposez-le ici."),
    ],
    PieceKind.ERP: [
        ("unsigned", "Non daté ou non signé", "L’état des risques doit être daté et signé. Complétez-le, puis déposez-le ici."),
    ],
    PieceKind.FORM: [
        ("unsigned", "Non signé", "Le formulaire n’est pas signé. Signez-le, puis déposez-le ici."),
    ],
}  # fmt: skip
_OWN[PieceKind.DECLARATION_FORM] = _OWN[PieceKind.FORM]
