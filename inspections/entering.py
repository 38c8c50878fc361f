"""What is entered on the spot, on its way in: entries kept once and in order, photos by chunks that a cut cannot spoil."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.db.models.functions import Length

from accounts.models import User
from documents import receiving, storage
from inspections import grid
from inspections.enums import EntryKind, VisitState
from inspections.models import Device, Entry, Photo, PhotoChunk, Visit
from inspections.payloads import MAX_INTEGER, Batch, Incoming, Malformed, alike

logger = logging.getLogger(__name__)
CHUNK = 512 * 1024


class Revoked(Exception):
    """This phone must forget everything it holds."""


class DeviceOfAnother(Exception):
    """The identifier of this phone is that of somebody else."""

    def __init__(self) -> None:
        super().__init__("Ce téléphone est inscrit au nom d’une autre personne. Fermez la page, puis ouvrez-la de nouveau.")


class OutOfOrder(Exception):
    """Entries of this device are missing before these: ``expected`` is the next one."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"La saisie attendue de ce téléphone est la {expected}.")
        self.expected = expected


class UnknownPhoto(Exception):
    """No entry has announced this photo yet."""


class WrongBytes(Exception):
    """The bytes that came are not those that were announced; they are dropped, the photo may be sent again."""

    def __init__(self) -> None:
        super().__init__("La photo reçue n’est pas celle que le téléphone a annoncée. Elle est envoyée de nouveau.")


@dataclass(frozen=True)
class Received:
    """The entries of a batch as they are kept, those of other devices, and the greatest number of the visit."""

    accepted: list[Entry]
    others: list[Entry]
    cursor: int
    is_late: bool


@dataclass(frozen=True)
class Progress:
    """How much of a photo came."""

    offset: int
    whole: bool


def meet(identifier: UUID, *, label: str, by: User, at: datetime, sent_at: datetime | None = None) -> Device:
    """Note that a phone was in contact, and how far ahead its clock is. Raises Revoked, DeviceOfAnother."""
    device, _ = Device.objects.get_or_create(pk=identifier, defaults={"user": by, "label": label, "last_seen_at": at})
    if device.revoked_at is not None:
        raise Revoked
    if device.user_id != by.pk:
        raise DeviceOfAnother
    device.last_seen_at, device.label = at, label or device.label
    if sent_at is not None:
        device.skew_seconds = max(-MAX_INTEGER, min(MAX_INTEGER, round((sent_at - at).total_seconds())))
    device.save(update_fields=["last_seen_at", "label", "skew_seconds"])
    return device


def revoke(device: Device, *, by: User, at: datetime) -> None:
    """Have a phone forget everything at its next contact; said once, it is not taken back."""
    if device.revoked_at is None:
        device.revoked_at = at
        device.save(update_fields=["revoked_at"])
        logger.info("phone revoked id=%s by=%s", device.pk, by.pk)


@transaction.atomic
def receive(visit: Visit, batch: Batch, *, by: User, at: datetime) -> Received:
    """Keep a batch of entries, all or none; the same batch twice is kept once and answered alike.

    Raises Malformed, OutOfOrder, Revoked, DeviceOfAnother.
    """
    visit = Visit.objects.select_for_update(of=("self",)).select_related("application__authority", "grid").get(pk=visit.pk)
    device = meet(batch.device, label=batch.label, by=by, at=at, sent_at=batch.sent_at)
    known = Entry.objects.in_bulk([each.id for each in batch.entries])
    numbers = visit.entries.aggregate(last=Max("number", default=0))
    expected = 1 + (visit.entries.filter(device=device).aggregate(last=Max("sequence", default=0))["last"])
    unsettled = _unsettled(visit, {each.key for each in batch.entries})
    last = known_before = numbers["last"]
    new: list[Entry] = []
    for each in batch.entries:
        if each.id in known:
            _require_same(known[each.id], each, visit, device)
            continue
        if each.sequence != expected:
            raise OutOfOrder(expected)
        expected, last = expected + 1, last + 1
        entry = Entry(
            id=each.id,
            visit=visit,
            device=device,
            sequence=each.sequence,
            number=last,
            base=min(each.base, known_before),
            kind=each.kind,
            key=each.key,
            payload=each.payload,
            made_at=each.made_at,
            skew_seconds=device.skew_seconds,
            is_late=visit.state != VisitState.PLANNED,
            author=by,
        )
        entry.conflicts_with = _contradicted(unsettled.setdefault(each.key, []), entry)
        if entry.conflicts_with is None:
            unsettled[each.key].clear()
        unsettled[each.key].append(entry)
        known[each.id] = entry
        new.append(entry)
    _keep(visit, new)
    others = visit.entries.filter(number__gt=batch.cursor).exclude(device=device).select_related("author").order_by("number")
    return Received(
        accepted=[known[each.id] for each in batch.entries],
        others=list(others),
        cursor=last,
        is_late=visit.state != VisitState.PLANNED and bool(batch.entries),
    )


def announced(visit: Visit, identifier: UUID) -> Photo:
    """A photo that an entry of this visit has announced. Raises UnknownPhoto."""
    photo = Photo.objects.filter(visit=visit, pk=identifier).first()
    if photo is None:
        raise UnknownPhoto
    return photo


def progress(photo: Photo) -> Progress:
    """How much of a photo is here."""
    if photo.file_id is not None:
        return Progress(photo.size, whole=True)
    return Progress(photo.chunks.aggregate(total=Sum(Length("content"), default=0))["total"], whole=False)


