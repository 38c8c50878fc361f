"""Is this file harmful? Asked of clamd where `CLAMD_URL` is set, of a few checks of our own otherwise.

Nothing is clean by default: an engine that does not answer raises, and the file waits.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from documents import streams
from documents.enums import FileState

TIMEOUT_SECONDS = 60
CHUNK = 256 * 1024
BUILT_IN = "contrôles intégrés"
BUILT_IN_VERSION = "2026-11"
# The test file of the antivirus industry, in two halves so that this source is not taken for it.
TEST_FILE = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"))
# Programs, whatever their name: Windows, Linux, macOS, scripts.
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_FOUND = re.compile(rb"^stream: (?P<name>.+) FOUND$")
# What clamd answers where it stopped looking before the end (AlertExceedsMax): neither clean nor infected.
_NOT_WHOLE = b"Heuristics.Limits.Exceeded"


class ScannerUnavailable(Exception):
    """The engine did not give an answer about this file, which is therefore not clean; the message is for the logs."""


@dataclass(frozen=True)
class ScanResult:
    """``verdict`` is CLEAN or INFECTED; ``detail`` names what was found."""

    verdict: FileState
    engine: str
    signatures: str
    detail: str = ""


def scan(path: Path) -> ScanResult:
    """What the engine says of these bytes. Raises ScannerUnavailable."""
    if settings.CLAMD_URL:
        return _clamd(path, settings.CLAMD_URL)
    return _built_in(path)


def _built_in(path: Path) -> ScanResult:
    """Programs and the industry's test file; no more is promised, and the scan's line says so."""
    content = path.read_bytes()
    if any(TEST_FILE in each for each in chain((content,), streams.inflated(content))):
        return ScanResult(FileState.INFECTED, BUILT_IN, BUILT_IN_VERSION, "fichier d’essai EICAR")
    if content.startswith(_PROGRAMS):
        return ScanResult(FileState.INFECTED, BUILT_IN, BUILT_IN_VERSION, "programme exécutable")
    return ScanResult(FileState.CLEAN, BUILT_IN, BUILT_IN_VERSION)


def _clamd(path: Path, url: str) -> ScanResult:
    """INSTREAM over a socket of one exchange; a pipe that breaks, a limit or an error is « not scanned », never clean."""
    version = _ask(url, [b"zVERSION\0"])
    answer = _ask(url, _stream(path))
    engine, _, signatures = version.decode(errors="replace").partition("/")
    if answer == b"stream: OK":
        return ScanResult(FileState.CLEAN, engine[:80], signatures[:80])
    found = _FOUND.match(answer)
    if found and not found["name"].startswith(_NOT_WHOLE):
        return ScanResult(FileState.INFECTED, engine[:80], signatures[:80], found["name"].decode(errors="replace")[:300])
    raise ScannerUnavailable(answer.decode(errors="replace")[:100] or "no answer")


def _stream(path: Path) -> Iterator[bytes]:
    yield b"zINSTREAM\0"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield struct.pack("!I", len(chunk)) + chunk
    yield struct.pack("!I", 0)


def _ask(url: str, parts: Iterable[bytes]) -> bytes:
    """One question and its answer. An engine that wants no more bytes says why, then breaks the pipe."""
    try:
        with closing(_connect(url)) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):
                for part in parts:
                    connection.sendall(part)
            answer = b""
            while received := connection.recv(4096):
                answer += received
                if answer.endswith(b"\0"):
                    break
    except OSError as error:
        raise ScannerUnavailable(type(error).__name__) from error
    return answer.rstrip(b"\0").strip()


def _connect(url: str) -> socket.socket:
    """`unix:///run/clamav/clamd.ctl` or `tcp://host:3310`."""
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "localhost", parts.port or 3310), TIMEOUT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(TIMEOUT_SECONDS)
    try:
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection
