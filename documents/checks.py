"""What a machine can say of a piece beside the officer: advice with a reason and a source, never a refusal.

No query, no clock. Where a fact is missing the answer is « inconnu » and names it. The rules are those of `permis.pieces`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from functools import partial

from documents.french import listing, typeset
from permis import pieces
from permis.enums import EnergyClass, InstallationAge, PieceKind
from permis.pieces import DwellingFacts
from permis.validators import DPE_NUMBER
from territories.overseas import has_own_energy_calendar
from territories.text import fold


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How serious a NO is; even BLOCKING only advises."""

    INFO = "info"
    WARNING = "warning"
    BLOCKING = "blocking"


@dataclass(frozen=True)
class Result:
    """One sentence for the officer, why and what to do, and by which text."""

    code: str
    answer: Answer
    severity: Severity
    title: str
    reason: str
    source: str


@dataclass(frozen=True)
class Document:
    """What was read on a piece; `same_file_in` is the number of another case with the same bytes, None when not compared."""

    kind: PieceKind
    established_on: date | None = None
    number: str = ""
    energy_class: str = ""
    lead_found: bool | None = None
    address: str = ""
    surface: Decimal | None = None
    page_count: int | None = None
    same_file_in: str | None = ""


@dataclass(frozen=True)
class Situation:
    """What the application says; validity is judged on `received_on`, the letting ban on `lease_on`, the planned lease."""

    dwelling: DwellingFacts
    address: str
    postcode: str
    city: str
    department: str
    surface: Decimal | None
    received_on: date
    lease_on: date | None = None


Check = Callable[[Document, Situation], Result]
YES, NO, UNKNOWN = Answer
INFO, WARNING, BLOCKING = Severity
OURS, ADEME = "contrôle du logiciel", "ADEME, observatoire DPE"
CONDITIONAL = (PieceKind.CREP, PieceKind.ELECTRICITY, PieceKind.GAS, PieceKind.ERP, PieceKind.NOISE, PieceKind.ASBESTOS)
TERTIARY, BEFORE_2021, SINCE_2021 = "T", "VCL", "E"  # types of certificate: V, C and L ended in July 2021, E began then
SURFACE_TOLERANCE = Decimal("0.05")
FACTOR_OF_2026 = date(2026, 1, 1)  # electricity counts 1.9 instead of 2.3: an attestation may replace an older label

_EVERYTHING = DwellingFacts(1900, InstallationAge.OLD, InstallationAge.OLD, in_risk_zone=True, in_noise_zone=True)
_BASIS = {PieceKind.ASBESTOS: "loi 89-462, art. 3-3, 3°"}
_BASIS |= {each.kind: each.basis for each in pieces.required(_EVERYTHING, on=pieces.DPE_RULES_OF_2021)}
# How a sentence names the piece, the text that gives its term, and why the law may not ask for it.
_WORDS = {
    PieceKind.DPE: ("Ce DPE", "décret 2020-1610", ""),
    PieceKind.CREP: ("Ce constat plomb", _BASIS[PieceKind.CREP], f"L’immeuble n’est pas d’avant {pieces.LEAD_BEFORE}"),
    PieceKind.ELECTRICITY: ("Cet état de l’électricité", "décret 2016-1105", "L’installation n’a pas plus de quinze ans"),
    PieceKind.GAS: ("Cet état du gaz", "décret 2016-1104", "Il n’y a pas d’installation de gaz de plus de quinze ans"),
    PieceKind.ERP: ("Cet état des risques", _BASIS[PieceKind.ERP], "La commune n’est pas concernée par l’état des risques"),
    PieceKind.NOISE: ("Cet état du bruit", _BASIS[PieceKind.NOISE], "Le logement n’est pas en zone de bruit d’aérodrome"),
    PieceKind.ASBESTOS: ("Ce dossier amiante", "", "Aucun décret n’a rendu l’état amiante exigible pour une location"),
}
_IF_LEAD = "Il vaut jusqu’au {} s’il a trouvé du plomb, sans limite sinon : lisez sa conclusion."


