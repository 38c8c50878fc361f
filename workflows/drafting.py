"""What the case tells each act: facts read from the database; the words are those of `documents.wording`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

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
from documents.french import day, of_name
from documents.wording import afterlife, convocations, decisions, declarations, letters
from documents.wording.passages import names
from inspections.enums import Purpose, VisitState
from inspections.models import Visit
from permis import deadlines, journal, sheet
from permis.enums import Channel, ConditionMode, Ground, LessorKind, Outcome, Side
from permis.models import Application, Decision, PieceRequest
from territories.calendars import public_holidays
from territories.models import Authority, Commune, Zone
from workflows import dossier, powers, remedies


def registration(application: Application, *, on: date) -> Content:
    """Accusé d’enregistrement de la demande, ou de la déclaration."""
    case, electronic = case_of(application, complete_on=None), application.channel in (Channel.ONLINE, Channel.EMAIL)
    if application.is_declaration:
        due = known(application.receipt_due_on)
        return declarations.registration(case, on=on, receipt_due_on=due, electronic=electronic)
    holidays = public_holidays(application.authority.department)
    due = deadlines.acknowledgement_due_on(known(application.received_on), holidays)
    return letters.registration(case, on=on, acknowledged_by=due, electronic=electronic)


def receipt(application: Application, *, on: date) -> Content:
    """Accusé de réception valant récépissé d’un dossier complet, dès le dépôt ou après complément."""
    case = case_of(application, complete_on=complete_on(application))
    if application.completed_on is None:
        return letters.receipt(case, on=on, tacit_on=known(application.tacit_on))
    return letters.receipt_after_completion(
        case,
        on=on,
        tacit_on=known(application.tacit_on),
        completed_on=application.completed_on,
        is_reexamined=application.reexamine_by is not None,
    )


def missing_pieces(application: Application, request: PieceRequest, *, on: date) -> Content:
    """Demande des pièces manquantes, avec son effet sur le délai ; d’une déclaration, l’accusé qui dit son délai."""
    case, missing = case_of(application, complete_on=None), _missing(application, request)
    asked: dict[str, Any] = {"respond_by": request.respond_by, "message": request.message}
    if application.is_declaration:
        return declarations.missing_pieces(case, on=on, pieces=missing, **asked)
    return letters.missing_pieces(case, on=on, pieces=missing, reexamine_by=application.reexamine_by, **asked)


def withdrawal(application: Application, *, on: date) -> Content:
    """Accusé du retrait de la demande par le demandeur."""
    letter = declarations.withdrawal if application.is_declaration else letters.withdrawal
    return letter(case_of(application, complete_on=None), on=on, withdrawn_on=on)


def out_of_scope(application: Application, *, reason: str, on: date) -> Content:
    """Réponse « hors champ » : ce n’est pas une décision."""
    letter = declarations.out_of_scope if application.is_declaration else letters.out_of_scope
    return letter(case_of(application, complete_on=None), on=on, reason=reason)


def declaration_receipt(application: Application, *, on: date) -> Content:
    """Récépissé d’une déclaration complète."""
    return declarations.receipt(case_of(application, complete_on=application.completed_on or application.received_on), on=on)


def tenant_copy(application: Application, *, on: date) -> Content:
    """Second exemplaire du récépissé, que le propriétaire remet au locataire."""
    return declarations.tenant_copy(case_of(application, complete_on=application.completed_on or application.received_on), on=on)


def expiry(application: Application, *, on: date) -> Content:
    """Lettre qui dit qu’une déclaration non complétée est à refaire."""
    request = application.piece_requests.filter(answered_on__isnull=True, required=True).get()
    missing, case = _missing(application, request), case_of(application, complete_on=None)
    return declarations.expiry(case, on=on, pieces=missing, respond_by=request.respond_by)


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
        reminded_on=known(application.reminded_on),
    )


def decision(application: Application, decision: Decision, *, signatory: Signatory, on: date) -> Content:
    """L’arrêté qui accorde, accorde sous conditions ou refuse, tel qu’il serait signé ce jour-là. Raises IncompleteDecision."""
    visits = list(visits_made(application))
    ruling = Ruling(
        outcome=Outcome(decision.outcome),
        mode=ConditionMode(decision.mode) if decision.mode else None,
        grounds=[Ground(ground) for ground in decision.grounds],
        considerations=paragraphs(decision.considerations),
        works=works_of(decision, visits),
        visits=visits,
        visit_waiver=application.visit_waiver,
        police_order=journal.police_order_reference(application),
        order_number=decision.order_number,
        sources=remedies.judgment_cited(application),
        commitments=[
            f"l’engagement écrit {of_name(each.name)} du {day(each.made_on)}, qui porte sur des travaux à faire au plus tard le {day(each.due_on)}"
            for each in application.commitments.order_by("pk")
        ],
        private_areas=[_square_metres(area) for area in decision.private_areas],
        shared_equipment=decision.shared_equipment,
    )
    case = case_of(application, complete_on=complete_on(application))
    return decisions.decision(case, ruling, signatory=signatory, on=on)


def lifting(application: Application, *, signatory: Signatory, on: date) -> Content:
    """L’acte qui lève les conditions."""
    return afterlife.lifting(
        case_of(application, complete_on=complete_on(application)),
        signatory=signatory,
        on=on,
        granted_on=known(application.signed_on),
        valid_until=known(application.valid_until),
        works=works_of(application.decision, list(visits_made(application))),
    )


def tacit_attestation(application: Application, *, on: date) -> Content:
    """Attestation d’une autorisation née du silence, avec tous les renseignements de la demande."""
    case, transferred = case_of(application, complete_on=complete_on(application)), ""
    first = application.transfers.effective().order_by("settled_at").first()
    if first is not None:
        asked = first.parties.filter(side=Side.FORMER).order_by("position")
        case, transferred = replace(case, lessors=[Party(each.name, each.postal_address) for each in asked]), names(case)
    return afterlife.tacit_attestation(
        case,
        transferred_to=transferred,
        on=on,
        clock_started_on=known(application.clock_started_on),
        tacit_on=known(application.tacit_on),
        valid_until=known(application.valid_until),
        reexamined=application.reexamined_on is not None,
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
    held = by.signature_powers.in_force(on).filter(authority=application.authority)
    power = held.covering(commune=application.commune_id, regime=application.regime).order_by("rank", "-starts_on").first()
    if power is not None:
        return powers.signatory_by(power)
    return Signatory(by.full_name, f"{Role.MANAGER.label}, {application.authority.service}")


def complete_on(application: Application) -> date | None:
    """The day the file was complete, from which the month runs; a judge's order moves the clock, not that day."""
    return (
        application.clock_started_on if application.reexamined_on is None else application.completed_on or application.received_on
    )


