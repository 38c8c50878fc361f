"""Who may open each address of a sanction, written by hand and compared with the addresses that exist."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.enums import Role
from documents.enums import ActKind
from documents.tasks import render_act
from permis.models import Sanction
from tests import factories
from tests.notifications.factories import CaseFactory
from tests.workflows import sanctioned
from tests.workflows.test_rights import SANCTIONS
from workflows.actions import fines, sanctions

pytestmark = pytest.mark.django_db
READERS = {Role.LEGAL, Role.SIGNATORY, Role.MANAGER, Role.AUDITOR}
JURISTS, SIGNATORIES = {Role.LEGAL}, {Role.SIGNATORY}
# name: (who may open it, stage the sanction must be at)
POLICY = {
    "sanction-list": (READERS, None),
    "sanction-open": (JURISTS, None),
    "sanction-open-case": (JURISTS, "case"),
    "sanction": (READERS, "found"),
    "sanction-evidence": (JURISTS, "found"),
    "sanction-repeat": (JURISTS, "found"),
    "sanction-letter": (JURISTS, "found"),
    "sanction-presented": (JURISTS, "written"),
    "sanction-observations": (JURISTS, "presented"),
    "sanction-hearing": (JURISTS, "presented"),
    "sanction-regularise": (JURISTS, "presented"),
    "sanction-close": (JURISTS, "presented"),
    "sanction-propose": (JURISTS, "to_decide"),
    "sanction-sign": (SIGNATORIES, "proposed"),
    "sanction-notify": (JURISTS, "fined"),
    "sanction-title": (JURISTS, "notified"),
    "sanction-title-data": (READERS, "notified"),
    "sanction-payment": (JURISTS, "titled"),
    "sanction-recovery": (JURISTS, "titled"),
    "sanction-contest": (JURISTS, "titled"),
    "sanction-appeal": (JURISTS, "contested"),
    "sanction-withdraw": (SIGNATORIES, "titled"),
}
# The person blamed alone: tried apart.
OWN = {"sanction-answer"}


@pytest.fixture(autouse=True)
def _long_ago(monkeypatch):
    """The stages are those of 2025: no fine is barred on the day of the tests."""
    monkeypatch.setattr("territories.models.Authority.today", lambda self: sanctioned.AFTER)


def test_every_address_has_a_policy():
    assert set(POLICY) | OWN == SANCTIONS


def address(name, stage, town):
    if stage is None:
        return reverse(name)
    if stage == "case":
        return reverse(name, args=[CaseFactory(authority=town, filed=True).pk])
    before = "titled" if stage == "contested" else stage
    sanction = sanctioned.found(town) if before == "found" else getattr(sanctioned, before)(sanctioned.found(town))
    if stage == "contested":
        by = sanctioned.jurist(town)
        fines.contest(sanction, contested_on=sanction.title_issued_on, before="TA", by=by, on=sanction.title_issued_on)
    return reverse(name, args=[sanction.pk])


def status(client, url, user=None):
    cache.clear()
    client.logout()
    if user is not None:
        client.force_login(user)
    return client.get(url).status_code


@pytest.mark.parametrize("name", POLICY)
def test_policy(name, client):
    who, stage = POLICY[name]
    town = factories.AuthorityFactory()
    url = address(name, stage, town)

    assert status(client, url) == 302
    elsewhere = factories.member(factories.AuthorityFactory(), *READERS)
    if stage is not None:
        assert status(client, url, elsewhere) == 404
    for role in set(Role) - {Role.AGENT}:
        sees = role in (Role.reading_cases() if stage == "case" else READERS)
        expected = 200 if role in who else 404 if stage is not None and not sees else 403
        assert status(client, url, factories.member(town, role)) == expected, role


def blamed(**changes):
    case = CaseFactory(filed=True, applicant=factories.UserFactory(), received_on=sanctioned.PRESENTED, **changes)
    zone = factories.ZoneFactory(authority=case.authority, commune=case.commune)
    return sanctioned.found(case.authority, zone=zone, application=case, blames_applicant=True)


def test_the_person_blamed_reads_and_answers_once_the_letter_is_sent(client):
    sanction = blamed()
    case = sanction.application
    page, url = reverse("application", args=[case.pk]), reverse("sanction-answer", args=[case.pk, sanction.pk])
    client.force_login(case.applicant)
    assert "sanction" not in client.get(page).content.decode()
    assert client.get(url).status_code == 404

    sanctioned.presented(sanction)

    assert "Présentez vos observations jusqu’au 10/07/2025" in client.get(page).content.decode()
    assert client.get(url).status_code == 200
    assert status(client, url) == 302
    for stranger in (factories.UserFactory(), sanctioned.jurist(case.authority)):
        assert status(client, url, stranger) == 404


def test_an_applicant_who_is_not_the_person_blamed_reads_nothing(client):
    sanction = blamed()
    Sanction.objects.filter(pk=sanction.pk).update(blames_applicant=False)
    sanctioned.presented(sanction)
    case = sanction.application
    assert status(client, reverse("sanction-answer", args=[case.pk, sanction.pk]), case.applicant) == 404
    client.force_login(case.applicant)
    assert sanction.number not in client.get(reverse("application", args=[case.pk])).content.decode()


def test_the_person_blamed_reads_the_fine_once_it_is_notified(client):
    sanction = sanctioned.fined(blamed())
    case = sanction.application
    act = sanction.acts.get(kind=ActKind.FINE)
    page, url = reverse("application", args=[case.pk]), reverse("act", args=[act.pk])
    assert status(client, url, case.applicant) == 404
    client.force_login(case.applicant)
    told = client.get(page).content.decode()
    assert "Le service décide de la suite" in told
    assert "Amende" not in told

    fines.notify(sanction, means="hand", notified_on=sanctioned.AFTER, by=sanctioned.jurist(case.authority), on=sanctioned.AFTER)

    response = client.get(url)
    assert (response.status_code, b"".join(response.streaming_content)[:5]) == (200, b"%PDF-")
    assert "Une amende de 2" in client.get(page).content.decode()
    sheet = sanction.acts.get(kind=ActKind.FINE_TITLE)
    render_act(act_id=sheet.pk)
    assert client.get(reverse("act", args=[sheet.pk])).status_code == 404


def test_the_acts_of_a_sanction_are_read_by_its_readers_alone(client):
    sanction = sanctioned.written()
    act = sanction.acts.get()
    render_act(act_id=act.pk)
    for role in set(Role) - {Role.AGENT}:
        client.force_login(factories.member(sanction.authority, role))
        response = client.get(reverse("act", args=[act.pk]))
        if response.streaming:
            b"".join(response.streaming_content)
        assert response.status_code == (200 if role in READERS else 404), role


def test_a_screen_that_is_past_answers_409(client):
    sanction = sanctioned.written()
    client.force_login(sanctioned.jurist(sanction.authority))
    response = client.get(reverse("sanction-letter", args=[sanction.pk]))
    assert response.status_code == 409
    assert "Lettre d’observations envoyée" in response.content.decode()


def test_a_case_shows_its_sanctions_to_those_who_read_them_and_lets_a_jurist_open_one(client):
    sanction = blamed()
    sanctions.close(sanction, reason="Vacant.", by=sanctioned.jurist(sanction.authority), on=sanctioned.FOUND)
    url = reverse("case", args=[sanction.application_id])
    for role, sees, opens in ((Role.LEGAL, True, True), (Role.MANAGER, True, False), (Role.OFFICER, False, False)):
        client.force_login(factories.member(sanction.authority, role))
        page = client.get(url).content.decode()
        assert (sanction.number in page, "Ouvrir une procédure de sanction" in page) == (sees, opens), role
