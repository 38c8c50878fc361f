"""What a PDF keeps compressed, for those who search bytes: best effort, bounded, without Django."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import pairwise

ONE_STREAM, ALL_STREAMS = 4 * 1024 * 1024, 64 * 1024 * 1024
_EDGE = re.compile(rb"stream\r?\n|\Z")  # of « endstream » too: what is between two edges is read once, whatever their number


def inflated(content: bytes) -> Iterator[bytes]:
    """The beginning of each compressed stream of a PDF, until there are 64 MB of them; what is not compressed gives nothing."""
    left = ALL_STREAMS
    for edge, following in pairwise(_EDGE.finditer(content)):
        if left <= 0:
            return
        try:
            stream = zlib.decompressobj().decompress(content[edge.end() : following.start()], min(ONE_STREAM, left))
        except zlib.error:
            continue
        left -= len(stream)
        yield stream
