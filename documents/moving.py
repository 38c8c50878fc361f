"""Moving every object from one storage to another: safe to interrupt and to run again, each copy read again on arrival."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile

from documents import storage
from documents.backends import Adapter, DiskStorage, NothingThere, ObjectStorage, StorageFailed, StoredObject, answering
from documents.storage_urls import Bucket

CONFIGURED = "actuel"
MEMORY = 8 * 1024 * 1024


@dataclass
class Counts:
    copied: int = 0
    already: int = 0
    failed: int = 0
    size: int = 0

    @property
    def seen(self) -> int:
        return self.copied + self.already + self.failed


def place(address: str) -> Adapter:
    """A folder, a bucket as in `STORAGE_URL`, or the configured storage by its word. Raises ImproperlyConfigured."""
    if address == CONFIGURED:
        return storage.adapter()
    if "://" in address:
        return ObjectStorage(**Bucket.of(address).as_setting()["OPTIONS"])
    return DiskStorage(location=Path(address).absolute())


def move(
    source: Adapter, target: Adapter, *, dry_run: bool, fail: Callable[[str, str], None], progress: Callable[[Counts], None]
) -> Counts:
    """Copy what the target does not hold yet; ``fail`` hears of each object that could not be. Raises StorageFailed for a listing."""
    counts = Counts()
    for each in source.objects():
        try:
            if _move_one(source, target, each, dry_run=dry_run):
                counts.copied += 1
                counts.size += each.size
            else:
                counts.already += 1
        except StorageFailed as obstacle:
            if isinstance(obstacle, NothingThere) and source.size_of(each.key) is None:
                continue  # the site works meanwhile, and removed it
            counts.failed += 1
            fail(each.key, obstacle.detail)
        progress(counts)
    return counts


def _move_one(source: Adapter, target: Adapter, each: StoredObject, *, dry_run: bool) -> bool:
    """Whether it had to be copied. Raises StorageFailed where the bytes are not, here or there, what they should be."""
    promised = storage.sha256_told_by(each.key)
    is_there = target.size_of(each.key) == each.size
    if is_there and _hash(target, each.key) == (promised or _hash(source, each.key)):
        return False
    if dry_run:
        return True
    with SpooledTemporaryFile(max_size=MEMORY) as content:
        digest = hashlib.sha256()
        with answering():
            for chunk in source.chunks(each.key):
                digest.update(chunk)
                content.write(chunk)
        if promised and digest.hexdigest() != promised:
            raise StorageFailed("the source does not have the hash of its key")
        content.seek(0)
        target.write(each.key, content)
        if _hash(target, each.key) != digest.hexdigest():
            raise StorageFailed("the target does not give back what it was given")
    return True


def _hash(adapter: Adapter, key: str) -> str:
    try:
        return storage.sha256_of_chunks(adapter.chunks(key))
    except NothingThere:
        return ""
