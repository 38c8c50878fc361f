"""Passages that several acts share: the parties, the service, the reach of a permit, the remedies, the signature."""

from __future__ import annotations

from datetime import date, datetime

from documents.content import Block, Content, Signature, Work
from documents.facts import Case, Issuer, MissingPiece, PrescribedWorks, Proceeding, Signatory
from documents.french import NBSP, THIN, day, hour, listing, lower_first, of, upper_first

CODE = "code de la construction et de l’habitation"
# What every act about a permit cites first.
HOUSING = f"le {CODE}, notamment ses articles L. 635-1 à L. 635-11 et R. 635-1 à R. 635-5"
RELATIONS = "code des relations entre le public et l’administration"
_COMMON_FIRST_WORDS = {
    "le", "la", "les", "un", "une", "des", "ce", "cet", "cette", "ces", "il", "elle", "ils", "elles", "on", "aucun", "aucune",
    "dans", "en", "lors", "malgré", "si", "tous", "toutes",
}  # fmt: skip
SEALED = "Acte scellé par le cachet électronique de la collectivité"


def when(starts_at: datetime, ends_at: datetime) -> str:
    """« le 3 décembre 2026, de 9 h 30 à 10 h 20 », on the clocks of the moments themselves."""
    return f"le {day(starts_at.date())}, de {hour(starts_at)} à {hour(ends_at)}"


def content(
    case: Case,
    *,
    title: str,
    subtitle: str,
    on: date,
    blocks: list[Block],
    number: str = "",
    signed_by: Signatory | None = None,
    with_annex: bool = False,
) -> Content:
    """The frame of every act: a letter has a recipient and a date, a decision its signatory and its remedies."""
    is_letter = signed_by is None
    return Content(
        title=title,
        subtitle=subtitle,
        reference=f"{number} · dossier {case.number}" if number else f"Dossier {case.number}",
        on=on.isoformat(),
        letterhead=case.issuer.letterhead,
        subject=[case.address, *([case.description] if case.description else []), _filing(case)],
        recipient=case.recipient if is_letter else [],
        dated=f"{case.issuer.city}, le {day(on)}" if is_letter else "",
        blocks=blocks,
        signature=None if signed_by is None else signature(case.issuer, signed_by, on=on),
        remedies=[] if is_letter else remedies_of(case.issuer),
        annex=case.annex if with_annex else [],
        noun=case.noun,
    )


def heading(text: str) -> Block:
    return Block("heading", text)


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


def item(text: str) -> Block:
    return Block("item", text)


def note(text: str) -> Block:
    return Block("note", text)


def cite(text: str) -> Block:
    return Block("cite", _clause(text))


def consider(text: str) -> Block:
    """A recital; the officer may have typed « Considérant » or the final mark, which the layout sets."""
    text = text.strip()
    if text.lower().startswith("considérant"):
        text = text[len("considérant") :].lstrip(f" ,:{NBSP}")
    return Block("consider", _clause(text if text.lower().startswith(("que ", "qu’", "qu'")) else _that(text)))


def applicants(case: Case) -> str:
    """« Mme Hélène Duprat, 5 allée des Tilleuls, 33000 Bordeaux »: the parties, whatever their gender or number."""
    parties = listing([f"{lessor.name}, {lessor.address}" for lessor in case.lessors])
    return f"{parties}, ayant pour mandataire {case.agent}" if case.agent else parties


def names(case: Case) -> str:
    """The same parties without their addresses."""
    return listing([lessor.name for lessor in case.lessors])


def service_contacts(case: Case | Proceeding) -> list[Block]:
    """The service in charge, where and how to reach it (CRPA R.112-5 and R.112-11-1)."""
    head = case.issuer.letterhead
    lines = [f"{head.service}, {head.kind_label} {head.name}".strip(), _on_one_line(head.postal_address)]
    reach = [f"téléphone : {head.phone}" if head.phone else "", f"courriel : {head.email}" if head.email else ""]
    return [
        heading("Service chargé de votre dossier"),
        paragraph(", ".join(lines) + "".join(f" ; {part}" for part in reach if part) + "."),
    ]


def reach_of_a_permit() -> list[tuple[str, str]]:
    """The articles on duration, lease and reach, the same in every authorisation."""
    return [
        (
            "Durée",
            "La présente autorisation devient caduque s’il apparaît qu’elle n’a pas été suivie d’une mise en location dans "
            "les deux ans de sa délivrance (article R. 635-3).",
        ),
        (
            "Bail",
            "L’autorisation est annexée au bail à chaque nouvelle mise en location ou relocation (article L. 635-5). Une "
            "nouvelle autorisation est nécessaire à chaque nouvelle mise en location (article L. 635-4).",
        ),
        (
            "Portée",
            "L’autorisation n’est pas opposable aux autorités de police chargées de la sécurité et de la salubrité "
            "(article L. 635-9). Elle ne dispense pas le bailleur de délivrer un logement décent et ne préjuge pas de la "
            "qualification de logement décent ou d’habitat indigne (article L. 635-8).",
        ),
    ]


