"""What the case tells the acts of hearings, revocation, repeal and appeals; the words are those of `documents.wording`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from documents.content import Content
from documents.facts import Heard, PrescribedWorks, Ruling, Signatory
from documents.french import day
from documents.wording import afterlife, appeals, decisions, hearings
from permis import deadlines
from permis.enums import ConditionMode, Ground, Outcome
from permis.litigation import HearingPurpose
from permis.models import Appeal, Application, Decision, Hearing, PrescribedWork
from workflows import remedies
from workflows.drafting import case_of, complete_on, known, paragraphs, visits_made, works_of


@dataclass(frozen=True)
class NewRuling:
    """What an accepted appeal decides instead: works are those of the contested decision that remain."""

    outcome: Outcome
    considerations: str
    mode: ConditionMode | str = ""
    grounds: Collection[Ground] = ()
    works: Collection[PrescribedWork] = ()
    due_on: date | None = None


def hearing(application: Application, opened: Hearing, *, works: Collection[PrescribedWork], on: date) -> Content:
    """La lettre contradictoire : avant l’abrogation, ou avant le retrait."""
    case = case_of(application, complete_on=complete_on(application))
    reasons, texts, days = paragraphs(opened.reasons), paragraphs(opened.texts), opened.answer_days
    if opened.purpose == HearingPurpose.REPEAL:
        undone, granted_on = _undone(application, works), known(application.signed_on)
        return hearings.before_repeal(case, on=on, granted_on=granted_on, works=undone, reasons=reasons, texts=texts, days=days)
    start = known(application.taken_on)
    return hearings.before_revocation(
        case,
        on=on,
        taken_on=start,
        withdrawable_until=deadlines.withdrawable_until(start),
        tacit=application.notified_on is None,
        reasons=reasons,
        texts=texts,
        days=days,
    )


def revocation(application: Application, heard: Hearing, *, reasons: str, fraud: str, signatory: Signatory, on: date) -> Content:
    """L’arrêté qui retire une autorisation illégale (CRPA L.242-1)."""
    return afterlife.revocation(
        case_of(application, complete_on=complete_on(application)),
        signatory=signatory,
        on=on,
        reasons=paragraphs(reasons),
        taken_on=known(application.taken_on),
        heard=_heard(heard),
        tacit=application.notified_on is None,
        fraud=paragraphs(fraud),
    )


def repeal(
    application: Application, heard: Hearing, *, works: Collection[PrescribedWork], reasons: str, signatory: Signatory, on: date
) -> Content:
    """L’arrêté qui abroge une autorisation dont une condition n’est pas remplie (CRPA L.242-2, 1°)."""
    return afterlife.repeal(
        case_of(application, complete_on=complete_on(application)),
        signatory=signatory,
        on=on,
        reasons=paragraphs(reasons),
        granted_on=known(application.signed_on),
        heard=_heard(heard),
        works=_undone(application, works),
    )


def appeal_receipt(application: Application, appeal: Appeal, *, on: date) -> Content:
    """L’accusé de réception d’un recours gracieux."""
    silent_on = known(appeal.implicit_rejection_on)
    return appeals.receipt(
        case_of(application, complete_on=complete_on(application)),
        on=on,
        against=appeal.against,
        received_on=appeal.received_on,
        implicit_rejection_on=silent_on,
        court_until=remedies.after_answer(application, appeal, silent_on),
        late_since=appeal.until if appeal.is_late else None,
    )


def appeal_rejection(application: Application, appeal: Appeal, *, reasons: str, signatory: Signatory, on: date) -> Content:
    """La décision qui rejette un recours gracieux, et donne ses motifs."""
    return appeals.rejection(
        case_of(application, complete_on=complete_on(application)),
        signatory=signatory,
        on=on,
        against=appeal.against,
        received_on=appeal.received_on,
        reasons=paragraphs(reasons),
        silent_since=appeal.implicit_rejection_on if on > known(appeal.implicit_rejection_on) else None,
    )


def acceptance(application: Application, appeal: Appeal, *, reasons: str, effect: str, signatory: Signatory, on: date) -> Content:
    """La décision qui retire un classement, un retrait ou une abrogation, quand un recours gracieux est accueilli."""
    return appeals.acceptance(
        case_of(application, complete_on=complete_on(application)),
        signatory=signatory,
        on=on,
        against=appeal.against,
        received_on=appeal.received_on,
        reasons=paragraphs(reasons),
        effect=effect,
    )


def decision_on_appeal(application: Application, appeal: Appeal, ruling: NewRuling, *, signatory: Signatory, on: date) -> Content:
    """L’arrêté qui remplace la décision contestée, quand un recours gracieux est accueilli."""
    contested = application.decision
    visits = list(visits_made(application))
    kept = {work.pk for work in ruling.works}
    works = [told for work, told in zip(_ordered(contested), works_of(contested, visits), strict=True) if work.pk in kept]
    what = remedies.described(contested)
    is_feminine = contested.outcome != Outcome.REFUSED
    return decisions.decision(
        case_of(application, complete_on=complete_on(application)),
        Ruling(
            outcome=ruling.outcome,
            mode=ConditionMode(ruling.mode) if ruling.mode else None,
            grounds=list(ruling.grounds),
            considerations=paragraphs(ruling.considerations),
            works=[replace(each, due_on=ruling.due_on) for each in works],
            visits=visits,
            visit_waiver=application.visit_waiver,
            sources=[
                what,
                f"le recours gracieux formé contre {'elle' if is_feminine else 'lui'}, reçu le {day(appeal.received_on)}",
            ],
            replaces=f"{what[0].upper()}{what[1:]} est {'retirée' if is_feminine else 'retiré'}.",
        ),
        signatory=signatory,
        on=on,
    )


def _ordered(decision: Decision) -> list[PrescribedWork]:
    return list(decision.works.order_by("position"))


def _undone(application: Application, works: Collection[PrescribedWork]) -> list[PrescribedWorks]:
    chosen = {work.pk for work in works}
    told = zip(_ordered(application.decision), works_of(application.decision, list(visits_made(application))), strict=True)
    return [each for work, each in told if work.pk in chosen]


def _heard(hearing: Hearing) -> Heard:
    return Heard(hearing.sent_on, hearing.received_on, hearing.observations_on, hearing.oral_held_on)
