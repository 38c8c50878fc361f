"""French as it is printed: dates in words, no-break spaces, articles. Texts are written plainly and set by `typeset`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from territories.text import fold

NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
MONTHS = [
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
]  # fmt: skip

_RULES = [
    (re.compile(r" ([;?!])"), THIN + r"\1"),
    (re.compile(r" ([:»%€])"), NBSP + r"\1"),
    (re.compile(r"« "), "«" + NBSP),
    (re.compile(r"\b(n°|M\.|Mme|articles?|art\.|page) (?=\w)"), r"\1" + NBSP),
    (re.compile(r"\b([LRD])\. ?(?=\d)"), r"\1." + NBSP),
    (re.compile(r"\b(1er|\d{1,2}) (?=(?:" + "|".join(MONTHS) + r")\b)"), r"\1" + NBSP),
    (re.compile(r"(?<=\d) (?=(?:m²|m³|m|cm|h|euros|mois|jours)\b)"), NBSP),
    (re.compile(r"(?<=\d.h) (?=\d{2}\b)"), NBSP),
]

_MUTE = set("aeiouyh")
_CONTRACTED = {"le": "du", "les": "des"}
# What a title may begin with, and loses its capital inside a sentence.
_COMMON = re.compile(r"Le |La |L’|Arrêté |Délibération ")


def typeset(text: str) -> str:
    """The same words with the no-break spaces of French typography; running it twice changes nothing more."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def day(value: date) -> str:
    """« 1er mars 2026 »."""
    return f"{'1er' if value.day == 1 else value.day} {MONTHS[value.month - 1]} {value.year}"


def hour(moment: datetime) -> str:
    """« 9 h 30 », on the clocks of the moment itself."""
    return f"{moment.hour} h {moment:%M}"


def listing(words: Sequence[str]) -> str:
    """« a, b et c »."""
    return " et ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else ""


def plural(count: int, one: str, many: str) -> str:
    """The word alone; zero and one are singular in French."""
    return one if abs(count) < 2 else many


def counted(count: int, one: str, many: str) -> str:
    """« 1 dossier », « 2 dossiers », which no line ever parts."""
    return f"{count}{NBSP}{plural(count, one, many)}"


def of(title: str) -> str:
    """« Le Président » gives « du Président », « La Maire » « de la Maire »."""
    lowered = lower_first(title)
    return f"du {lowered[3:]}" if lowered.startswith("le ") else f"de {lowered}"


def of_name(name: str) -> str:
    """« de Karim », « d’Odile », « d’Hélène »; « du bailleur », and of a commune « des Billaux »."""
    article, _, rest = name.partition(" ")
    if article.lower() in _CONTRACTED:
        return f"{_CONTRACTED[article.lower()]} {rest}"
    return f"d’{name}" if fold(name[:1]) in _MUTE else f"de {name}"


def in_a_sentence(title: str) -> str:
    """« Le Vice-président » gives « le Vice-président », « Arrêté n° 3 » « arrêté n° 3 »; a name or a civility keeps its capital."""
    return lower_first(title) if _COMMON.match(title) else title


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
