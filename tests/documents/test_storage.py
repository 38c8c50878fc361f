"""One contract for every place where bytes rest: the disk, a real S3 server, and an imitation of S3 for the logic alone."""

import logging
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from config.logs import Discreet
from documents import backends, capabilities, examining, receiving, storage
from documents.enums import FileState
from documents.models import StoredFile
from documents.storage_urls import Bucket
from tests import factories
from tests.documents import places, sending
from tests.documents.places import ALL, RADOSGW, SERVERS, Browser

pytestmark = pytest.mark.django_db
PDF = factories.PDF


@pytest.fixture
def case():
    return factories.ApplicationFactory()


@pytest.fixture
def browser(case):
    return Browser(case.applicant)


def forged(url):
    """With another letter in the middle of the signature."""
    place = len(url) - 8
    return url[:place] + ("a" if url[place] != "a" else "b") + url[place + 1 :]


def announced(case, *, content_type="application/pdf", name="dpe.pdf"):
    return receiving.expect(case, name=name, size=len(PDF), content_type=content_type, by=case.applicant)


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_an_announced_file_is_sent_examined_kept_and_read(place, case, browser):
    file, ticket = announced(case, name="Été « final ».pdf")
    assert browser.put(ticket.url, PDF, ticket.headers) in (200, 201)
    file = examining.examine(sending.confirm(file))

    assert (file.state, file.sha256, file.page_count) == (FileState.CLEAN, storage.sha256_of(PDF), 1)
    with closing(storage.open_stored(file)) as stored:
        assert stored.read() == PDF
    assert sending.keys("quarantaine") == [] or file.quarantine == ""
    status, body, headers = browser.get(storage.get_url(file.key, name=file.name, content_type=file.content_type))
    assert (status, body) == (200, PDF)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert quote("Été « final ».pdf", safe="") in headers["Content-Disposition"]


@pytest.mark.parametrize("place", SERVERS, indirect=True)
@pytest.mark.parametrize(
    ("body", "changes"),
    [
        pytest.param(PDF + b"x", {}, id="one byte more"),
        pytest.param(PDF[:-1], {}, id="one byte less"),
        pytest.param(PDF, {"Content-Type": "text/html"}, id="another type"),
    ],
)
def test_what_was_not_announced_is_refused_by_the_server(place, case, browser, body, changes):
    file, ticket = announced(case)
    assert browser.put(ticket.url, body, ticket.headers | changes) == 403
    assert storage.size_of(file.quarantine) is None
    with pytest.raises(receiving.FileRefused, match="pas arrivé en entier"):
        file = sending.confirm(file)


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_an_address_is_used_once(place, case, browser):
    file, ticket = announced(case)
    browser.put(ticket.url, PDF, ticket.headers)
    other = PDF.replace(b"200 280", b"200 281")
    assert browser.put(ticket.url, other, ticket.headers) in (409, 412)
    with closing(storage.open_key(file.quarantine)) as stored:
        assert stored.read() == PDF


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_an_address_changed_by_one_letter_opens_nothing(place, case, browser):
    file, ticket = announced(case)
    storage.put_bytes("somewhere/file", PDF)
    link = storage.get_url("somewhere/file", name="a.pdf", content_type="application/pdf")
    assert browser.get(link)[0] == 200
    for url in (forged(ticket.url), ticket.url.replace(file.quarantine, file.quarantine[:-1] + "z")):
        if url != ticket.url:  # the disk's addresses do not show their key
            assert browser.put(url, PDF, ticket.headers) in (403, 404)
    assert browser.get(forged(link))[0] in (403, 404)
    assert storage.size_of(file.quarantine) is None


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_a_late_address_opens_nothing(place, case, browser, monkeypatch):
    for module in ("documents.backends", "documents.views"):
        monkeypatch.setattr(f"{module}.PUT_SECONDS", 1)
        monkeypatch.setattr(f"{module}.GET_SECONDS", 1)
    file, ticket = announced(case)
    storage.put_bytes("somewhere/file", PDF)
    link = storage.get_url("somewhere/file", name="a.pdf", content_type="application/pdf")
    time.sleep(2.1)
    assert browser.put(ticket.url, PDF, ticket.headers) in (403, 404)
    assert browser.get(link)[0] in (403, 404)
    assert storage.size_of(file.quarantine) is None


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_another_persons_file_is_neither_taken_nor_read(place, case, browser):
    """Addresses are made for who may, at each click: a stranger is given none, and cannot take what somebody announced."""
    file, ticket = announced(case)
    browser.put(ticket.url, PDF, ticket.headers)
    own = factories.ApplicationFactory()
    stranger = Browser(own.applicant)
    done = {"kinds": ["dpe"]}
    for application in (case, own):
        answer = stranger.client.post(reverse("upload-done", args=[application.pk, file.pk]), done)
        assert answer.status_code in (403, 404)
    assert StoredFile.objects.get().state == FileState.AWAITED
    examining.examine(sending.confirm(file))
    assert stranger.client.get(reverse("file", args=[file.pk])).status_code == 404
    answer = browser.client.get(reverse("file", args=[file.pk]))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert browser.get(answer.headers["Location"])[1] == PDF


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_a_colleague_of_the_same_case_does_not_take_it_either(place):
    town = factories.AuthorityFactory()
    one, other = (Browser(factories.member(town, Role.OFFICER)) for _ in range(2))
    draft = factories.paper_draft(town)
    file, ticket = receiving.expect(draft, name="dpe.pdf", size=len(PDF), content_type=storage.PDF, by=one.user)
    one.put(ticket.url, PDF, ticket.headers)
    done = reverse("upload-done", args=[draft.pk, file.pk])
    assert other.client.post(done, {"kinds": ["dpe"]}).status_code == 404
    assert one.client.post(done, {"kinds": ["dpe"]}).status_code == 201


