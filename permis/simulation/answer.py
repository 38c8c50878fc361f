"""The answer to a scenario: state, dates, warnings and the articles behind them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from permis import deadlines, sanctions
from permis.enums import Outcome, State
from permis.simulation.breaches import UNSETTLED
from permis.simulation.case import Case
from permis.simulation.run import run
from permis.simulation.story import Scenario

LAPSE_WARNING = timedelta(days=max(deadlines.LAPSE_WARNING_DAYS))


def answer(scenario: Scenario) -> dict[str, Any]:
    """What the law makes of the story, seen from ``as_of``; ready for JSON."""
    as_of = scenario.as_of or max((event.on for event in scenario.events), default=None)
    case = Case.of(scenario) if as_of is None else run(scenario, as_of=as_of)
    application, contest, finding = case.application, case.contest, case.finding
    until = case.decided_on
    return {
        "id": scenario.id,
        "state": None if application.state == State.DRAFT else str(application.state),
        "sanction": str(finding.state) if finding else None,
        "appeal": str(contest.state) if contest.state else None,
        "clock_started_on": _iso(application.clock_started_on),
        "tacit_on": _iso(application.tacit_on),
        "officer_target_on": _iso(application.officer_target_on),
        "respond_by": _iso(application.respond_by if application.state == State.INCOMPLETE else None),
        "notified_on": _iso(application.notified_on),
        "valid_until": _iso(application.valid_until),
        "withdrawable_until": _iso(deadlines.withdrawable_until(until) if until else None),
        "appeal_until": _iso(case.appeal_until()),
        "implicit_rejection_on": _iso(contest.implicit_rejection_on),
        "observations_until": _iso(finding.observations_until if finding else None),
        "fine_barred_after": _iso(deadlines.fine_barred_after(finding.found_on) if finding else None),
        "fine_cap": sanctions.cap(finding.breach, repeated=finding.repeated) if finding else None,
        "declaration_due_on": _iso(application.declaration_due_on(case.holidays) if case.is_declaration else None),
        "receipt_due_on": _iso(_receipt_due_on(case)),
        "earliest_entry_into_force": _iso(case.earliest_entry),
        "holder": "transferee" if case.is_transferred else "initial",
        "missing": case.missing(),
        "warnings": sorted(case.warnings | _standing(case, as_of)) if as_of else [],
        "refused": sorted(case.refused, key=lambda refusal: refusal["event"]),
        "timeline": [
            {"on": line.on.isoformat(), "what": line.what, "basis": line.basis}
            for line in sorted(case.timeline, key=lambda line: line.on)
        ],
    }


def _standing(case: Case, as_of: date) -> set[str]:
    """The warnings whose cause stands on ``as_of``."""
    found = _of_the_application(case, as_of) if case.application.state != State.DRAFT else {}
    found["fine_barred"] = (
        case.finding is not None
        and case.finding.state in UNSETTLED
        and as_of > deadlines.fine_barred_after(case.finding.found_on)
    )
    return {code for code, stands in found.items() if stands}


def _of_the_application(case: Case, as_of: date) -> dict[str, bool]:
    application, until = case.application, case.decided_on
    is_illegal = application.police_order or not case.is_lettable() or bool(case.missing()) or "late_refusal" in case.warnings
    # A decision that the silence overtook has no effect: nothing is missing from it any more.
    is_adverse = application.outcome in (Outcome.REFUSED, Outcome.CONDITIONAL) and (
        application.notified_on is not None or application.state == State.DECISION_SIGNED
    )
    is_out = application.state == State.OUT_OF_SCOPE
    return {
        "out_of_scope": is_out,
        "police_order": application.police_order,
        "non_decent_energy": not case.is_lettable(),
        "piece_expired": case.has_expired_piece(),
        "notification_pending": case.available_on is not None and application.state == State.DECISION_SIGNED,
        "missing_appeal_routes": is_adverse and not case.appeal_routes,
        "lapse_soon": application.state in State.authorising()
        and application.valid_until is not None
        and application.valid_until - LAPSE_WARNING <= as_of,
        "tacit_revocable": application.state == State.GRANTED_TACIT
        and is_illegal
        and until is not None
        and as_of <= deadlines.withdrawable_until(until),
        "late_declaration": case.is_declaration and not is_out and application.is_declared_late(case.holidays),
        "new_declaration_required": application.state == State.EXPIRED,
    }


def _receipt_due_on(case: Case) -> date | None:
    """A week from the deposit; nothing is due to a declaration that is out of scope, or still to be forwarded."""
    return deadlines.receipt_due_on(case.competent_on) if case.is_declaration and case.competent_on else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
