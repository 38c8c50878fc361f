"""The answer to a scenario: state, dates, warnings and the articles behind them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from permis import deadlines
from permis.enums import Outcome, State
from permis.simulation.reading import Scenario
from permis.simulation.run import Run, corrected

LAPSE_WARNING = timedelta(days=90)


def answer(scenario: Scenario) -> dict[str, Any]:
    """What the law makes of the story, seen from ``as_of``; ready for JSON."""
    as_of = scenario.as_of or max((event.on for event in scenario.events), default=None)
    run = Run.of(scenario)
    if as_of is not None:
        run.play(corrected([event for event in scenario.events if event.on <= as_of]), as_of=as_of)
    case = run.application
    filed = case.state != State.DRAFT
    return {
        "id": scenario.id,
        "state": str(case.state) if filed else None,
        "sanction": None,
        "appeal": None,
        "clock_started_on": _iso(case.clock_started_on),
        "tacit_on": _iso(case.tacit_on),
        "officer_target_on": _iso(case.officer_target_on),
        "respond_by": _iso(case.respond_by if case.state == State.INCOMPLETE else None),
        "notified_on": _iso(case.notified_on),
        "valid_until": _iso(case.valid_until),
        "withdrawable_until": _iso(_withdrawable_until(run)),
        "appeal_until": _iso(_appeal_until(run)),
        "implicit_rejection_on": None,
        "observations_until": None,
        "fine_barred_after": None,
        "fine_cap": None,
        "declaration_due_on": None,
        "receipt_due_on": None,
        "earliest_entry_into_force": _iso(run.earliest_entry),
        "holder": "initial",
        "missing": run.missing(),
        "warnings": sorted(run.warnings | _standing(run, as_of)) if as_of else [],
        "refused": sorted(run.refused, key=lambda refusal: refusal["event"]),
        "timeline": [
            {"on": line.on.isoformat(), "what": line.what, "basis": line.basis}
            for line in sorted(run.timeline, key=lambda line: line.on)
        ],
    }


def _standing(run: Run, as_of: date) -> set[str]:
    """The warnings whose cause stands on ``as_of``."""
    case = run.application
    if case.state == State.DRAFT:
        return set()
    is_illegal = case.police_order or not run.is_lettable() or bool(run.missing()) or "late_refusal" in run.warnings
    until = _withdrawable_until(run)
    found = {
        "out_of_scope": case.state == State.OUT_OF_SCOPE,
        "police_order": case.police_order,
        "non_decent_energy": not run.is_lettable(),
        "piece_expired": any(run.is_expired(kind) for kind in run.given),
        "notification_pending": run.available_on is not None and case.state == State.DECISION_SIGNED,
        "missing_appeal_routes": not run.appeal_routes and case.outcome in (Outcome.REFUSED, Outcome.CONDITIONAL),
        "lapse_soon": case.state in State.authorising()
        and case.valid_until is not None
        and case.valid_until - LAPSE_WARNING <= as_of,
        "tacit_revocable": case.state == State.GRANTED_TACIT and is_illegal and until is not None and as_of <= until,
    }
    return {code for code, stands in found.items() if stands}


def _withdrawable_until(run: Run) -> date | None:
    """Four months after the signature of a grant, or after the silence (CRPA L.242-1); nothing to withdraw in a refusal."""
    case = run.application
    if case.notified_on is not None:
        return deadlines.withdrawable_until(case.signed_on) if case.outcome != Outcome.REFUSED and case.signed_on else None
    return deadlines.withdrawable_until(case.tacit_on) if case.valid_until is not None and case.tacit_on else None


def _appeal_until(run: Run) -> date | None:
    """Against a refusal or conditions, from their notification with appeal routes (CJA R.421-1, R.421-5, R.421-7)."""
    case = run.application
    if case.notified_on is None or case.outcome not in (Outcome.REFUSED, Outcome.CONDITIONAL) or not run.appeal_routes:
        return None
    return deadlines.appeal_until(
        case.notified_on, abroad=run.scenario.abroad, overseas=run.scenario.overseas, holidays=run.holidays
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
