"""What the draft of a decision takes over from the last report, finding by finding; the officer keeps, changes or leaves out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from documents.french import day
from inspections import grid, suggestion
from inspections.enums import Severity, VisitState
from inspections.models import Finding, Visit
from inspections.suggestion import Suggestion
from permis.enums import ConditionMode, Ground, Outcome
from permis.models import Application

# A reserve is usually cured within a season; the officer sets another day.
USUAL_TIME = timedelta(days=90)
QUICK = "Q"


def last_visit(case: Application) -> Visit | None:
    """The last visit that was done: its findings are those of the last version of its report."""
    done = case.visits.filter(state=VisitState.DONE).select_related("grid", "application__authority")
    return done.prefetch_related("findings", "reports").order_by("-starts_at", "-pk").first()


def findings_of(visit: Visit | None) -> list[Finding]:
    return sorted(visit.findings.all(), key=lambda each: each.position) if visit else []


def proposal(visit: Visit | None) -> Suggestion | None:
    """The outcome that the findings point to, with the reasons; none without a visit."""
    return suggestion.of_findings(findings_of(visit), grid.followed_by(visit)) if visit else None


def mode_of(proposed: Suggestion | None, *, prior_by_default: bool) -> ConditionMode:
    """Works before the letting, or within a time: as the findings point to, unless the authority leaves a time in every case."""
    if not prior_by_default or (proposed is not None and proposed.mode == ConditionMode.DEFERRED):
        return ConditionMode.DEFERRED
    return ConditionMode.PRIOR


def draft(proposed: Suggestion | None, *, mode: ConditionMode) -> dict[str, Any]:
    """The same outcome as a form holds it, for an officer who has not decided yet; ``mode`` serves conditions alone."""
    if proposed is None or proposed.outcome is None:
        return {"mode": mode}
    grounds = [] if proposed.outcome == Outcome.GRANTED else [Ground.DECENCY]
    return {"outcome": proposed.outcome, "mode": mode, "grounds": grounds}


def works(visit: Visit | None, *, mode: ConditionMode, on: date) -> list[dict[str, Any]]:
    """One line a finding, with what it points to; an observation is left out unless the officer keeps it."""
    if visit is None:
        return []
    report = max(visit.reports.all(), key=lambda each: each.number, default=None)
    evidence = f"Rapport de visite n° {report.number} du {day(report.established_on)}" if report else "Rapport de visite"
    proposed = proposal(visit)
    is_deferred = proposed is not None and proposed.mode is not None and mode == ConditionMode.DEFERRED
    return [line(each, evidence, (on + USUAL_TIME) if is_deferred else None) for each in findings_of(visit)]


def line(finding: Finding, evidence: str, due_on: date | None) -> dict[str, Any]:
    is_advice = finding.severity == Severity.OBSERVATION
    is_quick = finding.severity == Severity.BLOCKING and finding.quick
    taken: dict[str, Any] = {
        "from_report": QUICK if is_quick else finding.severity,
        "keep": not is_advice,
        "code": finding.code,
        "place": finding.place,
        "finding": finding.description,
        "basis": finding.basis,
        "work": finding.work,
        "evidence": evidence,
    }
    return taken | ({"due_on": due_on} if due_on and not is_advice else {})
