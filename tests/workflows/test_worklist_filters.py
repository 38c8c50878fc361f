"""The worklist: each filter, order and page of it, what a person keeps of it, and what they have not seen yet."""

import re
from datetime import timedelta
from importlib import import_module
from itertools import product
from urllib.parse import parse_qs, urlencode

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F
from django.http import QueryDict
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from permis.models import Dwelling, Lessor
from tests import factories
from tests.workflows.test_actions import file
from tests.workflows.test_worklists import copies, shown
from workflows import flows, projection
from workflows.actions import completeness, exchanges, intake
from workflows.models import CaseVisit, SavedView, WorkItem
from workflows.worklists import choices, columns, sorting
from workflows.worklists.filters import Filters
from workflows.worklists.statement import Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(town, client):
    person = factories.member(town, Role.OFFICER)
    client.force_login(person)
    return person


@pytest.fixture
def case(town):
    return file(factories.ApplicationFactory(authority=town), on=town.today())


def numbers(page):
    return re.findall(r'class="pl-link pl-num" href="[^"]+">([^<]+)<', page)


def link(page, mark):
    found = re.search(rf'{mark} href="([^"]+)"', page)
    return found and reverse("worklist") + found[1].replace("&amp;", "&")


def spread(town):
    """Values that repeat, so that an order has equals, and cases without a term."""
    for rank, item in enumerate(WorkItem.objects.order_by("pk")):
        Dwelling.objects.filter(application=item.application_id).update(address=f"{rank % 3} rue de la Gare")
        Lessor.objects.filter(application=item.application_id).update(last_name=f"Duprat_{rank % 2}")
        told = projection.of(item.application)
        item.legal_date = None if rank % 5 == 0 else town.today() + timedelta(days=rank % 3)
        item.received_on = town.today() - timedelta(days=rank % 4)
        item.street, item.lessor = told["street"], told["lessor"]
        item.save()


def test_every_order_leads_forth_and_back_through_every_row_once(client, town, officer, case):
    copies(case, 69)
    spread(town)
    for sort in sorting.CHOICES:
        column, sign = sorting.COLUMNS[sort.removeprefix("-")], "-" if sort.startswith("-") else ""
        expected = list(
            WorkItem.objects.order_by(f"{sign}{column}", f"{sign}application_id", f"{sign}pk").values_list("number", flat=True)
        )
        address, forth, pages = f"{reverse('worklist')}?tri={sort}", [], []
        while address:
            page = client.get(address).content.decode()
            assert not {"duprat", "gare"} & set(re.split(r"\W", address))
            forth += numbers(page)
            pages.append(page)
            address = link(page, "data-next")
        assert forth == expected, sort
        assert len(pages) == 3
        back, page = [], pages[-1]
        while address := link(page, "data-previous"):
            page = client.get(address).content.decode()
            back = numbers(page) + back
        assert back == expected[:50], sort


@pytest.mark.parametrize("key", ["", "x", "2026-01-01_1", "2026-13-01_1_1", "9_9_99999999999999999999", "_1_1", "é_1_1"])
@pytest.mark.parametrize("sort", ["echeance", "-rue", "numero"])
def test_a_key_that_cannot_be_read_starts_again(client, officer, case, key, sort):
    for name in ("apres", "avant"):
        assert client.get(reverse("worklist"), {"tri": sort, name: key}).status_code == 200
    assert numbers(client.get(reverse("worklist"), {"apres": key.replace("_1", "_x")}).content.decode()) == [case.number]


def test_a_row_that_closed_since_is_still_a_place_to_go_on_from(client, officer, case):
    copies(case, 40)
    for sort in ("bailleur", "rue", "echeance"):
        page = client.get(reverse("worklist"), {"tri": sort}).content.decode()
        last = WorkItem.objects.get(number=numbers(page)[-1])
        address = link(page, "data-next")
        WorkItem.objects.filter(pk=last.pk).delete()
        assert not set(numbers(client.get(address).content.decode())) & set(numbers(page))
        last.save(force_insert=True)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"regime": "DML"}, {"regime": "DML"}),
        ({"gravite": "D"}, {"severity": "D"}),
        ({"etat": "under_review"}, {"state": "under_review"}),
        ({"du": "2026-02-01"}, {"received_on": "2026-02-01"}),
        ({"au": "2020-02-01"}, {"received_on": "2020-02-01"}),
    ],
)
def test_each_filter_keeps_its_rows_and_counts_them(client, officer, case, query, kept):
    copies(case, 2)
    other = WorkItem.objects.order_by("pk").last()
    WorkItem.objects.update(received_on="2025-01-01")
    WorkItem.objects.filter(pk=other.pk).update(**kept)
    page, found = shown(client, **query)
    assert found == [other.number]
    assert "<b>1</b>Tous" in page
    assert "retirer ce filtre" in page


