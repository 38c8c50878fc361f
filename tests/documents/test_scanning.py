"""Harmful or not: said by a real clamd where there is one, by our own few checks otherwise, and by nobody where it is silent."""

import io
import logging
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from documents import examining, health, scanning, storage, tasks
from documents.enums import FileState
from documents.models import StoredFile
from permis.enums import PieceKind
from tests import factories, servers
from tests.documents import hostile, sending
from tests.documents.sending import announce, examined, opened, post, send, work
from tests.servers import EICAR, Clamd

pytestmark = pytest.mark.django_db
NOBODY = "unix:///nonexistent/clamd.sock"
BIG = 15 * 1024 * 1024
CARRIERS = hostile.with_eicar()


@pytest.fixture(params=["built-in", pytest.param("clamd", marks=pytest.mark.clamd)])
def engine(request, settings) -> str:
    """Each of the two engines."""
    settings.CLAMD_URL = request.getfixturevalue("clamd").url if request.param == "clamd" else ""
    return request.param


@contextmanager
def relay(clamd: Clamd, *, dies_after: int | None = None) -> Iterator[str]:
    """The address of a way to clamd by TCP; the engine is killed under way once so many bytes have passed."""
    listener = socket.create_server(("127.0.0.1", 0))

    def back(engine: socket.socket, client: socket.socket) -> None:
        with suppress(ConnectionError):  # killed with bytes unread
            while said := engine.recv(4096):
                client.sendall(said)

    def forth() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, socket.socket(socket.AF_UNIX) as engine:
                engine.connect(clamd.url.removeprefix("unix://"))
                answers = threading.Thread(target=back, args=(engine, client))
                answers.start()
                passed = 0
                while chunk := client.recv(65536):
                    passed += len(chunk)
                    if dies_after is not None and passed >= dies_after:
                        clamd.kill()
                        break
                    engine.sendall(chunk)
                answers.join()

    thread = threading.Thread(target=forth)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.mark.parametrize("name", CARRIERS)
def test_the_test_virus_is_never_given_to_anybody(name, engine, case, landlord):
    content_type = storage.JPEG if name.endswith(".jpg") else storage.PDF
    file = announce(landlord, case, name, CARRIERS[name], content_type)
    assert opened(landlord, file).status == 409
    assert opened(landlord, file, 0).status == 404

    file = examined(file)

    assert file.state == FileState.INFECTED
    assert file.problem == examining.INFECTED
    answer = opened(landlord, file)
    assert answer.status == 409
    assert EICAR not in answer.body
    assert [opened(landlord, file, page).status for page in (0, 1)] == [404, 404]
    scan = file.scans.get()
    assert (scan.verdict, scan.sha256) == (FileState.INFECTED, storage.sha256_of(CARRIERS[name]))
    assert sending.keys("") == [], "its bytes are kept nowhere"


def test_a_scan_says_by_what_and_of_which_bytes(engine, case, landlord):
    file = examined(send(landlord, case, "dpe.pdf", factories.PDF))
    scan = file.scans.get()
    assert (file.state, scan.verdict, scan.sha256) == (FileState.CLEAN, FileState.CLEAN, storage.sha256_of(factories.PDF))
    if engine == "clamd":
        assert re.fullmatch(r"ClamAV \d+\.\d+\.\d+", scan.engine)
    else:
        assert (scan.engine, scan.signatures) == (scanning.BUILT_IN, scanning.BUILT_IN_VERSION)


@pytest.mark.clamd
def test_clamd_is_asked_by_tcp_too(clamd, settings, tmp_path):
    (tmp_path / "file").write_bytes(EICAR)
    with relay(clamd) as settings.CLAMD_URL:
        assert scanning.scan(tmp_path / "file").verdict == FileState.INFECTED


def test_without_an_answer_nothing_is_clean_and_the_landlord_waits(case, landlord, settings, caplog):
    settings.CLAMD_URL = NOBODY
    file = examined(send(landlord, case, "dpe.pdf", factories.PDF))

    assert (file.state, file.scans.count()) == (FileState.ERROR, 0)
    answer = opened(landlord, file)
    assert answer.status == 409
    assert "Vérification en cours" in answer.body.decode()
    assert opened(landlord, file, 0).status == 404
    page = landlord.get(reverse("application-step", args=[case.pk, "diagnostics"])).content.decode()
    assert "Vérification en cours" in page
    assert "à refaire" not in page
    assert f"file not examined file={file.pk} obstacle=ScannerUnavailable reason=FileNotFoundError" in caplog.text


def test_what_is_handed_out_again_comes_behind_what_was_just_sent(case, landlord, settings):
    settings.CLAMD_URL = NOBODY
    send(landlord, case, "dpe.pdf", factories.PDF)
    work()
    tasks.examine_waiting_files()
    send(landlord, case, "crep.pdf", factories.PDF + b"2")
    waiting = ProcrastinateJob.objects.filter(task_name="documents.tasks.examine_file", status="todo")
    assert [job.priority for job in waiting.order_by("pk")] == [tasks.BEHIND, 20]
    assert tasks.render_act.priority < tasks.BEHIND < tasks.examine_file.priority


def test_what_waited_is_scanned_once_there_is_an_answer(case, landlord, settings):
    settings.CLAMD_URL = NOBODY
    send(landlord, case, "dpe.pdf", factories.PDF)
    work()
    assert case.files.get().state == FileState.ERROR
    tasks.examine_waiting_files()
    tasks.examine_waiting_files()
    work()
    assert case.files.get().state == FileState.ERROR

    settings.CLAMD_URL = ""
    tasks.examine_waiting_files()
    work()

    file = case.files.get()
    assert (file.state, file.scans.count(), file.quarantine) == (FileState.CLEAN, 1, "")
    assert opened(landlord, file).body == factories.PDF


