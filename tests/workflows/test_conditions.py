"""The landlord proves the prescribed works, the service looks at what came and says whether they are done."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from documents import examining
from notifications.models import Message
from permis import journal
from permis.enums import ConditionState
from permis.models.journal import Event
from tests import factories
from tests.workflows.test_rights import STAFF, at
from workflows import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(town):
    return factories.member(town, *STAFF)


@pytest.fixture
def case(client, town, boss):
    application = at("conditional", town, boss)
    client.force_login(application.applicant)
    return application


def address(case):
    return reverse("application-prove-work", args=[case.pk, case.decision.works.get().pk])


def send(client, case, *files):
    return client.post(address(case), {"upload": list(files) or factories.upload(b"%PDF-facture")})


def test_a_proof_waits_for_the_service_and_is_seen_by_both(client, case, boss):
    page = client.get(reverse("application", args=[case.pk])).content.decode()
    assert address(case) in page

    assert send(client, case, factories.upload(factories.PDF + b"1"), factories.upload(factories.PDF + b"2")).status_code == 302
    work = case.decision.works.get()
    assert work.state == ConditionState.PROOF_RECEIVED
    entry = case.journal.order_by("-position").first()
    assert (entry.event, entry.author, len(entry.facts["files"])) == (Event.WORKS_PROVED, case.applicant, 2)
    assert list(journal.faults(case)) == []
    message = Message.objects.filter(kind="works_proved").get()
    assert work.work in message.text

    file = examining.examine(case.files.order_by("pk").last())
    link = reverse("file", args=[file.pk])
    assert link in client.get(reverse("application", args=[case.pk])).content.decode()
    client.force_login(boss)
    assert link in client.get(reverse("case-works", args=[case.pk])).content.decode()
    assert link in client.get(reverse("case", args=[case.pk])).content.decode()
    assert "Vérifier une preuve de travaux" in client.get(reverse("worklist")).content.decode()
    assert client.get(link).status_code == 302


def test_a_proof_that_does_not_convince_is_asked_again(client, case, boss):
    send(client, case)
    client.force_login(boss)
    client.post(reverse("case-works", args=[case.pk]), {"work": case.decision.works.get().pk, "met": "no"})
    client.force_login(case.applicant)
    assert "n’a pas suffi" in client.get(address(case)).content.decode()
    assert send(client, case, factories.upload(b"%PDF-autre")).status_code == 302
    assert send(client, case, factories.upload(b"%PDF-encore")).status_code == 302
    assert case.decision.works.get().state == ConditionState.PROOF_RECEIVED
    assert case.journal.filter(event=Event.WORKS_PROVED).count() == 3


@pytest.mark.parametrize(
    ("file", "message"),
    [(SimpleUploadedFile("facture.docx", b"PK\x03\x04"), "n’est ni un PDF ni une photo"), ("", "Choisissez un fichier")],
)
def test_a_file_of_no_use_proves_nothing(client, case, file, message):
    answer = client.post(address(case), {"upload": file})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert case.decision.works.get().state == ConditionState.OPEN
    assert not case.journal.filter(event=Event.WORKS_PROVED).exists()


def told(case):
    """What the worker does once the files were examined."""
    for file in case.files.order_by("pk"):
        tasks.tell_of_unusable_file(file_id=examining.examine(file).pk)


def test_a_proof_that_does_not_open_proves_nothing_and_both_are_told(client, case, boss):
    send(client, case, factories.upload(b"%PDF-1.4 and nothing more"))
    told(case)
    told(case)
    assert case.decision.works.get().state == ConditionState.OPEN
    proof = case.files.order_by("pk").last()
    messages = Message.objects.filter(kind="file_unusable", recipient=case.applicant.email)
    assert messages.filter(text__contains="Preuve des travaux – Séjour").count() == 1
    assert case.journal.filter(event=Event.FILE_UNUSABLE, facts__file=proof.pk).count() == 1
    assert list(journal.faults(case)) == []
    client.force_login(boss)
    for person, name in ((case.applicant, "application"), (boss, "case-works"), (boss, "case")):
        client.force_login(person)
        page = client.get(reverse(name, args=[case.pk])).content.decode().replace("\u00a0", " ")
        assert "Ce fichier ne s’ouvre pas : envoyez-en un autre" in page, name
    assert "Vérifier une preuve de travaux" not in client.get(reverse("worklist")).content.decode()


def test_a_good_proof_beside_a_bad_one_is_still_to_be_looked_at(client, case):
    send(client, case, factories.upload(b"%PDF-1.4 and nothing more"), factories.upload(factories.PDF + b"1"))
    told(case)
    assert case.decision.works.get().state == ConditionState.PROOF_RECEIVED


def test_a_proof_looked_at_before_does_not_stand_for_one_that_does_not_open(client, case, boss):
    send(client, case, factories.upload(factories.PDF + b"1"))
    client.force_login(boss)
    client.post(reverse("case-works", args=[case.pk]), {"work": case.decision.works.get().pk, "met": "no"})
    client.force_login(case.applicant)
    send(client, case, factories.upload(b"%PDF-1.4 and nothing more"))
    told(case)
    assert case.decision.works.get().state == ConditionState.OPEN


def test_works_of_another_case_are_not_found(client, case, town, boss):
    other = at("conditional", town, boss)
    url = reverse("application-prove-work", args=[case.pk, other.decision.works.get().pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"upload": factories.upload()}).status_code == 404


def test_once_the_works_are_found_done_nothing_is_to_be_proved(client, case, boss):
    send(client, case)
    client.force_login(boss)
    client.post(reverse("case-works", args=[case.pk]), {"work": case.decision.works.get().pk, "met": "yes"})
    client.force_login(case.applicant)
    assert send(client, case, factories.upload(b"%PDF-trop-tard")).status_code == 409
    assert address(case) not in client.get(reverse("application", args=[case.pk])).content.decode()


def test_the_service_records_a_proof_that_came_on_paper(client, case, town):
    officer = factories.member(town, Role.OFFICER)
    client.force_login(officer)
    assert address(case) in client.get(reverse("case-works", args=[case.pk])).content.decode()
    answer = send(client, case)
    assert (answer.status_code, answer.url) == (302, reverse("case-works", args=[case.pk]))
    assert case.journal.order_by("-position").first().author == officer
