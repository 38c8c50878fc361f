"""The database of the tests is a throw-away embedded server; nothing here reaches the network or the demo's data."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("PERMIS_TEST", "1")

import pytest
from django.db import connection

from tests import node, servers

REFERENCE_DATA = Path(os.environ.get("TEST_DATA_DIR", "/nonexistent"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
JOURNEYS = Path(__file__).parent / "journeys"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of what a machine may lack are deselected, not skipped; `.ci/run` has everything and runs them all."""
    for item in items:
        if JOURNEYS in item.path.parents:
            item.add_marker("browser")
    lacking = {
        "reference_data": not REFERENCE_DATA.is_dir(),
        "browser": CHROMIUM is None,
        "s3": not servers.find("radosgw"),
        "clamd": not servers.find("clamd"),
        "node": node.find() is None,
    }
    absent = [item for item in items if any(item.get_closest_marker(name) for name, is_lacking in lacking.items() if is_lacking)]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]


@pytest.fixture(scope="session")
def reference_data() -> Path:
    return REFERENCE_DATA


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """The cache is a table of the database, as in production."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)


@pytest.fixture(autouse=True)
def _data_folder(settings, tmp_path) -> None:
    """Each test stores its files apart."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "documents.backends.DiskStorage", "OPTIONS": {"location": tmp_path / "files"}},
    }


@pytest.fixture(autouse=True)
def _empty_job_queue(request) -> Iterator[None]:
    """Django's flush skips the tables of the job queue: jobs would leak into the next test."""
    marker = request.node.get_closest_marker("django_db")
    keeps_its_rows = bool(marker and marker.kwargs.get("transaction"))
    if keeps_its_rows:
        request.getfixturevalue("transactional_db")
    yield
    if keeps_its_rows:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch) -> None:
    """Only this machine may be reached."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise RuntimeError(f"A test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)
