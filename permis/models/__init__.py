from permis.models.appeal import Appeal
from permis.models.application import Application
from permis.models.commitment import Commitment
from permis.models.consent import Consent
from permis.models.decision import Decision, PrescribedWork
from permis.models.dwelling import Dwelling
from permis.models.entrusted import Entrusted
from permis.models.exchanges import Exchange
from permis.models.hearing import Hearing
from permis.models.index import CaseIndex, WordVariant
from permis.models.journal import Entry
from permis.models.lease import Lease
from permis.models.notice import Notice
from permis.models.numbering import Counter, SanctionCounter
from permis.models.opinions import Opinion
from permis.models.orders import OrderImport, OrderMatch, PoliceOrder
from permis.models.parties import Agent, Lessor
from permis.models.payment import Payment
from permis.models.requests import Note, PieceRequest
from permis.models.rules import RuleChange
from permis.models.sanction import Sanction
from permis.models.sanction_journal import SanctionEntry
from permis.models.transfer import Transfer, TransferAgent, TransferParty
from permis.models.visas import Visa

__all__ = [
    "Agent",
    "Appeal",
    "Application",
    "CaseIndex",
    "Commitment",
    "Consent",
    "Counter",
    "Decision",
    "Dwelling",
    "Entrusted",
    "Entry",
    "Exchange",
    "Hearing",
    "Lease",
    "Lessor",
    "Note",
    "Notice",
    "Opinion",
    "OrderImport",
    "OrderMatch",
    "Payment",
    "PieceRequest",
    "PoliceOrder",
    "PrescribedWork",
    "RuleChange",
    "Sanction",
    "SanctionCounter",
    "SanctionEntry",
    "Transfer",
    "TransferAgent",
    "TransferParty",
    "Visa",
    "WordVariant",
]
