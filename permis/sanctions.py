"""What a landlord in breach risks, and when the breach can be put right (CCH L.634-4, L.635-7, R.634-4, R.635-4)."""

from permis.enums import Breach

FIRST_CAP = 5_000
REPEATED_CAP = 15_000


def cap(breach: Breach, *, repeated: bool) -> int:
    """Montant le plus élevé de l’amende, en euros : la réitération ne compte que pour l’autorisation (L.634-4, L.635-7)."""
    if breach == Breach.DESPITE_REFUSAL or (breach == Breach.NO_REQUEST and repeated):
        return REPEATED_CAP
    return FIRST_CAP


def is_regularisable(breach: Breach) -> bool:
    """Si un récépissé joint aux observations régularise : jamais après un refus notifié (R.634-4, R.635-4 II)."""
    return breach != Breach.DESPITE_REFUSAL
