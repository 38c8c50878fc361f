"""What a list sorts by in text: pure functions, so that a migration may call them. The server may have no French collation."""

from __future__ import annotations

import re

from territories.text import fold

# In bytes of UTF-8: a row of an index holds them all, and PostgreSQL refuses one of more than 2 704.
KEY_BYTES, WORDS_BYTES = 120, 1500
_NUMBERED = re.compile(r"^(?:n[°o]? ?)?0*(?P<number>\d{1,5})(?P<suffix> ?(?:bis|ter|quater|[a-h])\b)?[ ,]+(?P<street>\D.*)$")


def clip(text: str, limit: int) -> str:
    """The beginning of a text, in so many bytes at the most, whole characters only."""
    return text.encode()[:limit].decode(errors="ignore")


def street(address: str) -> str:
    """The street before its number: « 12 bis, rue de la Gare » gives « rue de la gare 00012 bis », so that 9 comes before 12."""
    folded = fold(address)
    found = _NUMBERED.match(folded)
    key = f"{found['street']} {int(found['number']):05d}{found['suffix'] or ''}" if found else folded
    return clip(key, KEY_BYTES)


def person(*, company: str = "", last_name: str = "", first_name: str = "") -> str:
    """« duprat helene » or « sci les platanes »: a company by its name, a person by the surname."""
    return clip(fold(company or f"{last_name} {first_name}"), KEY_BYTES)


def words(text: str) -> str:
    """What is searched in of a case, already folded, no longer than an index takes."""
    return clip(text, WORDS_BYTES)
