from permis.models.application import Application
from permis.models.commitment import Commitment
from permis.models.decision import Decision, Notice, PrescribedWork
from permis.models.dwelling import Dwelling
from permis.models.entrusted import Entrusted
from permis.models.hearing import Hearing
from permis.models.journal import Entry
from permis.models.lease import Lease
from permis.models.numbering import Counter
from permis.models.parties import Agent, Lessor
from permis.models.requests import Note, PieceRequest
from permis.models.rules import RuleChange
from permis.models.transfer import Transfer, TransferParty

__all__ = [
    "Agent",
    "Application",
    "Commitment",
    "Counter",
    "Decision",
    "Dwelling",
    "Entrusted",
    "Entry",
    "Hearing",
    "Lease",
    "Lessor",
    "Note",
    "Notice",
    "PieceRequest",
    "PrescribedWork",
    "RuleChange",
    "Transfer",
    "TransferParty",
]
