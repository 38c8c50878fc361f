"""Parts that several acts share: letterhead, subject, recipient, remedies, annex, and French typography."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from documents.content import Block, Content, Letterhead, Signature, Work
from permis import sheet
from permis.enums import LessorKind
from permis.models import Application
from territories.models import Authority

NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")  # fmt: skip
_SPACES = {" :": f"{NBSP}:", " ;": f"{THIN};", " ?": f"{THIN}?", " !": f"{THIN}!", "« ": f"«{NBSP}", " »": f"{NBSP}»",
           " m²": f"{NBSP}m²", "n° ": f"n°{NBSP}", "L. ": f"L.{NBSP}", "R. ": f"R.{NBSP}"}  # fmt: skip


def french(text: str) -> str:
    """No-break spaces where French typography wants them."""
    for plain, right in _SPACES.items():
        text = text.replace(plain, right)
    return text


def day(value: date | None) -> str:
    """« 1er mars 2026 »."""
    if value is None:
        return ""
    return f"{'1er' if value.day == 1 else value.day}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def content(application: Application, *, title: str, subtitle: str, on: date, **parts: Any) -> Content:
    """An act on this case, with its letterhead and subject, and every text in French typography."""
    draft = Content(
        title=title,
        subtitle=subtitle,
        reference=french(f"Dossier n° {application.number}") if application.number else "Demande non déposée",
        on=on.isoformat(),
        letterhead=letterhead(application.authority),
        subject=subject(application),
        **parts,
    )
    return replace(
        draft,
        title=french(draft.title),
        subtitle=french(draft.subtitle),
        blocks=[Block(block.kind, french(block.text)) for block in draft.blocks],
        remedies=[french(text) for text in draft.remedies],
        works_after=french(draft.works_after),
    )


def letterhead(authority: Authority) -> Letterhead:
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


def subject(application: Application) -> list[str]:
    """What the act is about: the dwelling, then the application."""
    dwelling = application.dwelling
    lines = [sheet.address_line(application)]
    designation = [dwelling.get_housing_display()]
    if dwelling.rooms:
        designation.append(
            f"{dwelling.rooms} pièce{'s' if dwelling.rooms > 1 else ''} principale{'s' if dwelling.rooms > 1 else ''}"
        )
    if dwelling.surface:
        designation.append(f"{dwelling.surface.normalize():f} m²".replace(".", ","))
    if dwelling.lot:
        designation.append(f"lot n° {dwelling.lot}")
    if dwelling.cadastral_reference:
        designation.append(f"parcelle {dwelling.cadastral_reference}")
    lines.append(french(", ".join(part for part in designation if part)))
    received = f", reçue le {day(application.received_on)}" if application.received_on else ""
    lines.append(french(f"Demande n° {application.number}{received}"))
    return lines


def recipient(application: Application) -> list[str]:
    """The address that shows in the window of an envelope: the agent where there is one, else the first lessor."""
    agent = getattr(application, "agent", None)
    first = application.lessors.order_by("position").first()
    if agent is not None:
        return [agent.name, f"pour {lessors(application)}", *agent.address.split(", ")]
    if first is None:
        return []
    country = [] if first.country == "France" else [first.country]
    capacity = [first.capacity] if first.kind == LessorKind.COMPANY and first.capacity else []
    return [first.name, *capacity, first.address, f"{first.postcode} {first.city}", *country]


def lessors(application: Application) -> str:
    """« Mme Hélène Duprat et M. Paul Duprat »."""
    names = [lessor.name for lessor in application.lessors.order_by("position")]
    return " et ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def applicant(application: Application) -> str:
    """The lessors, by their agent where there is one, with where they live."""
    first = application.lessors.order_by("position").first()
    where = f", demeurant {first.postal_address}" if first else ""
    agent = getattr(application, "agent", None)
    by = f", par l’intermédiaire de {agent.name}, mandataire" if agent is not None else ""
    return f"{lessors(application)}{where}{by}"


def annex(application: Application) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every answer of the application, which a permit reproduces (R.635-3)."""
    return [(section.title, section.rows) for section in sheet.sections(application)]


def remedies(authority: Authority, *, what: str = "cette décision") -> list[str]:
    """Appeal routes and periods, without which no period runs (CJA R.421-5)."""
    return [
        f"Si vous contestez {what}, vous pouvez, dans les deux mois qui suivent sa notification :",
        f"former un recours gracieux auprès de l’autorité qui l’a prise ({authority.name}, {_one_line(authority.postal_address)}). "
        "Le silence gardé pendant deux mois vaut rejet ; vous disposez alors de deux mois pour saisir le tribunal ;",
        f"saisir le {authority.court_name}, {authority.court_address}, ou par l’application Télérecours citoyens, sur "
        "www.telerecours.fr. Ce délai est augmenté d’un mois pour les personnes qui demeurent outre-mer et de deux mois pour "
        "celles qui demeurent à l’étranger.",
    ]


def signature(authority: Authority, *, name: str, capacity: str, on: date, delegation: str = "") -> Signature:
    by_delegation = "Pour l’exécutif et par délégation,\n" if delegation else ""
    return Signature(
        place=authority.city,
        date=day(on),
        name=name,
        capacity=f"{by_delegation}{capacity}",
        mention="Signature électronique et cachet de la collectivité",
    )


def work(entry: Any) -> Work:
    return Work(
        code=entry.code,
        place=entry.place,
        finding=french(entry.finding),
        evidence=french(entry.evidence),
        basis=french(entry.basis),
        work=french(entry.work),
        proof=french(entry.proof),
        due=f"avant le {day(entry.due_on)}" if entry.due_on else "",
    )


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a free text."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def contact(authority: Authority) -> str:
    """Service, postal and electronic address, phone: mentions of CRPA R.112-5."""
    parts = [authority.service, authority.name, _one_line(authority.postal_address), authority.phone, authority.email]
    return ", ".join(part for part in parts if part)


def _one_line(text: str) -> str:
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())
