"""Receipts and letters (CRPA L.112-3, L.114-5, R.112-5, R.112-11-1 to R.112-11-4, L.232-3)."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from documents.content import Block, Content
from permis.models import Application, PieceRequest
from workflows.drafting import parts

NOT_A_PERMIT = (
    "Le présent document n’est pas une autorisation. Aucun bail ne doit être signé avant que l’autorisation soit accordée, "
    "expressément ou tacitement."
)
ATTESTATION = (
    "En cas d’autorisation tacite, une attestation vous est délivrée sur demande (article L. 232-3 du code des relations entre "
    "le public et l’administration)."
)


def registration(application: Application, *, on: date) -> Content:
    """Accusé d’enregistrement de la demande."""
    blocks = [
        Block(
            "paragraph",
            f"Votre demande d’autorisation préalable de mise en location a été reçue le {parts.day(application.received_on)} "
            f"et enregistrée sous le numéro {application.number}.",
        ),
        Block("paragraph", f"Service chargé de la demande : {parts.contact(application.authority)}."),
        Block(
            "paragraph",
            "Le service vérifie que votre dossier est complet. Vous recevrez ensuite un accusé de réception valant récépissé, "
            "ou la liste des pièces qui manquent.",
        ),
        Block("note", NOT_A_PERMIT),
    ]
    return parts.content(
        application,
        title="Accusé d’enregistrement",
        subtitle="d’une demande d’autorisation préalable de mise en location",
        on=on,
        recipient=parts.recipient(application),
        blocks=blocks,
    )


def receipt(application: Application, *, on: date) -> Content:
    """Accusé de réception valant récépissé d’un dossier complet, dès le dépôt ou après complément."""
    tacit = parts.day(application.tacit_on)
    if application.completed_on:
        start = (
            f"Votre demande, reçue le {parts.day(application.received_on)}, a été complétée le "
            f"{parts.day(application.completed_on)}, jour de réception de la dernière pièce attendue. Le délai d’un mois court "
            "de ce jour (article L. 114-3 du code des relations entre le public et l’administration)."
        )
    else:
        start = (
            f"Votre demande, reçue le {parts.day(application.received_on)}, est complète. Le délai d’un mois court de ce jour "
            "(article L. 635-4 du code de la construction et de l’habitation)."
        )
    blocks = [
        Block("paragraph", start),
        Block(
            "paragraph",
            "Cette demande est susceptible de donner lieu à une décision implicite d’acceptation. Si aucune décision ne vous "
            f"est notifiée au plus tard le {tacit}, et sous réserve que la demande soit complète, l’autorisation sera réputée "
            "accordée.",
        ),
        Block("paragraph", ATTESTATION),
        Block(
            "paragraph",
            "Une visite du logement peut avoir lieu dans ce délai, entre 6 heures et 21 heures (article L. 635-3 du code de la "
            "construction et de l’habitation).",
        ),
        Block("paragraph", f"Service chargé de la demande : {parts.contact(application.authority)}."),
        Block("note", NOT_A_PERMIT),
    ]
    return parts.content(
        application,
        title="Accusé de réception",
        subtitle="valant récépissé (article R. 635-3 du code de la construction et de l’habitation)",
        on=on,
        recipient=parts.recipient(application),
        blocks=blocks,
    )


def missing_pieces(application: Application, request: PieceRequest, *, on: date) -> Content:
    """Demande des pièces manquantes, avec son effet sur le délai (CRPA L.114-5, R.112-11-4)."""
    blocks = [
        Block(
            "paragraph",
            f"Votre demande, reçue le {parts.day(application.received_on)}, est incomplète. Il y manque les pièces suivantes, "
            "exigées par les textes en vigueur :",
        ),
        *[Block("item", f"{piece['label']}{' : ' + piece['reason'] if piece['reason'] else ''}") for piece in request.labels],
        Block("paragraph", f"Vous êtes invité à les fournir au plus tard le {parts.day(request.respond_by)}."),
        *[Block("paragraph", text) for text in parts.paragraphs(request.message)],
        Block(
            "note",
            "Le délai d’un mois au terme duquel le silence gardé vaut autorisation ne court qu’à compter de la réception de "
            "l’ensemble de ces pièces (articles L. 114-3 et L. 114-5 du code des relations entre le public et "
            "l’administration).",
        ),
        Block("paragraph", f"Service chargé de la demande : {parts.contact(application.authority)}."),
    ]
    return parts.content(
        application,
        title="Demande de pièces",
        subtitle="nécessaires à l’examen de votre demande",
        on=on,
        recipient=parts.recipient(application),
        blocks=blocks,
    )


def withdrawal(application: Application, *, on: date) -> Content:
    """Accusé du retrait de la demande par son auteur."""
    blocks = [
        Block("paragraph", f"Vous avez retiré votre demande le {parts.day(on)}. Aucune décision ne sera prise."),
        Block("paragraph", "Le logement ne peut pas être mis en location sans une nouvelle demande."),
    ]
    return parts.content(
        application, title="Retrait de la demande", subtitle="pris en compte à votre initiative", on=on,
        recipient=parts.recipient(application), blocks=blocks,
    )  # fmt: skip


def out_of_scope(application: Application, *, reason: str, on: date) -> Content:
    """Réponse « hors champ » : ce n’est pas une décision."""
    blocks = [
        Block(
            "paragraph",
            f"Vous avez déposé le {parts.day(application.received_on)} une demande d’autorisation préalable de mise en location. "
            "Votre situation n’entre pas dans le champ de cette autorisation (article R. 635-1 du code de la construction et de "
            "l’habitation).",
        ),
        *[Block("paragraph", text) for text in parts.paragraphs(reason)],
        Block("paragraph", "Aucune autorisation n’est donc nécessaire. Le logement doit rester décent, quel que soit le bail."),
        Block("paragraph", f"Pour toute question : {parts.contact(application.authority)}."),
    ]
    return parts.content(
        application, title="Votre demande est hors champ", subtitle="du permis de louer", on=on,
        recipient=parts.recipient(application), blocks=blocks,
    )  # fmt: skip


def closure(application: Application, *, by: User, on: date) -> Content:
    """Décision de classement sans suite d’un dossier jamais complété."""
    request = application.open_request()
    missing = ", ".join(piece["label"] for piece in request.labels) if request else ""
    asked = f"le {parts.day(request.requested_on)}" if request else "auparavant"
    blocks = [
        Block("cite", "le code de la construction et de l’habitation, notamment ses articles L. 635-1 à L. 635-11 ;"),
        Block(
            "cite",
            "le code des relations entre le public et l’administration, notamment ses articles L. 114-5 et L. 211-2 ;",
        ),
        Block("cite", f"la demande de pièces adressée {asked}, relancée le {parts.day(application.reminded_on)} ;"),
        Block(
            "consider",
            f"que la demande, reçue le {parts.day(application.received_on)}, ne comportait pas : {missing} ; que ces pièces, "
            "indispensables à l’examen de la demande, n’ont pas été fournies dans le délai imparti ni après relance ;",
        ),
        Block("enact", "DÉCIDE"),
        Block("heading", "Article unique"),
        Block("paragraph", f"La demande n° {application.number} est classée sans suite."),
    ]
    return parts.content(
        application,
        title="Décision de classement sans suite",
        subtitle="d’une demande restée incomplète",
        on=on,
        recipient=parts.recipient(application),
        blocks=blocks,
        signature=parts.signature(application.authority, name=by.full_name, capacity=application.authority.service, on=on),
        remedies=parts.remedies(application.authority),
    )


def tacit_attestation(application: Application, *, on: date) -> Content:
    """Attestation d’une autorisation née du silence, avec tous les renseignements de la demande."""
    start = application.clock_started_on
    blocks = [
        Block(
            "paragraph",
            f"La demande n° {application.number}, présentée par {parts.applicant(application)}, complète le {parts.day(start)}, "
            f"n’a reçu aucune décision notifiée au {parts.day(application.tacit_on)}.",
        ),
        Block(
            "paragraph",
            "En application de l’article L. 635-4 du code de la construction et de l’habitation, l’autorisation préalable de mise "
            f"en location est tacitement accordée à cette date. Elle est valable jusqu’au {parts.day(application.valid_until)} "
            "(article R. 635-3).",
        ),
        Block(
            "paragraph",
            "Cette attestation est délivrée en application de l’article L. 232-3 du code des relations entre le public et l’administration. Elle est annexée au bail (article L. 635-5).",
        ),
        Block(
            "note",
            "L’autorisation tacite est sans effet sur la qualification du logement au regard des règles de décence ou de "
            "l’habitat indigne (article L. 635-8). Elle n’est pas opposable aux autorités de police (article L. 635-9).",
        ),
    ]
    return parts.content(
        application,
        title="Attestation",
        subtitle="d’autorisation préalable de mise en location tacite",
        on=on,
        recipient=parts.recipient(application),
        blocks=blocks,
        annex=parts.annex(application),
    )