def check(document: Document, situation: Situation) -> list[Result]:
    """Every check that applies to this kind of piece; what another answer has made pointless is left out."""
    series: list[list[Check]] = [[own_file]]
    if document.kind == PieceKind.DPE:
        series = [[valid_on_deposit, valid_for_lease], [number_format, number_consistent], [lettable], [label_stands]]
        series += [[same_surface], [same_address], [whole], [own_file]]
    elif document.kind in CONDITIONAL:
        # What the law does not ask for cannot be out of date; what it may ask for is judged all the same.
        is_idle = required(document, situation).answer == NO
        series = [[required], [] if is_idle else [valid_on_deposit, valid_for_lease], [same_address], [whole], [own_file]]
    return [result for each in series for result in _until_doubt(each, document, situation)]


def required(document: Document, situation: Situation) -> Result:
    """Si la loi exige cette pièce de ce logement (loi 89-462, art. 3-3)."""
    kind, facts = document.kind, situation.dwelling
    ages = {PieceKind.CREP: InstallationAge.UNKNOWN, PieceKind.ELECTRICITY: facts.electricity, PieceKind.GAS: facts.gas}
    say = partial(_result, "required", INFO, _BASIS[kind])
    if reasons := [each.reason for each in pieces.required(facts, on=situation.received_on) if each.kind == kind]:
        return say(YES, "Cette pièce est exigée", f"{reasons[0]} : la loi exige cette pièce.")
    if facts.construction_year is None and ages.get(kind) == InstallationAge.UNKNOWN:
        missing = "l’année de construction" + ("" if kind == PieceKind.CREP else " ou l’âge de l’installation")
        return say(UNKNOWN, "On ne sait pas si cette pièce est exigée", f"Cela dépend d’un fait inconnu : demandez {missing}.")
    return say(NO, "Cette pièce n’est pas exigée", f"{_WORDS[kind][2]}. Le dossier est complet sans elle : ne la réclamez pas.")


def valid_on_deposit(document: Document, situation: Situation) -> Result:
    """Si le diagnostic vaut au jour du dépôt (décrets 2020-1610, 2016-1104 et 2016-1105 ; C. env. L. 125-5)."""
    (name, term, _), on, until = _WORDS[document.kind], situation.received_on, _last_day(document)
    say = partial(_result, "valid_on_deposit", BLOCKING, term)
    if document.established_on is None:
        return say(UNKNOWN, "La date du diagnostic n’est pas connue", "Relevez la date d’établissement sur la première page.")
    made = f"{name} a été établi le {_day(document.established_on)}"
    if until is None:
        return say(YES, f"{name} n’a pas de terme", f"{made} et reste valable.")
    if on <= until:
        return say(YES, f"{name} est valable", f"{made} : il est valable jusqu’au {_day(until)}.")
    if _may_be_endless(document):
        return say(UNKNOWN, "On ne sait pas si ce constat plomb est encore valable", f"{made}. {_IF_LEAD.format(_day(until))}")
    expired = f"{made} et valait jusqu’au {_day(until)} ; la demande est du {_day(on)}. Demandez-en un nouveau."
    return say(NO, f"{name} n’est plus valable", expired)


