"""The append-only journals: one line a fact, each hashed over the one before, one chain a case and one a sanction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from permis.models import Application, Entry, Sanction, SanctionEntry
from permis.models.journal import Event
from permis.models.sanction_journal import SanctionEvent

GENESIS = "0" * 64


def record(
    owner: Application | Sanction, event: Event | SanctionEvent, *, on: date, by: User | None = None, **facts: Any
) -> Entry | SanctionEntry:
    """Write what happened on the day ``on``; ``by`` is None for the clock. The case or the sanction must be locked by the caller."""
    last = owner.journal.order_by("-position").values_list("position", "digest").first()
    line = Entry if isinstance(owner, Application) else SanctionEntry
    entry = line(
        **{line.owner_name: owner},
        position=last[0] + 1 if last else 1,
        event=event,
        on=on,
        recorded_at=timezone.now(),
        author=by,
        author_name=by.full_name if by else "",
        facts=json.loads(json.dumps(facts, cls=DjangoJSONEncoder)),
        previous=last[1] if last else GENESIS,
    )
    entry.digest = digest(entry)
    entry.save(force_insert=True)
    return entry


def is_told(owner: Application | Sanction, event: Event | SanctionEvent, **facts: Any) -> bool:
    """Whether the journal says it already, of the same facts: what is told once asks before it tells."""
    written = json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
    return owner.journal.filter(event=event, **{f"facts__{name}": value for name, value in written.items()}).exists()


def police_order_reference(application: Application) -> str:
    """What the service wrote of the order that is in force on the building; empty where none is."""
    if not application.police_order:
        return ""
    last = application.journal.filter(event=Event.POLICE_ORDER).order_by("-position").first()
    return last.facts["reference"] if last is not None and last.facts["in_force"] else ""


def digest(entry: Entry | SanctionEntry) -> str:
    """SHA-256 of a line in canonical form, the digest of the line before it included."""
    content = {
        entry.owner_name: getattr(entry, f"{entry.owner_name}_id"),
        "position": entry.position,
        "event": str(entry.event),
        "on": entry.on.isoformat(),
        "recorded_at": _canonical(entry.recorded_at),
        "author": entry.author_id,
        "author_name": entry.author_name,
        "facts": entry.facts,
        "previous": entry.previous,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def faults(owner: Application | Sanction) -> Iterator[str]:
    """French sentences on each broken line of the chain; none when the journal is whole."""
    previous = GENESIS
    entries: QuerySet[Any] = owner.journal.order_by("position")
    for expected, entry in enumerate(entries, start=1):
        if entry.position != expected:
            yield f"{owner} : la ligne {expected} manque."
        if entry.previous != previous:
            yield f"{owner} : la ligne {entry.position} ne suit pas la précédente."
        if entry.digest != digest(entry):
            yield f"{owner} : la ligne {entry.position} a été modifiée."
        previous = entry.digest


def _canonical(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
