"""What the service writes once the permit has a new holder, and what a landlord commits to in writing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from documents.content import Content
from documents.facts import Case, Party
from documents.french import day, listing
from documents.wording.passages import CODE, content, heading, names, note, paragraph, service_contacts


def transfer_receipt(
    case: Case,
    *,
    on: date,
    former: Sequence[Party],
    new: Sequence[Party],
    cause: str,
    deed_on: date,
    filed_on: date,
    agreed_on: date,
    valid_until: date,
    agent: str = "",
) -> Content:
    """Récépissé de transfert : l’effet est celui du jour du dépôt, quel que soit le jour de l’accord (CCH R.635-3)."""
    owners = listing([f"{party.name}, {party.address}" for party in new])
    if agent:
        owners += f", ayant pour mandataire {agent},"
    return content(
        case,
        title="Récépissé",
        subtitle="de transfert d’une autorisation préalable de mise en location",
        on=on,
        blocks=[
            paragraph(
                f"Une déclaration déposée le {day(filed_on)} au nom de {owners} demande le transfert de l’autorisation préalable "
                f"de mise en location n° {case.number}, à la suite de l’acte suivant : {cause}, du {day(deed_on)}."
            ),
            paragraph(
                f"L’accord du titulaire initial, {listing([party.name for party in former])}, ou de ses ayants droit, a été établi "
                f"le {day(agreed_on)}."
            ),
            heading("Effet"),
            paragraph(
                f"Le transfert prend effet le {day(filed_on)}, date du dépôt de la déclaration (article R. 635-3 du {CODE}). Le "
                "présent récépissé ne vaut pas décision : le service constate la déclaration et l’accord."
            ),
            heading("Durée"),
            paragraph(
                f"Le transfert ne fait pas repartir le délai de deux ans. L’autorisation devient caduque s’il apparaît qu’elle n’a "
                f"pas été suivie d’une mise en location au plus tard le {day(valid_until)}."
            ),
            heading("Bail"),
            paragraph(
                "L’autorisation et le présent récépissé sont annexés au bail (article L. 635-5). Les conditions dont "
                "l’autorisation serait assortie s’imposent au nouveau titulaire."
            ),
            *service_contacts(case),
        ],
    )


def works_commitment(case: Case, *, on: date, name: str, paragraphs: Sequence[str], due_on: date) -> Content:
    """Engagement écrit de travaux, tel que son auteur l’a écrit."""
    return content(
        case,
        title="Engagement écrit",
        subtitle="de réaliser des travaux",
        on=on,
        blocks=[
            paragraph(
                f"Au cours de l’instruction de la demande n° {case.number}, présentée par {names(case)}, {name} a écrit au service, "
                f"le {day(on)}, s’engager à réaliser au plus tard le {day(due_on)} les travaux suivants :"
            ),
            *[paragraph(text) for text in paragraphs],
            note(
                "Cet engagement est celui de son auteur. Il n’arrête pas le délai de la demande, ne vaut pas autorisation, et la "
                "décision peut le citer sans y être tenue."
            ),
            *service_contacts(case),
        ],
    )