def valid_for_lease(document: Document, situation: Situation) -> Result:
    """Si le diagnostic vaudra encore à la signature du bail (loi 89-462, art. 3-3)."""
    name, on, until = _WORDS[document.kind][0], situation.lease_on, _last_day(document)
    say = partial(_result, "valid_for_lease", WARNING, "loi 89-462, art. 3-3")
    if document.established_on is None:
        return say(UNKNOWN, "La date du diagnostic n’est pas connue", "Relevez la date d’établissement sur la première page.")
    if until is None:
        return say(YES, f"{name} vaudra pour le bail", "Il n’a pas de terme.")
    if on is None:
        return say(UNKNOWN, "La date du bail n’est pas connue", f"{name} vaut jusqu’au {_day(until)}. Demandez la date du bail.")
    if on <= until:
        return say(YES, f"{name} vaudra pour le bail", f"Il vaut jusqu’au {_day(until)}, le bail est prévu le {_day(on)}.")
    if _may_be_endless(document):
        return say(UNKNOWN, "On ne sait pas si ce constat plomb vaudra pour le bail", _IF_LEAD.format(_day(until)))
    expired = f"Il vaut jusqu’au {_day(until)}, le bail est prévu le {_day(on)}. Le dossier reste complet : prévenez le bailleur."
    return say(NO, f"{name} sera périmé le jour du bail", expired)


def number_format(document: Document, situation: Situation) -> Result:  # noqa: ARG001 (all checks are called alike)
    """Si le numéro du DPE a la forme que donne l’ADEME : 13 caractères, année, département, lettre du type."""
    number = clean_number(document.number)
    say = partial(_result, "number_format", BLOCKING, ADEME)
    if not number:
        return say(UNKNOWN, "Le numéro du DPE n’est pas connu", "Relevez-le en haut de la première page.")
    if (match := DPE_NUMBER.fullmatch(number)) is None:
        form = "n’a pas la forme 2433E0412076K : année, département, lettre, sept chiffres, lettre"
        length = f" Il a {len(number)} caractères au lieu de 13." if len(number) != 13 else ""
        return say(NO, "Ce numéro n’est pas celui d’un DPE", f"« {number} » {form}.{length} Relisez-le sur le document.")
    if match["type"] == TERTIARY:
        other = f"La lettre T du numéro {number} désigne un local tertiaire. Demandez le DPE du logement."
        return say(NO, "Ce DPE n’est pas celui d’un logement", other)
    return say(YES, "Le numéro du DPE a la bonne forme", f"Numéro {number}.")


def number_consistent(document: Document, situation: Situation) -> Result:
    """Si l’année, le département et la lettre du numéro vont avec le DPE ; outre-mer : « 97 », et parfois l’année qui suit."""
    number = DPE_NUMBER.fullmatch(clean_number(document.number))
    on, department = document.established_on, situation.department.upper()
    say = partial(_result, "number_consistent", WARNING, ADEME)
    doubts = []
    if number is None:
        return say(UNKNOWN, "Le numéro du DPE n’est pas comparé", "Il faut d’abord un numéro lisible.")
    if on and 2000 + int(number["year"]) not in (on.year, on.year + 1):
        doubts.append(f"il a été donné en 20{number['year']} et le DPE est du {_day(on)}")
    if on and number["type"] in (SINCE_2021 if on < pieces.DPE_RULES_OF_2021 else BEFORE_2021):
        doubts.append(f"sa lettre {number['type']} ne va pas avec un DPE du {_day(on)}")
    if department and number["department"] not in (department[:2], "20" if department in ("2A", "2B") else ""):
        doubts.append(f"il est du département {number['department']} et le logement du {department}")
    if doubts:
        check_it = "Relisez le numéro et vérifiez que ce DPE est celui du logement."
        return say(NO, "Le numéro ne va pas avec ce DPE", f"Numéro {number[0]} : {', '.join(doubts)}. {check_it}")
    if on is None or not department:
        return say(UNKNOWN, "Le numéro du DPE n’est pas comparé", "Il faut la date du DPE et le département du logement.")
    return say(YES, "Le numéro va avec ce DPE", f"Numéro {number[0]}, DPE du {_day(on)}, département {department}.")


