"""Many PDFs as one, for the printer: each letter begins on a sheet of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import confined


class BindingFailed(Exception):
    """One of the files could not be bound; nothing is lost, each can be printed by itself."""

    def __init__(self) -> None:
        super().__init__("Ces plis n’ont pas pu être réunis en un seul PDF : ouvrez chaque acte et imprimez-le.")


def bind(letters: Sequence[Sequence[bytes]], *, duplex: bool = False) -> bytes:
    """One PDF of all letters in order; ``duplex`` adds a blank page where one ends on the front of a sheet. Raises BindingFailed."""
    with TemporaryDirectory() as folder:
        root, number = Path(folder), 0
        names: list[list[str]] = []
        for files in letters:
            names.append([])
            for content in files:
                number += 1
                place = root / f"{number}.pdf"
                place.write_bytes(content)
                names[-1].append(str(place))
        order, out = root / "order.json", root / "bound.pdf"
        order.write_text(json.dumps({"letters": names, "duplex": duplex}))
        if confined.run("documents.binder", str(order), str(out)) or not out.exists():
            raise BindingFailed
        return out.read_bytes()
