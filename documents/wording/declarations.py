"""Receipts and letters of a declaration: it is acknowledged or completed, never authorised (CCH L.634-3, R.634-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from documents.content import Block, Content
from documents.facts import Case, MissingPiece
from documents.french import day
from documents.wording.passages import CODE, RELATIONS, content, heading, item, missing, note, paragraph, service_contacts

DECLARATION = "déclaration de mise en location"


def registration(case: Case, *, on: date, receipt_due_on: date, electronic: bool = True) -> Content:
    """Accusé d’enregistrement : la déclaration est arrivée, à telle date (CRPA R.112-11-2)."""
    return content(
        case,
        title="Accusé d’enregistrement électronique" if electronic else "Accusé d’enregistrement",
        subtitle=f"de votre {DECLARATION}",
        on=on,
        blocks=[
            paragraph(f"Votre {DECLARATION} a bien été reçue le {day(case.received_on)}. Elle porte le n° {case.number}."),
            paragraph(
                f"Le service vérifie maintenant les pièces. Il vous adressera, au plus tard le {day(receipt_due_on)}, le "
                "récépissé ou, s’il manque une pièce ou un renseignement exigé par les textes, la liste de ce qui manque "
                f"(article R. 634-3 du {CODE})."
            ),
            note("Ce document n’est pas le récépissé : il atteste seulement la date de réception."),
            *service_contacts(case),
        ],
    )


def missing_pieces(case: Case, *, on: date, pieces: Sequence[MissingPiece], respond_by: date, message: str = "") -> Content:
    """Accusé de réception d’une déclaration incomplète : ce qui manque, le délai, et ce qui arrive après lui (R.634-3, 2°)."""
    many = len(pieces) > 1
    return content(
        case,
        title="Accusé de réception",
        subtitle=f"d’une {DECLARATION} incomplète",
        on=on,
        blocks=[
            paragraph(
                f"Votre {DECLARATION} n° {case.number} a été déposée le {day(case.received_on)}. Elle n’est pas complète. Il "
                f"manque {'les pièces suivantes, exigées' if many else 'la pièce suivante, exigée'} par les textes :"
            ),
            *(item(missing(piece)) for piece in pieces),
            *([paragraph(message)] if message else []),
            heading("Délai pour compléter"),
            paragraph(
                f"Envoyez {'ces pièces' if many else 'cette pièce'} au plus tard le {day(respond_by)}, en ligne depuis votre "
                "dossier, par courrier ou au guichet du service, en rappelant le numéro de la déclaration. Par courrier, le "
                f"cachet de la poste fait foi (article L. 112-1 du {RELATIONS})."
            ),
            heading("Passé ce délai"),
            paragraph(
                "Si la déclaration n’est pas complétée dans ce délai, vous devrez en faire une nouvelle (article R. 634-3 du "
                f"{CODE}). Les renseignements de celle-ci pourront être repris."
            ),
            note("Tant que la déclaration n’est pas complète, le récépissé ne peut pas vous être délivré."),
            *service_contacts(case),
        ],
    )


def receipt(case: Case, *, on: date) -> Content:
    """Récépissé d’une déclaration complète, qui en reproduit tous les renseignements (CCH L.634-3, R.634-3, 1°)."""
    return content(
        case,
        title="Récépissé",
        subtitle=f"de {DECLARATION}",
        on=on,
        with_annex=True,
        blocks=[
            *_acknowledged(case),
            heading("Remettez une copie au locataire"),
            paragraph(
                f"Vous devez transmettre au locataire une copie de ce récépissé (article L. 634-3 du {CODE}). Un second "
                "exemplaire, établi pour lui, est joint à cet envoi : c’est à vous de le lui remettre."
            ),
            paragraph(
                "Le versement de l’aide au logement directement au bailleur est subordonné à la production de ce récépissé "
                "(même article)."
            ),
            *_reach(),
            *service_contacts(case),
        ],
    )


def tenant_copy(case: Case, *, on: date) -> Content:
    """Exemplaire du récépissé que le propriétaire remet au locataire (CCH L.634-3)."""
    return content(
        case,
        title="Récépissé",
        subtitle=f"de {DECLARATION}, exemplaire du locataire",
        on=on,
        with_annex=True,
        blocks=[
            *_acknowledged(case),
            heading("Au locataire"),
            paragraph(
                f"Le propriétaire vous remet cette copie, comme l’article L. 634-3 du {CODE} l’y oblige. Gardez-la avec votre bail."
            ),
            *_reach(),
            *service_contacts(case),
        ],
    )


def expiry(case: Case, *, on: date, pieces: Sequence[MissingPiece], respond_by: date) -> Content:
    """Lettre qui constate qu’une déclaration n’a pas été complétée : il en faut une nouvelle (CCH R.634-3, 2°)."""
    return content(
        case,
        title="Déclaration non complétée",
        subtitle="une nouvelle déclaration est nécessaire",
        on=on,
        blocks=[
            paragraph(
                f"Votre {DECLARATION} n° {case.number}, déposée le {day(case.received_on)}, devait être complétée au plus tard le "
                f"{day(respond_by)}. À cette date, le service n’avait pas reçu :"
            ),
            *(item(missing(piece)) for piece in pieces),
            paragraph(
                f"Aucun récépissé ne peut donc vous être délivré pour elle : vous devez faire une nouvelle déclaration (article "
                f"R. 634-3 du {CODE}). Faites-la sans attendre : la mise en location d’un logement sans déclaration expose à une "
                "amende (article L. 634-4 du même code)."
            ),
            paragraph(
                "En ligne, « Déclarer de nouveau » reprend vos réponses et les diagnostics encore valables. Si vous avez posté "
                f"ces pièces avant le {day(respond_by)}, écrivez-le au service : la date de l’envoi compte (article L. 112-1 du "
                f"{RELATIONS})."
            ),
            note(
                f"Le bail du locataire reste valable : l’absence de déclaration est sans effet sur lui (article L. 634-3 du {CODE})."
            ),
            *service_contacts(case),
        ],
    )


def withdrawal(case: Case, *, on: date, withdrawn_on: date) -> Content:
    """Accusé du retrait d’une déclaration par son auteur."""
    return content(
        case,
        title="Accusé de retrait",
        subtitle=f"de votre {DECLARATION}",
        on=on,
        blocks=[
            paragraph(
                f"Vous avez retiré le {day(withdrawn_on)} votre {DECLARATION} n° {case.number}, reçue le "
                f"{day(case.received_on)}. Le dossier est clos, sans récépissé."
            ),
            paragraph(
                "Si le logement est loué comme résidence principale dans un périmètre de déclaration, une déclaration reste due "
                f"dans les quinze jours qui suivent la conclusion du bail (article L. 634-3 du {CODE})."
            ),
            *service_contacts(case),
        ],
    )


def out_of_scope(case: Case, *, on: date, reason: str) -> Content:
    """Réponse à une déclaration que rien n’exigeait (CCH L.634-1, R.634-1)."""
    return content(
        case,
        title="Hors du champ de la déclaration",
        subtitle=f"réponse à votre {DECLARATION}",
        on=on,
        blocks=[
            paragraph(
                f"Votre {DECLARATION} n° {case.number} a été reçue le {day(case.received_on)}. La location que vous décrivez n’a "
                "pas à être déclarée, pour la raison suivante :"
            ),
            note(reason),
            paragraph(
                "Sont déclarées, dans les périmètres fixés par délibération, la mise en location et la nouvelle mise en location, "
                "c’est-à-dire la conclusion d’un bail régi par le titre Ier ou le titre Ier bis de la loi n° 89-462 du 6 juillet "
                f"1989, à l’exclusion de la reconduction, du renouvellement et de l’avenant (articles L. 634-1 et R. 634-1 du {CODE})."
            ),
            paragraph(
                "Votre déclaration est donc close, sans récépissé. Si la situation change, ou si nous avons mal compris votre "
                "location, écrivez au service : il reprendra l’examen."
            ),
            *service_contacts(case),
        ],
    )


def _acknowledged(case: Case) -> list[Block]:
    signed = f", pour un bail conclu le {day(case.lease_signed_on)}" if case.lease_signed_on else ""
    return [
        paragraph(
            f"La {DECLARATION} n° {case.number} a été déposée le {day(case.received_on)}{signed}. Elle est complète. Le présent "
            f"récépissé en reproduit tous les renseignements, en annexe (articles L. 634-3 et R. 634-3 du {CODE})."
        )
    ]


def _reach() -> list[Block]:
    return [
        note(
            "Ce récépissé constate une déclaration. Il ne dit rien de l’état du logement, qui doit être décent, et n’est pas une "
            "autorisation. Une déclaration est nécessaire à chaque nouvelle mise en location."
        )
    ]