def lettable(document: Document, situation: Situation) -> Result:
    """Si la classe permet de louer à la date prévue du bail (loi 89-462, art. 6 ; décret 2023-796)."""
    letter, overseas = document.energy_class.strip().upper(), has_own_energy_calendar(situation.department)
    say = partial(_result, "lettable", BLOCKING, "loi 89-462, art. 6 ; décret 2023-796")
    if letter not in EnergyClass.values:
        return say(UNKNOWN, "La classe du DPE n’est pas connue", "Relevez la lettre de l’étiquette énergie, de A à G.")
    ban = (pieces.LETTING_BAN_OVERSEAS if overseas else pieces.LETTING_BAN).get(letter)
    if ban is None:
        return say(YES, f"La classe {letter} permet de louer", f"Aucune interdiction ne vise la classe {letter}.")
    on = situation.lease_on or situation.received_on
    if not pieces.is_lettable(letter, on=on, overseas=overseas):
        planned = f"le bail est prévu le {_day(on)}" if situation.lease_on else f"la demande est du {_day(on)}"
        banned = f"La classe {letter} est interdite à la location depuis le {_day(ban)} et {planned} : logement non décent"
        advice = "Ce n’est pas une pièce manquante : prescrivez des travaux préalables, ou refusez."
        return say(NO, f"La classe {letter} ne permet pas de louer à cette date", f"{banned}. {advice}")
    term = f"La classe {letter} permet de louer jusqu’au {_day(ban - timedelta(days=1))}"
    if situation.lease_on is None:
        return say(UNKNOWN, "La date du bail n’est pas connue", f"{term} : demandez la date du bail.")
    return say(YES, f"La classe {letter} permet de louer à cette date", f"{term}, le bail est prévu le {_day(on)}.")


def label_stands(document: Document, situation: Situation) -> Result:
    """Si l’étiquette imprimée est la bonne depuis que l’électricité compte 1,9 au lieu de 2,3 (arrêté du 13 août 2025)."""
    letter, made_on = document.energy_class.strip().upper(), document.established_on
    say = partial(_result, "label_stands", INFO, "arrêté du 13 août 2025")
    if letter not in EnergyClass.values or made_on is None:
        return say(UNKNOWN, "On ne sait pas si l’étiquette a pu changer", "Il faut la classe du DPE et sa date.")
    on, overseas = situation.lease_on or situation.received_on, has_own_energy_calendar(situation.department)
    is_old = pieces.DPE_RULES_OF_2021 <= made_on < FACTOR_OF_2026 <= on
    if not is_old or pieces.is_lettable(letter, on=on, overseas=overseas):
        return say(YES, "L’étiquette imprimée suffit", f"DPE de classe {letter}, établi le {_day(made_on)}.")
    since = f"Depuis le {_day(FACTOR_OF_2026)}, l’électricité compte 1,9 au lieu de 2,3, et ce DPE est du {_day(made_on)}."
    advice = f"une attestation de l’ADEME peut remplacer la classe {letter} : demandez-la au bailleur."
    return say(NO, "L’étiquette de ce DPE a pu changer", f"{since} Si le logement est chauffé à l’électricité, {advice}")


def same_surface(document: Document, situation: Situation) -> Result:
    """Si la surface du document est celle de la demande, à 5 % près."""
    say = partial(_result, "same_surface", WARNING, "loi 89-462, art. 3")
    read, declared = document.surface, situation.surface
    if not read or not declared:
        where = "dans la demande" if read else "sur le DPE"
        return say(UNKNOWN, "Les surfaces ne sont pas comparées", f"La surface habitable manque {where}.")
    both = f"{read} m² sur le DPE, {declared} m² dans la demande".replace(".", ",")
    if abs(read - declared) <= declared * SURFACE_TOLERANCE:
        return say(YES, "Les surfaces concordent", f"{both}.")
    return say(NO, "Les surfaces diffèrent de plus de 5 %", f"{both}. Vérifiez qu’il s’agit du même logement.")


