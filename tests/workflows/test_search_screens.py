"""The search on the screen: results and why, pages, states, nothing found, suggestions, straight to a whole number."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.enums import Role
from accounts.models import Membership, Organisation
from permis.enums import State
from tests import factories
from tests.workflows.searching import filed
from workflows import finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(town, client):
    person = factories.member(town, Role.OFFICER)
    client.force_login(person)
    return person


def text_of(answer):
    page = answer.content.decode().split("<main", 1)[-1].split("</main>")[0]
    return re.sub(
        r"\s+", " ", strip_tags(page).replace("\xa0", " ").replace("&nbsp;", " ").replace("\u202f", " ").replace("&#x27;", "'")
    )


def look(client, text, name="search", **query):
    return client.get(reverse(name), {"q": text, **query})


def links(answer):
    return re.findall(r'class="pl-link pl-num" href="([^"]+)"', answer.content.decode())


@pytest.mark.usefixtures("officer")
def test_the_page_shows_the_case_and_marks_what_answers(client, town):
    case = filed(town)
    page = look(client, "duprat gar")
    assert links(page) == [case.get_absolute_url()]
    assert "<mark>Duprat</mark>" in page.content.decode()
    assert "rue de la <mark>Gare</mark>" in page.content.decode()
    assert "1 dossier" in text_of(page)


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("0612345678", "Téléphone : 06 12 34 56 78"),
        ("73282932000074", "SIRET : 732 829 320 00074"),
        ("gerance@ex", "Courriel : gerance@exemple.fr"),
        ("marchand", "Mandataire : Agence Marchand"),
        ("2633e01", "DPE : 2633E0123456X"),
    ],
)
def test_what_answers_and_the_line_does_not_show_is_said(client, town, asked, said):
    filed(
        town,
        sheet={"dpe_number": "2633E0123456X"},
        lessor={"last_name": "Duprat", "siret": "732 829 320 00074", "phone": "06 12 34 56 78", "email": "gerance@exemple.fr"},
        agent={"name": "Agence Marchand"},
    )
    assert said in text_of(look(client, asked))
    assert said not in text_of(look(client, "duprat"))


@pytest.mark.usefixtures("officer")
def test_every_page_for_a_town_and_nothing_for_another(client, town):
    cases = [filed(town) for _ in range(60)]
    address, seen = reverse("search") + "?q=gare", []
    while address:
        page = client.get(address)
        seen += links(page)
        following = re.search(r'href="([^"]+)">Dossiers suivants', page.content.decode())
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == [case.get_absolute_url() for case in cases[::-1]]
    assert "60 dossiers" in text_of(look(client, "gare"))
    client.force_login(factories.member(factories.AuthorityFactory(), Role.OFFICER))
    other = look(client, "gare")
    assert links(other) == []
    assert "Aucun dossier ne répond" in text_of(other)
    assert look(client, "gare", "search-suggestions").content.decode().strip() == ""


@pytest.mark.usefixtures("officer")
def test_states_narrow_the_page(client, town):
    open_, refused = filed(town), filed(town, state=State.REFUSED, notified_on="2026-03-20")
    assert links(look(client, "gare", etat="clos")) == [refused.get_absolute_url()]
    assert links(look(client, "gare", etat="en-cours")) == [open_.get_absolute_url()]
    assert links(look(client, "gare", etat="autorises")) == []
    assert "cherchez dans tous les états" in text_of(look(client, "gare", etat="autorises"))
    grouped = [state for _, _, states in finding.GROUPS for state in states]
    assert sorted(grouped) == sorted(set(State) - {State.DRAFT})


@pytest.mark.usefixtures("officer")
def test_a_whole_number_leads_to_its_case_and_to_no_other(client, town):
    case, elsewhere = filed(town, number="APML 033473 26 00042"), filed(number="APML 033473 26 00043")
    answer = look(client, "apml-033473 2600042")
    assert (answer.status_code, answer.url) == (302, case.get_absolute_url())
    assert links(look(client, "APML 033473 26 00043")) == []
    client.force_login(elsewhere.applicant)
    assert look(client, "APML 033473 26 00043").url == reverse("application", args=[elsewhere.pk])


@pytest.mark.usefixtures("officer")
def test_an_error_of_one_letter_is_answered_apart(client, town):
    case = filed(town)
    page = look(client, "durpat")
    assert "Peut-être cherchiez-vous" in text_of(page)
    assert links(page) == [case.get_absolute_url()]
    assert "<mark>Duprat</mark>" in page.content.decode()
    assert "Peut-être cherchiez-vous" in text_of(look(client, "durpat", "search-suggestions"))
    assert "Peut-être" not in text_of(look(client, "duprat"))


def test_an_applicant_reads_no_decision_before_it_is_notified(client):
    case = filed(state=State.AWAITING_DECISION)
    client.force_login(case.applicant)
    page = text_of(look(client, "gare"))
    assert State.AWAITING_DECISION.label not in page
    assert State.UNDER_REVIEW.landlord_label in page
    assert links(look(client, "gare")) == [reverse("application", args=[case.pk])]
    assert links(look(client, "gare", etat="en-cours")) == [reverse("application", args=[case.pk])]


@pytest.mark.parametrize("role", [Role.ELECTED, Role.PARTNER, Role.ADMINISTRATOR])
def test_who_reads_no_case_has_no_box_and_finds_nothing(client, town, role):
    filed(town)
    client.force_login(factories.member(town, role))
    page = look(client, "gare")
    assert links(page) == []
    assert 'id="q-top"' not in page.content.decode()
    assert look(client, "gare", "search-suggestions").content.decode().strip() == ""


@pytest.mark.usefixtures("officer")
def test_suggestions_are_eight_at_most_and_in_groups(client, town):
    cases = [filed(town, agent={"name": "Agence de la Gare"}) for _ in range(12)]
    page = look(client, "gar", "search-suggestions").content.decode()
    assert re.findall(r'class="pl-over" id="[^"]+">([^<]+)<', page) == ["Dossiers", "Personnes"]
    assert page.count('role="option"') == finding.SUGGESTED
    assert f'data-url="{cases[-1].get_absolute_url()}"' in page
    assert "Agence de la <mark>Gare</mark>" in page
    assert look(client, "g", "search-suggestions").content.decode().strip() == ""


@pytest.mark.usefixtures("officer")
def test_an_address_of_several_cases_is_suggested(client, town):
    commune = factories.CommuneFactory()
    for _ in range(2):
        case = filed(town, commune=commune)
        case.dwelling.address_key = case.dwelling.normalised
        case.dwelling.save()
    page = look(client, "12 rue gare", "search-suggestions").content.decode()
    assert reverse("address", args=[case.dwelling.address_key]) in page
    client.force_login(case.applicant)
    assert "Adresses" not in look(client, "12 rue gare", "search-suggestions").content.decode()


def test_the_number_of_answers_is_told_once_whole(client, officer, town, monkeypatch):
    monkeypatch.setattr(finding, "PAGE", 2)
    for _ in range(3):
        filed(town, lessor={"last_name": "Lacombe"})
    first = look(client, "lacombe")
    assert "3 dossiers, les plus récents d’abord" in text_of(first)
    following = text_of(look(client, "lacombe", avant=re.findall(r"avant=(\d+)", first.content.decode())[0]))
    assert "1 dossier" not in following
    assert "La suite des dossiers" in following


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    "query", ["", "q=", "q=%27%22%3Cscript%3E", "q=gare&avant=zz", "q=gare&avant=" + "9" * 40, "q=gare&etat=zz", "q=%ED%A0%80"]
)
def test_the_page_survives_any_query(client, town, query):
    filed(town)
    for name in ("search", "search-suggestions"):
        page = client.get(f"{reverse(name)}?{query}")
        assert page.status_code == 200
        assert "<script>" not in page.content.decode().split("<main")[-1]


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("name", ["search", "search-suggestions"])
def test_many_cases_ask_no_more_of_the_database(client, town, name, django_assert_max_num_queries):
    for _ in range(2):
        filed(town)
    look(client, "gare", name)
    with django_assert_max_num_queries(11) as few:
        look(client, "gare", name)
    for _ in range(10):
        filed(town)
    with django_assert_max_num_queries(len(few)):
        look(client, "gare", name)


@pytest.mark.usefixtures("officer")
def test_a_long_name_and_a_hostile_one_are_shown_as_they_are(client, town):
    filed(town, lessor={"last_name": "<b>Duprat</b> & " + "Très-long " * 6})
    page = look(client, "duprat").content.decode()
    assert "&lt;b&gt;" in page
    assert "<b>Duprat" not in page


def test_an_agency_searches_from_the_header(client):
    agency, agent = Organisation.objects.create(name="Cabinet Dubreuilh", address="2 place Ste-Cécile"), factories.UserFactory()
    case = filed(organisation=agency)
    client.force_login(agent)
    assert 'id="q-top"' not in client.get(reverse("application-list")).content.decode()
    Membership.objects.create(user=agent, role=Role.AGENT, organisation=agency)
    assert 'id="q-top"' in client.get(reverse("application-list")).content.decode()
    assert links(look(client, "gare")) == [reverse("application", args=[case.pk])]
