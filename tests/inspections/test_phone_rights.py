"""Who may speak for a visit, role by role; a phone that is revoked is told so, whoever holds it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client

from accounts.enums import Role
from inspections.models import Device, Entry
from tests import factories
from tests.inspections.phones import Phone, picture

pytestmark = pytest.mark.django_db
INSPECT = {Role.OFFICER, Role.INSPECTOR, Role.MANAGER}
READ = {*INSPECT, Role.SIGNATORY, Role.LEGAL, Role.AUDITOR}


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def asked(client, visit):
    """What each question of a phone is answered."""
    phone = Phone(client, visit)
    sent = phone.send(phone.answer())
    photo = phone.put(str(uuid4()), 0, picture())
    return [sent, photo, client.get(f"/visites/{visit.pk}/photos/{uuid4()}/"), phone.finish()]


def test_signed_out_it_pauses(visit):
    client = Client()
    for answer in [*asked(client, visit), client.get("/visites/telephone/journee/")]:
        assert (answer.status_code, answer.json()) == (401, {"signed_out": True})


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.AGENT}))
def test_roles_of_this_town(role, visit, town):
    expected = [200, 404, 404, 409] if role in INSPECT else [403] * 4 if role in READ else [404] * 4
    assert [each.status_code for each in asked(client_of(factories.member(town, role)), visit)] == expected
    assert Entry.objects.exists() == (role in INSPECT)


def test_another_town_and_the_landlord(visit):
    elsewhere = factories.member(factories.AuthorityFactory(), *INSPECT)
    assert {each.status_code for each in asked(client_of(elsewhere), visit)} == {404}
    answers = asked(client_of(visit.application.applicant), visit)
    assert {each.status_code for each in answers} == {403}
    assert answers[0].json() == {"error": "Cette visite n’est pas de votre ressort."}


def test_a_person_without_a_visit_has_an_empty_day(visit):
    answer = client_of(visit.application.applicant).get("/visites/telephone/journee/")
    assert (answer.status_code, answer.json()["visits"]) == (200, [])


def test_without_its_token_nothing_is_taken(visit, inspector):
    client = Client(enforce_csrf_checks=True)
    client.force_login(inspector)
    phone = Phone(client, visit)
    assert phone.send(phone.answer()).status_code == 403
    token = client.get("/visites/telephone/journee/").json()["csrf"]
    client.defaults["HTTP_X_CSRFTOKEN"] = token
    assert phone.send(phone.answer() | {"sequence": 1}).status_code == 200


def test_a_revoked_phone_is_told_to_forget_and_signed_out(phone, signed_in, visit):
    phone.send(phone.answer())
    assert signed_in.post(f"/visites/telephones/{phone.device}/effacer/").status_code == 302
    answer = phone.send(phone.answer("H05"))
    assert (answer.status_code, answer.json()) == (403, {"revoked": True})
    assert Entry.objects.count() == 1
    assert "_auth_user_id" not in signed_in.session
    again = signed_in.get("/visites/telephone/journee/", {"device": str(phone.device)})
    assert (again.status_code, again.json()) == (403, {"revoked": True}), "signed out too: it must forget"


def test_one_reads_ones_own_phones_and_a_manager_those_of_the_people(phone, signed_in, town):
    phone.send(phone.answer())
    assert "Téléphone" in signed_in.get("/visites/telephones/").content.decode()
    colleague = client_of(factories.member(town, Role.INSPECTOR))
    assert "Aucun téléphone" in colleague.get("/visites/telephones/").content.decode()
    assert colleague.post(f"/visites/telephones/{phone.device}/effacer/").status_code == 404
    stranger = client_of(factories.member(factories.AuthorityFactory(), Role.MANAGER))
    assert stranger.post(f"/visites/telephones/{phone.device}/effacer/").status_code == 404
    for role in (Role.MANAGER, Role.ADMINISTRATOR):
        Device.objects.update(revoked_at=None)
        page = client_of(factories.member(town, role))
        assert phone.visit.inspector.full_name in page.get("/visites/telephones/").content.decode()
        assert page.post(f"/visites/telephones/{phone.device}/effacer/").status_code == 302
        assert Device.objects.get().revoked_at is not None


def test_the_list_of_phones_costs_the_same_for_many(signed_in, inspector, django_assert_num_queries):
    for _ in range(2):
        Device.objects.create(id=uuid4(), user=inspector, label="Un", last_seen_at=datetime(2026, 3, 1, tzinfo=UTC))
    signed_in.get("/visites/telephones/")
    with django_assert_num_queries(4):
        signed_in.get("/visites/telephones/")
    for _ in range(10):
        Device.objects.create(id=uuid4(), user=inspector, label="Un", last_seen_at=datetime(2026, 3, 1, tzinfo=UTC))
    with django_assert_num_queries(4):
        signed_in.get("/visites/telephones/")