def same_address(document: Document, situation: Situation) -> Result:
    """Si l’adresse du document est celle de la demande ; abréviations, étage, porte et petites fautes ne comptent pas."""
    say = partial(_result, "same_address", WARNING, "loi 89-462, art. 3-3")
    read, declared = " ".join(document.address.split()), " ".join(situation.address.split())
    if not read or not declared:
        where = "dans la demande" if read else "sur le document"
        return say(UNKNOWN, "Les adresses ne sont pas comparées", f"L’adresse manque {where}.")
    own = _Place.of(declared, situation.postcode, situation.city)
    verdicts = _Place.of(read).compared_with(own)
    both = f"Document : « {read} » ; demande : « {declared} »."
    if False in verdicts.values():
        return say(NO, "L’adresse n’est pas celle de la demande", f"{both} Vérifiez qu’il s’agit du même logement.")
    if doubts := [what for what, verdict in verdicts.items() if verdict is None]:
        return say(UNKNOWN, "L’adresse n’est pas vérifiée en entier", f"{both} Vérifiez {listing(doubts)}.")
    return say(YES, "L’adresse est celle de la demande", both)


def whole(document: Document, situation: Situation) -> Result:  # noqa: ARG001
    """Si le fichier paraît entier : un diagnostic a plusieurs pages."""
    say = partial(_result, "whole", INFO, OURS)
    if document.page_count is None:
        return say(UNKNOWN, "Le nombre de pages n’est pas connu", "Ouvrez le fichier et vérifiez que toutes les pages y sont.")
    if document.page_count > 1:
        return say(YES, "Le fichier paraît entier", f"{document.page_count} pages.")
    return say(NO, "Ce fichier n’a qu’une page", "Un diagnostic en a plusieurs : vérifiez qu’il n’en manque pas.")


def own_file(document: Document, situation: Situation) -> Result:  # noqa: ARG001
    """Si ce fichier n’a été déposé que dans ce dossier, octet pour octet."""
    say = partial(_result, "own_file", WARNING, OURS)
    if document.same_file_in is None:
        return say(UNKNOWN, "Ce fichier n’a pas été comparé", "Il ne l’a pas encore été aux fichiers des autres dossiers.")
    if not document.same_file_in:
        return say(YES, "Ce fichier n’est que dans ce dossier", "Aucun autre dossier ne contient le même fichier.")
    other = f"Le même fichier est dans le dossier {document.same_file_in}. Vérifiez qu’il s’agit du même logement ou immeuble."
    return say(NO, "Ce fichier est déjà dans un autre dossier", other)


def clean_number(number: str) -> str:
    """The number of a DPE as it is stored: pasted spaces, hyphens and lower case are forgiven."""
    return re.sub(r"[\s\-_.]", "", number).upper()


_SHORT = {
    "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard", "r": "rue", "pl": "place",
    "rte": "route", "ch": "chemin", "che": "chemin", "imp": "impasse", "all": "allee", "pass": "passage", "sq": "square",
    "fg": "faubourg", "crs": "cours", "st": "saint", "ste": "sainte", "gal": "general", "mal": "marechal", "dr": "docteur",
}  # fmt: skip
_STREETS = "rue|avenue|boulevard|place|route|chemin|impasse|allee|passage|quai|cours|square|cite|faubourg"
_IGNORED = {"de", "du", "des", "d", "la", "le", "les", "l", "a", "au", "aux", "et", "en", "sur", "lieu", "dit", "cedex"}
# Floor, door, side and building tell one flat from another, which no two documents write alike.
_COMPLEMENT = re.compile(
    r"\b(?:(?:\d{1,2}(?:er|e|eme|nd)?|premier|deuxieme|troisieme|dernier) (?:etage|etg)|(?:etage|niveau) \d+|rez de \w+|rdc"
    r"|\d{1,2}(?:er|e|eme) (?=gauche|droite|face)|(?:porte |pte )?(?:a )?(?:gauche|droite|face)"
    r"|(?:appartement|appt|apt|app|logement|lot|porte|pte|batiment|bat|escalier|esc|hall) (?:n )?(?:\d+[a-z]?|[a-ce-km-z]\d*))\b"
)
_NUMBERS = r"((?:\d{1,4} ?(?:bis|ter|quater|b)? (?:a )?)+)"
_NUMBERED, _LEADING = re.compile(rf"\b{_NUMBERS}(?=(?:{_STREETS})\b)"), re.compile(_NUMBERS)


