"""What a landlord is told of each diagnostic: what it looks like, who makes it, and what happens without it."""

from __future__ import annotations

from dataclasses import dataclass

from permis.enums import PieceKind
from workflows.dossier import Line

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
}
_SAVED_BY_ANOTHER = (
    "Vous pouvez déposer sans lui : le service vous le demandera, et le mois de réponse partira du jour où vous l’enverrez."
)


@dataclass(frozen=True)
class Card:
    """One diagnostic on the page of the files."""

    line: Line
    title: str
    example: str
    how_to_get: str
    without: str = _SAVED_BY_ANOTHER

    @classmethod
    def of(cls, line: Line) -> Card:
        title, example, how_to_get = _WORDS.get(line.kind, (str(line.kind.label), "", ""))
        return cls(line, title, example, how_to_get)

    @property
    def state(self) -> tuple[str, str, str]:
        """Word, colour family and icon of the card."""
        piece = self.line.piece
        if piece is None:
            return ("À ajouter", "", "circle") if self.line.required else ("Facultatif", "is-off", "dash-circle")
        if piece.file.is_unusable:
            return "À remplacer", "is-danger", "x-octagon-fill"
        if piece.verdict == "refused":
            return "À remplacer", "is-danger", "x-octagon-fill"
        if not self.line.is_valid:
            return "Expiré", "is-danger", "calendar-x-fill"
        if self.line.is_waiting:
            return "Vérification en cours", "is-info", "hourglass-split"
        return "Reçu", "is-ok", "check-circle-fill"

    @property
    def word(self) -> str:
        return self.state[0]

    @property
    def family(self) -> str:
        return self.state[1]

    @property
    def icon(self) -> str:
        return self.state[2]

    @property
    def problem(self) -> str:
        """Why what was given cannot serve, in one sentence that says what to do."""
        piece = self.line.piece
        if piece is None:
            return ""
        if piece.file.problem or piece.reason:
            return piece.file.problem or piece.reason
        if not self.line.is_valid and self.line.valid_until:
            return (
                f"Il n’est plus valable depuis le {self.line.valid_until:%d/%m/%Y}. Faites-le refaire, puis ajoutez le nouveau."
            )
        return ""
