import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from config import cluster
from config.cluster import Cluster, ClusterError

ROOT = Path(__file__).resolve().parent.parent.parent
USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from config.cluster import Cluster
Cluster(Path(sys.argv[1]), throwaway=True).use()
print("ready", flush=True)
sys.stdin.readline()
"""


@contextmanager
def in_use(server: Cluster) -> Iterator[Cluster]:
    server.use()
    try:
        yield server
    finally:
        server.leave()


@contextmanager
def used_by_another_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the cluster until its input closes."""
    user = subprocess.Popen(
        [sys.executable, "-c", USE_UNTIL_TOLD, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert user.stdout.readline() == "ready\n"
        yield user
    finally:
        user.communicate()


def answers(server: Cluster) -> bool:
    try:
        with psycopg.connect(host=str(server.socket_dir), user="permis", dbname="postgres") as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def postmaster(server: Cluster) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


@pytest.mark.parametrize("name", ["simple", "avec espaces", "cœur d’été", "virgule, et suite", "long" * 25])
def test_serves_from_any_folder_and_stops_with_its_last_user(open_folder, name):
    server = Cluster(open_folder / name, throwaway=True)

    with in_use(server):
        assert answers(server)

    assert not answers(server)


def test_a_path_that_its_programs_cannot_take_is_refused(open_folder):
    with pytest.raises(ClusterError, match="un caractère que PostgreSQL refuse"):
        Cluster(open_folder / 'un"guillemet', throwaway=True).use()


def test_another_user_keeps_it_running(open_folder):
    server = Cluster(open_folder, throwaway=True)

    with used_by_another_process(open_folder):
        with in_use(server):
            assert answers(server)
        assert answers(server)

    assert not answers(server)


def test_a_server_left_by_a_killed_process_is_adopted_then_stopped(open_folder):
    server = Cluster(open_folder, throwaway=True)
    with used_by_another_process(open_folder) as user:
        user.kill()
        user.wait()
        orphan = postmaster(server)
        assert answers(server)

    with in_use(server):
        assert postmaster(server) == orphan

    assert not answers(server)


def test_a_killed_server_starts_again(open_folder):
    server = Cluster(open_folder, throwaway=True)
    with in_use(server):
        os.kill(postmaster(server), signal.SIGKILL)

    with in_use(server):
        assert answers(server)


def test_a_process_number_given_again_does_not_stop_the_start(open_folder):
    """The number in a stale file may belong to anything by now, here to this very test."""
    server = Cluster(open_folder, throwaway=True)
    with in_use(server):
        lines = (server.data / "postmaster.pid").read_text().splitlines()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")

    with in_use(server):
        assert answers(server)


def test_data_of_another_version_are_left_alone(open_folder):
    server = Cluster(open_folder, throwaway=True)
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("17\n")

    with pytest.raises(ClusterError, match="vient de PostgreSQL 17, la version embarquée est la 18"):
        server.use()

    assert [file.name for file in server.data.iterdir()] == ["PG_VERSION"]


def test_a_full_disk_is_said_before_anything_is_written(open_folder, monkeypatch):
    monkeypatch.setattr(cluster, "FREE_SPACE", 10**18)
    server = Cluster(open_folder, throwaway=True)

    with pytest.raises(ClusterError, match="libérez de la place"):
        server.use()

    assert not server.data.exists()


def test_an_interrupted_creation_is_begun_again(open_folder):
    server = Cluster(open_folder, throwaway=True)
    (open_folder / "new").mkdir()
    (open_folder / "new" / "PG_VERSION").write_text("18\n")

    with in_use(server):
        assert answers(server)


def test_data_in_use_are_not_removed(open_folder):
    server = Cluster(open_folder, throwaway=True)
    with used_by_another_process(open_folder), pytest.raises(ClusterError, match="Une autre commande se sert"):
        server.remove()

    server.remove()

    assert not server.data.exists()


def test_a_private_folder_serves_whoever_owns_it(open_folder, monkeypatch):
    """Root runs the server as `nobody`, who gets copies where it may enter; the private folder keeps its rights."""
    monkeypatch.setattr(cluster, "OPEN_TO_ALL", open_folder / "open")
    private = open_folder / "private"
    private.mkdir(mode=0o700)
    server = Cluster(private / "postgres", throwaway=True)

    with in_use(server):
        assert answers(server)

    assert private.stat().st_mode & 0o777 == 0o700
    assert server.data.is_relative_to(open_folder / "open" if os.getuid() == 0 else private)
    server.remove()


def test_programs_in_a_private_folder_are_copied_whole(open_folder, monkeypatch):
    """Seen as root with the project in root's own folder: the copy runs by itself."""
    monkeypatch.setattr(cluster, "OPEN_TO_ALL", open_folder / "open")
    monkeypatch.setattr(cluster, "_is_private", lambda path: True)
    monkeypatch.setattr(cluster.os, "getuid", lambda: 0)

    programs = cluster._programs()

    assert programs.is_relative_to(open_folder / "open")
    assert "18" in subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
