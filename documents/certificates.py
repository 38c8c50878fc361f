"""The energy certificate of a case looked up in ADEME's register: asked by a job, kept with its date, never in anybody's way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from documents import ademe
from documents.ademe import Absence, Certificate
from documents.checks import clean_number
from documents.enums import LookUpOutcome
from documents.extraction import Facts
from documents.models import CertificateLookUp
from permis.enums import PieceKind
from permis.models import Application
from permis.validators import DPE_NUMBER

_OUTCOMES = {Absence.ABSENT: LookUpOutcome.ABSENT, Absence.UNAVAILABLE: LookUpOutcome.UNAVAILABLE}
_ABSENCES = {outcome: absence for absence, outcome in _OUTCOMES.items()}


def number_of(application: Application) -> str:
    """The number of the certificate of a case, if it has the right form: what a person typed, else what was read on the file."""
    dwelling = getattr(application, "dwelling", None)
    numbers = [dwelling.dpe_number] if dwelling else []
    if not any(numbers):
        given = application.pieces.current().filter(kind=PieceKind.DPE).order_by("-pk")
        numbers = [Facts.of(facts).number for facts in given.values_list("file__facts", flat=True)]
    return next((number for each in numbers if DPE_NUMBER.fullmatch(number := clean_number(each))), "")


def look_up(application: Application, number: str) -> CertificateLookUp | None:
    """Ask the register and keep its answer; None where there is no register to ask."""
    found, digest = ademe.ask(ademe.register(), number)
    if found == Absence.NEVER_ASKED:
        return None
    outcome, answer = (LookUpOutcome.FOUND, _as_data(found)) if isinstance(found, Certificate) else (_OUTCOMES[found], {})
    return CertificateLookUp.objects.create(application=application, number=number, outcome=outcome, answer=answer, digest=digest)


def last_word(look_ups: Iterable[CertificateLookUp], number: str) -> CertificateLookUp | None:
    """The last answer about this number; « indisponible » only where there never was an answer."""
    own = sorted((each for each in look_ups if each.number == clean_number(number)), key=lambda each: each.asked_at)
    answered = [each for each in own if each.outcome != LookUpOutcome.UNAVAILABLE]
    return next(reversed(answered or own), None)


def said(look_up: CertificateLookUp | None) -> Certificate | Absence:
    """An answer that was kept, as the check reads it; « jamais vérifié » without one."""
    if look_up is None:
        return Absence.NEVER_ASKED
    if look_up.outcome != LookUpOutcome.FOUND:
        return _ABSENCES[LookUpOutcome(look_up.outcome)]
    answer = look_up.answer
    return Certificate(
        number=look_up.number,
        established_on=_day(answer.get("established_on")),
        valid_until=_day(answer.get("valid_until")),
        energy_class=answer.get("energy_class", ""),
        surface=Decimal(answer["surface"]) if "surface" in answer else None,
        address=answer.get("address", ""),
    )


def _as_data(found: Certificate) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(found).items() if value not in ("", None)}


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
