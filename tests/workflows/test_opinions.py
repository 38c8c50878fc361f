"""Opinions: asked with a day, given by a signed link without an account or noted by the service; no deadline ever moves."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from documents.models import StoredFile
from notifications.enums import Kind
from notifications.models import Message
from permis.enums import Adviser, OpinionOutcome
from permis.models import Application, Opinion
from tests import factories
from tests.workflows.test_actions import file
from workflows import opinions as addresses
from workflows.actions import intake, opinions, owed

pytestmark = pytest.mark.django_db
ON, DUE = date(2026, 3, 10), date(2026, 3, 20)
GIVEN = {"outcome": "unfavourable", "answer": "Humidité généralisée.", "answered_by": "Dr Weiss, médecin"}


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-03-12T12:00:00+00:00", tick=False)


@pytest.fixture
def filed(case):
    return file(case, on=ON)


@pytest.fixture
def opinion(filed, officer):
    return opinions.ask(
        filed, adviser=Adviser.ARS, name="ARS Gironde", email="avis@ars.example", question="Le logement est-il salubre ?",
        due_on=DUE, by=officer, on=ON,
    )  # fmt: skip


def path_of(opinion):
    return "".join(addresses.address(opinion).partition("/avis/")[1:])


def test_the_link_of_the_message_gives_the_opinion_without_an_account(client, opinion, filed):
    message = Message.objects.get(kind=Kind.OPINION_ASKED)
    assert message.recipient == "avis@ars.example"
    url = path_of(opinion)
    assert url in message.text
    page = client.get(url)
    assert "Le logement est-il salubre ?" in page.content.decode()
    assert not any(lessor.name in page.content.decode() for lessor in filed.lessors.all()), "nobody of the case is named"
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex")

    answer = client.post(url, GIVEN | {"upload": factories.upload()})
    assert answer.status_code == 200
    given = Opinion.objects.get()
    assert (given.outcome, given.answered_by, given.answered_on) == ("unfavourable", "Dr Weiss, médecin", date(2026, 3, 12))
    attached = given.attachments.get().file
    assert (attached.purpose, attached.uploaded_by) == ("opinion", None)
    after = Application.objects.get(pk=filed.pk)
    assert (after.state, after.tacit_on) == (filed.state, filed.tacit_on), "no deadline moves"
    assert [line.event for line in after.journal.order_by("-position")[:2]] == ["opinion_given", "opinion_asked"]
    assert client.post(url, GIVEN).status_code == 409, "an opinion is given once"


def test_what_an_adviser_sends_is_kept_from_the_landlord(client, opinion, filed, officer):
    client.post(path_of(opinion), GIVEN | {"upload": factories.upload()})
    kept = Opinion.objects.get().attachments.get().file
    assert not StoredFile.objects.visible_to(filed.applicant).filter(pk=kept.pk).exists()
    assert StoredFile.objects.visible_to(officer).filter(pk=kept.pk).exists()
    client.force_login(filed.applicant)
    page = client.get(reverse("application", args=[filed.pk])).content.decode()
    assert "ARS Gironde" not in page
    assert "Avis demandé" not in page


@pytest.mark.parametrize("tampered", [lambda token: token[:-1] + "x", lambda _: "x", lambda token: token.upper()])
def test_a_link_that_was_changed_opens_nothing(client, opinion, tampered):
    token = addresses.address(opinion).partition("/avis/")[2].rstrip("/")
    assert client.get(reverse("opinion", args=[tampered(token)])).status_code == 404


def test_a_link_sent_to_another_address_opens_nothing(client, opinion):
    url = path_of(opinion)
    Opinion.objects.update(email="autre@ars.example")
    assert client.get(url).status_code == 404


def test_an_incomplete_answer_is_shown_again_with_what_was_typed(client, opinion):
    url = path_of(opinion)
    page = client.post(url, {"answer": "Humidité généralisée.", "answered_by": ""})
    assert page.status_code == 422
    assert "Humidité généralisée." in page.content.decode()
    assert Opinion.objects.get().answered_on is None


def test_nothing_is_awaited_once_the_case_is_closed(client, opinion, filed):
    intake.withdraw(filed, by=filed.applicant, on=date(2026, 3, 11))
    url = path_of(opinion)
    assert "Vous n’avez rien à faire" in client.get(url).content.decode()
    with pytest.raises(opinions.OpinionClosed):
        opinions.give(Opinion.objects.get(), **GIVEN, answered_on=ON, by=None, on=ON)


def test_an_opinion_cannot_be_awaited_after_the_last_day(filed, officer):
    asked = {"adviser": Adviser.SYNDIC, "name": "Syndic", "email": "", "question": "Travaux votés ?", "by": officer, "on": ON}
    with pytest.raises(opinions.OpinionTooLate):
        opinions.ask(filed, due_on=filed.tacit_on + timedelta(days=1), **asked)
    assert opinions.ask(filed, due_on=filed.tacit_on, **asked).asked_by == officer
    assert not Message.objects.filter(kind=Kind.OPINION_ASKED).exists(), "nobody to write to"


def test_it_is_recalled_once_after_its_day(opinion, case):
    runs = [owed.of(case.authority, opinions.DUTIES, on=DUE + timedelta(days=days))["opinions recalled"] for days in (0, 1, 2)]
    assert runs == [0, 1, 0]
    assert Message.objects.filter(kind=Kind.OPINION_REMINDED).count() == 1


def test_the_service_notes_an_opinion_that_came_by_post(client, opinion, filed, officer):
    client.force_login(officer)
    url = reverse("case-opinion-record", args=[filed.pk, opinion.pk])
    assert client.post(url, GIVEN | {"answered_on": "13/03/2026"}).status_code == 422, "tomorrow"
    assert client.post(url, GIVEN | {"answered_on": "11/03/2026"}).status_code == 302
    assert Opinion.objects.get().answered_on == date(2026, 3, 11)
    page = client.get(filed.get_absolute_url()).content.decode()
    assert "Dr Weiss, médecin" in page
    assert "Défavorable" in page


def test_it_is_asked_from_the_case_page(client, filed, officer):
    client.force_login(officer)
    url = reverse("case-opinion-ask", args=[filed.pk])
    asked = {"adviser": "schs", "name": "SCHS", "email": "schs@ville.example", "question": "Avis ?", "due_on": "20/03/2026"}
    assert client.post(url, asked | {"due_on": "11/03/2026"}).status_code == 422
    assert client.post(url, asked | {"due_on": "20/05/2026"}).status_code == 422
    assert client.post(url, asked).status_code == 302
    assert "SCHS" in client.get(filed.get_absolute_url()).content.decode()


def test_only_the_service_of_the_case_asks(filed):
    stranger = factories.member(factories.AuthorityFactory(), Role.OFFICER)
    for person in (stranger, filed.applicant, factories.member(filed.authority, Role.INSPECTOR)):
        with pytest.raises(PermissionDenied):
            opinions.ask(filed, adviser=Adviser.ARS, name="ARS", email="", question="?", due_on=DUE, by=person, on=ON)
    assert not Opinion.objects.exists()


def test_every_outcome_may_be_given(opinion, officer):
    for outcome in OpinionOutcome:
        Opinion.objects.update(outcome="", answered_on=None)
        assert opinions.give(opinion, **(GIVEN | {"outcome": outcome}), answered_on=ON, by=officer, on=ON).outcome == outcome
