"""Exporting cases: what is taken, by whom, how it is sent, and what the journal keeps of it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from permis.models import Application
from tests import factories
from tests.workflows.exported import CHOSEN, content_of, lines_of, post, rows_of
from tests.workflows.test_actions import file
from tests.workflows.test_worklists import copies
from workflows.exports import sheets
from workflows.exports.columns import BY_KEY, DEFAULT, PRESETS
from workflows.exports.models import ExportRecord, Source
from workflows.exports.selection import Selection

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(town, client):
    person = factories.member(town, Role.OFFICER, first_name="Nadia", last_name="Instruction")
    client.force_login(person)
    return person


@pytest.fixture
def case(town):
    return file(factories.ApplicationFactory(authority=town), on=town.today())


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
    assert (record.words, record.columns, record.rows, record.is_personal) == ("tous les dossiers déposés", CHOSEN, 1, True)


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


@pytest.mark.django_db(transaction=True)
def test_who_leaves_early_leaves_the_database_free(case, officer, monkeypatch):
    monkeypatch.setattr(sheets, "CHUNK_BYTES", 512)
    copies(case, 400)
    cases = Application.objects.order_by("pk")

    chunks = sheets.csv_chunks(cases, list(BY_KEY.values()), day=case.received_on)
    next(chunks)
    chunks.close()

    assert Application.objects.count() == 401


def test_an_account_exports_so_many_times_an_hour(client, officer, case, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "export": "1/h/user"}
    assert post(client).status_code == 200
    assert post(client).status_code == 429


def test_the_worklist_is_taken_as_its_filters_show_it(client, officer, case, town):
    other = file(factories.ApplicationFactory(authority=town, sheet={"address": "3 quai Neuf"}), on=town.today())
    page = client.get(reverse("worklist") + "?q=quai").content.decode()
    link = reverse("export-worklist") + "?file=tous&q=quai"
    assert link.replace("&", "&amp;") in page

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


def test_the_communes_that_are_offered_are_read_without_their_cases(client, officer, case, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as asked:
        page = client.get(reverse("export")).content.decode()
    assert f'<option value="{case.commune_id}">{case.commune.name}</option>' in page
    offered = [each["sql"] for each in asked.captured_queries if 'FROM "territories_commune"' in each["sql"]]
    assert offered
    assert not [sql for sql in offered if "permis_application" in sql]


def test_the_filters_of_a_worklist_name_their_commune(client, officer, case):
    page = client.get(reverse("export-worklist"), {"commune": case.commune_id}).content.decode()
    assert f"Commune : {case.commune.name}" in page.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


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
        assert client.post(reverse(name), {"columns": CHOSEN, "format": "csv"}).status_code == 403
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
    assert page.count(" checked") == len(CHOSEN) + 1
    assert 'value="csv" checked' in page
    preset = client.get(reverse("export") + "?modele=anonyme").content.decode()
    assert preset.count(" checked") == len(PRESETS[3].keys) + 1


def test_a_form_without_column_says_so(client, officer, case):
    answer = post(client, columns=[])
    assert answer.status_code == 422
    assert "Choisissez au moins une colonne." in answer.content.decode()


def test_a_workbook_has_an_end(client, officer, case, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 0)
    answer = post(client, file_format="xlsx")
    assert answer.status_code == 422
    assert "choisissez le format CSV" in answer.content.decode()


def test_the_address_keeps_nothing_but_filters():
    query = {"q": "gare", "modele": "tout", "autre": "x", "etat": "nowhere"}
    assert Selection.of(Source.CASES, query).query == "q=gare"
