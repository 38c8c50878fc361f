"""Pages, pictures and text of a file, read in a process that may die: whatever the file, no exception comes out.

That process opens files of strangers: what it leaves behind is looked at as if one of them had written it.
"""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryFile

from django.db import models

from documents import confined
from documents.reader import MAX_PAGES, TEXT_LENGTH

ANSWER_LENGTH = 400_000
PICTURE_LENGTH = 8 * 1024 * 1024
MOST_PAGES = 100_000
_ACTIVE = {"javascript", "launch", "attachment", "form"}


class ReadingState(models.TextChoices):
    """What came of it; after the last two the file stands, only pictures are missing."""

    READ = "read", "Lu"
    EMPTY = "empty", "Vide"
    UNREADABLE = "unreadable", "Illisible"
    NEEDS_PASSWORD = "needs_password", "Protégé par un mot de passe"
    TIMEOUT = "timeout", "Lecture trop longue"
    CRASHED = "crashed", "Lecture interrompue"


@dataclass(frozen=True)
class Reading:
    """``pictures`` are the pages from the first, as far as there was time; ``active`` names what the file could do by itself."""

    state: ReadingState
    page_count: int | None = None
    pictures: list[Path] = field(default_factory=list)
    thumbnail: Path | None = None
    text: str = ""
    active: list[str] = field(default_factory=list)


def read(path: Path, content_type: str, output: Path) -> Reading:
    """Read a file into a folder of pictures, within ten seconds of processor and 200 MB."""
    with TemporaryFile() as answer:
        exit_code = confined.run("documents.reader", str(path.resolve()), content_type, str(output.resolve()), answer=answer)
        answer.seek(0)
        said = _said(answer.read(ANSWER_LENGTH))
    return understand(_ended(exit_code), said, output)


def _ended(returncode: int) -> ReadingState:
    if returncode == 0:
        return ReadingState.READ
    return ReadingState.TIMEOUT if -returncode in (signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM) else ReadingState.CRASHED


def _said(answer: bytes) -> dict[str, object]:
    """The last line that the program finished."""
    for line in reversed(answer.splitlines()):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict):
            return said
    return {}


def understand(ended: ReadingState, said: dict[str, object], output: Path) -> Reading:
    """What to keep of what that process said and left, none of which is believed."""
    given = said.get("state")
    state = ReadingState(given) if isinstance(given, str) and given in ReadingState else ended
    if ended != ReadingState.READ and state == ReadingState.READ:
        state = ended
    pages, active = said.get("pages"), said.get("active")
    return Reading(
        state=state,
        page_count=pages if isinstance(pages, int) and 0 < pages <= MOST_PAGES else None,
        pictures=_in_order(output),
        thumbnail=next(filter(_is_picture, [output / "thumbnail.jpg"]), None),
        text=_clean(said.get("text")),
        active=sorted(_ACTIVE.intersection(active)) if isinstance(active, list) else [],
    )


def _in_order(output: Path) -> list[Path]:
    """The pages from the first, as far as there are pictures of them."""
    pages = [output / f"page-{number}.jpg" for number in range(1, MAX_PAGES + 1)]
    return list(takewhile(_is_picture, pages))


def _is_picture(path: Path) -> bool:
    """A file of its own, neither a link to another nor too big to be a page."""
    return path.is_file() and not path.is_symlink() and path.stat().st_size <= PICTURE_LENGTH


def _clean(text: object) -> str:
    """What a database takes: no null character, no half of a letter."""
    if not isinstance(text, str):
        return ""
    return text.encode(errors="ignore").decode().replace("\0", "")[:TEXT_LENGTH]
