"""A large export: made by the worker, told of once, opened by one person, gone after a week."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from documents import reconciling, storage
from documents.backends import StorageFailed
from notifications.enums import Kind
from notifications.models import Message
from notifications.tasks import deliver
from tests import factories
from tests.workflows.exported import asked, content_of, post, rows_of
from tests.workflows.test_actions import file
from tests.workflows.test_worklists import copies
from workflows.exports import asking, writing
from workflows.exports.models import Export, ExportRecord, ExportState
from workflows.exports.tasks import tend_exports, write_export

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(town, client):
    person = factories.member(town, Role.OFFICER, first_name="Nadia", last_name="Instruction")
    client.force_login(person)
    return person


@pytest.fixture
def case(town):
    return file(factories.ApplicationFactory(authority=town), on=town.today())


@pytest.fixture
def large(monkeypatch):
    """Two cases are many."""
    monkeypatch.setattr(asking, "LARGE", 1)


def test_a_large_export_is_written_to_when_it_is_ready(client, officer, case, large):
    copies(case, 2)
    export = asked(client, file_format="xlsx")
    assert (export.state, export.rows) == (ExportState.QUEUED, 3)
    assert not ExportRecord.objects.exists()
    assert client.get(reverse("export-file", args=[export.pk])).url == reverse("export-list")

    write_export(export_id=export.pk)
    write_export(export_id=export.pk)

    export.refresh_from_db()
    assert (export.state, export.written) == (ExportState.READY, 3)
    assert ExportRecord.objects.get().rows == 3
    message = Message.objects.get(kind=Kind.EXPORT_READY)
    assert message.recipient == officer.email
    assert reverse("export-file", args=[export.pk]) in message.text
    deliver(message_id=message.pk)
    assert len(mail.outbox) == 1
    assert not mail.outbox[0].attachments
    answer = client.get(client.get(reverse("export-file", args=[export.pk])).url)
    assert len(rows_of(content_of(answer))) == 3
    assert "Télécharger" in client.get(reverse("export-list")).content.decode()


def ready(client, case):
    copies(case, 1)
    export = asked(client)
    write_export(export_id=export.pk)
    return Export.objects.get(pk=export.pk)


def test_the_link_asks_who_clicks(client, officer, case, large):
    url = reverse("export-file", args=[ready(client, case).pk])
    assert client.get(url).status_code == 302

    colleague = factories.member(case.authority, Role.OFFICER)
    client.force_login(colleague)
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).url.startswith(reverse("account_login"))

    Membership.objects.filter(user=officer).update(authority=factories.AuthorityFactory())
    client.force_login(officer)
    assert client.get(url).status_code == 403


def test_a_file_lasts_a_week(client, officer, case, large, time_machine):
    export = ready(client, case)
    time_machine.move_to(timezone.now() + timedelta(days=6, hours=23))
    tend_exports()
    assert storage.size_of(export.key) == export.size > 0

    time_machine.move_to(timezone.now() + timedelta(hours=2))
    tend_exports()

    assert storage.size_of(export.key) is None
    assert Export.objects.get().state == ExportState.EXPIRED
    client.force_login(officer)
    assert client.get(reverse("export-file", args=[export.pk])).url == reverse("export-list")
    assert ExportRecord.objects.exists()
    time_machine.move_to(timezone.now() + timedelta(days=90))
    tend_exports()
    assert not Export.objects.exists()


def test_what_a_killed_worker_left_is_swept_and_never_told(client, officer, case, large, monkeypatch, time_machine):
    copies(case, 1)
    export = asked(client)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing, "_settle", killed)
        with pytest.raises(KeyboardInterrupt):
            writing.write(export.pk)
    assert not Message.objects.filter(kind=Kind.EXPORT_READY).exists()
    left = {each.key for each in storage.objects("exports")}
    assert len(left) == 1

    write_export(export_id=export.pk)

    assert Message.objects.filter(kind=Kind.EXPORT_READY).count() == 1
    assert reconciling.reconcile(now=timezone.now() + timedelta(days=3)).counts == {}
    time_machine.move_to(timezone.now() + timedelta(days=2))
    tend_exports()
    assert {each.key for each in storage.objects("exports")} == {Export.objects.get().key}


def test_two_workers_write_once(client, officer, case, large, monkeypatch):
    copies(case, 1)
    export = asked(client)
    settle = writing._settle

    def second_first(*args, **kwargs):
        with monkeypatch.context() as patch:
            patch.setattr(writing, "_settle", settle)
            writing.write(export.pk)
        settle(*args, **kwargs)

    monkeypatch.setattr(writing, "_settle", second_first)
    writing.write(export.pk)

    assert Message.objects.filter(kind=Kind.EXPORT_READY).count() == 1
    assert ExportRecord.objects.count() == 1


def test_a_storage_that_fails_is_tried_again_then_said(client, officer, case, large, monkeypatch):
    copies(case, 1)
    export = asked(client)

    def refused(*args, **kwargs):
        raise StorageFailed("down")

    monkeypatch.setattr(storage, "put", refused)
    for _ in range(writing.ATTEMPTS):
        assert Export.objects.get().is_waiting
        with pytest.raises(StorageFailed):
            write_export(export_id=export.pk)

    write_export(export_id=export.pk)
    assert Export.objects.get().state == ExportState.FAILED
    assert Message.objects.get(kind=Kind.EXPORT_FAILED).recipient == officer.email
    assert "n’a pas pu être préparé" in client.get(reverse("export-list")).content.decode()


def test_who_lost_their_role_meanwhile_gets_nothing(client, officer, case, large):
    copies(case, 1)
    export = asked(client)
    Membership.objects.filter(user=officer).delete()

    write_export(export_id=export.pk)

    assert Export.objects.get().state == ExportState.FAILED
    assert not ExportRecord.objects.exists()
    assert not list(storage.objects("exports"))


def test_a_worker_killed_for_ever_ends_in_words(client, officer, case, large):
    copies(case, 1)
    export = asked(client)
    Export.objects.filter(pk=export.pk).update(attempts=writing.ATTEMPTS)

    write_export(export_id=export.pk)

    assert "interrompue" in Export.objects.get().problem


def test_three_large_ones_at_a_time(client, officer, case, large):
    copies(case, 1)
    for _ in range(asking.MOST_WAITING):
        asked(client)

    answer = post(client)

    assert answer.status_code == 422
    assert "attendez que l’un d’eux soit prêt" in answer.content.decode()


def test_progress_is_told_while_a_workbook_is_written(client, officer, case, large, monkeypatch):
    copies(case, 5)
    export = asked(client, file_format="xlsx")
    monkeypatch.setattr(writing, "PROGRESS_ROWS", 2)
    export.state = ExportState.WRITING
    told = [Export.objects.get().written for _ in writing._counted(export, range(6))]

    assert told == [0, 2, 2, 4, 4, 6]
