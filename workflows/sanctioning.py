"""What a sanction tells each of its acts: facts read from the database; the words are those of `documents.wording.sanctions`."""

from __future__ import annotations

from datetime import date

from documents.content import Content
from documents.facts import Answered, Debt, Fine, Party, Proceeding, Signatory
from documents.french import day
from documents.wording import sanctions as wording
from permis.breaches import Breach, FindingSource
from permis.models import Sanction
from workflows.drafting import competence_of, issuer_of, known, paragraphs, perimeter_of


def observations_letter(sanction: Sanction, *, on: date) -> Content:
    """La lettre qui invite la personne à présenter ses observations."""
    return wording.observations_letter(proceeding(sanction), on=on)


def fine(sanction: Sanction, *, signatory: Signatory, on: date) -> Content:
    """L’arrêté d’amende tel qu’il serait signé ce jour-là, dans cette qualité. Raises IncompleteAct."""
    ordered = Fine(sanction.amount or 0, paragraphs(sanction.reasons), paragraphs(sanction.exception))
    return wording.fine(proceeding(sanction), _answered(sanction), ordered, signatory=signatory, on=on)


def closure(sanction: Sanction, *, on: date) -> Content:
    """La lettre qui classe la procédure."""
    reasons = paragraphs(sanction.ending)
    return wording.closure(proceeding(sanction), reasons=reasons, regularised_on=sanction.regularised_on, on=on)


def withdrawal(sanction: Sanction, *, signatory: Signatory, on: date) -> Content:
    """L’arrêté qui retire l’amende."""
    return wording.withdrawal(
        proceeding(sanction),
        fined_on=known(sanction.fined_on),
        amount=sanction.amount or 0,
        reasons=paragraphs(sanction.ending),
        signatory=signatory,
        on=on,
    )


def title_sheet(sanction: Sanction, *, on: date) -> Content:
    """Les données du titre de recette."""
    return wording.title_sheet(proceeding(sanction), _debt(sanction), on=on)


def title_rows(sanction: Sanction) -> list[tuple[str, str]]:
    """The same, line by line."""
    return wording.title_rows(proceeding(sanction), _debt(sanction))


def proceeding(sanction: Sanction) -> Proceeding:
    zone, previous = sanction.zone, sanction.previous if sanction.repeated else None
    person = f"{sanction.person_address}, {sanction.person_postcode} {sanction.person_city}"
    return Proceeding(
        issuer=issuer_of(sanction.authority),
        number=sanction.number,
        breach=Breach(sanction.breach),
        person=Party(sanction.person_name, person),
        recipient=[sanction.person_name, sanction.person_address, f"{sanction.person_postcode} {sanction.person_city}"],
        address=f"{sanction.address}, {sanction.postcode} {sanction.commune.name}",
        perimeter=perimeter_of(zone),
        found_on=sanction.found_on,
        found_by=sanction.found_by_name,
        source=str(FindingSource(sanction.source).label),
        facts=paragraphs(sanction.facts),
        cap=sanction.cap,
        case=sanction.application.number or "" if sanction.application else "",
        siret=sanction.person_siret,
        let_on=sanction.let_on,
        competence=competence_of(sanction.authority, sanction.commune, sanction.regime, on=sanction.found_on),
        earlier=f"procédure {previous.number}, constat du {day(previous.found_on)}" if previous else "",
    )


def _answered(sanction: Sanction) -> Answered:
    return Answered(
        letter_on=known(sanction.letter_sent_on),
        presented_on=known(sanction.letter_received_on),
        until=known(sanction.observations_until),
        observations_on=sanction.observations_on,
        heard_on=sanction.heard_on,
        regularised_on=sanction.regularised_on,
        receipt=sanction.receipt,
    )


def _debt(sanction: Sanction) -> Debt:
    signatory = f"{sanction.signatory_name}, {sanction.signatory_capacity}"
    return Debt(sanction.due, known(sanction.fined_on), known(sanction.notified_on), signatory)
