"""Where bytes rest: the disk by default, an S3 server where `STORAGE_URL` names one. Both keep the contract of `storage`.

Object storage: the browser sends a file straight to a presigned address, whose length and type are part of the signature.
Disk: the same, to an address of this site that is signed too and streams to disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core import signing
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from storages.backends.s3 import S3Storage

PUT_SECONDS = 15 * 60
GET_SECONDS = 60
PUT_SALT, GET_SALT = "documents.put", "documents.get"
SAFE_INLINE = {"image/jpeg", "image/png"}
CHUNK = 1024 * 1024
# A storage that is slow must not hold a web worker: at the worst two attempts of `timeout` seconds, 8 unless said otherwise.
CONNECT_SECONDS = 3
ATTEMPTS = 2
_NOT_OFFERED = (405, 501)
DRAFTS = ".envois"


class StorageFailed(Exception):
    """The storage does not answer, or not as it should; what was received before is intact. ``detail`` is for the logs."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(
            "Nos fichiers ne sont pas accessibles pour l’instant. Rien n’est perdu : réessayez dans quelques minutes, "
            "votre saisie est encore dans la page."
        )


class NothingThere(StorageFailed):
    """The storage answers that it has nothing under this key."""


@dataclass(frozen=True)
class Ticket:
    """Where and how a browser sends one file: a PUT to this address with these headers, and no other file fits."""

    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class StoredObject:
    """What the storage says that it has, before a byte of it is read."""

    key: str
    size: int
    modified_at: datetime


@contextmanager
def answering() -> Iterator[None]:
    """Whatever goes wrong between us and the storage, in one word."""
    try:
        yield
    except FileNotFoundError as error:
        raise NothingThere(str(error)) from error
    except ClientError as error:
        is_absence = error.response["ResponseMetadata"].get("HTTPStatusCode") == 404 and "Bucket" not in _code(error)
        raise (NothingThere if is_absence else StorageFailed)(str(error)) from error
    except (OSError, BotoCoreError) as error:
        raise StorageFailed(str(error)) from error


def disposition(name: str, content_type: str, *, inline: bool) -> str:
    """Nothing but a picture of ours is ever shown in place; the name is quoted for every browser (RFC 6266)."""
    kind = "inline" if inline and content_type in SAFE_INLINE else "attachment"
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


