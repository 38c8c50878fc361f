"""The site in its own web server, as in production, on the database of the tests."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from django.db import connection

from config.processes import die_with_parent, first_free_port, web_server

ROOT = Path(__file__).parents[1]


@contextmanager
def start_site(folder: Path) -> Iterator[int]:
    """Two processes of four threads; the port. Their files are in ``folder / "files-test"``."""
    settings, port = connection.settings_dict, first_free_port(8300)
    environment = {
        **os.environ,
        "PERMIS_TEST": "1",
        "PERMIS_NO_BOOTSTRAP": "1",
        "PERMIS_DATA_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": f"postgresql://{settings['USER']}@{quote(settings['HOST'], safe='')}/{settings['NAME']}",
    }
    server = subprocess.Popen(
        [sys.executable, *web_server(port, workers=2)],
        cwd=ROOT,
        env=environment,
        preexec_fn=die_with_parent,
    )
    try:
        for _ in range(300):
            try:
                with urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)
