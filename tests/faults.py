"""A network that fails: a proxy between a phone and the service that cuts, delays and refuses, by a seed.

Each connection has its fate drawn when it opens: it passes, or it is cut after so many bytes of one direction. Cut in the
answers, the request has reached the service and the phone does not know it. Now and then nobody is let in for a while.
"""

import asyncio
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Self
from weakref import WeakSet

ABRUPT = struct.pack("ii", 1, 0)  # a reset instead of an end
PIECE = 16 * 1024


@dataclass(frozen=True)
class Fate:
    """What becomes of one connection: the bytes that pass each way (None: all), and the delay of each piece."""

    upward: int | None
    downward: int | None
    delay: float
    abrupt: bool


class FaultProxy:
    """`with FaultProxy(port, seed=1) as proxy` listens on `proxy.port`; `counts` says what it did."""

    def __init__(self, target: int, *, seed: int) -> None:
        self.target, self.random = target, Random(seed)
        self.counts: Counter[str] = Counter()
        self.calm = False
        self._closed_until = 0.0
        self._writers: WeakSet[asyncio.StreamWriter] = WeakSet()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *exception: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        # A connection accepted a moment ago begins its task only now.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.sleep(0)
        # One that is closed with something left to write would outlive the loop.
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    def _fate(self) -> Fate:
        draw = self.random
        if self.calm or draw.random() < 0.1:
            return Fate(None, None, 0, abrupt=False)
        # Small numbers cut within the headers of the first request or of its answer, great ones within a photo.
        size = int(10 ** draw.uniform(0, 5.2))
        upward, downward = (size, None) if draw.random() < 0.5 else (None, size // 8)
        return Fate(upward, downward, draw.choice((0, 0, 0.002, 0.01)), abrupt=draw.random() < 0.5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counts["connections"] += 1
        self._writers.add(writer)
        if not self.calm and self.random.random() < 0.04:
            self._closed_until = time.monotonic() + self.random.uniform(0.02, 0.2)
        if not self.calm and time.monotonic() < self._closed_until:
            self.counts["refused"] += 1
            return self._close(writer, abrupt=True)
        fate = self._fate()
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except (OSError, asyncio.CancelledError):
            return self._close(writer, abrupt=True)
        self._writers.add(up_writer)
        ways = [
            asyncio.ensure_future(self._pump(reader, up_writer, fate.upward, fate.delay, "cut in a request")),
            asyncio.ensure_future(self._pump(up_reader, writer, fate.downward, fate.delay, "cut in an answer")),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            self._close(writer, abrupt=fate.abrupt)
            self._close(up_writer, abrupt=False)
        return None

    async def _pump(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, budget: int | None, delay: float, name: str
    ) -> None:
        try:
            while content := await source.read(PIECE):
                await asyncio.sleep(delay)
                target.write(content if budget is None else content[:budget])
                await target.drain()
                if budget is not None and len(content) >= budget:
                    self.counts[name] += 1
                    # What passed arrives before the end is noticed.
                    return await asyncio.sleep(0.005)
                budget = None if budget is None else budget - len(content)
        except OSError:
            self.counts["broken by an end"] += 1
        return None

    @staticmethod
    def _close(writer: asyncio.StreamWriter, *, abrupt: bool) -> None:
        if abrupt and (connection := writer.get_extra_info("socket")) is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPT)
        writer.close()
