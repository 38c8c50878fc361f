"""The 515 strings that break programs, as names of files: received, kept, shown and downloaded, and found nowhere else."""

import json
import re
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils.html import escape

from documents import storage
from documents.models import StoredFile
from documents.receiving import MAX_CASE_FILES, NAME_LENGTH
from permis.enums import PieceKind
from tests import factories
from tests.conftest import REFERENCE_DATA
from tests.documents import sending
from tests.documents.sending import examined, opened, send

pytestmark = [pytest.mark.django_db, pytest.mark.reference_data]
# A file name in a header: quoted for old browsers, percent-encoded for the others (RFC 6266, RFC 8187).
DISPOSITION = re.compile(r"attachment; filename=\"[\w.\- ]*\"; filename\*=UTF-8''(?P<name>(?:[\w.\-~]|%[0-9A-F]{2})*)", re.ASCII)
QUARANTINE = re.compile(r"quarantaine/\d+/\d+/[0-9a-f]{32}")
BOUNDARY = "a-line-that-no-string-holds"


def names() -> list[str]:
    return json.loads((REFERENCE_DATA / "text" / "blns.json").read_text(encoding="utf-8"))


def as_browsers_write(name: str) -> str:
    """In a form, three characters of a file name are replaced (WHATWG, multipart/form-data)."""
    return name.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22")


def form_with(name: str, content: bytes) -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="slug"\r\n\r\n{PieceKind.DPE}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="kinds"\r\n\r\n{PieceKind.DPE}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="upload"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def next_case(case):
    return factories.ApplicationFactory(authority=case.authority, commune=case.commune, applicant=case.applicant)


def test_there_are_515(reference_data):
    assert len(names()) == 515


@pytest.mark.parametrize("written", [as_browsers_write, str], ids=["by a browser", "by hand"])
def test_sent_by_a_form(case, landlord, reference_data, caplog, written):
    """What a browser writes is taken, unless nothing is left of the name; what it would not write breaks nothing."""
    taken = 0
    for number, name in enumerate(names()):
        if number and number % (MAX_CASE_FILES - 1) == 0:
            case = next_case(case)
        address = reverse("application-step", args=[case.pk, "diagnostics"])
        body = form_with(written(name), factories.PDF + bytes(number))
        answer = landlord.post(address, body, content_type=f"multipart/form-data; boundary={BOUNDARY}")
        assert answer.status_code in (302, 422, 400), name
        if answer.status_code == 302:
            taken += 1
            file = case.files.latest("pk")
            assert (file.size, len(file.name) <= NAME_LENGTH, file.name.isprintable()) == (
                len(factories.PDF) + number,
                True,
                True,
            )
        elif written is as_browsers_write:
            # Nothing is left of « / » or « . » as a name: for the form there is no file.
            assert "Choisissez un fichier" in answer.content.decode()
    assert taken > (500 if written is as_browsers_write else 450), "only a few names are of no use"
    assert [key for key in sending.keys("") if not QUARANTINE.fullmatch(key)] == []
    assert_not_logged(caplog)


def test_announced_shown_and_downloaded(case, landlord, reference_data, caplog):
    kept = examined(send(landlord, case, "dpe.pdf", factories.PDF))
    page = reverse("application-step", args=[case.pk, "diagnostics"])
    waiting = factories.ApplicationFactory(authority=case.authority, commune=case.commune, applicant=case.applicant)
    for number, name in enumerate(names()):
        if number and number % (MAX_CASE_FILES - 1) == 0:
            waiting = next_case(case)
        facts = {"name": name, "size": len(factories.PDF), "content_type": storage.PDF}
        answer = landlord.post(reverse("upload", args=[waiting.pk]), facts)
        if answer.status_code == 422:
            assert not name.strip() or "\0" in name, "a browser announces no file without a name"
            continue
        assert answer.status_code == 201, name
        file = waiting.files.latest("pk")
        assert QUARANTINE.fullmatch(file.quarantine)

        StoredFile.objects.filter(pk=kept.pk).update(name=file.name)
        assert escape(file.name) in landlord.get(page).content.decode()
        download = opened(landlord, kept)
        assert (download.status, download.body) == (200, factories.PDF)
        assert unquote(DISPOSITION.fullmatch(download.disposition)["name"]) == file.name
    assert_not_logged(caplog)


def assert_not_logged(caplog):
    """Short strings and words of our own logs prove nothing; the others are nowhere."""
    assert [name for name in names() if len(name) > 12 and name in caplog.text] == []
