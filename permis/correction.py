"""A date typed wrong: what the dates and the state become once it is right, as a pure function of the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models

from permis import deadlines
from permis.enums import Outcome, State
from permis.guards import Refusal

if TYPE_CHECKING:
    from permis.models import Application


class Correctable(models.TextChoices):
    """The dates people type, from which the others follow."""

    RECEPTION = "received_on", "Réception de la demande"
    COMPLETION = "completed_on", "Réception de la dernière pièce"
    NOTIFICATION = "notified_on", "Notification de la décision"


class ContradictoryDate(Refusal):
    code = "wrong_state"


@dataclass(frozen=True)
class Settled:
    """The state and the dates of a case after a correction."""

    state: State
    dates: dict[str, Any]


def settle(case: Application, which: Correctable, to: date, *, today: date) -> Settled:
    """Recompute everything that follows from the corrected date. Raises ContradictoryDate."""
    _require_consistent(case, which, to, today)
    dates = {name: getattr(case, name) for name in ("received_on", "completed_on", "notified_on", "valid_until")} | {
        which.value: to
    }
    if case.clock_started_on is None:
        start = dates["completed_on"] or dates["received_on"]
        due = deadlines.receipt_due_on(start) if case.receipt_due_on else None
        return Settled(State(case.state), {**dates, "clock_started_on": None, "tacit_on": None, "receipt_due_on": due})
    # A judge's order starts its own clock, which no earlier date moves.
    dates["clock_started_on"] = case.reexamined_on or dates["completed_on"] or dates["received_on"]
    dates["tacit_on"] = _last_day(case, dates)
    if dates["notified_on"] is not None:
        return _notified(case, dates)
    if case.state == State.GRANTED_TACIT:
        return _silent(case, dates, today)
    return Settled(State(case.state), dates)


def _last_day(case: Application, dates: dict[str, Any]) -> date:
    if case.reexamine_by is None or case.reexamined_on is None:
        return deadlines.tacit_on(dates["clock_started_on"])
    completed_on = dates["completed_on"]
    # The pieces of the first examination say nothing of the second.
    asked_since = completed_on if completed_on is not None and completed_on > case.reexamined_on else None
    return deadlines.judge_s_term(case.reexamine_by, asked_since)


def _notified(case: Application, dates: dict[str, Any]) -> Settled:
    """In time, the decision stands; too late, the permit was born of silence and nothing was notified."""
    if dates["notified_on"] > dates["tacit_on"]:
        until = deadlines.valid_until(dates["tacit_on"])
        return Settled(State.GRANTED_TACIT, {**dates, "notified_on": None, "lifted_on": None, "valid_until": until})
    if case.outcome != Outcome.REFUSED:
        dates["valid_until"] = deadlines.valid_until(dates["notified_on"])
    return Settled(State(case.state), dates)


def _silent(case: Application, dates: dict[str, Any], today: date) -> Settled:
    """The month is not over after all: the case is open again where it stood."""
    if today <= dates["tacit_on"]:
        return Settled(State(case.state_before_silence or State.UNDER_REVIEW), {**dates, "valid_until": None})
    return Settled(State.GRANTED_TACIT, {**dates, "valid_until": deadlines.valid_until(dates["tacit_on"])})


def _require_consistent(case: Application, which: Correctable, to: date, today: date) -> None:
    if to > today:
        raise ContradictoryDate("La date corrigée est dans le futur.")
    if case.notified_on is not None and case.signed_on is not None and case.notified_on < case.signed_on:
        raise ContradictoryDate(
            "Une décision prise sur recours a remplacé celle dont ces dates sont tirées : elles ne changent plus."
        )
    if getattr(case, which.value) is None:
        raise ContradictoryDate(f"Ce dossier n’a pas de date « {which.label.lower()} » à corriger.")
    if which == Correctable.RECEPTION and case.completed_on is not None and to > case.completed_on:
        raise ContradictoryDate("La demande ne peut pas avoir été reçue après sa dernière pièce.")
    if which == Correctable.COMPLETION and case.received_on is not None and to < case.received_on:
        raise ContradictoryDate("La dernière pièce ne peut pas être arrivée avant la demande.")
    if which != Correctable.NOTIFICATION and case.signed_on is not None and to > case.signed_on:
        raise ContradictoryDate("La décision est déjà signée à cette date : rien de ce qu’elle tranche n’a pu arriver après.")
    if which == Correctable.NOTIFICATION and case.signed_on is not None and to < case.signed_on:
        raise ContradictoryDate("La notification ne peut pas précéder la signature.")
