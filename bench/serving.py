"""The site in its web server, as in production, and what its processes cost: read from the kernel, not from them."""

import http.client
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Self
from urllib.parse import quote
from urllib.request import urlopen

from django.db import connection
from django.test import Client

from accounts.models import User
from config.processes import die_with_parent, first_free_port, web_server

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60


class Web:
    """Web workers of four threads, one unless told otherwise, on the database of this process."""

    def __init__(self, folder: Path, *, settings: str = "bench.settings", workers: int = 1, **environment: str) -> None:
        database = connection.settings_dict
        self.port = first_free_port(8400) or 0
        self._server = subprocess.Popen(
            [sys.executable, *web_server(self.port, workers=workers)],
            cwd=ROOT,
            env={
                **os.environ,
                "PERMIS_TEST": "1",
                "PERMIS_DATA_DIR": str(folder),
                "DJANGO_SETTINGS_MODULE": settings,
                "LOG_LEVEL": "ERROR",
                "DATABASE_URL": f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}",
                **environment,
            },
            preexec_fn=die_with_parent,
        )

    def __enter__(self) -> Self:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=2):
                    return self
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def __exit__(self, *exception: object) -> None:
        self._server.terminate()
        self._server.wait(timeout=30)

    @property
    def _processes(self) -> list[Path]:
        found = [self._server.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, _words(task / "children"))
        return [Path("/proc", str(pid)) for pid in found]

    def processor(self) -> float:
        """Seconds of processor used so far by the web server, to the microsecond."""
        tasks = (task for process in self._processes for task in (process / "task").iterdir())
        return sum(int(words[0]) for task in tasks if (words := _words(task / "schedstat"))) / 1e9

    def forget_peak(self) -> int:
        """Bytes held now; the peak is counted from here."""
        for process in self._processes:
            (process / "clear_refs").write_text("5")
        return self._memory("VmRSS")

    def peak(self) -> int:
        return self._memory("VmHWM")

    def _memory(self, name: str) -> int:
        lines = (line for process in self._processes for line in (process / "status").read_text().splitlines())
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


class Browser:
    """A person signed in: one connection kept open; it counts the bytes of the bodies that it sends."""

    def __init__(self, web: Web, user: User) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=120)
        self._headers = {"Cookie": f"sessionid={session_of(user)}; csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32}
        self.sent = 0

    def ask(self, method: str, path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        self.sent += len(body)
        self._connection.request(method, path, body, self._headers | {"Content-Type": content_type})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        self._connection.close()


def session_of(user: User) -> str:
    """The key of a new session of this person."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _words(path: Path) -> list[str]:
    """What /proc says of a thread; nothing once it has ended."""
    try:
        return path.read_text().split()
    except FileNotFoundError:
        return []