def receive_chunk(visit: Visit, photo: UUID, *, offset: int, content: bytes, by: User) -> Progress:
    """Keep the next bytes of a photo; those that are here already change nothing, those that come too early are not kept.

    The last ones make it a file of the case, once, whoever sends them twice.
    Raises UnknownPhoto, Malformed, WrongBytes, StorageFailed.
    """
    arrived = _add_chunk(visit, photo, offset=offset, content=content)
    waiting = announced(visit, photo)
    if arrived.whole or arrived.offset < waiting.size:
        return arrived
    return _complete(visit, waiting, by=by)


@transaction.atomic
def _add_chunk(visit: Visit, identifier: UUID, *, offset: int, content: bytes) -> Progress:
    photo = Photo.objects.select_for_update(of=("self",)).filter(visit=visit, pk=identifier).first()
    if photo is None:
        raise UnknownPhoto
    here = progress(photo)
    if here.whole or offset != here.offset or not content:
        return here
    if offset + len(content) > photo.size:
        raise Malformed("Cette photo est plus longue qu’annoncé. Ôtez-la, puis reprenez-la.")
    if offset == 0 and storage.content_type_of(content) != storage.JPEG:
        raise Malformed("Cette photo n’est pas un JPEG. Ôtez-la, puis reprenez-la.")
    PhotoChunk.objects.create(photo=photo, offset=offset, content=content)
    return Progress(offset + len(content), whole=False)


def _complete(visit: Visit, photo: Photo, *, by: User) -> Progress:
    """The bytes are stored first, so that no row is ever without them; of two at once the second changes nothing."""
    content = b"".join(bytes(each) for each in photo.chunks.order_by("offset").values_list("content", flat=True))
    if len(content) != photo.size:  # another request completed or dropped it meanwhile
        return progress(announced(visit, photo.pk))
    if storage.sha256_of(content) != photo.sha256:
        photo.chunks.all().delete()
        raise WrongBytes
    name = f"visite-{visit.pk}-{photo.taken_at:%Y%m%d-%H%M%S}.jpg"
    file = receiving.store_photo(visit.application, content, sha256=photo.sha256, name=name, by=by)
    with transaction.atomic():
        photo = Photo.objects.select_for_update(of=("self",)).get(pk=photo.pk)
        if photo.file_id is None:
            photo.file = receiving.admit(file)
            photo.save(update_fields=["file"])
            photo.chunks.all().delete()
    return Progress(photo.size, whole=True)


def _unsettled(visit: Visit, keys: set[str]) -> dict[str, list[Entry]]:
    """Of each key, the entry that stands and those that contradict it, as `survey.of` reads them."""
    said: dict[str, list[Entry]] = {}
    for entry in visit.entries.filter(key__in=keys).order_by("number"):
        if entry.conflicts_with_id is None:
            said[entry.key] = []
        said.setdefault(entry.key, []).append(entry)
    return said


def _contradicted(said: list[Entry], entry: Entry) -> Entry | None:
    """What another device said of the same thing, that this one could not know and does not say too."""
    for other in said:
        is_unknown = other.device_id != entry.device_id and other.number > entry.base
        if is_unknown and not (other.kind == entry.kind and alike(other.payload, entry.payload)):
            return other
    return None


def _require_same(kept: Entry, sent: Incoming, visit: Visit, device: Device) -> None:
    is_same = (kept.visit_id, kept.device_id, kept.kind) == (visit.pk, device.pk, sent.kind)
    if not (is_same and alike(kept.payload, sent.payload)):
        raise Malformed("Cette saisie porte l’identifiant d’une autre. Notez-la, ôtez-la, puis refaites-la.", sent.id)


def _keep(visit: Visit, entries: list[Entry]) -> None:
    if not entries:
        return
    if visit.grid_id is None:
        begun = (each.payload.get("grid", "") for each in entries if each.kind == EntryKind.START)
        grid.keep(visit, carried=next(begun, ""))
        visit.save(update_fields=["grid", "grid_version"])
    photos = _new_photos(visit, [each for each in entries if each.kind == EntryKind.PHOTO])
    try:
        with transaction.atomic():
            Entry.objects.bulk_create(entries)
            Photo.objects.bulk_create(photos)
    except IntegrityError:  # the same identifiers in two visits at once
        raise Malformed("Ces saisies portent l’identifiant d’autres. Rechargez la page.") from None


def _new_photos(visit: Visit, entries: list[Entry]) -> list[Photo]:
    """The photos that these entries announce for the first time; a later entry may only say something else of the same one."""
    if not entries:
        return []
    photos = Photo.objects.in_bulk([UUID(each.payload["photo"]) for each in entries])
    new: list[Photo] = []
    for entry in entries:
        said: dict[str, Any] = entry.payload
        photo = photos.get(UUID(said["photo"]))
        if photo is None:
            photo = Photo(
                id=UUID(said["photo"]),
                visit=visit,
                sha256=said["sha256"],
                size=said["size"],
                taken_at=datetime.fromisoformat(said["taken_at"]),
            )
            photos[photo.pk] = photo
            new.append(photo)
        elif (photo.visit_id, photo.sha256, photo.size) != (visit.pk, said["sha256"], said["size"]):
            raise Malformed("Une autre photo porte déjà cet identifiant. Ôtez-la, puis reprenez-la.", entry.pk)
        if new and new[-1] is photo and visit.photos.count() + len(new) > receiving.MAX_VISIT_PHOTOS:
            raise Malformed(f"Cette visite a déjà {receiving.MAX_VISIT_PHOTOS} photos. Ôtez celle-ci.", entry.pk)
    return new
