"""Making the file of an export: what it holds, where it rests for a week, and the one message that says it is there.

A worker may be killed at any line: the job runs again, and only the file that is settled under the lock is ever told of.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from documents import storage
from notifications import outbox
from notifications.enums import Kind
from territories.models import Authority
from workflows.exports import columns, sheets
from workflows.exports.models import Export, ExportRecord, ExportState, FileFormat, Source
from workflows.exports.selection import Selection

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=7)
FORGOTTEN_AFTER = timedelta(days=90)
ATTEMPTS = 4
PROGRESS_ROWS = 5_000
# A file that no row names may be one that a job is about to settle.
OLD = timedelta(days=1)


class NoLongerAllowed(Exception):
    """The person lost the role by which they asked."""

    def __init__(self) -> None:
        super().__init__("Vous ne lisez plus les dossiers de cette collectivité : l’export n’a pas été fait.")


class Interrupted(Exception):
    def __init__(self) -> None:
        super().__init__(
            "La préparation s’est interrompue plusieurs fois. Demandez moins de dossiers, ou prévenez votre administrateur."
        )


def write(export_id: int) -> None:
    """Make the file of an export that waits; done once, harmless twice. Raises StorageFailed to be run again."""
    export = _begin(export_id)
    if export is None:
        return
    try:
        counts = _selection(export).counts(export.user, today=export.day)
        if export.attempts > ATTEMPTS:
            raise Interrupted
        if not counts:
            raise NoLongerAllowed
        key = f"{storage.PREPARED}/{export.pk}/{uuid4().hex}"
        with _made(export) as file:
            storage.put(key, File(file))
            size = file.seek(0, 2)
        _settle(export_id, key=key, size=size, counts=counts)
    except (Interrupted, NoLongerAllowed) as reason:
        _fail(export_id, str(reason))
    except Exception:
        if export.attempts >= ATTEMPTS:
            _fail(export_id, "Le fichier n’a pas pu être préparé. Demandez-le de nouveau dans quelques minutes.")
        raise


def workbook(export: Export) -> IO[bytes]:
    """The workbook of an export, in a file that is gone once closed."""
    chosen = columns.chosen(export.columns)
    rows = sheets.values(_selection(export).cases(export.user, today=export.day), chosen, day=export.day)
    notice = sheets.Notice(
        title=f"{Source(export.source).label}, au {export.day:%d/%m/%Y}",
        lines=[
            ("Arrêté au", f"{export.day:%d/%m/%Y}"),
            ("Filtres", export.words),
            ("Lignes", str(export.rows)),
            ("Établi par", export.user.full_name),
        ],
    )
    return sheets.xlsx(_counted(export, rows), chosen, notice=notice)


def text(export: Export) -> Iterator[bytes]:
    """The CSV of an export, piece by piece."""
    cases = _selection(export).cases(export.user, today=export.day)
    return sheets.csv_chunks(cases, columns.chosen(export.columns), day=export.day)


def keep_record(export: Export, counts: Mapping[int, int]) -> None:
    """One line in the journal of each authority whose cases are taken."""
    is_personal = columns.are_personal(columns.chosen(export.columns))
    ExportRecord.objects.bulk_create(
        ExportRecord(
            authority_id=authority,
            user=export.user,
            user_name=export.user.full_name,
            source=export.source,
            words=export.words,
            columns=export.columns,
            is_personal=is_personal,
            format=export.format,
            rows=rows,
        )
        for authority, rows in counts.items()
    )


def may_open(export: Export, user: User) -> bool:
    """Asked again at each click: the person still reads the cases of every authority whose cases the file holds."""
    return export.user_id == user.pk and set(export.authorities) <= user.authorities_as(*Role.reading_cases())


def expire(*, now: datetime) -> int:
    """Efface les fichiers dont la semaine est passée, et les lignes trop anciennes ; combien de fichiers."""
    count = 0
    for pk in list(Export.objects.over_at(now).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            export = Export.objects.locked().get(pk=pk)
            storage.delete(export.key)
            export.state, export.key = ExportState.EXPIRED, ""
            export.save(update_fields=["state", "key"])
        count += 1
    Export.objects.exclude(state__in=[ExportState.READY, *ExportState.waiting()]).filter(
        asked_at__lt=now - FORGOTTEN_AFTER
    ).delete()
    return count


def sweep(*, now: datetime) -> int:
    """Remove what a killed worker left: files that no export names, once they are old."""
    known = set(Export.objects.exclude(key="").values_list("key", flat=True))
    stray = [each.key for each in storage.objects(storage.PREPARED) if each.modified_at < now - OLD and each.key not in known]
    for key in stray:
        storage.delete(key)
    return len(stray)


@transaction.atomic
def _begin(export_id: int) -> Export | None:
    """The export, if its file is still to be made; one that was deleted meanwhile is nobody's."""
    export = Export.objects.locked().select_related("user").filter(pk=export_id).first()
    if export is None or not export.is_waiting:
        return None
    export.state, export.written = ExportState.WRITING, 0
    export.attempts += 1
    export.save(update_fields=["state", "written", "attempts"])
    return export


@transaction.atomic
def _settle(export_id: int, *, key: str, size: int, counts: Mapping[int, int]) -> None:
    """The file is there: its line in the journals, and its message, once whatever the number of workers."""
    export = Export.objects.locked().select_related("user").filter(pk=export_id).first()
    if export is None or not export.is_waiting:
        return  # another worker was first: this file is swept
    now = timezone.now()
    export.state, export.key, export.size = ExportState.READY, key, size
    export.rows = export.written = sum(counts.values())
    export.authorities = sorted(counts)
    export.ready_at, export.expires_at = now, now + KEPT_FOR
    export.save()
    keep_record(export, counts)
    _tell(export, Kind.EXPORT_READY)
    logger.info("export ready id=%s rows=%s bytes=%s", export.pk, export.rows, size)


@transaction.atomic
def _fail(export_id: int, reason: str) -> None:
    export = Export.objects.locked().select_related("user").filter(pk=export_id).first()
    if export is None or not export.is_waiting:
        return
    export.state, export.problem = ExportState.FAILED, reason
    export.save(update_fields=["state", "problem"])
    _tell(export, Kind.EXPORT_FAILED)
    logger.warning("export failed id=%s attempts=%s", export.pk, export.attempts)


def _tell(export: Export, kind: Kind) -> None:
    """The link asks to sign in: no file travels by mail, and whoever finds the message opens nothing."""
    authority = Authority.objects.filter(pk__in=export.authorities).order_by("pk").first()
    page = reverse("export-file", args=[export.pk]) if kind == Kind.EXPORT_READY else reverse("export-list")
    outbox.enqueue_to(
        export.user.email, kind, url=settings.BASE_URL + page, authority=authority, once=f"export-{export.pk}", export=export
    )


def _selection(export: Export) -> Selection:
    return Selection(Source(export.source), export.query)


def _made(export: Export) -> IO[bytes]:
    """Its bytes, in a nameless file at its beginning."""
    if export.format == FileFormat.XLSX:
        return workbook(export)
    file = TemporaryFile()  # noqa: SIM115 (closed by the caller)
    try:
        for chunk in text(export):
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _counted(export: Export, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows of a large export, which say how far they are."""
    for count, row in enumerate(rows, start=1):
        if export.is_waiting and count % PROGRESS_ROWS == 0:
            Export.objects.filter(pk=export.pk).update(written=count)
        yield row
