"""The photos of a case: those of its visits with what was said of each, those the landlord gave; and the archive of them all."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.utils.text import slugify

from documents import blurring, storage
from documents.blurring import Region
from documents.enums import FileState
from documents.models import Blurring, StoredFile
from inspections import survey
from inspections.enums import EntryKind, RoomKind
from inspections.models import Photo
from notifications import exports
from permis.enums import PieceKind
from permis.models import Application
from workflows import conditions

MEMORY = 1024 * 1024
CAPTIONS = "legendes.csv"
HEADER = ("Fichier", "Légende", "Point de contrôle", "Pièce du logement", "Prise le, selon le téléphone", "Auteur", "Origine",
          "Floutée", "SHA-256 du fichier remis", "SHA-256 de l’original conservé")  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)


class NotBlurredYet(Exception):
    """A photo on which a person may be seen leaves to nobody as it is."""

    def __init__(self, shots: Sequence[Shot]) -> None:
        numbers = ", ".join(str(shot.number) for shot in shots)
        few = len(shots) == 1
        super().__init__(
            f"{'Une photo n’est pas prête' if few else f'{len(shots)} photos ne sont pas prêtes'} (n° {numbers}) : une personne y "
            "est peut-être visible. Floutez-la, ou dites que personne n’y est visible, avant de remettre les photos."
        )


@dataclass(frozen=True)
class Shot:
    """One photo and what is known of it; ``people`` is what was said on the spot, None when nobody was asked."""

    number: int
    file: StoredFile
    taken_at: datetime
    caption: str
    code: str
    room: str
    author: str
    origin: str
    people: bool | None
    blurring: Blurring | None

    @property
    def has_people(self) -> bool | None:
        """What the service said last, else what was said on the spot."""
        return self.blurring.has_people if self.blurring else self.people

    @property
    def is_ready(self) -> bool:
        """Nobody can be seen, or the places are known that hide them."""
        return self.has_people is False or (self.blurring is not None and bool(self.blurring.regions))

    @property
    def regions(self) -> list[Region]:
        return [cast("Region", tuple(each)) for each in self.blurring.regions] if self.blurring else []

    @property
    def name(self) -> str:
        """« 003-2026-12-03-e03-salle-d-eau.jpg »: nobody's name is in it."""
        parts = [f"{self.number:03}", f"{self.taken_at:%Y-%m-%d}", slugify(self.code), slugify(self.room)[:40]]
        return "-".join(part for part in parts if part) + ".jpg"


def of(case: Application, *, with_landlord: bool = True) -> list[Shot]:
    """The photos that were found clean: those of the visits in their order, then the landlord's."""
    found: list[dict[str, object]] = []
    for visit in case.visits.prefetch_related("entries__author").order_by("starts_at", "pk"):
        entries = list(visit.entries.all())
        authors = {entry.key: entry.author.full_name for entry in sorted(entries, key=lambda entry: entry.number)}
        read = survey.of(entries)
        rooms = {room["room"]: room.get("name") or _kind(room.get("kind", "")) for room in read.rooms}
        for key, said in read.values.items():
            if read.kinds[key] == EntryKind.PHOTO:
                found.append(
                    {
                        "photo": str(said["photo"]),
                        "caption": said.get("caption") or "",
                        "code": said.get("code") or "",
                        "room": rooms.get(said.get("room"), ""),
                        "author": authors[key],
                        "people": bool(said.get("people")),
                        "origin": "Visite",
                    }
                )
    photos = Photo.objects.filter(visit__application=case, file__state=FileState.CLEAN, file__pictures__gt=0)
    by_key = {str(photo.pk): photo for photo in photos.select_related("file__application", "file__blurring")}
    shots: list[Shot] = []
    for said in found:
        photo = by_key.get(str(said.pop("photo")))
        if photo is not None and photo.file is not None:
            moment = case.authority.local(photo.taken_at)
            shots.append(_shot(len(shots) + 1, photo.file, moment, **said))
    for file, caption in _given(case) if with_landlord else ():
        told = {"caption": caption, "code": "", "room": "", "author": "", "people": None, "origin": "Bailleur"}
        shots.append(_shot(len(shots) + 1, file, case.authority.local(file.uploaded_at), **told))
    return shots


def archive(shots: Iterable[Shot]) -> IO[bytes]:
    """The archive, in memory up to a megabyte and in a nameless file beyond; one photo at a time is held.

    Raises StorageFailed, NotBlurred, and NotBlurredYet before anything is read.
    """
    shots = list(shots)
    if waiting := [shot for shot in shots if not shot.is_ready]:
        raise NotBlurredYet(waiting)
    content = SpooledTemporaryFile(max_size=MEMORY)  # noqa: SIM115 (closed by the caller)
    lines: list[dict[str, str]] = []
    try:
        with zipfile.ZipFile(cast("IO[bytes]", content), "w", zipfile.ZIP_STORED) as written:
            for shot in shots:
                picture = blurring.copy_for_others(shot.file, shot.regions)
                written.writestr(zipfile.ZipInfo(shot.name, _EPOCH), picture)
                lines.append(_line(shot, storage.sha256_of(picture)))
            written.writestr(zipfile.ZipInfo(CAPTIONS, _EPOCH), exports.table(HEADER, lines), zipfile.ZIP_DEFLATED)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return cast("IO[bytes]", content)


def name_of(case: Application, *, on: date) -> str:
    return f"photos-{slugify(str(case))}-{on:%Y-%m-%d}.zip"


def _shot(number: int, file: StoredFile, taken_at: datetime, **said: object) -> Shot:
    return Shot(number, file, taken_at, blurring=getattr(file, "blurring", None), **said)  # type: ignore[arg-type]  # as read


def _given(case: Application) -> list[tuple[StoredFile, str]]:
    """The landlord's photos of the dwelling and of the works, each once."""
    given: dict[int, tuple[StoredFile, str]] = {}
    pieces = case.pieces.current().filter(kind=PieceKind.PHOTOS)
    for piece in pieces.select_related("file__application", "file__blurring").order_by("pk"):
        given[piece.file_id] = (piece.file, "Photographie du logement")
    for condition in conditions.of(case):
        for file in condition.proofs:
            given.setdefault(file.pk, (file, f"Preuve des travaux – {condition.work.place}"))
    return [(file, caption) for file, caption in given.values() if file.is_served and file.is_photo and file.pictures]


def _kind(kind: str) -> str:
    return str(RoomKind(kind).label) if kind in RoomKind.values else ""


def _line(shot: Shot, given: str) -> dict[str, str]:
    cells = (shot.name, shot.caption, shot.code, shot.room, shot.taken_at.isoformat(timespec="seconds"), shot.author, shot.origin,
             "oui" if shot.regions else "non", given, shot.file.sha256)  # fmt: skip
    return dict(zip(HEADER, cells, strict=True))
