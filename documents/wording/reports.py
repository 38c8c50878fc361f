"""The report of a visit, and the note that hands a danger over to the authority that holds the police power."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from documents.content import Block, Content, Drawing, Figures, Signature, Table
from documents.facts import Case, Defect, PoliceNote, VisitReport
from documents.french import day, hour
from documents.wording.passages import CODE, SEALED, content, heading, item, names, note, paragraph, when
from permis import deadlines


def visit_report(case: Case, report: VisitReport, *, on: date) -> Content:
    """Rapport de la visite d’un logement (CCH L.635-3) : ce qui a été vu, par qui, avec qui, et ce qu’il en résulte."""
    frame = content(
        case,
        title="Rapport de visite",
        subtitle=f"n° {report.number} – {report.purpose.lower()} du {day(report.visit.starts_at)}",
        on=on,
        number=f"Rapport de visite n° {report.number}",
        blocks=[
            *_correction(report),
            *_circumstances(report),
            *_conclusion(report),
            *_defects(report.defects),
            *_rooms(report),
            *_measures(report),
            *_answers(report),
            *_photos(report),
            *_signed(report),
        ],
    )
    signature = Signature(case.issuer.city, day(on), report.visit.inspector, report.mandate, SEALED)
    return replace(frame, recipient=[], dated="", signature=signature)


def police_note(case: Case, note_: PoliceNote, *, on: date) -> Content:
    """Note de saisine du pouvoir de police : un danger constaté lors d’une visite (CCH L.511-1 et suivants)."""
    frame = content(
        case,
        title="Note de saisine",
        subtitle="du pouvoir de police de la sécurité et de la salubrité des immeubles",
        on=on,
        blocks=[
            paragraph(
                f"Lors de la visite faite {when(note_.visit.starts_at, note_.visit.ends_at)} dans le cadre de la demande d’autorisation préalable de mise en "
                f"location n° {case.number}, présentée par {names(case)}, {note_.visit.inspector} a constaté un danger pour la "
                "sécurité ou la santé des personnes."
            ),
            paragraph(
                f"Ces faits sont portés à votre connaissance au titre des articles L. 511-1 et suivants du {CODE}. En cas de "
                "danger imminent, manifeste ou constaté par le rapport prévu à l’article L. 511-8, l’article L. 511-19 permet "
                "d’ordonner, sans procédure contradictoire préalable, les mesures indispensables dans le délai que vous fixez."
            ),
            heading("Logement"),
            paragraph(f"{case.address}. {case.description}".rstrip(". ") + "."),
            *([paragraph(f"Occupants : {note_.occupants}")] if note_.occupants else []),
            heading("Faits constatés"),
            *(paragraph(fact) for fact in note_.facts),
            heading("Mesures proposées"),
            *(item(measure) for measure in note_.measures),
            note(
                "La présente note ne statue pas sur la demande d’autorisation, dont le délai continue de courir. L’autorisation "
                f"ne peut pas être délivrée lorsqu’un arrêté de police vise l’immeuble (article L. 635-9 du {CODE})."
            ),
            *([heading("Photographies"), Figures("figures", figures=note_.photos)] if note_.photos else []),
        ],
    )
    return replace(frame, recipient=note_.recipient, signature=Signature(case.issuer.city, day(on), note_.author, note_.capacity))


def _correction(report: VisitReport) -> list[Block]:
    if report.corrects_on is None:
        return []
    return [
        note(
            f"Ce rapport corrige et remplace le rapport n° {report.number - 1} du {day(report.corrects_on)}, qui reste au dossier. "
            f"Raison de la correction : {report.reason}"
        )
    ]


def _circumstances(report: VisitReport) -> list[Block]:
    visit = report.visit
    within = deadlines.is_within_visit_hours(visit.starts_at.time(), visit.ends_at.time())
    hours = "entre 6 heures et 21 heures (article L. 635-3)" if within else "en dehors des heures de 6 à 21 heures"
    consent = {
        True: "L’occupant a donné son accord à la visite.",
        False: "L’occupant n’a pas donné son accord à la visite.",
        None: "L’accord de l’occupant n’a pas été noté.",
    }[report.consent]
    by = f"{visit.inspector}, {report.mandate}" if report.mandate else visit.inspector
    return [
        heading("Circonstances de la visite"),
        Table(
            "table",
            columns=["Mention", "Ce qui a été noté"],
            widths=[1, 3],
            rows=[
                ["Date et heures", f"{day(visit.starts_at)}, de {hour(visit.starts_at)} à {hour(visit.ends_at)}, {hours}"],
                ["Agent de visite", by],
                ["Personnes présentes", visit.people_present or "Non notées"],
                ["Accord de l’occupant", f"{consent} {report.consent_note}".strip()],
                ["Pièces non visitées", report.rooms_not_visited or "Aucune"],
                ["Grille", f"version {report.grid}" if report.grid else "Non suivie"],
            ],
        ),
    ]


def _conclusion(report: VisitReport) -> list[Block]:
    return [
        heading("Conclusion"),
        note(f"Avis : {report.conclusion.lower()}."),
        *(paragraph(each) for each in report.observations),
    ]


def _defects(defects: list[Defect]) -> list[Block]:
    if not defects:
        return [heading("Constats"), paragraph("Aucun défaut n’a été constaté.")]
    rows = []
    for each in defects:
        severity = f"{each.severity} (gravité modifiée : {each.severity_reason})" if each.severity_reason else each.severity
        where = "\n".join(part for part in (each.code, each.place) if part)
        rows.append([where, "\n".join(part for part in (each.description, each.basis) if part), severity, each.work])
    columns = ["Point et lieu", "Constat et fondement", "Gravité", "Travaux proposés"]
    return [heading("Constats"), Table("table", columns=columns, widths=[5, 8, 4, 7], rows=rows)]


def _rooms(report: VisitReport) -> list[Block]:
    if not report.rooms:
        return []
    return [heading("Pièces"), Table("table", columns=["Pièce", "Nature", "Visite"], widths=[3, 2, 4], rows=report.rooms)]


def _measures(report: VisitReport) -> list[Block]:
    if not report.measures:
        return []
    return [heading("Mesures"), Table("table", columns=["Pièce", "Mesure", "Valeur"], widths=[3, 3, 2], rows=report.measures)]


def _answers(report: VisitReport) -> list[Block]:
    if not report.answers:
        return []
    columns = ["Point", "Lieu", "Réponse", "Remarque"]
    tables = [
        each
        for title, rows in report.answers
        for each in (heading(title), Table("table", columns=columns, widths=[8, 4, 4, 6], rows=rows))
    ]
    return [
        heading("Tous les points de contrôle"),
        paragraph("Chaque point est repris avec sa réponse, section par section."),
        *tables,
    ]


def _photos(report: VisitReport) -> list[Block]:
    if not report.photos and not report.photos_left_out:
        return []
    figures = [Figures("figures", figures=report.photos)] if report.photos else []
    return [heading("Photographies"), *figures, *(item(sentence) for sentence in report.photos_left_out)]


def _signed(report: VisitReport) -> list[Block]:
    blocks = [heading("Signature de la personne présente"), paragraph(report.signature)]
    return [*blocks, Drawing("drawing", report.signature, svg=report.drawing)] if report.drawing else blocks
