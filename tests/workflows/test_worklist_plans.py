"""Every filter and every order that the worklist offers: how PostgreSQL reads it, on a table as large as two million cases."""

import json
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from viewflow.workflow.models import Task

from accounts.enums import Role
from accounts.models import User
from permis.models import Application, Dwelling, Exchange, Lessor
from tests import factories
from tests.workflows.test_actions import file
from workflows.models import CaseVisit, WorkItem
from workflows.worklists import choices, rows, sorting, tabs
from workflows.worklists.filters import TABS, Filters

pytestmark = pytest.mark.django_db(transaction=True)
# The largest town has 118,000 of a million cases, so some 3,070 of the 26,000 that are open.
LARGEST, OTHERS, MOST_BUFFERS = 3500, 26_500, 500
TABLES = ("workflows_workitem", "permis_application")
# What each copied row has of its own; ``n`` is its rank, ``mod`` spreads the values.
OWN = {
    WorkItem: {
        "application_id": "{case} + n",
        "task_id": "{task} + n",
        "number": "'APML 033473 26 ' || lpad(n::text, 5, '0')",
        "authority_id": "a.authority",
        "commune_id": "a.commune",
        "zone_id": "a.zone",
        "node": "(array['check_pieces','provide_pieces','check_answer','plan_visit','visit_dwelling','draft_decision','sign_decision','notify_decision','check_works','lift_conditions'])[1 + n % 10]",
        "state": "(array['submitted','incomplete','under_review','awaiting_decision','decision_signed','granted_conditional'])[1 + n % 6]",
        "regime": "case when n % 11 = 0 then 'DML' else 'APML' end",
        "severity": "case when n % 97 = 0 then 'D' when n % 13 = 0 then 'B' when n % 5 = 0 then 'R' else '' end",
        "officer_id": "case when n % 4 = 0 then null else {officer} + n % 3 end",
        "owner_id": "case when n % 4 = 0 then null else {officer} + n % 3 end",
        "legal_date": "case when n % 7 = 0 then null else w.legal_date + (n * 31 % 60) end",
        "received_on": "w.received_on - (n * 17 % 700)",
        "street": "'rue ' || md5(n::text) || ' 00012'",
        "lessor": "md5((n * 3)::text)",
        "words": "w.words || ' ' || md5(n::text) || case when n % 401 = 0 then ' sardane' else '' end",
    },
    Application: {"id": "{case} + n", "number": "'APML 033473 26 ' || lpad(n::text, 5, '0')"},
    Dwelling: {"application_id": "{case} + n"},
    Lessor: {"application_id": "{case} + n"},
    Task: {"id": "{task} + n"},
}


@pytest.fixture
def crowd():
    """An officer of the largest town among thirteen authorities and sixty communes, and thirty thousand open tasks."""
    town = factories.AuthorityFactory()
    officer, *_ = [factories.member(town, Role.OFFICER, Role.MANAGER) for _ in range(3)]
    others = [factories.AuthorityFactory() for _ in range(12)]
    zones = [factories.ZoneFactory(authority=town if rank < 8 else others[rank % 12]) for rank in range(60)]
    case = file(factories.ApplicationFactory(authority=town), on=town.today())
    item = WorkItem.objects.get(application=case)
    known = {"case": case.pk + 1000, "task": item.task_id + 1000, "officer": officer.pk}
    total = LARGEST + OTHERS
    with connection.cursor() as cursor:
        # In the order of a hash: what belongs to one town lies everywhere, as it does after years of work.
        cursor.execute("create temporary table place (rank int, authority bigint, commune varchar, zone bigint, big boolean)")
        cursor.executemany(
            "insert into place values (%s, %s, %s, %s, %s)",
            [
                (rank, zone.authority_id, zone.commune_id, zone.pk, zone.authority_id == town.pk)
                for rank, zone in enumerate(zones)
            ],
        )
        cursor.execute(
            "create temporary table a as select n, p.authority, p.commune, p.zone from generate_series(1, %s) n join place p on"
            " p.rank = case when n <= %s then n %% 8 else 8 + n %% 52 end order by md5(n::text)",
            [total, LARGEST],
        )
        for model in (Application, Dwelling, Lessor, Task, WorkItem):
            _copy(cursor, model, known)
    CaseVisit.objects.bulk_create(
        CaseVisit(
            user=officer,
            application_id=known["case"] + n,
            at=town.midnight(town.today()),
            changed_at=_now(town) if n % 3 else None,
        )
        for n in range(1, 600)
    )
    Exchange.objects.bulk_create(
        Exchange(application_id=known["case"] + n * 40, author=officer, from_service=False, text="Bonjour") for n in range(1, 300)
    )
    with connection.cursor() as cursor:
        # The pages that other tests left empty would be read too; what is rewritten whole has no map of what is visible.
        cursor.execute("vacuum full")
        cursor.execute("vacuum analyze")
    return User.objects.get(pk=officer.pk), town, zones


