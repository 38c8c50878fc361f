import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter: pytest's own are private, and root runs PostgreSQL as another account."""
    folder = Path(tempfile.mkdtemp(prefix="permis-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def plain_environment() -> dict[str, str]:
    """The environment of a person at a terminal: nothing set for the tests."""
    chosen = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "STORAGE_URL", "SEAL_PKCS12", "DEBUG"}
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PERMIS_") and name not in chosen},
        "PERMIS_NO_BOOTSTRAP": "1",
    }
