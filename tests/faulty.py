"""An object store that fails as real ones do: a proxy on a real socket, between our S3 client and a server that works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "expect"}
ERROR = b'<?xml version="1.0"?><Error><Code>InternalError</Code><Message>We encountered an error.</Message></Error>'
COPIED = (
    b'<?xml version="1.0"?><CopyObjectResult><ETag>"0"</ETag><LastModified>2026-11-26T05:00:00Z</LastModified></CopyObjectResult>'
)


class Fault(StrEnum):
    NONE = "none"
    DOWN = "down"  # hangs up at once
    SLOW = "slow"  # says nothing for as long as the test lasts
    ERROR = "error"  # 500 to everything
    CUT = "cut"  # hangs up in the middle of every body
    FORGETFUL = "forgetful"  # says that it stored, and stored nothing
    GARBLING = "garbling"  # says that it stored, and stored other bytes of the same length


@dataclass
class FaultyStore:
    """``fault`` may change at any time."""

    endpoint: str
    server: Any

    @property
    def fault(self) -> Fault:
        return self.server.fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        self.server.fault = fault


@contextmanager
def standing_before(endpoint: str) -> Iterator[FaultyStore]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Request)
    server.upstream, server.fault, server.released = urlsplit(endpoint).netloc, Fault.NONE, threading.Event()
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield FaultyStore(f"http://127.0.0.1:{server.server_port}", server)
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Request(BaseHTTPRequestHandler):
    """One request, passed on or failed."""

    server: Any
    protocol_version = "HTTP/1.0"  # one request a connection: none outlives its test

    def _serve(self) -> None:
        fault, size = self.server.fault, int(self.headers.get("Content-Length") or 0)
        if fault == Fault.DOWN:
            return
        if fault == Fault.SLOW:
            self.server.released.wait()
            return
        if fault == Fault.CUT and size:
            self.rfile.read(size // 2)
            return
        body = self.rfile.read(size)
        if fault == Fault.ERROR:
            self._answer(500, {"Content-Type": "application/xml"}, ERROR)
        elif fault == Fault.FORGETFUL and self.command == "PUT":
            self._stored()
        elif fault == Fault.GARBLING and self.command == "PUT":
            self._pass_on(body)
            self._garble()
            self._stored()
        else:
            status, headers, answer = self._pass_on(body)
            self._answer(status, headers, answer, cut=fault == Fault.CUT)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = do_OPTIONS = _serve  # noqa: N815 (the names http.server looks for)

    def _pass_on(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """To the server behind, with the very headers that were signed."""
        with closing(HTTPConnection(self.server.upstream, timeout=20)) as connection:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP_BY_HOP - {"content-length"}:
                    connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = connection.getresponse()
            length = answer.getheader("Content-Length")
            headers = {name: value for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP}
            content = answer.read()
            return answer.status, headers | {"Content-Length": length or str(len(content))}, content

    def _stored(self) -> None:
        is_copy = "x-amz-copy-source" in self.headers
        self._answer(200, {"ETag": '"0"', "Content-Type": "application/xml"}, COPIED if is_copy else b"")

    def _garble(self) -> None:
        """What was stored is replaced behind everyone's back."""
        bucket, _, key = urlsplit(self.path).path.lstrip("/").partition("/")
        size = self.server.client.head_object(Bucket=bucket, Key=key)["ContentLength"]
        self.server.client.put_object(Bucket=bucket, Key=key, Body=b"x" * size)

    def _answer(self, status: int, headers: dict[str, str], body: bytes, *, cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)

    def log_message(self, *arguments: object) -> None:
        """Tests read nothing of it."""
