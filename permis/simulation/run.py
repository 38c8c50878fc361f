"""The run of a story: each event is a transition of the application, and between events the clock does its part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from django_fsm import TransitionNotAllowed

from permis import deadlines, guards
from permis.simulation import aftermath, breaches, deciding, intake, visits
from permis.simulation.case import Case, french
from permis.simulation.story import Happening, Scenario

Part = Callable[[Case, Happening], None]
# In this order: a notice read too late frees the silence, and what the silence granted may lapse.
CLOCK = (
    deciding.deem_read, deciding.fall_silent, intake.expire, aftermath.reject_by_silence, aftermath.lapse, breaches.close_observations,
)  # fmt: skip


def run(scenario: Scenario, *, as_of: date) -> Case:
    """Every event up to ``as_of`` at its right date, with the clock before each and at the end."""
    case = Case.of(scenario)
    known = [event for event in scenario.events if event.on <= as_of]
    for event in corrected(known):
        if event.on > as_of:
            break
        _tick(case, event.on)
        try:
            EVENTS[event.type](case, event)
        except guards.Refusal as refusal:
            case.refuse(event, refusal.code, str(refusal))
        except TransitionNotAllowed:
            case.refuse(event, "wrong_state", guards.WrongState.message)
    _tick(case, as_of)
    return case


def _tick(case: Case, on: date) -> None:
    """What the clock does by itself up to and including this day."""
    for part in CLOCK:
        part(case, on)


def corrected(events: list[Happening]) -> list[Happening]:
    """The events at their right dates, in order of time: a correction moves the event it names, never into its own future."""
    moves: dict[int, datetime] = {
        event.facts["event"]: event.facts["corrected_at"]
        for event in events
        if event.type == "corrects" and event.facts["corrected_at"].date() <= event.on
    }
    moved = [replace(event, at=moves.get(event.index, event.at)) for event in events]
    return sorted(moved, key=lambda event: (event.at, event.index))


def zone_published(case: Case, event: Happening) -> None:
    case.earliest_entry = deadlines.earliest_entry_into_force(event.on)
    entry = event.facts.get("entry_into_force")
    if entry is not None and entry < case.earliest_entry:
        case.warnings.add("zone_too_early")
    text = "L.634-1" if case.is_declaration else "L.635-1"
    case.tell(
        event.on, f"Délibération publiée : entrée en vigueur le {french(case.earliest_entry)} au plus tôt", f"CCH {text} II"
    )


def corrects(case: Case, event: Happening) -> None:
    if event.facts["corrected_at"].date() > event.on:
        raise guards.WrongState("La date corrigée est postérieure à la correction.")
    wrong_on = case.scenario.events[event.facts["event"]].on
    case.tell(event.on, f"Une date notée le {french(wrong_on)} est corrigée : tout est recalculé")


EVENTS: dict[str, Part] = {
    "submitted": intake.submitted,
    "forwarded": intake.forwarded,
    "missing_requested": intake.missing_requested,
    "optional_requested": intake.optional_requested,
    "pieces_received": intake.pieces_received,
    "reminder_sent": intake.reminder_sent,
    "closed_incomplete": intake.closed_incomplete,
    "withdrawn": intake.withdrawn,
    "visit_planned": visits.visit_planned,
    "visit_done": visits.visit_done,
    "visit_missed": visits.visit_missed,
    "access_refused": visits.access_refused,
    "decision_signed": deciding.decision_signed,
    "notice_sent": deciding.notice_sent,
    "first_presented": deciding.first_presented,
    "collected": deciding.collected,
    "returned": deciding.returned,
    "available": deciding.available,
    "opened": deciding.opened,
    "handed_over": deciding.handed_over,
    "conditions_lifted": aftermath.conditions_lifted,
    "lease_signed": aftermath.lease_signed,
    "transfer_filed": aftermath.transfer_filed,
    "revoked": aftermath.revoked,
    "repealed": aftermath.repealed,
    "appeal_filed": aftermath.appeal_filed,
    "appeal_decided": aftermath.appeal_decided,
    "judgment": aftermath.judgment,
    "breach_found": breaches.breach_found,
    "observations_letter_received": breaches.observations_letter_received,
    "regularised": breaches.regularised,
    "fined": breaches.fined,
    "zone_published": zone_published,
    "corrects": corrects,
}
