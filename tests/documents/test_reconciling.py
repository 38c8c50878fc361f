"""A thousand objects, one fault of each kind here and there: every one of them is told, and nothing else."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from documents import reconciling, storage, tasks
from documents.enums import ActKind, Discrepancy, FileState
from documents.models import Act, Reconciliation, StoredFile
from tests import factories
from tests.documents import places, sending
from tests.documents.places import RADOSGW, SERVERS

pytestmark = pytest.mark.django_db
FILES_A_CASE, CASES = 9, 50
# What is planted is new to the storage: the comparison is made three days later.
LATER = timedelta(days=3)


def content(name):
    return f"%PDF-1.4 {name}".encode()


def stored(case, name, *, state=FileState.CLEAN, pictures=1):
    """A settled file and its page, as an examination leaves them."""
    body = content(name)
    file = StoredFile.objects.create(
        application=case,
        sha256=storage.sha256_of(body),
        name=f"{name}.pdf",
        content_type=storage.PDF,
        size=len(body),
        pictures=pictures,
    )
    file.scans.create(engine="essai", sha256=file.sha256, verdict=FileState.CLEAN)
    file.state = state
    file.save(update_fields=["state"])
    write(file.key, body)
    for page in range(1, pictures + 1):
        write(file.picture_key(page), b"\xff\xd8\xff")
    return file


def waiting(case, name, *, state=FileState.PENDING):
    body = content(name)
    return StoredFile.objects.create(
        application=case,
        name=name,
        content_type=storage.PDF,
        size=len(body),
        state=state,
        quarantine=f"quarantaine/{case.authority_id}/{case.pk}/{name}",
    )


def act_of(case, name):
    body = content(name)
    act = Act.objects.create(application=case, kind=ActKind.RECEIPT, sha256=storage.sha256_of(body), fingerprint="x")
    write(act.key, body)
    return act


def write(key, body):
    storage.adapter().write(key, ContentFile(body))


def changed(key, body=None):
    """Other bytes, of the same length unless they are given."""
    size = storage.size_of(key)
    write(key, b"?" * size if body is None else body)


@pytest.fixture
def a_thousand():
    """Fifty cases of one authority, nine files with a page and two acts each."""
    authority, applicant, commune = factories.AuthorityFactory(), factories.UserFactory(), factories.CommuneFactory()
    cases = [
        factories.ApplicationFactory(authority=authority, applicant=applicant, commune=commune, sheet={}) for _ in range(CASES)
    ]
    files = {case.pk: [stored(case, f"{case.pk}-{place}") for place in range(FILES_A_CASE)] for case in cases}
    acts = {case.pk: [act_of(case, f"act-{case.pk}-{place}") for place in range(2)] for case in cases}
    return cases, files, acts


def plant(cases, files, acts):
    """One fault of each kind at the beginning, in the middle and at the end; what reconciliation should say of each."""
    told = set()
    for case in (cases[0], cases[CASES // 2], cases[-1]):
        own, home = files[case.pk], f"quarantaine/{case.authority_id}/{case.pk}"
        storage.delete(own[0].key)
        told.add((Discrepancy.MISSING, own[0].key))
        changed(own[1].key)
        told.add((Discrepancy.ALTERED, own[1].key))
        changed(own[2].key, b"%PDF-1.4")
        told.add((Discrepancy.SIZE, own[2].key))
        storage.delete(own[3].picture_key(1))
        told.add((Discrepancy.MISSING_PICTURE, own[3].picture_key(1)))
        orphan = f"{case.authority_id}/{case.pk}/{storage.sha256_of(b'nobody')}"
        write(orphan, b"nobody")
        told.add((Discrepancy.ORPHAN, orphan))
        storage.delete(acts[case.pk][0].key)
        told.add((Discrepancy.MISSING, acts[case.pk][0].key))
        changed(acts[case.pk][1].key)
        told.add((Discrepancy.ALTERED, acts[case.pk][1].key))

        write(f"{home}/nobody", content("nobody"))
        told.add((Discrepancy.STRAY, f"{home}/nobody"))
        write(f"{home}/settled", content(f"{case.pk}-4"))
        told.add((Discrepancy.LEFTOVER, f"{home}/settled"))
        lost, late = waiting(case, "lost"), waiting(case, "late", state=FileState.AWAITED)
        told |= {(Discrepancy.MISSING, lost.quarantine), (Discrepancy.EXPIRED, late.quarantine)}
        short = waiting(case, "short", state=FileState.ERROR)
        write(short.quarantine, b"%PDF")
        told.add((Discrepancy.SIZE, short.quarantine))
        well = waiting(case, "well")
        write(well.quarantine, content("well"))
        # Nothing is kept of a dangerous file, and nothing is missed.
        StoredFile.objects.create(
            application=case, name="eicar", size=68, state=FileState.INFECTED, sha256="e" * 64, content_type=storage.PDF
        )
    silent = files[cases[7].pk] + acts[cases[7].pk]
    for each in sending.keys(f"{cases[7].authority_id}/{cases[7].pk}"):
        storage.delete(each)
    told |= {(Discrepancy.MISSING, each.key) for each in silent}
    told |= {(Discrepancy.MISSING_PICTURE, each.picture_key(1)) for each in files[cases[7].pk]}
    return told


def found_by(**options):
    found = reconciling.reconcile(now=timezone.now() + LATER, **options)
    return found, {(Discrepancy(each["kind"]), each["key"]) for each in found.discrepancies}


@pytest.mark.parametrize("place", SERVERS, indirect=True)
def test_every_planted_fault_is_told_and_nothing_else(place, a_thousand, monkeypatch):
    monkeypatch.setattr(reconciling, "BATCH", 150)  # several batches, as a million objects would make
    assert len(sending.keys("")) == CASES * (2 * FILES_A_CASE + 2) == 1000
    found, said = found_by()
    assert (said, found.is_sound, found.objects_seen, found.rows_seen) == (set(), True, 1000, CASES * (FILES_A_CASE + 2))
    assert found.hashed == found.rows_seen, "so little is read again in full each night"

    told = plant(*a_thousand)
    found, said = found_by(sweeps=False)
    assert said == told
    assert not found.is_sound

    found, said = found_by()
    assert said == told
    assert found.counts == {str(kind): sum(each == kind for each, _ in told) for kind in {kind for kind, _ in told}}
    assert Reconciliation.objects.latest("started_at") == found
    mended = {(kind, key) for kind, key in told if kind in Discrepancy.mended()}
    assert all(storage.size_of(key) is None for _, key in mended)
    assert not StoredFile.objects.filter(state=FileState.AWAITED).exists()

    found, said = found_by()
    assert said == told - mended, "what cannot be mended is told until somebody does"


def test_nothing_of_these_days_is_suspected_yet():
    """A file is stored before its row is written, and announced before it is sent."""
    case = factories.ApplicationFactory()
    write(f"{case.authority_id}/{case.pk}/{'a' * 64}", b"being written")
    write(f"quarantaine/{case.authority_id}/{case.pk}/x", b"being sent")
    waiting(case, "announced", state=FileState.AWAITED)
    found = reconciling.reconcile(now=timezone.now())
    assert (found.counts, found.is_sound) == ({}, True)
    assert StoredFile.objects.count() == 1


def test_beyond_what_a_night_can_read_each_object_has_its_turn(monkeypatch):
    case = factories.ApplicationFactory()
    files = [stored(case, f"turn-{place}", pictures=0) for place in range(40)]
    monkeypatch.setattr(reconciling, "NIGHTLY_BYTES", 1)
    changed(files[0].key)
    today = timezone.now()
    nights = [reconciling.reconcile(now=today + timedelta(days=night)) for night in range(reconciling.MOST_NIGHTS)]
    assert sum(night.hashed for night in nights) == len(files)
    assert max(night.hashed for night in nights) < len(files)
    assert [night.counts for night in nights if night.counts] == [{"altered": 1}]
    assert reconciling.reconcile(now=today, everything=True).hashed == len(files)


def test_a_file_that_the_same_case_holds_twice_is_told_once_and_kept():
    case = factories.ApplicationFactory()
    file = stored(case, "twice")
    stored(case, "twice")
    assert reconciling.reconcile(now=timezone.now() + LATER).is_sound
    storage.delete(file.key)
    assert reconciling.reconcile(now=timezone.now() + LATER).counts == {"missing": 1}


def test_a_half_written_file_of_the_disk_is_swept(settings):
    draft = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / ".envois" / "killed"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"half")
    assert reconciling.reconcile(now=timezone.now()).counts == {}
    found = reconciling.reconcile(now=timezone.now() + LATER)
    assert (found.counts, found.is_sound, draft.exists()) == ({"stray": 1}, True, False)


@pytest.mark.s3
def test_where_versions_are_kept_quarantine_is_emptied_for_good_and_a_lost_file_can_be_restored(settings, s3_server):
    with places.bucket_of(s3_server, settings) as client:
        client.put_bucket_versioning(Bucket=places.BUCKET, VersioningConfiguration={"Status": "Enabled"})
        case = factories.ApplicationFactory()
        write("quarantaine/1/1/removed", b"bytes")
        storage.delete("quarantaine/1/1/removed")
        assert "Versions" not in client.list_object_versions(Bucket=places.BUCKET)

        write("quarantaine/1/1/hidden", b"bytes")
        client.delete_object(Bucket=places.BUCKET, Key="quarantaine/1/1/hidden")
        file = stored(case, "lost", pictures=0)
        client.delete_object(Bucket=places.BUCKET, Key=file.key)
        found = reconciling.reconcile(now=timezone.now() + LATER)
        assert found.counts == {"hidden": 1, "missing": 1}
        assert next(each for each in found.discrepancies if each["kind"] == "missing")["restorable"]
        left = client.list_object_versions(Bucket=places.BUCKET)["Versions"]
        assert [each["Key"] for each in left] == [file.key]


@pytest.mark.s3
def test_what_a_lock_keeps_in_quarantine_is_told(settings, s3_server):
    """This server lets whoever sends a file lock it: it cannot be removed before its day, and somebody must know."""
    with places.bucket_of(s3_server, settings, lock=True) as client:
        case = factories.ApplicationFactory()
        key = f"quarantaine/{case.authority_id}/{case.pk}/locked"
        client.put_object(
            Bucket=places.BUCKET,
            Key=key,
            Body=b"bytes",
            ObjectLockMode="GOVERNANCE",
            ObjectLockRetainUntilDate=timezone.now() + timedelta(days=30),
        )
        found = reconciling.reconcile(now=timezone.now() + LATER)
        assert (found.counts, found.is_sound) == ({"stuck": 1}, False)


@pytest.mark.parametrize("place", [RADOSGW], indirect=True)
def test_a_storage_that_fails_interrupts_it_and_is_said(place, settings, s3_server):
    places.use(settings, places.address(s3_server, endpoint="http://127.0.0.1:9", timeout=1))
    found = reconciling.reconcile(now=timezone.now())
    assert (found.is_sound, found.ended_at) == (False, None)
    assert "127.0.0.1:9" in Reconciliation.objects.get().problem
    places.use(settings, places.address(s3_server))


def test_the_command_says_what_it_found_and_fails_when_something_is_wrong(capsys):
    case = factories.ApplicationFactory()
    file = stored(case, "one")
    call_command("storage_reconcile", all=True)
    said = capsys.readouterr().out
    assert said == "2 objets, 1 fichiers et actes attendus, 1 contenus relus, 0 restes ôtés : tout concorde.\n"

    storage.delete(file.key)
    output = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("storage_reconcile", stdout=output)
    assert ended.value.code == 1
    assert f"Fichier absent du stockage : {file.key}, fichier {file.pk}" in output.getvalue()
    assert output.getvalue().rstrip().endswith("des fichiers demandent votre attention.")


def test_every_night_it_is_done_and_kept():
    tasks.reconcile_storage(timestamp=0)
    assert Reconciliation.objects.get().is_sound


def test_logs_say_rows_and_never_keys(caplog):
    case = factories.ApplicationFactory()
    file = stored(case, "one", pictures=0)
    storage.delete(file.key)
    reconciling.reconcile(now=timezone.now())
    assert f"'file': {file.pk}" in caplog.text
    assert file.sha256 not in caplog.text
