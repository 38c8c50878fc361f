"""Messages of a case: both sides write and read, files come along, and nothing of it moves a deadline."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from documents import receiving
from notifications.enums import Kind
from notifications.models import Message
from permis import guards
from permis.models import Application, Exchange
from tests import factories
from tests.workflows.test_actions import DEPOSIT, file
from workflows.actions import exchanges

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(case):
    return file(case)


def test_a_question_and_its_answer_reach_the_other_side(client, filed, officer):
    client.force_login(filed.applicant)
    page = client.post(reverse("application-exchanges", args=[filed.pk]), {"text": "Puis-je avancer la visite ?"})
    assert page.status_code == 302
    assert Message.objects.get(kind=Kind.LANDLORD_WROTE).recipient == officer.email
    client.force_login(officer)
    assert "1 non lu" in client.get(filed.get_absolute_url()).content.decode().replace("\u00a0", " ")
    thread = client.get(reverse("case-exchanges", args=[filed.pk])).content.decode()
    assert "Puis-je avancer la visite ?" in thread
    assert Exchange.objects.get().read_at is not None
    client.post(reverse("case-exchanges", args=[filed.pk]), {"text": "Oui, lundi.", "upload": factories.upload()})
    assert "Oui, lundi." in Message.objects.filter(kind=Kind.SERVICE_WROTE).first().text
    client.force_login(filed.applicant)
    page = client.get(reverse("application-exchanges", args=[filed.pk])).content.decode()
    assert "Oui, lundi." in page
    assert "Lu le" in page
    assert [each.from_service for each in Exchange.objects.order_by("pk")] == [False, True]
    attached = Exchange.objects.last().attachments.get().file
    assert attached.purpose == "exchange"
    after = Application.objects.get(pk=filed.pk)
    assert (after.state, after.tacit_on) == (filed.state, filed.tacit_on)


def test_an_auditor_reads_nothing_in_their_place(filed, officer):
    exchanges.write(filed, text="Bonjour", by=filed.applicant, on=DEPOSIT)
    auditor = factories.member(filed.authority, Role.AUDITOR)
    assert exchanges.mark_read(filed, by=auditor, at=filed.created_at) == 0
    assert exchanges.mark_read(filed, by=officer, at=filed.created_at) == 1


def test_a_file_that_is_refused_loses_nothing_of_the_text(client, filed):
    client.force_login(filed.applicant)
    url = reverse("application-exchanges", args=[filed.pk])
    page = client.post(url, {"text": "Voici la facture", "upload": factories.upload(b"MZ not a document", "virus.exe")})
    assert page.status_code == 422
    assert "Voici la facture" in page.content.decode()
    many = [factories.upload(name=f"{number}.pdf") for number in range(6)]
    page = client.post(url, {"text": "Voici les factures", "upload": many})
    assert (page.status_code, "5 fichiers au plus" in page.content.decode()) == (422, True)
    assert not Exchange.objects.exists()


def test_attachments_take_room_of_the_case(filed, monkeypatch):
    monkeypatch.setattr(receiving, "MAX_CASE_FILES", receiving.used(filed)["files"])
    with pytest.raises(receiving.FileRefused):
        receiving.receive(filed, factories.upload(b"%PDF-1.4 autre"), by=filed.applicant, purpose="exchange")


def test_strangers_and_drafts_have_no_thread(case, officer):
    with pytest.raises(guards.WrongState):
        exchanges.write(case, text="Bonjour", by=case.applicant, on=DEPOSIT)
    filed = file(case)
    for person in (
        factories.UserFactory(),
        factories.member(filed.authority, Role.SIGNATORY),
        factories.member(factories.AuthorityFactory(), Role.OFFICER),
    ):
        with pytest.raises(PermissionDenied):
            exchanges.write(filed, text="Bonjour", by=person, on=DEPOSIT)


def test_the_queries_of_a_thread_do_not_grow_with_it(client, filed, officer, django_assert_max_num_queries):
    for number in range(3):
        exchange = exchanges.write(filed, text=f"Message {number}", by=filed.applicant, on=DEPOSIT)
        assert exchange.pk
    client.force_login(officer)
    url = reverse("case-exchanges", args=[filed.pk])
    with django_assert_max_num_queries(50) as few:
        client.get(url)
    for number in range(12):
        exchanges.write(filed, text=f"Encore {number}", by=officer, on=DEPOSIT)
    with django_assert_max_num_queries(len(few)):
        client.get(url)
