from permis.models.application import Application
from permis.models.consent import Consent
from permis.models.decision import Decision, PrescribedWork
from permis.models.dwelling import Dwelling
from permis.models.entrusted import Entrusted
from permis.models.hearing import Hearing
from permis.models.journal import Entry
from permis.models.notice import Notice
from permis.models.numbering import Counter
from permis.models.parties import Agent, Lessor
from permis.models.requests import Note, PieceRequest
from permis.models.rules import RuleChange

__all__ = [
    "Agent",
    "Application",
    "Consent",
    "Counter",
    "Decision",
    "Dwelling",
    "Entrusted",
    "Entry",
    "Hearing",
    "Lessor",
    "Note",
    "Notice",
    "PieceRequest",
    "PrescribedWork",
    "RuleChange",
]
