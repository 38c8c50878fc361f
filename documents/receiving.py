"""Files on their way in: announced and sent straight to storage, or sent by an ordinary form. Refusals say what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Count, Sum

from accounts.models import User
from documents import holding, storage
from documents.backends import Ticket
from documents.enums import FilePurpose, FileState
from documents.holding import Owner
from documents.models import Scan, StoredFile
from documents.tasks import delete_bytes, examine_file
from permis.models import Application

MEGABYTE = 1024 * 1024
MAX_FILE_SIZE = 20 * MEGABYTE
MAX_CASE_SIZE = 200 * MEGABYTE
MAX_CASE_FILES = 60
# Taken by the phone, which reduces them to 400 kB; a visit of 94 items has about 50.
MAX_PHOTO_SIZE = MEGABYTE
MAX_VISIT_PHOTOS = 300
# Pieces cost no bytes, but pages to show them: one file may be many, and what was replaced stays.
MAX_CASE_PIECES = 300
CONTENT_TYPES = (storage.PDF, storage.JPEG, storage.PNG, storage.HEIC)
NAME_LENGTH = 200
_HEAD = 1024


class FileRefused(Exception):
    """This file cannot be taken; the message says why and what to do."""


class NotArrived(FileRefused):
    """The bytes are not there, or not all of them, or nobody waits for them any more: the same file may be sent again."""

    def __init__(self, file: StoredFile) -> None:
        super().__init__(f"Le fichier « {file.name} » n’est pas arrivé en entier. Envoyez-le de nouveau.")


def expect(
    application: Application, *, name: str, size: int, content_type: str, by: User, announced: dict[str, Any] | None = None
) -> tuple[StoredFile, Ticket]:
    """Announce a file that a browser will send straight to storage: its row, and where it goes. Raises FileRefused.

    Announced again after a cut, the same file as the same pieces keeps its row, hence its place among the pages of a piece.
    """
    _check_size(name, size)
    if content_type not in CONTENT_TYPES:
        raise FileRefused(_neither(name))
    announced = announced or {}
    cut = application.files.awaited_from(by).filter(name=_name(name), size=size, content_type=content_type)
    file = next((each for each in cut.order_by("pk") if _is_meant_as(each.announced, announced)), None)
    if file is None:
        _require_room(application, size)
        file = StoredFile(
            application=application,
            name=_name(name),
            content_type=content_type,
            size=size,
            uploaded_by=by,
            state=FileState.AWAITED,
            quarantine=_quarantine(application),
        )
    file.announced = announced
    file.save()
    return file, storage.put_url(file.quarantine, size=size, content_type=content_type, user=by.pk)


def require_arrived(file: StoredFile) -> None:
    """Refuse an announced file of which nothing or something else came. A storage may be slow: to be asked before anything is locked."""
    if file.state == FileState.AWAITED and storage.size_of(file.quarantine) != file.size:
        raise NotArrived(file)


@transaction.atomic
def take(file: StoredFile) -> StoredFile:
    """An announced file that has arrived awaits its examination; done once, harmless twice. Raises NotArrived once forgotten."""
    current = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
    if current is None:
        raise NotArrived(file)
    if current.state == FileState.AWAITED:
        current.state = FileState.PENDING
        current.save(update_fields=["state"])
        examine_file.defer(file_id=current.pk)
    return current


def copy_of(source: StoredFile, application: Application, *, by: User) -> StoredFile:
    """The same bytes under this case's own key, to be examined anew: a row is clean by its own scan. Raises FileRefused, StorageFailed."""
    known = application.files.deposited().received().filter(sha256=source.sha256).exclude(state__in=FileState.unusable()).first()
    if known is not None:
        return known
    _require_room(application, source.size)
    file = StoredFile(
        application=application,
        sha256=source.sha256,
        name=source.name,
        content_type=source.content_type,
        size=source.size,
        uploaded_by=by,
    )
    storage.commit(source.key, file.key, source.sha256)
    with transaction.atomic():
        file.save(force_insert=True)
        examine_file.defer(file_id=file.pk)
    return file


@transaction.atomic
def forget(application: Application, files: Iterable[StoredFile]) -> None:
    """Remove files of a draft that no piece holds any more; a job deletes their bytes, unless another row names them by then."""
    gone = list(files)
    rows = StoredFile.objects.filter(pk__in=[file.pk for file in gone])
    Scan.objects.filter(file__in=rows).delete()
    rows.delete()
    for file in gone:
        if file.quarantine:
            delete_bytes.defer(application_id=application.pk, sha256="", keys=[file.quarantine])
        if file.sha256:
            keys = [file.key, *(file.picture_key(page) for page in range(file.pictures + 1))]
            delete_bytes.defer(application_id=application.pk, sha256=file.sha256, keys=keys)


