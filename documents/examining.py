"""The examination of a received file: type by content, scan, immutable copy, reading. Done by a job, harmless twice."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from documents import extraction, reading, scanning, storage
from documents.enums import FileState
from documents.models import Scan, StoredFile
from documents.reading import ReadingState

logger = logging.getLogger(__name__)

PROBLEMS = {
    ReadingState.NEEDS_PASSWORD: "Ce PDF demande un mot de passe : nous ne pouvons pas l’ouvrir. "
    "Demandez une version sans mot de passe, ou prenez les pages en photo.",
    ReadingState.EMPTY: "Ce fichier ne contient aucune page. Enregistrez-le de nouveau, ou prenez les pages en photo.",
    ReadingState.UNREADABLE: "Ce fichier est abîmé : nous ne pouvons pas l’ouvrir. "
    "Enregistrez-le de nouveau en PDF, ou prenez les pages en photo.",
}
INFECTED = (
    "Ce fichier est refusé par notre contrôle de sécurité. Demandez-en un autre au diagnostiqueur, ou prenez les pages en photo."
)
OTHER_TYPE = "Ce fichier n’est ni un PDF ni une photo. Enregistrez-le en PDF, ou prenez les pages en photo."


@dataclass(frozen=True)
class Examination:
    """What was found of a file, before it is written down."""

    state: FileState
    sha256: str
    content_type: str
    scan: scanning.ScanResult
    problem: str = ""
    page_count: int | None = None
    pictures: int = 0
    active: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


def examine(file: StoredFile) -> StoredFile:
    """Examine a file that waits for it, and write down what was found.

    When the scanner or the storage does not answer, the file stays unserved, in error, to be examined again.
    """
    if file.state not in FileState.waiting():
        return file
    try:
        with storage.on_disk(file.location) as (path, sha256):
            found = _look(path, sha256, announced=file.content_type)
            file.sha256 = sha256
            if found.state != FileState.INFECTED:
                storage.commit(file.location, file.key, sha256)
            if found.state == FileState.CLEAN:
                found = _read(file, path, found)
    except (scanning.ScannerUnavailable, storage.StorageFailed) as obstacle:
        reason = str(obstacle) if isinstance(obstacle, scanning.ScannerUnavailable) else obstacle.detail
        logger.warning("file not examined file=%s obstacle=%s reason=%s", file.pk, type(obstacle).__name__, reason)
        return _put_off(file)
    return _write(file, found)


@transaction.atomic
def _put_off(file: StoredFile) -> StoredFile:
    """Nothing was learnt: the file waits, and is served to nobody."""
    current = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
    if current is None:
        return _leave_nothing(file)
    if current.state in FileState.waiting():
        current.state = FileState.ERROR
        current.save(update_fields=["state"])
    return current


def _look(path: Path, sha256: str, *, announced: str) -> Examination:
    """The scan, then the type that the first bytes tell."""
    result = scanning.scan(path)
    with path.open("rb") as content:
        content_type = storage.content_type_of(content.read(1024))
    if result.verdict != FileState.CLEAN:
        return Examination(FileState.INFECTED, sha256, announced, result, INFECTED)
    if content_type is None:
        return Examination(FileState.UNREADABLE, sha256, announced, result, OTHER_TYPE)
    return Examination(FileState.CLEAN, sha256, content_type, result)


def _read(file: StoredFile, path: Path, found: Examination) -> Examination:
    """Count the pages and keep their pictures beside the original; a reading that runs out costs the pictures alone."""
    with TemporaryDirectory(prefix="permis-") as folder:
        read = reading.read(path, found.content_type, Path(folder))
        if read.state in PROBLEMS:
            return replace(found, state=FileState.UNREADABLE, problem=PROBLEMS[read.state])
        if read.state != ReadingState.READ:
            logger.warning("file read in part file=%s state=%s pictures=%s", file.pk, read.state, len(read.pictures))
        for page, picture in enumerate([read.thumbnail, *read.pictures]):
            if picture is not None:
                storage.put_bytes(file.picture_key(page), picture.read_bytes())
    facts = extraction.facts_of(read.text).as_data()
    return replace(found, page_count=read.page_count, pictures=len(read.pictures), active=list(read.active), facts=facts)


@transaction.atomic
def _write(file: StoredFile, found: Examination) -> StoredFile:
    """The verdict, the scan that carries it and the word to the case, together; the quarantine is emptied once they stand."""
    current = (
        StoredFile.objects.select_for_update(of=("self",)).select_related("application", "sanction").filter(pk=file.pk).first()
    )
    if current is None:
        file.pictures = found.pictures
        return _leave_nothing(file)
    if current.state not in FileState.waiting():
        return current
    # First: the database refuses a clean file without it.
    Scan.objects.create(
        file=current,
        engine=found.scan.engine,
        signatures=found.scan.signatures,
        sha256=found.sha256,
        verdict=found.scan.verdict,
        detail=found.scan.detail,
    )
    quarantine, current.quarantine = current.quarantine, ""
    current.state, current.sha256, current.content_type = found.state, found.sha256, found.content_type
    current.problem, current.page_count = found.problem, found.page_count
    current.pictures, current.active, current.facts = found.pictures, found.active, found.facts
    current.save()
    if current.is_unusable:
        app.configure_task("workflows.tasks.tell_of_unusable_file").defer(file_id=current.pk)
    if quarantine:
        transaction.on_commit(lambda: _empty(quarantine))
    return current


def _leave_nothing(file: StoredFile) -> StoredFile:
    """A person removed the file while we examined it: what we kept of it goes too."""
    keys = [file.key, *(file.picture_key(page) for page in range(file.pictures + 1))] if file.sha256 else []
    job = app.configure_task("documents.tasks.delete_bytes")
    job.defer(application_id=file.application_id, sha256=file.sha256, keys=[*keys, *filter(None, [file.quarantine])])
    return file


def _empty(quarantine: str) -> None:
    try:
        storage.delete(quarantine)
    except storage.StorageFailed:
        logger.warning("quarantine not emptied, left to the reconciliation")
