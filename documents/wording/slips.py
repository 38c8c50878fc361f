"""The slip that goes with what is transmitted to another administration, and the annual report: no act, no remedy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from documents.content import Block, Chart, Content, Table
from documents.facts import Issuer
from documents.french import day
from documents.wording.passages import heading, paragraph

Section = tuple[str, list[tuple[str, str]]]


def slip(
    issuer: Issuer,
    *,
    number: str,
    recipient: list[str],
    basis: str,
    rows: list[list[str]],
    report: Sequence[Section],
    on: date,
) -> Content:
    """Bordereau de transmission ; ``rows`` sont ses lignes, ``report`` le rapport annuel qu’il porte s’il en porte un."""
    blocks: list[Block] = [
        paragraph(basis),
        heading("Éléments transmis"),
        Table("table", columns=["N°", "Objet", "Porte sur", "Établi le"], widths=[2, 6, 9, 4], rows=rows),
        paragraph(
            "Merci d’accuser réception en répondant à ce bordereau ou dans l’espace partenaire. Ces données servent à la seule "
            "mission pour laquelle la loi vous les fait transmettre."
        ),
        *sections(report),
    ]
    return _letter(
        issuer,
        title="Bordereau de transmission",
        reference=f"Bordereau n° {number}",
        subject=[f"Bordereau n° {number}", f"{len(rows)} élément{'s' if len(rows) > 1 else ''} transmis"],
        recipient=recipient,
        blocks=blocks,
        on=on,
    )


def annual_report(
    issuer: Issuer,
    *,
    year: int,
    report: Sequence[Section],
    on: date,
    summary: Sequence[str] = (),
    chart: Chart | None = None,
    definitions: Sequence[tuple[str, str]] = (),
) -> Content:
    """Rapport annuel sur la mise en œuvre du dispositif (CCH L.635-1 III) : l’essentiel, les mois, les tableaux, ce qu’ils comptent."""
    opening = [heading("L’essentiel"), *(paragraph(each) for each in summary)] if summary else []
    drawn = [heading("Demandes et décisions, mois par mois"), chart] if chart else []
    counted = [heading("Ce que compte chaque chiffre"), *(paragraph(f"{name}\u00a0: {words}.") for name, words in definitions)]
    return _letter(
        issuer,
        title=f"Rapport annuel {year}",
        reference=f"Rapport annuel {year}",
        subject=["Mise en œuvre et suivi du dispositif (article L. 635-1, III)", f"Chiffres arrêtés au {day(on)}"],
        recipient=[],
        blocks=[*opening, *drawn, *sections(report), *(counted if definitions else [])],
        on=on,
    )


def follow_up(
    issuer: Issuer,
    *,
    year: int,
    told: Sequence[tuple[str, str]],
    indicators: Sequence[tuple[str, str, str]],
    texts: Sequence[tuple[str, str]],
    on: date,
) -> Content:
    """Fiche de suivi d’une action de la convention territoriale globale : ce qui est dit d’elle, ses indicateurs, son bilan."""
    blocks: list[Block] = [
        Table("table", columns=["Rubrique", "Contenu"], widths=[5, 13], rows=[list(each) for each in told if each[1]]),
        heading("Indicateurs"),
        Table(
            "table", columns=["Indicateur", str(year - 1), str(year)], widths=[12, 3, 3], rows=[list(each) for each in indicators]
        ),
    ]
    for title, text in texts:
        lines = [line for line in text.splitlines() if line.strip()]
        blocks += [heading(title), *(paragraph(line) for line in lines)] if lines else []
    return _letter(
        issuer,
        title=f"Fiche de suivi {year}",
        reference=f"Fiche de suivi {year}",
        subject=["Convention territoriale globale", f"Chiffres arrêtés au {day(on)}"],
        recipient=[],
        blocks=blocks,
        on=on,
    )


def sections(report: Sequence[Section]) -> list[Block]:
    """A heading and a table for each part of the report."""
    return [
        block
        for title, rows in report
        for block in (
            heading(title),
            Table("table", columns=["Indicateur", "Valeur"], widths=[14, 4], rows=[list(row) for row in rows]),
        )
    ]


def _letter(
    issuer: Issuer, *, title: str, reference: str, subject: list[str], recipient: list[str], blocks: list[Block], on: date
) -> Content:
    return Content(
        title=title,
        subtitle="permis de louer",
        reference=reference,
        on=on.isoformat(),
        letterhead=issuer.letterhead,
        subject=subject,
        recipient=recipient,
        dated=f"{issuer.city}, le {day(on)}",
        blocks=blocks,
    )
