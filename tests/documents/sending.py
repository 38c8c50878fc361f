"""How the tests send a file as a landlord does, have it examined, and open it."""

from dataclasses import dataclass
from inspect import iscoroutinefunction

from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from documents import receiving, storage, tasks
from documents.models import StoredFile
from permis.enums import PieceKind
from permis.models import Application


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def disposition(self) -> str:
        return self.headers.get("Content-Disposition", "")


def post(client: Client, case: Application, name: str, content: bytes, kind: PieceKind = PieceKind.DPE):
    """The ordinary form of the page of the diagnostics."""
    form = {"slug": kind, "kinds": [kind], "upload": SimpleUploadedFile(name, content)}
    return client.post(reverse("application-step", args=[case.pk, "diagnostics"]), form)


def send(client: Client, case: Application, name: str, content: bytes, kind: PieceKind = PieceKind.DPE) -> StoredFile:
    """The last file of a case, once the form took it."""
    answer = post(client, case, name, content, kind)
    assert answer.status_code == 302, answer.content.decode()
    return case.files.latest("pk")


def examined(file: StoredFile) -> StoredFile:
    """What the file is once its job, which is in the queue, is done."""
    assert ProcrastinateJob.objects.filter(task_name=tasks.examine_file.name, args__file_id=file.pk).exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        tasks.examine_file(file_id=file.pk)
    return StoredFile.objects.select_related("application").get(pk=file.pk)


def opened(client: Client, file: StoredFile, page: int | None = None) -> Answer:
    """What a click on the file gives, or on one of its pages: at most one move, to an address of a minute."""
    answer = client.get(reverse("file", args=[file.pk]) if page is None else reverse("file-page", args=[file.pk, page]))
    if answer.status_code == 302:
        assert answer.headers["Cache-Control"] == "private, no-store"
        answer = client.get(answer.headers["Location"])
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Answer(answer.status_code, body, dict(answer.headers))


def announce(client: Client, case: Application, name: str, content: bytes, content_type: str = "application/pdf") -> StoredFile:
    """The same as a script does it: announce, put where the answer says, and say that it is done."""
    said = client.post(reverse("upload", args=[case.pk]), {"name": name, "size": len(content), "content_type": content_type})
    assert said.status_code == 201, said.content.decode()
    ticket = said.json()
    assert client.put(ticket["url"], content, content_type=ticket["headers"]["Content-Type"]).status_code == 201
    assert client.post(ticket["done"], {"kinds": [PieceKind.DPE]}).status_code == 201
    return case.files.latest("pk")


def work() -> None:
    """Do the jobs that wait, and those that they ask for."""
    while job := ProcrastinateJob.objects.filter(status="todo").order_by("pk").first():
        with connection.cursor() as cursor:
            for status in ("doing", "succeeded"):
                cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job.pk])
        call = app.tasks[job.task_name].func
        with TestCase.captureOnCommitCallbacks(execute=True):
            # A real worker of the test may have put off its own housekeeping meanwhile.
            (async_to_sync(call) if iscoroutinefunction(call) else call)(**job.args)


def confirm(file: StoredFile) -> StoredFile:
    """The browser says that it sent the file: what the site does then."""
    receiving.require_arrived(file)
    return receiving.take(file)


def keys(prefix: str = "") -> list[str]:
    """What the storage holds under a prefix."""
    return [each.key for each in storage.objects(prefix)]
