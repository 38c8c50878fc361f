"""French street addresses, compared whatever hand wrote them: pure functions of text, no database.

« 12 bis, av. du Gal de Gaulle » and « n° 012BIS AVENUE GENERAL DE GAULLE » are one address. Its key says the commune, the
street and the number: `33473_avenue-gaulle-general_12bis`. A range, « 12-14 », keeps both ends; no number is « sn ».
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from territories.text import fold

NO_NUMBER = "sn"
# Kinds of street, in full, by what people write of them.
_KINDS = {
    "r": "rue", "rue": "rue", "av": "avenue", "ave": "avenue", "aven": "avenue", "avenue": "avenue", "bd": "boulevard",
    "bld": "boulevard", "blvd": "boulevard", "boul": "boulevard", "boulevard": "boulevard", "pl": "place", "place": "place",
    "all": "allee", "allee": "allee", "allees": "allee", "imp": "impasse", "impasse": "impasse", "ch": "chemin", "che": "chemin",
    "chem": "chemin", "chemin": "chemin", "rte": "route", "route": "route", "crs": "cours", "cours": "cours", "sq": "square",
    "square": "square", "qu": "quai", "quai": "quai", "res": "residence", "residence": "residence", "lot": "lotissement",
    "lotissement": "lotissement", "ham": "hameau", "hameau": "hameau", "pass": "passage", "pas": "passage", "passage": "passage",
    "fg": "faubourg", "fbg": "faubourg", "faubourg": "faubourg", "rpt": "rondpoint", "esp": "esplanade", "esplanade": "esplanade",
    "prom": "promenade", "promenade": "promenade", "sent": "sentier", "sentier": "sentier", "vc": "voie", "voie": "voie",
    "cite": "cite", "cour": "cour", "venelle": "venelle", "ruelle": "ruelle", "villa": "villa", "traverse": "traverse",
    "montee": "montee", "mte": "montee", "cote": "cote", "clos": "clos", "domaine": "domaine", "dom": "domaine",
}  # fmt: skip
_WORDS = {
    "st": "saint", "ste": "sainte", "sts": "saints", "gal": "general", "gen": "general", "mal": "marechal", "mar": "marechal",
    "cdt": "commandant", "cne": "capitaine", "cap": "capitaine", "col": "colonel", "lt": "lieutenant", "dr": "docteur",
    "doct": "docteur", "pr": "professeur", "prof": "professeur", "pdt": "president", "pres": "president", "nd": "notre dame",
    "abbe": "abbe", "mgr": "monseigneur", "me": "maitre", "faub": "faubourg", "vx": "vieux", "vlle": "vieille", "gd": "grand",
    "gde": "grande", "grd": "grand", "gds": "grands", "pt": "petit", "pte": "petite", "ntre": "notre", "nat": "national",
    "janv": "janvier", "fev": "fevrier", "fevr": "fevrier", "juil": "juillet", "sept": "septembre", "oct": "octobre",
    "nov": "novembre", "dec": "decembre", "rep": "republique", "jb": "jean baptiste", "jj": "jean jacques",
}  # fmt: skip
_LINKS = {"de", "du", "des", "la", "le", "les", "l", "d", "a", "au", "aux", "et", "en", "sur", "sous", "lez", "dit"}
_BUILDING_WORDS = {"batiment", "bat", "bt", "immeuble", "bloc", "le", "la", "de", "du"}
_SUFFIXES = {"b": "bis", "bis": "bis", "t": "ter", "ter": "ter", "q": "quater", "quater": "quater", "quinquies": "quinquies"}
_SUFFIX = r"bis|ter|quater|quinquies|a(?! \d)|[b-hqt]"
_NUMBER = re.compile(
    rf"^(?:n(?:o|um|umero)?s?\b ?)?0*(?P<first>\d{{1,4}})(?!\d)(?: ?(?P<suffix>{_SUFFIX})\b)?"
    rf"(?: (?:a |au |et |& )?0*(?P<last>\d{{1,4}})(?!\d)(?: ?(?:{_SUFFIX})\b)?(?= |$))*(?P<rest>.*)$"
)
_MONTHS = {
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
}
# What people write of a word, and the word: « bd », « boulevard ». Two words for some: « nd », « notre dame ».
IN_FULL: dict[str, str] = _WORDS | _KINDS
# Kinds of street, in full.
KINDS = frozenset(_KINDS.values())
# Words that say nothing of which street it is.
LINKS = frozenset(_LINKS)
# Longer than any street; what a key keeps of hostile text.
_LONGEST = 150
_SEPARATORS = re.compile(r"[.,;:()\"«»_–—/-]+")


class Certainty(IntEnum):
    """How surely two texts name the same building."""

    NONE = 0
    WEAK = 1
    PROBABLE = 2
    CERTAIN = 3


@dataclass(frozen=True)
class Address:
    """The street in canonical words, and the number or the two ends of a range; ``first`` is None without a number."""

    street: str
    first: int | None = None
    suffix: str = ""
    last: int | None = None

    @property
    def number(self) -> str:
        """« 12 », « 12bis », « 12a14 », « sn »."""
        if self.first is None:
            return NO_NUMBER
        return f"{self.first}{self.suffix}" if self.last is None else f"{self.first}a{self.last}"

    def holds(self, number: int) -> bool:
        """A range is one side of a street: from its first number to its last, by two where both have the same parity."""
        if self.first is None:
            return False
        last = self.last or self.first
        step = 2 if (last - self.first) % 2 == 0 else 1
        return number in range(self.first, last + 1, step)


def parse(text: str, *, town: str = "") -> Address:
    """What an address says of its street and number, without the postcode and the ``town`` that may follow."""
    folded = fold(_spaced(text))
    folded = re.sub(r"(?<=[a-z]) \d{5}\b.*$", "", folded)
    folded = folded.removesuffix(f" {fold(town)}") if town else folded
    found = _NUMBER.match(folded)
    if found is None or _is_date(found["rest"]):
        return Address(_street(folded))
    first, last = int(found["first"]), int(found["last"]) if found["last"] else None
    if last is not None and last <= first:
        last = None
    return Address(_street(found["rest"]), first, _suffix(found["suffix"]) if last is None else "", last)


def key(insee: str, text: str, *, town: str = "") -> str:
    """The key under which the cases and the orders of an address are found; empty where there is no street."""
    address = parse(text, town=town)
    return f"{insee}_{address.street}_{address.number}" if address.street else ""


def of_key(known: str) -> Address:
    """The address that a key says."""
    _, street, number = known.split("_")
    found = re.fullmatch(r"(\d+)(?:a(\d+)|([a-z]+))?", number)
    if found is None:
        return Address(street)
    return Address(street, int(found[1]), found[3] or "", int(found[2]) if found[2] else None)


def street_of(known: str) -> str:
    """The part of a key that all the numbers of a street share, its closing mark included."""
    return known.rpartition("_")[0] + "_" if known else ""


def compare(one: str, other: str) -> Certainty:
    """How surely two keys name the same building; a street without a number is weak, « 12 » beside « 12 bis » too."""
    if not one or not other or street_of(one) != street_of(other):
        return Certainty.NONE
    a, b = of_key(one), of_key(other)
    if a.first is None or b.first is None:
        return Certainty.WEAK
    if a.number == b.number:
        return Certainty.CERTAIN
    if a.first == b.first and a.last is None and b.last is None:
        return Certainty.WEAK
    meets = any(b.holds(number) for number in range(a.first, (a.last or a.first) + 1) if a.holds(number))
    return Certainty.PROBABLE if meets else Certainty.NONE


def compare_buildings(one: str, other: str) -> bool | None:
    """Whether two names of a building are the same; None where one of the two says nothing."""
    a, b = _building(one), _building(other)
    return None if not a or not b else a == b


def plot(reference: str) -> str:
    """A cadastral reference in one spelling: « 33473 000 AB 0214 » and « AB 214 » give « AB214 »."""
    found = re.search(r"([A-Z]{1,2}|0[A-Z])\s*0*(\d{1,4})$", reference.upper().strip())
    return f"{found[1].lstrip('0')}{found[2]}" if found else ""


def _spaced(text: str) -> str:
    """Marks that bind words become spaces; the number of « n° 12 » and of « 12/14 » stays legible."""
    text = re.sub(r"(?i)\bn\s*[°ºo]s?\s*(?=\d)", " ", text.replace("\N{NO-BREAK SPACE}", " "))
    text = re.sub(r"(\d)\s*[-–—/]\s*(?=\d)", r"\1 a ", text)
    return " ".join(_SEPARATORS.sub(" ", text).split())


def _is_date(rest: str) -> bool:
    """« 8 mai 1945 » is the name of a street, not its number."""
    words = rest.split()
    return bool(words) and _WORDS.get(words[0], words[0]) in _MONTHS


def _suffix(text: str | None) -> str:
    return _SUFFIXES.get(text, text) if text else ""


def _street(folded: str) -> str:
    """« rue de la Gare » gives « rue-gare »; the words of a name are sorted, for people write them in any order."""
    words = folded.replace("rond point", "rpt").split()
    kind = next((_KINDS[word] for word in words[:1] if word in _KINDS), "")
    said = [part for word in (words[1:] if kind else words) for part in _WORDS.get(word, word).split()]
    name = sorted({plain for word in said if word not in _LINKS and (plain := _plain(word))})
    return "-".join([*([kind] if kind else []), *name])[:_LONGEST]


def _plain(word: str) -> str:
    return str(int(word)) if word.isdecimal() else re.sub(r"[^a-z0-9]", "", word)


def _building(text: str) -> str:
    words = fold(_spaced(text)).split()
    return " ".join(word for word in words if word not in _BUILDING_WORDS or len(words) == 1)
