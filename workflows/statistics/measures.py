"""What each case adds to the figures: one function of its standing, the same for an action that keeps them and for a recount.

A line is a measure, a day and a key, and how many. The day is the first of a month for what happened in it, the last day
of a clock or of works for what is due, and never an instant: two lines that differ by hours would never be added up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import models

from inspections.enums import Purpose, VisitState
from permis import silence
from permis.enums import ConditionState, State
from permis.models import Application
from territories.enums import Regime
from workflows.standing import Standing

# The day of what has no term: later than any.
NO_TERM = date(9999, 12, 31)
# A delay longer than this is counted with this one: the key of a line stays short, and a percentile is not moved by it.
LONGEST_DELAY = 400
# The key of a request for pieces that was made in the last five days of the month: lawful, and a sign that files are read too late.
IN_THE_LAST_DAYS = "late"


class Measure(models.TextChoices):
    """What is counted, and the definition that is printed under the figure."""

    RECEIVED = "received", "Dossiers reçus dans la période, brouillons exclus"
    WHOLE = "whole", "Demandes complètes dès le dépôt, par date de réception"
    STATE = "state", "Dossiers reçus dans la période, selon leur état d’aujourd’hui"
    ENERGY = "energy", "Classe énergétique des logements des dossiers reçus dans la période"
    OPEN = "open", "Dossiers ouverts, au dernier jour de leur délai ; sans jour tant que le délai n’a pas commencé"
    REQUEST = "request", "Demandes de pièces exigées faites dans la période, dont celles des cinq derniers jours du délai"
    COMPLETE = "complete", "Jours de la réception au dossier complet, par date de complétude"
    VISITED = "visited", "Jours du dossier complet à la première visite faite, par date de visite"
    NOTIFIED = "notified", "Jours du dossier complet à la notification, par date de notification"
    OUTCOME = "outcome", "Décisions qui ont pris effet dans la période, expresses ou nées du silence"
    TACIT = "tacit", "Autorisations nées du silence dans la période, selon ce qui restait à faire"
    GROUND = "ground", "Motifs des décisions notifiées dans la période ; une décision peut en avoir plusieurs"
    DEFECT = "defect", "Défauts relevés aux visites faites dans la période, par point de la grille"
    VISIT = "visit", "Visites qui devaient avoir lieu dans la période, selon ce qu’elles sont devenues"
    WORKS = "works", "Travaux prescrits par les décisions notifiées dans la période, selon leur état d’aujourd’hui"
    WORKS_DUE = "works_due", "Travaux prescrits non faits, par terme, tant que l’autorisation les attend"
    LIFTED = "lifted", "Conditions levées dans la période"
    ENDED = "ended", "Dossiers qui ont pris fin dans la période, selon leur fin"
    APPEAL = "appeal", "Recours reçus dans la période, selon leur état d’aujourd’hui"


# What one case may add several times to.
REPEATED = frozenset(
    {Measure.REQUEST, Measure.GROUND, Measure.DEFECT, Measure.VISIT, Measure.WORKS, Measure.WORKS_DUE, Measure.APPEAL}
)


class Line(NamedTuple):
    measure: str
    day: date
    key: str


def lines(case: Standing) -> Counter[Line]:
    """What this case adds to the figures today; a draft adds nothing."""
    return Counter() if case["state"] == State.DRAFT else Counter(_lines(case))


def month(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def whole_on(case: Mapping[str, Any]) -> date | None:
    """The day the file was whole, while it is; a judge who has it examined again starts the clock anew, on the same file."""
    started: date | None = case["clock_started_on"]
    if started and started == case["reexamined_on"]:
        return case["completed_on"] or case["received_on"]
    return started


def _lines(case: Standing) -> Iterator[Line]:
    received, state = month(case["received_on"]), case["state"]
    yield Line(Measure.RECEIVED, received, case["channel"])
    yield Line(Measure.STATE, received, state)
    if energy := case["adjusted"] or case["energy"]:
        yield Line(Measure.ENERGY, received, energy)
    if state in State.open():
        due_on = case["receipt_due_on"] if case["regime"] == Regime.DML else case["tacit_on"]
        yield Line(Measure.OPEN, due_on or NO_TERM, state)
    if case["ended_on"]:
        yield Line(Measure.ENDED, month(case["ended_on"]), state)
    if case["regime"] == Regime.APML:
        yield from _of_permit(case)
    for request in case["requests"]:
        yield Line(Measure.REQUEST, month(_day(request["on"])), IN_THE_LAST_DAYS if request["late"] else "")
    for visit in case["visits"]:
        starts_on = datetime.fromisoformat(visit["at"]).astimezone(ZoneInfo(case["time_zone"])).date()
        yield Line(Measure.VISIT, month(starts_on), f"{visit['purpose']}:{visit['state']}")
    for defect in case["defects"]:
        yield Line(Measure.DEFECT, month(_day(defect["on"])), defect["code"])
    for appeal in case["appeals"]:
        yield Line(Measure.APPEAL, month(_day(appeal["on"])), f"{appeal['kind']}:{appeal['state']}")


def _of_permit(case: Standing) -> Iterator[Line]:
    """The month of a permit, how it ended, and the works that it prescribes."""
    started, notified = case["clock_started_on"], case["notified_on"]
    if whole := whole_on(case):
        yield Line(Measure.COMPLETE, month(whole), _delay(case["received_on"], whole))
        if not case["completed_on"]:
            yield Line(Measure.WHOLE, month(case["received_on"]), "")
        if seen := _first_seen(case["visits"]):
            yield Line(Measure.VISITED, month(seen), _delay(whole, seen))
    if notified:
        yield Line(Measure.OUTCOME, month(notified), case["outcome"])
        if started:
            yield Line(Measure.NOTIFIED, month(notified), _delay(started, notified))
        for ground in case["grounds"] or []:
            yield Line(Measure.GROUND, month(notified), f"{case['outcome']}:{ground}")
        are_followed = bool(case["works"]) and _follows_works(case)
        for work in case["works"]:
            yield Line(Measure.WORKS, month(notified), work["state"])
            if are_followed and work["due_on"] and work["state"] != ConditionState.MET:
                yield Line(Measure.WORKS_DUE, _day(work["due_on"]), "")
    elif silence.was_born(case):
        yield Line(Measure.OUTCOME, month(case["tacit_on"]), "tacit")
        yield Line(Measure.TACIT, month(case["tacit_on"]), case["state_before_silence"])
    if case["lifted_on"]:
        yield Line(Measure.LIFTED, month(case["lifted_on"]), "")


def _follows_works(case: Standing) -> bool:
    return Application(**{name: case[name] for name in ("state", "outcome", "mode", "lifted_on")}).follows_works


def _first_seen(visits: list[dict[str, Any]]) -> date | None:
    seen = [each["reported_on"] for each in visits if each["state"] == VisitState.DONE and each["purpose"] == Purpose.FIRST]
    return min((_day(on) for on in seen), default=None)


def _delay(start: date, end: date) -> str:
    return str(min(max((end - start).days, 0), LONGEST_DELAY))


def _day(text: str) -> date:
    """A date as it comes out of a JSON object of the database."""
    return date.fromisoformat(text)
