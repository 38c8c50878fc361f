"""Exporting cases: what is taken, by whom, how it is sent, and what a large one leaves behind."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from documents import reconciling, storage
from documents.backends import StorageFailed
from notifications.enums import Kind
from notifications.models import Message
from notifications.tasks import deliver
from permis.models import Application
from tests import factories
from tests.workflows.exported import lines_of, rows_of
from tests.workflows.test_actions import file
from tests.workflows.test_worklists import copies
from workflows.exports import asking, sheets, writing
from workflows.exports.columns import BY_KEY, DEFAULT, PRESETS
from workflows.exports.models import Export, ExportRecord, ExportState, Source
from workflows.exports.selection import Selection
from workflows.exports.tasks import tend_exports, write_export

pytestmark = pytest.mark.django_db
COLUMNS = ["numero", "adresse", "recue"]


@pytest.fixture
def town():
    return factories.AuthorityFactory()


@pytest.fixture
def officer(town, client):
    person = factories.member(town, Role.OFFICER, first_name="Nadia", last_name="Instruction")
    client.force_login(person)
    return person


@pytest.fixture
def case(town):
    return file(factories.ApplicationFactory(authority=town), on=town.today())


def content_of(response):
    assert response.streaming
    return b"".join(response.streaming_content)


def post(client, name="export", query="", columns=COLUMNS, file_format="csv"):
    return client.post(reverse(name) + query, {"columns": columns, "format": file_format})


@pytest.fixture
def large(monkeypatch):
    """Two cases are many."""
    monkeypatch.setattr(asking, "LARGE", 1)


def asked(client, **how):
    """An export that the worker has to make, asked for on the page."""
    assert post(client, **how).url == reverse("export-list")
    return Export.objects.latest("asked_at")


def test_a_small_export_is_streamed_and_journalled(client, officer, case):
    answer = post(client)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="dossiers-{case.authority.today()}.csv"'
    content = content_of(answer)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert lines_of(content) == [
        ["Numéro", "Adresse du logement", "Reçue le"],
        [case.number, "12 rue de la Gare", case.received_on.isoformat()],
    ]
    record = ExportRecord.objects.get()
    assert (record.authority, record.user, record.user_name) == (case.authority, officer, "Nadia Instruction")
    assert (record.words, record.columns, record.rows, record.is_personal) == ("tous les dossiers déposés", COLUMNS, 1, True)


def test_a_workbook_has_the_same_rows(client, officer, case):
    content = content_of(post(client, file_format="xlsx"))

    assert rows_of(content)[0]["Numéro"] == case.number
    assert content[:2] == b"PK"


def test_ten_times_as_many_rows_ask_no_more_queries(client, officer, case, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(sheets, "CHUNK_BYTES", 4096)
    copies(case, 19)
    content_of(post(client))
    with django_assert_max_num_queries(30) as twenty:
        content_of(post(client, columns=list(BY_KEY)))
    copies(case, 400)
    with django_assert_max_num_queries(30) as many:
        chunks = list(post(client, columns=list(BY_KEY)).streaming_content)

    assert len(many) == len(twenty)
    assert len(chunks) > 20
    assert len(lines_of(b"".join(chunks))) == 421
    assert max(map(len, chunks)) < 3 * 4096


def test_the_worklist_is_taken_as_its_filters_show_it(client, officer, case, town):
    other = file(factories.ApplicationFactory(authority=town, sheet={"address": "3 quai Neuf"}), on=town.today())
    page = client.get(reverse("worklist") + "?q=quai").content.decode()
    link = reverse("export-worklist") + "?q=quai"
    assert link in page

    assert "Exporter 1\N{NO-BREAK SPACE}dossier" in client.get(link).content.decode().replace("&nbsp;", "\N{NO-BREAK SPACE}")
    lines = lines_of(content_of(post(client, "export-worklist", "?q=quai")))
    assert [line[0] for line in lines[1:]] == [other.number]
    assert "quai" in ExportRecord.objects.get().words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1), ("?annee={year}", 1), ("?annee=2019", 0), ("?annee=20²6", 1), ("?etat=submitted", 1), ("?etat=granted", 0),
        ("?commune={insee}", 1), ("?commune=99999", 0), ("?regime=DML", 0), ("?q=gare", 1), ("?q=absente", 0), ("?etat=draft", 1),
    ],
)  # fmt: skip
def test_every_filed_case_by_year_state_and_commune(client, officer, case, query, found):
    query = query.format(year=case.received_on.year, insee=case.commune_id)
    factories.ApplicationFactory(authority=case.authority)  # a draft is nobody's to export

    answer = post(client, query=query)

    assert (len(lines_of(content_of(answer))) - 1 if answer.status_code == 200 else 0) == found
    if not found:
        assert answer.status_code == 422
        assert "Aucun dossier ne répond à ces filtres" in answer.content.decode()
        assert not ExportRecord.objects.exists()


def test_another_town_is_never_taken(client, officer, case):
    elsewhere = file(factories.ApplicationFactory(), on=case.authority.today())

    for query in ("", f"?commune={elsewhere.commune_id}", f"?q={elsewhere.number}"):
        answer = post(client, query=query)
        assert answer.status_code == 422 or elsewhere.number not in content_of(answer).decode()
    assert set(ExportRecord.objects.values_list("authority", flat=True)) == {case.authority_id}


def test_each_authority_has_its_line_in_its_own_journal(client, officer, case):
    second = factories.AuthorityFactory()
    Membership.objects.create(user=officer, role=Role.AUDITOR, authority=second)
    file(factories.ApplicationFactory(authority=second), on=second.today())
    content_of(post(client, columns=["numero", "etat"]))

    assert sorted(ExportRecord.objects.values_list("authority", "rows", "is_personal")) == [
        (case.authority_id, 1, False),
        (second.pk, 1, False),
    ]
    client.force_login(factories.member(second, Role.ADMINISTRATOR))
    page = client.get(reverse("settings-exports")).content.decode()
    assert page.count("Nadia Instruction") == 1
    assert "Numéro, État" in page
    assert "Nadia Instruction" not in client.get(reverse("settings-exports") + "?personnelles=1").content.decode()


def test_an_elected_member_exports_no_case(client, town, case):
    client.force_login(factories.member(town, Role.ELECTED))
    for name in ("export", "export-worklist", "export-list"):
        assert client.get(reverse(name)).status_code == 403
        assert client.post(reverse(name), {"columns": COLUMNS, "format": "csv"}).status_code == 403
    client.force_login(factories.member(town, Role.ELECTED, Role.SIGNATORY))
    assert post(client).status_code == 200


def test_the_landlord_role_of_an_officer_takes_nothing_elsewhere(client, officer, case):
    """Their own case in another town is theirs to read, not the export of an authority."""
    own = factories.ApplicationFactory(applicant=officer)
    file(own, on=case.authority.today())
    assert len(lines_of(content_of(post(client)))) == 2


def test_the_journal_cannot_be_changed(client, officer, case):
    content_of(post(client))
    for change in (lambda: ExportRecord.objects.update(rows=0), ExportRecord.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_page_remembers_the_last_choice(client, officer, case):
    page = client.get(reverse("export")).content.decode()
    assert page.count(" checked") == len(DEFAULT) + 1
    content_of(post(client))

    page = client.get(reverse("export")).content.decode()
    assert page.count(" checked") == len(COLUMNS) + 1
    assert 'value="csv" checked' in page
    preset = client.get(reverse("export") + "?modele=anonyme").content.decode()
    assert preset.count(" checked") == len(PRESETS[3].keys) + 1


def test_a_form_without_column_says_so(client, officer, case):
    answer = post(client, columns=[])
    assert answer.status_code == 422
    assert "Choisissez au moins une colonne." in answer.content.decode()


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


def test_a_workbook_has_an_end(client, officer, case, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 0)
    answer = post(client, file_format="xlsx")
    assert answer.status_code == 422
    assert "choisissez le format CSV" in answer.content.decode()


def test_the_address_keeps_nothing_but_filters(case):
    query = {"q": "gare", "modele": "tout", "autre": "x", "etat": "nowhere"}
    assert Selection.of(Source.CASES, query).query == "q=gare"
    assert Application.objects.filter(pk=case.pk).exists()
