"""What a person typed against what the document says: the person is believed, and told of the difference."""

from __future__ import annotations

from datetime import date

from documents.checks import NO, OURS, WARNING, YES, Document, Result, clean_number
from documents.extraction import Facts
from documents.french import typeset
from permis.enums import PieceKind


def compared(typed: Document, read: Facts, *, alone: bool) -> list[Result]:
    """A result for each fact that is known twice. ``alone``: the file was given as this kind of piece and no other."""
    results = [other_kind(read)] if alone and read.kind not in ("", typed.kind) else []
    if read.kind in ("", typed.kind):
        pairs = [
            ("same_number", "Le numéro saisi", clean_number(typed.number), read.number),
            ("same_date", "La date saisie", _day(typed.established_on), _day(read.established_on)),
            ("same_class", "La classe saisie", typed.energy_class.strip().upper(), read.energy_class),
        ]
        results += [same(code, what, given, found) for code, what, given, found in pairs if given and found]
    return results


def same(code: str, what: str, typed: str, read: str) -> Result:
    """Si ce qui est saisi est ce que porte le document."""
    if typed == read:
        return _say(code, True, f"{what} est sur le document", f"{typed}.")
    which = "celui" if what.startswith("Le ") else "celle"
    reason = f"Saisi : {typed} ; lu sur le document : {read}. La lecture automatique peut se tromper : relisez le document."
    return _say(code, False, f"{what} n’est pas {which} du document", reason)


def other_kind(read: Facts) -> Result:
    """Si le titre du document est celui de la pièce demandée."""
    title = PieceKind(read.kind).label
    return _say("other_kind", False, "Ce fichier paraît être une autre pièce", f"Son titre est « {title} ». Vérifiez-le.")


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _say(code: str, is_same: bool, title: str, reason: str) -> Result:
    return Result(code, YES if is_same else NO, WARNING, typeset(title), typeset(reason), OURS)
