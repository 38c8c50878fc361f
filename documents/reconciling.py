"""The nightly comparison of the rows with the objects of the storage: what is missing, changed, unknown, or left behind.

The listing is streamed case by case and rows are read by batches, so that a million objects need little memory; a suspicion
is looked at a second time before it is told, since people work meanwhile. Nothing under an immutable key is ever removed.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from math import ceil
from typing import TypeVar

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from documents import holding, storage
from documents.backends import DiskStorage, NothingThere, StorageFailed, StoredObject
from documents.enums import Discrepancy, FileState
from documents.expectations import Expected, expected_of
from documents.models import Act, Reconciliation, StoredFile

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Up to this much everything is read again each night; beyond, a share of it, so that each object has its turn within a month.
NIGHTLY_BYTES = 8 * 1024**3
MOST_NIGHTS = 30
OLD = timedelta(days=2)
ANNOUNCEMENT_LASTS = timedelta(days=1)
KEPT_FOR = timedelta(days=90)
BATCH = 1000
TOLD = 200
# A storage that refuses so many contents in a row is down, which is another matter than a content that is lost.
REFUSALS = 10


@dataclass
class _Run:
    """One reconciliation under way."""

    result: Reconciliation
    now: datetime
    nights: int
    sweeps: bool
    counts: Counter[str] = field(default_factory=Counter)
    cases: set[str] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    refusals: int = 0

    def tell(self, kind: Discrepancy, key: str, expected: Expected | None = None, **more: bool) -> None:
        self.counts[kind] += 1
        row = {"file": expected.file, "act": expected.act} if expected else {}
        if len(self.result.discrepancies) < TOLD:
            self.result.discrepancies.append({"kind": str(kind), "key": key, **row, **more})
        # Keys stay out of the logs: to some servers, whoever knows one may copy what it holds.
        logger.warning("storage discrepancy kind=%s case=%s %s", kind, case_of(key), row)

    def is_old(self, found: StoredObject) -> bool:
        return found.modified_at < self.now - OLD

    def has_its_turn(self, key: str) -> bool:
        return int(storage.sha256_of(key.encode())[:8], 16) % self.nights == self.now.toordinal() % self.nights

    def hash_of(self, key: str) -> str | None:
        """None where the storage has it no longer, or does not give it. Raises StorageFailed for a storage that is down."""
        try:
            sha256 = storage.sha256_of_key(key)
        except NothingThere:
            return None
        except StorageFailed:
            self.refusals += 1
            if self.refusals >= REFUSALS:
                raise
            self.tell(Discrepancy.UNREADABLE, key)
            return None
        self.refusals = 0
        self.result.hashed += 1
        return sha256


def reconcile(*, now: datetime, everything: bool = False, sweeps: bool = True) -> Reconciliation:
    """Compare, remove harmless remains unless told not to, and keep what was found; a storage that fails ends it, and is said."""
    total = StoredFile.objects.aggregate(size=Sum("size", default=0))["size"]
    nights = 1 if everything else min(MOST_NIGHTS, max(1, ceil(total / NIGHTLY_BYTES)))
    result = Reconciliation(started_at=now)
    if sweeps:
        result.save()
    run = _Run(result, now, nights, sweeps)
    try:
        _follow_objects(run)
        _follow_rows(run)
        _forget_announcements(run)
        _look_behind(run)
    except StorageFailed as obstacle:
        logger.warning("reconciliation interrupted obstacle=%s", type(obstacle).__name__)
        result.problem = obstacle.detail[:300]
    else:
        result.ended_at = timezone.now()
    result.counts = dict(run.counts)
    if sweeps:
        result.save()
        Reconciliation.objects.filter(started_at__lt=now - KEPT_FOR).delete()
    return result


def case_of(key: str) -> str | None:
    """The case or sanction of a settled key, « 12 » or « sanction-3 », None for anything else."""
    authority, _, rest = key.partition("/")
    owner, slash, _ = rest.partition("/")
    return owner if authority.isdecimal() and holding.is_owner(owner) and slash else None


def _follow_objects(run: _Run) -> None:
    """Everything that the storage has, a few cases at a time."""
    pending: dict[str, list[StoredObject]] = {}
    size = 0
    for case, group in groupby(_counted(run), key=lambda each: case_of(each.key)):
        if case is None:
            for objects in _batches(group):
                _compare_unsettled(run, objects)
            continue
        found = list(group)
        pending.setdefault(case, []).extend(found)
        size += len(found)
        if size >= BATCH:
            _compare(run, pending)
            pending, size = {}, 0
    _compare(run, pending)


def _counted(run: _Run) -> Iterator[StoredObject]:
    for each in storage.objects():
        run.result.objects_seen += 1
        if not each.key.startswith(f"{storage.PREPARED}/"):
            yield each


def _compare(run: _Run, cases: dict[str, list[StoredObject]]) -> None:
    """What these cases should have, against what they have."""
    expected = expected_of(cases)
    found = {each.key: each for objects in cases.values() for each in objects}
    run.cases.update(cases)
    run.result.rows_seen += sum(each.is_required and not each.is_picture for each in expected.values())
    suspects = {key for key, each in expected.items() if each.is_required and key not in found}
    for key, each in found.items():
        known = expected.get(key)
        if known is None:
            suspects.update({key} if run.is_old(each) else ())
        elif known.size is not None and known.size != each.size:
            suspects.add(key)
        elif known.sha256 and run.has_its_turn(key):
            sha256 = run.hash_of(key)
            if sha256 is not None and sha256 != known.sha256:
                run.tell(Discrepancy.ALTERED, key, known, restorable=storage.adapter().has_older(key))
    if suspects:
        _look_again(run, sorted(suspects), expected_of(cases))


def _look_again(run: _Run, suspects: list[str], expected: dict[str, Expected]) -> None:
    """What still stands now that some time has passed."""
    for key in suspects:
        known, size = expected.get(key), storage.size_of(key)
        if known is None:
            if size is not None:
                run.tell(Discrepancy.ORPHAN, key)
        elif size is None:
            if known.is_required:
                kind = Discrepancy.MISSING_PICTURE if known.is_picture else Discrepancy.MISSING
                run.tell(kind, key, known, restorable=storage.adapter().has_older(key))
        elif known.size is not None and size != known.size:
            run.tell(Discrepancy.SIZE, key, known, restorable=storage.adapter().has_older(key))


def _compare_unsettled(run: _Run, objects: list[StoredObject]) -> None:
    """What is in quarantine, and what is nowhere that we know of."""
    rows = StoredFile.objects.filter(quarantine__in=[each.key for each in objects]).exclude(quarantine="")
    known = {file.quarantine: file for file in rows}
    for each in objects:
        file = known.get(each.key)
        if file is not None:
            _check_waiting(run, file, each)
        elif run.is_old(each):
            _remove_stray(run, each)


def _check_waiting(run: _Run, file: StoredFile, found: StoredObject) -> None:
    """A file still to be examined: all of it must be there."""
    if file.state not in FileState.waiting():
        return
    run.waiting.add(file.pk)
    run.result.rows_seen += 1
    if found.size != file.size:
        run.tell(Discrepancy.SIZE, found.key, Expected(file=file.pk))
    elif file.sha256 and run.hash_of(found.key) not in (None, file.sha256):
        run.tell(Discrepancy.ALTERED, found.key, Expected(file=file.pk))


def _remove_stray(run: _Run, found: StoredObject) -> None:
    """In quarantine, the remains of a file that is settled or of nothing at all; elsewhere it is told and left alone."""
    if StoredFile.objects.filter(quarantine=found.key).exists() or storage.size_of(found.key) is None:
        return
    if not found.key.startswith(f"{storage.QUARANTINE}/"):
        run.tell(Discrepancy.ORPHAN, found.key)
        return
    case = case_of(found.key.removeprefix(f"{storage.QUARANTINE}/"))
    of_this_owner = StoredFile.objects.settled().filter(holding.of_owners([case] if case else []), size=found.size)
    twins = of_this_owner.values_list("sha256", flat=True)
    is_settled = bool(twins) and run.hash_of(found.key) in twins
    _sweep(run, Discrepancy.LEFTOVER if is_settled else Discrepancy.STRAY, found.key)


def _follow_rows(run: _Run) -> None:
    """The rows of which the listing did not say a word."""
    settled = StoredFile.objects.exclude(state=FileState.AWAITED).filter(quarantine="")
    for records in (settled, Act.objects.stored()):
        for silent in _batches(owner for owner in holding.owners_of(records) if owner not in run.cases):
            _compare(run, {owner: [] for owner in silent})
    waiting = StoredFile.objects.to_examine().exclude(quarantine="").order_by("pk").values_list("pk", flat=True)
    for pk in [pk for pk in waiting.iterator(chunk_size=BATCH) if pk not in run.waiting]:
        file = StoredFile.objects.to_examine().exclude(quarantine="").filter(pk=pk).first()
        if file is not None and storage.size_of(file.quarantine) is None:
            run.tell(Discrepancy.MISSING, file.quarantine, Expected(file=pk))


def _forget_announcements(run: _Run) -> None:
    """Files that a browser announced and never sent, or never said that it had."""
    late = StoredFile.objects.filter(state=FileState.AWAITED, uploaded_at__lt=run.now - ANNOUNCEMENT_LASTS, pieces__isnull=True)
    for pk in list(late.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            file = StoredFile.objects.select_for_update().filter(pk=pk, state=FileState.AWAITED).first()
            if file is None:  # it came meanwhile
                continue
            if run.sweeps:
                file.delete()
        _sweep(run, Discrepancy.EXPIRED, file.quarantine)


def _look_behind(run: _Run) -> None:
    """What was removed and is still there: older versions in a bucket, half-written files on a disk."""
    for each in storage.adapter().hidden(storage.QUARANTINE):
        if run.is_old(each):
            _sweep(run, Discrepancy.HIDDEN, each.key)
    adapter = storage.adapter()
    if isinstance(adapter, DiskStorage):
        for draft in adapter.drafts_before(run.now - OLD):
            run.tell(Discrepancy.STRAY, draft.name)
            if run.sweeps:
                draft.unlink(missing_ok=True)


def _sweep(run: _Run, kind: Discrepancy, key: str) -> None:
    try:
        if run.sweeps:
            storage.delete(key)
    except StorageFailed:
        kind = Discrepancy.STUCK
    run.tell(kind, key)


def _batches(each: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(each)
    while batch := list(islice(rest, BATCH)):
        yield batch
