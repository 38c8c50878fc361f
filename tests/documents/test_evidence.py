"""What proves is locked where the bucket can, once it is filed and only if its bytes are the right ones."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from documents import evidence, examining, receiving, storage, tasks
from documents.backends import StorageFailed
from documents.models import Act, StoredFile
from tests import factories
from tests.documents import places, sending
from tests.documents.places import BUCKET
from workflows.actions import intake

pytestmark = [pytest.mark.django_db, pytest.mark.s3]


@pytest.fixture
def bucket(settings, s3_server):
    with places.bucket_of(s3_server, settings, lock=True) as client:
        places.use(settings, places.address(s3_server, lock=2))
        yield client


def kept(case):
    """A file of the case, examined and settled."""
    return examining.examine(receiving.receive(case, factories.upload(), by=case.applicant))


def test_a_filed_file_is_locked_and_a_draft_may_still_be_given_up(bucket, django_capture_on_commit_callbacks):
    filed, draft = factories.ApplicationFactory(), factories.ApplicationFactory()
    with django_capture_on_commit_callbacks(execute=True):
        file, given_up = kept(filed), kept(draft)
    intake.submit(filed, by=filed.applicant, on=filed.authority.today())
    now = timezone.now()
    assert (evidence.lock(now=now), evidence.lock(now=now)) == (1, 0)

    head = bucket.head_object(Bucket=BUCKET, Key=file.key)
    assert head["ObjectLockMode"] == "GOVERNANCE"
    assert abs((head["ObjectLockRetainUntilDate"] - now).days) in (1, 2)
    with pytest.raises(StorageFailed):
        storage.delete(file.key)
    assert storage.holds(file.key, file.sha256), "a removal that is refused changes nothing"

    for key in sending.keys(f"{draft.authority_id}/{draft.pk}"):
        storage.delete(key)
    assert not storage.holds(given_up.key, given_up.sha256)
    assert sending.keys("quarantaine") == []


def test_bytes_that_are_not_the_right_ones_are_never_locked(bucket):
    case = factories.ApplicationFactory()
    file = kept(case)
    intake.submit(case, by=case.applicant, on=case.authority.today())
    storage.adapter().write(file.key, ContentFile(b"other bytes"))
    tasks.lock_evidence(timestamp=0)
    assert StoredFile.objects.get().locked_until is None
    assert "ObjectLockMode" not in bucket.head_object(Bucket=BUCKET, Key=file.key)


def test_locks_do_not_travel_so_a_move_locks_again(bucket):
    case = factories.ApplicationFactory()
    kept(case)
    intake.submit(case, by=case.applicant, on=case.authority.today())
    assert evidence.lock(now=timezone.now()) == 1
    evidence.forget_locks()
    assert evidence.lock(now=timezone.now()) == 1
    assert Act.objects.evidence().count() == 0, "an act that is not rendered yet has nothing to lock"


def test_without_a_bucket_that_can_nothing_is_tried(settings, s3_server):
    with places.bucket_of(s3_server, settings):
        places.use(settings, places.address(s3_server, lock=2))
        case = factories.ApplicationFactory()
        kept(case)
        intake.submit(case, by=case.applicant, on=case.authority.today())
        assert evidence.lock(now=timezone.now()) == 0
