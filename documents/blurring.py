"""Persons made unrecognisable on the copy of a photo; the original is never touched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import storage
from documents.models import StoredFile
from documents.reader import WALL_SECONDS
from documents.reading import PICTURE_LENGTH, READER_ENVIRONMENT

MOST_REGIONS = 30
Region = tuple[float, float, float, float]
_PROJECT = Path(__file__).resolve().parent.parent


class NotBlurred(Exception):
    def __init__(self, file: StoredFile) -> None:
        super().__init__(
            f"La photo « {file.name} » n’a pas pu être floutée. Réessayez ; si cela dure, ne la remettez à personne."
        )


def copy_for_others(file: StoredFile, regions: Sequence[Region] = ()) -> bytes:
    """The picture without place, date or device, blurred where told. Raises StorageFailed, NotBlurred."""
    with storage.open_key(file.picture_key(1)) as stored:
        picture = stored.read()
    return blur(file, picture, regions) if regions else picture


def blur(file: StoredFile, picture: bytes, regions: Sequence[Region]) -> bytes:
    """The same picture with these places blurred, made in a process that may die. Raises NotBlurred."""
    with TemporaryDirectory(prefix="permis-") as folder:
        source, places, result = (Path(folder) / name for name in ("photo.jpg", "zones.json", "floutee.jpg"))
        source.write_bytes(picture)
        places.write_text(json.dumps(regions))
        process = subprocess.Popen(
            [sys.executable, "-m", "documents.blurrer", str(source), str(places), str(result)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=_PROJECT,
            env=READER_ENVIRONMENT,
            start_new_session=True,
        )
        try:
            process.wait(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.returncode or not result.is_file() or result.is_symlink() or result.stat().st_size > PICTURE_LENGTH:
            raise NotBlurred(file)
        return result.read_bytes()
