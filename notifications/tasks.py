"""Delivery of the outbox."""

from datetime import timedelta
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from documents import storage
from documents.models import Act
from notifications.enums import MessageState
from notifications.models import Message

MAX_ATTEMPTS = 8
FORGOTTEN_AFTER = timedelta(minutes=15)


class ActNotReady(Exception):
    """The act that the message carries is still being rendered; delivery is tried again."""


@app.task(retry=RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=2))
def deliver(*, message_id: int) -> None:
    """Hand one message to the mail server; done once, harmless twice."""
    try:
        _deliver(message_id)
    except Exception as error:
        _record_failure(message_id, error)
        raise


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="deliver_forgotten")
def deliver_forgotten(timestamp: int) -> None:
    """Defer again the messages whose job was lost with a worker."""
    since = timezone.now() - FORGOTTEN_AFTER
    for pk in Message.objects.filter(state=MessageState.TO_SEND, created_at__lt=since).values_list("pk", flat=True):
        deliver.defer(message_id=pk)


@transaction.atomic
def _deliver(message_id: int) -> None:
    message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
    if message.state == MessageState.SENT:
        return
    _mail(message).send()
    message.state, message.sent_at, message.error = MessageState.SENT, timezone.now(), ""
    message.attempts += 1
    message.save()


def _mail(message: Message) -> EmailMultiAlternatives:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=formataddr((message.sender_name or "Permis de louer", settings.DEFAULT_FROM_EMAIL)),
        to=[message.recipient],
        reply_to=[message.reply_to] if message.reply_to else None,
        # The same at each attempt: a server that already took the message recognises it.
        headers={"Message-ID": f"<message-{message.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(message.html, "text/html")
    for act in Act.objects.filter(pk__in=message.acts).order_by("pk").select_related("application"):
        if not act.sha256:
            raise ActNotReady
        with storage.open_stored(act) as stored:
            mail.attach(f"{act.kind}-{act.pk}.pdf", stored.read(), "application/pdf")
    return mail


def _record_failure(message_id: int, error: Exception) -> None:
    message = Message.objects.get(pk=message_id)
    message.attempts += 1
    message.error = type(error).__name__
    if message.attempts > MAX_ATTEMPTS:
        message.state = MessageState.FAILED
    message.save(update_fields=["attempts", "error", "state"])
