"""After the decision: works, lease, transfer, revocation, repeal, lapse, appeals and judgments."""

from __future__ import annotations

from datetime import date

from permis import deadlines, guards
from permis.enums import Outcome, State
from permis.litigation import AppealKind, AppealState, Judgment
from permis.simulation.case import Case, Contest, french
from permis.simulation.story import Happening

# Decisions that a landlord may contest: a refusal, conditions, a closure, a revocation, a repeal.
CONTESTABLE = {State.REFUSED, State.GRANTED_CONDITIONAL, State.CLOSED_INCOMPLETE, State.REVOKED, State.REPEALED}


def conditions_lifted(case: Case, event: Happening) -> None:
    case.application.lift_conditions(on=event.on)
    case.tell(event.on, "Conditions levées ; les deux ans ne recommencent pas", "CCH L.635-3, R.635-3", inferred=True)


def lease_signed(case: Case, event: Happening) -> None:
    application, on = case.application, event.facts.get("on") or event.on
    if case.is_declaration:
        application.lease_signed_on = on
        due = deadlines.declaration_due_on(on, case.holidays)
        case.tell(on, f"Bail conclu, à déclarer pour le {french(due)}", "CCH L.634-3")
        return
    if application.state == State.USED:
        raise guards.WrongState("Cette autorisation a déjà servi : chaque nouveau bail en demande une (CCH L. 635-4).")
    was_lapsed = application.state == State.LAPSED
    application.declare_lease(on=on)
    case.tell(on, "Bail signé : l’autorisation est utilisée", "CCH L.635-4, L.635-5")
    if was_lapsed:
        case.tell(event.on, "Bail connu après coup : la caducité n’était qu’une présomption", "CCH R.635-3", inferred=True)


def transfer_filed(case: Case, event: Happening) -> None:
    case.require_permit()
    guards.require_transferable(case.application, event.on)
    if not event.facts.get("holder_agrees", False):
        raise guards.HolderDisagrees
    case.is_transferred = True
    case.tell(
        event.on,
        "Transfert au nouveau propriétaire, du jour de son dépôt ; les deux ans ne recommencent pas",
        "CCH R.635-3",
        inferred=True,
    )


def revoked(case: Case, event: Happening) -> None:
    was_tacit = case.application.state == State.GRANTED_TACIT
    case.application.revoke(on=event.on, adversarial=event.facts.get("adversarial", False))
    case.tell(event.on, "Autorisation retirée", "CRPA L.121-1, L.242-1", inferred=was_tacit)


def repealed(case: Case, event: Happening) -> None:
    case.application.repeal(on=event.on, adversarial=True)
    case.tell(event.on, "Autorisation abrogée, une condition n’étant pas remplie", "CRPA L.242-2, 1°", inferred=True)


def lapse(case: Case, on: date) -> None:
    """What the clock does to a permit that no known lease used."""
    application = case.application
    if application.state in State.authorising() and application.valid_until and on > application.valid_until:
        application.lapse(on=on)
        case.tell(
            application.valid_until, "Dernier jour de l’autorisation, caduque faute de bail connu (présomption)", "CCH R.635-3"
        )


# -- appeals


def appeal_filed(case: Case, event: Happening) -> None:
    case.require_permit()
    application, contest = case.application, case.contest
    is_conditional = application.outcome == Outcome.CONDITIONAL and application.notified_on is not None
    is_pending = contest.is_pending or contest.court == AppealState.BEFORE_COURT
    if application.state not in CONTESTABLE and not (is_conditional and application.state in State.judged()):
        raise guards.WrongState("Il n’y a pas de décision notifiée à contester.")
    if AppealKind(event.facts["kind"]) == AppealKind.COURT:
        if contest.court == AppealState.BEFORE_COURT:
            raise guards.WrongState("Le tribunal est déjà saisi.")
        contest.court = AppealState.BEFORE_COURT
        case.tell(event.on, "Recours devant le tribunal administratif" + _late(case, event.on), "CJA R.421-1")
        return
    if is_pending:
        raise guards.WrongState("Un recours est déjà en cours.")
    until, note = case.appeal_until(), _late(case, event.on)
    # A second appeal to the same authority gives no new period: the first one alone interrupts it.
    contest.interrupts = contest.administrative is None and (until is None or event.on <= until)
    contest.administrative, contest.implicit_rejection_on = AppealState.PENDING, deadlines.implicit_rejection_on(event.on)
    contest.court = None
    case.tell(
        event.on,
        f"Recours gracieux ; sans réponse, rejeté le {french(contest.implicit_rejection_on)}{note}",
        "CRPA L.411-2, L.411-7",
    )


