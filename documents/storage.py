"""The storage port: what the rest of the software may ask of the place where bytes rest, disk or S3.

A file is received in quarantine, examined by a job, then copied to its immutable key `authority/case/sha256`; its name never
makes a path. A file of a case is read by people only once a scan found it clean (`StoredFile.is_served`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from documents.backends import DiskStorage, ObjectStorage, StorageFailed, Ticket
from documents.models import Act, StoredFile

MEGABYTE = 1024 * 1024
CHUNK = MEGABYTE
PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}

# A page, a drawing, an archive or office document, programs, an old picture.
_OTHERS = (b"<", b"PK\x03\x04", b"MZ", b"\x7fELF", b"#!", b"GIF8")


def content_type_of(head: bytes) -> str | None:
    """The accepted type that these first bytes announce, if any. A file that is two things at once is the first of them."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    # Its header may come after some junk, as every reader allows, but not after the beginning of something else.
    if b"%PDF-" in head and not head.lstrip().startswith(_OTHERS):
        return PDF
    return None


def put(key: str, content: File) -> None:
    """Store bytes under a key that tells their content, so that what is already there is left alone. Raises StorageFailed."""
    try:
        if not default_storage.exists(key):
            content.seek(0)
            default_storage.save(key, content)
    except (OSError, BotoCoreError, ClientError) as error:
        raise StorageFailed(str(error)) from error


def put_bytes(key: str, content: bytes) -> None:
    put(key, ContentFile(content))


def commit(source: str, key: str, sha256: str) -> None:
    """Copy a key to its immutable place, and read it there again: a storage may lie. Raises StorageFailed."""
    if not holds(key, sha256):
        _backend().copy(source, key)
        if not holds(key, sha256):
            raise StorageFailed(f"the copy under {key} does not have its hash")


def holds(key: str, sha256: str) -> bool:
    """Whether these very bytes are under this key."""
    try:
        return default_storage.exists(key) and sha256_of_key(key) == sha256
    except (OSError, BotoCoreError, ClientError) as error:
        raise StorageFailed(str(error)) from error


def sha256_of_key(key: str) -> str:
    with default_storage.open(key, "rb") as content:
        return sha256_of_chunks(iter(lambda: content.read(CHUNK), b""))


def delete(key: str) -> None:
    """Remove a key; one that is not there is no error. Raises StorageFailed."""
    try:
        default_storage.delete(key)
    except (OSError, BotoCoreError, ClientError) as error:
        raise StorageFailed(str(error)) from error


def keys(prefix: str) -> list[str]:
    """Every key under a prefix, for reconciliation and moves."""
    return _backend().keys(prefix)


def open_stored(record: StoredFile | Act) -> IO[bytes]:
    """The bytes of a file or an act, to be closed by the caller."""
    return default_storage.open(record.key, "rb")


def open_key(key: str) -> IO[bytes]:
    return default_storage.open(key, "rb")


def put_url(key: str, *, size: int, content_type: str, user: int) -> Ticket:
    """Where a browser may send one file of this very length and type, for a quarter of an hour."""
    return _backend().ticket(key, size=size, content_type=content_type, user=user)


def size_of(key: str) -> int | None:
    """The length of what is under a key, None where nothing is. Raises StorageFailed."""
    try:
        return default_storage.size(key) if default_storage.exists(key) else None
    except (OSError, BotoCoreError, ClientError) as error:
        raise StorageFailed(str(error)) from error


def get_url(key: str, *, name: str, content_type: str, inline: bool = False) -> str:
    """An address that gives these bytes for a minute to whoever holds it: made at each click, never kept, logged or mailed."""
    return _backend().link(key, name=name, content_type=content_type, inline=inline)


@contextmanager
def on_disk(key: str) -> Iterator[tuple[Path, str]]:
    """A local copy of a key for as long as the block lasts, and its SHA-256. Raises StorageFailed."""
    with TemporaryDirectory(prefix="permis-") as folder:
        path, digest = Path(folder) / "file", hashlib.sha256()
        try:
            with default_storage.open(key, "rb") as content, path.open("wb") as copy:
                while chunk := content.read(CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
        except (OSError, BotoCoreError, ClientError) as error:
            raise StorageFailed(str(error)) from error
        yield path, digest.hexdigest()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sha256_of_chunks(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _backend() -> DiskStorage | ObjectStorage:
    return cast("DiskStorage | ObjectStorage", default_storage)
