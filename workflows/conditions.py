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
    # Those that came since the service last looked.
    unseen: tuple[StoredFile, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.work.state == ConditionState.MET

    @property
    def awaits_proof(self) -> bool:
        return self.work.state in (ConditionState.OPEN, ConditionState.UNMET)

    @property
    def has_nothing_to_look_at(self) -> bool:
        """A proof is said to be received, and none of what came can be opened."""
        return self.work.state == ConditionState.PROOF_RECEIVED and all(file.is_unusable for file in self.unseen)


def of(case: Application) -> list[Condition]:
    """The conditions of a case in their order; three queries, whatever their number."""
    works = PrescribedWork.objects.filter(decision__application=case).order_by("position")
    files = {file.sha256: file for file in case.files.received().select_related("application").order_by("pk")}
    given: dict[int, dict[str, StoredFile]] = {}
    unseen: dict[int, dict[str, StoredFile]] = {}
    told = case.journal.filter(event__in=[Event.WORKS_PROVED, Event.WORKS_SETTLED]).order_by("position")
    for event, facts in told.values_list("event", "facts"):
        if event == Event.WORKS_SETTLED:
            unseen.pop(facts["work"], None)
            continue
        known = {sha256: files[sha256] for sha256 in facts["files"] if sha256 in files}
        for found in (given, unseen):
            found.setdefault(facts["work"], {}).update(known)
    return [Condition(work, tuple(given.get(work.pk, {}).values()), tuple(unseen.get(work.pk, {}).values())) for work in works]
