"""Delivery of the outbox."""

import logging
from datetime import timedelta
from email.utils import formataddr
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate import RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from documents import storage
from documents.acts import ActNotReady
from notifications import exports, transmissions
from notifications.enums import MessageState
from notifications.models import Message, Slip

logger = logging.getLogger(__name__)

# 2 + 4 + 8 … seconds: the last try comes eighteen hours after the first, so that a night without mail server loses nothing.
RETRIES = 15
FORGOTTEN_AFTER = timedelta(minutes=5)


class UntilAccepted(RetryStrategy):
    """Try again for as long as it may help: an address that the server refuses for good is refused tomorrow too."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        return None if _is_refused_for_good(exception) else super().get_retry_decision(exception=exception, job=job)


@app.task(retry=UntilAccepted(max_attempts=RETRIES, exponential_wait=2))
def deliver(*, message_id: int) -> None:
    """Hand one message to the mail server; done once, harmless twice."""
    try:
        _deliver(message_id)
    except Exception as error:
        _record_failure(message_id, error)
        raise


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="deliver_forgotten")
def deliver_forgotten(timestamp: int) -> None:  # noqa: ARG001 (given by the scheduler)
    """Defer again the messages whose job is gone, lost with its worker or removed by hand."""
    jobs = ProcrastinateJob.objects.filter(task_name=deliver.name, status__in=["todo", "doing"])
    named = jobs.annotate(message=Cast(KT("args__message_id"), BigIntegerField())).filter(message=OuterRef("pk"))
    forgotten = Message.objects.waiting_since(timezone.now() - FORGOTTEN_AFTER).exclude(Exists(named))
    for pk in forgotten.order_by("pk").values_list("pk", flat=True):
        deliver.defer(message_id=pk)


@transaction.atomic
def _deliver(message_id: int) -> None:
    message = Message.objects.locked().get(pk=message_id)
    if message.state == MessageState.SENT:
        return
    _mail(message).send()
    message.state, message.sent_at, message.error = MessageState.SENT, timezone.now(), ""
    message.attempts += 1
    message.save()
    transmissions.was_delivered(message, at=message.sent_at, reference=_message_id(message))


def _mail(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=formataddr((message.sender_name, settings.DEFAULT_FROM_EMAIL)),
        to=[message.recipient],
        reply_to=[message.reply_to] if message.reply_to else None,
        # The same at each attempt: a server that already took the message recognises it.
        headers={"Message-ID": _message_id(message), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(message.html, "text/html")
    for act in message.acts.select_related("application", "sanction").order_by("pk"):
        if not act.sha256:
            raise ActNotReady(act)  # delivery is tried again
        with storage.open_stored(act) as stored:
            mail.attach(f"{act.kind}-{act.pk}.pdf", stored.read(), "application/pdf")
    if message.calendar:
        mail.attach("visite.ics", message.calendar, "text/calendar")
    if slip := Slip.objects.select_related("recipient").filter(message=message).first():
        for name, content, content_type in exports.files_of(slip):
            mail.attach(name, content, content_type)
    return mail


def _message_id(message: Message) -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    return f"<message-{message.pk}@{domain}>"


@transaction.atomic
def _record_failure(message_id: int, error: Exception) -> None:
    """Count the attempt, unless another worker sent the message meanwhile."""
    message = Message.objects.locked().get(pk=message_id)
    if message.state == MessageState.SENT:
        return
    message.attempts += 1
    message.error = f"{type(error).__name__} {error}".strip()[:250]
    if message.attempts > RETRIES or _is_refused_for_good(error):
        message.state = MessageState.FAILED
        transmissions.was_not_delivered(message)
    message.save()
    logger.warning("message not delivered id=%s attempt=%s error=%s", message.pk, message.attempts, type(error).__name__)


def _is_refused_for_good(error: BaseException) -> bool:
    return isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code, _ in error.recipients.values())
