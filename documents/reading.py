"""Pages, pictures and text of a file, read in a process that may die: whatever the file, no exception comes out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from django.db import models

WALL_SECONDS = 20
ANSWER_LENGTH = 200_000
_PROJECT = Path(__file__).resolve().parent.parent


class ReadingState(models.TextChoices):
    """What came of it; after the last two the file stands and only its pictures are missing."""

    READ = "read", "Lu"
    EMPTY = "empty", "Vide"
    UNREADABLE = "unreadable", "Illisible"
    NEEDS_PASSWORD = "needs_password", "Protégé par un mot de passe"
    TIMEOUT = "timeout", "Lecture trop longue"
    CRASHED = "crashed", "Lecture interrompue"


@dataclass(frozen=True)
class Reading:
    """``pictures`` are the pages in order, as far as they could be drawn; ``active`` names what the file could do by itself."""

    state: ReadingState
    page_count: int | None = None
    pictures: list[Path] = field(default_factory=list)
    thumbnail: Path | None = None
    text: str = ""
    active: list[str] = field(default_factory=list)


def read(path: Path, content_type: str, output: Path) -> Reading:
    """Read a file into a folder of pictures, within ten seconds of processor and 200 MB."""
    process = subprocess.Popen(
        [sys.executable, "-m", "documents.reader", str(path.resolve()), content_type, str(output.resolve())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_PROJECT,
        env={"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"},
        start_new_session=True,
    )
    try:
        answer, _ = process.communicate(timeout=WALL_SECONDS)
        ended = ReadingState.READ if process.returncode == 0 else ReadingState.CRASHED
        if process.returncode == -signal.SIGXCPU or process.returncode == -signal.SIGKILL:
            ended = ReadingState.TIMEOUT
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        answer, _ = process.communicate()
        ended = ReadingState.TIMEOUT
    return _reading(ended, _said(answer), output)


def _said(answer: bytes) -> dict[str, object]:
    """The last line that the program finished."""
    for line in reversed(answer[:ANSWER_LENGTH].splitlines()):
        try:
            return dict(json.loads(line))
        except ValueError:
            continue
    return {}


def _reading(ended: ReadingState, said: dict[str, object], output: Path) -> Reading:
    state = ReadingState(str(said.get("state", ended)))
    if ended != ReadingState.READ and state in (ReadingState.READ, ended):
        state = ended
    pages = said.get("pages")
    numbered = {int(picture.stem.removeprefix("page-")): picture for picture in output.glob("page-*.jpg")}
    thumbnail = output / "thumbnail.jpg"
    return Reading(
        state=state,
        page_count=pages if isinstance(pages, int) else None,
        pictures=[numbered[number] for number in sorted(numbered)],
        thumbnail=thumbnail if thumbnail.exists() else None,
        text=str(said.get("text", "")),
        active=[str(name) for name in said.get("active", [])],  # type: ignore[attr-defined]  # ours, or an empty list
    )
