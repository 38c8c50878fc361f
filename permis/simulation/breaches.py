"""A breach found, the month to answer it, and the fine (CCH L.634-4, L.635-7, R.634-4, R.635-4)."""

from __future__ import annotations

from datetime import date

from permis import deadlines, guards, sanction_guards, sanctions
from permis.breaches import Breach, SanctionState
from permis.simulation.case import Case, Finding, french
from permis.simulation.story import Happening

UNSETTLED = {SanctionState.CONSTAT, SanctionState.OBSERVATIONS_OPEN, SanctionState.TO_DECIDE}


def breach_found(case: Case, event: Happening) -> None:
    breach, previous_on = Breach(event.facts["kind"]), event.facts.get("previous_breach_on")
    if previous_on is None and case.finding is not None:
        previous_on = case.finding.found_on
    repeated = deadlines.is_repeated(event.on, previous_on)
    case.finding = finding = Finding(breach, event.on, repeated)
    cap = sanctions.cap(breach, repeated=repeated)
    case.tell(
        event.on,
        f"Constat : {breach.label.lower()} ; amende de {sanctions.euros(cap)} au plus, jusqu’au {french(deadlines.fine_barred_after(event.on))}",
        _law(finding),
    )
    if event.on < sanctions.DECIDED_HERE_SINCE:
        case.tell(
            event.on,
            "Constat antérieur au 11 avril 2024 : au préfet d’agir, rien n’est calculé pour lui",
            "loi 2024-322 art. 23",
            inferred=True,
        )


def observations_letter_received(case: Case, event: Happening) -> None:
    finding = _finding(case)
    if finding.state != SanctionState.CONSTAT:
        raise guards.WrongState("La lettre qui ouvre le mois d’observations a déjà été reçue.")
    finding.state = SanctionState.OBSERVATIONS_OPEN
    finding.observations_until = deadlines.observations_until(event.on, case.holidays)
    case.tell(event.on, f"Lettre reçue : observations jusqu’au {french(finding.observations_until)}", _answer(finding))


def regularised(case: Case, event: Happening) -> None:
    finding = _finding(case)
    if not sanctions.is_regularisable(finding.breach):
        raise sanction_guards.RegularisationNotOpen
    if finding.state == SanctionState.TO_DECIDE:
        raise guards.TooLate("Le mois ouvert pour régulariser est passé (CCH R. 634-4, R. 635-4).")
    if finding.state != SanctionState.OBSERVATIONS_OPEN:
        raise guards.WrongState("La régularisation se fait dans le mois qu’ouvre la lettre (CCH R. 634-4, R. 635-4).")
    finding.state = SanctionState.REGULARISED
    case.tell(event.on, "Régularisation par le récépissé : classement proposé", _answer(finding), inferred=finding.repeated)


def fined(case: Case, event: Happening) -> None:
    finding, amount = _finding(case), event.facts["amount"]
    if finding.state in UNSETTLED and event.on > deadlines.fine_barred_after(finding.found_on):
        raise sanction_guards.FineBarred
    if finding.found_on < sanctions.DECIDED_HERE_SINCE:
        raise guards.WrongState("Ce constat précède le 11 avril 2024 : l’amende relève du préfet (loi 2024-322, art. 23).")
    if finding.state == SanctionState.REGULARISED:
        raise guards.WrongState("Manquement régularisé : l’amende demanderait une raison écrite (CRPA L. 123-1).")
    if finding.state != SanctionState.TO_DECIDE:
        raise guards.WrongState("Une amende n’est prononcée qu’après le mois laissé pour répondre (CCH R. 634-4, R. 635-4).")
    if amount > sanctions.cap(finding.breach, repeated=finding.repeated):
        raise sanction_guards.OverCap
    finding.state = SanctionState.FINED
    case.tell(event.on, f"Amende de {sanctions.euros(amount)} prononcée", _law(finding))


def close_observations(case: Case, on: date) -> None:
    """What the clock does to the month left to answer: past it, the fine may be decided."""
    finding = case.finding
    if finding is None or finding.state != SanctionState.OBSERVATIONS_OPEN or finding.observations_until is None:
        return
    if on > finding.observations_until:
        finding.state = SanctionState.TO_DECIDE
        case.tell(
            finding.observations_until,
            "Dernier jour des observations ; une amende est possible dès le lendemain",
            _answer(finding),
        )


def _finding(case: Case) -> Finding:
    if case.finding is None:
        raise guards.WrongState("Aucun manquement n’est constaté.")
    return case.finding


def _law(finding: Finding) -> str:
    return "CCH L.634-4" if finding.breach == Breach.NO_DECLARATION else "CCH L.635-7"


def _answer(finding: Finding) -> str:
    return "CCH R.634-4" if finding.breach == Breach.NO_DECLARATION else "CCH R.635-4"
