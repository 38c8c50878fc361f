"""The storage port: what the rest of the software may ask of the place where bytes rest, disk or S3.

A file is received in quarantine, examined by a job, then copied to its immutable key `authority/case/sha256`; its name never
makes a path. A file of a case is read by people only once a scan found it clean (`StoredFile.is_served`).
A storage may lie: what it says that it stored is read again, and what it gives for an act is held against its hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from documents.backends import Adapter, NothingThere, StorageFailed, StoredObject, Ticket, answering
from documents.models import Act, StoredFile

MEGABYTE = 1024 * 1024
PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
QUARANTINE = "quarantaine"
# What is prepared for somebody and removed by itself: no file of a case, and none of the reconciliation's business.
PREPARED = "exports"
_SHA256 = re.compile(r"[0-9a-f]{64}")
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


def put(key: str, content: File, *, sha256: str = "") -> None:
    """Store bytes and read them again; those that are there already are left alone. Raises StorageFailed."""
    sha256 = sha256 or sha256_of_chunks(content.chunks())
    if holds(key, sha256):
        return
    content.seek(0)
    adapter().write(key, content)
    _require(key, sha256)


def put_bytes(key: str, content: bytes) -> None:
    put(key, ContentFile(content))


def commit(source: str, key: str, sha256: str) -> None:
    """Copy a key to its immutable place, and read it there again. Raises StorageFailed."""
    if not holds(key, sha256):
        adapter().copy(source, key)
        _require(key, sha256)


def holds(key: str, sha256: str) -> bool:
    """Whether these very bytes are under this key. Raises StorageFailed."""
    try:
        return sha256_of_key(key) == sha256
    except NothingThere:
        return False


def sha256_of_key(key: str) -> str:
    """Raises StorageFailed, NothingThere."""
    return sha256_of_chunks(adapter().chunks(key))


def sha256_told_by(key: str) -> str:
    """The hash that an immutable key promises of its bytes; empty for a quarantine or a picture."""
    last = key.rpartition("/")[2]
    return last if _SHA256.fullmatch(last) and not key.startswith(f"{QUARANTINE}/") else ""


def delete(key: str) -> None:
    """Remove a key, its older versions too; one that is not there is no error. Raises StorageFailed."""
    adapter().remove(key)


def objects(prefix: str = "") -> Iterator[StoredObject]:
    """Everything under a prefix, in order, without holding it in memory: for reconciliation and moves. Raises StorageFailed."""
    return adapter().objects(prefix)


def open_stored(record: StoredFile | Act) -> IO[bytes]:
    """The bytes of a file or an act, held against their hash before the first is given. Raises StorageFailed."""
    content, sha256 = _open(record.key)
    if sha256 != sha256_told_by(record.key):
        content.close()
        raise StorageFailed(f"the bytes under {record.key} do not have their hash")
    return content


def open_key(key: str) -> IO[bytes]:
    """The bytes of a key, read to the end before the first is given. Raises StorageFailed."""
    return _open(key)[0]


def put_url(key: str, *, size: int, content_type: str, user: int) -> Ticket:
    """Where a browser may send one file of this very length and type, for a quarter of an hour. Raises StorageFailed."""
    return adapter().ticket(key, size=size, content_type=content_type, user=user)


def size_of(key: str) -> int | None:
    """The length of what is under a key, None where nothing is. Raises StorageFailed."""
    return adapter().size_of(key)


def get_url(key: str, *, name: str, content_type: str, inline: bool = False) -> str:
    """An address that gives these bytes for a minute to whoever holds it: made at each click, never kept, logged or mailed."""
    return adapter().link(key, name=name, content_type=content_type, inline=inline)


@contextmanager
def on_disk(key: str) -> Iterator[tuple[Path, str]]:
    """A local copy of a key for as long as the block lasts, and its SHA-256. Raises StorageFailed."""
    with TemporaryDirectory(prefix="permis-") as folder:
        path, digest = Path(folder) / "file", hashlib.sha256()
        with answering(), path.open("wb") as copy:
            for chunk in adapter().chunks(key):
                digest.update(chunk)
                copy.write(chunk)
        yield path, digest.hexdigest()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sha256_of_chunks(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def adapter() -> Adapter:
    """The configured storage itself, for what only some can do."""
    return cast("Adapter", default_storage)


def _open(key: str) -> tuple[IO[bytes], str]:
    """The bytes and their hash; in memory up to a megabyte, in a nameless file beyond."""
    digest = hashlib.sha256()
    content = SpooledTemporaryFile(max_size=MEGABYTE)  # noqa: SIM115 (closed by the caller)
    try:
        with answering():
            for chunk in adapter().chunks(key):
                digest.update(chunk)
                content.write(chunk)
    except StorageFailed:
        content.close()
        raise
    content.seek(0)
    return cast("IO[bytes]", content), digest.hexdigest()


def _require(key: str, sha256: str) -> None:
    if not holds(key, sha256):
        raise StorageFailed(f"what was stored under {key} does not have its hash")
