"""The places where bytes rest, and a browser that sends and reads there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from moto import mock_aws

from documents.storage_urls import Bucket
from tests.servers import S3Server

BUCKET = "permis"
RADOSGW = pytest.param("radosgw", marks=pytest.mark.s3)
# An imitation takes any signature: it is asked about the logic alone.
ALL = ["disk", RADOSGW, "moto"]
SERVERS = ["disk", RADOSGW]


@dataclass
class Browser:
    """What a person's browser does with the addresses it is given."""

    user: Any
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.client.force_login(self.user)

    def put(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        if url.startswith("/"):
            others = {name: value for name, value in headers.items() if name != "Content-Type"}
            return self.client.put(url, body, content_type=headers["Content-Type"], headers=others).status_code
        return self.ask("PUT", url, body, headers)[0]

    def get(self, url: str) -> tuple[int, bytes, dict[str, str]]:
        if url.startswith("/"):
            answer = self.client.get(url)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            return answer.status_code, body, dict(answer.headers)
        return self.ask("GET", url, None, {})

    def ask(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        parts = urlsplit(url)
        with closing(HTTPConnection(parts.netloc, timeout=20)) as connection:
            connection.request(method, f"{parts.path}?{parts.query}", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.headers)


def address(server: S3Server, *, endpoint: str = "", bucket: str = BUCKET, **options: object) -> str:
    """A server of the tests, as `STORAGE_URL` names it."""
    more = "".join(f"&{name}={value}" for name, value in options.items())
    secret = quote(server.secret_key, safe="")
    return f"s3://{server.access_key}:{secret}@{bucket}?endpoint={endpoint or server.endpoint}&region={server.region}{more}"


def use(settings: Any, url: str) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": Bucket.of(url).as_setting()}


@contextmanager
def imitation(settings: Any) -> Iterator[None]:
    with mock_aws():
        boto3.client("s3", region_name="eu-west-3", aws_access_key_id="a", aws_secret_access_key="b").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
        )
        use(settings, f"s3://a:b@{BUCKET}?region=eu-west-3")
        yield


@contextmanager
def bucket_of(server: S3Server, settings: Any, *, lock: bool = False, **options: object) -> Iterator[Any]:
    """An empty bucket of a real server, removed at the end with all its versions; gives its owner's client."""
    use(settings, address(server, **options))
    client = default_storage.connection.meta.client
    client.create_bucket(Bucket=BUCKET, **({"ObjectLockEnabledForBucket": True} if lock else {}))
    try:
        yield client
    finally:
        _remove(client, bypass=lock)


def _remove(client: Any, *, bypass: bool) -> None:
    more = {"BypassGovernanceRetention": True} if bypass else {}
    for page in client.get_paginator("list_object_versions").paginate(Bucket=BUCKET):
        for each in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
            client.delete_object(Bucket=BUCKET, Key=each["Key"], VersionId=each["VersionId"], **more)
    client.delete_bucket(Bucket=BUCKET)
    client.close()


@contextmanager
def closed_folder(folder: Path) -> Iterator[None]:
    """A file where the folder of the files should be: nobody writes there, not even root."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name("aside")
    if folder.exists():
        folder.rename(aside)
    folder.write_bytes(b"")
    try:
        yield
    finally:
        folder.unlink()
        if aside.exists():
            aside.rename(folder)
