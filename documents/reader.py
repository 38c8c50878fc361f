"""A program of its own that opens one file of a stranger: it may crash or be killed, and nothing else suffers.

`python -m documents.reader FILE TYPE FOLDER` writes `thumbnail.jpg` and `page-1.jpg`… and prints one line of JSON. It imports
no Django, holds no secret, and sets its own limits before it opens anything.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

CPU_SECONDS = 10
MEMORY = 200 * 1024 * 1024
WRITTEN = 60 * 1024 * 1024
MAX_PAGES = 40
PAGE_EDGE, PHOTO_EDGE, THUMBNAIL_EDGE = 1400, 2400, 320
MAX_PIXELS = 80_000_000
QUALITY = 80
TEXT_PAGES, TEXT_LENGTH = 3, 20_000
# Best effort on the raw bytes: what the file could do in a reader that obeys it. Ours shows pictures.
_ACTIVE = {
    "javascript": re.compile(rb"/(JavaScript|JS)\b"),
    "launch": re.compile(rb"/Launch\b"),
    "attachment": re.compile(rb"/EmbeddedFiles?\b"),
    "form": re.compile(rb"/AcroForm\b"),
}


def main(path: Path, content_type: str, folder: Path) -> dict[str, Any]:
    """Read the file; what it says of it."""
    if path.stat().st_size == 0:
        return {"state": "empty"}
    return _pdf(path, folder) if content_type == "application/pdf" else _photo(path, folder)


def _pdf(path: Path, folder: Path) -> dict[str, Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        return {"state": "needs_password" if "password" in str(error).lower() else "unreadable"}
    if not len(document):
        return {"state": "empty"}
    content = path.read_bytes()
    found = {
        "state": "read",
        "pages": len(document),
        "active": [name for name, pattern in _ACTIVE.items() if pattern.search(content)],
    }
    # Said at once: what comes after may run out of time, and costs pictures only.
    print(json.dumps(found), flush=True)  # noqa: T201 (the answer of this program)
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        width, height = page.get_size()
        scale = PAGE_EDGE / max(width, height, 1)
        picture = page.render(scale=scale).to_pil().convert("RGB")
        if number == 0:
            _save(picture, folder / "thumbnail.jpg", THUMBNAIL_EDGE)
        _save(picture, folder / f"page-{number + 1}.jpg", PAGE_EDGE)
        page.close()
    texts = [document[number].get_textpage().get_text_range() for number in range(min(len(document), TEXT_PAGES))]
    return found | {"text": "\n".join(texts)[:TEXT_LENGTH]}


def _photo(path: Path, folder: Path) -> dict[str, Any]:
    from PIL import Image, ImageOps, UnidentifiedImageError
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(path) as original:
            original.draft("RGB", (PHOTO_EDGE, PHOTO_EDGE))
            # Made small before anything else: each copy of a telephone's picture is 36 MB.
            original.thumbnail((PHOTO_EDGE, PHOTO_EDGE))
            upright = ImageOps.exif_transpose(original).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return {"state": "unreadable"}
    # A new picture of the pixels alone: place, date, device and profile stay in the original.
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    _save(bare, folder / "thumbnail.jpg", THUMBNAIL_EDGE)
    _save(bare, folder / "page-1.jpg", PHOTO_EDGE)
    return {"state": "read", "pages": 1, "active": []}


def _save(picture: Any, path: Path, edge: int) -> None:
    small = picture.copy()
    small.thumbnail((edge, edge))
    draft = path.with_suffix(".part")
    small.save(draft, "JPEG", quality=QUALITY, optimize=False)
    draft.replace(path)


def limit() -> None:
    """Bounds on this process. Address space is counted from what the interpreter and the libraries already hold."""
    import pillow_heif
    import pypdfium2

    del pillow_heif, pypdfium2
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    if held:
        resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))


if __name__ == "__main__":
    limit()
    try:
        answer = main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    except MemoryError:
        sys.exit(3)
    print(json.dumps(answer), flush=True)  # noqa: T201 (the answer of this program)
