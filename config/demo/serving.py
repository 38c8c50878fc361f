"""The two processes of the demo, the web server and the worker, each in a group of its own, watched until the end."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management.base import OutputWrapper

from config import processes

START_SECONDS = 60
STOP_SECONDS = 15
WORKER_RESTART_SECONDS = 2
LOOK_EVERY = 0.2


class WebServerDied(Exception):
    """Without its web server there is no demo left."""


class Children:
    """Ctrl-C reaches none of them: their parent stops them, and the kernel does when the parent is killed with -9."""

    must_stop = False

    def __init__(self, port: int) -> None:
        self._port = port
        self._web = _spawn(processes.web_server(port))
        self._start_worker()

    def wait_until_ready(self) -> None:
        """Return once the site answers."""
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._web.poll() is not None or time.monotonic() > deadline:
                raise WebServerDied
            time.sleep(LOOK_EVERY / 2)

    def watch(self, stdout: OutputWrapper) -> None:
        """Return never: the worker is started again when it dies, and a dead web server ends it all."""
        while self._web.poll() is None:
            if self.must_stop:
                raise KeyboardInterrupt
            if self._worker.poll() is not None and time.monotonic() - self._worker_started_at > WORKER_RESTART_SECONDS:
                stdout.write("Le processus des travaux de fond s’est arrêté : il est relancé.")
                self._start_worker()
            time.sleep(LOOK_EVERY)
        raise WebServerDied

    def stop(self) -> None:
        """Ask both to end, then end them; a second Ctrl-C meanwhile changes nothing."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        children = (self._web, self._worker)
        for child in children:
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            try:
                child.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(child, signal.SIGKILL)
                child.wait()
            _signal_group(child, signal.SIGKILL)

    def _start_worker(self) -> None:
        self._worker = _spawn([str(settings.BASE_DIR / "manage.py"), "worker", "--until-eof"])
        self._worker_started_at = time.monotonic()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/health/live", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def leave(number: int, frame: object) -> None:
    """Stop, at once or at the next look: an exception raised while an object is thrown away goes nowhere."""
    del number, frame
    Children.must_stop = True
    raise KeyboardInterrupt


def _spawn(arguments: list[str]) -> subprocess.Popen[bytes]:
    # The worker notices the death of this process by the end of its input, the web server by the kernel's signal.
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env={**os.environ, "PERMIS_NO_BOOTSTRAP": "1"},
        process_group=0,
        preexec_fn=processes.die_with_parent,
    )


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return
