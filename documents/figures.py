"""The photos of an act: pictures of ours, without place or device, at the size of a printed page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image

from documents import storage

# Two photos side by side on a page of A4, at about 250 dots an inch.
EDGE = 900
QUALITY = 78


def of(content: dict[str, Any]) -> dict[str, bytes]:
    """The pictures that the content names, by key, as they are printed."""
    return {key: _printed(key) for key in keys(content)}


def keys(content: dict[str, Any]) -> Iterator[str]:
    for block in content.get("blocks", []):
        for figure in block.get("figures", []):
            yield figure["picture"]


def _printed(key: str) -> bytes:
    # Drawn by our own reader, in a process apart: this JPEG is ours, and never the one that somebody sent.
    with storage.open_key(key) as stored:
        picture: Image.Image = Image.open(io.BytesIO(stored.read()), formats=["JPEG"])
    picture.draft("RGB", (EDGE, EDGE))
    picture.thumbnail((EDGE, EDGE))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
