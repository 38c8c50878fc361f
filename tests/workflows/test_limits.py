"""One account starts so many drafts and announces so many files in an hour, and is told in French when it is too many."""

import pytest
from allauth.core.internal.ratelimit import get_rates
from django.core.cache import cache
from django.urls import reverse

from documents.models import StoredFile
from permis.models import Application
from tests import factories
from tests.workflows.sending import announce

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(settings):
    """Two an hour, so that the third is one too many."""
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"new_draft": "2/h/user", "announce_file": "2/h/user"}


def start(client, commune):
    return client.post(
        reverse("application-start"),
        {"commune": commune.pk, "lease_kind": "unfurnished", "nature": "first", "separate_leases": 1},
    )


@pytest.mark.usefixtures("few")
def test_drafts(client):
    zone = factories.ZoneFactory()
    commune = zone.commune
    person = factories.UserFactory()
    client.force_login(person)
    assert [start(client, commune).status_code for _ in range(3)] == [302, 302, 429]
    page = start(client, commune).content.decode()
    assert "Trop de demandes à la fois" in page
    assert Application.objects.filter(applicant=person).count() == 2
    client.force_login(factories.UserFactory())
    assert start(client, commune).status_code == 302, "each account has its own count"


@pytest.mark.usefixtures("few")
def test_announced_files(client):
    case = factories.ApplicationFactory()
    client.force_login(case.applicant)
    assert [announce(client, case, name=f"{number}.pdf").status_code for number in range(3)] == [201, 201, 429]
    assert "Trop de fichiers" in announce(client, case).json()["error"]
    assert StoredFile.objects.count() == 2


def test_each_action_has_its_limit():
    for action in ("new_draft", "announce_file", "login_failed"):
        assert get_rates(app="allauth.account", action=action), action