@dataclass(frozen=True)
class _Place:
    """An address taken apart, to be compared with another one."""

    numbers: set[str]
    street: str
    words: list[str]
    postcode: str
    city: list[str]

    @classmethod
    def of(cls, address: str, postcode: str = "", city: str = "") -> _Place:
        text = re.sub(r"[^a-z0-9]+", " ", fold(address))
        if codes := list(re.finditer(r"\b\d{5}\b", text)):
            postcode, city, text = codes[-1][0], text[codes[-1].end() :], text[: codes[-1].start()]
        text = " ".join(_SHORT.get(word, word) for word in _COMPLEMENT.sub(" ", text).split())
        found = _NUMBERED.search(text) or _LEADING.match(text)
        numbers = {"".join(each) for each in re.findall(r"(\d+) ?([btq])?", found[0])} if found else set()
        words = _telling(text.replace(found[0], "", 1) if found else text)
        street = next((word for word in words if word in _STREETS.split("|")), "")
        return cls(numbers, street, [word for word in words if word != street], postcode, _telling(fold(city)))

    def compared_with(self, other: _Place) -> dict[str, bool | None]:
        """Part by part: the same, another one, or None where one of the two does not say."""
        town = _alike(self.city, other.city) if self.city else set(other.city) <= set(self.words) or None
        if not town and self.postcode:
            town = None if self.postcode == other.postcode and self.city else self.postcode == other.postcode
        return {
            "la rue": _alike(self.words, other.words) if other.street in ("", self.street or other.street) else False,
            "le numéro": _same_number(self.numbers, other.numbers),
            "la commune": town,
        }


def _same_number(mine: set[str], its: set[str]) -> bool | None:
    """« 12 bis » is not « 12 ter », and may be what somebody wrote « 12 »."""
    if not (mine and its):
        return mine == its or None
    plain = {each.rstrip("btq") for each in mine} & its or {each.rstrip("btq") for each in its} & mine
    return bool(mine & its) or (None if plain else False)


def _telling(text: str) -> list[str]:
    return [_SHORT.get(word, word) for word in text.split() if word not in _IGNORED]


def _alike(mine: list[str], its: list[str]) -> bool | None:
    """The shorter in the longer, word by word; « Farge » is « Farges », « Belle Vue » is « Bellevue », « J. » is « Jean »."""
    few, many = sorted((mine, its), key=len)
    if not few:
        return None
    return _close("".join(few), "".join(many)) or all(any(_close(a, b) for b in many) for a in few)


def _close(a: str, b: str) -> bool:
    is_initial = len(a) == 1 or len(b) == 1
    return a[:1] == b[:1] if is_initial else a == b or (min(len(a), len(b)) > 4 and SequenceMatcher(None, a, b).ratio() > 0.85)


def _result(code: str, severity: Severity, source: str, answer: Answer, title: str, reason: str) -> Result:
    """Every text is set with the no-break spaces of French."""
    return Result(code, answer, severity, typeset(title), typeset(reason), typeset(source))


def _until_doubt(series: list[Check], document: Document, situation: Situation) -> Iterator[Result]:
    """The results of checks that build on one another, up to the first that is not a YES."""
    for each in series:
        yield (result := each(document, situation))
        if result.answer != YES:
            return


def _last_day(document: Document) -> date | None:
    """The last day of validity, the shorter one where nobody has read whether lead was found."""
    if document.established_on is None:
        return None
    return pieces.valid_until(document.kind, document.established_on, lead_found=document.lead_found is not False)


def _may_be_endless(document: Document) -> bool:
    return document.kind == PieceKind.CREP and document.lead_found is None


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"
