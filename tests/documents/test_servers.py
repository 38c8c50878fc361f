"""The servers the other tests rely on: what a real object store accepts and refuses, what a real antivirus answers."""

import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests import servers
from tests.servers import EICAR, Clamd, S3Server

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BUCKET = "links"
AS_PDF = {"Content-Type": "application/pdf"}


@pytest.fixture(scope="module")
def store(s3_server: S3Server) -> Iterator[Any]:  # boto3 builds its clients at run time
    client = boto3.client(
        "s3",
        endpoint_url=s3_server.endpoint,
        region_name=s3_server.region,
        aws_access_key_id=s3_server.access_key,
        aws_secret_access_key=s3_server.secret_key,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    client.create_bucket(Bucket=BUCKET)
    yield client
    client.close()


def link(store, key: str, *, seconds: int = 60, **signed: str) -> str:
    """Where to put a PDF of exactly these bytes."""
    parameters = {"Bucket": BUCKET, "Key": key, "ContentLength": len(PDF), "ContentType": "application/pdf"} | signed
    return store.generate_presigned_url("put_object", Params=parameters, ExpiresIn=seconds)


def put(url: str, body: bytes = PDF, headers: dict[str, str] = AS_PDF) -> tuple[int, str]:
    """The status and the error code the server answers."""
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.netloc, timeout=20)) as connection:
        connection.request("PUT", f"{parts.path}?{parts.query}", body, headers)
        response = connection.getresponse()
        code = re.search(r"<Code>(\w+)</Code>", response.read().decode())
    return response.status, code[1] if code else ""


def body_of(store, key: str) -> bytes:
    with closing(store.get_object(Bucket=BUCKET, Key=key)["Body"]) as body:
        return body.read()


@pytest.mark.s3
def test_a_link_takes_the_bytes_it_was_signed_for(store):
    assert put(link(store, "exact")) == (200, "")

    assert body_of(store, "exact") == PDF
    assert store.head_object(Bucket=BUCKET, Key="exact")["ContentType"] == "application/pdf"


@pytest.mark.s3
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(PDF + b"\n", AS_PDF, id="one byte more"),
        pytest.param(PDF[:-1], AS_PDF, id="one byte less"),
        pytest.param(PDF, {"Content-Type": "text/html"}, id="another type"),
        pytest.param(PDF, {}, id="no type"),
    ],
)
def test_a_link_takes_nothing_else(store, body, headers):
    assert put(link(store, "other"), body, headers) == (403, "SignatureDoesNotMatch")
    with pytest.raises(ClientError, match="404"):
        store.head_object(Bucket=BUCKET, Key="other")


@pytest.mark.s3
@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        pytest.param(r"(?<=Signature=)\w{4}", "0000", id="signature"),
        pytest.param(r"/links/\w+", "/links/elsewhere", id="key"),
        pytest.param(r"Expires=\d+", "Expires=3600", id="expiry"),
    ],
)
def test_a_link_tampered_with_is_refused(store, pattern, replacement):
    url, changes = re.subn(pattern, replacement, link(store, "tampered"))

    assert changes == 1
    assert put(url) == (403, "SignatureDoesNotMatch")


@pytest.mark.s3
def test_a_link_expires(store):
    url = link(store, "expired", seconds=1)
    time.sleep(2.1)

    assert put(url) == (403, "AccessDenied")


@pytest.mark.s3
def test_a_link_signed_with_if_none_match_serves_once(store):
    once = AS_PDF | {"If-None-Match": "*"}
    url = link(store, "once", IfNoneMatch="*")

    assert put(url, headers=once) == (200, "")
    assert put(url, headers=once) == (412, "PreconditionFailed")
    assert put(url) == (403, "SignatureDoesNotMatch")


@pytest.mark.s3
def test_this_store_obeys_headers_nobody_signed(store):
    """AWS refuses them. Here whoever holds a link may copy any object whose key they know, of any size: keys stay secret."""
    store.put_object(Bucket=BUCKET, Key="secret", Body=b"another file")

    assert put(link(store, "copied"), headers=AS_PDF | {"x-amz-copy-source": f"/{BUCKET}/secret"}) == (200, "")
    assert body_of(store, "copied") == b"another file"


@pytest.mark.s3
def test_versions_are_kept(store):
    store.create_bucket(Bucket="versioned")
    store.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"first", b"second"):
        store.put_object(Bucket="versioned", Key="act", Body=body)
    store.delete_object(Bucket="versioned", Key="act")

    assert len(store.list_object_versions(Bucket="versioned")["Versions"]) == 2


@pytest.mark.s3
def test_a_locked_version_cannot_be_removed(store):
    store.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
    retention = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    store.put_object_lock_configuration(Bucket="locked", ObjectLockConfiguration=retention)
    version = store.put_object(Bucket="locked", Key="act", Body=b"sealed")["VersionId"]

    with pytest.raises(ClientError, match="forbidden by object lock"):
        store.delete_object(Bucket="locked", Key="act", VersionId=version)


def ask(server: Clamd, *parts: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(server.url.removeprefix("unix://"))
        for part in parts:
            connection.sendall(part)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def scan(server: Clamd, content: bytes) -> bytes:
    return ask(server, b"zINSTREAM\0", struct.pack("!I", len(content)), content, struct.pack("!I", 0))


@pytest.mark.clamd
def test_clamd_finds_what_is_harmful_and_only_that(clamd):
    assert scan(clamd, EICAR) == b"stream: Eicar-Test-Signature.UNOFFICIAL FOUND\0"
    assert scan(clamd, PDF) == b"stream: OK\0"


@pytest.mark.clamd
def test_clamd_knows_the_threats_it_is_given(tmp_path):
    with servers.start_clamd(tmp_path / "own", signatures={"Test.Letter": b"a dangerous letter".hex()}) as own:
        assert scan(own, PDF + b"a dangerous letter") == b"stream: Test.Letter.UNOFFICIAL FOUND\0"


@pytest.mark.clamd
def test_clamd_takes_25_mb_and_no_more(clamd):
    """It hangs up as soon as a size too big is announced: whoever goes on writing sees a broken pipe."""
    most = 25 * 1024 * 1024

    assert scan(clamd, bytes(most)) == b"stream: OK\0"
    assert ask(clamd, b"zINSTREAM\0", struct.pack("!I", most + 1)) == b"INSTREAM size limit exceeded. ERROR\0"


@pytest.mark.clamd
def test_clamd_answers_again_once_restarted(clamd):
    clamd.kill()
    with pytest.raises(ConnectionRefusedError):
        ask(clamd, b"zPING\0")
    clamd.restart()

    assert ask(clamd, b"zPING\0") == b"PONG\0"
