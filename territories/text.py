"""Text as it is searched and as it is shown. Folded columns: the database server may have no French collation."""

import unicodedata
from collections.abc import Iterable

from django.db.models import Q

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "'": " ", "’": " ", "-": " "})


def fold(text: str) -> str:
    """Lower case, without accents, ligatures, apostrophes or hyphens: « L'Haÿ-les-Roses » gives « l hay les roses »."""
    plain = text.casefold().translate(_LIGATURES)
    if not plain.isascii():  # a third of the time where there is nothing to take off
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return " ".join(plain.split())


def one_line(text: str) -> str:
    """Words as people read them: what is not printed, turns the writing or breaks the line is a space."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def holds_words(text: str, *, within: str = "search") -> Q:
    """The rows whose folded column holds every word of ``text``; all of them for an empty one."""
    return Q(*(Q((f"{within}__contains", word)) for word in fold(text).split()))


def row_key(text: str) -> int | None:
    """The key of a row that an address or a form names; None for any other text, a number too long to be one included."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def row_keys(texts: Iterable[str]) -> list[int]:
    """Those of several rows, in their order, without what names none."""
    return [key for key in map(row_key, texts) if key is not None]
