"""Acts that follow or end a case: lifting of the conditions, closure, attestation of a tacit permit, revocation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from documents.content import Block, Content
from documents.facts import Case, Heard, MissingPiece, PrescribedWorks, Signatory
from documents.french import day, listing, of
from documents.wording.passages import (
    CODE,
    HOUSING,
    RELATIONS,
    cite,
    consider,
    content,
    heading,
    names,
    note,
    paragraph,
    reach_of_a_permit,
    works_row,
)


class IncompleteAct(ValueError):
    """An act that takes a right away or closes a case says why (CRPA L.211-2, L.211-5)."""


def lifting(
    case: Case, *, signatory: Signatory, on: date, granted_on: date, valid_until: date, works: Sequence[PrescribedWorks] = ()
) -> Content:
    """Levée des conditions : un acte nouveau, après preuves ou contre-visite."""
    frame = content(
        case,
        title="Levée des conditions",
        subtitle="de l’autorisation préalable de mise en location",
        on=on,
        signed_by=signatory,
        blocks=[
            paragraph(f"{case.issuer.executive},"),
            cite(HOUSING),
            cite(f"l’autorisation préalable de mise en location assortie de conditions du {day(granted_on)}"),
            cite("les preuves des travaux remises au service et les constatations faites par celui-ci"),
            consider("que tous les travaux prescrits ont été exécutés ; qu’il y a lieu, dès lors, de lever les conditions"),
            Block("enact", "DÉCIDE"),
            heading("Article 1 – Levée"),
            paragraph(
                f"Les conditions de l’autorisation accordée le {day(granted_on)} à {names(case)} pour le logement désigné "
                "ci-dessus sont levées."
            ),
            *([Block("works")] if works else []),
            heading("Article 2 – Bail"),
            paragraph(
                "Le bail peut être signé. L’autorisation et la présente levée sont annexées au bail (article L. 635-5). Une "
                "nouvelle autorisation est nécessaire à chaque nouvelle mise en location (article L. 635-4)."
            ),
            heading("Article 3 – Durée"),
            paragraph(
                "La levée ne fait pas repartir le délai de deux ans : l’autorisation devient caduque s’il apparaît qu’elle n’a "
                f"pas été suivie d’une mise en location au plus tard le {day(valid_until)} (article R. 635-3)."
            ),
            heading("Article 4 – Transmission"),
            paragraph(
                f"La présente décision est notifiée à {names(case)}. Les destinataires de l’autorisation assortie de conditions "
                "en sont informés (article L. 635-10)."
            ),
        ],
    )
    return replace(frame, works=[works_row(each, "constatés faits") for each in works])


def closure(
    case: Case,
    *,
    signatory: Signatory,
    on: date,
    pieces: Sequence[MissingPiece],
    requested_on: date,
    respond_by: date,
    reminded_on: date,
) -> Content:
    """Classement sans suite d’une demande jamais complétée : décision motivée, après relance, avec les voies de recours."""
    if not pieces:
        raise IncompleteAct("Dites quelles pièces manquent encore : le classement sans suite doit être motivé.")
    return content(
        case,
        title="Classement sans suite",
        subtitle="de votre demande d’autorisation préalable de mise en location",
        on=on,
        signed_by=signatory,
        blocks=[
            paragraph(f"{case.issuer.executive},"),
            cite(HOUSING),
            cite(f"le {RELATIONS}, notamment ses articles L. 114-5, L. 211-2 et L. 211-5"),
            cite(f"la demande n° {case.number}, reçue le {day(case.received_on)}"),
            consider(
                f"que la demande ne comportait pas toutes les pièces exigées par les textes ; que le service a demandé le "
                f"{day(requested_on)}, pour le {day(respond_by)} au plus tard, {listing([_named(piece) for piece in pieces])}"
            ),
            consider(f"qu’une relance a été envoyée le {day(reminded_on)} et que les pièces n’ont pas été reçues"),
            consider(
                "que, faute de ces pièces, le délai au terme duquel le silence vaut autorisation n’a pas couru et que la demande "
                "ne peut pas être examinée"
            ),
            Block("enact", "DÉCIDE"),
            heading("Article 1 – Classement"),
            paragraph(f"La demande n° {case.number} est classée sans suite. Elle ne vaut pas autorisation."),
            heading("Article 2 – Nouvelle demande"),
            paragraph(
                "Une nouvelle demande peut être déposée à tout moment, avec les pièces déjà fournies si elles sont encore "
                f"valables. Elle est nécessaire avant de mettre le logement en location (article L. 635-3 du {CODE})."
            ),
        ],
    )


def tacit_attestation(
    case: Case,
    *,
    on: date,
    clock_started_on: date,
    tacit_on: date,
    valid_until: date,
    reexamined: bool = False,
    transferred_to: str = "",
) -> Content:
    """Attestation d’une autorisation née du silence, avec toutes les données de la demande (CRPA L.232-3, CCH R.635-3)."""
    silence = (
        "Le silence gardé jusqu’au terme fixé par le juge pour réexaminer la demande"
        if reexamined
        else f"Le silence gardé pendant un mois à compter du {day(clock_started_on)}"
    )
    articles = dict(reach_of_a_permit())
    return content(
        case,
        title="Attestation",
        subtitle="d’autorisation préalable de mise en location née du silence gardé par l’administration",
        on=on,
        with_annex=True,
        blocks=[
            paragraph(
                f"Il est attesté, en application de l’article L. 232-3 du {RELATIONS}, que la demande d’autorisation préalable "
                f"de mise en location n° {case.number}, présentée par {names(case)} et reçue le {day(case.received_on)}, n’a "
                f"fait l’objet d’aucune décision expresse notifiée au plus tard le {day(tacit_on)}."
            ),
            paragraph(
                f"{silence} vaut autorisation (article L. 635-4 du {CODE}). Une autorisation tacite de mise en location est donc "
                f"née le {day(tacit_on)} pour le logement désigné "
                "ci-dessus. Les renseignements de la demande sont reproduits en annexe."
            ),
            *([paragraph(f"Elle a été transférée à {transferred_to} (article R. 635-3).")] if transferred_to else []),
            heading("Durée"),
            paragraph(
                "Cette autorisation devient caduque s’il apparaît qu’elle n’a pas été suivie d’une mise en location dans les "
                f"deux ans de sa délivrance, soit au plus tard le {day(valid_until)} (article R. 635-3)."
            ),
            heading("Bail"),
            paragraph(f"La présente attestation tient lieu d’autorisation pour le bail. {articles['Bail']}"),
            heading("Portée"),
            paragraph(
                f"{articles['Portée']} Si elle est illégale, elle peut être retirée dans les quatre mois de sa naissance, après "
                f"une procédure contradictoire (article L. 242-1 du {RELATIONS})."
            ),
            note(f"Délivrée au nom {of(case.issuer.executive)}, à la demande du titulaire de l’autorisation."),
        ],
    )


def revocation(
    case: Case,
    *,
    signatory: Signatory,
    on: date,
    reasons: Sequence[str],
    taken_on: date,
    heard: Heard,
    tacit: bool = False,
    fraud: Sequence[str] = (),
) -> Content:
    """Retrait d’une autorisation illégale, après procédure contradictoire (CRPA L.121-1, L.122-1, L.242-1, L.241-2).

    ``fraud`` says what the fraud was, where there is one: no period then stands in the way.
    """
    if not [reason for reason in reasons if reason.strip()]:
        raise IncompleteAct("Dites en quoi l’autorisation est illégale : le retrait doit être motivé.")
    permit = "l’autorisation tacite" if tacit else "l’autorisation"
    in_time = (
        "que l’autorisation a été obtenue par fraude et peut être retirée à tout moment"
        if fraud
        else f"que le présent retrait intervient dans les quatre mois de l’autorisation, intervenue le {day(taken_on)}"
    )
    return content(
        case,
        title="Arrêté",
        subtitle="portant retrait d’une autorisation préalable de mise en location",
        on=on,
        signed_by=signatory,
        with_annex=True,
        blocks=[
            paragraph(f"{case.issuer.executive},"),
            cite(HOUSING),
            cite(
                f"le {RELATIONS}, notamment ses articles L. 121-1, L. 122-1, L. 211-2, L. 211-5 et "
                f"{'L. 241-2' if fraud else 'L. 242-1'}"
            ),
            cite(f"{permit} préalable de mise en location {'née' if tacit else 'accordée'} le {day(taken_on)}"),
            *_heard(heard),
            *[consider(reason) for reason in [*reasons, *fraud] if reason.strip()],
            consider(f"qu’il en résulte que {permit} est illégale"),
            consider(in_time),
            Block("enact", "ARRÊTE"),
            heading("Article 1 – Retrait"),
            paragraph(
                f"{permit[0].upper()}{permit[1:]} préalable de mise en location du {day(taken_on)} est retirée. Elle est réputée "
                "n’avoir jamais existé."
            ),
            heading("Article 2 – Effets"),
            paragraph(
                "Aucun bail ne peut être signé sur le fondement de l’autorisation retirée. Le retrait est sans effet sur le bail "
                "dont bénéficie déjà un locataire (article L. 635-8). Une nouvelle demande peut être déposée à tout moment."
            ),
            *_execution(case, 3),
        ],
    )


def repeal(
    case: Case,
    *,
    signatory: Signatory,
    on: date,
    reasons: Sequence[str],
    granted_on: date,
    heard: Heard,
    works: Sequence[PrescribedWorks],
) -> Content:
    """Abrogation d’une autorisation dont une condition n’est pas remplie (CRPA L.242-2, 1°)."""
    if not [reason for reason in reasons if reason.strip()]:
        raise IncompleteAct("Dites quelle condition n’est pas remplie : l’abrogation doit être motivée.")
    if not works:
        raise IncompleteAct("L’abrogation nomme au moins un des travaux prescrits qui ne sont pas faits.")
    frame = content(
        case,
        title="Arrêté",
        subtitle="portant abrogation d’une autorisation préalable de mise en location",
        on=on,
        signed_by=signatory,
        blocks=[
            paragraph(f"{case.issuer.executive},"),
            cite(HOUSING),
            cite(f"le {RELATIONS}, notamment ses articles L. 121-1, L. 122-1, L. 211-2, L. 211-5 et L. 242-2, 1°"),
            cite(f"l’autorisation préalable de mise en location assortie de conditions du {day(granted_on)}"),
            *_heard(heard),
            *[consider(reason) for reason in reasons if reason.strip()],
            consider(
                "que les travaux de l’article 1, auxquels l’autorisation était subordonnée, ne sont pas faits ; que ses conditions ne "
                "sont donc plus remplies"
            ),
            Block("enact", "ARRÊTE"),
            heading("Article 1 – Abrogation"),
            paragraph(
                f"L’autorisation accordée le {day(granted_on)} à {names(case)} pour le logement désigné ci-dessus est abrogée à compter "
                "de la notification du présent arrêté. Les travaux suivants restent à faire :"
            ),
            Block("works"),
            heading("Article 2 – Effets"),
            paragraph(
                "L’abrogation ne vaut que pour l’avenir. Aucun bail ne peut plus être signé sur le fondement de l’autorisation ; celui "
                "dont bénéficie déjà un locataire n’en est pas affecté (article L. 635-8). Une nouvelle demande peut être déposée à "
                "tout moment."
            ),
            *_execution(case, 3),
        ],
    )
    return replace(frame, works=[works_row(each, "non faits") for each in works])


def _heard(heard: Heard) -> list[Block]:
    """How the holder was able to answer: what a judge looks at first (CRPA L.121-1, L.122-1)."""
    received = f", reçue le {day(heard.received_on)}," if heard.received_on else ""
    found = [
        cite(
            f"la lettre du {day(heard.sent_on)}{received} invitant le titulaire à présenter ses observations, écrites ou orales, avec "
            "l’assistance d’un conseil ou d’un mandataire de son choix"
        )
    ]
    if heard.observations_on:
        found.append(cite(f"les observations présentées le {day(heard.observations_on)}"))
    if heard.oral_held_on:
        found.append(cite(f"l’entretien du {day(heard.oral_held_on)}"))
    if not heard.observations_on and not heard.oral_held_on:
        found.append(consider("que le titulaire n’a présenté aucune observation dans le délai qui lui était ouvert"))
    return found


def _execution(case: Case, rank: int) -> list[Block]:
    return [
        heading(f"Article {rank} – Exécution"),
        paragraph(
            f"Le présent arrêté est notifié à {names(case)}. Le responsable des services de la collectivité est chargé de son "
            "exécution."
        ),
    ]


def _named(piece: MissingPiece) -> str:
    return f"{piece.label} ({piece.basis})" if piece.basis else piece.label
