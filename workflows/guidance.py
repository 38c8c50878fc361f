"""What a landlord is told of each piece: what it looks like, where to find its facts, what advises, what happens without it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from documents.checks import Answer, Result
from documents.enums import Verdict
from documents.french import typeset
from documents.models import Piece, StoredFile
from permis import deadlines
from permis import pieces as law
from permis.enums import PieceKind, State
from permis.models import Application, PieceRequest
from workflows import advice, dossier
from workflows.dossier import Line, Standing
from workflows.presentation import ASKED, Badge

_DIAGNOSTICIAN = "Un diagnostiqueur certifié l’établit après une visite du logement. L’annuaire officiel est sur diagnostiqueurs.din.developpement-durable.gouv.fr."
# Short name, what it looks like, who makes it.
_WORDS = {
    PieceKind.DPE: (
        "Performance énergétique (DPE)",
        "Plusieurs pages, avec une étiquette de couleur de A à G et un numéro à 13 caractères en haut de la première.",
        _DIAGNOSTICIAN,
    ),
    PieceKind.CREP: (
        "Plomb (CREP)",
        "Un rapport intitulé « constat de risque d’exposition au plomb », avec des tableaux de mesures pièce par pièce.",
        _DIAGNOSTICIAN,
    ),
    PieceKind.ELECTRICITY: (
        "Électricité",
        "Un rapport intitulé « état de l’installation intérieure d’électricité », avec la liste des anomalies.",
        _DIAGNOSTICIAN,
    ),
    PieceKind.GAS: (
        "Gaz",
        "Un rapport intitulé « état de l’installation intérieure de gaz », avec des anomalies A1, A2 ou DGI.",
        _DIAGNOSTICIAN,
    ),
    PieceKind.ERP: (
        "État des risques",
        "Un formulaire de l’État de quelques pages, avec une carte. Il doit avoir moins de six mois à la signature du bail.",
        "Il est gratuit et immédiat sur errial.georisques.gouv.fr, à partir de l’adresse du logement.",
    ),
    PieceKind.NOISE: (
        "Bruit des avions",
        "Une page avec le plan d’exposition au bruit et la zone du logement.",
        "Il est gratuit sur geoportail.gouv.fr, calque « plan d’exposition au bruit ».",
    ),
    PieceKind.FORM: ("Formulaire papier", "Le Cerfa 15652, rempli et signé.", "Il est joint au dossier par le service."),
    PieceKind.SELLER_AGREEMENT: (
        "Accord du vendeur",
        "Une lettre ou un courriel où le vendeur accepte que vous demandiez l’autorisation avant l’acte.",
        "Demandez-le au vendeur ou à son notaire.",
    ),
    PieceKind.DECLARATION_FORM: (
        "Formulaire papier",
        "Le Cerfa 15651, rempli et signé.",
        "Il est joint au dossier par le service.",
    ),
}
WITHOUT = (
    "Vous pouvez déposer sans lui : la demande est reçue et le mois de réponse commence. Si le service vous le demande, ce mois "
    "s’arrête, et un nouveau mois part du jour où vous l’envoyez."
)
WITHOUT_RECEIPT = (
    "Vous pouvez déposer sans lui : la déclaration est reçue à sa date. Le service vous dira dans la semaine ce qui manque, et "
    "vous donnera un délai pour l’envoyer. Le récépissé vient ensuite."
)
# What the checks find, said to the landlord: what to do. They say to the officer what the officer should do.
TO_LANDLORD = {
    "valid_on_deposit": "Faites-en établir un nouveau. Si vous l’avez déjà, remplacez ce fichier ou corrigez sa date.",
    "valid_for_lease": "Le dossier est complet avec lui. Faites-le refaire avant de signer le bail.",
    "number_format": "Relisez-le en haut de la première page : treize caractères, comme 2433E0412076K.",
    "number_consistent": "Relisez le numéro et la date, et vérifiez que ce DPE est bien celui de ce logement.",
    "lettable": "Vous pouvez déposer, mais l’autorisation peut être refusée, ou accordée à condition de travaux.",
    "label_stands": "Si le logement est chauffé à l’électricité, une attestation gratuite de l’ADEME peut améliorer sa classe : "
    "observatoire-dpe-audit.ademe.fr.",
    "same_surface": "Vérifiez que ce DPE est bien celui de ce logement, ou corrigez la surface.",
    "same_address": "Vérifiez que ce document est bien celui de ce logement, ou corrigez l’adresse.",
    "whole": "Un diagnostic en a presque toujours plusieurs : ajoutez les autres, en photo ou dans un PDF.",
}
# Of no use to a landlord, or not theirs to read: what is not required is said on the card, other cases are other people's.
ONLY_FOR_OFFICERS = {"required", "own_file"}


@dataclass(frozen=True)
class Advice:
    """One thing worth mending before the deposit, or not: what it is, and what to do. It never blocks."""

    title: str
    text: str
    family: str
    icon: str


@dataclass(frozen=True)
class Card:
    """One piece on the page of the files; ``reason`` is why the service asks for it, once the case is filed."""

    line: Line
    title: str
    example: str
    how_to_get: str
    advice: tuple[Advice, ...] = ()
    awaited: tuple[StoredFile, ...] = ()
    is_asked: bool = False
    reason: str = ""
    shared_with: dict[int, str] = field(default_factory=dict)
    wanted: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    facts: Any = None
    without: str = WITHOUT

    @classmethod
    def of(cls, line: Line, **said: Any) -> Card:
        """The card of a piece, with the words for its kind."""
        return cls(line, line.title or short_name(line.kind), *_WORDS.get(line.kind, ("", "", ""))[1:], **said)

    @property
    def badge(self) -> Badge:
        return ASKED if self.is_asked and self.line.piece is None else Badge.of_piece(self.line, for_landlord=True)

    @property
    def is_ready(self) -> bool:
        """Given, and nothing wrong with it as far as anybody knows."""
        return bool(self.line.pieces) and not self.is_unfit

    @property
    def is_unfit(self) -> bool:
        return self.line.standing in (Standing.UNFIT, Standing.EXPIRED)

    @property
    def problem(self) -> str:
        """Why what was given cannot serve, in one sentence that says what to do."""
        piece = self.line.piece
        if piece is None:
            return ""
        if piece.file.problem or piece.reason:
            return piece.file.problem or piece.reason
        if not self.line.is_valid and self.line.lapsed_on:
            return typeset(
                f"D’après sa date, il n’est plus valable depuis le {self.line.lapsed_on:%d/%m/%Y}. Faites-le refaire, puis "
                "ajoutez le nouveau ; ou corrigez la date, si elle est fausse."
            )
        return ""

    @property
    def marks(self) -> str:
        """What the numbered marks of the drawing show."""
        if self.line.kind == PieceKind.DPE:
            return typeset("Repères : 1, le numéro ; 2, la classe ; 3, la date.")
        return typeset("Repère 3 : la date.") if self.line.kind in PieceKind.dated() else ""

    @property
    def to_replace(self) -> list[Piece]:
        """The pages whose place the next file takes, when one of them cannot serve."""
        return list(self.line.pieces) if self.is_unfit else []


def short_name(kind: PieceKind) -> str:
    return _WORDS[kind][0] if kind in _WORDS else str(kind.label)


def cards(
    application: Application,
    lines: Sequence[Line],
    *,
    on: date,
    awaited: Iterable[StoredFile] = (),
    request: PieceRequest | None = None,
    wishes: Mapping[str, str] | None = None,
) -> list[Card]:
    """One card a line, with what the checks advise; what the service asked for comes first. Two queries of the checks at most.

    ``wishes`` are the reasons of what it asked for without obligation, by piece.
    """
    reasons = {**(wishes or {}), **(request.reasons if request else {})}
    waiting = list(awaited)
    pieces = [line.described for line in lines if line.described is not None]
    has_dwelling = getattr(application, "dwelling", None) is not None
    results = advice.of(application, pieces, on=on) if has_dwelling and pieces else {}
    shared = _shared(lines)
    asked = request.pieces if request else []
    made = [
        Card.of(
            line,
            advice=_advice(line, results.get(line.described.pk, []) if line.described else []),
            awaited=tuple(file for file in waiting if _is_for(file, line)),
            is_asked=line.kind.value in asked,
            reason=reasons.get(line.kind.value, ""),
            shared_with={piece.file_id: shared[piece.file_id] for piece in line.pieces if piece.file_id in shared},
            wanted=wanted(application, line, on=on),
            known=_known(application, line),
            without=WITHOUT_RECEIPT if application.is_declaration else WITHOUT,
        )
        for line in lines
    ]
    return sorted(made, key=lambda card: not card.is_asked)


def strays(cards_shown: Iterable[Card], awaited: Iterable[StoredFile]) -> list[StoredFile]:
    """Files announced for a piece that has no card."""
    placed = {file.pk for card in cards_shown for file in card.awaited}
    return [file for file in awaited if file.pk not in placed]


def effect(application: Application, request: PieceRequest | None, cards_shown: Iterable[Card], *, on: date) -> str:
    """What the pieces that arrived did to the month of the service, once the case is filed."""
    if request is None:
        return ""
    if application.is_declaration:
        return _receipt_effect(request, cards_shown, on=on)
    if request.answered_on == on and application.tacit_on is not None:
        return typeset(
            "C’était la dernière pièce demandée : le délai d’un mois part d’aujourd’hui, "
            f"échéance le {application.tacit_on:%d/%m/%Y}. Sans réponse ce jour-là, et si votre dossier est complet, l’autorisation "
            "est accordée."
        )
    if_today = f"Si tout arrive aujourd’hui, la réponse viendra au plus tard le {deadlines.tacit_on(on):%d/%m/%Y}."
    left = _left_to_send(cards_shown)
    return typeset(f"{left}. Le délai d’un mois partira de la dernière. {if_today}") if left else ""


def _receipt_effect(request: PieceRequest, cards_shown: Iterable[Card], *, on: date) -> str:
    """What the pieces that arrived did to a declaration, which waits for its receipt."""
    if request.answered_on == on:
        return typeset(
            "C’était la dernière pièce demandée, et elle est arrivée à temps : le récépissé vient après sa vérification."
        )
    left = _left_to_send(cards_shown)
    return (
        typeset(f"{left}. Dernier jour : {request.respond_by:%d/%m/%Y} ; ensuite, il faudra déclarer de nouveau.") if left else ""
    )


def _left_to_send(cards_shown: Iterable[Card]) -> str:
    left = [card.title for card in cards_shown if card.is_asked and not card.is_ready]
    if len(left) > 1:
        return f"Il reste {len(left)} pièces à envoyer : {', '.join(left)}"
    return f"Il reste une pièce à envoyer : {left[0]}" if left else ""


def _advice(line: Line, results: Iterable[Result]) -> tuple[Advice, ...]:
    """In the landlord's words, without what the card says already."""
    found = []
    for result in results:
        if result.answer != Answer.NO or result.code not in TO_LANDLORD:
            continue
        if (result.code == "whole" and len(line.pieces) > 1) or (result.code == "valid_on_deposit" and not line.is_valid):
            continue
        family, icon, _ = advice.shown(result)
        found.append(Advice(result.title, typeset(TO_LANDLORD[result.code]), family, icon))
    return tuple(found)


