"""The works that a conditional permit prescribes, each with what was sent to prove it."""

from __future__ import annotations

from dataclasses import dataclass

from documents.models import StoredFile
from permis.enums import ConditionState
from permis.models import Application, PrescribedWork
from permis.models.journal import Event


@dataclass(frozen=True)
class Condition:
    """One prescribed work and the files that prove it, oldest first; the journal says which are whose."""

    work: PrescribedWork
    proofs: tuple[StoredFile, ...]

    @property
    def is_met(self) -> bool:
        return self.work.state == ConditionState.MET

    @property
    def awaits_proof(self) -> bool:
        return self.work.state in (ConditionState.OPEN, ConditionState.UNMET)


def of(case: Application) -> list[Condition]:
    """The conditions of a case in their order; three queries, whatever their number."""
    works = PrescribedWork.objects.filter(decision__application=case).order_by("position")
    files = {file.sha256: file for file in case.files.received().select_related("application").order_by("pk")}
    given: dict[int, dict[str, StoredFile]] = {}
    for facts in case.journal.filter(event=Event.WORKS_PROVED).order_by("position").values_list("facts", flat=True):
        known = {sha256: files[sha256] for sha256 in facts["files"] if sha256 in files}
        given.setdefault(facts["work"], {}).update(known)
    return [Condition(work, tuple(given.get(work.pk, {}).values())) for work in works]
