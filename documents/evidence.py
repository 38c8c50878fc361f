"""Evidence that nobody removes by mistake: files of filed cases and issued acts, locked where the bucket can and `lock=` asks."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain

from documents import storage
from documents.backends import ObjectStorage, StorageFailed
from documents.models import Act, StoredFile

logger = logging.getLogger(__name__)


def lock(*, now: datetime) -> int:
    """Lock what is not yet, after reading it once more: bytes that are not the right ones are never locked. Raises StorageFailed."""
    adapter = storage.adapter()
    if not isinstance(adapter, ObjectStorage) or not adapter.lock_days or not adapter.has_lock():
        return 0
    until, locked = now + timedelta(days=adapter.lock_days), 0
    files = StoredFile.objects.evidence().filter(locked_until__isnull=True).select_related("application", "sanction")
    acts = Act.objects.evidence().filter(locked_until__isnull=True).select_related("application", "sanction")
    records: Iterable[StoredFile | Act] = chain(files.order_by("pk").iterator(), acts.order_by("pk").iterator())
    for record in records:
        try:
            is_whole = storage.holds(record.key, record.sha256)
            if is_whole:
                adapter.keep(record.key, until)
        except StorageFailed:
            is_whole = False
        if not is_whole:
            logger.warning("evidence not locked model=%s id=%s", record._meta.model_name, record.pk)
            continue
        type(record)._base_manager.filter(pk=record.pk).update(locked_until=until)
        locked += 1
    return locked


def forget_locks() -> None:
    """After a move: what is locked here says nothing of there, so everything is locked again."""
    for model in (StoredFile, Act):
        model._base_manager.filter(locked_until__isnull=False).update(locked_until=None)
