"""The grid of a visit on paper, for the day the phone fails: what the sheet says, as data."""

from __future__ import annotations

from datetime import date
from typing import Any

from documents import qr, rendering
from documents.french import day as in_words
from documents.french import hour
from inspections import grid
from inspections.enums import RoomKind
from inspections.grid import Grid
from inspections.models import Visit
from permis.models import Dwelling
from territories.models import Authority

SHEET = "grid"
# Rows of measures where the application does not say how many rooms there are, and beside those it tells of.
ROOMS, OTHER_ROOMS = 8, 4
ADVICE = (
    "Cochez une case par point. Pour chaque non-conformité, écrivez la pièce et ce que vous voyez ; donnez une raison si la gravité "
    "n’est pas celle de la grille. Photographiez chaque page à plat, ou numérisez-les, puis joignez-les à la visite."
)


def of_visit(visit: Visit, *, attach_url: str, on: date) -> bytes:
    """The sheet of one visit, with a code that leads to where its scan is attached."""
    application = visit.application
    authority, dwelling = application.authority, application.dwelling
    start, end = authority.local(visit.starts_at), authority.local(visit.ends_at)
    facts = [
        ("Dossier", str(application)),
        ("Logement", f"{dwelling.street_line}, {dwelling.postcode} {application.commune.name}"),
        ("Rendez-vous", f"{in_words(start.date())}, de {hour(start)} à {hour(end)}, {visit.inspector.full_name}"),
        ("Déclaré", ", ".join(_declared(dwelling))),
    ]
    return _sheet(
        grid.followed_by(visit),
        authority,
        on=on,
        subtitle=str(visit.get_purpose_display()),
        reference=f"Visite {visit.pk} – {application}",
        facts=facts,
        rooms=(dwelling.rooms or ROOMS - OTHER_ROOMS) + OTHER_ROOMS,
        qr=qr.drawing(attach_url),
        qr_alt=f"Code à photographier, qui mène à {attach_url}",
    )


def blank(authority: Authority, *, on: date) -> bytes:
    """The sheet of no visit: what an authority looks at, to be read or handed out."""
    found = grid.of(authority)
    return _sheet(found, authority, on=on, subtitle="Tous les points regardés", reference="Sans dossier", facts=[], rooms=ROOMS)


def _sheet(found: Grid, authority: Authority, *, reference: str, on: date, **said: Any) -> bytes:
    content = {
        "title": "Grille de visite",
        "authority": f"{authority.kind_label} {authority.name}",
        "on": on.isoformat(),
        "reference": f"{reference} – grille {found.version}",
        "advice": ADVICE,
        "kinds": ", ".join(str(kind.label).lower() if kind != RoomKind.TOILET else str(kind.label) for kind in RoomKind),
        "qr": "",
        "qr_alt": "",
        "sections": [
            {
                "title": f"{section.code} – {section.title}",
                "items": [
                    {
                        "code": item.code,
                        "title": item.title,
                        "severity": str(item.severity.label),
                        "conform": f"Conforme si : {item.conform}",
                        "basis": item.basis,
                    }
                    for item in section.items
                ],
            }
            for section in found.sections
            if section.items
        ],
        **said,
    }
    return rendering.render_sheet(SHEET, content)


def _declared(dwelling: Dwelling) -> list[str]:
    """What the application tells of the dwelling, for the inspector to compare."""
    mark = "s" if (dwelling.rooms or 0) > 1 else ""
    rooms = f"{dwelling.rooms} pièce{mark} principale{mark}" if dwelling.rooms else ""
    surface = f"{dwelling.surface:f} m²".replace(".", ",") if dwelling.surface else ""
    return [said for said in (rooms, surface) if said] or ["ni le nombre de pièces, ni la surface"]
