"""What a transfer needs to know before it is made: whose permit this is, and the signed addresses that lead to it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from permis.enums import LessorKind, Side, State, TransferState
from permis.models import Application, Lessor, Transfer
from territories.enums import Regime
from territories.text import fold

FOUND, AGREEMENT = "transfert-trouve", "transfert-accord"
# Long enough to gather the deed and the agreement, short enough that a number found once is not found for ever.
FOUND_FOR = timedelta(days=1)
_NUMBER = re.compile(r"(APML)([0-9A-Z]{6})(\d{2})(\d{5})")


def find(*, number: str, holder: str) -> Application | None:
    """The permit of this number, if its holder bears this name and no lease used it; else None.

    One answer for a wrong number, a wrong name and a permit that is no more: nobody learns which.
    """
    written = _NUMBER.fullmatch("".join(re.findall(r"[0-9A-Z]", number.upper())))
    if written is None:
        return None
    cases = Application.objects.filter(regime=Regime.APML, state__in=State.authorising())
    case = cases.filter(number=" ".join(written.groups())).select_related("authority", "commune", "dwelling").first()
    if case is None or fold(holder) not in {name for lessor in case.lessors.all() for name in _names(lessor)}:
        return None
    return case


def is_in_force(application: Application, *, on: date) -> bool:
    """Whether the two years of a permit that still stands are not over, which the clock may be late to say."""
    return application.valid_until is not None and on <= application.valid_until


def _names(lessor: Lessor) -> set[str]:
    """A holder as people write it: the name alone, with the first name before or after, or the company."""
    if lessor.kind == LessorKind.COMPANY:
        return {fold(lessor.company)}
    first, last = lessor.first_name, lessor.last_name
    return {fold(each) for each in (last, f"{first} {last}", f"{last} {first}", lessor.name)}


def found_address(application: Application, user: User) -> str:
    """Where this person declares the transfer of the permit that they found."""
    return reverse("transfer-file", args=[signing.dumps([application.pk, user.pk], salt=FOUND)])


def read_found(signed: str, user: User) -> Application:
    """The permit that this person found. Raises BadSignature, for anybody else and the day after."""
    pk, whom = signing.loads(signed, salt=FOUND, max_age=FOUND_FOR)
    case = Application.objects.select_related("authority", "commune", "dwelling").filter(pk=pk).first()
    if case is None or whom != user.pk:
        raise signing.BadSignature
    return case


def agreement_path(transfer: Transfer) -> str:
    """Where the initial holder says yes or no, without an account."""
    return reverse("transfer-agreement", args=[signing.dumps([transfer.pk, _holders(transfer)], salt=AGREEMENT)])


def agreement_address(transfer: Transfer) -> str:
    return settings.BASE_URL + agreement_path(transfer)


def read_agreement(signed: str) -> Transfer:
    """The transfer that a link asks about. Raises BadSignature, also once the permit is held by somebody else."""
    pk, holders = signing.loads(signed, salt=AGREEMENT)
    transfer = Transfer.objects.select_related("application__authority", "application__dwelling").filter(pk=pk).first()
    if transfer is None or holders != _holders(transfer):
        raise signing.BadSignature
    return transfer


def _holders(transfer: Transfer) -> str:
    """Those who were asked, in a few letters that do not tell their names."""
    if transfer.state == TransferState.EFFECTIVE:
        told = transfer.parties.filter(side=Side.FORMER)
        names = [party.name for party in told.order_by("position")]
    else:
        names = [lessor.name for lessor in transfer.application.lessors.order_by("position")]
    return sha256("\n".join(names).encode()).hexdigest()[:12]


def owners_of(transfer: Transfer) -> str:
    """The new owners in one line."""
    return ", ".join(party.name for party in transfer.parties.filter(side=Side.NEW).order_by("position"))