@pytest.mark.s3
def test_an_address_used_twice_where_versions_are_kept_changes_nothing_that_was_examined(settings, s3_server, case, browser):
    """This server forgets `If-None-Match` in such a bucket: what was examined is what is kept, whatever comes after."""
    with places.bucket_of(s3_server, settings) as client:
        client.put_bucket_versioning(Bucket=places.BUCKET, VersioningConfiguration={"Status": "Enabled"})
        file, ticket = announced(case)
        other = PDF.replace(b"200 280", b"200 281")
        browser.put(ticket.url, PDF, ticket.headers)
        file = sending.confirm(file)
        sha256 = storage.sha256_of(PDF)
        assert browser.put(ticket.url, other, ticket.headers) == 200
        with pytest.raises(storage.StorageFailed):
            storage.commit(file.quarantine, f"{case.authority_id}/{case.pk}/{sha256}", sha256)
        examined = examining.examine(file)
        assert (examined.state, examined.sha256) == (FileState.CLEAN, storage.sha256_of(other))
        browser.put(ticket.url, PDF, ticket.headers)
        assert storage.holds(examined.key, storage.sha256_of(other))


@pytest.mark.parametrize("place", ["disk"], indirect=True)
def test_on_disk_the_address_itself_is_for_the_person_who_announced(place, case):
    file, ticket = announced(case)
    stranger = Browser(factories.UserFactory())
    assert stranger.put(ticket.url, PDF, ticket.headers) == 404
    assert Client().put(ticket.url, PDF, content_type="application/pdf").status_code == 404
    assert storage.size_of(file.quarantine) is None


@pytest.mark.parametrize("place", [RADOSGW], indirect=True)
@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"x-amz-acl": "public-read"}, id="acl"),
        pytest.param({"x-amz-grant-read": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'}, id="grant"),
    ],
)
def test_a_sender_cannot_make_a_file_public(place, case, browser, more):
    """This server obeys headers that nobody signed: the access that we sign leaves it none to obey."""
    file, ticket = announced(case)
    assert browser.put(ticket.url, PDF, ticket.headers | more) in (400, 403)
    assert storage.size_of(file.quarantine) is None


@pytest.mark.parametrize("place", [RADOSGW], indirect=True)
def test_a_sender_cannot_copy_what_somebody_else_sent(place, case, browser):
    """Without the bucket's policy this server would copy any object whose key the sender knows."""
    storage.put_bytes("1/1/secret", PDF)
    more = {"x-amz-copy-source": "/permis/1/1/secret"}
    capabilities.set_policy(storage.adapter())

    file, ticket = announced(case)
    assert browser.put(ticket.url, PDF, ticket.headers | more) == 403
    assert storage.size_of(file.quarantine) is None
    assert browser.put(ticket.url, PDF, ticket.headers) == 200, "an ordinary file still comes in"
    assert examining.examine(sending.confirm(file)).state == FileState.CLEAN, "and is still settled by a copy"


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
    assert sending.keys("1/1") == ["1/1/hash"]
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


@pytest.mark.parametrize("place", ALL, indirect=True)
def test_bytes_that_changed_are_not_handed_out(place, case):
    file = examining.examine(receiving.receive(case, factories.upload(), by=case.applicant))
    storage.adapter().write(file.key, ContentFile(PDF.replace(b"200", b"201")))
    with pytest.raises(storage.StorageFailed):
        storage.open_stored(file)


@pytest.mark.parametrize("place", ALL, indirect=True)
def test_what_is_there_is_written_again_only_when_it_is_not_the_same(place):
    storage.put_bytes("1/1/x", PDF)
    first = next(storage.objects("1/1")).modified_at
    storage.put_bytes("1/1/x", PDF)
    assert next(storage.objects("1/1")).modified_at == first
    storage.put_bytes("1/1/x", PDF + b"\n")
    assert storage.holds("1/1/x", storage.sha256_of(PDF + b"\n"))


@pytest.mark.parametrize("place", ALL, indirect=True)
def test_objects_are_listed_case_by_case(place):
    for key in ("1/10/a", "1/1/b", "1/1/b.pages/1.jpg", "2/1/a", "quarantaine/1/1/x"):
        storage.put_bytes(key, PDF)
    listed = [each.key for each in storage.objects()]
    assert sorted(listed) == sorted({"1/10/a", "1/1/b", "1/1/b.pages/1.jpg", "2/1/a", "quarantaine/1/1/x"})
    assert abs(listed.index("1/1/b") - listed.index("1/1/b.pages/1.jpg")) == 1
    assert sending.keys("1/1") == ["1/1/b", "1/1/b.pages/1.jpg"]


def test_on_disk_nobody_else_enters_and_nothing_half_written_stays(settings, case):
    root = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    receiving.receive(case, factories.upload(), by=case.applicant)
    assert root.stat().st_mode & 0o077 == 0
    assert list((root / backends.DRAFTS).iterdir()) == []


def test_on_disk_signed_addresses_stay_out_of_the_logs(case, browser):
    _, ticket = announced(case)
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Forbidden", ticket.url), None)
    assert Discreet().format(record) == "Forbidden: /fichiers/deposer/…/"


def test_the_storage_is_the_one_of_the_settings(settings):
    assert isinstance(storages["default"], backends.DiskStorage)
    options = Bucket.of("s3://key:s%2Fcret@bucket?endpoint=https://s3.example&region=fr-par&style=path").as_setting()["OPTIONS"]
    assert (options["secret_key"], options["addressing_style"]) == ("s/cret", "path")