def _is_for(file: StoredFile, line: Line) -> bool:
    said = file.announced
    return line.kind.value in said.get("kinds", []) and (said.get("title") or "") == line.title


def _shared(lines: Iterable[Line]) -> dict[int, str]:
    """The files that serve several pieces, and the names of these pieces."""
    names: dict[int, list[str]] = {}
    for line in lines:
        for piece in line.pieces:
            names.setdefault(piece.file_id, []).append(line.title or short_name(line.kind))
    return {file: ", ".join(each) for file, each in names.items() if len(each) > 1}


def wanted(application: Application, line: Line, *, on: date) -> tuple[str, ...]:
    """The facts worth typing: a date where a term runs from it, lead once it decides, the DPE's own while it is a draft."""
    piece = line.described
    is_closed = piece is None or piece.verdict == Verdict.ACCEPTED or piece.file.is_unusable
    if piece is None or is_closed or line.kind not in PieceKind.dated():
        return ()
    if line.kind == PieceKind.DPE and application.state == State.DRAFT:
        return "dpe_number", "dpe_class", "established_on"
    if line.kind == PieceKind.CREP and piece.established_on:
        if_lead = law.valid_until(PieceKind.CREP, piece.established_on, lead_found=True) or date.max
        day = max(application.lease_planned_on or on, application.received_on or on)
        if piece.lead_found is not None or if_lead < day:
            return "established_on", "lead_found"
    return ("established_on",)


def _known(application: Application, line: Line) -> tuple[str, ...]:
    """What is known of a piece, as its card says it: « établi le 12/03/2024 », « classe D », « valable jusqu’au 11/03/2034 »."""
    if line.described is None:
        return ()
    found = []
    if made_on := dossier.established_on(line.described, application):
        found.append(f"établi le {made_on:%d/%m/%Y}")
    dwelling = getattr(application, "dwelling", None) if line.kind == PieceKind.DPE else None
    if dwelling is not None and dwelling.energy_class:
        found.append(f"classe {dwelling.energy_class}")
    if dwelling is not None and dwelling.dpe_number:
        found.append(f"n° {dwelling.dpe_number}")
    if line.kind == PieceKind.CREP and line.described.lead_found is not None:
        found.append("présence de plomb" if line.described.lead_found else "pas de plomb")
    if line.valid_until and line.is_valid:
        found.append(f"valable jusqu’au {line.valid_until:%d/%m/%Y}")
    return tuple(found)
