from permis.models.application import Application
from permis.models.decision import Decision, Notice, PrescribedWork
from permis.models.dwelling import Dwelling
from permis.models.entrusted import Entrusted
from permis.models.hearing import Hearing
from permis.models.journal import Entry
from permis.models.numbering import Counter
from permis.models.orders import OrderImport, OrderMatch, PoliceOrder
from permis.models.parties import Agent, Lessor
from permis.models.requests import Note, PieceRequest
from permis.models.rules import RuleChange
from permis.models.visas import Visa

__all__ = [
    "Agent",
    "Application",
    "Counter",
    "Decision",
    "Dwelling",
    "Entrusted",
    "Entry",
    "Hearing",
    "Lessor",
    "Note",
    "Notice",
    "OrderImport",
    "OrderMatch",
    "PieceRequest",
    "PoliceOrder",
    "PrescribedWork",
    "RuleChange",
    "Visa",
]
