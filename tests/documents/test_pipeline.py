"""Every file of the reference data, sent by a landlord, examined, and opened again: none breaks anything or runs anywhere."""

from contextlib import closing

import pytest

from documents import storage
from documents.enums import FileState
from tests.conftest import REFERENCE_DATA
from tests.documents.pictures import assert_is_bare
from tests.documents.sending import examined, opened, post, send
from tests.documents.verdicts import VERDICTS

pytestmark = [pytest.mark.django_db, pytest.mark.reference_data]
FOLDERS = ("pdf", "images")


def test_no_file_is_forgotten(reference_data):
    files = {
        str(file.relative_to(reference_data))
        for folder in FOLDERS
        for file in (reference_data / folder).rglob("*.*")
        if file.is_file()
    }
    assert files == set(VERDICTS)


@pytest.mark.parametrize("path", VERDICTS)
def test_a_file_goes_through(path, case, landlord, reference_data, record_property):
    expected, content = VERDICTS[path], (REFERENCE_DATA / path).read_bytes()
    record_property("verdict", (path, str(expected)))
    name = path.rpartition("/")[2]
    if expected.state is None:
        answer = post(landlord, case, name, content)
        assert answer.status_code == 422
        assert "n’est ni un PDF ni une photo" in answer.content.decode()
        assert not case.files.exists()
        return

    waiting = send(landlord, case, name, content)
    assert opened(landlord, waiting).status == 409, "nothing is served before it was examined"
    file = examined(waiting)

    assert (file.state, file.page_count, set(file.active)) == (expected.state, expected.pages, expected.active)
    assert expected.problem in file.problem
    assert bool(file.problem) == (file.state != FileState.CLEAN)
    with closing(storage.open_stored(file)) as stored:
        assert stored.read() == content, "the original is kept, byte for byte"
    page = landlord.get(f"/demandes/{case.pk}/diagnostics/")
    assert page.status_code == 200
    if file.state != FileState.CLEAN:
        answer = opened(landlord, file)
        assert answer.status == 409
        assert file.problem in page.content.decode()
        return
    assert file.pictures == file.page_count
    check_what_is_served(landlord, file, content)


def check_what_is_served(landlord, file, content):
    """A PDF as it came, to be downloaded; pictures of ours in place; of a photo, never the original."""
    whole = opened(landlord, file)
    assert whole.disposition.startswith("attachment; ")
    assert (whole.body == content) == (not file.is_photo)
    pages = [opened(landlord, file, page) for page in (0, *file.picture_numbers)]
    assert all(page.disposition.startswith("inline; ") for page in pages)
    for answer in [whole, *pages]:
        assert answer.status == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    for answer in [*pages, *([whole] if file.is_photo else [])]:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert_is_bare(answer.body)
    assert opened(landlord, file, file.pictures + 1).status == 404
