"""Stories to open in the simulator in one click: one for each turn that the law may take."""

from __future__ import annotations

from typing import Any


def _event(at: str, name: str, **facts: Any) -> dict[str, Any]:
    return {"at": f"{at}T10:00", "type": name, **facts}


def _filed(at: str = "2025-03-03", **facts: Any) -> dict[str, Any]:
    return _event(at, "submitted", **{"pieces": ["form", "dpe"], **facts})


def _signed(at: str, outcome: str, **facts: Any) -> dict[str, Any]:
    reasons = {} if outcome == "granted" else {"grounds": ["decency"], "conditions": 2}
    return _event(at, "decision_signed", outcome=outcome, **reasons, **facts)


_REFUSED = [_filed(), _signed("2025-04-01", "refused"), _event("2025-04-02", "first_presented")]
# Each has the slug of its address, its title and its story.
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "silence": ("Silence d’un mois", {"regime": "APML", "as_of": "2025-06-16", "events": [_filed("2025-05-15")]}),
    "piece-manquante": (
        "Pièce manquante",
        {
            "regime": "APML",
            "dwelling": {"construction_year": 1930, "electricity_age": 10, "gas_age": None},
            "as_of": "2025-04-20",
            "events": [
                _filed("2025-03-10"),
                _event("2025-03-14", "missing_requested", pieces=["crep"], respond_by="2025-04-14"),
                _event("2025-03-28", "pieces_received", pieces=["crep"]),
            ],
        },
    ),
    "refus-tardif": (
        "Refus présenté trop tard",
        {"regime": "APML", "events": [_filed(), _signed("2025-04-01", "refused"), _event("2025-04-04", "first_presented")]},
    ),
    "en-ligne": (
        "Décision non ouverte en ligne",
        {
            "regime": "APML",
            "as_of": "2025-04-16",
            "events": [_filed(), _signed("2025-03-31", "refused"), _event("2025-04-01", "available")],
        },
    ),
    "travaux": (
        "Travaux avant le bail",
        {
            "regime": "APML",
            "events": [
                _filed(),
                _signed("2025-03-18", "conditional", mode="prior"),
                _event("2025-03-20", "handed_over"),
                _event("2025-04-01", "lease_signed"),
                _event("2025-04-08", "conditions_lifted"),
                _event("2025-04-10", "lease_signed"),
            ],
        },
    ),
    "recours": (
        "Recours gracieux",
        {
            "regime": "APML",
            "as_of": "2025-07-10",
            "events": [*_REFUSED, _event("2025-05-05", "appeal_filed", kind="administrative")],
        },
    ),
    "jugement": (
        "Annulation par le juge",
        {
            "regime": "APML",
            "as_of": "2026-03-20",
            "events": [
                *_REFUSED,
                _event("2025-05-12", "appeal_filed", kind="court"),
                _event("2026-02-02", "judgment", outcome="annulled_reexamine", reexamine_within_days=45),
            ],
        },
    ),
    "declaration": (
        "Déclaration tardive",
        {
            "regime": "DML",
            "events": [_filed("2025-09-19", channel="paper", lease_signed_on="2025-09-01", posted_on="2025-09-17")],
        },
    ),
    "amende": (
        "Location sans demande",
        {
            "regime": "APML",
            "events": [
                _event("2025-06-02", "breach_found", kind="no_request"),
                _event("2025-06-10", "observations_letter_received"),
                _event("2025-07-11", "fined", amount=3000),
            ],
        },
    ),
}
