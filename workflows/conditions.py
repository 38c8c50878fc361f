"""The works that a conditional permit prescribes, each with what was sent to prove it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.french import day
from documents.models import StoredFile
from permis import attached
from permis.enums import ConditionMode, ConditionState
from permis.models import Application, PrescribedWork
from permis.models.journal import Event


@dataclass(frozen=True)
class Condition:
    """One prescribed work and the files that prove it, oldest first; the journal says which are whose."""

    work: PrescribedWork
    proofs: tuple[StoredFile, ...]
    # Those that came since the service last looked.
    unseen: tuple[StoredFile, ...] = ()
    is_prior: bool = False

    @property
    def is_met(self) -> bool:
        return self.work.state == ConditionState.MET

    @property
    def deadline(self) -> str:
        """Until when, in words: a day, or the letting itself."""
        if self.work.due_on is not None:
            return f"avant le {day(self.work.due_on)}"
        return "avant toute mise en location" if self.is_prior else ""

    @property
    def told(self) -> str:
        """Where it stands, as its landlord reads it."""
        if self.work.state == ConditionState.PROOF_RECEIVED:
            return "Preuve reçue : le service l’examine."
        if self.is_met:
            return f"Fait, constaté le {day(self.work.settled_on)}." if self.work.settled_on else "Fait."
        if self.work.state == ConditionState.UNMET:
            return "Non fait : une autre preuve est attendue."
        return "À faire, puis à prouver."

    def is_overdue(self, on: date) -> bool:
        return not self.is_met and self.work.due_on is not None and self.work.due_on < on

    @property
    def awaits_proof(self) -> bool:
        return self.work.state in (ConditionState.OPEN, ConditionState.UNMET)

    @property
    def has_nothing_to_look_at(self) -> bool:
        """A proof is said to be received, and none of what came can be opened."""
        return self.work.state == ConditionState.PROOF_RECEIVED and all(file.is_unusable for file in self.unseen)


def of(case: Application) -> list[Condition]:
    """The conditions of a case in their order; three queries, whatever their number, and one where there is none."""
    if not attached.has(case, "decision"):
        return []
    works = list(PrescribedWork.objects.filter(decision__application=case).order_by("position"))
    if not works:
        return []
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
    is_prior = case.mode == ConditionMode.PRIOR
    return [
        Condition(work, tuple(given.get(work.pk, {}).values()), tuple(unseen.get(work.pk, {}).values()), is_prior)
        for work in works
    ]
