"""Folding of names: the database server may have no French collation, so that sorting and searching use folded columns."""

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "'": " ", "’": " ", "-": " "})


def fold(text: str) -> str:
    """Lower case, without accents, ligatures, apostrophes or hyphens: « L'Haÿ-les-Roses » gives « l hay les roses »."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())