def test_a_zone_is_offered_with_its_commune_and_kept(client, town, officer, case):
    zone = factories.ZoneFactory(authority=town, commune=case.commune, name="Bourg ancien")
    copies(case, 1)
    other = WorkItem.objects.order_by("pk").last()
    WorkItem.objects.filter(pk=other.pk).update(zone=zone)
    page, found = shown(client, perimetre=zone.pk, colonnes="perimetre")
    assert found == [other.number]
    assert f"{case.commune.name}, Bourg ancien" in page


@pytest.mark.parametrize(
    "query",
    [
        {"regime": "X"}, {"gravite": "Z"}, {"du": "2026-02-31"}, {"au": "hier"}, {"perimetre": "a"}, {"perimetre": "9" * 30}, {"suivi": "٣"},
        {"tri": "mot-de-passe"}, {"colonnes": "mot-de-passe"}, {"file": "x"}, {"modifie": "oui"}, {"etat": "granted"},
    ],
)  # fmt: skip
def test_what_is_unknown_is_left_aside(client, officer, case, query):
    page, found = shown(client, **query)
    assert found == [case.number]
    assert "Filtres actifs" not in page


def test_the_address_says_the_same_once_read_and_written(officer):
    asked = QueryDict(
        "file=check&q=gare&commune=33473&perimetre=3&etat=submitted&suivi=moi&regime=DML&du=2026-01-02&gravite=R&modifie=1&tri=-rue&colonnes=etat"
    )
    filters = Filters.of(asked)
    assert Filters.of(QueryDict(filters.url()[1:])) == filters
    assert parse_qs(filters.query)["colonnes"] == ["dossier,etat"]


def test_titles_sort_and_say_how(client, officer, case):
    page, _ = shown(client)
    assert page.count('aria-sort="ascending"') == 1
    assert 'href="?tri=-echeance"' in page
    page, _ = shown(client, tri="-bailleur")
    assert 'aria-sort="descending"><a href="?tri=bailleur"' in page


@pytest.mark.parametrize("typed", ["{glued}", "{lower}", "12 bd. gare", "12, boulevard de la Gare", "boulevard; gare"])
def test_what_is_typed_is_found_abbreviated_or_in_one_piece(client, officer, town, typed):
    drafts = [factories.ApplicationFactory(authority=town) for _ in range(2)]
    for draft, street in zip(drafts, ("boulevard de la Gare", "rue de la Gare"), strict=True):
        Dwelling.objects.filter(application=draft).update(address=f"12 {street}")
    case, _ = (file(type(draft).objects.get(pk=draft.pk), on=town.today()) for draft in drafts)
    glued = case.number.replace(" ", "")
    assert shown(client, q=typed.format(glued=glued, lower=glued.lower()[:10] + " " + glued[10:]))[1] == [case.number]


def test_a_person_starts_on_their_own_work(client, town, case):
    client.force_login(factories.member(town, Role.INSPECTOR))
    page, found = shown(client)
    assert found == []
    assert 'href="?file=tous"' in page
    assert shown(client, file="tous")[1] == [case.number]
    # A search is in everything.
    assert shown(client, q=case.number)[1] == [case.number]
    client.force_login(factories.member(town, Role.SIGNATORY))
    assert 'href="?file=sign" aria-current="page"' in shown(client)[0]


def test_the_tabs_count_messages_and_transmissions(client, town, officer, case):
    exchanges.write(case, text="Quand venez-vous ?", by=case.applicant, on=town.today())
    page, found = shown(client, file="messages")
    assert found == [case.number]
    assert "<b>1</b>Messages" in page
    assert re.search(r'href="/transmissions/"[^>]*><b>0</b>À transmettre', page)
    exchanges.mark_read(case, by=officer, at=town.midnight(town.today()))
    assert shown(client, file="messages")[1] == []