def _late(case: Case, on: date) -> str:
    until = case.appeal_until()
    return f" (hors délai depuis le {french(until)})" if until is not None and on > until else ""


def appeal_decided(case: Case, event: Happening) -> None:
    contest, application = case.contest, case.application
    if contest.administrative not in (AppealState.PENDING, AppealState.IMPLICITLY_REJECTED):
        raise guards.WrongState("Aucun recours gracieux n’attend de réponse.")
    if event.facts["outcome"] == "rejected":
        _reject(case, event.on)
        return
    if application.state == State.CLOSED_INCOMPLETE:
        what = _resume(case, event.on)
    else:
        guards.require_reasons(Outcome.GRANTED, grounds=(), works=0, police_order=application.police_order, on=event.on)
        if application.state in (State.REVOKED, State.REPEALED):
            application.restore()
            what = "l’acte contesté est retiré, et l’autorisation rendue"
        else:
            application.decide_appeal(on=event.on, outcome=Outcome.GRANTED)
            what = "une autorisation remplace la décision contestée"
    contest.administrative = AppealState.ACCEPTED
    case.tell(event.on, f"Recours accueilli : {what}", "CRPA L.411-2", inferred=True)


def _resume(case: Case, on: date) -> str:
    """The closed request is taken up again: its pieces are still awaited, or it is whole."""
    if case.asked - case.given:
        until = deadlines.respond_by(deadlines.add_months(on, 1), case.holidays)
        case.application.resume(on=on, respond_by=until)
        case.answered_reminder = False
        return f"la demande est reprise, ses pièces attendues jusqu’au {french(until)}"
    case.application.resume(on=on, respond_by=None)
    return f"la demande est reprise, complète, à décider pour le {french(deadlines.tacit_on(on))}"


def _reject(case: Case, on: date) -> None:
    """An express rejection opens the period again, even after the silence, as long as that one runs (CJA R.421-2)."""
    contest, until = case.contest, case.appeal_until()
    if contest.interrupts and (until is None or on <= until):
        contest.rejected_on = on
    contest.administrative = AppealState.REJECTED
    case.tell(on, "Recours rejeté" + _again(case), "CJA R.421-2")


def reject_by_silence(case: Case, on: date) -> None:
    """What the clock does to an appeal that nobody answered."""
    contest = case.contest
    if not contest.is_pending or contest.implicit_rejection_on is None or on <= contest.implicit_rejection_on:
        return
    contest.administrative = AppealState.IMPLICITLY_REJECTED
    if contest.interrupts:
        contest.rejected_on = contest.implicit_rejection_on
    case.tell(contest.implicit_rejection_on, "Silence gardé deux mois : recours rejeté" + _again(case), "CRPA L.411-7, L.231-4")


def _again(case: Case) -> str:
    until = case.appeal_until()
    return f" ; le tribunal peut être saisi jusqu’au {french(until)}" if until and case.contest.interrupts else ""


def judgment(case: Case, event: Happening) -> None:
    application, contest, outcome = case.application, case.contest, Judgment(event.facts["outcome"])
    if application.state not in State.judged():
        raise guards.WrongState("Il n’y a pas de décision que le juge puisse annuler.")
    if outcome == Judgment.DISMISSED:
        contest.court = AppealState.DISMISSED
        case.tell(event.on, "Le tribunal rejette la requête")
        return
    if application.state in (State.REVOKED, State.REPEALED) and outcome == Judgment.ANNULLED:
        application.restore()
        contest.court = AppealState.ANNULLED
        case.tell(event.on, "Le tribunal annule ce qui avait ôté l’autorisation : elle est rendue", inferred=True)
        return
    application.annul(on=event.on)
    contest.court = AppealState.ANNULLED
    case.tell(event.on, "Le tribunal annule la décision")
    if outcome == Judgment.ANNULLED_REEXAMINE:
        _reopen(case, event)


def _reopen(case: Case, event: Happening) -> None:
    """The request is examined again within the time the judge sets, or a month where he sets none."""
    days = event.facts.get("reexamine_within_days")
    until = deadlines.tacit_on(event.on) if days is None else deadlines.reexamine_by(event.on, days)
    case.application.reopen(on=event.on, decide_by=until)
    case.available_on, case.appeal_routes = None, True
    case.contest = Contest(court=AppealState.ANNULLED, implicit_rejection_on=case.contest.implicit_rejection_on)
    case.tell(
        event.on,
        f"La demande est à réexaminer pour le {french(until)} ; le silence vaudra autorisation",
        "CCH L.635-4",
        inferred=True,
    )
