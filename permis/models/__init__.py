from permis.models.appeal import Appeal
from permis.models.application import Application
from permis.models.decision import Decision, Notice, PrescribedWork
from permis.models.dwelling import Dwelling
from permis.models.entrusted import Entrusted
from permis.models.exchanges import Exchange
from permis.models.hearing import Hearing
from permis.models.journal import Entry
from permis.models.numbering import Counter
from permis.models.opinions import Opinion
from permis.models.parties import Agent, Lessor
from permis.models.requests import Note, PieceRequest
from permis.models.rules import RuleChange

__all__ = [
    "Agent",
    "Appeal",
    "Application",
    "Counter",
    "Decision",
    "Dwelling",
    "Entrusted",
    "Entry",
    "Exchange",
    "Hearing",
    "Lessor",
    "Note",
    "Notice",
    "Opinion",
    "PieceRequest",
    "PrescribedWork",
    "RuleChange",
]
