"""Real servers that tests start by themselves on this machine: an object store (S3) and an antivirus.

Neither needs root, systemd or the network. Each lives in a folder of its own, answers on this machine only, and is
killed by whoever started it; should the tests themselves be killed, the kernel kills it with them (`setpriv --pdeathsig`).
"""

import base64
import os
import secrets
import shutil
import socket
import struct
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PATIENCE = 60  # seconds; a start takes 1

# The harmless file every antivirus reports, in parts: a whole one would have this very file quarantined.
EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST", b"-FILE!$H+H*"))


class NotStarted(Exception):
    """The end of what the server wrote before it gave up."""


@dataclass(frozen=True)
class S3Server:
    endpoint: str
    access_key: str
    secret_key: str
    region: str = "us-east-1"


CEPH_CONF = """\
[global]
fsid = {fsid}
mon_host = v2:127.0.0.1:{mon_port}/0
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_msgr1 = false
keyring = {folder}/keyring
run_dir = {folder}
admin_socket =
log_file =
log_to_file = false
log_to_stderr = true
# One copy of everything, in one placement group a pool.
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
# A monitor alone has nobody to wait for: by default it proposes once a second, and the start takes 11 s instead of 1.
paxos_propose_interval = 0.01
paxos_min_wait = 0.005
[mon]
mon_data = {folder}/mon
mon_data_avail_crit = 0
mon_data_avail_warn = 0
[osd]
osd_data = {folder}/osd
osd_objectstore = memstore
[client]
# Without it, an answer waits 40 ms for the acknowledgement of its own headers.
rgw_frontends = beast endpoint=127.0.0.1:{port} tcp_nodelay=1
rgw_data = {folder}
rgw_thread_pool_size = 32
"""


@contextmanager
def start_radosgw(folder: Path) -> Iterator[S3Server]:
    """Ceph: a monitor, an object daemon in memory, the S3 gateway, one user. Starts in 1 s, takes 180 MB of memory.

    What radosgw 16 does, asked by boto3 with SigV4 and path-style addresses **[found by running]**:

    - a presigned PUT with signed Content-Length and Content-Type takes that size and that type, nothing else (403
      SignatureDoesNotMatch); an expired link is 403 AccessDenied; `If-None-Match: *` is obeyed (412), and signed like the rest;
    - versioning works; so does object lock (COMPLIANCE, legal hold) in a bucket created with it, not in another;
    - any region may sign, but LocationConstraint is refused; a bucket's name has 3 letters or more;
    - ignored, where AWS obeys: x-amz-checksum-sha256 (a wrong one is accepted), x-amz-copy-source-if-match; refused:
      server-side encryption AES256;
    - obeyed, where AWS refuses: x-amz-… headers that were not signed. Whoever holds a presigned PUT may add
      `x-amz-acl: public-read`, or `x-amz-copy-source` and so read any object whose key they know; a signed `x-amz-acl` cannot be
      changed, and a bucket policy refuses the copy (`documents/capabilities.py: set_policy`);
    - of a public access block, IgnorePublicAcls keeps such an object private; BlockPublicAcls refuses every PUT, ours too.
    """
    for name in ("mon", "osd"):
        (folder / name).mkdir(parents=True)
    fsid, osd = str(uuid.uuid4()), str(uuid.uuid4())
    port, mon_port = free_port(), free_port()
    server = S3Server(f"http://127.0.0.1:{port}", access_key=secrets.token_hex(10), secret_key=secrets.token_hex(20))
    keyring, monmap, conf = str(folder / "keyring"), str(folder / "monmap"), str(folder / "ceph.conf")
    Path(keyring).write_text(_keyring("mon.", "client.admin", "osd.0"))
    Path(conf).write_text(CEPH_CONF.format(fsid=fsid, folder=folder, mon_port=mon_port, port=port))
    as_admin = ("-c", conf, "-n", "client.admin")

    with ExitStack() as daemons:
        _run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"v2:127.0.0.1:{mon_port}/0", monmap)
        _run("ceph-mon", "-c", conf, "-i", "a", "--mkfs", "--keyring", keyring, "--monmap", monmap)
        daemons.enter_context(_Daemon("ceph-mon", "-c", conf, "-i", "a", "-f", log=folder / "mon.log"))
        _run("ceph", *as_admin, "osd", "new", osd)
        _run("ceph-osd", "-c", conf, "-i", "0", "--mkfs", "--osd-uuid", osd)
        daemons.enter_context(_Daemon("ceph-osd", "-c", conf, "-i", "0", "-f", log=folder / "osd.log"))
        radosgw = daemons.enter_context(_Daemon("radosgw", *as_admin, "-f", log=folder / "radosgw.log"))
        radosgw.wait_for(socket.AF_INET, ("127.0.0.1", port))
        keys = (f"--access-key={server.access_key}", f"--secret-key={server.secret_key}")
        _run("radosgw-admin", *as_admin, "user", "create", "--uid=tests", "--display-name=Tests", *keys)
        yield server


