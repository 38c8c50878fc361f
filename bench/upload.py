"""Eight files of 5 MB: sent straight to an S3 server by presigned PUT, beside an ordinary Django form; then the fallback form.

    .venv/bin/python -m bench.upload

Starts everything by itself on this machine: PostgreSQL, radosgw (Debian's `radosgw`, `ceph-mon`, `ceph-osd`), the site in
granian with one worker. Linux only: what is measured is read in /proc. Takes a minute, and leaves nothing behind.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

if TYPE_CHECKING:
    from bench.serving import Browser, Web

Way = Callable[[int], None]
MEGABYTE = 1024 * 1024
TINY = 1024
FILES, SIZE = 8, 5 * MEGABYTE
ROUNDS = 5  # the object store of the tests is in memory, and takes 1 GB
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "--a-line-that-no-file-holds"
BUCKET = "permis"


@dataclass(frozen=True)
class Cost:
    """Of one submission of eight files, by the median of the rounds."""

    through_django: int
    processor: float
    wall: float
    for_bytes: float = 0  # of the processor, what eight tiny files do not take


def main() -> None:
    os.environ |= {"PERMIS_TEST": "1", "PERMIS_NO_BOOTSTRAP": "1", "DJANGO_SETTINGS_MODULE": "bench.settings"}
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="permis-bench-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the database has left it
        folder.chmod(0o755)  # root runs the database as `nobody`
        os.environ["PERMIS_DATA_DIR"] = str(folder)
        prepare()
        store = stack.enter_context(object_store(folder / "s3"))
        ways = side_by_side(folder, store)
        print(f"{FILES} fichiers de {SIZE // MEGABYTE} Mo, médiane de {ROUNDS} envois", end="\n\n")
        print(f"{'':58}{'octets par Django':>20}{'processeur web':>18}{'dont octets':>15}{'durée':>10}")
        for name, cost in ways.items():
            times = f"{cost.processor * 1000:>15.1f} ms{cost.for_bytes * 1000:>12.1f} ms{cost.wall:>8.2f} s"
            print(f"{name:58}{cost.through_django:>20,}{times}")
        print()
        direct, *others = ways.items()
        for name, cost in others:
            ratios = f"{direct[1].through_django / cost.through_django:>20.6f}"
            times = f"{direct[1].processor / cost.processor:>18.2f}{'':15}{direct[1].wall / cost.wall:>10.2f}"
            print(f"{'rapport à : ' + name:58}{ratios}{times}")
        print(f"\nPUT présigné, processeur web par fichier : {direct[1].processor * 1000 / FILES:.1f} ms")
        print()
        for name, grown in memory(folder, store):
            print(f"{name:60}{grown / MEGABYTE:>8.1f} Mo de plus")


def prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


@contextmanager
def object_store(folder: Path) -> Iterator[str]:
    """An S3 server with an empty bucket, as `STORAGE_URL` names it."""
    import boto3

    from tests import servers

    with servers.start_radosgw(folder) as server:
        keys = {"aws_access_key_id": server.access_key, "aws_secret_access_key": server.secret_key}
        with closing(boto3.client("s3", endpoint_url=server.endpoint, region_name=server.region, **keys)) as client:
            client.create_bucket(Bucket=BUCKET)
        secret = quote(server.secret_key, safe="")
        yield f"s3://{server.access_key}:{secret}@{BUCKET}?endpoint={server.endpoint}&region={server.region}&style=path"


def side_by_side(folder: Path, store: str) -> dict[str, Cost]:
    """Each way, on one web worker and one object store."""
    from bench.serving import Browser, Web
    from tests import factories

    landlord = factories.UserFactory()
    with Web(folder, STORAGE_URL=store) as web, closing(Browser(web, landlord)) as browser:

        def direct(size: int) -> None:
            case = factories.ApplicationFactory(applicant=landlord)
            for number in range(FILES):
                send_directly(browser, case.pk, f"{number}.pdf", document(size))

        def plain(place: str) -> Way:
            def send(size: int) -> None:
                expect(browser.ask("POST", f"/bench/{place}/", *form(documents(size))), 201)

            return send

        def ordinary(size: int) -> None:
            case = factories.ApplicationFactory(applicant=landlord)
            body = form(documents(size), slug="dpe", kinds="dpe")
            expect(browser.ask("POST", f"/demandes/{case.pk}/diagnostics/", *body), 302)

        ways = {
            "PUT présigné": direct,
            "FileField de Django, vers S3": plain("s3"),
            "FileField de Django, sur disque": plain("disk"),
            "formulaire du site, vers S3": ordinary,
        }
        return {name: cost(way, web, browser) for name, way in ways.items()}


def cost(way: Way, web: Web, browser: Browser) -> Cost:
    way(TINY)  # once to warm up
    rounds = [_round(way, web, browser, SIZE) for _ in range(ROUNDS)]
    tiny = median(_round(way, web, browser, TINY)[1] for _ in range(ROUNDS))
    through_django, processor, wall = (median(values) for values in zip(*rounds, strict=True))
    return Cost(int(through_django), processor, wall, processor - tiny)


def _round(way: Way, web: Web, browser: Browser, size: int) -> tuple[int, float, float]:
    sent, processor, started = browser.sent, web.processor(), time.perf_counter()
    way(size)
    return browser.sent - sent, web.processor() - processor, time.perf_counter() - started


def send_directly(browser: Browser, case: int, name: str, content: bytes) -> None:
    """As `upload.js` does: announce, put, say that it is done."""
    announced = urlencode({"name": name, "size": len(content), "content_type": "application/pdf"}).encode()
    ticket = json.loads(expect(browser.ask("POST", f"/demandes/{case}/fichiers/", announced, FORM), 201))
    parts = urlsplit(ticket["url"])
    if parts.netloc:
        with closing(HTTPConnection(parts.netloc, timeout=60)) as store:
            store.request("PUT", f"{parts.path}?{parts.query}", content, ticket["headers"])
            answer = store.getresponse()
            expect((answer.status, answer.read()), 200)
    else:
        expect(browser.ask("PUT", ticket["url"], content, ticket["headers"]["Content-Type"]), 201)
    expect(browser.ask("POST", ticket["done"], urlencode({"kinds": "dpe"}).encode(), FORM), 201)


def memory(folder: Path, store: str) -> Iterator[tuple[str, int]]:
    """What the web worker holds at the most while 40 MB pass through it, beyond what it held before."""
    from bench.serving import Browser, Web
    from tests import factories

    landlord = factories.UserFactory()

    def fallback(browser: Browser, size: int) -> None:
        case = factories.ApplicationFactory(applicant=landlord)
        body = form([("un.pdf", document(size)), ("deux.pdf", document(size))], slug="dpe", kinds="dpe")
        expect(browser.ask("POST", f"/demandes/{case.pk}/diagnostics/", *body), 302)

    def put(browser: Browser, size: int) -> None:
        case = factories.ApplicationFactory(applicant=landlord)
        for name in ("un.pdf", "deux.pdf"):
            send_directly(browser, case.pk, name, document(size))

    for name, way, environment in (
        ("formulaire ordinaire, 2 fichiers de 20 Mo, sur disque", fallback, {}),
        ("formulaire ordinaire, 2 fichiers de 20 Mo, vers S3", fallback, {"STORAGE_URL": store}),
        ("le même, si Django le gardait en mémoire (témoin)", fallback, {"BENCH_IN_MEMORY": "1"}),
        ("PUT vers le disque, 2 fichiers de 20 Mo", put, {}),
    ):
        with Web(folder, **environment) as web, closing(Browser(web, landlord)) as browser:
            for _ in range(5):
                way(browser, MEGABYTE)
            before = web.forget_peak()
            way(browser, 20 * MEGABYTE)
            yield name, web.peak() - before


def documents(size: int) -> list[tuple[str, bytes]]:
    return [(f"{number}.pdf", document(size)) for number in range(FILES)]


def document(size: int) -> bytes:
    """A PDF of that size, like no other."""
    from tests import factories

    return factories.PDF + os.urandom(32) + bytes(size - len(factories.PDF) - 32)


def form(files: list[tuple[str, bytes]], **fields: str) -> tuple[bytes, str]:
    """A body of multipart/form-data, and its type."""
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [f"--{BOUNDARY}\r\n{head.format(name)}\r\n\r\n{value}\r\n".encode() for name, value in fields.items()]
    for name, content in files:
        parts += [f'--{BOUNDARY}\r\n{head.format("upload")}; filename="{name}"\r\n\r\n'.encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()]), f"multipart/form-data; boundary={BOUNDARY}"


def expect(answer: tuple[int, bytes], status: int) -> bytes:
    if answer[0] != status:
        sys.exit(f"{answer[0]} : {answer[1][:2000].decode(errors='replace')}")
    return answer[1]


if __name__ == "__main__":
    main()
