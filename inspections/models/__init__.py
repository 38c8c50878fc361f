"""Visits of dwellings: appointments, what is entered on the spot, findings, and the grid they follow."""

from inspections.models.entries import Device, Entry, Photo, PhotoChunk
from inspections.models.grids import GridEdition, GridSnapshot
from inspections.models.reports import Report
from inspections.models.visit import Finding, Visit, VisitQuerySet

__all__ = ["Device", "Entry", "Finding", "GridEdition", "GridSnapshot", "Photo", "PhotoChunk", "Report", "Visit", "VisitQuerySet"]
