"""Which objects the rows of a case or of a sanction call for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from documents import holding
from documents.enums import FileState
from documents.models import Act, StoredFile


@dataclass(frozen=True)
class Expected:
    """What should be under a key. ``size`` and ``sha256`` are empty where the rows do not say."""

    file: int | None = None
    act: int | None = None
    size: int | None = None
    sha256: str = ""
    is_required: bool = True
    is_picture: bool = False


def expected_of(owners: Collection[str]) -> dict[str, Expected]:
    """The settled keys of these cases and sanctions: those that must be there, and those that may."""
    expected: dict[str, Expected] = {}
    files = StoredFile.objects.received().exclude(sha256="").filter(holding.of_owners(owners))
    files = files.select_related("application", "sanction")
    for file in files.order_by("pk"):
        _add_file(expected, file)
    acts = Act.objects.stored().filter(holding.of_owners(owners))
    acts = acts.select_related("application", "sanction").defer("content")
    for act in acts.order_by("pk"):
        for key, sha256 in act.stored_keys():
            expected[key] = Expected(act=act.pk, sha256=sha256, is_required=key == act.key)
    return expected


def _add_file(expected: dict[str, Expected], file: StoredFile) -> None:
    """Of a dangerous file nothing is kept unless it came from another case; one that waits may have been copied already."""
    is_required = not file.quarantine and file.state != FileState.INFECTED
    if is_required or file.key not in expected:
        expected[file.key] = Expected(file=file.pk, size=file.size, sha256=file.sha256, is_required=is_required)
    for page in range(file.pictures + 1):
        key = file.picture_key(page)
        is_page = is_required and page in file.picture_numbers
        if is_page or key not in expected:
            expected[key] = Expected(file=file.pk, is_required=is_page, is_picture=True)
