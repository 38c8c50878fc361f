"""What each act says, built from the case: data only, frozen before anything is rendered."""

from workflows.drafting.decisions import decision, lifting, revocation
from workflows.drafting.letters import (
    closure,
    missing_pieces,
    out_of_scope,
    receipt,
    registration,
    tacit_attestation,
    withdrawal,
)

__all__ = [
    "closure",
    "decision",
    "lifting",
    "missing_pieces",
    "out_of_scope",
    "receipt",
    "registration",
    "revocation",
    "tacit_attestation",
    "withdrawal",
]
