"""Persons made unrecognisable on the copy of a photo; the original is never touched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import confined, storage
from documents.models import StoredFile
from documents.reading import PICTURE_LENGTH

MOST_REGIONS = 30
Region = tuple[float, float, float, float]


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
        exit_code = confined.run("documents.blurrer", str(source), str(places), str(result))
        if exit_code or not result.is_file() or result.is_symlink() or result.stat().st_size > PICTURE_LENGTH:
            raise NotBlurred(file)
        return result.read_bytes()
