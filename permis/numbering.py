"""Case numbers in the form of article A.423-3 of the town-planning code: « APML 033473 26 00042 »."""

from typing import Any

from permis.models import Counter, SanctionCounter
from territories.enums import Regime
from territories.models import Authority, Commune
from territories.overseas import is_overseas


def next_number(regime: Regime, commune: Commune, year: int) -> str:
    """The next number, without gap; to be called inside the transaction of the deposit, which holds the counter until its end."""
    rank = _next(Counter, regime=regime, commune=commune, year=year)
    return f"{regime} {commune_code(commune.insee)} {year % 100:02d} {rank:05d}"


def next_sanction_number(authority: Authority, year: int) -> str:
    """« SANC 243301181 26 00007 », without gap per authority and year; inside the transaction of the finding."""
    rank = _next(SanctionCounter, authority=authority, year=year)
    return f"SANC {authority.siren} {year % 100:02d} {rank:05d}"


def _next(counters: type[Counter] | type[SanctionCounter], **of: Any) -> int:
    """One more of this counter, held until the end of the transaction."""
    locked = counters.objects.select_for_update(of=("self",))
    counter = locked.filter(**of).first()
    if counter is None:
        # Two first deposits at once: one makes the counter, the other waits for it.
        counters.objects.get_or_create(**of)
        counter = locked.get(**of)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def commune_code(insee: str) -> str:
    """Département on three characters then commune on three: 33473 gives 033473, 97411 gives 974411."""
    return insee[:3] + insee[2:] if is_overseas(insee) else f"0{insee}"
