"""What the case tells each act: facts read from the database; the words are those of `documents.wording`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from accounts.enums import Role
from accounts.models import User
from documents.content import Content, Letterhead
from documents.facts import (
    Annex,
    Case,
    Issuer,
    MissingPiece,
    Party,
    Perimeter,
    PrescribedWorks,
    Ruling,
    Signatory,
    VisitMade,
    VisitToMake,
)
from documents.french import day
from documents.wording import afterlife, convocations, decisions, letters
from inspections.enums import Purpose, VisitState
from inspections.models import Visit
from permis import deadlines, journal, sheet
from permis.enums import Channel, ConditionMode, Ground, LessorKind, Outcome
from permis.models import Application, Decision, PieceRequest, PrescribedWork
from territories.calendars import public_holidays
from territories.models import Authority, Zone
from workflows import dossier


def registration(application: Application, *, on: date) -> Content:
    """Accusé d’enregistrement de la demande."""
    holidays = public_holidays(application.authority.department)
    return letters.registration(
        case_of(application, complete_on=None),
        on=on,
        acknowledged_by=deadlines.acknowledgement_due_on(_known(application.received_on), holidays),
        electronic=application.channel in (Channel.ONLINE, Channel.EMAIL),
    )


def receipt(application: Application, *, on: date) -> Content:
    """Accusé de réception valant récépissé d’un dossier complet, dès le dépôt ou après complément."""
    case = case_of(application, complete_on=application.clock_started_on)
    if application.completed_on is None:
        return letters.receipt(case, on=on, tacit_on=_known(application.tacit_on))
    return letters.receipt_after_completion(
        case, on=on, tacit_on=_known(application.tacit_on), completed_on=application.completed_on
    )


def missing_pieces(application: Application, request: PieceRequest, *, on: date) -> Content:
    """Demande des pièces manquantes, avec son effet sur le délai."""
    return letters.missing_pieces(
        case_of(application, complete_on=None),
        on=on,
        pieces=_missing(application, request),
        respond_by=request.respond_by,
        message=request.message,
    )


def withdrawal(application: Application, *, on: date) -> Content:
    """Accusé du retrait de la demande par le demandeur."""
    return letters.withdrawal(case_of(application, complete_on=None), on=on, withdrawn_on=on)


def out_of_scope(application: Application, *, reason: str, on: date) -> Content:
    """Réponse « hors champ » : ce n’est pas une décision."""
    return letters.out_of_scope(case_of(application, complete_on=None), on=on, reason=reason)


def closure(application: Application, *, by: User, on: date) -> Content:
    """Décision de classement sans suite d’un dossier jamais complété."""
    request = application.piece_requests.filter(answered_on__isnull=True, required=True).get()
    return afterlife.closure(
        case_of(application, complete_on=None),
        signatory=_closing_signatory(application, by=by, on=on),
        on=on,
        pieces=_missing(application, request),
        requested_on=request.requested_on,
        respond_by=request.respond_by,
        reminded_on=_known(application.reminded_on),
    )


def decision(
    application: Application, decision: Decision, *, signatory_name: str, capacity: str, on: date, delegation: str = ""
) -> Content:
    """L’arrêté qui accorde, accorde sous conditions ou refuse, tel qu’il serait signé ce jour-là. Raises IncompleteDecision."""
    visits = list(_visits(application))
    ruling = Ruling(
        outcome=Outcome(decision.outcome),
        mode=ConditionMode(decision.mode) if decision.mode else None,
        grounds=[Ground(ground) for ground in decision.grounds],
        considerations=paragraphs(decision.considerations),
        works=_works(decision, visits),
        visits=visits,
        visit_waiver=application.visit_waiver,
        police_order=journal.police_order_reference(application),
        order_number=decision.order_number,
    )
    case = case_of(application, complete_on=application.clock_started_on)
    return decisions.decision(case, ruling, signatory=Signatory(signatory_name, capacity, delegation), on=on)


def lifting(application: Application, *, signatory_name: str, capacity: str, on: date, delegation: str = "") -> Content:
    """L’acte qui lève les conditions."""
    return afterlife.lifting(
        case_of(application, complete_on=application.clock_started_on),
        signatory=Signatory(signatory_name, capacity, delegation),
        on=on,
        granted_on=_known(application.signed_on),
        valid_until=_known(application.valid_until),
        works=_works(application.decision, list(_visits(application))),
    )


def hearing(application: Application, works: Collection[PrescribedWork], *, reasons: str, on: date) -> Content:
    """La lettre contradictoire qui précède l’abrogation, pour les travaux qui ne sont pas faits."""
    positions = {work.position for work in works}
    prescribed = application.decision.works.order_by("position")
    told = zip(prescribed, _works(application.decision, list(_visits(application))), strict=True)
    return letters.hearing(
        case_of(application, complete_on=application.clock_started_on),
        on=on,
        granted_on=_known(application.signed_on),
        reasons=paragraphs(reasons),
        works=[each for work, each in told if work.position in positions],
    )


def tacit_attestation(application: Application, *, on: date) -> Content:
    """Attestation d’une autorisation née du silence, avec tous les renseignements de la demande."""
    return afterlife.tacit_attestation(
        case_of(application, complete_on=application.clock_started_on),
        on=on,
        clock_started_on=_known(application.clock_started_on),
        tacit_on=_known(application.tacit_on),
        valid_until=_known(application.valid_until),
    )


def revocation(
    application: Application,
    *,
    reasons: str,
    heard_on: date,
    signatory_name: str,
    capacity: str,
    on: date,
    delegation: str = "",
    fraud: bool = False,
) -> Content:
    """L’arrêté qui retire une autorisation illégale (CRPA L.242-1)."""
    tacit = application.notified_on is None
    return afterlife.revocation(
        case_of(application, complete_on=application.clock_started_on),
        signatory=Signatory(signatory_name, capacity, delegation),
        on=on,
        reasons=paragraphs(reasons),
        taken_on=_known(application.tacit_on if tacit else application.signed_on),
        heard_on=heard_on,
        tacit=tacit,
        fraud=fraud,
    )


def convocation(application: Application, visit: Visit, *, on: date) -> Content:
    """Convocation du bailleur qui n’a pas donné de courriel."""
    return convocations.to_landlord(case_of(application, complete_on=None), _to_make(application, visit), on=on)


def occupant_convocation(application: Application, visit: Visit, *, on: date) -> Content:
    """Convocation de l’occupant qui n’a pas donné de courriel, à l’adresse du logement."""
    dwelling = application.dwelling
    recipient = [visit.occupant_name or "À l’occupant", dwelling.street_line, f"{dwelling.postcode} {application.commune.name}"]
    case = case_of(application, complete_on=None)
    return convocations.to_occupant(case, _to_make(application, visit), recipient=recipient, on=on)


def _to_make(application: Application, visit: Visit) -> VisitToMake:
    local = application.authority.local
    return VisitToMake(
        starts_at=local(visit.starts_at),
        ends_at=local(visit.ends_at),
        inspector=visit.inspector.full_name,
        mandate=visit.mandate_text,
        instructions=visit.instructions,
        is_counter_visit=visit.purpose == Purpose.COUNTER,
    )


def _closing_signatory(application: Application, *, by: User, on: date) -> Signatory:
    """Who closes signs in the capacity of their delegation, if they hold one, else as head of the service (CRPA L.212-1)."""
    power = by.signature_powers.in_force(on).filter(authority=application.authority).order_by("-starts_on").first()
    if power is not None:
        return Signatory(by.full_name, power.capacity, power.delegation)
    return Signatory(by.full_name, f"{Role.MANAGER.label}, {application.authority.service}")


def case_of(application: Application, *, complete_on: date | None) -> Case:
    agent = getattr(application, "agent", None)
    return Case(
        issuer=issuer_of(application.authority),
        number=application.number or "",
        address=sheet.address_line(application),
        description=_description(application),
        lessors=[Party(lessor.name, lessor.postal_address) for lessor in application.lessors.order_by("position")],
        agent=agent.name if agent is not None else "",
        recipient=_recipient(application),
        received_on=_known(application.received_on),
        complete_on=complete_on,
        perimeter=_perimeter(application.zone),
        competence=_competence(application),
        annex=[*((section.title, section.rows) for section in sheet.sections(application)), *_given_pieces(application)],
    )


def issuer_of(authority: Authority) -> Issuer:
    return Issuer(
        letterhead=Letterhead(
            kind_label=authority.kind_label,
            name=authority.name,
            department=authority.department_name,
            service=authority.service,
            postal_address=authority.postal_address,
            phone=authority.phone,
            email=authority.email,
            logo=authority.logo,
        ),
        executive=authority.head_title,
        city=authority.city,
        court_name=authority.court_name,
        court_address=authority.court_address,
    )


def _perimeter(zone: Zone | None) -> Perimeter | None:
    if zone is None:
        return None
    return Perimeter(zone.name, zone.deliberation, zone.deliberated_on, zone.in_force_on)


def _competence(application: Application) -> str:
    """The delegation by which a commune decides in the place of its EPCI (CCH L.635-1 III)."""
    held = application.authority.delegations_held.filter(commune=application.commune, regime=application.regime)
    delegation = held.in_force(_known(application.received_on)).select_related("epci").first()
    if delegation is None:
        return ""
    return (
        f"la délibération n° {delegation.deliberation} par laquelle {delegation.epci.name} délègue à la commune la mise en œuvre "
        "du dispositif"
    )


def _description(application: Application) -> str:
    """« Appartement de 3 pièces, 58,4 m² · lot n° 7 · parcelle AB 214 »."""
    dwelling = application.dwelling
    rooms = f"{dwelling.rooms} pièce{'s' if dwelling.rooms > 1 else ''}" if dwelling.rooms else ""
    surface = f"{dwelling.surface.normalize():f} m²".replace(".", ",") if dwelling.surface else ""
    lot = f"lot n° {dwelling.lot}" if dwelling.lot else ""
    plot = f"parcelle {dwelling.cadastral_reference}" if dwelling.cadastral_reference else ""
    return " · ".join(part for part in (dwelling.get_housing_display(), rooms, surface, lot, plot) if part)


def _recipient(application: Application) -> list[str]:
    """The address that shows in the window of an envelope: the agent where there is one, else the first lessor."""
    agent = getattr(application, "agent", None)
    lessors = list(application.lessors.order_by("position"))
    if agent is not None:
        return [agent.name, f"pour {', '.join(lessor.name for lessor in lessors)}", *agent.address.split(", ")]
    if not lessors:
        return []
    first = lessors[0]
    capacity = [first.capacity] if first.kind == LessorKind.COMPANY and first.capacity else []
    country = [first.country] if first.is_abroad else []
    return [first.name, *capacity, first.address, f"{first.postcode} {first.city}", *country]


def _given_pieces(application: Application) -> Annex:
    """The technical file as it was given, which the permit reproduces with the rest."""
    rows = []
    for piece in application.pieces.current().order_by("pk"):
        when = f"établi le {day(piece.established_on)}" if piece.established_on else f"reçu le {day(piece.received_on)}"
        rows.append((str(piece), when))
    return [("Pièces jointes", rows)] if rows else []


def _missing(application: Application, request: PieceRequest) -> list[MissingPiece]:
    bases = {str(each.kind): each.basis for each in dossier.required_pieces(application, on=request.requested_on)}
    return [
        MissingPiece(line["label"], bases.get(kind, ""), line["reason"])
        for kind, line in zip(request.pieces, request.labels, strict=True)
    ]


def _visits(application: Application) -> Iterator[VisitMade]:
    local = application.authority.local
    for visit in application.visits.filter(state=VisitState.DONE).select_related("inspector").order_by("starts_at"):
        report = visit.reports.order_by("-number").first()
        yield VisitMade(
            starts_at=local(visit.started_at or visit.starts_at),
            ends_at=local(visit.finished_at or visit.ends_at),
            inspector=visit.inspector.full_name,
            people_present=visit.people_present,
            report=f"n° {report.number} du {day(report.established_on)}" if report else "",
        )


def _works(decision: Decision, visits: list[VisitMade]) -> list[PrescribedWorks]:
    """A defect seen at the visit is proved by its report where the officer gave no other evidence."""
    report = f"Rapport de la visite du {day(visits[0].starts_at)}" if visits else ""
    return [
        PrescribedWorks(
            code=work.code,
            place=work.place,
            finding=work.finding,
            evidence=work.evidence or report,
            basis=work.basis,
            work=work.work,
            proof=work.proof,
            due_on=work.due_on,
        )
        for work in decision.works.order_by("position")
    ]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a free text."""
    return [" ".join(part.split()) for part in text.splitlines() if part.strip()]


def _known(day: date | None) -> date:
    """A date that the state of the case promises; an act never leaves it blank."""
    if day is None:
        raise ValueError("This act needs a date that the case does not have.")
    return day
