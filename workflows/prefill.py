"""What somebody said before they had an account, for the draft they begin next: in the session of their browser, and nowhere else."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date
from typing import Any

from permis.models import Application
from territories.enums import Regime
from territories.text import row_key

KEPT = "concerne"
_DWELLING = ("construction_year", "surface", "housing", "furnished")


def keep(session: MutableMapping[str, Any], *, commune: str, **said: Any) -> None:
    """Remember the facts of the last answer."""
    session[KEPT] = {name: None if value is None else str(value) for name, value in said.items()} | {"commune": commune}


def of_letting(session: MutableMapping[str, Any], regime: Regime) -> dict[str, Any]:
    """The first step, as far as it was said."""
    said = session.get(KEPT, {})
    if not said:
        return {}
    lease = "lease_signed_on" if regime == Regime.DML else "lease_planned_on"
    return {"commune": said["commune"], "lease_kind": said.get("lease_kind"), lease: _day(said.get("lease_on"))}


def belong(session: MutableMapping[str, Any], case: Application) -> None:
    """Tie what was said to the draft it began; said of another commune, it is forgotten."""
    said = session.pop(KEPT, None)
    if said and said["commune"] == case.commune_id:
        session[KEPT] = said | {"case": case.pk}


def of_address(session: MutableMapping[str, Any], case: Application) -> dict[str, Any]:
    said = _said_of(session, case)
    inside = row_key(said.get("inside") or "")
    zone = {} if inside is None else {"zone": inside}
    return ({"address": said["address"]} if said.get("address") else {}) | zone


def of_dwelling(session: MutableMapping[str, Any], case: Application) -> dict[str, Any]:
    said = _said_of(session, case)
    return {name: said[name] for name in _DWELLING if said.get(name)}


def _said_of(session: MutableMapping[str, Any], case: Application) -> dict[str, Any]:
    said = session.get(KEPT, {})
    return said if said.get("case") == case.pk else {}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