def remedies_of(issuer: Issuer) -> list[str]:
    """Voies et délais de recours, without which no period runs (CJA R.421-1, R.421-5, R.421-7; CRPA L.411-2, L.411-7)."""
    address = _on_one_line(issuer.letterhead.postal_address)
    return [
        "Si vous contestez cette décision, vous pouvez, dans les deux mois qui suivent sa notification :",
        f"former un recours gracieux auprès {of(issuer.executive)}, {address}. Le silence gardé pendant deux mois vaut rejet ; "
        "vous disposez alors de deux mois pour saisir le tribunal ;",
        f"saisir le {court_of(issuer)}. {_DISTANCE}",
    ]


def court_remedies_of(issuer: Issuer) -> list[str]:
    """The court alone: an answer to an administrative appeal opens no second one."""
    return [
        "Si vous contestez cette décision, ou celle que vous aviez contestée, vous pouvez, dans les deux mois qui suivent sa notification :",
        f"saisir le {court_of(issuer)}. {_DISTANCE}",
    ]


def court_of(issuer: Issuer) -> str:
    """« tribunal administratif de Bordeaux, 9 rue Tastet…, ou par l’application Télérecours citoyens »."""
    return f"{issuer.court_name}, {_on_one_line(issuer.court_address)}, ou par l’application Télérecours citoyens, sur www.telerecours.fr"


_DISTANCE = (
    "Ce délai est augmenté d’un mois si vous demeurez outre-mer (ou, pour un tribunal situé outre-mer, hors de cette collectivité) "
    "et de deux mois si vous demeurez à l’étranger (article R. 421-7 du code de justice administrative)."
)


def signature(issuer: Issuer, signatory: Signatory, *, on: date) -> Signature:
    """First name, name and capacity (CRPA L.212-1); a delegation is named by its reference."""
    capacity = signatory.capacity
    if signatory.delegation:
        reference = signatory.delegation.removeprefix("l’")
        absent = " en cas d’absence ou d’empêchement," if signatory.replaces else ""
        capacity = f"Pour {lower_first(issuer.executive)} et par délégation,{absent}\n{lower_first(capacity)}\n({reference})"
    return Signature(issuer.city, day(on), signatory.name, capacity, SEALED if signatory.sealed else "")


def delegation(signatory: Signatory) -> list[str]:
    """The order that lets somebody sign for the executive, as a decision cites it; none by office."""
    if not signatory.delegation:
        return []
    absent = ", en cas d’absence ou d’empêchement du titulaire" if signatory.replaces else ""
    return [f"{signatory.delegation} donnant délégation de signature à {signatory.name}{absent}"]


def missing(piece: MissingPiece) -> str:
    """One item of the list of what is missing: the piece, its text, what is wrong with the one that was given."""
    basis = f" ({piece.basis})" if piece.basis else ""
    reason = f" : {piece.reason.rstrip(' .;')}" if piece.reason else ""
    return f"{piece.label}{basis}{reason} ;"


def _filing(case: Case) -> str:
    filed = f"{upper_first(case.noun)} n° {case.number}"
    if case.complete_on is None:
        return f"{filed}, reçue le {day(case.received_on)}"
    if case.complete_on == case.received_on:
        return f"{filed}, déposée et complète le {day(case.received_on)}"
    return f"{filed}, déposée le {day(case.received_on)} et complète le {day(case.complete_on)}"


def _that(text: str) -> str:
    """« Il manque » gives « qu’il manque »; a name keeps its capital."""
    if text.split()[0].lower() in _COMMON_FIRST_WORDS or text.lower().startswith("l’"):
        text = lower_first(text)
    return f"qu’{text}" if text[:1] in "aeiouéê" else f"que {text}"


def _clause(text: str) -> str:
    """A clause of the long sentence that an order is: it ends with a semicolon."""
    return text.rstrip(f" .;,{NBSP}{THIN}") + " ;"


def _on_one_line(address: str) -> str:
    return ", ".join(line.strip() for line in address.splitlines() if line.strip())


def works_row(works: PrescribedWorks, due: str) -> Work:
    """A line of the annex of works; ``due`` says when they are due, or what was found of them."""
    return Work(works.code, works.place, works.finding, works.evidence, works.basis, works.work, works.proof, due)
