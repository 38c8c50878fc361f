"""What the search finds, each kind of question with and without; who finds what; plans and queries."""

import json
import os
import string
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import Membership, Organisation, User
from permis import indexing, search
from permis.enums import LessorKind, State
from permis.models import Application, CaseIndex, Entrusted
from permis.words import Question
from tests import factories
from tests.workflows.searching import filed, found
from workflows.actions import delegations

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(town):
    return factories.member(town, Role.OFFICER)


@pytest.fixture
def case(town):
    """One case that every kind of question of this module is asked of."""
    agency = Organisation.objects.create(name="Cabinet Dubreuilh", siren="732829320", address="2 place Ste-Cécile")
    case = filed(
        town,
        number="APML 033473 26 00042",
        organisation=agency,
        commune=factories.CommuneFactory(insee="33473", name="Saint-Savin"),
        sheet={"address": "12 bis, av. du Gal Leclerc", "postcode": "33920", "dpe_number": "2633E0123456X"},
        lessor={
            "kind": LessorKind.COMPANY,
            "company": "SCI Les Œillets d’Émeraude",
            "siret": "732 829 320 00074",
            "email": "gerance@oeillets.example",
            "phone": "+33 (0)6 12 34 56 78",
        },
        agent={"name": "Agence Lætitia Marchand", "email": "l.marchand@agence.example", "phone": "05.57.11.22.33"},
    )
    filed(town, sheet={"address": "3 place du Marché"}, lessor={"first_name": "Paul", "last_name": "Autre"})
    return case


@pytest.mark.parametrize(
    ("finds", "finds_nothing"),
    [
        ("APML 033473 26 00042", "APML 033473 26 00043"),
        ("apml0334732600042", "apml0334732600041"),
        ("26 42", "26 43"),
        ("12 avenue general leclerc", "14 avenue general leclerc"),
        ("12bis av leclerc", "12ter av leclerc"),
        ("avenue gal lecl", "boulevard gal lecl"),
        ("leclerc st savin", "leclerc ste savine"),
        ("saint-savin 33473", "saint-savin 33474"),
        ("33920 leclerc", "33921 leclerc"),
        ("OEILLETS emeraude", "oeillet emeraude"),
        ("œillets d'éme", "œillets d'émi"),
        ("732829320", "732829321"),
        ("732 829 320 00074", "732 829 320 00075"),
        ("732 829 320", "732 829 330"),
        ("06 12 34 56 78", "06 12 34 56 79"),
        ("+33612345678", "+33612345679"),
        ("05 57 11", "05 57 12"),
        ("gerance@oeillets", "gerance@oeillet."),
        ("l.marchand@agence.example", "p.marchand@agence.example"),
        ("laetitia marchand", "laetitia dupont"),
        ("dubreuilh", "dubreuill"),
        ("2633E0123456X", "2633E0123456Y"),
        ("2633e0123", "2634e0123"),
    ],
)
def test_each_kind_of_question_finds_the_case_and_nothing_else(case, officer, finds, finds_nothing):
    assert found(finds, officer) == [case.pk]
    assert found(finds_nothing, officer) == []


@pytest.mark.parametrize("text", ["", " ", "'", "*:", "\x00", "\ud800", "%%%", "!!!", "()&|", "…"])
def test_a_question_without_a_word_finds_nothing(case, officer, text):
    assert found(text, officer) == []


def test_a_town_finds_its_own_cases_alone(town, officer):
    for _ in range(3):
        filed(town)
    elsewhere = factories.member(factories.AuthorityFactory(), *Role.reading_cases())
    assert len(found("rue de la gare", officer)) == 3
    assert found("rue de la gare", elsewhere) == []


@pytest.mark.parametrize("role", Role)
def test_a_role_that_reads_no_case_finds_none(case, town, role):
    person = factories.member(town, role) if role != Role.AGENT else factories.UserFactory()
    assert bool(found("leclerc", person)) is (role in Role.reading_cases())
    assert set(found("leclerc", person)) == set(
        Application.objects.visible_to(person).filter(pk=case.pk).values_list("pk", flat=True)
    )


def test_an_applicant_and_an_agency_find_their_own_cases(case, town):
    stranger, agent = factories.UserFactory(), factories.UserFactory()
    Membership.objects.create(user=agent, role=Role.AGENT, organisation=case.organisation)
    assert found("leclerc", case.applicant) == [case.pk]
    assert found("leclerc", agent) == [case.pk]
    assert found("leclerc", stranger) == []
    assert found("marche", case.applicant) == []
    assert found("leclerc", case.applicant, states=[State.REFUSED]) == []
    assert found("leclerc", case.applicant, before=case.pk) == []


def test_an_operator_finds_what_was_entrusted_to_them(case, town):
    person = factories.member(town, Role.OPERATOR)
    assert found("leclerc", person) == []
    Entrusted.objects.create(application=case, user=person)
    assert found("leclerc", person) == [case.pk]


def test_a_draft_is_found_by_nobody(town, officer):
    draft = factories.ApplicationFactory(authority=town)
    indexing.keep(draft)
    assert not CaseIndex.objects.exists()
    assert found("gare", officer) == found("gare", draft.applicant) == []


def test_who_works_for_two_towns_finds_the_cases_of_both_in_their_order(town, officer):
    other = factories.AuthorityFactory()
    Membership.objects.create(user=officer, role=Role.LEGAL, authority=other)
    officer = User.objects.get(pk=officer.pk)
    keys = [filed(authority).pk for authority in (town, other, town, other)]
    assert found("gare", officer) == keys[::-1]


