"""How the files are: where they rest, what examines them, what waits, and what the last reconciliation found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db.models import Count, Min, Q

from documents import scanning, storage
from documents.backends import ObjectStorage
from documents.enums import FileState
from documents.models import Reconciliation, Scan, StoredFile
from territories.models import Authority


@dataclass(frozen=True)
class Health:
    """What an administrator should know; counts alone, no case and no name."""

    place: str
    engine: str
    has_antivirus: bool
    last_scan: Scan | None
    waiting: int
    waiting_since: datetime | None
    reconciliation: Reconciliation | None
    asks_ademe: bool

    @classmethod
    def of(cls, authority: Authority) -> Health:
        """Files wait for the authority alone; the rest is the same for all. Three queries."""
        files = StoredFile.objects.filter(Q(application__authority=authority) | Q(sanction__authority=authority))
        waiting = files.to_examine().aggregate(count=Count("pk"), since=Min("uploaded_at"))
        return cls(
            place=_place(),
            engine="ClamAV" if settings.CLAMD_URL else scanning.BUILT_IN,
            has_antivirus=bool(settings.CLAMD_URL),
            last_scan=Scan.objects.filter(Q(file__application__authority=authority) | Q(file__sanction__authority=authority))
            .order_by("-pk")
            .first(),
            waiting=waiting["count"],
            waiting_since=waiting["since"],
            reconciliation=Reconciliation.objects.order_by("-started_at").first(),
            asks_ademe=bool(settings.ADEME_URL),
        )


def try_scanner() -> scanning.ScanResult:
    """Show the harmless test file to the engine, which must find it. Raises ScannerUnavailable."""
    with TemporaryDirectory(prefix="permis-") as folder:
        path = Path(folder) / "essai"
        path.write_bytes(scanning.TEST_FILE)
        result = scanning.scan(path)
    if result.verdict != FileState.INFECTED:
        raise scanning.ScannerUnavailable("the test file was not found")
    return result


def _place() -> str:
    adapter = storage.adapter()
    if isinstance(adapter, ObjectStorage):
        return f"Stockage S3, seau « {adapter.bucket_name} »"
    return "Disque du serveur"
