"""Delivery: once, with the acts, again after a failure, and never forgotten."""

import asyncio
import threading
from datetime import timedelta
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from documents import storage
from documents.acts import ActNotReady
from notifications import tasks
from notifications.enums import MessageState
from notifications.models import Message
from notifications.tasks import RETRIES, deliver, deliver_forgotten
from tests.notifications.factories import ActFactory, MessageFactory

PDF = b"%PDF-1.7 sealed"


class BrokenServer:
    """A mail server that hangs up."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class StrictServer:
    """A mail server that refuses the recipient, with the code in their address."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        recipient = messages[0].to[0]
        raise SMTPRecipientsRefused({recipient: (int(recipient.partition("@")[0]), b"Refused")})


@pytest.fixture
def broken_server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenServer"


def waiting(message, *, minutes):
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))


async def work_until_idle():
    """A real worker, over a connection of its own, that stops when no job is due."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        async with working.open_async():
            await working.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)


def deliveries():
    return ProcrastinateJob.objects.filter(task_name=deliver.name).order_by("pk")


def deferred_messages():
    return [job.args["message_id"] for job in deliveries()]


@pytest.mark.django_db
def test_a_message_leaves_with_its_headers_and_both_its_forms(mailoutbox):
    message = MessageFactory(sender_name="Commune d’Étauliers, service « Habitat »", reply_to="habitat@collectivite.test")

    deliver(message_id=message.pk)

    [mail] = mailoutbox
    assert mail.to == [message.recipient]
    assert parseaddr(mail.message()["From"])[1] == "permis-de-louer@localhost"
    assert mail.reply_to == ["habitat@collectivite.test"]
    assert mail.extra_headers["Message-ID"] == f"<message-{message.pk}@localhost>"
    assert mail.body == message.text
    assert mail.alternatives[0].mimetype == "text/html"


@pytest.mark.django_db
def test_a_message_is_marked_sent_with_its_moment(mailoutbox):
    message = MessageFactory(error="SMTPServerDisconnected")

    deliver(message_id=message.pk)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == (MessageState.SENT, 1, "")
    assert message.sent_at is not None


@pytest.mark.django_db
def test_a_message_already_sent_is_not_sent_again(mailoutbox):
    message = MessageFactory()

    deliver(message_id=message.pk)
    deliver(message_id=message.pk)

    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_a_message_once(mailoutbox):
    message = MessageFactory()
    start = threading.Barrier(2)

    def work():
        start.wait()
        deliver(message_id=message.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_waits_for_a_worker_and_leaves_with_it(mailoutbox):
    message = MessageFactory()
    deliver.defer(message_id=message.pk)
    assert mailoutbox == []

    asyncio.run(work_until_idle())

    assert [mail.to for mail in mailoutbox] == [[message.recipient]]
    assert deliveries().get().status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_a_worker_tries_again_later_what_failed(broken_server):
    message = MessageFactory()
    deliver.defer(message_id=message.pk)

    asyncio.run(work_until_idle())

    job = deliveries().get()
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at > timezone.now()


@pytest.mark.django_db
def test_an_act_is_attached_once_it_is_rendered(mailoutbox):
    message = MessageFactory()
    act = ActFactory(application=message.application)
    message.acts.add(act)

    with pytest.raises(ActNotReady):
        deliver(message_id=message.pk)
    assert mailoutbox == []

    act.sha256 = storage.sha256_of(PDF)
    storage.put(act.key, ContentFile(PDF))
    act.save()
    deliver(message_id=message.pk)

    assert mailoutbox[0].attachments == [(f"registration-{act.pk}.pdf", PDF, "application/pdf")]


@pytest.mark.django_db
def test_an_appointment_is_attached_as_a_calendar(mailoutbox):
    message = MessageFactory(calendar="BEGIN:VCALENDAR\r\n")

    deliver(message_id=message.pk)

    assert [(name, mimetype) for name, _, mimetype in mailoutbox[0].attachments] == [("visite.ics", "text/calendar")]


@pytest.mark.django_db
def test_a_failure_is_counted_and_the_message_waits(broken_server):
    message = MessageFactory()

    with pytest.raises(SMTPServerDisconnected):
        deliver(message_id=message.pk)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.TO_SEND, 1)
    assert message.error == "SMTPServerDisconnected Connection unexpectedly closed"


@pytest.mark.django_db
def test_a_message_fails_for_good_with_its_last_try(broken_server):
    message = MessageFactory(attempts=RETRIES)

    with pytest.raises(SMTPServerDisconnected):
        deliver(message_id=message.pk)

    message.refresh_from_db()
    assert message.state == MessageState.FAILED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "state", "status"), [(550, MessageState.FAILED, "failed"), (450, MessageState.TO_SEND, "todo")])
def test_an_address_refused_for_good_fails_at_once_and_one_refused_for_now_waits(code, state, status, settings):
    settings.EMAIL_BACKEND = f"{__name__}.StrictServer"
    message = MessageFactory(recipient=f"{code}@exemple.test")
    deliver.defer(message_id=message.pk)

    asyncio.run(work_until_idle())

    message.refresh_from_db()
    assert (message.state, deliveries().get().status) == (state, status)


@pytest.mark.django_db
def test_a_failure_does_not_undo_what_another_worker_sent(mailoutbox):
    message = MessageFactory()
    deliver(message_id=message.pk)

    tasks._record_failure(message.pk, SMTPServerDisconnected())

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENT, 1)


def test_the_last_try_comes_after_a_night():
    waits = [deliver.retry_strategy.exponential_wait ** (attempt + 1) for attempt in range(RETRIES)]

    assert timedelta(seconds=sum(waits)) > timedelta(hours=12)


@pytest.mark.django_db
def test_a_message_whose_job_is_gone_is_deferred_again():
    lost = MessageFactory()
    waiting(lost, minutes=6)

    deliver_forgotten(timestamp=0)

    assert deferred_messages() == [lost.pk]


@pytest.mark.django_db
def test_messages_that_are_new_sent_failed_or_have_their_job_are_left_alone():
    MessageFactory()
    sent = MessageFactory(state=MessageState.SENT, sent_at=timezone.now())
    failed = MessageFactory(state=MessageState.FAILED)
    queued = MessageFactory()
    deliver.defer(message_id=queued.pk)
    for message in (sent, failed, queued):
        waiting(message, minutes=60)

    deliver_forgotten(timestamp=0)
    deliver_forgotten(timestamp=0)

    assert deferred_messages() == [queued.pk]
