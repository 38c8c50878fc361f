"""The photos of a case: what leaves, to whom, and what never does."""

import csv
import io
import uuid
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from documents import examining, receiving, storage
from documents.models import Blurring, StoredFile
from inspections import survey
from inspections.models import Device, Entry, Photo
from permis import journal
from permis.enums import PieceKind
from permis.models.journal import Event
from tests import factories
from tests.documents.pictures import assert_is_bare, jpeg
from tests.workflows.test_rights import STAFF, at, landlord_photo
from workflows import photos
from workflows.actions import photos as handing
from workflows.photos import NotBlurredYet

pytestmark = pytest.mark.django_db
SHARED = {"purpose": "Arrêté de mise en sécurité", "recipient": "Service d’hygiène", "consent": "written"}
ROOM = str(uuid.uuid4())


@pytest.fixture
def boss(town):
    return factories.member(town, *STAFF)


@pytest.fixture
def case(town, boss):
    return at("planned", town, boss)


@pytest.fixture
def visit(case, boss):
    found = case.visits.get()
    write(found, boss, "room", {"room": ROOM, "kind": "bathroom", "name": "Salle d’eau", "position": 1})
    return found


def write(visit, author, kind, payload):
    device, _ = Device.objects.get_or_create(
        id=uuid.uuid5(uuid.NAMESPACE_OID, str(author.pk)), user=author, defaults={"last_seen_at": timezone.now()}
    )
    number = visit.entries.count() + 1
    return Entry.objects.create(
        id=uuid.uuid4(), visit=visit, device=device, sequence=number, number=number, kind=kind, author=author,
        key=survey.key_of(kind, payload), payload=payload, made_at=timezone.now(),
    )  # fmt: skip


def shoot(visit, author, *, seed, people=False, caption="Fissure", code="C07", is_clean=True):
    content = jpeg(seed=seed)
    file = receiving.receive(visit.application, factories.upload(content, "IMG_0001 Mme Duprat.jpg"), by=author)
    if is_clean:
        file = examining.examine(StoredFile.objects.select_related("application").get(pk=file.pk))
    pk = uuid.uuid4()
    photo = Photo.objects.create(
        id=pk, visit=visit, sha256=storage.sha256_of(content), size=len(content), taken_at=timezone.now(), file=file
    )
    write(visit, author, "photo", {"photo": str(pk), "room": ROOM, "code": code, "caption": caption, "people": people,
                                   "sha256": photo.sha256, "size": photo.size, "taken_at": photo.taken_at.isoformat()})  # fmt: skip
    return photo


def ask(client, case, **fields):
    return client.post(reverse("case-photos-zip", args=[case.pk]), SHARED | fields)


def opened(answer):
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def captions(archive):
    return list(csv.reader(io.StringIO(archive.read(photos.CAPTIONS).decode("utf-8-sig")), delimiter=";"))


def test_the_archive_holds_bare_pictures_and_their_captions_and_the_journal_says_to_whom(client, case, visit, boss):
    first = shoot(visit, boss, seed=1)
    shoot(visit, boss, seed=2, caption="=HYPERLINK(1)", code="")
    gone = shoot(visit, boss, seed=3)
    write(visit, boss, "photo_removed", {"photo": str(gone.pk)})
    shoot(visit, boss, seed=4, is_clean=False)
    client.force_login(boss)

    answer = ask(client, case)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    body = b"".join(answer.streaming_content)
    archive = zipfile.ZipFile(io.BytesIO(body))
    assert archive.testzip() is None
    day = case.authority.local(first.taken_at).date().isoformat()
    names = [f"001-{day}-c07-salle-deau.jpg", f"002-{day}-salle-deau.jpg"]
    assert archive.namelist() == [*names, photos.CAPTIONS]
    for name in names:
        assert_is_bare(archive.read(name))
        assert "duprat" not in name.lower()
    header, one, two = captions(archive)
    assert header[0] == "Fichier"
    assert one[:4] == [names[0], "Fissure", "C07", "Salle d’eau"]
    assert one[5:8] == [boss.full_name, "Visite", "non"]
    assert one[8:] == [storage.sha256_of(archive.read(names[0])), first.file.sha256]
    assert two[1] == "'=HYPERLINK(1)"
    entry = case.journal.get(event=Event.PHOTOS_SHARED)
    assert {name: entry.facts[name] for name in SHARED} == SHARED
    assert (entry.author, entry.facts["sha256"]) == (boss, storage.sha256_of(body))
    assert list(journal.faults(case)) == []


def test_the_original_is_not_what_leaves_and_stays_as_it_was(client, case, visit, boss):
    photo = shoot(visit, boss, seed=1, people=True)
    handing.blur(photo.file, has_people=True, regions=[(0.0, 0.0, 1.0, 1.0)], by=boss, on=case.authority.today())
    client.force_login(boss)

    archive = opened(ask(client, case))

    given = archive.read(archive.namelist()[0])
    with storage.open_key(photo.file.picture_key(1)) as copy, storage.open_stored(photo.file) as original:
        assert given not in (copy.read(), original.read())
    assert storage.holds(photo.file.key, photo.sha256)
    assert captions(archive)[1][7] == "oui"