def _keyring(*names: str) -> str:
    """One key for all, in Ceph's own format: type, seconds, nanoseconds, length, key."""
    key = base64.b64encode(struct.pack("<HIIH", 1, 0, 0, 16) + secrets.token_bytes(16)).decode()
    return "".join(f'[{name}]\nkey = {key}\ncaps mon = "allow *"\ncaps osd = "allow *"\n' for name in names)


CLAMD_CONF = """\
Foreground yes
LocalSocket {folder}/clamd.sock
FixStaleSocket yes
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}/tmp
StreamMaxLength 25M
"""


class Clamd:
    """Killed and restarted on the same socket, as by a machine short of memory and by systemd."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"unix://{folder}/clamd.sock"
        self._daemon: _Daemon | None = None

    def kill(self) -> None:
        """SIGKILL: those who wait for an answer get none, and the socket stays behind with nobody to answer."""
        if self._daemon:
            self._daemon.kill()
            self._daemon = None

    def restart(self) -> None:
        self.kill()
        config = str(self.folder / "clamd.conf")
        self._daemon = _Daemon("clamd", "--config-file", config, log=self.folder / "clamd.log")
        self._daemon.wait_for(socket.AF_UNIX, f"{self.folder}/clamd.sock")


@contextmanager
def start_clamd(folder: Path, *, signatures: dict[str, str] | None = None) -> Iterator[Clamd]:
    """An antivirus that knows EICAR, and what ``signatures`` adds: the name of a threat, the bytes it holds in hexadecimal.

    clamd answers `<name>.UNOFFICIAL FOUND` for a threat of these files, which nobody signed.
    """
    for name in ("signatures", "tmp"):
        (folder / name).mkdir(parents=True)
    threats = {"Eicar-Test-Signature": EICAR.hex()} | (signatures or {})
    (folder / "signatures" / "tests.ndb").write_text("".join(f"{name}:0:*:{pattern}\n" for name, pattern in threats.items()))
    (folder / "clamd.conf").write_text(CLAMD_CONF.format(folder=folder))
    clamd = Clamd(folder)
    try:
        clamd.restart()
        yield clamd
    finally:
        clamd.kill()


class _Daemon:
    """A program in the foreground, killed at the end: none of them keeps anything worth a clean stop, which takes up to 5 s."""

    def __init__(self, *command: str, log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def wait_for(self, family: socket.AddressFamily, address: object) -> None:
        """Return once the program listens; a program that gave up is not waited for."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with socket.socket(family) as probe:
                if not probe.connect_ex(address):
                    return
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise NotStarted(self.log.read_text(errors="replace")[-2000:])
            time.sleep(0.01)


def find(program: str) -> str | None:
    """Daemons are in `/usr/sbin`, which is not on everyone's PATH."""
    return shutil.which(program, path=_environment()["PATH"])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _environment() -> dict[str, str]:
    return os.environ | {"PATH": os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))}


def _run(*command: str) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, env=_environment(), check=False
    )
    if done.returncode:
        raise NotStarted(f"{command}: {done.stderr.decode(errors='replace')[-2000:]}")
