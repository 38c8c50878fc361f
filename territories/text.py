"""Text as it is searched and as it is shown. Folded columns: the database server may have no French collation."""

import unicodedata

from django.db.models import Q

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "'": " ", "’": " ", "-": " "})


def fold(text: str) -> str:
    """Lower case, without accents, ligatures, apostrophes or hyphens: « L'Haÿ-les-Roses » gives « l hay les roses »."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def one_line(text: str) -> str:
    """Words as people read them: what is not printed, turns the writing or breaks the line is a space."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def holds_words(text: str, *, within: str = "search") -> Q:
    """The rows whose folded column holds every word of ``text``; all of them for an empty one."""
    return Q(*(Q((f"{within}__contains", word)) for word in fold(text).split()))
