"""Visits: when the law allows them, and that none of them moves the month (CCH L.635-3)."""

from __future__ import annotations

from permis import deadlines, guards
from permis.simulation.case import Case, french
from permis.simulation.story import Happening

LAW = "CCH L.635-3"


def visit_planned(case: Case, event: Happening) -> None:
    case.require_permit()
    case.require_filed()
    start, end, is_counter = event.facts["start"], event.facts["end"], event.facts.get("purpose") == "counter"
    guards.require_visit_hours(start, end)
    if not is_counter:
        guards.require_visit_term(start.date(), case.application.tacit_on)
    case.application.require_visitable()
    case.counter_visit = is_counter
    case.tell(event.on, f"{'Contre-visite' if is_counter else 'Visite'} prévue le {french(start)}", LAW)


def visit_done(case: Case, event: Happening) -> None:
    _require_visited(case)
    if not deadlines.is_within_visit_hours(event.at.time(), event.at.time()):
        case.warnings.add("outside_visit_hours")
    is_counter = case.counter_visit or case.application.notified_on is not None
    if not is_counter and not deadlines.is_first_visit_within_term(event.on, case.application.tacit_on):
        case.warnings.add("visit_outside_term")
    case.warnings.discard("access_refused")
    case.tell(event.on, "Contre-visite faite" if is_counter else "Visite faite", LAW)


def visit_missed(case: Case, event: Happening) -> None:
    _require_visited(case)
    case.tell(event.on, "Visite manquée : le délai court toujours", LAW, inferred=True)


def access_refused(case: Case, event: Happening) -> None:
    _require_visited(case)
    case.warnings.add("access_refused")
    case.tell(event.on, "Accès refusé : le juge peut autoriser la visite, le délai court toujours", LAW, inferred=True)


def _require_visited(case: Case) -> None:
    case.require_permit()
    case.require_filed()