def receive(owner: Owner, upload: File, *, by: User | None, purpose: FilePurpose = FilePurpose.DEPOSITED) -> StoredFile:
    """Take a file sent by an ordinary form, by chunks; the bytes are stored first, so that no row is ever without them.

    What the service keeps of a visit or of an opinion takes no room of the landlord's, who does not open it.
    Raises FileRefused for an empty, too big or unknown file, and when the case is full; StorageFailed.
    """
    content_type = check(upload)
    sha256 = storage.sha256_of_chunks(upload.chunks())
    known = owner.files.filter(purpose=purpose, sha256=sha256).first()
    if known is not None:
        return known
    if purpose not in FilePurpose.of_the_service():
        _require_room(owner, upload.size)
    file = StoredFile(
        **holding.by(owner),
        purpose=purpose,
        sha256=sha256,
        name=_name(upload.name or ""),
        content_type=content_type,
        size=upload.size,
        uploaded_by=by,
        quarantine=_quarantine(owner),
    )
    storage.put(file.quarantine, upload, sha256=sha256)
    with transaction.atomic():
        file.save(force_insert=True)
        examine_file.defer(file_id=file.pk)
    return file


def store_photo(application: Application, content: bytes, *, sha256: str, name: str, by: User) -> StoredFile:
    """The bytes of a photo of a visit, stored; its row is for `admit`. Raises FileRefused unless it is a JPEG, StorageFailed.

    It has the room of its visit, not that of the landlord's files.
    """
    if not 0 < len(content) <= MAX_PHOTO_SIZE:
        raise FileRefused(f"Une photo de visite ne dépasse pas {MAX_PHOTO_SIZE // MEGABYTE} Mo. Réduisez-la.")
    if storage.content_type_of(content[:_HEAD]) != storage.JPEG:
        raise FileRefused("Une photo de visite est un JPEG. Reprenez-la avec l’appareil du téléphone.")
    file = StoredFile(
        application=application,
        purpose=FilePurpose.VISIT,
        sha256=sha256,
        name=_name(name),
        content_type=storage.JPEG,
        size=len(content),
        uploaded_by=by,
        quarantine=_quarantine(application),
    )
    storage.put(file.quarantine, ContentFile(content), sha256=sha256)
    return file


def admit(file: StoredFile) -> StoredFile:
    """Save the row of a photo whose bytes are stored, within the transaction of the caller; a job examines it."""
    file.save(force_insert=True)
    examine_file.defer(file_id=file.pk)
    return file


def check(upload: File) -> str:
    """The type of a file, told by its first bytes and never by its name."""
    name = upload.name or "sans nom"
    _check_size(name, upload.size)
    upload.seek(0)
    head = upload.read(_HEAD)
    upload.seek(0)
    content_type = storage.content_type_of(head)
    if content_type is None:
        raise FileRefused(_neither(name))
    return content_type


def _is_meant_as(earlier: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether two announcements are of the same pieces; what they take the place of may have changed meanwhile."""
    return all((earlier.get(name) or None) == (now.get(name) or None) for name in ("kinds", "title"))


def _quarantine(owner: Owner) -> str:
    return f"{storage.QUARANTINE}/{holding.folder(owner)}/{uuid4().hex}"


def _name(name: str) -> str:
    """The name as people wrote it, without what a database or a screen cannot take."""
    return "".join(letter for letter in name if letter.isprintable()).strip()[-NAME_LENGTH:] or "fichier"


def _neither(name: str) -> str:
    return (
        f"Le fichier « {_name(name)} » n’est ni un PDF ni une photo (JPEG, PNG, HEIC). "
        "Enregistrez-le en PDF, ou prenez la page en photo."
    )


def _check_size(name: str, size: int) -> None:
    if size <= 0:
        raise FileRefused(f"Le fichier « {_name(name)} » est vide. Choisissez-en un autre.")
    if size > MAX_FILE_SIZE:
        raise FileRefused(
            f"Le fichier « {_name(name)} » dépasse {MAX_FILE_SIZE // MEGABYTE} Mo. "
            "Réduisez-le, ou envoyez-le en plusieurs parties."
        )


def used(owner: Owner) -> dict[str, int]:
    """How many files a case or a sanction has, and their bytes; those awaited have their place kept, those of the service take none."""
    files = owner.files.exclude(purpose__in=FilePurpose.of_the_service())
    return files.aggregate(files=Count("pk"), size=Sum("size", default=0))


def _require_room(owner: Owner, size: int) -> None:
    room = used(owner)
    if room["files"] >= MAX_CASE_FILES:
        raise FileRefused(f"Ce dossier a déjà {MAX_CASE_FILES} fichiers. Regroupez plusieurs pages dans un même PDF.")
    if room["size"] + size > MAX_CASE_SIZE:
        raise FileRefused(f"Ce dossier dépasserait {MAX_CASE_SIZE // MEGABYTE} Mo. Réduisez la taille de vos fichiers.")