class DiskStorage(FileSystemStorage):
    """Files under one folder that nobody else enters; the addresses are ours, signed, and expire."""

    lock_days = 0

    def ticket(self, key: str, *, size: int, content_type: str, user: int) -> Ticket:
        token = signing.dumps({"key": key, "size": size, "type": content_type, "user": user}, salt=PUT_SALT)
        return Ticket(reverse("file-put", args=[token]), {"Content-Type": content_type})

    def link(self, key: str, *, name: str, content_type: str, inline: bool) -> str:
        facts = {"key": key, "type": content_type, "as": disposition(name, content_type, inline=inline)}
        return reverse("file-get", args=[signing.dumps(facts, salt=GET_SALT)])

    def chunks(self, key: str) -> Iterator[bytes]:
        with answering(), Path(self.path(key)).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def write(self, key: str, content: Any) -> None:
        """The bytes of an open file under a key, all of them or none."""
        with self.draft() as draft:
            with answering():
                while chunk := content.read(CHUNK):
                    draft.write(chunk)
            self.settle(draft, key)

    def copy(self, source: str, key: str) -> None:
        with answering(), Path(self.path(source)).open("rb") as content:
            self.write(key, content)

    @contextmanager
    def draft(self) -> Iterator[Any]:
        """A file under no key yet, gone at the end unless it was settled."""
        with answering():
            folder = self._root() / DRAFTS
            folder.mkdir(mode=0o700, exist_ok=True)
            draft = NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115 (closed below, and renamed meanwhile)
        try:
            yield draft
        finally:
            with suppress(OSError):  # a disk that is full refuses what the buffer still holds: it is thrown away anyway
                draft.close()
            with suppress(FileNotFoundError):
                os.unlink(draft.name)

    def settle(self, draft: Any, key: str, *, once: bool = False) -> bool:
        """Give a draft its key, once its bytes are on the disk; False where ``once`` finds that the key has some."""
        target = Path(self.path(key))
        with answering():
            draft.flush()
            os.fsync(draft.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                (os.link if once else os.replace)(draft.name, target)
            except FileExistsError:
                return False
            _flush(target.parent)
        return True

    def remove(self, key: str) -> None:
        with answering():
            Path(self.path(key)).unlink(missing_ok=True)

    def size_of(self, key: str) -> int | None:
        try:
            with answering():
                return Path(self.path(key)).stat().st_size
        except NothingThere:
            return None

    def objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """Folder by folder, in order: a case's files follow each other, and no more than a folder is in memory."""
        root = Path(self.location)
        folder = root / prefix
        if folder.is_dir():
            yield from _walk(folder, root)

    def hidden(self, prefix: str) -> Iterator[StoredObject]:  # noqa: ARG002 (as of a bucket)
        """A disk keeps nothing of what was removed."""
        return iter(())

    def has_older(self, key: str) -> bool:  # noqa: ARG002 (as of a bucket)
        return False

    def drafts_before(self, limit: datetime) -> list[Path]:
        """What a killed process left half-written."""
        folder = Path(self.location) / DRAFTS
        if not folder.is_dir():
            return []
        return [path for path in sorted(folder.iterdir()) if path.stat().st_mtime < limit.timestamp()]

    def _root(self) -> Path:
        """The folder of the files, closed to everyone else when it is ours to make."""
        root = Path(self.location)
        if not root.exists():
            root.mkdir(parents=True, mode=0o700, exist_ok=True)
        return root


def _walk(folder: Path, root: Path) -> Iterator[StoredObject]:
    with answering(), os.scandir(folder) as found:
        entries = sorted(found, key=lambda each: each.name)
    for entry in entries:
        if entry.name == DRAFTS:
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root)
            continue
        with suppress(FileNotFoundError):  # removed meanwhile
            facts = entry.stat(follow_symlinks=False)
            yield StoredObject(path.relative_to(root).as_posix(), facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _flush(folder: Path) -> None:
    """A name is on the disk once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class ObjectStorage(S3Storage):
    """A bucket of an S3 server, private; links carry the server's own signature."""

    def __init__(self, *, timeout: int = 8, lock_days: int = 0, **options: Any) -> None:
        self.lock_days = lock_days
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": options.get("addressing_style")},
            connect_timeout=min(CONNECT_SECONDS, timeout),
            read_timeout=timeout,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            # We hash what we store ourselves; many servers refuse the trailing checksums that boto3 adds by itself.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(client_config=config, **options)

    def ticket(self, key: str, *, size: int, content_type: str, user: int) -> Ticket:  # noqa: ARG002 (the bearer is the person)
        # Each is part of the signature: the length, the type, that nothing is there yet, that nobody else may read it.
        parameters = {"ContentLength": size, "ContentType": content_type, "IfNoneMatch": "*", **self._privacy}
        with answering():
            url = self.client.generate_presigned_url("put_object", Params=self._at(key) | parameters, ExpiresIn=PUT_SECONDS)
        headers = {"Content-Type": content_type, "If-None-Match": "*"}
        # Signed into the address by the older way of signing, to be sent as a header by the newer one.
        if "x-amz-acl" in parse_qs(urlsplit(url).query).get("X-Amz-SignedHeaders", [""])[0]:
            headers["x-amz-acl"] = self.default_acl
        return Ticket(url, headers)

    def link(self, key: str, *, name: str, content_type: str, inline: bool) -> str:
        parameters = {
            "ResponseContentType": content_type,
            "ResponseContentDisposition": disposition(name, content_type, inline=inline),
        }
        with answering():
            return self.client.generate_presigned_url("get_object", Params=self._at(key) | parameters, ExpiresIn=GET_SECONDS)

    def chunks(self, key: str) -> Iterator[bytes]:
        with answering(), closing(self.client.get_object(**self._at(key))["Body"]) as body:
            yield from body.iter_chunks(CHUNK)

    def write(self, key: str, content: Any) -> None:
        """In one piece, so that it is there whole or not at all."""
        with answering():
            self.client.put_object(**self._at(key), Body=content, ContentType="application/octet-stream", **self._privacy)

    def copy(self, source: str, key: str) -> None:
        """Copied by the server itself: no byte passes through here."""
        with answering():
            self.client.copy_object(**self._at(key), CopySource=self._at(source), MetadataDirective="COPY", **self._privacy)

    def remove(self, key: str) -> None:
        """For good: where the bucket keeps versions, a removal would only hide them. Raises StorageFailed for a locked one."""
        with answering():
            self.client.delete_object(**self._at(key))
            try:
                versions = [each["VersionId"] for each in self._versions(key) if each["Key"] == key]
            except ClientError as error:
                if error.response["ResponseMetadata"].get("HTTPStatusCode") not in _NOT_OFFERED:
                    raise
                return
            for version in versions:
                self.client.delete_object(**self._at(key), VersionId=version)

    def size_of(self, key: str) -> int | None:
        try:
            with answering():
                return int(self.client.head_object(**self._at(key))["ContentLength"])
        except NothingThere:
            return None

    def objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """Page by page, in order, what is not removed."""
        pages = self.client.get_paginator("list_objects_v2").paginate(**self._bucket_of(prefix))
        with answering():
            for page in pages:
                for each in page.get("Contents", ()):
                    yield StoredObject(each["Key"], each["Size"], each["LastModified"])

    def hidden(self, prefix: str) -> Iterator[StoredObject]:
        """Keys that were removed and whose bytes the bucket still has, as an older version."""
        removed: set[str] = set()
        told: set[str] = set()
        with answering():
            found = list(self._versions(f"{prefix}/")) if self._keeps_versions() else []
        for each in found:
            if each["IsLatest"] and "Size" not in each:
                removed.add(each["Key"])
            elif each["Key"] in removed - told and "Size" in each:
                told.add(each["Key"])
                yield StoredObject(each["Key"], each["Size"], each["LastModified"])

    def has_older(self, key: str) -> bool:
        """Whether a version of this key can be given back."""
        with answering():
            found = self._versions(key) if self._keeps_versions() else ()
            return any(each["Key"] == key and "Size" in each and not each["IsLatest"] for each in found)

    def keep(self, key: str, until: datetime) -> None:
        """Forbid the removal of the present version until a day; a longer lock stands. « Governance »: a purge stays possible."""
        retention = {"Mode": "GOVERNANCE", "RetainUntilDate": until}
        with answering():
            self.client.put_object_retention(**self._at(key), Retention=retention)

    def has_lock(self) -> bool:
        """Whether the bucket was made for object lock."""
        try:
            with answering():
                found = self.client.get_object_lock_configuration(Bucket=self.bucket_name)
        except NothingThere:
            return False
        return found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled"

    def _keeps_versions(self) -> bool:
        try:
            with answering():
                return "Status" in self.client.get_bucket_versioning(Bucket=self.bucket_name)
        except StorageFailed:  # a server that does not know the question has none
            return False

    def _versions(self, prefix: str) -> Iterator[dict[str, Any]]:
        """Versions and marks of removal, key by key, the newest first."""
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.bucket_name, Prefix=prefix)
        for page in pages:
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            yield from sorted(found, key=lambda each: (each["Key"], not each["IsLatest"]))

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": key}

    def _bucket_of(self, prefix: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Prefix": f"{prefix}/" if prefix else ""}

    @property
    def _privacy(self) -> dict[str, str]:
        return {"ACL": self.default_acl} if self.default_acl else {}

    @property
    def client(self) -> Any:  # boto3 builds its clients at run time
        return self.connection.meta.client


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


Adapter = DiskStorage | ObjectStorage
