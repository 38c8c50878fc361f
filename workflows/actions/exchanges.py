"""Messages between a landlord and the service: kept in the case, told by e-mail, read or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from documents.models import Attachment, StoredFile
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.enums import State
from permis.models import Application, Exchange
from permis.models.journal import Event
from workflows.guards import require_permission


@transaction.atomic
def write(application: Application, *, text: str, files: Iterable[StoredFile] = (), by: User, on: date) -> Exchange:
    """Écrire à l’autre partie, avec des pièces jointes ; cela ne vaut ni demande de pièces, ni notification."""
    application = Application.objects.locked().get(pk=application.pk)
    from_service = permissions.can_inspect(application, by) and not permissions.is_applicant(application, by)
    require_permission(from_service or permissions.is_applicant(application, by))
    if application.state == State.DRAFT:
        raise guards.WrongState
    exchange = Exchange.objects.create(application=application, author=by, from_service=from_service, text=text)
    Attachment.objects.bulk_create(Attachment(exchange=exchange, file=file) for file in files)
    journal.record(application, Event.WRITTEN, by=by, on=on, exchange=exchange.pk, from_service=from_service)
    if from_service:
        outbox.enqueue(Kind.SERVICE_WROTE, application=application, on=on, text=text)
    else:
        outbox.enqueue(Kind.LANDLORD_WROTE, application=application, on=on, author=by.full_name)
    return exchange


def mark_read(application: Application, *, by: User, at: datetime) -> int:
    """Ce que l’autre partie a écrit est lu par qui ouvre le fil ; l’auditeur qui le lit ne compte pas."""
    if permissions.is_applicant(application, by):
        return application.exchanges.unread_by_landlord().update(read_at=at)
    if permissions.can_inspect(application, by):
        return application.exchanges.unread_by_service().update(read_at=at)
    return 0
