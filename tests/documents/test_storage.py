"""One contract for every place where bytes rest: the disk, a real S3 server, and an imitation of S3 for the logic alone."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
import pytest
from django.core.files.storage import default_storage, storages
from django.test import Client
from moto import mock_aws

from config.settings import object_storage
from documents import backends, examining, receiving, storage
from documents.enums import FileState
from documents.models import StoredFile
from tests import factories

pytestmark = pytest.mark.django_db
PDF = factories.PDF
BUCKET = "permis"
ALL = ["disk", pytest.param("radosgw", marks=pytest.mark.s3), "moto"]
SERVERS = ["disk", pytest.param("radosgw", marks=pytest.mark.s3)]


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
        return self._ask("PUT", url, body, headers)[0]

    def get(self, url: str) -> tuple[int, bytes, dict[str, str]]:
        if url.startswith("/"):
            answer = self.client.get(url)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            return answer.status_code, body, dict(answer.headers)
        return self._ask("GET", url, None, {})

    def _ask(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        parts = urlsplit(url)
        with closing(HTTPConnection(parts.netloc, timeout=20)) as connection:
            connection.request(method, f"{parts.path}?{parts.query}", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.headers)


def use(settings, options: dict[str, Any]) -> Iterator[None]:
    settings.STORAGES = {**settings.STORAGES, "default": options}
    yield
    connections = getattr(default_storage, "_connections", None)
    if connections is not None and getattr(connections, "connection", None) is not None:
        connections.connection.meta.client.close()


@pytest.fixture
def place(request, settings):
    """The storage under test, empty."""
    kind = request.param
    if kind == "disk":
        yield kind
    elif kind == "moto":
        with mock_aws():
            boto3.client("s3", region_name="eu-west-3", aws_access_key_id="a", aws_secret_access_key="b").create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
            )
            settings.STORAGES = {**settings.STORAGES, "default": object_storage(f"s3://a:b@{BUCKET}?region=eu-west-3")}
            yield kind
    else:
        server = request.getfixturevalue("s3_server")
        secret = quote(server.secret_key, safe="")
        url = f"s3://{server.access_key}:{secret}@{BUCKET}?endpoint={server.endpoint}&region={server.region}&style=path"
        settings.STORAGES = {**settings.STORAGES, "default": object_storage(url)}
        client = default_storage.connection.meta.client
        client.create_bucket(Bucket=BUCKET)
        yield kind
        for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
            client.delete_object(Bucket=BUCKET, Key=each["Key"])
        client.delete_bucket(Bucket=BUCKET)
        client.close()


@pytest.fixture
def case():
    return factories.ApplicationFactory()


@pytest.fixture
def browser(case):
    return Browser(case.applicant)


def announced(case, *, content_type="application/pdf", name="dpe.pdf"):
    return receiving.expect(case, name=name, size=len(PDF), content_type=content_type, by=case.applicant)


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_an_announced_file_is_sent_examined_kept_and_read(place, case, browser):
    file, ticket = announced(case, name="Été « final ».pdf")
    assert browser.put(ticket.url, PDF, ticket.headers) in (200, 201)
    file = examining.examine(receiving.confirm(file))

    assert (file.state, file.sha256, file.page_count) == (FileState.CLEAN, storage.sha256_of(PDF), 1)
    with closing(storage.open_stored(file)) as stored:
        assert stored.read() == PDF
    assert storage.keys("quarantaine") == [] or file.quarantine == ""
    status, body, headers = browser.get(storage.get_url(file.key, name=file.name, content_type=file.content_type))
    assert (status, body) == (200, PDF)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert quote("Été « final ».pdf", safe="") in headers["Content-Disposition"]


@pytest.mark.parametrize("place", SERVERS, indirect=True)
@pytest.mark.parametrize(
    ("body", "changes"),
    [
        (PDF + b"x", {}),
        (PDF[:-1], {}),
        (PDF, {"Content-Type": "text/html"}),
    ],
    ids=["one byte more", "one byte less", "another type"],
)
def test_what_was_not_announced_is_refused_by_the_server(place, case, browser, body, changes):
    file, ticket = announced(case)
    assert browser.put(ticket.url, body, ticket.headers | changes) == 403
    with pytest.raises(receiving.FileRefused, match="pas arrivé en entier"):
        receiving.confirm(file)


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_an_address_is_used_once(place, case, browser):
    file, ticket = announced(case)
    browser.put(ticket.url, PDF, ticket.headers)
    other = PDF.replace(b"200 280", b"200 281")
    assert browser.put(ticket.url, other, ticket.headers) in (409, 412)
    with closing(storage.open_key(file.quarantine)) as stored:
        assert stored.read() == PDF


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_a_changed_or_late_address_opens_nothing(place, case, browser, monkeypatch):
    _, ticket = announced(case)
    middle = len(ticket.url) // 2
    forged = ticket.url[:middle] + ("a" if ticket.url[middle] != "a" else "b") + ticket.url[middle + 1 :]
    assert browser.put(forged, PDF, ticket.headers) in (403, 404)

    monkeypatch.setattr(backends, "PUT_SECONDS", 1)
    monkeypatch.setattr("documents.views.PUT_SECONDS", 1)
    monkeypatch.setattr(backends, "GET_SECONDS", 1)
    monkeypatch.setattr("documents.views.GET_SECONDS", 1)
    _, ticket = announced(case)
    storage.put_bytes("somewhere/file", PDF)
    link = storage.get_url("somewhere/file", name="a.pdf", content_type="application/pdf")
    time.sleep(2.1)
    assert browser.put(ticket.url, PDF, ticket.headers) in (403, 404)
    assert browser.get(link)[0] in (403, 404)


def test_on_disk_the_address_is_for_the_person_who_announced(case):
    file, ticket = announced(case)
    stranger = Browser(factories.UserFactory())
    assert stranger.put(ticket.url, PDF, ticket.headers) == 404
    assert Client().put(ticket.url, PDF, content_type="application/pdf").status_code == 404
    assert storage.size_of(file.quarantine) is None


def test_on_disk_a_page_that_is_read_can_do_nothing(case, browser):
    storage.put_bytes("somewhere/file", PDF)
    _, _, headers = browser.get(storage.get_url("somewhere/file", name="a.pdf", content_type="application/pdf", inline=True))
    assert headers["Content-Disposition"].startswith("attachment"), "only our own pictures are shown in place"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize("place", ALL, indirect=True)
def test_bytes_move_to_their_immutable_key_and_are_read_there_again(place):
    sha256 = storage.sha256_of(PDF)
    storage.put_bytes("quarantaine/1/1/x", PDF)
    storage.commit("quarantaine/1/1/x", "1/1/hash", sha256)
    storage.commit("quarantaine/1/1/x", "1/1/hash", sha256)
    assert storage.holds("1/1/hash", sha256)
    assert storage.keys("1/1") == ["1/1/hash"]
    assert storage.size_of("1/1/hash") == len(PDF)
    storage.delete("quarantaine/1/1/x")
    storage.delete("quarantaine/1/1/x")
    assert storage.size_of("quarantaine/1/1/x") is None


@pytest.mark.parametrize("place", ALL, indirect=True)
def test_a_copy_that_is_not_the_original_is_no_copy(place):
    storage.put_bytes("quarantaine/1/1/x", PDF)
    with pytest.raises(storage.StorageFailed, match="réessayez"):
        storage.commit("quarantaine/1/1/x", "1/1/other", "0" * 64)


@pytest.mark.parametrize("place", ALL, indirect=True)
def test_an_ordinary_form_does_the_same(place, case):
    file = receiving.receive(case, factories.upload(), by=case.applicant)
    assert file.state == FileState.PENDING
    file = examining.examine(file)
    assert (file.state, file.quarantine) == (FileState.CLEAN, "")
    with closing(storage.open_stored(file)) as stored:
        assert stored.read() == PDF
    assert receiving.receive(case, factories.upload(), by=case.applicant) == file
    assert StoredFile.objects.count() == 1


def test_the_storage_is_the_one_of_the_settings(settings):
    assert isinstance(storages["default"], backends.DiskStorage)
    options = object_storage("s3://key:s%2Fcret@bucket?endpoint=https://s3.example&region=fr-par&style=path")["OPTIONS"]
    assert (options["secret_key"], options["addressing_style"]) == ("s/cret", "path")
