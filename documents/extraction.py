"""What the text of a diagnostic says of itself: its number, date, class, surface, address, and whether it found lead.

Pure: the text of a PDF's first pages in, facts out. A fact is kept only where a label names it, and where the document does not
contradict itself; nothing is guessed. Nobody's name is kept: of the addresses, only the one that a label gives to the dwelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from documents.french import MONTHS
from permis.enums import PieceKind
from territories.text import fold


@dataclass(frozen=True)
class Facts:
    """What was read; what was not is empty. ``kind`` is the diagnostic that the title names, when it names one alone."""

    kind: str = ""
    number: str = ""
    established_on: date | None = None
    energy_class: str = ""
    surface: Decimal | None = None
    address: str = ""
    construction_year: int | None = None
    lead_found: bool | None = None

    def as_data(self) -> dict[str, Any]:
        """For a JSON column; what is not known is left out."""
        known = {name: value for name, value in asdict(self).items() if value not in ("", None)}
        return {name: str(value) if isinstance(value, date | Decimal) else value for name, value in known.items()}

    @classmethod
    def of(cls, data: dict[str, Any]) -> Facts:
        known = dict(data)
        if "established_on" in known:
            known["established_on"] = date.fromisoformat(known["established_on"])
        if "surface" in known:
            known["surface"] = Decimal(known["surface"])
        return cls(**known)


def facts_of(text: str) -> Facts:
    """The facts that a text states; of a set of several diagnostics, only those that no other could have stated."""
    text = _plain(text)
    kind = _kind(text)
    is_dpe = kind in ("", PieceKind.DPE)
    return Facts(
        kind=kind,
        number=_only(_numbers(text)) if is_dpe else "",
        established_on=_date(text) if kind else None,
        energy_class=_only(match["letter"] for match in _CLASS.finditer(text)) if is_dpe else "",
        surface=_surface(text),
        address=_address(text),
        construction_year=_year(text),
        lead_found=_lead(text) if kind == PieceKind.CREP else None,
    )


# -- The diagnostic

_TITLES = {
    PieceKind.DPE: r"diagnostic de performance energetique",
    PieceKind.CREP: r"constat de risque d exposition au plomb",
    PieceKind.ELECTRICITY: r"etat de l installation interieure d electricite",
    PieceKind.GAS: r"etat de l installation interieure de gaz",
    PieceKind.ERP: r"etat des risques",
    PieceKind.NOISE: r"etat des nuisances sonores aeriennes",
    PieceKind.ASBESTOS: r"dossier amiante|reperage des materiaux et produits contenant de l amiante",
}
_SET = "dossier de diagnostic"
_TITLE_WITHIN = 1500


def _kind(text: str) -> str:
    """The first title at the top of the text; the cover of a whole set names none."""
    top = re.sub(r"\s+", " ", fold(text[:_TITLE_WITHIN]))
    found = {kind: match.start() for kind, title in _TITLES.items() if (match := re.search(title, top))}
    if not found or _SET in top:
        return ""
    return min(found, key=lambda kind: found[kind]).value


# -- The number of a DPE

# Thirteen characters, spaces forgiven between any two; the older one that a DPE says it replaces is another's.
_NUMBER = re.compile(
    r"(?<![0-9A-Z])" + r"[ \-]?".join([r"\d", r"\d", r"\d", r"[\dAB]", "[ENTVCL]", *[r"\d"] * 7, "[A-Z]"]) + r"(?![0-9A-Z])"
)
_REPLACED = re.compile(r"(?i)(?:remplac|annul)\w*[^.\n]{0,60}$")


def _numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        if not _REPLACED.search(text[max(0, match.start() - 80) : match.start()]):
            yield re.sub(r"[ \-]", "", match[0])


# -- The date

_MONTHS = {fold(name): place for place, name in enumerate(MONTHS, start=1)}
_DAY = r"(?:(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4})|(?P<wd>\d{1,2})(?:er)? (?P<wm>[^\W\d]{3,9}) (?P<wy>\d{4}))(?!\d)"
# The best label first: the day on which the document was established, then the one on which it was signed, then the visit.
_DATED = [
    re.compile(label + r"[ :\n]{0,4}(?:le[ :\n]{1,3})?" + _DAY, re.IGNORECASE)
    for label in (
        r"(?:[ée]tabli|r[ée]alis[ée]|dress[ée])e?(?: le)?",
        r"date (?:d['’] ?|de l['’] ?)?(?:[ée]tablissement|[ée]dition|[ée]mission|[ée]laboration)(?: du (?:diagnostic|rapport|constat|dpe|document))?",
        r"date du (?:diagnostic|rapport|constat|rep[ée]rage|contr[ôo]le|dpe|document)",
        r"fait (?:à|a) [^\W\d][^\n,]{1,40},? le",
        r"date (?:de (?:la )?|d['’] ?)(?:visite|intervention)(?: sur site)?",
    )
]
_FIRST_YEAR = 1990


def _date(text: str) -> date | None:
    for pattern in _DATED:
        days = {day for match in pattern.finditer(text) if (day := _day(match))}
        if days:
            return days.pop() if len(days) == 1 else None
    return None


def _day(match: re.Match[str]) -> date | None:
    month = int(match["m"]) if match["m"] else _MONTHS.get(fold(match["wm"]), 0)
    year, day = int(match["y"] or match["wy"]), int(match["d"] or match["wd"])
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found.year >= _FIRST_YEAR else None


# -- Class, surface, year

_CLASS = re.compile(
    r"(?i:(?:classe|[ée]tiquette) (?:[ée]nergie|[ée]nerg[ée]tique|du dpe|dpe)(?: du logement)?)[ :=\n«]{1,4}(?P<letter>[A-G])(?![\w'’])"
    r"(?! ?(?:[àaÀ/,\-–]|ou|et)(?! \d) ?[A-G]?\b)"
)
_SURFACES = [
    re.compile(label + r"(?: \([^)\n]{0,40}\))?[ :=\n]{1,4}(?P<whole>\d{1,4})(?:[.,](?P<part>\d{1,2}))? ?m2", re.IGNORECASE)
    for label in (r"surface habitable(?: du logement| totale)?", r"surface de r[ée]f[ée]rence(?: du logement)?")
]
_BUILT = re.compile(
    r"(?:ann[ée]e|date) de construction(?: du (?:b[âa]timent|logement|bien))?[ :=\n]{1,4}(?P<year>1[0-9]{3}|20\d\d)\b",
    re.IGNORECASE,
)


def _surface(text: str) -> Decimal | None:
    for pattern in _SURFACES:
        found = {Decimal(f"{match['whole']}.{match['part'] or 0}") for match in pattern.finditer(text)} - {Decimal(0)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _year(text: str) -> int | None:
    years = {int(match["year"]) for match in _BUILT.finditer(text)}
    return years.pop() if len(years) == 1 else None


# -- The address of the dwelling

_OF_THE_DWELLING = re.compile(
    r"adresse(?: compl[èe]te)? (?:du (?:bien|logement|b[âa]timent|lieu)|de l['’] ?immeuble|des locaux)[^:\n]{0,40}: *\n?(?P<lines>[^\n]+(?:\n[^\n]+){0,2})",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?<![\w-])adresse *: *\n?(?P<lines>[^\n]+(?:\n[^\n]+){0,2})", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"(?i)propri[ée]taire|diagnostiqueur|donneur d['’] ?ordre|commanditaire|client|cabinet|mandataire|soci[ée]t[ée]|op[ée]rateur|assur|notaire"
    r"|syndic|raison sociale|certifi|\bnom\b|pr[ée]nom|locataire|occupant"
)
_PERSON = re.compile(r"\b(?:M\.|Mme|Mlle|MM\.|Monsieur|Madame|Mr|Dr|Me)(?= )")
_TO_THE_TOWN = re.compile(r"^(?P<address>.*?\b\d{5} [^\W\d][^\n,;(:]{1,45})", re.DOTALL)
_LINES_BEFORE, _ADDRESS_LENGTH = 3, 160


def _address(text: str) -> str:
    """The address with its postcode, from a label that speaks of the dwelling, or from one that speaks of nobody else."""
    found = [_line(match["lines"]) for match in _OF_THE_DWELLING.finditer(text)]
    if not any(found):
        found = [
            _line(match["lines"])
            for match in _BARE.finditer(text)
            if not _SOMEBODY.search("\n".join(text[: match.start()].split("\n")[-1 - _LINES_BEFORE :]))
        ]
    return next((address for address in found if address), "")


def _line(lines: str) -> str:
    match = _TO_THE_TOWN.match(lines)
    if match is None or _PERSON.search(match["address"]):
        return ""
    address = ", ".join(part.strip(" ,") for part in match["address"].splitlines() if part.strip(" ,"))
    return address if len(address) <= _ADDRESS_LENGTH else ""


# -- Lead

_NO_LEAD = re.compile(
    r"(?:n['’] ?a (?:pas|révélé aucun)[^.]{0,80}|absence de |aucun[e]? )(?:rev[êe]tements? |peintures? )?[^.]{0,40}\bplomb",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:a (?:mis en [ée]vidence|r[ée]v[ée]l[ée]|permis de (?:rep[ée]rer|localiser))|il a [ée]t[ée] (?:rep[ée]r[ée]|constat[ée]|mis en [ée]vidence))"
    r"[^.]{0,80}\bplomb",
    re.IGNORECASE,
)


def _lead(text: str) -> bool | None:
    """What the conclusion states; the warnings that every such report repeats (« en cas de présence… ») state nothing."""
    text = text.replace("\n", " ")
    has_none, has_some = _NO_LEAD.search(text), _LEAD.search(text)
    return None if bool(has_none) == bool(has_some) else bool(has_some)


# -- Text


def _plain(text: str) -> str:
    """Every space plain, superscripts and ligatures unfolded, one line feed a line, blank lines gone."""
    text = unicodedata.normalize("NFKC", text).replace("\r", "\n").replace("\x00", "").replace("\ufffe", "-")
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _only(values: Iterable[str]) -> str:
    """The value that is said, once or many times; nothing where two are."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""
