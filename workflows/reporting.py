"""What a visit tells its acts: the report, version by version, and the note that hands a danger over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from accounts.models import User
from documents import facts
from documents.content import Content, Figure
from documents.french import hour
from documents.wording import reports
from inspections import drawing, grid
from inspections.enums import Conclusion, Purpose, Reply, Severity, SignatureGiven
from inspections.models import Finding, Report, Visit
from permis.models import Application
from workflows import walkthrough
from workflows.drafting import case_of, paragraphs
from workflows.walkthrough import Shot, Walk

FINGERPRINT = 12
NOTHING = "Rien à signaler"


def visit_report(visit: Visit, report: Report, *, before: Report | None, on: date) -> Content:
    """Le rapport de la visite, tel qu’il est établi ce jour-là."""
    application, walk = visit.application, walkthrough.of(visit)
    found = list(visit.findings.order_by("position"))
    shown, left_out = _photos(walk.photos if walk else [], application)
    return reports.visit_report(
        case_of(application, complete_on=application.clock_started_on),
        facts.VisitReport(
            number=report.number,
            reason=report.reason,
            corrects_on=before.established_on if before else None,
            purpose=str(Purpose(visit.purpose).label),
            visit=_made(visit),
            mandate=report.mandate,
            conclusion=str(Conclusion(visit.conclusion).label),
            grid=visit.grid_version,
            consent=visit.consent,
            consent_note=str(walk.people.get("consent_note") or "") if walk else "",
            rooms=[[room["name"], room["kind"], _visited(room)] for room in walk.rooms] if walk else [],
            rooms_not_visited=visit.rooms_not_visited or (walk.rooms_not_visited if walk else ""),
            observations=paragraphs(visit.report),
            defects=[_defect(each) for each in found],
            answers=_answers(walk, found) if walk else _others(visit, report, found),
            measures=walk.measures if walk else [],
            photos=shown,
            photos_left_out=left_out,
            signature=_signature(report, walk),
            drawing=_drawing(report, walk),
        ),
        on=on,
    )


def police_note(
    visit: Visit,
    *,
    recipient: str,
    occupants: str,
    seen: str,
    measures: str,
    by: User,
    capacity: str,
    on: date,
    with_photos: bool = True,
) -> Content:
    """La note de saisine, telle que le responsable l’a écrite."""
    application = visit.application
    return reports.police_note(
        case_of(application, complete_on=application.clock_started_on),
        facts.PoliceNote(
            recipient=[line.strip() for line in recipient.splitlines() if line.strip()],
            visit=_made(visit),
            facts=paragraphs(seen),
            measures=paragraphs(measures),
            author=by.full_name,
            capacity=capacity,
            occupants=occupants,
            photos=photos_of_dangers(visit) if with_photos else [],
        ),
        on=on,
    )


def photos_of_dangers(visit: Visit) -> list[Figure]:
    """The photos of what is dangerous, without those that show people."""
    kept = _places(visit.findings.filter(severity=Severity.DANGER))
    walk = walkthrough.of(visit)
    photos = [photo for photo in walk.photos if {(photo.code, photo.room), (photo.code, None)} & kept] if walk else []
    return _photos(photos, visit.application)[0]


def _made(visit: Visit) -> facts.VisitMade:
    local = visit.application.authority.local
    return facts.VisitMade(
        starts_at=local(visit.started_at or visit.starts_at),
        ends_at=local(visit.finished_at or visit.ends_at),
        inspector=visit.inspector.full_name,
        people_present=visit.people_present,
    )


def _defect(finding: Finding) -> facts.Defect:
    return facts.Defect(
        place=finding.place,
        description=finding.description,
        severity=str(Severity(finding.severity).label),
        basis=finding.basis,
        work=finding.work,
        code=finding.code,
        severity_reason=finding.severity_reason,
    )


def _answers(walk: Walk, found: Sequence[Finding]) -> list[tuple[str, list[list[str]]]]:
    """What was answered on the spot, section by section; a defect that the report does not keep is said to be so."""
    kept, tables = _places(found), []
    for part in walk.parts:
        rows = []
        for line in part.lines:
            dropped = line.is_defect and not {(line.code, line.room), (line.code, None)} & kept
            reply = f"{line.reply_label} sur place, non retenu" if dropped else line.reply_label
            rows.append([f"{line.code} – {line.title}", line.place, reply, line.note])
        tables.append((f"{part.code} – {part.title}", rows))
    return tables


def _places(found: Iterable[Finding]) -> set[tuple[str, str | None]]:
    """Which point in which room each finding is about; one that names no room is about the point wherever it was seen."""
    return {(each.code, str(each.room) if each.room else None) for each in found}


def _others(visit: Visit, report: Report, found: Sequence[Finding]) -> list[tuple[str, list[list[str]]]]:
    """At the desk only the exceptions are written down: all the rest was looked at, if the inspector says so."""
    if not report.others_conform:
        return []
    places: dict[str, list[str]] = {}
    for each in found:
        places.setdefault(each.code, []).append(each.place)
    return [
        (
            f"{section.code} – {section.title}",
            [
                [
                    f"{item.code} – {item.title}",
                    ", ".join(places.get(item.code, [])),
                    str(Reply.NON_CONFORM.label) if item.code in places else NOTHING,
                    "",
                ]
                for item in section.items
            ],
        )
        for section in grid.followed_by(visit).sections
    ]


def _photos(photos: Sequence[Shot], application: Application) -> tuple[list[Figure], list[str]]:
    """What is printed, and what is not, with the reason: it stays in the case all the same."""
    shown, left_out = [], []
    for photo in photos:
        title = f"{photo.alt} – {photo.caption}" if photo.caption else photo.alt
        if photo.shows_people:
            left_out.append(f"{photo.alt} : des personnes y sont visibles, elle n’est pas reproduite.")
        elif photo.file is None or not photo.is_shown:
            left_out.append(f"{photo.alt} : encore en vérification quand le rapport a été établi, elle reste au dossier.")
        else:
            at = application.authority.local(photo.taken_at) if photo.taken_at else None
            when = f", {at:%d/%m/%Y} à {hour(at)}" if at else ""
            caption = f"{title}{when}. Empreinte {photo.file.sha256[:FINGERPRINT]}."
            shown.append(Figure(photo.file.picture_key(1), caption, title))
    return shown, left_out


def _visited(room: dict[str, str]) -> str:
    return "Visitée" if room["is_visited"] else f"Non visitée : {room['reason'] or 'raison non notée'}"


def _signature(report: Report, walk: Walk | None) -> str:
    given = walk.signature if walk else {}
    who, reason = str(given.get("name") or "La personne présente"), str(given.get("reason") or "")
    match report.signature:
        case SignatureGiven.DRAWN:
            return f"{who} a signé sur le téléphone de l’agent de visite."
        case SignatureGiven.PAPER:
            return f"{who} a signé un exemplaire sur papier, gardé par le service."
        case SignatureGiven.REFUSED:
            return f"{who} a refusé de signer{f' : {reason}' if reason else ''}."
    return "La signature de la personne présente n’a pas été recueillie."


def _drawing(report: Report, walk: Walk | None) -> str:
    return drawing.svg(walk.signature.get("strokes")) if walk and report.signature == SignatureGiven.DRAWN else ""
