"""Who receives what, in the transaction of the change that calls for it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.enums import Role
from documents.enums import ActKind
from notifications import outbox
from notifications.enums import Kind, MessageState
from notifications.models import Message
from permis.models import Agent, Lessor
from tests.factories import AuthorityFactory, UserFactory, member
from tests.notifications import samples
from tests.notifications.factories import ActFactory, CaseFactory, MessageFactory

pytestmark = pytest.mark.django_db


def enqueue(kind, application, **context):
    return outbox.enqueue(kind, application=application, on=samples.ON, **{**samples.needed_by(kind), **context})


def recipients(kind, application):
    return {message.recipient for message in enqueue(kind, application)}


@pytest.mark.parametrize("kind", Kind.to_landlords())
def test_what_concerns_the_landlord_goes_to_applicant_lessors_and_agent(kind):
    application = CaseFactory(
        conditional=True, applicant=UserFactory(email="compte@exemple.test"), lessor_email="un@exemple.test"
    )
    Lessor.objects.create(application=application, position=1, last_name="Duprat", email="DEUX@exemple.test ")
    Lessor.objects.create(application=application, position=2, last_name="Martin", email="")
    Agent.objects.create(application=application, name="Agence", activity="Gestion", address="1 rue", email="agence@exemple.test")
    member(application.authority, Role.OFFICER)

    expected = {"compte@exemple.test", "un@exemple.test", "deux@exemple.test", "agence@exemple.test"}
    assert recipients(kind, application) == expected


def test_a_person_who_applies_and_lets_is_written_to_once():
    application = CaseFactory(filed=True, applicant=UserFactory(email="helene@exemple.test"), lessor_email="Helene@Exemple.test")

    [message] = enqueue(Kind.SUBMITTED, application)

    assert message.recipient == "helene@exemple.test"


def test_a_paper_application_without_any_address_writes_to_nobody():
    application = CaseFactory(filed=True, lessor_email="")

    assert enqueue(Kind.SUBMITTED, application) == []


@pytest.mark.parametrize(
    "kind", [kind for kind in Kind if kind.roles and kind not in (*Kind.without_case(), *Kind.of_sanctions())]
)
def test_what_concerns_the_service_goes_to_the_roles_of_its_own_authority(kind):
    application = CaseFactory(complete=True)
    here, elsewhere = application.authority, AuthorityFactory()
    members = {role: member(here, role) for role in Role if role != Role.AGENT}
    for role in kind.roles:
        member(elsewhere, role)
        member(here, role, is_active=False)

    assert recipients(kind, application) == {members[role].email for role in kind.roles}


def test_one_person_with_two_of_the_roles_is_written_to_once():
    application = CaseFactory(complete=True)
    person = member(application.authority, Role.OFFICER, Role.MANAGER)

    [message] = enqueue(Kind.DEADLINE_ALERT, application)

    assert message.recipient == person.email


def test_a_message_comes_from_the_authority_and_is_answered_there():
    application = CaseFactory(filed=True, authority__name="Commune de\r\nVal-d’Été")

    [message] = enqueue(Kind.SUBMITTED, application)

    assert message.sender_name == "Commune de Val-d’Été"
    assert message.reply_to == application.authority.email
    assert f"/mes-demandes/{application.pk}/" in message.text


def test_agents_are_led_to_the_case():
    application = CaseFactory(complete=True)
    member(application.authority, Role.SIGNATORY)

    [message] = enqueue(Kind.DECISION_TO_SIGN, application)

    assert f"/dossiers/{application.pk}/" in message.html


def test_the_message_its_acts_and_its_job_are_written_together():
    application = CaseFactory(filed=True)
    act = ActFactory(application=application, kind=ActKind.REGISTRATION)

    [message] = enqueue(Kind.SUBMITTED, application, acts=[act.pk])

    assert message.state == MessageState.TO_SEND
    assert list(message.acts.all()) == [act]
    assert ProcrastinateJob.objects.get().args == {"message_id": message.pk}


def test_a_change_that_is_rolled_back_leaves_neither_message_nor_job():
    application = CaseFactory(filed=True)

    with transaction.atomic():
        enqueue(Kind.SUBMITTED, application)
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_a_name_that_the_text_needs_cannot_be_forgotten():
    application = CaseFactory(filed=True)

    with pytest.raises(TypeError, match="reason"):
        outbox.enqueue(Kind.OUT_OF_SCOPE, application=application, on=samples.ON)


def test_what_is_written_once_for_a_reason_is_not_written_again_for_it():
    application = CaseFactory(complete=True)
    member(application.authority, Role.OFFICER)

    first = enqueue(Kind.DEADLINE_ALERT, application, once="2026-11-27")
    again = enqueue(Kind.DEADLINE_ALERT, application, once="2026-11-27")
    later = enqueue(Kind.DEADLINE_ALERT, application, once="2026-11-30")

    assert (len(first), len(again), len(later)) == (1, 0, 1)
    assert ProcrastinateJob.objects.count() == 2


def test_a_message_without_reason_to_be_alone_is_written_each_time():
    application = CaseFactory(incomplete=True)

    enqueue(Kind.REMINDER, application)
    enqueue(Kind.REMINDER, application)

    assert Message.objects.count() == 2


def test_hours_are_those_of_the_authority():
    application = CaseFactory(complete=True, authority__time_zone="Indian/Reunion")
    visit = SimpleNamespace(**{**vars(samples.VISIT), "starts_at": datetime(2026, 11, 26, 21, 30, tzinfo=UTC)})

    [message] = enqueue(Kind.VISIT_CANCELLED, application, visit=visit)

    assert "27 novembre 2026" in message.subject.replace("\N{NO-BREAK SPACE}", " ")
    assert "1 h 30" in message.text.replace("\N{NO-BREAK SPACE}", " ")


def test_an_appointment_carries_a_calendar_and_its_cancellation_takes_it_back():
    application = CaseFactory(complete=True)

    [planned] = enqueue(Kind.VISIT_PLANNED, application)
    [cancelled] = enqueue(Kind.VISIT_CANCELLED, application)
    [missed] = enqueue(Kind.VISIT_MISSED, application)

    assert "METHOD:PUBLISH" in planned.calendar
    assert "METHOD:CANCEL" in cancelled.calendar
    assert "UID:visit-7@" in planned.calendar
    assert "UID:visit-7@" in cancelled.calendar
    assert missed.calendar == ""


def test_a_landlord_reads_again_their_own_messages_and_never_those_of_the_service():
    application = CaseFactory(complete=True, applicant=UserFactory())
    officer = member(application.authority, Role.OFFICER)
    stranger = member(AuthorityFactory(), Role.OFFICER)
    member(application.authority, Role.SIGNATORY)
    elected = member(application.authority, Role.ELECTED)
    MessageFactory(application=application, kind=Kind.RECEIPT)
    MessageFactory(application=application, kind=Kind.DECISION_TO_SIGN)

    def seen_by(user):
        return set(Message.objects.visible_to(user).values_list("kind", flat=True))

    assert seen_by(application.applicant) == {Kind.RECEIPT}
    assert seen_by(officer) == {Kind.RECEIPT, Kind.DECISION_TO_SIGN}
    assert seen_by(stranger) == seen_by(elected) == set()


@pytest.mark.parametrize(("kind", "with_case"), [(Kind.SUBMITTED, False), (Kind.PASSWORD_RESET, True)])
def test_only_messages_about_accounts_have_no_case(kind, with_case):
    message = MessageFactory.build(kind=kind, application=CaseFactory(filed=True) if with_case else None, sender_name="X")

    with pytest.raises(IntegrityError), transaction.atomic():
        message.save()
