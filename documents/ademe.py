"""Is this certificate the one ADEME knows? A port, what answers it, and the check that compares.

Nothing depends on the answer: an interface that is down, or was never asked, is said to the officer and stops nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from http.client import HTTPException
from typing import Any, Protocol
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from documents.checks import (
    ADEME,
    BLOCKING,
    NO,
    SURFACE_TOLERANCE,
    UNKNOWN,
    WARNING,
    YES,
    Answer,
    Document,
    Result,
    Severity,
    clean_number,
)
from documents.french import typeset
from permis import pieces
from permis.validators import DPE_NUMBER

# The public registers by the letter of the number; certificates from before July 2021 are in neither.
REGISTERS = {"E": "dpe03existant", "N": "dpe02neuf"}
TIMEOUT_SECONDS = 5
LARGEST_ANSWER = 1024 * 1024

_BY_HAND = "Cherchez son numéro sur observatoire-dpe-audit.ademe.fr"


class Unavailable(Exception):
    """The register did not answer, or not as it is documented to; ask again later."""


class NeverAsked(Unavailable):
    """Nothing is set up to ask the register."""


class Absence(StrEnum):
    """Why there is no certificate to compare with."""

    ABSENT = "absent"
    UNAVAILABLE = "unavailable"
    NEVER_ASKED = "never_asked"


@dataclass(frozen=True)
class Certificate:
    """A certificate as the register publishes it; what it leaves out is empty."""

    number: str
    established_on: date | None = None
    valid_until: date | None = None
    energy_class: str = ""
    surface: Decimal | None = None
    address: str = ""


@dataclass(frozen=True)
class Reply:
    """What the register said: the certificate, or None when it holds none; ``digest`` proves the answer as it came."""

    certificate: Certificate | None
    digest: str = ""


class Register(Protocol):
    """Where a certificate is looked up by its number."""

    def look_up(self, number: str) -> Reply:
        """The certificate, if the register holds it. Raises Unavailable."""


class NoLookUp:
    """« jamais vérifié »: the register is not asked, by choice or for lack of a network."""

    def look_up(self, number: str) -> Reply:  # noqa: ARG002 (the port's signature)
        raise NeverAsked


@dataclass(frozen=True)
class OpenData:
    """ADEME's open data, over HTTP.

    Written after the published documentation of its data-fair interface (`/lines?qs=numero_dpe:"…"`, fields of the data sets
    dpe03existant and dpe02neuf); the tests use answers written after that documentation, no recorded ones.
    """

    api: str
    timeout: float = TIMEOUT_SECONDS

    def look_up(self, number: str) -> Reply:
        number = clean_number(number)
        match = DPE_NUMBER.fullmatch(number)
        if match is None or match["type"] not in REGISTERS:
            return Reply(None)
        found, digest = self._rows(REGISTERS[match["type"]], number)
        # The search may find neighbours of a number: only the very same one counts.
        rows = [row for row in found if row.get("numero_dpe") == number]
        return Reply(_certificate(rows[0]) if rows else None, digest)

    def _rows(self, register: str, number: str) -> tuple[list[dict[str, Any]], str]:
        query = urlencode({"qs": f'numero_dpe:"{number}"', "size": 2})
        request = Request(f"{self.api}/{register}/lines?{query}", headers={"Accept": "application/json"})  # noqa: S310 (our address)
        try:
            with urlopen(request, timeout=self.timeout) as answer:  # noqa: S310
                content = answer.read(LARGEST_ANSWER)
            rows = json.loads(content)["results"]
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
            raise Unavailable(type(error).__name__) from error
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Unavailable("results")
        return rows, hashlib.sha256(content).hexdigest()


def register() -> Register:
    """The register to ask: none unless `ADEME_URL` names one."""
    return OpenData(api=settings.ADEME_URL) if settings.ADEME_URL else NoLookUp()


def ask(register: Register, number: str) -> tuple[Certificate | Absence, str]:
    """What the register says of a number, in a form that can be stored and shown whatever happened, and its digest."""
    try:
        reply = register.look_up(number)
    except NeverAsked:
        return Absence.NEVER_ASKED, ""
    except Unavailable:
        return Absence.UNAVAILABLE, ""
    return reply.certificate or Absence.ABSENT, reply.digest


def known_to_ademe(document: Document, found: Certificate | Absence) -> Result:
    """Si l’ADEME connaît ce DPE, et avec les mêmes classe, date et surface (CCH L. 126-32).

    A certificate that was replaced leaves the register: absence is a doubt, not a forgery.
    """
    if isinstance(found, Certificate):
        return _compared(document, found)
    if found == Absence.NEVER_ASKED:
        return _say(UNKNOWN, "Ce DPE n’a jamais été vérifié auprès de l’ADEME", f"{_BY_HAND} pour le vérifier vous-même.")
    if found == Absence.UNAVAILABLE:
        return _say(UNKNOWN, "Le registre de l’ADEME est indisponible", f"Réessayez plus tard. {_BY_HAND} si c’est urgent.")
    number = DPE_NUMBER.fullmatch(clean_number(document.number))
    if number is None:
        return _say(UNKNOWN, "Ce DPE n’est pas vérifiable auprès de l’ADEME", "Il faut d’abord un numéro lisible.")
    if number["type"] not in REGISTERS or (document.established_on and document.established_on < pieces.DPE_RULES_OF_2021):
        since = f"Le registre public ne contient que les DPE de logements établis depuis le {pieces.DPE_RULES_OF_2021:%d/%m/%Y}"
        return _say(UNKNOWN, "Ce DPE n’est pas vérifiable auprès de l’ADEME", f"{since}.")
    return _say(
        NO,
        "L’ADEME ne publie pas ce DPE",
        f"Le numéro {number[0]} n’est pas dans le registre. Relisez-le ; s’il est juste, le DPE a peut-être été remplacé par un "
        "autre, ou vient d’être transmis : demandez au bailleur le plus récent.",
    )


def _compared(document: Document, found: Certificate) -> Result:
    differing, missing = [], []
    energy_class = document.energy_class.strip().upper()
    is_other_class = "" not in (energy_class, found.energy_class) and energy_class != found.energy_class
    if is_other_class:
        differing.append(f"classe {energy_class} au lieu de {found.energy_class}")
    if not (energy_class and found.energy_class):
        missing.append("la classe")
    if document.established_on is None or found.established_on is None:
        missing.append("la date")
    elif document.established_on != found.established_on:
        differing.append(f"date du {document.established_on:%d/%m/%Y} au lieu du {found.established_on:%d/%m/%Y}")
    # The certificate of a whole building has no surface of one dwelling: nothing to compare is no doubt.
    if document.surface and found.surface and abs(document.surface - found.surface) > found.surface * SURFACE_TOLERANCE:
        differing.append(f"{document.surface} m² au lieu de {found.surface} m²".replace(".", ","))
    if differing:
        return _say(
            NO,
            "L’ADEME publie autre chose sous ce numéro",
            f"Le document porte : {', '.join(differing)}. {_BY_HAND} et demandez au bailleur le document d’origine.",
            severity=BLOCKING if is_other_class else WARNING,
        )
    if missing:
        return _say(UNKNOWN, "L’ADEME connaît ce numéro", f"Il reste à comparer {' et '.join(missing)} avec le document.")
    until = f", valable jusqu’au {found.valid_until:%d/%m/%Y}" if found.valid_until else ""
    return _say(YES, "L’ADEME publie ce DPE", f"Numéro {found.number}, classe {found.energy_class}{until}.")


def _say(answer: Answer, title: str, reason: str, *, severity: Severity = WARNING) -> Result:
    return Result("known_to_ademe", answer, severity, typeset(title), typeset(reason), ADEME)


def _certificate(row: dict[str, Any]) -> Certificate:
    return Certificate(
        number=row["numero_dpe"],
        established_on=_date(row.get("date_etablissement_dpe")),
        valid_until=_date(row.get("date_fin_validite_dpe")),
        energy_class=str(row.get("etiquette_dpe") or "").strip().upper(),
        surface=_surface(row.get("surface_habitable_logement")),
        address=str(row.get("adresse_ban") or row.get("adresse_brut") or ""),
    )


def _date(value: object) -> date | None:
    """An ISO date, with or without a time."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _surface(value: object) -> Decimal | None:
    try:
        surface = Decimal(str(value))
    except InvalidOperation:
        return None
    return surface if surface.is_finite() else None
