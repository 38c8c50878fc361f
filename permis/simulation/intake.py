"""From the deposit to the complete file: what is received, what is missing, and from which day the month runs."""

from __future__ import annotations

from datetime import date

from permis import deadlines, guards, qualification
from permis.enums import LeaseKind, State
from permis.simulation.case import Case, french
from permis.simulation.story import Happening

INFERRED_OUT = {
    LeaseKind.MOBILITY,
    LeaseKind.STAFF_HOUSING,
    LeaseKind.FREE_LOAN,
    LeaseKind.PRECARIOUS,
    LeaseKind.HOSTEL,
    LeaseKind.SUBLET,
}


def submitted(case: Case, event: Happening) -> None:
    application, kind = case.application, case.scenario.lease_kind
    competent = event.facts.get("competent", True)
    application.submit(number=case.scenario.regime, received_on=event.on, competent=competent)
    case.received_on = event.on
    application.posted_on = event.facts.get("posted_on")
    if case.is_declaration:
        application.lease_signed_on = event.facts.get("lease_signed_on") or application.lease_signed_on
    case.given |= set(event.facts.get("pieces", ()))
    case.provided |= case.given
    case.tell(event.on, "Déclaration reçue" if case.is_declaration else "Demande reçue", _basis(case))
    if not qualification.is_in_scope(kind):
        application.set_out_of_scope(on=event.on)
        text = "R.634-1" if case.is_declaration else "R.635-1"
        case.tell(event.on, f"Location hors champ : {kind.label.lower()}", f"CCH {text}", inferred=kind in INFERRED_OUT)
        return
    if case.is_declaration and application.is_declared_late(case.holidays):
        case.tell(event.on, "Déclaration faite plus de quinze jours après le bail", "CCH L.634-3")
    if competent:
        _reach(case, event.on)
    else:
        case.tell(event.on, "L’autorité saisie doit transmettre : rien ne court encore", "CRPA L.114-2")


def forwarded(case: Case, event: Happening) -> None:
    if case.competent_on is not None:
        raise guards.WrongState("L’autorité compétente a déjà reçu cette demande.")
    case.application.receive_forwarded(on=event.on)
    case.tell(event.on, "Reçue par l’autorité compétente", "CRPA L.114-2, L.114-3")
    _reach(case, event.on)


def missing_requested(case: Case, event: Happening) -> None:
    application = case.application
    asked = set(event.facts.get("pieces", ()))
    required = case.required(event.on)
    if application.state == State.GRANTED_TACIT:
        case.warnings.add("incomplete_notice_too_late")
        raise guards.TooLate("L’autorisation est déjà née du silence : demander des pièces ne change plus rien (CRPA L. 114-3).")
    if application.state in State.open():
        if asked - required:
            case.warnings.add("extra_piece_not_required")
        if not asked & required:
            raise guards.UnknownPiece
        case.require_competent()
    wanted = event.facts.get("respond_by")
    if case.is_declaration:
        until = deadlines.completion_until(event.on, wanted or deadlines.add_months(event.on, 1), case.holidays)
        what, basis = f"Pièces manquantes demandées pour le {french(until)} ; après, une nouvelle déclaration", "CCH R.634-3, 2°"
    else:
        until = deadlines.respond_by(wanted or deadlines.add_months(event.on, 1), case.holidays)
        what, basis = f"Pièces manquantes demandées pour le {french(until)} : le mois partira de la dernière", "CRPA L.114-5"
    application.request_missing(on=event.on, respond_by=until)
    case.asked, case.answered_reminder = asked & required, False
    case.given -= case.asked
    case.tell(event.on, what, basis)


def optional_requested(case: Case, event: Happening) -> None:
    case.application.require_open()
    pieces = set(event.facts.get("pieces", ()))
    if not pieces or pieces - case.required(event.on):
        case.warnings.add("extra_piece_not_required")
    case.tell(event.on, "Pièces facultatives demandées, sans effet sur le délai", "CRPA L.114-5", inferred=True)


