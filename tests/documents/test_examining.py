"""The examination as a whole: what it writes, what the database refuses, and what two workers or a dead one leave."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import quote

import pytest
from asgiref.sync import async_to_sync
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from config import tasks as housekeeping
from documents import storage, tasks
from documents.enums import FileState
from documents.models import Scan, StoredFile
from tests import factories
from tests.documents import hostile, sending
from tests.documents.sending import examined, opened, post, send, work
from workflows.actions import intake

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


def waiting(case, **fields):
    facts = {"quarantine": "quarantaine/1/1/a", "name": "a.pdf", "content_type": storage.PDF, "size": len(factories.PDF)}
    return StoredFile.objects.create(application=case, **facts | fields)


def scanned(file, *, verdict=FileState.CLEAN, sha256="a" * 64):
    return Scan.objects.create(file=file, engine="essai", sha256=sha256, verdict=verdict)


def test_nothing_is_clean_by_default(case):
    assert waiting(case).state == FileState.PENDING
    assert not StoredFile().is_served
    assert [state for state in FileState if StoredFile(state=state).is_served] == [FileState.CLEAN]


@pytest.mark.parametrize("scan", [None, {"verdict": FileState.INFECTED}, {"sha256": "b" * 64}], ids=["none", "infected", "other"])
def test_the_database_refuses_a_clean_file_without_its_scan(case, scan):
    file = waiting(case, sha256="a" * 64)
    if scan:
        scanned(file, **scan)
    with pytest.raises(IntegrityError, match="clean only by a scan"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(state=FileState.CLEAN)
    file.state = FileState.CLEAN
    with pytest.raises(IntegrityError, match="clean only by a scan"), transaction.atomic():
        file.save()
    with pytest.raises(IntegrityError, match="clean only by a scan"), transaction.atomic():
        waiting(case, state=FileState.CLEAN)

    scanned(file)
    file.save()
    file.sha256 = "c" * 64
    with pytest.raises(IntegrityError, match="clean only by a scan"), transaction.atomic():
        file.save()


def test_what_an_engine_said_does_not_change(case):
    scan = scanned(waiting(case), verdict=FileState.INFECTED)
    scan.verdict = FileState.CLEAN
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        scan.save()


def test_a_draft_is_discarded_with_its_examined_files(case, landlord):
    file = examined(send(landlord, case, "dpe.pdf", factories.PDF))
    intake.discard(case, by=case.applicant)
    assert not Scan.objects.filter(file_id=file.pk).exists()


def test_an_examined_file_is_not_examined_again(case, landlord):
    file = examined(send(landlord, case, "dpe.pdf", factories.PDF))
    tasks.examine_file(file_id=file.pk)
    assert file.scans.count() == 1


def test_a_reading_that_runs_out_costs_the_pictures_not_the_file(case, landlord, caplog):
    content = hostile.too_much_memory()
    file = examined(send(landlord, case, "plan.png", content))
    assert (file.state, file.pictures, file.problem) == (FileState.CLEAN, 0, "")
    with closing(storage.open_stored(file)) as stored:
        assert stored.read() == content
    assert f"file read in part file={file.pk} state=crashed pictures=0" in caplog.text
    answer = opened(landlord, file)
    assert answer.status == 409, "the original of a photo is never served: it may tell where it was taken"
    assert "Cette photo ne peut pas être montrée" in answer.body.decode()
    assert opened(landlord, file, 0).status == 404


def test_a_storage_that_loses_a_file_in_quarantine_leaves_it_waiting(case, landlord, caplog):
    file = send(landlord, case, "dpe.pdf", factories.PDF)
    storage.delete(file.quarantine)
    file = examined(file)
    assert (file.state, file.scans.count()) == (FileState.ERROR, 0)
    assert "obstacle=StorageFailed" in caplog.text or "obstacle=NothingThere" in caplog.text


def test_no_name_is_in_a_log_of_the_examination(case, landlord, settings, caplog):
    settings.CLAMD_URL = "unix:///nonexistent"
    examined(send(landlord, case, "Hélène Duprat.pdf", factories.PDF))
    assert caplog.records
    assert "Duprat" not in caplog.text


def test_refused_at_once_or_later_the_landlord_reads_what_to_do(case, landlord):
    for content, words in [(b"", "est vide"), (b"word", "ni un PDF ni une photo")]:
        answer = post(landlord, case, "a.pdf", content)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    file = examined(send(landlord, case, "cut.pdf", b"%PDF-1.4 and nothing"))
    assert file.state == FileState.UNREADABLE
    page = landlord.get(reverse("application-step", args=[case.pk, "diagnostics"])).content.decode()
    assert "À remplacer" in page
    assert "Enregistrez-le de nouveau en PDF, ou prenez les pages en photo." in page


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_examine_a_file_once(case, landlord):
    """Both jobs are the same and harmless; whoever is second finds it done, or its bytes moved away."""
    files = [send(landlord, case, f"{number}.pdf", factories.PDF + bytes(number)) for number in range(4)]
    for file in files:
        together = Barrier(2)

        def work_on(file=file, together=together):
            together.wait()
            tasks.examine_file(file_id=file.pk)
            connection.close()

        workers = [Thread(target=work_on) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    for number, file in enumerate(files):
        file = StoredFile.objects.select_related("application").get(pk=file.pk)
        assert (file.state, file.scans.count(), file.quarantine) == (FileState.CLEAN, 1, "")
        assert opened(landlord, file).body == factories.PDF + bytes(number)
    assert sending.keys("quarantaine") == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_an_examination_loses_nothing(case, landlord, settings, tmp_path):
    """A real worker, killed while it waits for an engine that never answers; its job is handed out again."""
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "documents.backends.DiskStorage", "OPTIONS": {"location": folder / "files-test"}},
    }
    file = send(landlord, case, "dpe.pdf", factories.PDF)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        worker = start_worker(folder, f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        silent.settimeout(60)
        with closing(silent.accept()[0]):
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    # Another may wait: every five minutes a waiting file is handed out again.
    job = ProcrastinateJob.objects.filter(task_name=tasks.examine_file.name).earliest("pk")
    assert job.status == "doing"
    assert StoredFile.objects.get(pk=file.pk).state == FileState.PENDING
    assert opened(landlord, file).status == 409
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '10 minutes'")

    async_to_sync(housekeeping.retry_stalled_jobs.func)(0)
    work()

    file = StoredFile.objects.select_related("application").get(pk=file.pk)
    assert (file.state, file.scans.count()) == (FileState.CLEAN, 1)
    assert opened(landlord, file).body == factories.PDF


def start_worker(folder: Path, clamd_url: str) -> subprocess.Popen[bytes]:
    database = connection.settings_dict
    environment = {
        **os.environ,
        "PERMIS_TEST": "1",
        "PERMIS_NO_BOOTSTRAP": "1",
        "PERMIS_DATA_DIR": str(folder),
        "CLAMD_URL": clamd_url,
        "DATABASE_URL": f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}",
    }
    return subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=environment)
