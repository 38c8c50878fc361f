"""Why a permit born of silence is illegal, and how long it may still be revoked (CRPA L.242-1, CCH L.635-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from permis import deadlines, pieces
from permis.enums import PieceKind, State
from permis.models import Application
from territories.overseas import has_own_energy_calendar
from workflows import dossier


@dataclass(frozen=True)
class Illegality:
    """The reasons, in words, and the last day to revoke the permit; ``days_left`` counts that day."""

    reasons: list[str]
    until: date
    days_left: int

    @property
    def is_over(self) -> bool:
        return self.days_left < 0


def of(case: Application, *, today: date) -> Illegality | None:
    """What makes a tacit permit illegal, or nothing; a permit that was signed was examined by somebody."""
    if case.state != State.GRANTED_TACIT or case.tacit_on is None:
        return None
    reasons = list(_reasons(case, case.tacit_on))
    until = deadlines.withdrawable_until(case.tacit_on)
    return Illegality(reasons, until, (until - today).days) if reasons else None


def _reasons(case: Application, born_on: date) -> list[str]:
    found = []
    if case.police_order:
        found.append("Un arrêté de police frappe l’immeuble (CCH L. 635-9).")
    dwelling = getattr(case, "dwelling", None)
    let_on = case.lease_planned_on or born_on
    if dwelling is not None and not pieces.is_lettable(
        dwelling.energy_class, on=let_on, overseas=has_own_energy_calendar(case.authority.department)
    ):
        found.append(
            f"La classe {dwelling.energy_class} du DPE ne permet pas de louer : le logement n’est pas décent (loi 89-462, art. 6)."
        )
    missing = dossier.missing_pieces(case, on=born_on)
    if missing:
        names = ", ".join(str(PieceKind(kind).label) for kind in missing)
        found.append(f"Des pièces exigées manquent : {names}.")
    return found