def pieces_received(case: Case, event: Happening) -> None:
    application, received = case.application, set(event.facts.get("pieces", ()))
    if application.state == State.EXPIRED:
        raise guards.TooLate("Le délai pour compléter cette déclaration est passé : il en faut une nouvelle (CCH R. 634-3).")
    if application.state == State.GRANTED_CONDITIONAL:
        case.tell(event.on, "Preuve de travaux reçue", "CCH L.635-3")
        return
    application.require_open()
    case.given |= received
    case.provided |= received
    case.replaced |= received & case.asked
    case.answered_reminder = case.answered_reminder or (application.reminded_on is not None and bool(received & case.asked))
    case.tell(event.on, "Pièces reçues", "CRPA L.114-3")
    if application.state == State.INCOMPLETE and case.asked <= case.given:
        case.asked = set()
        _complete(case, event.on)
    elif application.state == State.SUBMITTED:
        _confirm(case, event.on)


def reminder_sent(case: Case, event: Happening) -> None:
    case.application.remind(on=event.on)
    case.answered_reminder = False
    case.tell(event.on, "Relance envoyée")


def closed_incomplete(case: Case, event: Happening) -> None:
    if case.answered_reminder and case.application.state == State.INCOMPLETE:
        raise guards.PieceArrived
    case.application.close_incomplete(on=event.on)
    case.tell(event.on, "Dossier classé sans suite, par une décision motivée", "CRPA L.114-5, L.211-2", inferred=True)


def withdrawn(case: Case, event: Happening) -> None:
    case.application.withdraw(on=event.on)
    case.tell(event.on, "Déclaration retirée" if case.is_declaration else "Demande retirée par le demandeur")


def expire(case: Case, on: date) -> None:
    """What the clock does to a declaration that was not completed in time."""
    application = case.application
    if case.is_declaration and application.state == State.INCOMPLETE and application.respond_by and on > application.respond_by:
        application.expire(on=on)
        case.tell(
            application.respond_by, "Dernier jour pour compléter, passé : une nouvelle déclaration est à faire", "CCH R.634-3, 2°"
        )


def _reach(case: Case, on: date) -> None:
    """The competent authority holds the file: its clock runs."""
    case.competent_on = on
    tacit_on = case.application.tacit_on
    if tacit_on is not None:
        case.tell(
            on, f"Le mois court ; dernier jour pour notifier une décision : {french(tacit_on)}", "CCH L.635-4, CRPA L.114-3"
        )
    else:
        case.tell(on, f"Récépissé à délivrer pour le {french(deadlines.receipt_due_on(on))}", "CCH R.634-3, 1°")
    _confirm(case, on)


def _confirm(case: Case, on: date) -> None:
    """What an officer confirms on a screen is taken as confirmed at once."""
    application = case.application
    if case.competent_on is None or case.missing():
        return
    if case.is_declaration:
        application.give_receipt(on=on)
        case.tell(on, "Déclaration complète : récépissé délivré", "CCH R.634-3, 1°")
    else:
        application.declare_complete(on=on)
        case.tell(on, "Dossier complet", "CCH L.635-4")


def _complete(case: Case, on: date) -> None:
    """The last piece asked for has come."""
    application = case.application
    if case.is_declaration:
        application.give_receipt(on=on)
        case.tell(on, "Dernière pièce reçue : récépissé délivré", "CCH R.634-3, 1°")
        return
    application.complete(on=on)
    assert application.tacit_on is not None
    case.tell(
        on, f"Dernière pièce reçue : le mois court de ce jour, jusqu’au {french(application.tacit_on)}", "CRPA L.114-3, L.114-5"
    )


def _basis(case: Case) -> str:
    return "CCH L.634-3" if case.is_declaration else "CCH L.635-4"
