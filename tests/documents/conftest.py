"""The real servers of the tests marked `s3` or `clamd`, started once, at the first test that asks for one; the verdicts' report."""

from collections.abc import Iterator

import pytest
from django.test import Client

from permis.models import Application
from tests import factories, servers
from tests.documents import places
from tests.servers import Clamd, S3Server


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory) -> Iterator[S3Server]:
    with servers.start_radosgw(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def clamd(tmp_path_factory) -> Iterator[Clamd]:
    """Shared: a test that kills it restarts it, or starts its own."""
    with servers.start_clamd(tmp_path_factory.mktemp("clamd")) as server:
        yield server


@pytest.fixture
def case() -> Application:
    return factories.ApplicationFactory()


@pytest.fixture
def landlord(case: Application) -> Client:
    """The browser of the landlord whose draft it is."""
    client = Client()
    client.force_login(case.applicant)
    return client


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The verdict on each file of the reference data, as the tests saw it."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    verdicts = dict(value for report in reports for name, value in report.user_properties if name == "verdict")
    if verdicts:
        terminalreporter.section("verdicts on the reference files")
        for file, verdict in sorted(verdicts.items()):
            terminalreporter.write_line(f"{file:82} {verdict}")


@pytest.fixture
def place(request, settings) -> Iterator[str]:
    """The storage under test, empty: the disk, the real S3 server or its imitation."""
    if request.param == "moto":
        with places.imitation(settings):
            yield request.param
    elif request.param == "radosgw":
        with places.bucket_of(request.getfixturevalue("s3_server"), settings):
            yield request.param
    else:
        yield request.param