@pytest.mark.clamd
@pytest.mark.parametrize("dies_after", [BIG // 2, BIG], ids=["half-way", "before the last bytes"])
def test_an_engine_killed_in_the_middle_of_a_scan_loses_nothing(clamd, case, landlord, settings, dies_after):
    content = factories.PDF + bytes(BIG)
    file = send(landlord, case, "dpe.pdf", content)
    try:
        with relay(clamd, dies_after=dies_after) as settings.CLAMD_URL:
            file = examined(file)
        assert (file.state, file.scans.count()) == (FileState.ERROR, 0)
        assert storage.size_of(file.quarantine) == len(content)
        settings.CLAMD_URL = clamd.url
        tasks.examine_file(file_id=file.pk)
        assert StoredFile.objects.get(pk=file.pk).state == FileState.ERROR, "its socket is still there, nobody answers"
    finally:
        clamd.restart()

    tasks.examine_file(file_id=file.pk)

    file = StoredFile.objects.select_related("application").get(pk=file.pk)
    assert (file.state, file.scans.count()) == (FileState.CLEAN, 1)
    assert opened(landlord, file).body == content


@pytest.mark.clamd
def test_more_than_clamd_takes_is_not_scanned_and_not_clean(clamd, case, settings, caplog):
    settings.CLAMD_URL = clamd.url
    content = factories.PDF + bytes(26 * 1024 * 1024)
    storage.put_bytes("quarantaine/1/1/big", content)
    file = StoredFile.objects.create(
        application=case, quarantine="quarantaine/1/1/big", name="big.pdf", content_type=storage.PDF, size=len(content)
    )
    with caplog.at_level(logging.WARNING):
        assert examining.examine(file).state == FileState.ERROR
    assert "reason=INSTREAM size limit exceeded. ERROR" in caplog.text
    assert not file.scans.exists()


def answers(path, said: bytes) -> None:
    """An engine that says one thing, whatever it is asked."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        with listener:
            for _ in range(2):
                client, _ = listener.accept()
                with client:
                    client.recv(4096)
                    client.sendall(said)

    threading.Thread(target=serve, daemon=True).start()


@pytest.mark.parametrize(
    "said",
    [
        b"stream: Can't allocate memory ERROR\0",
        b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK and more\0",
        b"\0",
        b"",
    ],
)
def test_any_other_answer_is_not_clean(said, tmp_path, settings):
    (tmp_path / "file").write_bytes(factories.PDF)
    answers(tmp_path / "s", said)
    settings.CLAMD_URL = f"unix://{tmp_path}/s"
    with pytest.raises(scanning.ScannerUnavailable):
        scanning.scan(tmp_path / "file")


def office_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


DISGUISED = {
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "drawing.pdf": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "page-then-pdf.pdf": b"<html><!-- " + factories.PDF,
    "program-then-pdf.pdf": b"MZ" + bytes(100) + factories.PDF,
    "script-then-pdf.pdf": b"#!/bin/sh\n" + factories.PDF,
    "archive-then-pdf.pdf": office_document() + factories.PDF,
    "letter.pdf": office_document(),
    "far.pdf": b" " * 1025 + factories.PDF,
    "picture.pdf": b"GIF89a" + factories.PDF,
    "photo.jpg": b"<svg/>",
}


@pytest.mark.parametrize("name", DISGUISED)
def test_what_is_neither_a_pdf_nor_a_photo_is_refused_whatever_its_name(name, case, landlord):
    answer = post(landlord, case, name, DISGUISED[name])
    assert answer.status_code == 422
    assert "n’est ni un PDF ni une photo" in answer.content.decode()

    file = examined(announce(landlord, case, name, DISGUISED[name], storage.JPEG if name.endswith("jpg") else storage.PDF))

    assert file.is_unusable
    assert opened(landlord, file).status == 409


def test_a_photo_that_is_a_pdf_too_is_served_as_a_picture_of_ours(case, landlord):
    content = hostile.jpeg()[:2] + b"\xff\xfe\x02\x02" + factories.PDF.ljust(512) + hostile.jpeg()[2:]
    file = examined(announce(landlord, case, "both.pdf", content, storage.PDF))
    assert (file.state, file.content_type) == (FileState.CLEAN, storage.JPEG)
    answer = opened(landlord, file)
    assert answer.headers["Content-Type"] == storage.JPEG
    assert b"%PDF" not in answer.body


def test_a_pdf_that_acts_by_itself_is_taken_told_and_only_ever_downloaded(case, landlord):
    content = hostile.pdf(hostile.PLAIN, catalog=b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
    file = examined(send(landlord, case, "acts.pdf", content, PieceKind.ERP))
    assert (file.state, file.active) == (FileState.CLEAN, ["javascript"])
    answer = opened(landlord, file)
    assert answer.body == content
    assert answer.disposition.startswith("attachment; ")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_an_administrator_may_try_the_engine(engine):
    assert health.try_scanner().verdict == FileState.INFECTED


@pytest.mark.clamd
def test_an_engine_that_does_not_know_the_test_file_fails_its_trial(tmp_path_factory, settings):
    with servers.start_clamd(tmp_path_factory.mktemp("blind"), signatures={"Eicar-Test-Signature": "41424344"}) as blind:
        settings.CLAMD_URL = blind.url
        with pytest.raises(scanning.ScannerUnavailable):
            health.try_scanner()