def test_columns_are_shown_as_the_address_says_then_as_the_person_keeps_them(client, officer, case):
    usual = client.get(reverse("worklist")).content.decode()
    assert ">Bailleur" in usual
    assert "pl-wide" not in usual
    page = client.get(f"{reverse('worklist')}?colonnes=recu&colonnes=regime").content.decode()
    assert re.findall(r'scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', page)[-3:] == ["Dossier et logement", "Reçu le", "Régime"]
    assert "pl-wide" in page  # scrolls by itself: ten columns are wider than most screens
    back = client.post(reverse("worklist-columns"), {"colonnes": ["recu"], "retour": "file=check&colonnes=recu"})
    assert back.url == reverse("worklist") + "?file=check"
    assert "Reçu le" in client.get(reverse("worklist")).content.decode()
    assert ">Bailleur</a></th>" not in client.get(reverse("worklist")).content.decode()
    assert ">Bailleur" in client.get(reverse("worklist"), {"colonnes": "bailleur"}).content.decode()


def test_each_column_has_its_cell_under_its_title(client, town, officer, case):
    zone = factories.ZoneFactory(authority=town, commune=case.commune, name="Bourg ancien")
    WorkItem.objects.update(zone=zone, severity="D")
    page = client.get(reverse("worklist"), {"colonnes": list(columns.BY_KEY)}).content.decode()
    titles = [title.strip() for title in re.findall(r'<th role="columnheader"[^>]*>(?:<[^>]*>)?([^<]+)', page)]
    assert titles == ["Choisir", *(column.label for column in columns.ALL)]
    row = page.split("<tbody")[1].split("</tr>")[0]
    told = dict(zip(titles, re.findall(r'<t[hd] role="(?:cell|rowheader)".*?</t[hd]>', row, re.DOTALL), strict=True))
    assert f'aria-label="Choisir {case.number}"' in told["Choisir"]
    assert case.get_absolute_url() in told["Dossier et logement"]
    assert case.lessors.first().last_name in told["Bailleur"]
    assert f"{case.received_on:%d/%m/%Y}" in told["Reçu le"]
    assert told["Périmètre"] == '<td role="cell">Bourg ancien</td>'
    assert told["Régime"] == '<td role="cell">Autorisation</td>'
    assert "Danger" in told["Gravité"]


def test_a_name_is_never_markup(client, officer, case):
    Lessor.objects.update(last_name="<b>Duprat</b>")
    case.dwelling.complement = "<script>"
    case.dwelling.save()
    flows.advance(case)
    page = client.get(reverse("worklist")).content.decode()
    assert "&lt;b&gt;Duprat&lt;/b&gt;" in page
    assert "<b>Duprat" not in page
    assert "&lt;script&gt;" in page


