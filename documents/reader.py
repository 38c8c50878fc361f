"""A program of its own that opens one file of a stranger: it may crash or be killed, and nothing else suffers.

`python -m documents.reader FILE TYPE FOLDER` writes `thumbnail.jpg` and `page-1.jpg`… and prints lines of JSON, each saying
more than the one before: whoever ends it too soon still has the last. It imports no Django, holds no secret, and sets its own
limits before it opens anything. Each page is drawn in a child, so that a page that kills its process costs its own picture.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents import streams

CPU_SECONDS, PAGE_SECONDS, WALL_SECONDS = 10, 4, 20
MEMORY = 200 * 1024 * 1024
WRITTEN = 60 * 1024 * 1024
MAX_PAGES = 40
PAGE_EDGE, PHOTO_EDGE, THUMBNAIL_EDGE = 1700, 2400, 320
MAX_PIXELS = 80_000_000
QUALITY = 80
TEXT_PAGES, TEXT_LENGTH = 3, 20_000
TOO_BIG = 3
THUMBNAIL = "thumbnail.jpg"
# Best effort on the bytes: what the file could do in a reader that obeys it. Ours shows pictures.
_ACTIVE = {
    "javascript": re.compile(rb"/(JavaScript|JS)\b"),
    "launch": re.compile(rb"/Launch\b"),
    "attachment": re.compile(rb"/EmbeddedFiles?\b"),
    "form": re.compile(rb"/AcroForm\b"),
}
_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")


def main(path: Path, content_type: str, folder: Path) -> None:
    """Read the file, and say what it is."""
    if path.stat().st_size == 0:
        _say({"state": "empty"})
    elif content_type == "application/pdf":
        _pdf(path, folder)
    else:
        _photo(path, folder)


def _pdf(path: Path, folder: Path) -> None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        # A document in which no page is found is refused, and no error is told.
        states = {pypdfium2.raw.FPDF_ERR_PASSWORD: "needs_password", pypdfium2.raw.FPDF_ERR_SUCCESS: "empty"}
        _say({"state": states.get(error.err_code, "unreadable")})
        return
    # Said at once: what comes after may run out of time, and costs the text and the pictures only.
    found = {"state": "read", "pages": len(document), "active": []}
    _say(found)
    found["active"] = _active(path.read_bytes())
    _say(found)
    for number in range(min(len(document), MAX_PAGES)):
        _in_child(_draw, document, number, folder)
        if not (folder / _page(number)).exists():
            _stand_in(number, folder)
        if number == 0:
            _in_child(lambda: _say(found | {"text": _text(document)}))


def _active(content: bytes) -> list[str]:
    """What the bytes hold, its names written plainly or not, and the objects that newer PDFs keep compressed."""
    content = _ESCAPED.sub(lambda letter: bytes([int(letter[1], 16)]), content)
    found = {name for name, pattern in _ACTIVE.items() if pattern.search(content)}
    if b"/ObjStm" in content:
        for stream in streams.inflated(content):
            found |= {name for name, pattern in _ACTIVE.items() if pattern.search(stream)}
    return [name for name in _ACTIVE if name in found]


def _draw(document: Any, number: int, folder: Path) -> None:
    """One page, and the thumbnail with the first; its size in the file only changes its scale."""
    page = document[number]
    width, height = page.get_size()
    _keep(page.render(scale=PAGE_EDGE / max(width, height, 1)).to_pil().convert("RGB"), number, folder)


def _stand_in(number: int, folder: Path) -> None:
    """In the place of a page that could not be drawn, so that each picture keeps the number of its page."""
    from PIL import Image, ImageDraw, ImageFont

    sheet = Image.new("RGB", (PAGE_EDGE * 5 // 7, PAGE_EDGE), "white")
    # Pillow's own letters have no accents.
    words = f"Page {number + 1}\n\nSans image ici.\nOuvrez le fichier pour la lire."
    ImageDraw.Draw(sheet).text((100, 200), words, fill="#444", font=ImageFont.load_default(56))
    _keep(sheet, number, folder)


def _keep(picture: Any, number: int, folder: Path) -> None:
    if number == 0:
        _save(picture, folder / THUMBNAIL, THUMBNAIL_EDGE)
    _save(picture, folder / _page(number), PAGE_EDGE)


def _page(number: int) -> str:
    return f"page-{number + 1}.jpg"


def _text(document: Any) -> str:
    """The words of the first pages; a page that cannot be loaded has none."""
    import pypdfium2

    texts = []
    for number in range(min(len(document), TEXT_PAGES)):
        with contextlib.suppress(pypdfium2.PdfiumError):
            texts.append(document[number].get_textpage().get_text_range())
    return "\n".join(texts)[:TEXT_LENGTH]


def _in_child(work: Callable[..., None], *arguments: Any) -> None:
    """Do one thing in a child, whatever becomes of it; all of them together have no more than the processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    left = CPU_SECONDS - sum(each.ru_utime + each.ru_stime for each in used)
    if left <= 0:
        # As the kernel does to a process that runs out by itself.
        os.kill(os.getpid(), signal.SIGXCPU)
    child = os.fork()
    if not child:
        seconds = min(PAGE_SECONDS, int(left) + 1)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.alarm(WALL_SECONDS)
        try:
            work(*arguments)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _photo(path: Path, folder: Path) -> None:
    from PIL import Image, ImageOps, UnidentifiedImageError
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        original = Image.open(path)
    except Image.DecompressionBombError:
        sys.exit(TOO_BIG)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        _say({"state": "unreadable"})
        return
    # Said at once: its pixels may be more than there is memory for, and cost the picture only.
    found = {"state": "read", "pages": 1, "active": []}
    _say(found)
    try:
        original.draft("RGB", (PHOTO_EDGE, PHOTO_EDGE))
        # Made small before anything else: each copy of a telephone's picture is 36 MB.
        original.thumbnail((PHOTO_EDGE, PHOTO_EDGE))
        upright = ImageOps.exif_transpose(original)
    except RuntimeError as error:
        # What libheif says, whatever it ran into.
        if "memory" in str(error).lower():
            sys.exit(TOO_BIG)
        _say({"state": "unreadable"})
        return
    except (EOFError, OSError, SyntaxError, ValueError):
        _say({"state": "unreadable"})
        return
    # A new picture of the pixels alone: place, date, device and profile stay in the original. What is transparent is paper.
    bare = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        bare.paste(upright, mask=upright)
    else:
        bare.paste(upright.convert("RGB"))
    _save(bare, folder / THUMBNAIL, THUMBNAIL_EDGE)
    _save(bare, folder / _page(0), PHOTO_EDGE)
    _say(found)


def _save(picture: Any, path: Path, edge: int) -> None:
    small = picture.copy()
    small.thumbnail((edge, edge))
    draft = path.with_suffix(".part")
    small.save(draft, "JPEG", quality=QUALITY, optimize=False)
    draft.replace(path)


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201 (the answer of this program)


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
    signal.alarm(WALL_SECONDS)


if __name__ == "__main__":
    limit()
    try:
        main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    except MemoryError:
        sys.exit(TOO_BIG)
