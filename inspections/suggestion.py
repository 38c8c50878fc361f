"""What the findings of a visit lead to, with the reasons: proposed to the inspector and the officer, who decide otherwise if they must.

A danger, or a blocking defect that is not quickly cured, leads to a refusal; blocking defects that are quickly cured, to works
before the letting; reserves, to works within a time; observations are advice (L.635-3). The phone says the same (`suggestion.js`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspections import findings
from inspections.enums import Conclusion, Reply, Severity
from inspections.grid import Grid
from inspections.models import Finding
from inspections.survey import Survey
from permis.enums import ConditionMode, Outcome

LISTED = 8
SEPARATOR = "\u202f; "


@dataclass(frozen=True)
class Suggestion:
    """What is proposed, and why; nothing is as long as nothing was looked at."""

    conclusion: Conclusion | None
    outcome: Outcome | None
    mode: ConditionMode | None
    reasons: list[str]
    danger: bool


@dataclass(frozen=True)
class Defect:
    """What counts of a finding: how serious, whether quickly cured, and how it is named."""

    severity: str
    is_quick: bool
    name: str


def suggest(survey: Survey, grid: Grid) -> Suggestion:
    """Proposer une conclusion d’après ce qui a été saisi sur place."""
    items = {item.code: item for section in grid.sections for item in section.items}
    order = {code: place for place, code in enumerate(items)}
    answers = sorted(survey.answers, key=lambda each: order.get(each["code"], len(order)))
    looked_at = any(each.get("reply") in (Reply.CONFORM, Reply.NON_CONFORM) for each in answers)
    if not looked_at:
        return Suggestion(
            None, None, None, ["Aucun point n’a encore été vérifié\u00a0: rien ne peut être proposé."], danger=False
        )
    defects, unverified = [], []
    for answer in answers:
        code, reply = answer["code"], answer.get("reply")
        item = items.get(code)
        place = findings.place_of(survey, answer)
        name = f"{code} {item.title}" if item else code
        name = f"{name} ({place})" if place else name
        if reply == Reply.NON_CONFORM:
            defects.append(Defect(findings.severity_of(answer, item), findings.is_quick(answer, item), name))
        elif reply == Reply.NOT_VERIFIABLE:
            unverified.append(name)
    answered = {each["code"] for each in answers if each.get("reply")}
    return _conclude(defects, unverified, unanswered=len(items.keys() - answered), total=len(items))


def of_findings(found: Iterable[Finding], grid: Grid) -> Suggestion:
    """Proposer une conclusion d’après les constats d’un rapport saisi au bureau."""
    defects = []
    for finding in found:
        item = grid.find(finding.code)
        name = f"{finding.code} {item.title}" if item else finding.description
        name = f"{name} ({finding.place})" if finding.place else name
        defects.append(Defect(finding.severity, finding.quick, name))
    return _conclude(defects, [], unanswered=0, total=0)


def _conclude(defects: Sequence[Defect], unverified: Sequence[str], *, unanswered: int, total: int) -> Suggestion:
    dangers = _named(defects, Severity.DANGER)
    lasting = [each.name for each in defects if each.severity == Severity.BLOCKING and not each.is_quick]
    quick = [each.name for each in defects if each.severity == Severity.BLOCKING and each.is_quick]
    reserves, advice = _named(defects, Severity.RESERVE), _named(defects, Severity.OBSERVATION)
    reasons = [
        *_reason("Danger pour les occupants", dangers),
        *_reason("Bloquant, et long à corriger", lasting),
        *_reason("Bloquant, mais vite corrigé\u00a0: travaux avant la mise en location", quick),
        *_reason("Réserves\u00a0: travaux dans un délai, location permise", reserves),
        *_reason("Conseils, sans effet sur l’autorisation", advice),
        *_reason("Non vérifiables sur place, à vérifier autrement", unverified),
    ]
    if not defects:
        reasons.insert(0, "Aucun défaut n’a été constaté.")
    if unanswered:
        verb = "est" if unanswered == 1 else "sont"
        points = "point" if unanswered == 1 else "points"
        reasons.append(f"{unanswered} {points} sur {total} {verb} sans réponse.")
    if dangers or lasting:
        return Suggestion(Conclusion.UNFAVOURABLE, Outcome.REFUSED, None, reasons, danger=bool(dangers))
    if quick:
        return Suggestion(Conclusion.RESERVES, Outcome.CONDITIONAL, ConditionMode.PRIOR, reasons, danger=False)
    if reserves:
        return Suggestion(Conclusion.RESERVES, Outcome.CONDITIONAL, ConditionMode.DEFERRED, reasons, danger=False)
    return Suggestion(Conclusion.FAVOURABLE, Outcome.GRANTED, None, reasons, danger=False)


def _named(defects: Sequence[Defect], severity: Severity) -> list[str]:
    return [each.name for each in defects if each.severity == severity]


def _reason(head: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = [f"et {len(names) - LISTED} autres"] if len(names) > LISTED + 1 else names[LISTED:]
    return [f"{head}\u00a0: {SEPARATOR.join([*names[:LISTED], *more])}."]
