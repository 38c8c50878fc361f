"""A storage that is down, slow, broken or lying: nothing is lost, the person reads what to do, and no request hangs."""

import resource
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.urls import reverse

from documents import examining, receiving, storage
from documents.enums import ActKind, FileState
from documents.models import Piece, StoredFile
from permis.enums import State
from permis.models import Application
from tests import factories, faulty
from tests.documents import places, sending
from tests.documents.places import Browser, closed_folder
from tests.faulty import Fault
from workflows.actions import intake

PDF = factories.PDF
SENTENCE = "Nos fichiers ne sont pas accessibles pour l’instant. Rien n’est perdu"
EVERY = [fault for fault in Fault if fault != Fault.NONE]
SILENT = [Fault.DOWN, Fault.SLOW, Fault.ERROR, Fault.CUT]
# Slow is 30 s and more for who waits: here it is for ever, so that only our own patience can end the request.
PATIENCE = 1


@pytest.fixture
def store(settings, s3_server):
    """A bucket behind a proxy that works until the test says otherwise."""
    with places.bucket_of(s3_server, settings) as client, faulty.standing_before(s3_server.endpoint) as faulty_store:
        faulty_store.server.client = client
        places.use(settings, places.address(s3_server, endpoint=faulty_store.endpoint, timeout=PATIENCE))
        yield faulty_store
        storage.adapter().client.close()


@pytest.fixture
def case():
    return factories.ApplicationFactory()


@pytest.fixture
def browser(case):
    return Browser(case.applicant)


def send(browser, case, content=PDF):
    """The ordinary form of a document that the landlord names."""
    url = reverse("application-step", args=[case.pk, "diagnostics"])
    answers = {"kinds": ["other"], "title": "Facture de la chaudière", "upload": factories.upload(content)}
    return browser.client.post(url, answers)


def assert_nothing_came(case):
    case = Application.objects.get(pk=case.pk)
    assert case.state == State.DRAFT
    assert (case.dwelling.address, case.pieces.count()) == ("12 rue de la Gare", 0)


@pytest.mark.s3
@pytest.mark.django_db
@pytest.mark.parametrize("fault", EVERY)
def test_a_form_sent_to_a_storage_that_fails_keeps_what_was_typed(store, case, browser, fault):
    store.fault = fault
    answer = send(browser, case)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert SENTENCE in page
    assert 'value="Facture de la chaudière"' in page
    assert_nothing_came(case)

    store.fault = Fault.NONE
    assert send(browser, case).status_code == 302
    file = examining.examine(StoredFile.objects.get())
    assert file.state == FileState.CLEAN
    with closing(storage.open_stored(file)) as stored:
        assert stored.read() == PDF


@pytest.mark.s3
@pytest.mark.django_db
@pytest.mark.parametrize("fault", SILENT)
def test_a_direct_sending_is_confirmed_once_the_storage_answers(store, case, browser, fault):
    file, ticket = receiving.expect(case, name="dpe.pdf", size=len(PDF), content_type=storage.PDF, by=case.applicant)
    assert browser.put(ticket.url, PDF, ticket.headers) == 200
    done = reverse("upload-done", args=[case.pk, file.pk])

    store.fault = fault
    answer = browser.client.post(done, {"kinds": ["dpe"]})
    if fault != Fault.CUT:  # an answer without a body cannot be cut
        assert (answer.status_code, SENTENCE in answer.json()["error"]) == (503, True)
        assert StoredFile.objects.get().state == FileState.AWAITED

    store.fault = Fault.NONE
    assert browser.client.post(done, {"kinds": ["dpe"]}).status_code == 201
    assert examining.examine(StoredFile.objects.get()).state == FileState.CLEAN
    assert Piece.objects.count() == 1


@pytest.mark.s3
@pytest.mark.django_db
def test_a_direct_sending_that_was_not_stored_is_asked_again(store, case, browser):
    file, ticket = receiving.expect(case, name="dpe.pdf", size=len(PDF), content_type=storage.PDF, by=case.applicant)
    done = reverse("upload-done", args=[case.pk, file.pk])
    store.fault = Fault.FORGETFUL
    assert browser.put(ticket.url, PDF, ticket.headers) == 200
    store.fault = Fault.NONE
    answer = browser.client.post(done, {"kinds": ["dpe"]})
    assert "n’est pas arrivé en entier. Envoyez-le de nouveau." in answer.json()["error"]

    assert browser.put(ticket.url, PDF, ticket.headers) == 200, "the address still waits for its file"
    assert browser.client.post(done, {"kinds": ["dpe"]}).status_code == 201


