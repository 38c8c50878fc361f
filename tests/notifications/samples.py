"""What each kind of message is given, with names that try to break out of it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from notifications.enums import Kind

ON = date(2026, 11, 24)
HOSTILE = "<script>alert(1)</script> {{ settings.SECRET_KEY }} L’« Été » & C°"
VISIT = SimpleNamespace(
    pk=7,
    purpose="first",
    starts_at=datetime(2026, 11, 27, 8, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 27, 9, 15, tzinfo=UTC),
    inspector=SimpleNamespace(full_name=HOSTILE),
    sequence=0,
    occupied=True,
    mandate_text=f"SOLIHA, par mandat écrit {HOSTILE}",
    instructions=f"Sonnez au gardien.\n\n{HOSTILE}",
)
WORK = SimpleNamespace(place=HOSTILE, work="Poser un garde-corps", due_on=date(2027, 2, 1))
REQUEST = SimpleNamespace(
    labels=[{"label": "État de l’installation de gaz", "reason": HOSTILE}, {"label": "CREP", "reason": ""}],
    message=HOSTILE,
    respond_by=date(2026, 12, 7),
)
ALL: dict[str, Any] = {
    "after": date(2026, 11, 3),
    "already_sent": [HOSTILE, "Demande enregistrée, 2 novembre 2026"],
    "author": HOSTILE,
    "dangers": [SimpleNamespace(place=HOSTILE, description="Garde-corps descellé")],
    "before": date(2026, 11, 2),
    "grounds": ["Non-décence"],
    "late": [SimpleNamespace(recipient_name=HOSTILE, get_occasion_display="Refus", subject=HOSTILE, due_on=ON)],
    "late_refusal": True,
    "outcome": "Refus",
    "due_on": date(2027, 2, 1),
    "is_over": True,
    "reason": HOSTILE,
    "reasons": HOSTILE,
    "pieces": ["DPE", HOSTILE],
    "moved": False,
    "name": HOSTILE,
    "note": HOSTILE,
    "party": "L’occupant",
    "request": REQUEST,
    "slip": SimpleNamespace(number="CAF-2026-0001", recipient=SimpleNamespace(name=HOSTILE), means="email"),
    "user": SimpleNamespace(full_name=HOSTILE),
    "visit": VISIT,
    "what": "la date de réception",
    "withdrawable_until": date(2027, 4, 2),
    "work": WORK,
    "works": [WORK],
}


def needed_by(kind: Kind) -> dict[str, Any]:
    return {name: ALL[name] for name in kind.needs}
