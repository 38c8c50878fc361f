"""Which way of notifying a decision is safe in the days that remain, which is risky, which comes too late, and why."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from documents.french import day, typeset
from permis import deadlines, sheet
from permis.enums import Channel, Means
from permis.models import Application
from territories.calendars import public_holidays
from workflows.actions import consent

# A registered letter is presented two working days after it is posted at the soonest, four to be sure; abroad, three weeks.
LETTER_SOONEST, LETTER_SURE, LETTER_ABROAD = 2, 4, 15
# In these last days one way alone is not enough.
DOUBLED_DAYS = 5


class Safety(Enum):
    """How sure it is that a way notifies in time: its word, its colour and its icon."""

    SAFE = ("Sûr", "is-ok", "check-circle-fill")
    RISKY = ("Risqué", "is-warn", "exclamation-triangle-fill")
    TOO_LATE = ("Trop tard", "is-danger", "x-octagon-fill")
    CLOSED = ("Impossible", "", "slash-circle")

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def family(self) -> str:
        return self.value[1]

    @property
    def icon(self) -> str:
        return self.value[2]


@dataclass(frozen=True)
class Advice:
    """One way, how safe it is today, and the reason with its dates."""

    means: Means
    safety: Safety
    why: str

    @property
    def label(self) -> str:
        return str(self.means.label)

    @property
    def is_open(self) -> bool:
        return self.safety in (Safety.SAFE, Safety.RISKY)


def advise(case: Application, *, today: date) -> list[Advice]:
    """The three ways for this case today, by hand first: it is the only one that waits for nobody."""
    last = case.tacit_on
    if last is None:
        return []
    holidays = public_holidays(case.authority.department)
    first = next(iter(sheet.lessors_of(case)), None)
    is_abroad = getattr(case, "agent", None) is None and first is not None and first.is_abroad
    return [
        _by_hand(today, last, holidays),
        _by_letter(today, last, holidays, is_abroad=is_abroad),
        _online(today, last, agreed=consent.holds(case), held_until=case.held_until),
    ]


def safest_means(case: Application, *, on: date) -> Means:
    """The way that leaves the least doubt: a letter or the page where they are sure, else by hand."""
    if case.channel == Channel.COUNTER:
        return Means.HAND
    safe = {advice.means for advice in advise(case, today=on) if advice.safety == Safety.SAFE}
    return next((means for means in (Means.PORTAL, Means.REGISTERED_LETTER) if means in safe), Means.HAND)


def needs_second(case: Application, *, today: date) -> bool:
    """The last day is near, or it comes before the end of the fifteen days of what waits online: a second way is wise."""
    if case.tacit_on is None or today > case.tacit_on:
        return False
    is_near = (case.tacit_on - today).days <= DOUBLED_DAYS
    return is_near or (case.held_until is not None and case.held_until > case.tacit_on)


def _by_hand(today: date, last: date, holidays: Container[date]) -> Advice:
    if today > last:
        return Advice(Means.HAND, Safety.TOO_LATE, _over(last))
    opening = deadlines.next_working_day(today, holidays)
    if opening > last:
        why = f"Aucun jour ouvré ne reste avant le {day(last)} : il faut une remise un jour non ouvré, par un agent, contre récépissé."
        return Advice(Means.HAND, Safety.RISKY, typeset(why))
    until = deadlines.previous_working_day(last, holidays)
    why = f"Le jour de la remise compte. Dernier jour ouvré : le {day(until)}. Faites signer le récépissé."
    return Advice(Means.HAND, Safety.SAFE, typeset(why))


def _by_letter(today: date, last: date, holidays: Container[date], *, is_abroad: bool) -> Advice:
    if today > last:
        return Advice(Means.REGISTERED_LETTER, Safety.TOO_LATE, _over(last))
    posted = deadlines.next_working_day(today, holidays)
    sure = deadlines.add_working_days(posted, LETTER_ABROAD if is_abroad else LETTER_SURE, holidays)
    soonest = deadlines.add_working_days(posted, LETTER_SOONEST, holidays)
    told = f"Postée le {day(posted)}, elle est présentée entre le {day(soonest)} et le {day(sure)}, en jours ouvrés"
    if is_abroad:
        told = f"Le destinataire demeure à l’étranger : postée le {day(posted)}, elle peut n’être présentée que le {day(sure)}"
    if sure <= last:
        return Advice(Means.REGISTERED_LETTER, Safety.SAFE, typeset(f"{told}. Seule cette première présentation compte."))
    if soonest <= last:
        return Advice(Means.REGISTERED_LETTER, Safety.RISKY, typeset(f"{told} : peut-être après le {day(last)}."))
    return Advice(Means.REGISTERED_LETTER, Safety.TOO_LATE, typeset(f"{told} : après le {day(last)}, sans effet."))


def _online(today: date, last: date, *, agreed: bool, held_until: date | None) -> Advice:
    if held_until is not None:
        why = f"Elle attend déjà d’être ouverte, jusqu’au {day(held_until)} : ses quinze jours ne recommencent pas."
        return Advice(Means.PORTAL, Safety.CLOSED, typeset(why))
    if not agreed:
        return Advice(
            Means.PORTAL, Safety.CLOSED, typeset("Le destinataire n’a pas accepté d’être notifié en ligne (CRPA L. 112-15).")
        )
    if today > last:
        return Advice(Means.PORTAL, Safety.TOO_LATE, _over(last))
    until = deadlines.reading_ends_on(today)
    if until <= last:
        why = f"Ouverte ou non, elle est notifiée au plus tard le {day(until)}, avant l’échéance."
        return Advice(Means.PORTAL, Safety.SAFE, typeset(why))
    why = (
        f"Ouverte entre le {day(last + timedelta(days=1))} et le {day(until)}, elle serait tardive et l’autorisation tacite. "
        f"Ouverte avant, ou jamais, elle est notifiée à temps."
    )
    return Advice(Means.PORTAL, Safety.RISKY, typeset(why))


def _over(last: date) -> str:
    return typeset(f"Le délai est passé depuis le {day(last)} : l’autorisation naît du silence.")
