"""How the processes of the demo live and die together (Linux; elsewhere the kernel's help is missing and Ctrl-C does it)."""

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1


class AlreadyRunning(Exception):
    """Another process holds the lock; `note` is what it wrote there."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class OnlyOne:
    """A lock that the kernel drops with its process, so that it is never stale, and a note for the second comer."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            note = self._file.read().strip()
            self._file.close()
            raise AlreadyRunning(note) from None

    def write(self, note: str) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(note)
        self._file.flush()

    def close(self) -> None:
        """Never unlock: a forked child shares the lock, and closing its copy must not free ours."""
        self._file.close()


def die_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def stop_at_end_of_input() -> None:
    """End this process when its standard input closes: the parent holds the other end and may be killed with -9."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def first_free_port(wanted: int, *, tries: int = 20) -> int | None:
    """The wanted port, or the next one that nobody listens on."""
    return next((port for port in range(wanted, wanted + tries) if _is_free(port)), None)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            # Taken, kept by the system, or past the last port.
            return False
    return True


def web_server(port: int, *, workers: int = 1) -> list[str]:
    """The arguments of Python that serve the site on this machine alone, by workers of four threads.

    Its end is bounded: a worker of granian may never end by itself, and its parent would wait for it.
    """
    return [
        "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", "4",
        "--workers-kill-timeout", "3", "--no-access-log", "--log-level", "warning", "config.wsgi:application",
    ]  # fmt: skip
