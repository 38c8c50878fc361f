"""Visits of dwellings: appointments, what is entered on the spot, findings, and the grid they follow."""

from inspections.models.contacts import ContactAttempt
from inspections.models.entries import Device, Entry, Photo, PhotoChunk
from inspections.models.grids import GridEdition, GridSnapshot
from inspections.models.operators import Mandate, Operator, VisitRoutine
from inspections.models.reports import Report
from inspections.models.visit import Finding, Visit, VisitQuerySet

__all__ = [
    "ContactAttempt", "Device", "Entry", "Finding", "GridEdition", "GridSnapshot", "Mandate", "Operator", "Photo", "PhotoChunk",
    "Report", "Visit", "VisitQuerySet", "VisitRoutine",
]  # fmt: skip
