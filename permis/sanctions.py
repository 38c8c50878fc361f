"""What the law says of a fine, as pure functions: how much at most, how it is written, and whether filing late still mends the breach."""

from datetime import date

from permis.breaches import Breach

FIRST_CAP, REPEATED_CAP = 5_000, 15_000
# Since that day the mayor or the president decides the fine; before it, the prefect did (loi 2024-322, art. 23).
DECIDED_HERE_SINCE = date(2024, 4, 11)


def cap(breach: Breach, *, repeated: bool) -> int:
    """Montant maximal de l’amende, en euros (CCH L.634-4, L.635-7)."""
    if breach == Breach.DESPITE_REFUSAL or (breach == Breach.NO_REQUEST and repeated):
        return REPEATED_CAP
    return FIRST_CAP


def euros(amount: int) -> str:
    """« 15 000 € », by the thousands."""
    return f"{amount:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") + "\N{NO-BREAK SPACE}€"


def is_regularisable(breach: Breach) -> bool:
    """Si un récépissé joint aux observations régularise : jamais après un refus notifié (R.634-4, R.635-4 II)."""
    return breach != Breach.DESPITE_REFUSAL