@pytest.mark.s3
@pytest.mark.django_db
def test_a_direct_sending_that_was_garbled_is_never_served(store, case, browser):
    file, ticket = receiving.expect(case, name="dpe.pdf", size=len(PDF), content_type=storage.PDF, by=case.applicant)
    store.fault = Fault.GARBLING
    browser.put(ticket.url, PDF, ticket.headers)
    store.fault = Fault.NONE
    assert examining.examine(sending.confirm(file)).state == FileState.UNREADABLE
    assert browser.client.get(reverse("file", args=[file.pk])).status_code == 409


@pytest.mark.s3
@pytest.mark.django_db
@pytest.mark.parametrize("fault", EVERY)
def test_an_examination_that_the_storage_fails_is_done_again(store, case, browser, fault):
    file = receiving.receive(case, factories.upload(), by=case.applicant)
    store.fault = fault
    file = examining.examine(file)
    assert (file.state, bool(file.quarantine)) == (FileState.ERROR, True)
    assert browser.client.get(reverse("file", args=[file.pk])).status_code == 409

    store.fault = Fault.NONE
    file = examining.examine(file)
    assert (file.state, file.quarantine) == (FileState.CLEAN, "")
    assert storage.holds(file.key, storage.sha256_of(PDF))


@pytest.mark.s3
@pytest.mark.django_db
@pytest.mark.parametrize("fault", SILENT)
def test_an_act_is_given_whole_or_not_at_all(store, case, browser, fault):
    intake.submit(case, by=case.applicant, on=case.authority.today())
    act = case.acts.get(kind=ActKind.REGISTRATION)
    act.sha256 = storage.sha256_of(PDF)
    storage.put_bytes(act.key, PDF)
    act.save()
    url = reverse("act", args=[act.pk])
    browser.client.raise_request_exception = False

    store.fault = fault
    answer = browser.client.get(url)
    assert answer.status_code == 503
    assert "<h1" in answer.content.decode()
    assert answer.headers["Retry-After"]

    store.fault = Fault.NONE
    assert b"".join(browser.client.get(url).streaming_content) == PDF


@pytest.mark.s3
@pytest.mark.django_db
def test_a_storage_where_nobody_listens_is_told_at_once(settings, s3_server, case, browser):
    with places.bucket_of(s3_server, settings):
        pass
    places.use(settings, places.address(s3_server, endpoint="http://127.0.0.1:9", timeout=PATIENCE))
    answer = send(browser, case)
    assert answer.status_code == 422
    assert SENTENCE in answer.content.decode()
    assert_nothing_came(case)
    storage.adapter().client.close()


@contextmanager
def smaller_files(most):
    """A disk that takes no more than so many bytes a file, as one that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


BIG = PDF + b"%" * 300_000


@pytest.fixture(params=["full", "closed"])
def broken_disk(request, settings):
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return lambda: smaller_files(100_000) if request.param == "full" else closed_folder(folder)


@pytest.mark.django_db
def test_a_form_sent_to_a_broken_disk_keeps_what_was_typed(broken_disk, settings, case, browser):
    with broken_disk():
        answer = send(browser, case, BIG)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert SENTENCE in page
    assert 'value="Facture de la chaudière"' in page
    assert_nothing_came(case)
    assert sending.keys("") == []

    assert send(browser, case, BIG).status_code == 302
    assert examining.examine(StoredFile.objects.get()).state == FileState.CLEAN


@pytest.mark.django_db
def test_a_direct_sending_to_a_broken_disk_can_be_done_again(broken_disk, case, browser):
    file, ticket = receiving.expect(case, name="dpe.pdf", size=len(BIG), content_type=storage.PDF, by=case.applicant)
    with broken_disk():
        assert browser.put(ticket.url, BIG, ticket.headers) == 503
    assert sending.keys("") == []
    assert browser.put(ticket.url, BIG, ticket.headers) == 201
    assert examining.examine(sending.confirm(file)).state == FileState.CLEAN


@pytest.mark.django_db
def test_an_examination_on_a_broken_disk_is_done_again(broken_disk, case):
    file = receiving.receive(case, factories.upload(BIG), by=case.applicant)
    with broken_disk():
        assert examining.examine(file).state == FileState.ERROR
    assert examining.examine(StoredFile.objects.get()).state == FileState.CLEAN