def test_a_case_handed_over_is_found_by_its_new_authority_and_no_more_by_the_former(town, officer):
    case, other = filed(town), factories.AuthorityFactory()
    newcomer = factories.member(other, Role.OFFICER)
    delegations.hand_over(case, to=other, on=town.today())
    assert found("gare", newcomer) == [case.pk]
    assert found("gare", officer) == []


@pytest.mark.parametrize("window", [1, 2, 3, 50])
def test_pages_lead_through_every_case_once_whatever_is_looked_at_first(town, officer, monkeypatch, window):
    monkeypatch.setattr(search, "RECENT", window)
    monkeypatch.setattr(search, "RECENT_OF_EACH", 1)
    other = factories.AuthorityFactory()
    Membership.objects.create(user=officer, role=Role.OFFICER, authority=other)
    officer = User.objects.get(pk=officer.pk)
    cases = [
        filed(each, sheet={"address": "8 quai Nord"} if rank % 3 == 0 else None) for rank, each in enumerate([town, other] * 5)
    ]
    for asked in ("gare", "nord", "26"):
        expected = [case.pk for case in cases[::-1] if asked == "26" or (asked == "nord") == ("Nord" in case.dwelling.address)]
        seen, before = [], None
        while page := search.find(Question.of(asked), officer, limit=2, before=before).keys:
            seen += page
            before = page[-1]
        assert seen == expected
        assert all(one > other for one, other in pairwise(seen))


def test_states_narrow_what_is_found(town, officer):
    open_, refused = filed(town), filed(town, state=State.REFUSED, notified_on="2026-03-20")
    assert found("gare", officer, states=State.open()) == [open_.pk]
    assert found("gare", officer, states=[State.REFUSED]) == [refused.pk]


WORDS = ("leclerc", "avenue", "general", "oeillets", "emeraude", "savin", "marchand", "agence", "dubreuilh", "cabinet")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    word=st.sampled_from(WORDS),
    place=st.integers(0, 8),
    letter=st.sampled_from(string.ascii_lowercase),
    kind=st.sampled_from(["insert", "delete", "replace", "swap"]),
)
def test_any_one_slip_in_any_word_still_finds_the_case(case, officer, word, place, letter, kind):
    place = min(place, len(word) - 1)
    typed = {
        "insert": word[:place] + letter + word[place:],
        "delete": word[:place] + word[place + 1 :],
        "replace": word[:place] + letter + word[place + 1 :],
        "swap": word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    }[kind]
    for text in (typed, f"12 {typed}", f"{typed} 33920"):
        meant = search.with_errors(Question.of(text))
        keys = {*found(text, officer), *(search.find(meant, officer, limit=9).keys if meant else ())}
        assert case.pk in keys, text


def test_a_slip_shows_nothing_of_other_towns(case):
    elsewhere = factories.member(factories.AuthorityFactory(), Role.OFFICER)
    meant = search.with_errors(Question.of("dubreuill"))
    assert meant is not None
    assert search.find(meant, elsewhere, limit=9).keys == ()


@pytest.mark.reference_data
def test_hostile_strings_break_nothing(case, officer):
    for text in json.loads((Path(os.environ["TEST_DATA_DIR"]) / "text" / "blns.json").read_text()):
        question = Question.of(text)
        search.find(question, officer, limit=3)
        meant = search.with_errors(question)
        if meant is not None:
            search.find(meant, officer, limit=3)


def test_a_question_asks_the_database_a_fixed_number_of_times(town, officer, case, django_assert_num_queries):
    officer = User.objects.get(pk=officer.pk)
    assert officer.roles
    with django_assert_num_queries(2):
        found("leclerc", officer)
    for _ in range(12):
        filed(town)
    with django_assert_num_queries(2):
        found("gare", officer)


@pytest.fixture
def crowd(town):
    """Thirty thousand cases of sixty authorities, this town the largest; one lessor in a hundred is called Duprat."""
    model = filed(town)
    others = [factories.AuthorityFactory() for _ in range(59)]
    keys = [town.pk] * 8_000 + [other.pk for rank, other in enumerate(others) for _ in range(22_000 // 59 + rank % 3)]
    after = model.pk + 1
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO permis_caseindex (application_id, authority_id, document)
            SELECT %s + rank, authority, array_to_tsvector(ARRAY[authority || '/rue', authority || '/n' || rank,
                   authority || CASE WHEN rank %% 100 = 7 THEN '/duprat' ELSE '/autre' END])
            FROM unnest(%s::bigint[]) WITH ORDINALITY AS held(authority, rank)
            """,
            [after, keys],
        )
        cursor.execute("ANALYZE permis_caseindex")
    # The rows of the index alone: what is looked at here is the way to them.
    yield len(keys)
    CaseIndex.objects.filter(pk__gte=after).delete()


@pytest.mark.parametrize(
    ("text", "many"), [("duprat", False), ("dup", False), ("rue", True), ("rue duprat", False), ("absent", False)]
)
def test_no_question_reads_the_index_of_all_the_authorities(crowd, town, officer, text, many):
    with CaptureQueriesContext(connection) as asked:
        keys = found(text, officer)
    assert (len(keys) == 50) is (text not in ("absent",))
    plans = [plan_of(query["sql"]) for query in asked if "permis_caseindex" in query["sql"]]
    assert len(plans) == (1 if many else 2)
    for plan in plans:
        assert not [node for node in nodes(plan) if node["Node Type"] == "Seq Scan"]
        assert sum(node.get("Rows Removed by Filter", 0) for node in nodes(plan)) <= search.RECENT
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 500


def plan_of(sql):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"))
        (found,) = cursor.fetchone()
    return found[0]["Plan"]


def nodes(plan):
    return [plan, *(node for each in plan.get("Plans", []) for node in nodes(each))]
