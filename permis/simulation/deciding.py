"""The decision, its notification and the silence: what counts is the day of notification (CCH L.635-4, CRPA L.221-8)."""

from __future__ import annotations

from datetime import date

from permis import deadlines, guards
from permis.enums import ConditionMode, Ground, Outcome, State
from permis.grounds import MANY_LEASES
from permis.simulation.case import Case, french
from permis.simulation.story import Happening

SIGNABLE = {State.SUBMITTED, State.UNDER_REVIEW, State.AWAITING_DECISION}


def decision_signed(case: Case, event: Happening) -> None:
    case.require_permit()
    case.require_competent()
    application = case.application
    if application.state == State.GRANTED_TACIT:
        raise guards.TooLate
    if application.state not in SIGNABLE:
        raise guards.WrongState
    outcome = Outcome(event.facts["outcome"])
    _require_reasons(case, event, outcome)
    if application.state == State.SUBMITTED:
        application.declare_complete(on=event.on)
    application.propose_decision(on=event.on)
    # Nothing said of when the works are due: they come before the lease, which is the safe reading (OQ-21).
    mode = event.facts.get("mode") or ConditionMode.PRIOR if outcome == Outcome.CONDITIONAL else ""
    application.sign(on=event.on, outcome=outcome, mode=mode)
    case.appeal_routes = event.facts.get("appeal_routes", True)
    how = f", {ConditionMode(mode).label.lower()}" if mode else ""
    case.tell(
        event.on,
        f"Décision signée ({outcome.label.lower()}{how}) ; elle ne compte que notifiée",
        "CRPA L.221-8",
        inferred=bool(how),
    )


def _require_reasons(case: Case, event: Happening, outcome: Outcome) -> None:
    grounds = {Ground(ground) for ground in event.facts.get("grounds", ())}
    if case.scenario.separate_leases < MANY_LEASES:
        grounds.discard(Ground.COLOCATION_DIGNITY)
    works = event.facts.get("conditions") or 0
    guards.require_reasons(outcome, grounds=grounds, works=works, police_order=case.application.police_order, on=event.on)
    if outcome != Outcome.GRANTED and not works:
        raise guards.NoWorks


def notice_sent(case: Case, event: Happening) -> None:
    case.require_signed()
    case.tell(event.on, "Décision envoyée")


def first_presented(case: Case, event: Happening) -> None:
    _notify(case, event, "Première présentation de la lettre recommandée : la décision est notifiée", inferred=True)


def handed_over(case: Case, event: Happening) -> None:
    _notify(case, event, "Remise en main propre : la décision est notifiée")


def collected(case: Case, event: Happening) -> None:
    case.require_signed()
    case.tell(event.on, "Lettre retirée ; seule la première présentation compte", "CRPA L.221-8", inferred=True)


def returned(case: Case, event: Happening) -> None:
    case.require_signed()
    case.tell(event.on, "Lettre revenue ; seule la première présentation compte", "CRPA L.221-8", inferred=True)


def available(case: Case, event: Happening) -> None:
    case.require_signed()
    if case.application.state == State.GRANTED_TACIT:
        raise guards.TooLate
    if case.available_on is not None:
        raise guards.AlreadyAvailable
    case.application.make_available(on=event.on)
    case.available_on = event.on
    until = deadlines.reading_ends_on(event.on)
    case.tell(
        event.on, f"Décision mise à disposition en ligne, à ouvrir jusqu’au {french(until)} : le silence est tenu", "CRPA R.112-20", inferred=True
    )  # fmt: skip


def opened(case: Case, event: Happening) -> None:
    application = case.application
    if case.available_on is None:
        raise guards.WrongState("Aucune décision n’est à ouvrir en ligne.")
    if application.state != State.DECISION_SIGNED:
        case.tell(event.on, "Décision ouverte en ligne, après coup")
        return
    case.available_on = None
    if application.tacit_on is not None and event.on > application.tacit_on:
        application.held_until = None
        case.tell(event.on, "Décision ouverte en ligne après le dernier jour : trop tard", "CRPA R.112-20", inferred=True)
        _grant_in_silence(case, event.on)
        return
    _notify(case, event, "Décision ouverte en ligne : elle est notifiée", basis="CRPA R.112-20")


def _notify(case: Case, event: Happening, what: str, *, basis: str = "CRPA L.221-8", inferred: bool = False) -> None:
    application = case.application
    case.require_signed()
    if application.notified_on is not None:
        case.tell(event.on, "Seconde notification : la première compte", "CRPA L.221-8")
        return
    if application.state == State.GRANTED_TACIT:
        raise guards.TooLate(
            "Cette notification est postérieure au dernier jour du délai : l’autorisation est née du silence (CCH L. 635-4)."
        )
    application.notify(on=event.on)
    case.tell(event.on, what, basis, inferred=inferred)


def deem_read(case: Case, on: date) -> None:
    """What the clock does to a notice made available online that nobody opened: it counts from the day it was made available."""
    application, available_on = case.application, case.available_on
    if available_on is None or application.state != State.DECISION_SIGNED or on <= deadlines.reading_ends_on(available_on):
        return
    application.notify(on=available_on)
    case.tell(available_on, "Décision réputée notifiée ce jour, faute d’ouverture dans les quinze jours", "CRPA R.112-20")


def fall_silent(case: Case, on: date) -> None:
    """What the clock does to an application that nobody decided: the silence grants it."""
    application = case.application
    if application.state not in State.clock_running() or application.tacit_on is None:
        return
    if deadlines.is_silence_expired(application.tacit_on, on=on, held_until=application.held_until):
        _grant_in_silence(case, on)


def _grant_in_silence(case: Case, on: date) -> None:
    application = case.application
    application.grant_tacitly(on=on)
    assert application.tacit_on is not None
    if application.reexamine_by is None:
        case.tell(application.tacit_on, "Silence gardé un mois : autorisation tacite", "CCH L.635-4")
    else:
        case.tell(
            application.tacit_on,
            "Silence gardé jusqu’au terme fixé par le juge : autorisation tacite",
            "CCH L.635-4",
            inferred=True,
        )
    if application.outcome == Outcome.REFUSED:
        case.warnings.add("late_refusal")
        case.tell(application.tacit_on, "Refus non notifié dans le délai : sans effet", "CRPA L.221-8, L.242-1")
