"""The dashboard of a person who answers for several authorities: together, or one of them."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from accounts.enums import Role
from notifications.ledger import Occasion
from tests import factories
from tests.workflows.exported import lines_of
from tests.workflows.test_actions import file
from tests.workflows.test_compared_figures import add, late, seen, words
from workflows.statistics.measures import Measure

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)
MONTH = date(2026, 2, 1)


@pytest.fixture
def epci(time_machine):
    time_machine.move_to("2026-03-12T12:00:00Z")
    return factories.AuthorityFactory(name="Latitude", siren="243301181")


@pytest.fixture
def place(epci):
    return factories.CommuneFactory(name="Berson", epci_siren=epci.siren)


@pytest.fixture
def commune(epci):
    return factories.AuthorityFactory(name="Berson")


@pytest.fixture
def manager(client, epci, commune):
    person = factories.member(epci, Role.MANAGER)
    person.memberships.create(role=Role.MANAGER, authority=commune)
    client.force_login(person)
    return person


def link(page, word):
    """Where a link of these words leads."""
    return unescape(re.search(rf'href="([^"]*)"[^>]*>(?:<svg.*?</svg>)?{word}</a>', page)[1])


def test_the_figures_are_those_of_both_or_of_the_one_that_is_named(client, epci, commune, place, manager):
    add(epci, place, Measure.RECEIVED, "online", 3, day=MONTH)
    add(commune, place, Measure.RECEIVED, "online", 4, day=MONTH)

    both = seen(client)
    assert "Latitude et Berson, ensemble" in words(both)
    assert "<b>7</b>" in both

    one = seen(client, "dashboard", collectivite=commune.pk, comparer="24")
    assert "<b>4</b>" in one
    assert "ensemble ·" not in words(one)
    for word in ("Rapport annuel", "Fiche de suivi", "CSV", "Berson"):
        assert f"collectivite={commune.pk}" in link(one, word), word
    assert "comparer=24" in link(one, "Latitude")
    assert link(one, "Ensemble") == "?periode=2026&comparer=24"
    assert f"&collectivite={commune.pk}" in re.search(r'/tableau-de-bord/dossiers/\?[^"]*mesure=received[^"]*', one)[0]


def test_the_cases_of_a_figure_are_those_of_the_authority_that_is_named(client, epci, commune, place, manager):
    here, there = (file(factories.ApplicationFactory(authority=each), on=TODAY) for each in (epci, commune))

    page = seen(client, "figure-cases", mesure="received", periode="2026", collectivite=commune.pk)

    assert there.number in page
    assert here.number not in page
    assert "1 dossier, dans" in words(page).replace("\u00a0", " ")
    assert f"collectivite={commune.pk}" in link(page, " Tableau de bord")


def test_what_is_late_and_who_does_what_are_those_of_the_authority_that_is_named(client, epci, commune, place, manager):
    for authority in (epci, commune):
        case = factories.ApplicationFactory(authority=authority)
        file(case, on=TODAY)
        late(authority, 1, occasion=Occasion.REFUSAL, application=case)
    both, one = words(seen(client)), words(seen(client, collectivite=commune.pk))
    assert "2 transmissions obligatoires en retard" in both
    assert "1 transmission obligatoire en retard" in one
    assert "Non attribué 2" in both
    assert "Non attribué 1" in one


def test_the_page_of_a_commune_turns_to_an_authority_that_has_nothing_there(client, epci, commune, place, manager):
    add(epci, place, Measure.RECEIVED, "online", 1, day=MONTH)
    turned = client.get(
        reverse("dashboard-commune", args=[place.pk]) + link(seen(client, "dashboard-commune", place.pk), "Berson")
    )
    assert turned.status_code == 200


def test_another_authority_is_never_named(client, epci, commune, place, manager):
    stranger = factories.AuthorityFactory()
    add(stranger, place, Measure.RECEIVED, "online", 9, day=MONTH)
    add(epci, place, Measure.RECEIVED, "online", 3, day=MONTH)
    assert "<b>3</b>" in seen(client, "dashboard", collectivite=stranger.pk)


def test_the_page_of_a_commune_leads_to_the_report_of_who_receives_there(client, epci, commune, place, manager):
    add(epci, place, Measure.RECEIVED, "online", 1, day=MONTH)
    add(commune, place, Measure.RECEIVED, "online", 5, day=MONTH)
    page = seen(client, "dashboard-commune", place.pk)
    assert link(page, "Rapport annuel").endswith(f"?collectivite={commune.pk}")
    response = client.get(link(page, "CSV"))
    assert [line[:3] for line in lines_of(b"".join(response.streaming_content))[1:]] == [["Berson", place.pk, "6"]]
    assert f"-{place.pk}.csv" in response["Content-Disposition"]


def test_a_commune_that_was_entrusted_is_no_commune_without_requests(client, epci, commune, place):
    """Zero would say that nobody asked for anything there."""
    factories.DelegationFactory(epci=epci, delegate=commune, commune=place, starts_on=date(2026, 1, 1))
    client.force_login(factories.member(epci, Role.MANAGER))
    told = "traitées par délégation (Berson"
    assert told in seen(client, "dashboard-commune", place.pk)
    assert "Ensemble" not in seen(client, "dashboard-commune", place.pk)
    add(epci, place, Measure.RECEIVED, "online", 1, day=MONTH)
    assert told not in seen(client, "dashboard-commune", place.pk)


def test_who_asks_for_communes_side_by_side_without_choosing_is_told(client, epci, place, manager):
    add(epci, place, Measure.RECEIVED, "online", 1, day=MONTH)
    other = factories.CommuneFactory(epci_siren=epci.siren)
    add(epci, other, Measure.RECEIVED, "online", 1, day=MONTH)
    assert "Cochez d’abord" in seen(client, "dashboard", ensemble="1")
    assert "Cochez d’abord" not in seen(client, "dashboard", ensemble="1", cote=place.pk)
    assert "Cochez d’abord" not in seen(client, "dashboard")


def test_a_delay_that_rests_on_few_decisions_is_marked(client, epci, manager):
    for rank, decided in enumerate((4, 5)):
        place = factories.CommuneFactory(name=f"Commune {rank}", epci_siren=epci.siren)
        add(epci, place, Measure.NOTIFIED, "12", decided, day=MONTH)
        add(epci, place, Measure.OUTCOME, "granted", decided, day=MONTH)
    rows = re.findall(r"Commune \d</a>.*?</tr>", seen(client), re.DOTALL)
    assert [" *" in words(row).replace("\u00a0", " ") for row in rows] == [True, False]
