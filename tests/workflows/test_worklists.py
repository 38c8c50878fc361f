"""The worklist: the same few queries for ten cases and for a thousand, every page reached once, by legal date."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from viewflow.workflow.models import Task

from accounts.enums import Role
from permis.models import Application, Dwelling, Lessor
from tests import factories
from tests.workflows.test_actions import file
from workflows.actions import completeness, intake
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db
MOST_QUERIES = 6


@pytest.fixture
def officer(town, client):
    person = factories.member(town, Role.OFFICER)
    client.force_login(person)
    return person


def like(original, **changes):
    """The same row with another key."""
    values = {field.attname: getattr(original, field.attname) for field in original._meta.concrete_fields}
    return type(original)(**{**values, original._meta.pk.attname: None, **changes})


def copies(case, count):
    """As many cases as told, the rows of this one written again: a thousand deposits would take a minute."""
    item, after = case.work_items.get(), Application.objects.order_by("pk").last().pk
    keys = range(after + 1, after + 1 + count)
    dates = {key: case.tacit_on + timedelta(days=key % 40) for key in keys}
    Application.objects.bulk_create(
        like(case, id=key, number=f"{case.number[:-5]}{10000 + key}", tacit_on=dates[key]) for key in keys
    )
    Dwelling.objects.bulk_create(like(case.dwelling, application_id=key) for key in keys)
    Lessor.objects.bulk_create(like(case.lessors.get(), application_id=key) for key in keys)
    tasks = Task.objects.bulk_create(like(item.task) for _ in keys)
    WorkItem.objects.bulk_create(
        like(item, application_id=key, task_id=task.pk, legal_date=dates[key], number=f"{case.number[:-5]}{10000 + key}")
        for key, task in zip(keys, tasks, strict=True)
    )


def test_a_thousand_cases_ask_no_more_queries_than_ten(client, town, officer, django_assert_max_num_queries):
    case = file(factories.ApplicationFactory(authority=town), on=town.today())
    copies(case, 9)
    client.get(reverse("worklist"))
    with django_assert_max_num_queries(MOST_QUERIES) as ten:
        page = client.get(reverse("worklist")).content.decode()
    assert page.count("<tr") == 11
    copies(case, 990)
    with django_assert_max_num_queries(len(ten)) as many:
        page = client.get(reverse("worklist")).content.decode()
    assert len(many) == len(ten)
    assert "<b>1000</b>" in page


def test_the_pages_lead_through_every_case_once_by_legal_date(client, town, officer):
    case = file(factories.ApplicationFactory(authority=town), on=town.today())
    copies(case, 130)
    address, numbers = reverse("worklist"), []
    while address:
        page = client.get(address).content.decode()
        numbers += re.findall(r'class="pl-link pl-num" href="[^"]+">([^<]+)<', page)
        following = re.search(r'href="([^"]+)">Page suivante', page)
        address = reverse("worklist") + following[1].replace("&amp;", "&") if following else ""
    assert len(numbers) == len(set(numbers)) == 131
    by_date = Application.objects.order_by("tacit_on", "pk").values_list("number", flat=True)
    assert numbers == list(by_date)


def shown(client, **query):
    page = client.get(reverse("worklist"), query).content.decode()
    return page, re.findall(r'role="rowheader" scope="row"><a class="pl-link pl-num" href="[^"]+">([^<]+)<', page)


def test_the_list_narrows_to_who_follows_a_case(client, town, officer):
    colleague = factories.member(town, Role.OFFICER)
    mine, theirs, nobodys = (file(factories.ApplicationFactory(authority=town), on=town.today()) for _ in range(3))
    completeness.assign(mine, officer=officer, by=officer, on=town.today())
    completeness.assign(theirs, officer=colleague, by=officer, on=town.today())

    page, everything = shown(client)
    assert len(everything) == 3
    assert "Filtres actifs" not in page
    for owner, case in (("moi", mine), (str(colleague.pk), theirs), ("personne", nobodys)):
        page, numbers = shown(client, suivi=owner)
        assert numbers == [case.number]
        assert "retirer ce filtre" in page
    assert len(shown(client, suivi="x'; --")[1]) == 3
    assert shown(client, suivi="99999999")[1] == []


def test_each_filter_is_removed_alone_and_the_others_stay(client, town, officer):
    file(factories.ApplicationFactory(authority=town), on=town.today())
    page, numbers = shown(client, suivi="moi", etat="incomplete", file="check")
    assert numbers == []
    assert "Aucun dossier ne répond à ces filtres" in page
    removing = {
        href.replace("&amp;", "&") for href in re.findall(r'href="([^"]+)">[^<]+<svg[^>]*>.*?</svg><span[^>]*> – retirer', page)
    }
    assert removing == {"?file=check&suivi=moi", "?file=check&etat=incomplete"}
    assert 'href="?file=check">effacez-les tous' in page


def test_an_empty_list_says_that_a_closed_case_was_found(client, town, officer):
    case = file(factories.ApplicationFactory(authority=town), on=town.today())
    intake.withdraw(case, by=case.applicant, on=town.today())
    page, numbers = shown(client, q=case.number)
    assert numbers == []
    assert "dossier trouvé" in page
    assert 'href="#trouves"' in page
    assert "Les prochaines demandes arriveront ici" not in page
    assert "Les prochaines demandes arriveront ici" in shown(client)[0]


def test_every_filter_at_once_asks_no_more_queries(client, town, officer, django_assert_max_num_queries):
    case = file(factories.ApplicationFactory(authority=town), on=town.today())
    client.get(reverse("worklist"))
    with django_assert_max_num_queries(MOST_QUERIES):
        shown(client, suivi=str(officer.pk), commune=case.commune_id, etat="submitted", file="check")


def test_an_empty_tab_says_so_and_where_the_next_date_is(client, town, officer):
    case = file(factories.ApplicationFactory(authority=town), on=town.today())
    WorkItem.objects.update(legal_date=town.today() + timedelta(days=3))
    page, numbers = shown(client, file="plan")
    assert numbers == []
    assert "Toutes les visites sont planifiées" in page
    assert f'href="{case.get_absolute_url()}"' in page
    assert "Voir 1 échéance proche" in page.replace("\u00a0", " ")


def test_an_empty_tab_says_what_comes_there_and_the_next_term_of_those_to_come(client, town, officer):
    late, near = (file(factories.ApplicationFactory(authority=town), on=town.today()) for _ in range(2))
    WorkItem.objects.filter(application=late).update(legal_date=town.today() - timedelta(1))
    page, numbers = shown(client, file="messages")
    assert numbers == []
    assert "Les prochains messages arriveront ici" in page
    assert near.number in page
    assert late.number not in page
