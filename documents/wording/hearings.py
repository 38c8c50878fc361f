"""Letters that open an adversarial procedure: the facts, the texts, and the time to answer (CRPA L.121-1, L.122-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from documents.content import Block, Content
from documents.facts import Case, PrescribedWorks
from documents.french import day
from documents.wording.passages import CODE, RELATIONS, content, heading, item, note, paragraph, service_contacts, works_row

_IN_WORDS = {8: "huit", 15: "quinze", 21: "vingt et un", 30: "trente"}


def before_repeal(
    case: Case,
    *,
    on: date,
    granted_on: date,
    reasons: Sequence[str],
    works: Sequence[PrescribedWorks],
    texts: Sequence[str] = (),
    days: int = 15,
) -> Content:
    """Lettre contradictoire avant d’abroger une autorisation dont les travaux ne sont pas faits (CRPA L.242-2, 1°)."""
    frame = content(
        case,
        title="Lettre contradictoire",
        subtitle="avant l’abrogation envisagée de votre autorisation préalable de mise en location",
        on=on,
        blocks=[
            paragraph(
                f"Une autorisation préalable de mise en location assortie de conditions vous a été accordée le {day(granted_on)} "
                f"pour le logement désigné ci-dessus, sur votre demande n° {case.number}. Le service constate que les travaux "
                "suivants, qu’elle prescrit, ne sont pas faits :"
            ),
            Block("works"),
            *_facts(reasons, texts),
            heading("Ce qui est envisagé"),
            paragraph(
                "L’autorisation est subordonnée à ces conditions. Lorsqu’elles ne sont plus remplies, l’administration peut "
                f"l’abroger, sans condition de délai (article L. 242-2, 1°, du {RELATIONS}). L’abrogation y met fin pour "
                "l’avenir ; elle est motivée (articles L. 211-2 et L. 211-5 du même code) et sans effet sur le bail dont "
                f"bénéficie déjà un locataire (article L. 635-8 du {CODE})."
            ),
            *_rights(days),
            paragraph(
                "Si les travaux sont faits, envoyez-en la preuve : facture, photographies, attestation. Vous pouvez aussi demander "
                "une contre-visite du logement."
            ),
            note("Cette lettre n’est pas une décision : l’autorisation reste en vigueur, avec ses conditions."),
            *service_contacts(case),
        ],
    )
    return replace(frame, works=[works_row(each, "constatés non faits") for each in works])


def before_revocation(
    case: Case,
    *,
    on: date,
    taken_on: date,
    withdrawable_until: date,
    reasons: Sequence[str],
    texts: Sequence[str] = (),
    days: int = 15,
    tacit: bool = False,
) -> Content:
    """Lettre contradictoire avant de retirer une autorisation qui paraît illégale (CRPA L.242-1, L.241-2)."""
    born = "est née du silence gardé par l’administration" if tacit else "vous a été accordée"
    return content(
        case,
        title="Lettre contradictoire",
        subtitle="avant le retrait envisagé de votre autorisation préalable de mise en location",
        on=on,
        blocks=[
            paragraph(
                f"Une autorisation préalable de mise en location {born} le {day(taken_on)} pour le logement désigné ci-dessus, sur "
                f"votre demande n° {case.number}. Le service envisage de la retirer, parce qu’elle paraît illégale."
            ),
            *_facts(reasons, texts),
            heading("Ce qui est envisagé"),
            paragraph(
                "L’administration ne peut retirer une décision créatrice de droits que si elle est illégale et dans les quatre mois "
                f"de son intervention, soit au plus tard le {day(withdrawable_until)} (article L. 242-1 du {RELATIONS}) ; "
                "obtenue par fraude, elle peut être retirée à tout moment (article L. 241-2). Le retrait fait disparaître "
                "l’autorisation comme si elle n’avait jamais existé ; il est motivé (articles L. 211-2 et L. 211-5) et sans effet "
                f"sur le bail dont bénéficie déjà un locataire (article L. 635-8 du {CODE})."
            ),
            *_rights(days),
            note(
                "Cette lettre n’est pas une décision : l’autorisation reste en vigueur. Ne signez pas de bail sans en tenir compte."
            ),
            *service_contacts(case),
        ],
    )


def _facts(reasons: Sequence[str], texts: Sequence[str]) -> list[Block]:
    found = [heading("Les faits"), *(paragraph(reason) for reason in reasons)]
    return [*found, heading("Les textes"), *(item(text) for text in texts)] if texts else found


def _rights(days: int) -> list[Block]:
    """Writing or speaking, with counsel, after having read the file (CRPA L.121-1, L.122-1)."""
    return [
        heading("Vos observations"),
        paragraph(
            f"Avant toute décision, vous pouvez présenter vos observations dans un délai de {_IN_WORDS[days]} jours à compter de la "
            "réception de cette lettre, par écrit ou, si vous le demandez, de vive voix. Vous pouvez vous faire assister par un "
            f"conseil ou représenter par un mandataire de votre choix (articles L. 121-1 et L. 122-1 du {RELATIONS})."
        ),
        paragraph("Vous pouvez consulter votre dossier au service, sur rendez-vous, et en demander une copie."),
    ]