def case_of(application: Application, *, complete_on: date | None) -> Case:
    sheet.gather(application)
    agent = getattr(application, "agent", None)
    return Case(
        issuer=issuer_of(application.authority),
        number=application.number or "",
        address=sheet.address_line(application),
        description=_description(application),
        lessors=[Party(lessor.name, lessor.postal_address) for lessor in sheet.lessors_of(application)],
        agent=agent.name if agent is not None else "",
        recipient=recipient_of(application),
        received_on=known(application.received_on),
        complete_on=complete_on,
        perimeter=perimeter_of(application.zone) if application.zone is not None else None,
        competence=competence_of(
            application.authority, application.commune, application.regime, on=known(application.received_on)
        ),
        annex=[*((section.title, section.rows) for section in sheet.sections(application)), *_given_pieces(application)],
        noun=application.noun,
        lease_signed_on=application.lease_signed_on,
    )


def letterhead_of(authority: Authority) -> Letterhead:
    """The head of each act and letter of an authority."""
    return Letterhead(
        kind_label=authority.kind_label,
        name=authority.name,
        department=authority.department_name,
        service=authority.service,
        postal_address=authority.postal_address,
        phone=authority.phone,
        email=authority.email,
        logo=authority.logo,
    )


def issuer_of(authority: Authority) -> Issuer:
    return Issuer(
        letterhead=letterhead_of(authority),
        executive=authority.head_title,
        city=authority.city,
        court_name=authority.court_name,
        court_address=authority.court_address,
    )


def perimeter_of(zone: Zone) -> Perimeter:
    return Perimeter(zone.name, zone.deliberation, zone.deliberated_on, zone.in_force_on)


def competence_of(authority: Authority, commune: Commune, regime: str, *, on: date) -> str:
    """The delegation by which a commune acted that day in the place of its EPCI (CCH L.635-1 III); empty where there is none."""
    held = authority.delegations_held.filter(commune=commune, regime=regime)
    delegation = held.in_force(on).values_list("deliberation", "epci__name").first()
    if delegation is None:
        return ""
    deliberation, epci = delegation
    return f"la délibération n° {deliberation} par laquelle {epci} délègue à la commune la mise en œuvre du dispositif"


def _description(application: Application) -> str:
    """« Appartement de 3 pièces, 58,4 m² · lot n° 7 · parcelle AB 214 »."""
    dwelling = application.dwelling
    rooms = f"{dwelling.rooms} pièce{'s' if dwelling.rooms > 1 else ''}" if dwelling.rooms else ""
    surface = _square_metres(dwelling.surface) if dwelling.surface else ""
    lot = f"lot n° {dwelling.lot}" if dwelling.lot else ""
    plot = f"parcelle {dwelling.cadastral_reference}" if dwelling.cadastral_reference else ""
    return " · ".join(part for part in (dwelling.get_housing_display(), rooms, surface, lot, plot) if part)


def _square_metres(area: Decimal) -> str:
    return f"{area.normalize():f} m²".replace(".", ",")


def recipient_of(application: Application) -> list[str]:
    """The address that shows in the window of an envelope: the agent where there is one, else the first lessor."""
    agent = getattr(application, "agent", None)
    lessors = sheet.lessors_of(application)
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


# What an act says of a visit, out of the many columns of one.
_MADE = (
    *("application", "starts_at", "ends_at", "started_at", "finished_at", "people_present"),
    *("inspector__first_name", "inspector__last_name"),
)


def visits_made(application: Application) -> Iterator[VisitMade]:
    local = application.authority.local
    done = application.visits.filter(state=VisitState.DONE).select_related("inspector").only(*_MADE)
    for visit in done.order_by("starts_at"):
        report = visit.reports.only("number", "established_on").order_by("-number").first()
        yield VisitMade(
            starts_at=local(visit.started_at or visit.starts_at),
            ends_at=local(visit.finished_at or visit.ends_at),
            inspector=visit.inspector.full_name,
            people_present=visit.people_present,
            report=f"n° {report.number} du {day(report.established_on)}" if report else "",
        )


def works_of(decision: Decision, visits: list[VisitMade]) -> list[PrescribedWorks]:
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
        for work in sorted(decision.works.all(), key=attrgetter("position"))
    ]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a free text."""
    return [" ".join(part.split()) for part in text.splitlines() if part.strip()]


def known(day: date | None) -> date:
    """A date that the state of the case, or of the sanction, promises; an act never leaves it blank."""
    if day is None:
        raise ValueError("This act needs a date that its case or sanction does not have.")
    return day
