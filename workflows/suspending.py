"""What the suspension of a decision by a judge of urgency does until the judgment, in the words that everybody reads (CJA L.521-1)."""

from __future__ import annotations

from datetime import date

from documents.french import day
from permis.enums import State
from permis.models import Appeal

_PERMIT = (
    "L’autorisation est suspendue : jusqu’au jugement, aucun bail ne peut être signé sous elle, et elle ne se transfère pas. "
    "Ses deux ans continuent de courir."
)
_EFFECTS = {
    State.REFUSED: (
        "Le refus est suspendu : il n’a plus d’effet jusqu’au jugement. Cela ne vaut pas autorisation : le logement ne peut "
        "toujours pas être loué."
    ),
    State.CLOSED_INCOMPLETE: "Le classement sans suite est suspendu : il n’a plus d’effet jusqu’au jugement.",
    State.REVOKED: "Le retrait est suspendu : jusqu’au jugement, l’autorisation produit de nouveau ses effets.",
    State.REPEALED: "L’abrogation est suspendue : jusqu’au jugement, l’autorisation produit de nouveau ses effets.",
    State.USED: "L’autorisation est suspendue. Le bail déjà signé reste valable (CCH L. 635-8).",
    **dict.fromkeys(State.authorising(), _PERMIT),
}


def effect(state: State, *, reexamine_by: date | None = None) -> str:
    """What is suspended, for a case that stood in this state, and what the judge orders besides."""
    if reexamine_by is None:
        return _EFFECTS[state]
    what = {State.REFUSED: "Le refus est suspendu", State.CLOSED_INCOMPLETE: "Le classement sans suite est suspendu"}
    return (
        f"{what.get(state, 'La décision est suspendue')}, et le juge ordonne de réexaminer la demande avant le {day(reexamine_by)}. "
        "Ce qui sera décidé vaudra jusqu’au jugement ; sans décision notifiée à ce terme, l’autorisation est accordée tacitement."
    )


def effect_of_lift(appeal: Appeal) -> str:
    """What the judge of urgency leaves when he ends his own measure, before the court has judged."""
    if appeal.reexamine_by is not None:
        return (
            "Le juge des référés a levé la suspension de la décision, que le tribunal doit encore juger. Ce qui a été décidé depuis ne "
            "l’a été qu’en exécution de cette suspension : le service juridique dit ce qu’il en reste."
        )
    return (
        "Le juge des référés a levé la suspension : la décision contestée produit de nouveau tous ses effets, jusqu’au jugement."
    )


def effect_of_end(appeal: Appeal, *, is_annulled: bool) -> str:
    """What is left of a suspension once the tribunal has judged, or the applicant has withdrawn."""
    if appeal.reexamine_by is not None:
        return (
            "La décision suspendue est annulée : ce qui a été décidé depuis tient seul."
            if is_annulled
            else "La décision suspendue n’est pas annulée. Ce qui a été décidé depuis ne l’a été qu’en attendant le jugement : le "
            "service juridique dit ce qu’il en reste."
        )
    if is_annulled:
        return "La suspension prend fin avec le jugement, qui annule la décision."
    return "La suspension prend fin : la décision contestée produit de nouveau tous ses effets."