def _now(town):
    return town.midnight(town.today()) + timedelta(hours=9)


def _copy(cursor, model, known):
    """The one row there is of a table, thirty thousand times; the columns that `OWN` names differ."""
    own = {name: words.format(**known) for name, words in OWN[model].items()}
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key or field.column in own]
    names = [name for name in names if name != "due_on"]
    values = ", ".join(own.get(name, f'w."{name}"') for name in names)
    table = model._meta.db_table
    columns = ", ".join(f'"{name}"' for name in names)
    one = f"(select * from {table} order by {model._meta.pk.column} desc limit 1)"  # noqa: S608 (names of our own tables)
    cursor.execute(f"insert into {table} ({columns}) select {values} from {one} w, a order by md5(n::text)")  # noqa: S608


def plan(statement):
    """The plan that was run, with the pages that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, format json) {statement.sql}", statement.values)
        (found,) = cursor.fetchone()
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def nodes(tree):
    yield tree
    for child in tree.get("Plans", []):
        yield from nodes(child)


def faults(name, statement):
    """What is wrong with the plan of a query, in words; nothing where it is bounded."""
    tree = plan(statement)
    buffers = tree["Shared Hit Blocks"] + tree["Shared Read Blocks"]
    whole = {node["Relation Name"] for node in nodes(tree) if node["Node Type"] == "Seq Scan"} & set(TABLES)
    if whole or buffers >= MOST_BUFFERS:
        yield f"{name}: {buffers} buffers{', reads all of ' + ', '.join(sorted(whole)) if whole else ''}"


def test_an_officer_who_comes_after_all_the_landlords_costs_no_look_at_their_accounts():
    """Joined by the order of their keys, accounts would be read from the first to the last, until statistics are taken again."""
    town = factories.AuthorityFactory()
    officer = factories.member(town, Role.OFFICER)
    User.objects.bulk_create(User(email=f"bailleur{rank}@exemple.fr", password="!") for rank in range(20_000))
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze accounts_user, accounts_membership")
    newcomer = factories.member(town, Role.OFFICER)

    tree = plan(choices.offered(officer))

    assert tree["Shared Hit Blocks"] + tree["Shared Read Blocks"] < 100
    assert set(choices.of(officer, query="").people) == {str(officer.pk), str(newcomer.pk)}


def narrowed(zones, officer):
    """One address for each filter that the page offers, then several at once."""
    one = [
        {"q": "sardane"}, {"q": "camille"}, {"commune": zones[0].commune_id}, {"perimetre": zones[1].pk}, {"etat": "submitted"},
        {"etat": "granted_conditional"}, {"suivi": "moi"}, {"suivi": "personne"}, {"suivi": officer.pk + 1}, {"regime": "DML"},
        {"regime": "APML"}, {"du": "2025-06-01"}, {"au": "2025-06-01"}, {"gravite": "D"}, {"gravite": "R"}, {"modifie": "1"},
    ]  # fmt: skip
    several = {
        "commune": zones[0].commune_id,
        "etat": "submitted",
        "suivi": "moi",
        "regime": "APML",
        "gravite": "R",
        "modifie": "1",
    }
    return [{}, *({"file": tab} for tab in TABS), *one, several, {"q": "sardane", "file": "soon", "du": "2025-01-01"}]


def test_every_filter_and_order_is_read_from_an_index(crowd):
    officer, town, zones = crowd
    today, wrong, tried, asked = town.today(), [], 0, narrowed(zones, officer)
    mine = WorkItem.objects.visible_to(officer)
    assert mine.count() > LARGEST
    for query, sort in product(asked, sorting.CHOICES):
        filters = Filters.of({name: str(value) for name, value in query.items()} | {"tri": sort})
        order = sorting.Order.of(sort)
        items = filters.applied(mine, officer).filter(tabs.condition(filters.tab, today))
        half_way = order.sorted(mine)[LARGEST // 2]
        key = order.key(half_way)
        turned = {
            "first page": (order, items),
            "next page": (order, items.filter(order.beyond(key, officer))),
            "previous page": (order.backwards, items.filter(order.backwards.beyond(key, officer))),
        }
        for name, (reading, found) in turned.items():
            wrong += faults(f"{query} by {sort}, {name}", rows.reading_of(reading, found, officer))
            tried += 1
    for query in asked:
        filters = Filters.of({name: str(value) for name, value in query.items()})
        wrong += faults(f"counters of {query}", tabs.counted(officer, filters, today=today))
    wrong += faults("what the filters offer", choices.offered(officer))
    assert wrong == []
    assert tried == len(asked) * len(sorting.CHOICES) * 3
