"""The demo as a person at a terminal meets it: processes, signals and a real port."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 180
STOP_SECONDS = 90


class Demo:
    """One run of `manage.py demo`, its output kept in a file."""

    def __init__(self, data_dir: Path, environment: dict[str, str], *arguments: str) -> None:
        self.data_dir = data_dir
        self.output = data_dir.with_suffix(".out")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "demo", "--data-dir", str(data_dir), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
            )

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def ready(self) -> str:
        """Wait for the address of the site."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(r"est prête : (http://\S+)", self.said):
                return found[1]
            time.sleep(0.1)
        raise AssertionError(self.said)

    def ended(self) -> int:
        return self.process.wait(STOP_SECONDS)

    def processes(self) -> set[int]:
        """What still runs of it: the kernel knows each process by the environment it was started with."""
        mark = f"PERMIS_DATA_DIR={self.data_dir}\0".encode()
        return {int(folder.name) for folder in Path("/proc").glob("[0-9]*") if mark in _environment(folder)}


def _environment(folder: Path) -> bytes:
    try:
        return (folder / "environ").read_bytes()
    except OSError:
        return b""


def status(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own address)
        return answer.status


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds: float = STOP_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """One data folder for all the starts: it is filled once, as a person's is."""
    folder = Path(tempfile.mkdtemp(prefix="permis-demo-"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def demo(data_dir, plain_environment) -> Iterator[Demo]:
    run = Demo(data_dir, plain_environment, "--port", str(free_port()))
    yield run
    if run.process.poll() is None:
        run.process.terminate()
        run.ended()


def test_serves_says_so_to_a_second_start_and_stops_whole(demo, plain_environment):
    url = demo.ready()
    password = re.search(r"Mot de passe de tous ces comptes : (\S+)", demo.said)[1]
    kept = demo.data_dir / "demo-password"

    assert status(f"{url}health/live") == 200
    assert status(url) == 200
    assert status(f"{url}demo/courriels/") == 200
    assert kept.read_text() == password
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    second = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "demo", "--data-dir", str(demo.data_dir)],
        env=plain_environment,
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert f"La démonstration tourne déjà : {url}" in second.stderr

    demo.process.send_signal(signal.SIGTERM)

    assert demo.ended() == 0
    assert demo.processes() == set()
    assert not (demo.data_dir / "postgres" / "data" / "postmaster.pid").exists()


def test_killed_it_leaves_no_orphan_and_starts_again_with_its_data(demo, data_dir, plain_environment):
    demo.ready()
    demo.process.kill()
    demo.ended()
    assert wait_until(lambda: demo.processes() == set())

    again = Demo(data_dir, plain_environment, "--port", str(free_port()))
    try:
        assert status(again.ready()) == 200
        assert "essai…" not in again.said
    finally:
        again.process.terminate()
        again.ended()


def test_a_worker_that_dies_is_started_again(demo):
    demo.ready()
    time.sleep(2.5)
    for pid in demo.processes() - {demo.process.pid}:
        if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
            os.kill(pid, signal.SIGKILL)

    assert wait_until(lambda: "il est relancé" in demo.said)
    assert demo.process.poll() is None


def test_a_busy_port_is_said_and_the_next_one_taken(data_dir, plain_environment):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        run = Demo(data_dir, plain_environment, "--port", str(port))
        try:
            url = run.ready()
        finally:
            run.process.send_signal(signal.SIGINT)
            run.ended()

    assert f"Le port {port} est occupé" in run.said
    assert f":{port}/" not in url
    assert "Ses données restent" in run.said


def test_refuses_a_real_database(plain_environment):
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "demo"],
        env={**plain_environment, "DATABASE_URL": "postgresql://permis@localhost/permis"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "refuse de démarrer quand DATABASE_URL est définie" in done.stderr


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused_in_french(data_dir, plain_environment, port):
    run = Demo(data_dir, plain_environment, f"--port={port}")

    assert run.ended() == 1
    assert "n’est pas un port" in run.said
    assert "Traceback" not in run.said
    assert run.processes() == set()


def test_a_file_instead_of_a_folder_is_refused_in_french(data_dir, plain_environment):
    file = data_dir.with_name("fichier")
    file.write_text("")
    run = Demo(file, plain_environment)

    assert run.ended() == 1
    assert "n’est pas un dossier où écrire" in run.said
