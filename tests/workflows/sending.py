"""What a browser does to give a file, for the tests of the page of the files."""

from pathlib import Path

from django.urls import reverse

from documents import examining
from documents.models import StoredFile
from permis.enums import PieceKind
from tests import factories
from workflows.actions import gathering

PDF_TYPE = "application/pdf"


def announce(client, case, content=factories.PDF, *, name="dpe.pdf", content_type=PDF_TYPE, kinds=("dpe",), **meant):
    """Say what will be sent; the answer as the script gets it."""
    said = {"name": name, "size": len(content), "content_type": content_type, "kinds": list(kinds), **meant}
    return client.post(reverse("upload", args=[case.pk]), said)


def put(client, ticket, content=factories.PDF):
    return client.put(ticket["url"], content, content_type=ticket["headers"]["Content-Type"])


def send(client, case, content=factories.PDF, **meant):
    """Announce, send, confirm; the answer to the confirmation."""
    ticket = announce(client, case, content, **meant).json()
    assert put(client, ticket, content).status_code == 201
    return client.post(ticket["done"])


def page(client, case):
    """The page of the files as text."""
    draft = reverse("application-step", args=[case.pk, "diagnostics"])
    answer = client.get(draft if case.state == "draft" else reverse("application-add-piece", args=[case.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def give(case, *kinds, content=factories.PDF, name="dpe.pdf", examined=True, **facts):
    """A piece of this case, examined by the job unless told otherwise."""
    given = {"upload": factories.upload(content, name), "by": case.applicant, "on": case.authority.today()}
    pieces = gathering.add_piece(case, kinds=kinds or [PieceKind.DPE], **given, **facts)
    if examined:
        examining.examine(StoredFile.objects.select_related("application").get(pk=pieces[0].file_id))
    return pieces[0]


def stored(settings, key):
    """Where the disk storage of this test keeps a key."""
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / key


def pdf(mark):
    """A PDF of one page that no other test sends."""
    return factories.PDF + f"% {mark}\n".encode()
