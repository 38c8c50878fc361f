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
APPEAL = SimpleNamespace(
    against=HOSTILE,
    received_on=date(2026, 9, 24),
    until=date(2026, 9, 21),
    is_late=True,
    implicit_rejection_on=date(2026, 11, 24),
    court_until=date(2027, 1, 25),
    reasons_asked_on=date(2026, 11, 25),
    reasons_due_on=date(2026, 12, 25),
    author=HOSTILE,
    kind="court",
    court_name=HOSTILE,
    court_number="2600001",
    withdrawn_on=date(2026, 11, 2),
    suspended_on=date(2026, 11, 2),
)
SANCTION = SimpleNamespace(
    number="SANC 243301181 26 00007",
    person_name=HOSTILE,
    address=HOSTILE,
    postcode="33920",
    commune=SimpleNamespace(name="Saint-Savin"),
    get_breach_display="Mise en location sans demande d’autorisation",
    get_state_display="À décider",
    is_regularisable=True,
    hearing_asked=True,
    heard_on=None,
    barred_after=date(2027, 6, 2),
    notified_on=date(2026, 11, 20),
)
ALL: dict[str, Any] = {
    "after": date(2026, 11, 3),
    "appeal": APPEAL,
    "asks_interview": True,
    "days": 15,
    "decide_by": date(2027, 2, 24),
    "is_repeal": True,
    "sent_on": date(2026, 11, 2),
    "already_sent": [HOSTILE, "Demande enregistrée, 2 novembre 2026"],
    "asked": True,
    "author": HOSTILE,
    "dangers": [SimpleNamespace(place=HOSTILE, description="Garde-corps descellé")],
    "before": date(2026, 11, 2),
    "delegation": SimpleNamespace(
        epci=SimpleNamespace(name=HOSTILE),
        delegate=SimpleNamespace(name=HOSTILE),
        commune=SimpleNamespace(name=HOSTILE),
        get_regime_display="Autorisation préalable de mise en location",
        deliberation=HOSTILE,
        ends_on=date(2027, 12, 31),
    ),
    "export": SimpleNamespace(
        asked_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
        rows=12_345,
        format="xlsx",
        expires_at=datetime(2026, 12, 1, 9, tzinfo=UTC),
        problem=HOSTILE,
    ),
    "former": SimpleNamespace(name=HOSTILE),
    "commitment": SimpleNamespace(name=HOSTILE, text=f"Refaire la salle d’eau\n\n{HOSTILE}", due_on=date(2027, 2, 1)),
    "grounds": ["Non-décence"],
    "leases": [SimpleNamespace(signed_on=date(2026, 11, 20))],
    "owners": HOSTILE,
    "transfer": SimpleNamespace(
        deed_on=date(2026, 11, 10),
        filed_on=ON,
        state="to_check",
        cause="inheritance",
        get_cause_display="Succession",
        reason=HOSTILE,
    ),
    "late": [SimpleNamespace(recipient_name=HOSTILE, get_occasion_display="Refus", subject=HOSTILE, due_on=ON)],
    "late_refusal": True,
    "orders": [SimpleNamespace(reference="arrêté n° 2026-9 du 03/03/2026", address=HOSTILE, building="")],
    "outcome": "Refus",
    "due_on": date(2027, 2, 1),
    "effect": f"Le refus est suspendu. {HOSTILE}",
    "is_over": True,
    "reason": HOSTILE,
    "reasons": HOSTILE,
    "pieces": ["DPE", HOSTILE],
    "moved": False,
    "name": HOSTILE,
    "note": HOSTILE,
    "opinion": SimpleNamespace(
        name=HOSTILE,
        get_adviser_display="Agence régionale de santé",
        get_outcome_display="Défavorable",
        question=HOSTILE,
        answer=HOSTILE,
        answered_by=HOSTILE,
        due_on=date(2026, 12, 1),
    ),
    "party": "L’occupant",
    "request": REQUEST,
    "text": HOSTILE,
    "sanction": SANCTION,
    "until": date(2026, 12, 9),
    "slip": SimpleNamespace(number="CAF-2026-0001", recipient=SimpleNamespace(name=HOSTILE), means="email"),
    "user": SimpleNamespace(full_name=HOSTILE),
    "visit": VISIT,
    "visits": [VISIT],
    "what": "la date de réception",
    "withdrawable_until": date(2027, 4, 2),
    "work": WORK,
    "works": [WORK],
}


def needed_by(kind: Kind) -> dict[str, Any]:
    return {name: ALL[name] for name in kind.needs}
