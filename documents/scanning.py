"""Is this file harmful? Asked of clamd where `CLAMD_URL` is set, of a few checks of our own otherwise.

Nothing is clean by default: an engine that does not answer raises, and the file waits.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from documents.enums import FileState

TIMEOUT_SECONDS = 30
CHUNK = 256 * 1024
BUILT_IN = "contrôles intégrés"
BUILT_IN_VERSION = "2026-11"
# The test file of the antivirus industry, in two halves so that this source is not taken for it.
_EICAR = (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
# Programs, whatever their name: Windows, Linux, macOS, scripts.
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_FOUND = re.compile(rb"^stream: (?P<name>.+) FOUND$")


class ScannerUnavailable(Exception):
    """The engine did not give an answer about this file, which is therefore not clean."""


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
    if b"".join(_EICAR) in content:
        return ScanResult(FileState.INFECTED, BUILT_IN, BUILT_IN_VERSION, "fichier d’essai EICAR")
    if content.startswith(_PROGRAMS):
        return ScanResult(FileState.INFECTED, BUILT_IN, BUILT_IN_VERSION, "programme exécutable")
    return ScanResult(FileState.CLEAN, BUILT_IN, BUILT_IN_VERSION)


def _clamd(path: Path, url: str) -> ScanResult:
    """INSTREAM over a socket of one exchange; a pipe that breaks, a limit or an error is « not scanned », never clean."""
    try:
        version = _ask(url, [b"zVERSION\0"])
        answer = _ask(url, _stream(path))
    except OSError as error:
        raise ScannerUnavailable(type(error).__name__) from error
    engine, _, signatures = version.decode(errors="replace").partition("/")
    if answer == b"stream: OK":
        return ScanResult(FileState.CLEAN, engine[:80], signatures[:80])
    if found := _FOUND.match(answer):
        return ScanResult(FileState.INFECTED, engine[:80], signatures[:80], found["name"].decode(errors="replace")[:300])
    raise ScannerUnavailable(answer.decode(errors="replace")[:100] or "no answer")


def _stream(path: Path) -> Iterator[bytes]:
    yield b"zINSTREAM\0"
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield struct.pack("!I", len(chunk)) + chunk
    yield struct.pack("!I", 0)


def _ask(url: str, parts: Iterator[bytes] | list[bytes]) -> bytes:
    with contextlib.closing(_connect(url)) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        while not answer.endswith(b"\0"):
            received = connection.recv(4096)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0").strip()


def _connect(url: str) -> socket.socket:
    """`unix:///run/clamav/clamd.ctl` or `tcp://host:3310`."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        address: str | tuple[str, int] = parts.path
    else:
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        address = (parts.hostname or "localhost", parts.port or 3310)
    connection.settimeout(TIMEOUT_SECONDS)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
