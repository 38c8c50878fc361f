"""Receipts and letters of the service: they acknowledge, ask, or close without deciding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from documents.content import Content
from documents.facts import Case, MissingPiece
from documents.french import day
from documents.wording.passages import CODE, RELATIONS, content, heading, item, missing, note, paragraph, service_contacts

REQUEST = "demande d’autorisation préalable de mise en location"
NOT_A_PERMIT = (
    "Ce document n’est pas une autorisation. Avant de signer le bail, attendez la décision qui vous sera notifiée ou, dans le "
    "silence de l’administration, la date indiquée ci-dessus."
)


def registration(case: Case, *, on: date, acknowledged_by: date, electronic: bool = True) -> Content:
    """Accusé d’enregistrement : la demande est arrivée, à telle date (CRPA R.112-11-2)."""
    return content(
        case,
        title="Accusé d’enregistrement électronique" if electronic else "Accusé d’enregistrement",
        subtitle=f"de votre {REQUEST}",
        on=on,
        blocks=[
            paragraph(f"Votre {REQUEST} a bien été reçue le {day(case.received_on)}. Elle porte le n° {case.number}."),
            paragraph(
                f"Le service vérifie maintenant les pièces. Il vous adressera, au plus tard le {day(acknowledged_by)}, un "
                "accusé de réception qui vaudra récépissé ou, s’il manque une pièce exigée par les textes, la liste de ce "
                f"qui manque (article R. 112-11-2 du {RELATIONS})."
            ),
            note("Ce document n’est ni un récépissé ni une autorisation : il atteste seulement la date de réception."),
            *service_contacts(case),
        ],
    )


def receipt(case: Case, *, on: date, tacit_on: date) -> Content:
    """Accusé de réception valant récépissé d’une demande complète (CCH R.635-3; CRPA R.112-5, R.112-11-1)."""
    return content(
        case,
        title="Accusé de réception",
        subtitle=f"valant récépissé de votre {REQUEST}",
        on=on,
        with_annex=True,
        blocks=[
            paragraph(
                f"Votre {REQUEST} n° {case.number} a été reçue le {day(case.received_on)}. Les pièces exigées par les textes "
                f"y sont jointes. Le présent accusé de réception vaut récépissé (articles L. 635-4 et R. 635-3 du {CODE}, "
                f"R. 112-5 et R. 112-11-1 du {RELATIONS})."
            ),
            *_silence(case.received_on, tacit_on, "la réception de votre demande"),
            *service_contacts(case),
        ],
    )


def receipt_after_completion(case: Case, *, on: date, tacit_on: date, completed_on: date, is_reexamined: bool = False) -> Content:
    """Accusé de réception d’un dossier complété : le mois court de la dernière pièce (CRPA L.114-3, L.114-5).

    Where a judge ordered to examine the request again, ``tacit_on`` is the term he set, which no piece moves.
    """
    return content(
        case,
        title="Accusé de réception",
        subtitle="du dossier complété, valant récépissé",
        on=on,
        with_annex=True,
        blocks=[
            paragraph(
                f"Votre {REQUEST} n° {case.number} a été reçue le {day(case.received_on)}. La dernière des pièces qui vous "
                f"ont été demandées a été reçue le {day(completed_on)} : votre dossier est complet. Le présent accusé de "
                f"réception vaut récépissé (articles L. 635-4 et R. 635-3 du {CODE}, R. 112-5 et R. 112-11-1 du {RELATIONS}) "
                "et remplace toute date annoncée auparavant."
            ),
            *(
                [heading("Si vous ne recevez pas de réponse"), paragraph(_until_term(tacit_on)), note(NOT_A_PERMIT)]
                if is_reexamined
                else _silence(completed_on, tacit_on, "la réception de la dernière pièce manquante")
            ),
            *service_contacts(case),
        ],
    )


def missing_pieces(
    case: Case,
    *,
    on: date,
    pieces: Sequence[MissingPiece],
    respond_by: date,
    message: str = "",
    reexamine_by: date | None = None,
) -> Content:
    """Demande de pièces manquantes, avec le délai fixé et son effet (CRPA L.114-5, R.112-11-4).

    ``reexamine_by`` is the term set by a judge, which these pieces do not move.
    """
    return content(
        case,
        title="Demande de pièces manquantes",
        subtitle=f"pour votre {REQUEST}",
        on=on,
        blocks=[
            paragraph(
                f"Votre {REQUEST} n° {case.number}, reçue le {day(case.received_on)}, n’est pas complète. Il manque les pièces "
                "suivantes, exigées par les textes :"
                if len(pieces) > 1
                else f"Votre {REQUEST} n° {case.number}, reçue le {day(case.received_on)}, n’est pas complète. Il manque la "
                "pièce suivante, exigée par les textes :"
            ),
            *(item(missing(piece)) for piece in pieces),
            *([paragraph(message)] if message else []),
            heading("Délai pour compléter"),
            paragraph(
                f"Envoyez {'ces pièces' if len(pieces) > 1 else 'cette pièce'} au plus tard le {day(respond_by)}, en ligne "
                "depuis votre dossier, par courrier ou au guichet du service, en rappelant le numéro de la demande."
            ),
            heading("Effet sur le délai de la décision"),
            paragraph(
                f"Le juge a ordonné de réexaminer votre demande avant le {day(reexamine_by)}. Vos pièces ne déplacent pas ce "
                "terme ; arrivées plus tard, elles sont examinées le jour même. Un nouvel accusé de réception vous le dira."
                if reexamine_by
                else "Votre demande peut donner lieu à une décision implicite d’acceptation : le silence gardé pendant un mois vaut "
                f"autorisation (article L. 635-4 du {CODE}). Mais ce délai ne court qu’à compter de la réception de "
                f"{'la dernière pièce' if len(pieces) > 1 else 'la pièce'} manquante (article L. 114-5 du {RELATIONS}). Il n’a "
                "donc pas commencé, et aucune date annoncée auparavant ne vaut plus. Un nouvel accusé de réception vous "
                "indiquera la nouvelle date."
            ),
            paragraph(
                "Passé la date ci-dessus, votre demande n’est pas rejetée d’office. Après une relance restée sans réponse, elle "
                "peut être classée sans suite par une décision motivée."
            ),
            note("Tant que le dossier n’est pas complet, aucune autorisation ne peut naître du silence de l’administration."),
            *service_contacts(case),
        ],
    )


def withdrawal(case: Case, *, on: date, withdrawn_on: date) -> Content:
    """Accusé de la renonciation du demandeur à sa demande."""
    return content(
        case,
        title="Accusé de retrait",
        subtitle=f"de votre {REQUEST}",
        on=on,
        blocks=[
            paragraph(
                f"Vous avez retiré le {day(withdrawn_on)} votre {REQUEST} n° {case.number}, reçue le {day(case.received_on)}. "
                "Le dossier est clos. Aucune décision ne sera prise et aucune autorisation ne peut naître de cette demande."
            ),
            paragraph(
                "Vous pouvez déposer une nouvelle demande à tout moment. Elle est nécessaire avant de mettre le logement en "
                f"location (article L. 635-3 du {CODE})."
            ),
            *service_contacts(case),
        ],
    )


def out_of_scope(case: Case, *, on: date, reason: str) -> Content:
    """Réponse à une demande qui n’entre pas dans le champ de l’autorisation (CCH L.635-1, R.635-1)."""
    return content(
        case,
        title="Hors du champ du permis de louer",
        subtitle=f"réponse à votre {REQUEST}",
        on=on,
        blocks=[
            paragraph(
                f"Votre {REQUEST} n° {case.number} a été reçue le {day(case.received_on)}. La location que vous décrivez "
                "n’est pas soumise à cette autorisation, pour la raison suivante :"
            ),
            note(reason),
            paragraph(
                "Sont soumises à autorisation, dans les périmètres fixés par délibération, la mise en location, la relocation "
                "et la nouvelle mise en location, c’est-à-dire la conclusion d’un bail régi par le titre Ier ou le titre Ier "
                "bis de la loi n° 89-462 du 6 juillet 1989, à l’exclusion de la reconduction, du renouvellement et de l’avenant "
                f"(articles L. 635-1 et R. 635-1 du {CODE})."
            ),
            paragraph(
                "Votre demande est donc close sans décision. Aucun délai ne court et aucune autorisation ne peut naître du "
                "silence de l’administration. Si la situation change, ou si nous avons mal compris votre projet, écrivez au "
                "service : il reprendra l’examen."
            ),
            *service_contacts(case),
        ],
    )


def _until_term(last: date) -> str:
    """The silence kept until the term of a judge: no month runs (CCH L.635-4, inferred)."""
    return (
        f"Le juge a ordonné de réexaminer votre demande : ces pièces ne déplacent pas le terme. Si aucune décision ne vous est "
        f"notifiée au plus tard le {day(last)}, l’autorisation sera réputée accordée à cette date (article L. 635-4 du {CODE})."
    )


def _silence(starts_on: date, tacit_on: date, event: str) -> list:
    """What silence means and when, under reserve of completeness, and the attestation (CRPA R.112-5, R.112-11-1, L.232-3)."""
    return [
        heading("Si vous ne recevez pas de réponse"),
        paragraph(
            "Votre demande peut donner lieu à une décision implicite d’acceptation. Si aucune décision ne vous est notifiée au "
            f"plus tard le {day(tacit_on)}, et sous réserve que la demande soit complète, l’autorisation sera réputée accordée "
            f"à cette date : le silence gardé pendant un mois à compter du {day(starts_on)}, jour de {event}, vaut "
            f"autorisation préalable de mise en location (article L. 635-4 du {CODE})."
        ),
        paragraph(
            "Vous pourrez alors obtenir, sur simple demande au service, une attestation de cette autorisation (article "
            f"L. 232-3 du {RELATIONS})."
        ),
        paragraph(
            "Si une pièce exigée se révélait manquante, la liste vous en serait adressée avant cette date, et le délai ne "
            "courrait qu’à compter de la réception de la dernière (article L. 114-5 du même code)."
        ),
        note(NOT_A_PERMIT),
        heading("Visite du logement"),
        paragraph(
            "Le service peut visiter le logement dans ce délai, entre 6 heures et 21 heures (article L. 635-3 du "
            f"{CODE}). Il vous contactera pour convenir du rendez-vous."
        ),
    ]
