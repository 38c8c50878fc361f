"""Case numbers in the form of article A.423-3 of the town-planning code: « APML 033473 26 00042 »."""

from typing import Any

from django.db import connection

from territories.enums import Regime
from territories.models import Authority, Commune
from territories.overseas import is_overseas

# One more of a counter, held until the end of the transaction; of two first deposits at once, one waits for the other.
_OF_CASES = """
INSERT INTO permis_counter (regime, commune_id, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (regime, commune_id, year) DO UPDATE SET last = permis_counter.last + 1 RETURNING last
"""
_OF_SANCTIONS = """
INSERT INTO permis_sanctioncounter (authority_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (authority_id, year) DO UPDATE SET last = permis_sanctioncounter.last + 1 RETURNING last
"""


def next_number(regime: Regime, commune: Commune, year: int) -> str:
    """The next number, without gap; to be called inside the transaction of the deposit, which holds the counter until its end."""
    rank = _rank(_OF_CASES, regime, commune.pk, year)
    return f"{regime} {commune_code(commune.insee)} {year % 100:02d} {rank:05d}"


def next_sanction_number(authority: Authority, year: int) -> str:
    """« SANC 243301181 26 00007 », without gap per authority and year; inside the transaction of the finding."""
    rank = _rank(_OF_SANCTIONS, authority.pk, year)
    return f"SANC {authority.siren} {year % 100:02d} {rank:05d}"


def _rank(statement: str, *counter: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, counter)
        return cursor.fetchone()[0]


def commune_code(insee: str) -> str:
    """Département on three characters then commune on three: 33473 gives 033473, 97411 gives 974411."""
    return insee[:3] + insee[2:] if is_overseas(insee) else f"0{insee}"
