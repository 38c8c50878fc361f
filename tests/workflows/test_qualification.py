"""« Mon logement est-il concerné ? »: one clear answer, its reasons, and never a dead end."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from permis.enums import LeaseKind
from permis.models import RuleChange
from permis.qualification import IN_SCOPE, SCOPES, scope_of
from permis.rules import Rule
from territories.enums import AuthorityKind, Regime
from territories.models import Zone
from tests import factories
from tests.documents.reading import text_of
from workflows import qualifying
from workflows.qualifying import Facts, Outcome

pytestmark = pytest.mark.django_db
URL = reverse("qualification")
ON = date(2026, 3, 2)
SQUARE = {"type": "Polygon", "coordinates": [[[-0.45, 45.13], [-0.44, 45.13], [-0.44, 45.14], [-0.45, 45.14], [-0.45, 45.13]]]}


@pytest.fixture
def zone():
    return factories.ZoneFactory(geometry=SQUARE)


def asked(zone, *, inside=None, lease_kind=LeaseKind.UNFURNISHED, lease_on=ON, **said):
    inside = str(zone.pk) if inside is None else inside
    return qualifying.answer(Facts(zone.commune, lease_kind, lease_on, "12 rue de la Gare", inside, **said), on=ON)


def add(zone, **fields):
    """Another perimeter of the same commune."""
    return factories.ZoneFactory(authority=zone.authority, commune=zone.commune, **{"geometry": SQUARE} | fields)


def test_inside_a_perimeter_a_permit_is_needed_with_its_text_and_its_papers(zone):
    answer = asked(zone)

    assert answer.outcome == Outcome.PERMIT
    assert any("délibération n° 2024-09-14 du 24 septembre 2024" in text for text in answer.basis)
    assert answer.prepare[0][0] == "Performance énergétique (DPE)"
    assert [start.url for start in answer.starts] == [f"{reverse('application-start')}?concerne=1"]
    assert answer.next_steps


def test_inside_a_perimeter_of_declaration_the_lease_is_declared():
    answer = asked(factories.ZoneFactory(geometry=SQUARE, regime=Regime.DML))

    assert answer.outcome == Outcome.DECLARATION
    assert answer.starts[0].url.endswith("?concerne=1&regime=DML")
    assert not [step for step in answer.next_steps if "autorisation" in step]


def test_where_both_rules_hold_the_dwelling_a_person_says_which_applies(zone):
    other = add(zone, regime=Regime.DML)
    facts = Facts(zone.commune, LeaseKind.UNFURNISHED, ON, "12 rue de la Gare")
    assert qualifying.answer(facts, on=ON).outcome == Outcome.TO_CHECK

    answer = asked(zone)
    assert answer.outcome == Outcome.PERMIT
    assert any("existe aussi dans la commune" in part for part in answer.why)
    other.geometry, other.streets = None, []
    other.save()
    assert [start.label for start in asked(zone).starts] == ["Commencer ma demande", "Commencer ma déclaration"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, {"inside": qualifying.OUTSIDE}),
        ({"categories": {"built_before": 1949}}, {"construction_year": 1990}),
        ({"ends_on": date(2026, 3, 1)}, {}),
        ({"in_force_on": date(2026, 4, 1)}, {"lease_on": date(2026, 3, 1)}),
    ],
)
def test_outside_by_place_by_category_or_by_date_nothing_is_needed(fields, said):
    answer = asked(factories.ZoneFactory(**{"geometry": SQUARE} | fields), **said)

    assert answer.outcome == Outcome.NOT_CONCERNED
    assert answer.why
    assert answer.next_steps


def test_a_perimeter_to_come_says_its_date(zone):
    Zone.objects.update(in_force_on=date(2026, 6, 1))

    answer = asked(zone, lease_on=date(2026, 4, 1))

    assert answer.outcome == Outcome.UPCOMING
    assert "1er juin 2026" in answer.why[0]
    assert asked(zone, lease_on=date(2026, 6, 1)).outcome == Outcome.PERMIT


@pytest.mark.parametrize(
    "fields",
    [{"geometry": None, "streets": [{"name": "rue de la Gare"}]}, {"geometry": None}, {"categories": {"surface_max": 30}}],
)
def test_what_nobody_can_be_sure_of_is_for_a_person_and_may_be_filed_all_the_same(fields):
    answer = asked(factories.ZoneFactory(**{"geometry": SQUARE} | fields))

    assert answer.outcome == Outcome.TO_CHECK
    assert answer.starts
    assert qualifying.contact(answer)


def test_overlapping_perimeters_are_for_a_person(zone):
    add(zone, name="Autre")
    facts = Facts(zone.commune, LeaseKind.UNFURNISHED, ON, "12 rue de la Gare")

    assert qualifying.answer(facts, on=ON).outcome == Outcome.TO_CHECK


@pytest.mark.parametrize("kind", LeaseKind)
def test_every_kind_of_lease_is_in_or_out_with_a_reason(kind, zone):
    answer = asked(zone, lease_kind=kind)

    assert answer.outcome == (Outcome.PERMIT if kind in IN_SCOPE else Outcome.NOT_CONCERNED)
    assert answer.why[0] == SCOPES[kind].why
    assert answer.basis


@pytest.mark.parametrize(
    ("kind", "rule"),
    [(LeaseKind.MOBILITY, Rule.MOBILITY_IN_SCOPE), (LeaseKind.ANAH_INTERMEDIATE, Rule.ANAH_INTERMEDIATE_IN_SCOPE)],
)
def test_what_the_law_leaves_open_the_authority_settles_from_its_day(kind, rule, zone):
    is_in = scope_of(kind, zone.authority, on=ON).is_in
    RuleChange.objects.create(authority=zone.authority, rule=rule, value=not is_in, since=ON, by=factories.UserFactory())

    assert scope_of(kind, zone.authority, on=ON - timedelta(1)).is_in is is_in
    changed = scope_of(kind, zone.authority, on=ON)
    assert changed.is_in is not is_in
    assert zone.authority.name in changed.why


def test_a_commune_that_does_not_use_the_software_leads_to_its_town_hall():
    commune = factories.CommuneFactory(name="Ailleurs", epci_name="CC d’Ailleurs")

    answer = qualifying.not_here(commune, on=ON)

    assert answer.outcome == Outcome.NOT_HERE
    assert "mairie d’Ailleurs" in answer.next_steps[0]
    assert "CC d’Ailleurs" in answer.next_steps[0]


def test_a_commune_without_perimeter_of_an_authority_that_uses_it_is_not_concerned():
    authority = factories.AuthorityFactory(kind=AuthorityKind.EPCI)
    commune = factories.CommuneFactory(epci_siren=authority.siren)

    assert qualifying.not_here(commune, on=ON).outcome == Outcome.NOT_CONCERNED


def test_only_what_the_perimeters_depend_on_is_asked():
    zone = Zone(categories={"built_before": 1949, "furnished": None, "kinds": []}, geometry=None)

    assert qualifying.asked_of([zone]) == {"lease_kind", "lease_on", "address", "construction_year"}


# -- screens


def main(response):
    text = response.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    return text[text.index("<main") : text.index("</main>")]


def sent(zone, **changes):
    return {"lease_kind": "unfurnished", "lease_on": "2026-03-02", "address": "12 rue de la Gare", "inside": zone.pk} | changes


def test_a_commune_is_found_by_its_name_or_its_postcode(client, zone):
    factories.CommuneFactory(name="Saint-Savin", postcodes=["33920"])
    factories.CommuneFactory(name="Saint-Yzan", postcodes=["33925"])

    assert main(client.get(URL, {"commune": "saint"})).count("?insee=") == 2
    assert client.get(URL, {"commune": "33925"}).status_code == 302
    missing = client.get(URL, {"commune": "Introuvable"})
    assert missing.status_code == 422
    assert "Aucune commune ne porte ce nom" in main(missing)
    assert client.get(URL, {"commune": ""}).status_code == 422
    assert [client.get(URL, {"insee": insee}).status_code for insee in ("99999", "33'--", "é")] == [404] * 3


def test_the_answer_is_given_without_account_and_can_be_kept(client, zone):
    url = f"{URL}?insee={zone.commune_id}"
    assert "Voir la réponse" in main(client.get(url))

    text = main(client.post(url, sent(zone)))
    assert "Oui, demandez l’autorisation avant de louer" in text
    assert "Réponse établie d’après vos déclarations" in text
    assert "12 rue de la Gare" in text

    pdf = client.post(url, sent(zone, inside="outside", pdf="1"))
    assert pdf["Content-Type"] == "application/pdf"
    printed = text_of(pdf.content)
    assert "n’est pas concernée" in printed
    assert "d’après vos déclarations" in printed
    assert "12 rue de la Gare" in printed


def test_a_wrong_answer_is_said_and_nothing_typed_is_lost(client, zone):
    url = f"{URL}?insee={zone.commune_id}"

    wrong = client.post(url, sent(zone, lease_on="", address="5 place <b>Royale</b>"))

    assert wrong.status_code == 422
    assert "5 place &lt;b&gt;Royale&lt;/b&gt;" in main(wrong)
    again = client.post(url, sent(zone, again="1", address="5 place Royale"))
    assert 'value="5 place Royale"' in main(again)


def test_a_commune_without_perimeter_has_an_answer_and_its_sheet(client):
    commune = factories.CommuneFactory()

    assert "mairie" in main(client.get(URL, {"insee": commune.pk}))
    assert client.get(URL, {"insee": commune.pk, "pdf": "1"})["Content-Type"] == "application/pdf"


def test_what_was_said_is_in_the_draft_and_in_no_address(client, zone):
    client.post(f"{URL}?insee={zone.commune_id}", sent(zone, lease_kind="furnished"))
    landlord = factories.UserFactory()
    session = dict(client.session)
    client.force_login(landlord)
    kept = client.session
    kept.update({"concerne": session["concerne"]})
    kept.save()

    start = main(client.get(f"{reverse('application-start')}?concerne=1"))
    assert re.search('<option value="furnished"[^>]*selected', start)
    assert re.search(f'<option value="{zone.commune_id}"[^>]*selected', start)
    answers = {"commune": zone.commune_id, "nature": "again", "lease_kind": "furnished", "separate_leases": 1}
    step = client.post(reverse("application-start"), answers).url
    assert 'value="12 rue de la Gare"' in main(client.get(step))
    assert "Gare" not in step


def test_ten_perimeters_cost_no_more_queries_than_one(client, zone):
    def ask():
        with CaptureQueriesContext(connection) as queries:
            client.post(f"{URL}?insee={zone.commune_id}", sent(zone))
        return len(queries)

    ask()
    one = ask()
    for _ in range(10):
        add(zone)

    assert ask() == one
