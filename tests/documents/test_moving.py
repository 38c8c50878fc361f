"""Files moved from a disk to a bucket and back: each copy read again, stopped and started again as often as one likes."""

from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from documents import moving, storage
from documents.backends import DiskStorage
from tests import faulty
from tests.documents import places
from tests.faulty import Fault

pytestmark = pytest.mark.django_db
BODIES = [f"%PDF-1.4 file {number}".encode() for number in range(12)]


def move(source, target, *options):
    """What the command says, and whether it fails."""
    output, errors = StringIO(), StringIO()
    try:
        call_command("storage_migrate", "--from", str(source), "--to", str(target), *options, stdout=output, stderr=errors)
    except SystemExit as ended:
        return output.getvalue().splitlines()[-1], errors.getvalue(), ended.code
    return output.getvalue().splitlines()[-1], errors.getvalue(), 0


@pytest.fixture
def folder(tmp_path):
    """Twelve files with the page of one, and one in quarantine."""
    disk = DiskStorage(location=tmp_path / "from")
    for body in BODIES:
        disk.write(f"1/7/{storage.sha256_of(body)}", ContentFile(body))
    disk.write(f"1/7/{storage.sha256_of(BODIES[0])}.pages/1.jpg", ContentFile(b"\xff\xd8\xff"))
    disk.write("quarantaine/1/7/x", ContentFile(b"waiting"))
    return tmp_path / "from"


def everything(place):
    adapter = moving.place(str(place))
    return {each.key: b"".join(adapter.chunks(each.key)) for each in adapter.objects()}


@pytest.fixture
def bucket(settings, s3_server):
    with places.bucket_of(s3_server, settings):
        yield places.address(s3_server)


@pytest.mark.s3
def test_files_go_to_a_bucket_and_come_back(folder, bucket, tmp_path):
    there = everything(folder)
    assert move(folder, bucket, "--dry-run") == ("14 objets à copier (0,0 Mo), 0 déjà en place, 0 en échec.", "", 0)
    assert everything(bucket) == {}
    assert move(folder, bucket) == ("14 objets copiés (0,0 Mo), 0 déjà en place, 0 en échec.", "", 0)
    assert everything(bucket) == there
    assert move(folder, "actuel") == ("0 objets copiés (0,0 Mo), 14 déjà en place, 0 en échec.", "", 0)
    assert move("actuel", tmp_path / "back") == ("14 objets copiés (0,0 Mo), 0 déjà en place, 0 en échec.", "", 0)
    assert everything(tmp_path / "back") == there


@pytest.mark.s3
def test_a_move_that_was_cut_is_finished_by_another(folder, settings, s3_server):
    with places.bucket_of(s3_server, settings), faulty.standing_before(s3_server.endpoint) as proxy:
        target = moving.place(places.address(s3_server, endpoint=proxy.endpoint, timeout=2))
        failed = []

        def until_the_cut(counts):
            proxy.fault = Fault.NONE if counts.seen < 5 else Fault.DOWN

        source = moving.place(str(folder))
        first = moving.move(source, target, dry_run=False, fail=lambda key, detail: failed.append(key), progress=until_the_cut)
        assert (first.copied, first.failed, len(failed)) == (5, 9, 9)
        target.client.close()
        assert move(folder, places.address(s3_server)) == ("9 objets copiés (0,0 Mo), 5 déjà en place, 0 en échec.", "", 0)
        assert everything(places.address(s3_server)) == everything(folder)


@pytest.mark.s3
@pytest.mark.parametrize("fault", [Fault.FORGETFUL, Fault.GARBLING])
def test_a_target_that_lies_is_found_out(folder, settings, s3_server, fault):
    with places.bucket_of(s3_server, settings) as client, faulty.standing_before(s3_server.endpoint) as proxy:
        proxy.server.client = client
        proxy.fault = fault
        said, errors, code = move(folder, places.address(s3_server, endpoint=proxy.endpoint, timeout=2))
        assert (said, code) == ("0 objets copiés (0,0 Mo), 0 déjà en place, 14 en échec.", 1)
        assert len(errors.splitlines()) == 14


def test_a_file_that_is_no_longer_its_own_is_not_moved(folder, tmp_path):
    key = f"1/7/{storage.sha256_of(BODIES[3])}"
    (folder / key).write_bytes(BODIES[3].replace(b"3", b"4"))
    said, errors, code = move(folder, tmp_path / "to")
    assert (said, code) == ("13 objets copiés (0,0 Mo), 0 déjà en place, 1 en échec.", 1)
    assert errors.startswith(key)
    assert not (tmp_path / "to" / key).exists()


def test_a_file_that_is_removed_meanwhile_is_no_failure(folder, tmp_path):
    source, target = moving.place(str(folder)), moving.place(str(tmp_path / "to"))
    counts = moving.move(
        source, target, dry_run=False, fail=pytest.fail, progress=lambda counts: source.remove("quarantaine/1/7/x")
    )
    assert (counts.copied, counts.failed) == (13, 0)


def test_what_is_at_the_target_with_other_bytes_is_written_again(folder, tmp_path):
    move(folder, tmp_path / "to")
    for key in (f"1/7/{storage.sha256_of(BODIES[3])}", "quarantaine/1/7/x"):
        path = tmp_path / "to" / key
        path.write_bytes(b"?" * path.stat().st_size)
    assert move(folder, tmp_path / "to")[0] == "2 objets copiés (0,0 Mo), 12 déjà en place, 0 en échec."
    assert everything(tmp_path / "to") == everything(folder)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("s3://key:secret@bucket?endpoin=https://s3.example", "option inconnue endpoin"),
        ("https://bucket.example", "doit s’écrire s3://"),
    ],
)
def test_an_address_that_would_be_misread_is_refused(folder, address, sentence):
    with pytest.raises(CommandError, match=sentence):
        move(folder, address)