def test_a_view_is_kept_used_renamed_and_removed(client, officer, case):
    asked = urlencode({"file": "check", "suivi": "moi", "q": "Duprat", "tri": "rue", "colonnes": "etat"})
    saved = client.post(reverse("saved-view-add"), {"name": "Mes rues", "retour": asked})
    view = SavedView.objects.get()
    assert "Duprat" not in view.query
    assert saved.url == f"{reverse('worklist')}?{view.query}"
    page = client.get(saved.url).content.decode()
    assert re.search(r'aria-current="page">\s*Mes rues', page)
    again = client.post(reverse("saved-view-add"), {"name": "Mes rues", "retour": asked}, follow=True).content.decode()
    assert "Vous avez déjà une vue de ce nom" in again
    client.post(reverse("saved-view-rename", args=[view.pk]), {"name": "Rues"})
    view.refresh_from_db()
    assert view.name == "Rues"
    assert (
        "Donnez un nom" in client.post(reverse("saved-view-rename", args=[view.pk]), {"name": " "}, follow=True).content.decode()
    )
    client.post(reverse("saved-view-remove", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_only_a_manager_shares_a_view_and_only_its_service_reads_it(client, town, officer, case):
    assert client.post(reverse("saved-view-add"), {"name": "Tous", "shared": "on", "retour": ""}).status_code == 403
    client.force_login(factories.member(town, Role.MANAGER))
    client.post(reverse("saved-view-add"), {"name": "Urgents", "shared": "on", "retour": "file=soon"})
    view = SavedView.objects.get(authority=town)
    client.force_login(officer)
    assert "Urgents" in client.get(reverse("worklist")).content.decode()
    assert client.post(reverse("saved-view-remove", args=[view.pk])).status_code == 403
    client.force_login(factories.member(factories.AuthorityFactory(), Role.MANAGER))
    assert "Urgents" not in client.get(reverse("worklist")).content.decode()
    assert client.post(reverse("saved-view-remove", args=[view.pk])).status_code == 404
    own = SavedView.objects.create(owner=officer, name="À moi", query="file=tous")
    assert client.post(reverse("saved-view-rename", args=[own.pk]), {"name": "À moi aussi"}).status_code == 404


def test_a_queryset_stands_in_a_statement_with_its_percent_signs(case):
    """« Contains » another column is written with them, and a value that holds one is only a value."""
    found = WorkItem.objects.filter(lessor__contains=F("lessor")).exclude(number="50 % (a)").values("pk")
    assert Statement.of(found).rows() == [(case.work_items.get().pk,)]


def test_the_views_above_the_list_are_those_that_one_may_see(town, officer):
    colleague, neighbour = factories.member(town, Role.OFFICER), factories.AuthorityFactory()
    for owner, authority in product((officer, colleague), (None, town, neighbour)):
        SavedView.objects.create(owner=owner, authority=authority, name=f"{owner.pk}, {authority}", query="file=tous")
    visible = SavedView.objects.visible_to(officer).values_list("pk", flat=True)
    assert sorted(view.pk for view in choices.of(officer, query="").views) == sorted(map(str, visible))
    assert len(visible) == 3


def test_a_dot_says_that_somebody_else_changed_a_case_since_it_was_opened(client, town, officer, case):
    colleague = factories.member(town, Role.OFFICER)
    dot = "modifié depuis votre dernière visite"
    completeness.assign(case, officer=colleague, by=colleague, on=town.today())
    assert dot not in client.get(reverse("worklist")).content.decode()  # never opened: nothing to compare with
    client.get(case.get_absolute_url())
    completeness.assign(case, officer=officer, by=officer, on=town.today())
    assert dot not in client.get(reverse("worklist")).content.decode()  # by oneself
    # An action that moves no task tells it too.
    exchanges.write(case, text="Bonjour", by=case.applicant, on=town.today())
    completeness.assign(case, officer=officer, by=officer, on=town.today())
    page, found = shown(client, modifie="1")
    assert found == [case.number]
    assert dot in page
    client.force_login(colleague)
    assert shown(client, modifie="1")[1] == []
    client.force_login(officer)
    client.get(case.get_absolute_url())
    assert CaseVisit.objects.count() == 1
    assert shown(client, modifie="1")[1] == []
    intake.withdraw(case, by=case.applicant, on=town.today())
    assert not CaseVisit.objects.exists()
    client.get(case.get_absolute_url())
    assert not CaseVisit.objects.exists()  # closed: no list shows it


def test_a_page_is_light_whatever_the_names(client, town, officer, case):
    Lessor.objects.update(last_name="Vandenbroucke-Lamartinière de Saint-Exupéry", first_name="Marie-Bénédicte")
    case.dwelling.complement = "résidence du Parc de la Grande Borderie, entrée B"
    case.dwelling.save()
    flows.advance(case)
    for _ in range(12):
        factories.member(town, Role.OFFICER)
    User.objects.update(first_name="Marie-Caroline", last_name="Lamartinière-Dupont")
    copies(case, 199)
    page = client.get(reverse("worklist")).content
    assert page.count(b"<tr") == 26
    assert len(page) <= 40_000


def test_the_migration_fills_the_open_rows_as_an_action_would(case):
    item = WorkItem.objects.get(application=case)
    told = {name: getattr(item, name) for name in projection.of(case)}
    WorkItem.objects.update(
        zone=None,
        officer=None,
        regime="DML",
        state="draft",
        received_on="2000-01-01",
        number="",
        street="",
        lessor="",
        words="",
        shown={},
    )
    import_module("workflows.migrations.0005_lists").fill(apps, None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("workflows.migrations.0009_shown_rows").FILL)
    item = WorkItem.objects.get(application=case)
    assert {name: getattr(item, name) for name in told} == told == projection.of(case)
