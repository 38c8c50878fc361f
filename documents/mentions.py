"""What the law wants each act to say: how it is recognised in the text, what it means, and where it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents.enums import ActKind


@dataclass(frozen=True)
class Mention:
    """Said if one of ``words`` is in the text; the table of works is recognised by itself."""

    meaning: str
    basis: str
    words: Sequence[str] = ()

    @property
    def is_works(self) -> bool:
        return not self.words


SERVICE = Mention("le service chargé du dossier et comment le joindre", "CRPA R. 112-5", ["Service chargé de votre dossier"])
RECEIVED = Mention("la date de réception de la demande", "CRPA R. 112-5", ["reçue le"])
NOT_A_PERMIT = Mention(
    "que ce document n’est pas une autorisation", "CCH L. 635-4", ["n’est pas une autorisation", "ni une autorisation"]
)
SILENCE = [
    Mention(
        "que le silence peut valoir acceptation, et à quelle date",
        "CRPA R. 112-5 et R. 112-11-1",
        ["décision implicite d’acceptation"],
    ),
    Mention("l’attestation que l’on peut obtenir", "CRPA L. 232-3", ["L. 232-3"]),
    Mention("l’effet d’une pièce manquante sur le délai", "CRPA L. 114-5", ["L. 114-5"]),
    NOT_A_PERMIT,
]
PERMIT = [
    Mention("la caducité après deux ans", "CCH R. 635-3", ["R. 635-3"]),
    Mention("que l’autorisation se joint au bail", "CCH L. 635-5", ["annexée au bail", "annexées au bail"]),
    Mention("que l’autorisation n’est pas opposable à la police", "CCH L. 635-9", ["L. 635-9"]),
    Mention("que le logement doit rester décent", "CCH L. 635-8", ["L. 635-8"]),
]
ORDER = [
    Mention("les textes appliqués", "CRPA L. 211-5", ["L. 635-1"]),
    Mention("la décision elle-même", "CRPA L. 211-5", ["est accordée", "est refusée"]),
]
WORKS = Mention("les constats, leur fondement et les travaux prescrits", "CCH L. 635-3")
WATCHED = Mention("la transmission au plan départemental et à l’observatoire", "CCH L. 635-10", ["L. 635-10"])
HEARD = [
    Mention("le droit de présenter des observations", "CRPA L. 121-1 et L. 122-1", ["L. 121-1"]),
    Mention(
        "le droit à un conseil ou à un mandataire", "CRPA L. 122-1", ["mandataire de votre choix", "mandataire de son choix"]
    ),
]
VISIT_HOURS = Mention("les heures permises pour une visite", "CCH L. 635-3", ["L. 635-3"])
# An act that is not here is what somebody found or noted: it has no template.
MENTIONS: Mapping[ActKind, Sequence[Mention]] = {
    ActKind.REGISTRATION: [RECEIVED, NOT_A_PERMIT, SERVICE],
    ActKind.RECEIPT: [RECEIVED, *SILENCE, SERVICE, VISIT_HOURS],
    ActKind.RECEIPT_AFTER_COMPLETION: [RECEIVED, *SILENCE, SERVICE, VISIT_HOURS],
    ActKind.MISSING_PIECES: [
        Mention("la date limite pour compléter", "CRPA L. 114-5", ["au plus tard le"]),
        Mention("que le délai ne court qu’à la dernière pièce", "CRPA L. 114-5", ["article L. 114-5"]),
        SERVICE,
    ],
    ActKind.DECISION_GRANTED: [*ORDER, *PERMIT],
    ActKind.DECISION_CONDITIONAL: [*ORDER, *PERMIT, WORKS, WATCHED],
    ActKind.DECISION_REFUSED: [
        *ORDER, WORKS, WATCHED,
        Mention("la transmission à la CAF, à la MSA et aux services fiscaux", "CCH L. 635-6", ["L. 635-6"]),
    ],
    ActKind.LIFTING: [
        Mention("la levée elle-même", "CCH L. 635-3", ["sont levées"]),
        Mention("la date de caducité, qui ne change pas", "CCH R. 635-3", ["R. 635-3"]),
        Mention("que l’autorisation se joint au bail", "CCH L. 635-5", ["annexées au bail"]),
    ],
    ActKind.CLOSURE: [
        Mention("les pièces qui manquent et la relance", "CRPA L. 211-5", ["relance"]),
        Mention("la décision elle-même", "CRPA L. 211-5", ["est classée sans suite"]),
    ],
    ActKind.TACIT_ATTESTATION: [Mention("le texte de l’attestation", "CRPA L. 232-3", ["L. 232-3"]), *PERMIT],
    ActKind.OUT_OF_SCOPE_LETTER: [
        Mention("le texte qui fixe le champ", "CCH R. 635-1", ["R. 635-1"]),
        Mention("qu’aucun délai ne court", "CRPA L. 114-3", ["Aucun délai ne court"]),
        SERVICE,
    ],
    ActKind.WITHDRAWAL_ACK: [Mention("la date du retrait", "CRPA R. 112-5", ["Vous avez retiré le"]), SERVICE],
    ActKind.HEARING: [Mention("les faits reprochés", "CRPA L. 122-1", ["Les faits"]), Mention("le texte appliqué", "CRPA L. 242-2", ["L. 242-2"]), *HEARD, WORKS, SERVICE],
    ActKind.REVOCATION: [
        Mention("le texte appliqué", "CRPA L. 242-1", ["L. 242-1", "L. 241-2"]),
        *HEARD,
        Mention("la décision elle-même", "CRPA L. 211-5", ["est retirée"]),
    ],
    ActKind.HEARING_REVOCATION: [
        Mention("le délai pour retirer, et son texte", "CRPA L. 242-1", ["L. 242-1"]),
        Mention("que cette lettre n’est pas une décision", "CRPA L. 122-1", ["n’est pas une décision"]),
        *HEARD, SERVICE,
    ],
    ActKind.REPEAL: [
        Mention("le texte appliqué", "CRPA L. 242-2", ["L. 242-2"]),
        Mention("la décision elle-même", "CRPA L. 211-5", ["est abrogée"]),
    ],
    ActKind.APPEAL_RECEIPT: [
        Mention("le jour du rejet implicite", "CRPA R. 112-5", ["décision implicite de rejet"]),
        Mention("les motifs que l’on peut demander", "CRPA L. 232-4", ["L. 232-4"]),
        SERVICE,
    ],
    ActKind.APPEAL_ACCEPTANCE: [Mention("la décision elle-même", "CRPA L. 211-5", ["est retiré", "est retirée"])],
    ActKind.APPEAL_REJECTION: [Mention("la décision elle-même", "CRPA L. 211-5", ["est rejeté"])],
    ActKind.DECLARATION_RECEIPT: [NOT_A_PERMIT, SERVICE],
    ActKind.DECLARATION_INCOMPLETE: [
        Mention("la date limite pour compléter", "CCH R. 634-3", ["au plus tard le"]),
        Mention("qu’il faudra une nouvelle déclaration passé ce jour", "CCH R. 634-3", ["en faire une nouvelle"]),
        SERVICE,
    ],
    ActKind.DECLARATION_EXPIRED: [Mention("qu’il faut une nouvelle déclaration", "CCH R. 634-3", ["nouvelle déclaration"]), SERVICE],
    ActKind.TRANSFER_RECEIPT: [Mention("que les deux ans ne recommencent pas", "CCH R. 635-3", ["deux ans"]), SERVICE],
    ActKind.CONVOCATION: [VISIT_HOURS, SERVICE],
    ActKind.OCCUPANT_CONVOCATION: [
        VISIT_HOURS,
        Mention("le droit de refuser", "CCH L. 635-3", ["vous pouvez refuser", "Vous pouvez refuser"]),
        SERVICE,
    ],
}  # fmt: skip
