"""Acts about an administrative appeal: its acknowledgement, its rejection, what it undoes (CRPA L.411-2, L.411-3, L.411-7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from documents.content import Block, Content
from documents.facts import Case, Signatory
from documents.french import day
from documents.wording.afterlife import IncompleteAct
from documents.wording.passages import (
    CODE,
    HOUSING,
    RELATIONS,
    cite,
    consider,
    content,
    court_of,
    court_remedies_of,
    heading,
    names,
    note,
    paragraph,
    service_contacts,
)


def receipt(
    case: Case,
    *,
    on: date,
    against: str,
    received_on: date,
    implicit_rejection_on: date,
    court_until: date | None,
    late_since: date | None = None,
) -> Content:
    """Accusé de réception d’un recours gracieux : le jour du rejet implicite, et ce qui s’ouvre alors (CRPA L.411-3, R.112-5).

    ``court_until`` is missing where no period could be opposed; ``late_since`` is the last day of an appeal that came after it.
    """
    late = (
        []
        if late_since is None
        else [
            note(
                f"Votre recours a été reçu après le {day(late_since)}, dernier jour du délai. Il est examiné, mais il ne prolonge pas "
                "le délai pour saisir le tribunal : ne l’attendez pas."
            )
        ]
    )
    last_day = f", soit au plus tard le {day(court_until)}" if court_until and not late_since else ""
    return content(
        case,
        title="Accusé de réception",
        subtitle="de votre recours gracieux",
        on=on,
        blocks=[
            paragraph(
                f"Votre recours gracieux contre {against}, demande n° {case.number}, a été reçu le {day(received_on)} (articles "
                f"L. 411-2 et L. 411-3 du {RELATIONS})."
            ),
            *late,
            heading("La réponse"),
            paragraph(
                "Votre recours peut donner lieu à une décision implicite de rejet. Si aucune décision ne vous est notifiée au plus "
                f"tard le {day(implicit_rejection_on)}, il sera réputé rejeté à cette date : le silence gardé pendant deux mois vaut "
                "rejet (article L. 411-7)."
            ),
            heading("Ce que vous pourrez faire alors"),
            *(
                []
                if late_since
                else [
                    paragraph(
                        f"Vous disposerez de deux mois à compter de ce rejet{last_day}, pour saisir le {court_of(case.issuer)}. Ce "
                        "délai est augmenté d’un mois si vous demeurez outre-mer et de deux mois si vous demeurez à l’étranger "
                        "(articles R. 421-1, R. 421-2 et R. 421-7 du code de justice administrative)."
                    )
                ]
            ),
            paragraph(
                "Vous pourrez aussi, dans le délai du recours devant le tribunal, demander les motifs de ce rejet : ils vous seront "
                "communiqués dans le mois de votre demande (article L. 232-4)."
            ),
            note(
                "Un recours ne suspend pas la décision contestée : le logement ne peut pas être loué sans autorisation (article "
                f"L. 635-3 du {CODE})."
            ),
            *service_contacts(case),
        ],
    )


def rejection(
    case: Case,
    *,
    signatory: Signatory,
    on: date,
    against: str,
    received_on: date,
    reasons: Sequence[str],
    silent_since: date | None = None,
) -> Content:
    """Rejet exprès d’un recours gracieux, motivé, avec le tribunal à saisir (CRPA L.211-2, CJA R.421-5)."""
    given = [reason for reason in reasons if reason.strip()]
    if not given:
        raise IncompleteAct("Dites pourquoi le recours est rejeté : la réponse doit être motivée.")
    after_silence = (
        [cite(f"le rejet né le {day(silent_since)} du silence gardé sur ce recours, que la présente décision remplace")]
        if silent_since
        else []
    )
    frame = content(
        case,
        title="Décision",
        subtitle="de rejet d’un recours gracieux",
        on=on,
        signed_by=signatory,
        blocks=[
            paragraph(f"{case.issuer.executive},"),
            cite(HOUSING),
            cite(f"le {RELATIONS}, notamment ses articles L. 211-2, L. 211-5, L. 411-2 et L. 411-7"),
            cite(against),
            cite(f"le recours gracieux présenté par {names(case)}, reçu le {day(received_on)}"),
            *after_silence,
            *[consider(reason) for reason in given],
            Block("enact", "DÉCIDE"),
            heading("Article 1 – Rejet"),
            paragraph(f"Le recours gracieux reçu le {day(received_on)} est rejeté."),
            heading("Article 2 – Maintien"),
            paragraph(f"Reste en vigueur {against}."),
            heading("Article 3 – Exécution"),
            paragraph(f"La présente décision est notifiée à {names(case)}."),
        ],
    )
    return replace(frame, remedies=court_remedies_of(case.issuer))


def acceptance(
    case: Case,
    *,
    signatory: Signatory,
    on: date,
    against: str,
    received_on: date,
    reasons: Sequence[str],
    effect: str,
) -> Content:
    """Recours gracieux accueilli contre un classement, un retrait ou une abrogation : l’acte contesté est retiré (CRPA L.411-2).

    ``against`` begins with its article, « le classement sans suite du… » ; ``effect`` says what the case becomes.
    """
    given = [reason for reason in reasons if reason.strip()]
    if not given:
        raise IncompleteAct("Dites pourquoi le recours est accueilli : la réponse doit être motivée.")
    withdrawn = "retirée" if against.startswith(("l’abrogation", "la ")) else "retiré"
    return content(
        case,
        title="Décision",
        subtitle="accueillant un recours gracieux",
        on=on,
        signed_by=signatory,
        blocks=[
            paragraph(f"{case.issuer.executive},"),
            cite(HOUSING),
            cite(f"le {RELATIONS}, notamment ses articles L. 211-5 et L. 411-2"),
            cite(against),
            cite(f"le recours gracieux présenté par {names(case)}, reçu le {day(received_on)}"),
            *[consider(reason) for reason in given],
            Block("enact", "DÉCIDE"),
            heading("Article 1 – Retrait"),
            paragraph(f"{against[0].upper()}{against[1:]} est {withdrawn}."),
            heading("Article 2 – Effet"),
            paragraph(effect),
            heading("Article 3 – Exécution"),
            paragraph(f"La présente décision est notifiée à {names(case)}."),
        ],
    )
