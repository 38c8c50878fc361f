"""Where bytes rest: the disk by default, an S3 server where `STORAGE_URL` names one. Both keep the contract of `storage`.

Object storage: the browser sends a file straight to a presigned address, whose length and type are part of the signature.
Disk: the same, to an address of this site that is signed too and streams to disk.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError
from django.core import signing
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from storages.backends.s3 import S3Storage

PUT_SECONDS = 15 * 60
GET_SECONDS = 60
PUT_SALT, GET_SALT = "documents.put", "documents.get"
SAFE_INLINE = {"image/jpeg", "image/png"}


class StorageFailed(Exception):
    """The storage does not answer, or not as it should; what was received before is intact. ``detail`` is for the logs."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(
            "Nos fichiers ne sont pas accessibles pour l’instant. Rien n’est perdu : réessayez dans quelques minutes, "
            "votre saisie est encore dans la page."
        )


@dataclass(frozen=True)
class Ticket:
    """Where and how a browser sends one file: a PUT to this address with these headers, and no other file fits."""

    url: str
    headers: dict[str, str]


def disposition(name: str, content_type: str, *, inline: bool) -> str:
    """Nothing but a picture of ours is ever shown in place; the name is quoted for every browser (RFC 6266)."""
    kind = "inline" if inline and content_type in SAFE_INLINE else "attachment"
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


class DiskStorage(FileSystemStorage):
    """Files under one folder; the addresses are ours, signed, and expire."""

    def ticket(self, key: str, *, size: int, content_type: str, user: int) -> Ticket:
        token = signing.dumps({"key": key, "size": size, "type": content_type, "user": user}, salt=PUT_SALT)
        return Ticket(reverse("file-put", args=[token]), {"Content-Type": content_type})

    def link(self, key: str, *, name: str, content_type: str, inline: bool) -> str:
        facts = {"key": key, "type": content_type, "as": disposition(name, content_type, inline=inline)}
        return reverse("file-get", args=[signing.dumps(facts, salt=GET_SALT)])

    def copy(self, source: str, key: str) -> None:
        """The bytes of one key under another, complete or not at all."""
        target = Path(self.path(key))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{uuid4().hex}.part")
        try:
            shutil.copyfile(self.path(source), draft)
            draft.replace(target)
        except OSError as error:
            raise StorageFailed(str(error)) from error

    def keys(self, prefix: str) -> list[str]:
        root = Path(self.location)
        folder = root / prefix
        return sorted(str(path.relative_to(root)).replace(os.sep, "/") for path in folder.rglob("*") if path.is_file())


class ObjectStorage(S3Storage):
    """A bucket of an S3 server, private; links carry the server's own signature."""

    def ticket(self, key: str, *, size: int, content_type: str, user: int) -> Ticket:  # noqa: ARG002 (the bearer is the person)
        # Each is part of the signature: the length, the type, that nothing is there yet, that nobody else may read it.
        parameters = {
            "Bucket": self.bucket_name,
            "Key": key,
            "ContentLength": size,
            "ContentType": content_type,
            "IfNoneMatch": "*",
            "ACL": "private",
        }
        url = self._client.generate_presigned_url("put_object", Params=parameters, ExpiresIn=PUT_SECONDS, HttpMethod="PUT")
        headers = {"Content-Type": content_type, "If-None-Match": "*"}
        # Signed into the address by the older way of signing, to be sent as a header by the newer one.
        if "x-amz-acl" in parse_qs(urlsplit(url).query).get("X-Amz-SignedHeaders", [""])[0]:
            headers["x-amz-acl"] = "private"
        return Ticket(url, headers)

    def link(self, key: str, *, name: str, content_type: str, inline: bool) -> str:
        parameters = {
            "Bucket": self.bucket_name,
            "Key": key,
            "ResponseContentType": content_type,
            "ResponseContentDisposition": disposition(name, content_type, inline=inline),
        }
        return self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=GET_SECONDS)

    def copy(self, source: str, key: str) -> None:
        """Copied by the server itself: no byte passes through here."""
        try:
            self._client.copy_object(
                Bucket=self.bucket_name, Key=key, CopySource={"Bucket": self.bucket_name, "Key": source}, MetadataDirective="COPY"
            )
        except (BotoCoreError, ClientError) as error:
            raise StorageFailed(str(error)) from error

    def keys(self, prefix: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=f"{prefix}/")
        return sorted(each["Key"] for page in pages for each in page.get("Contents", ()))

    @property
    def _client(self) -> Any:  # boto3 builds its clients at run time
        return self.connection.meta.client
