"""Asking for an export: a small one is handed over at once, a large one is made by the worker. The journal knows of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from workflows.exports import sheets
from workflows.exports.columns import Column
from workflows.exports.models import Export, ExportState, FileFormat
from workflows.exports.selection import Selection
from workflows.exports.tasks import write_export
from workflows.exports.writing import keep_record, text, workbook
from workflows.worklists import choices

# Beyond, nobody waits in front of a page: a message says when the file is there.
LARGE = 5_000
MOST_WAITING = 3
CONTENT_TYPES = {FileFormat.CSV: sheets.CSV_TYPE, FileFormat.XLSX: sheets.XLSX_TYPE}


class NothingToExport(Exception):
    def __init__(self) -> None:
        super().__init__("Aucun dossier ne répond à ces filtres : il n’y a rien à exporter.")


class TooManyRows(Exception):
    def __init__(self) -> None:
        super().__init__("Un classeur tient au plus un million de lignes : choisissez le format CSV, ou une année.")


class TooManyWaiting(Exception):
    def __init__(self) -> None:
        super().__init__("Trois de vos exports sont déjà en préparation : attendez que l’un d’eux soit prêt.")


@transaction.atomic
def ask(selection: Selection, *, chosen: Sequence[Column], file_format: FileFormat, by: User, on: date) -> Export:
    """Exporter des dossiers ; une ligne du journal de chaque collectivité part avec eux.

    Raises NothingToExport, TooManyRows, TooManyWaiting, PermissionDenied.
    """
    if not by.authorities_as(*Role.reading_cases()):
        raise PermissionDenied
    counts = selection.counts(by, today=on)
    rows = sum(counts.values())
    if not rows or not chosen:
        raise NothingToExport
    if file_format == FileFormat.XLSX and rows > sheets.MOST_ROWS:
        raise TooManyRows
    is_large = rows > LARGE
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two clicks at once count each other
    if is_large and Export.objects.visible_to(by).waiting().count() >= MOST_WAITING:
        raise TooManyWaiting
    export = Export.objects.create(
        user=by,
        source=selection.source,
        query=selection.query,
        words=in_words(selection, by),
        columns=[column.key for column in chosen],
        format=file_format,
        day=on,
        rows=rows,
        state=ExportState.QUEUED if is_large else ExportState.HANDED_OVER,
        written=0 if is_large else rows,
        authorities=sorted(counts),
    )
    if is_large:
        write_export.configure(lock=f"export-{export.pk}").defer(export_id=export.pk)
    else:
        keep_record(export, counts)
    return export


def stream(export: Export) -> Iterator[bytes]:
    """The bytes of a small export: a CSV as the database writes it, a workbook from a file that is gone once it was sent."""
    return sheets.file_chunks(workbook(export)) if export.format == FileFormat.XLSX else text(export)


def in_words(selection: Selection, user: User) -> str:
    """The filters of a selection, as the page and the journal tell them."""
    return selection.words(people=choices.people(user.authorities_as(*Role.reading_cases()), choices.WORKING))
