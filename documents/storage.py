"""The storage port: files of a case under `authority/case/sha256`, on disk by default, on S3 where it is set."""

from __future__ import annotations

import hashlib
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db.models import Count, Sum

from accounts.models import User
from documents.models import Act, StoredFile
from permis.models import Application

MEGABYTE = 1024 * 1024
MAX_FILE_SIZE = 20 * MEGABYTE
MAX_CASE_SIZE = 200 * MEGABYTE
MAX_CASE_FILES = 60
PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


class FileRefused(Exception):
    """This file cannot be taken; the message says why and what to do."""


def save(application: Application, upload: File, *, by: User | None) -> StoredFile:
    """Store an uploaded file and its row; the bytes are stored first, so that no row is ever without its file.

    Raises FileRefused for an empty, too big or unknown file, and when the case is full.
    """
    content_type = check(upload)
    sha256 = _sha256(upload)
    known = application.files.filter(sha256=sha256).first()
    if known is not None:
        return known
    _require_room(application, upload.size)
    stored = StoredFile(
        application=application,
        sha256=sha256,
        name=(upload.name or "fichier")[-200:],
        content_type=content_type,
        size=upload.size,
        uploaded_by=by,
    )
    put(stored.key, upload)
    stored.save(force_insert=True)
    return stored


def check(upload: File) -> str:
    """The type of a file, told by its first bytes and never by its name."""
    if not upload.size:
        raise FileRefused(f"Le fichier « {upload.name} » est vide. Choisissez-en un autre.")
    if upload.size > MAX_FILE_SIZE:
        raise FileRefused(
            f"Le fichier « {upload.name} » dépasse {MAX_FILE_SIZE // MEGABYTE} Mo. Réduisez-le, ou envoyez-le en plusieurs parties."
        )
    upload.seek(0)
    head = upload.read(1024)
    upload.seek(0)
    content_type = content_type_of(head)
    if content_type is None:
        raise FileRefused(
            f"Le fichier « {upload.name} » n’est ni un PDF ni une photo (JPEG, PNG, HEIC). "
            "Enregistrez-le en PDF, ou prenez la page en photo."
        )
    return content_type


def content_type_of(head: bytes) -> str | None:
    """The accepted type that these first bytes announce, if any."""
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    return None


def put(key: str, content: File) -> None:
    """Store bytes under their key; the key tells the content, so that what is already there is left alone."""
    if not default_storage.exists(key):
        content.seek(0)
        default_storage.save(key, content)


def put_bytes(key: str, content: bytes) -> None:
    put(key, ContentFile(content))


def open_stored(record: StoredFile | Act) -> IO[bytes]:
    """The bytes of a file or an act, to be closed by the caller."""
    return default_storage.open(record.key, "rb")


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sha256(upload: File) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _require_room(application: Application, size: int) -> None:
    used = application.files.aggregate(files=Count("pk"), size=Sum("size", default=0))
    if used["files"] >= MAX_CASE_FILES:
        raise FileRefused(f"Ce dossier a déjà {MAX_CASE_FILES} fichiers. Regroupez plusieurs pages dans un même PDF.")
    if used["size"] + size > MAX_CASE_SIZE:
        raise FileRefused(f"Ce dossier dépasserait {MAX_CASE_SIZE // MEGABYTE} Mo. Réduisez la taille de vos fichiers.")
