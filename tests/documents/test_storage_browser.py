"""A real browser, a real bucket and our own pages' policy: it sends and shows what it should, and a page from elsewhere cannot."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from documents import capabilities, receiving, storage
from documents.storage_urls import Bucket
from tests import factories
from tests.conftest import CHROMIUM
from tests.documents import places

pytestmark = [pytest.mark.s3, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = factories.PDF
SEND = """async ([url, headers, body]) => {
  try { return (await fetch(url, {method: "PUT", headers, body})).status } catch (error) { return error.name }
}"""
SHOW = """url => new Promise(done => {
  const picture = new Image()
  picture.onload = () => done(picture.naturalWidth)
  picture.onerror = () => done("refused")
  picture.src = url
})"""


def in_a_browser(address, *calls):
    """Open a page and call each script there; in a thread of its own, for its event loop would stay in ours."""

    def play():
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(address)
            answers = [page.evaluate(script, argument) for script, argument in calls]
            browser.close()
            return answers

    with ThreadPoolExecutor(1) as alone:
        return alone.submit(play).result()


@pytest.fixture
def bucket(settings, s3_server, live_server):
    """A bucket that the pages of the live site may reach, and no other."""
    url = places.address(s3_server)
    with places.bucket_of(s3_server, settings):
        settings.BASE_URL = live_server.url
        origins = Bucket.of(url).origins
        directives = dict(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])
        directives |= {name: [*directives[name], *origins] for name in ("img-src", "connect-src")}
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
        capabilities.set_cors(storage.adapter())
        yield


def announced():
    case = factories.ApplicationFactory()
    return receiving.expect(case, name="dpe.pdf", size=len(PDF), content_type=storage.PDF, by=case.applicant)


def drawn():
    """A page of a file, stored, and where a person who may see it is led."""
    picture = io.BytesIO()
    Image.new("RGB", (7, 3)).save(picture, "JPEG")
    storage.put_bytes("1/1/x.pages/1.jpg", picture.getvalue())
    return storage.get_url("1/1/x.pages/1.jpg", name="page-1.jpg", content_type=storage.JPEG, inline=True)


def sending(ticket):
    return SEND, [ticket.url, ticket.headers, PDF.decode()]


def test_a_page_of_the_site_sends_a_file_and_shows_a_picture(bucket, live_server):
    file, ticket = announced()
    assert in_a_browser(f"{live_server.url}/", sending(ticket), (SHOW, drawn())) == [200, 7]
    with closing(storage.open_key(file.quarantine)) as stored:
        assert stored.read() == PDF


def test_a_page_of_another_site_sends_nothing(bucket, live_server):
    file, ticket = announced()
    elsewhere = live_server.url.replace("localhost", "127.0.0.1")
    assert elsewhere != live_server.url
    assert in_a_browser(f"{elsewhere}/health/live", sending(ticket)) == ["TypeError"]
    assert storage.size_of(file.quarantine) is None


def test_pages_reach_no_other_host(bucket, live_server, settings):
    _, ticket = announced()
    settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"] = ["'self'", "https://s3.example.fr"]
    settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] = ["'self'"]
    assert in_a_browser(f"{live_server.url}/", sending(ticket), (SHOW, drawn())) == ["TypeError", "refused"]
