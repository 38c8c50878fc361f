"""The page that tells an administrator how the files are."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from documents import examining, receiving
from documents.models import Reconciliation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client, town):
    client.force_login(factories.member(town, Role.ADMINISTRATOR))
    return client


def page(client):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(reverse("settings-files")).content.decode()))


def test_before_the_first_night_it_says_what_will_come(administrator):
    assert "Il n’a pas encore eu lieu" in page(administrator)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"ended": True, "counts": {"expired": 2}}, "Tout concorde"),
        ({"ended": True, "counts": {"missing": 1}}, "demandent l’attention"),
        ({"ended": False, "problem": "timeout"}, "Le stockage n’a pas répondu"),
    ],
)
def test_the_last_reconciliation_is_told(administrator, found, told):
    now = timezone.now()
    Reconciliation.objects.create(started_at=now - timedelta(days=1), ended_at=now, counts={"missing": 9123})
    Reconciliation.objects.create(
        started_at=now, ended_at=now if found["ended"] else None, counts=found.get("counts", {}), problem=found.get("problem", "")
    )
    words = page(administrator)
    assert told in words
    assert "9123" not in words, "the night before is over"


def test_files_that_wait_are_counted_for_this_town_alone(administrator, town):
    for authority in (town, factories.AuthorityFactory()):
        case = factories.ApplicationFactory(authority=authority)
        receiving.receive(case, factories.upload(), by=case.applicant)
    assert "1 fichier, depuis le" in page(administrator)
    for file in case.files.all():
        examining.examine(file)
    assert "1 fichier, depuis le" in page(administrator)


def test_the_control_is_tried(administrator):
    answer = administrator.post(reverse("settings-files"), follow=True)
    assert "a reconnu le fichier d’essai" in answer.content.decode()


def test_a_control_that_does_not_answer_is_told(administrator, settings, tmp_path):
    settings.CLAMD_URL = f"unix://{tmp_path}/nobody.sock"
    answer = administrator.post(reverse("settings-files"), follow=True)
    assert "Le contrôle ne répond pas" in answer.content.decode()
