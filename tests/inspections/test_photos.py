"""Photos by chunks: resumed at any offset, whole by their hash, a file of the case once, beside the landlord's room."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import examining, receiving, storage
from documents.backends import StorageFailed
from documents.enums import FilePurpose
from documents.models import StoredFile
from inspections.models import Photo, PhotoChunk
from tests import factories
from tests.inspections.phones import CHUNK, Phone, picture

pytestmark = pytest.mark.django_db


def announce(phone, content, **more):
    entry = phone.photo(content, **more)
    assert phone.send(entry).status_code == 200
    return entry["payload"]["photo"]


def bytes_of(photo):
    file = Photo.objects.select_related("file__application").get(pk=photo).file
    return b"".join(storage.adapter().chunks(file.location))


def test_chunks_make_a_photo_whole(phone, visit):
    content = picture(1, 150_000)
    photo = announce(phone, content)
    answers = [phone.put(photo, at, content[at : at + CHUNK]).json() for at in range(0, len(content), CHUNK)]

    assert [answer["offset"] for answer in answers] == [65536, 131072, 150_000]
    assert [answer["whole"] for answer in answers] == [False, False, True]
    assert bytes_of(photo) == content
    assert not PhotoChunk.objects.exists()
    file = StoredFile.objects.get(purpose=FilePurpose.VISIT)
    assert (file.application, file.content_type, file.size) == (visit.application, "image/jpeg", 150_000)


def test_a_whole_photo_is_examined_like_any_file(phone):
    content = picture(2)
    announce_and_send(phone, content)
    file = examining.examine(StoredFile.objects.get(purpose=FilePurpose.VISIT))
    assert (file.is_served, file.pictures) == (True, 1)


def announce_and_send(phone, content):
    photo = announce(phone, content)
    assert phone.upload(photo, content).json()["whole"]
    return photo


def test_it_says_where_to_go_on(phone):
    content = picture(3, 100_000)
    photo = announce(phone, content)
    url = f"/visites/{phone.visit.pk}/photos/{photo}/"

    assert phone.client.get(url).json() == {"offset": 0, "whole": False}
    phone.put(photo, 0, content[:1000])
    assert phone.client.get(url).json() == {"offset": 1000, "whole": False}
    assert phone.put(photo, 0, content[:CHUNK]).json()["offset"] == 1000, "bytes that are here already change nothing"
    assert phone.put(photo, 5000, content[5000:6000]).json()["offset"] == 1000, "bytes that come too early are not kept"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_cuts_the_bytes_are_those_of_the_phone(phone, data):
    size = data.draw(st.integers(700, 140_000))
    content = picture(data.draw(st.integers(0, 9)), size)
    photo, offset = announce(phone, content), 0
    for _ in range(20):
        at = data.draw(st.sampled_from([offset, 0, offset // 2, offset + 1]))
        length = data.draw(st.integers(max(1, len(content) // 8), CHUNK))
        answer = phone.put(photo, at, content[at : at + length]).json()
        offset = answer["offset"]
        if answer["whole"]:
            break
    else:
        phone.upload(photo, content, offset)
    assert bytes_of(photo) == content


def test_before_its_entry_a_photo_is_unknown(phone):
    answer = phone.put(str(uuid4()), 0, picture())
    assert (answer.status_code, answer.json()) == (404, {"unknown": True})


def test_other_bytes_than_announced_are_dropped_and_may_come_again(phone):
    content = picture(4, 2000)
    photo = announce(phone, content)
    answer = phone.put(photo, 0, content[:-1] + bytes([content[-1] ^ 1]))

    assert (answer.status_code, answer.json()["offset"]) == (422, 0)
    assert not PhotoChunk.objects.exists()
    assert phone.put(photo, 0, content).json() == {"offset": 2000, "whole": True}


def test_what_is_no_jpeg_is_refused_at_its_first_bytes(phone):
    photo = announce(phone, factories.PDF)
    answer = phone.put(photo, 0, factories.PDF)
    assert answer.status_code == 400
    assert "JPEG" in answer.json()["error"]


@pytest.mark.parametrize("size", [0, 1024 * 1024 + 1])
def test_a_photo_has_a_size(phone, size):
    entry = phone.photo(picture())
    entry["payload"]["size"] = size
    assert phone.send(entry).status_code == 400


def test_more_bytes_than_announced_are_refused(phone):
    content = picture()
    photo = announce(phone, content)
    assert phone.put(photo, 0, content + b"!").status_code == 400


def test_a_caption_written_later_announces_no_other_photo(phone):
    content = picture(5)
    first = phone.photo(content)
    phone.send(first)
    again = phone.write("photo", **first["payload"] | {"caption": "Évier"})
    assert phone.send(again).status_code == 200
    assert Photo.objects.count() == 1
    other = phone.write("photo", **first["payload"] | {"sha256": "0" * 64})
    assert phone.send(other).status_code == 400


def test_photos_take_none_of_the_room_of_the_landlord(phone, visit):
    before = receiving.used(visit.application)
    announce_and_send(phone, picture(6))
    assert receiving.used(visit.application) == before


def test_a_visit_has_room_for_so_many_photos(phone, monkeypatch):
    monkeypatch.setattr(receiving, "MAX_VISIT_PHOTOS", 2)
    assert phone.send(phone.photo(picture()), phone.photo(picture())).status_code == 200
    third = phone.photo(picture())
    answer = phone.send(third)
    assert (answer.status_code, answer.json()["entry"]) == (400, third["id"])


def test_a_landlord_does_not_open_the_photos_of_a_visit(phone, visit, client, inspector):
    announce_and_send(phone, picture(7))
    file = examining.examine(StoredFile.objects.get(purpose=FilePurpose.VISIT))
    client.force_login(visit.application.applicant)
    assert client.get(f"/fichiers/{file.pk}/page/1/").status_code == 404
    client.force_login(inspector)
    assert client.get(f"/fichiers/{file.pk}/page/1/").status_code == 302


def test_a_storage_that_is_away_loses_nothing(phone, monkeypatch):
    content = picture(8)
    photo = announce(phone, content)

    def away(*_: object, **__: object) -> None:
        raise StorageFailed("away")

    with monkeypatch.context() as patched:
        patched.setattr(storage, "put", away)
        answer = phone.put(photo, 0, content)
        assert (answer.status_code, answer.json()["again"]) == (503, True)
    assert phone.client.get(f"/visites/{phone.visit.pk}/photos/{photo}/").json() == {"offset": len(content), "whole": False}
    assert phone.put(photo, len(content), b"").json()["whole"], "an empty chunk asks for the end"
    assert bytes_of(photo) == content


@pytest.mark.django_db(transaction=True)
def test_the_last_chunk_sent_four_times_at_once_makes_one_file(phone, visit, inspector):
    content = picture(9, 80_000)
    photo = announce(phone, content)
    phone.put(photo, 0, content[:CHUNK])
    barrier = Barrier(4)

    def send(_: int) -> bool:
        client = Client()
        client.force_login(inspector)
        barrier.wait(timeout=20)
        try:
            return Phone(client, visit, phone.device).put(photo, CHUNK, content[CHUNK:]).json()["whole"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(send, range(4))) == [True] * 4
    assert StoredFile.objects.filter(purpose=FilePurpose.VISIT).count() == 1
    assert Photo.objects.get(pk=UUID(photo)).file is not None
