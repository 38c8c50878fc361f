"""The pages of a grid filled in by hand; the journal says which files of the case are those of a visit."""

from __future__ import annotations

from documents.models import StoredFile
from inspections.models import Visit
from permis.models.journal import Event


def of(visit: Visit) -> list[StoredFile]:
    """The files of one visit in the order in which they came, each once."""
    told = visit.application.journal.filter(event=Event.GRID_ATTACHED, facts__visit=visit.pk).order_by("position")
    order = dict.fromkeys(sha256 for files in told.values_list("facts__files", flat=True) for sha256 in files)
    if not order:
        return []
    files = {file.sha256: file for file in visit.application.files.received().select_related("application").order_by("-pk")}
    return [files[sha256] for sha256 in order if sha256 in files]
