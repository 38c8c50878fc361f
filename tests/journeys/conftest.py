"""The demo as people start it, and a browser on it; deselected where there is no Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import factories
from tests.conftest import CHROMIUM

ROOT = Path(__file__).parents[2]
PASSWORD = "motdepasse-des-essais"
START_WITHIN = 300
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """The browser and the demo are other processes; this one may speak to both."""


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, and what a terminal beside it may ask."""

    url: str
    data: Path

    def manage(self, *arguments: str) -> str:
        """Run a command on the demo's data."""
        command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
        environment = _environment() | {"PERMIS_DATA_DIR": str(self.data)}
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """A demo with its own data, stopped at the end."""
    # A folder of our own that everybody may enter: root runs PostgreSQL as `nobody`, and pytest's folders are private.
    data, port = Path(tempfile.mkdtemp(prefix="permis-journeys-")), _free_port()
    data.chmod(0o755)
    command = [sys.executable, "manage.py", "demo", "--port", str(port), "--data-dir", str(data), "--password", PASSWORD]
    log = (data / "demo.log").open("w")
    process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, data / "demo.log")
        yield Demo(url, data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        log.close()
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="module")
def browser(demo: Demo) -> Iterator[Browser]:
    """Closed with its module: the driver keeps an event loop running in this thread, where no other test may start one."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_as(browser: Browser, demo: Demo) -> Iterator["OpenAs"]:
    opener = OpenAs(browser, demo.url)
    yield opener
    opener.close()


@pytest.fixture
def diagnostic(tmp_path: Path) -> Path:
    """A small PDF file."""
    file = tmp_path / "dpe.pdf"
    file.write_bytes(factories.PDF + str(time.time_ns()).encode())
    return file


class OpenAs:
    """`open_as("instruction")` is a page where this demo account is signed in, in a browser of its own."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url, self.pages = browser, url, {}

    def __call__(self, name: str) -> Page:
        if name in self.pages:
            return self.pages[name]
        page = self.nobody()
        page.goto("/connexion/")
        page.locator("input[type=email]").fill(f"{name}@demo.test")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("form button[type=submit]").last.click()
        page.wait_for_url(lambda url: "connexion" not in url)
        self.pages[name] = page
        return page

    def nobody(self) -> Page:
        """A page where nobody is signed in."""
        return self.browser.new_context(base_url=self.url, locale="fr-FR", viewport={"width": 1280, "height": 900}).new_page()

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


def _environment() -> dict[str, str]:
    """As at a person's terminal: nothing set for the tests."""
    kept = {key: value for key, value in os.environ.items() if key not in ("PERMIS_TEST", "PERMIS_DATA_DIR")}
    return kept | {"PERMIS_NO_BOOTSTRAP": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(START_WITHIN * 2):
        if process.poll() is not None:
            raise RuntimeError(log.read_text())
        try:
            with urlopen(f"{url}/health/live", timeout=2):  # noqa: S310 (this machine)
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"The demo did not answer within {START_WITHIN} s:\n{log.read_text()}")