def test_a_person_who_is_not_blurred_keeps_every_photo_here(client, case, visit, boss):
    shoot(visit, boss, seed=1)
    flagged = shoot(visit, boss, seed=2, people=True)
    client.force_login(boss)

    answer = ask(client, case)

    assert answer.status_code == 422
    assert "Une photo n’est pas prête (n° 2)" in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert SHARED["recipient"] in answer.content.decode()
    assert not case.journal.filter(event=Event.PHOTOS_SHARED).exists()
    blur = reverse("case-blur", args=[case.pk, flagged.file_id])
    assert "Cette photo" not in client.get(blur).content.decode()
    assert client.post(blur, {"has_people": "True", "regions": "10 10 20,5 30\n\n50;50;90;90"}).status_code == 302
    made = Blurring.objects.get()
    assert (made.regions, made.made_by) == ([[0.1, 0.1, 0.205, 0.3], [0.5, 0.5, 0.5, 0.5]], boss)
    assert client.get(blur).context["form"]["regions"].value() == "10 10 20.5 30\n50 50 50 50"
    assert client.get(reverse("case-blurred", args=[case.pk, flagged.file_id])).headers["Content-Type"] == "image/jpeg"
    assert len(opened(ask(client, case)).namelist()) == 3


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"has_people": "True"}, "une zone au moins"),
        ({"regions": ""}, "obligatoire"),
        ({"has_people": "True", "regions": "10 10 20"}, "quatre nombres"),
        ({"has_people": "True", "regions": "10 10 20 nan"}, "quatre nombres"),
        ({"has_people": "True", "regions": "100 0 10 10"}, "hors de la photo"),
        ({"has_people": "True", "regions": "0 0 0 10"}, "vide"),
        ({"has_people": "True", "regions": "1 1 1 1\n" * 31}, "30 zones au plus"),
        ({"has_people": "True", "regions": "9" * 3000}, "2000"),
    ],
)
def test_numbers_that_say_no_place_are_told(client, case, visit, boss, said, error):
    photo = shoot(visit, boss, seed=1)
    client.force_login(boss)
    answer = client.post(reverse("case-blur", args=[case.pk, photo.file_id]), said)
    assert (answer.status_code, error in answer.content.decode()) == (422, True)
    assert not Blurring.objects.exists()


def test_the_service_may_say_that_nobody_is_visible_after_all(client, case, visit, boss):
    photo = shoot(visit, boss, seed=1, people=True)
    client.force_login(boss)
    client.post(reverse("case-blur", args=[case.pk, photo.file_id]), {"has_people": "False", "regions": "1 1 5 5"})
    assert Blurring.objects.get().regions == []
    assert case.journal.get(event=Event.PHOTO_BLURRED).facts["has_people"] is False
    assert len(opened(ask(client, case)).namelist()) == 2


def test_a_landlord_s_photo_that_nobody_looked_at_is_not_handed_over(client, case, boss):
    file = landlord_photo(case)
    Blurring.objects.all().delete()
    client.force_login(boss)
    assert ask(client, case).status_code == 422, "there is no photo of a visit"
    assert "n’est pas prête" in ask(client, case, with_landlord="on").content.decode()
    handing.blur(file, has_people=False, by=boss, on=case.authority.today())
    assert len(opened(ask(client, case, with_landlord="on")).namelist()) == 2


@pytest.mark.parametrize("missing", SHARED)
def test_without_a_reason_a_recipient_or_an_agreement_nothing_leaves(client, case, visit, boss, missing):
    shoot(visit, boss, seed=1)
    client.force_login(boss)
    assert ask(client, case, **{missing: ""}).status_code == 422
    assert not case.journal.filter(event=Event.PHOTOS_SHARED).exists()


def test_an_inspector_blurs_but_hands_nothing_over(client, case, visit, town, boss):
    photo = shoot(visit, boss, seed=1)
    inspector = factories.member(town, Role.INSPECTOR)
    client.force_login(inspector)
    page = client.get(reverse("case-photos", args=[case.pk]))
    assert (page.status_code, "Remettre les photos" in page.content.decode()) == (200, False)
    assert ask(client, case).status_code == 403
    handing.blur(photo.file, has_people=False, by=inspector, on=town.today())
    with pytest.raises(PermissionDenied):
        handing.share(case, files=[], sha256="", by=inspector, on=town.today(), **SHARED)


def test_a_photo_of_another_case_is_not_found(client, case, visit, town, boss):
    photo = shoot(visit, boss, seed=1)
    other = at("submitted", town, boss)
    client.force_login(boss)
    for name in ("case-blur", "case-blurred"):
        assert client.get(reverse(name, args=[other.pk, photo.file_id])).status_code == 404


def test_a_storage_that_fails_hands_nothing_over(client, case, visit, boss):
    photo = shoot(visit, boss, seed=1)
    storage.delete(photo.file.picture_key(1))
    client.force_login(boss)
    answer = ask(client, case)
    assert answer.status_code == 422
    assert not case.journal.filter(event=Event.PHOTOS_SHARED).exists()


def test_the_page_costs_the_same_for_one_photo_and_for_six(client, case, visit, boss, django_assert_max_num_queries):
    for seed in range(6):
        shoot(visit, boss, seed=seed)
    assert len(photos.of(case)) == 6
    client.force_login(boss)
    with django_assert_max_num_queries(18):
        client.get(reverse("case-photos", args=[case.pk]))


def test_memory_holds_one_photo_at_a_time(case, visit, boss, monkeypatch):
    """The archive rests in a file as soon as it is more than a megabyte."""
    monkeypatch.setattr(photos, "MEMORY", 10_000)
    shoot(visit, boss, seed=1)
    with photos.archive(photos.of(case)) as content:
        assert content._rolled


def test_the_refusal_names_each_photo(case, visit, boss):
    for seed in (1, 2):
        shoot(visit, boss, seed=seed, people=True)
    with pytest.raises(NotBlurredYet, match=r"2 photos ne sont pas prêtes \(n° 1, 2\)"):
        photos.archive(photos.of(case))


def test_the_landlord_s_own_pieces_come_with_their_kind(case):
    landlord_photo(case)
    assert [(shot.origin, shot.caption) for shot in photos.of(case)] == [("Bailleur", "Photographie du logement")]
    assert case.pieces.filter(kind=PieceKind.PHOTOS).count() == 1
