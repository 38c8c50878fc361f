"""The scope of a case: the perimeter found at the deposit, what the officer settles, and who may ask before the deed."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from permis.enums import LeaseKind, PieceKind, State
from permis.models import Application, RuleChange
from permis.models.journal import Event
from permis.rules import Rule
from territories.enums import Certainty, Doubt
from tests import factories
from workflows import dossier
from workflows.actions import completeness, gathering, intake, scoping

pytestmark = pytest.mark.django_db
FILED = date(2026, 3, 2)
SQUARE = {"type": "Polygon", "coordinates": [[[-0.45, 45.13], [-0.44, 45.13], [-0.44, 45.14], [-0.45, 45.14], [-0.45, 45.13]]]}
POINT = {"latitude": 45.135, "longitude": -0.445}


@pytest.fixture
def zone():
    return factories.ZoneFactory(geometry=SQUARE)


def draft(of, /, *, point=POINT, **fields):
    return factories.ApplicationFactory(authority=of.authority, commune=of.commune, sheet=point or {}, **fields)


def filed(of, /, **fields):
    case = draft(of, **fields)
    gathering.add_piece(case, kinds=[PieceKind.DPE], upload=factories.upload(), by=case.applicant, on=FILED)
    return intake.submit(case, by=case.applicant, on=FILED)


def officer_of(zone):
    return factories.member(zone.authority, Role.OFFICER)


def test_the_deposit_keeps_the_perimeter_that_the_map_gives(zone):
    case = filed(zone)

    assert (case.zone, case.zoning, case.zone_doubts) == (zone, Certainty.CERTAIN, [])
    assert not case.awaits_zone_check


def test_what_the_map_cannot_tell_is_for_the_officer(zone):
    case = filed(zone, point=None)

    assert (case.zone, case.zoning, case.zone_doubts) == (zone, Certainty.TO_CHECK, [Doubt.UNPLACED])
    assert case.awaits_zone_check


def test_a_perimeter_that_was_said_and_is_not_that_of_the_address_is_a_doubt(zone):
    other = factories.ZoneFactory(authority=zone.authority, commune=zone.commune, name="Ailleurs", geometry={
        "type": "Polygon", "coordinates": [[[1, 45], [1.1, 45], [1.1, 45.1], [1, 45]]],
    })  # fmt: skip

    case = filed(zone, zone=other)

    assert (case.zone, case.zone_doubts) == (zone, [Doubt.DECLARED])


def test_outside_every_perimeter_the_case_has_none_and_waits_for_a_person(zone):
    case = filed(zone, point={"latitude": 45.2, "longitude": -0.445})

    assert (case.zone, case.zoning, case.awaits_zone_check) == (None, Certainty.OUTSIDE, True)


def test_the_officer_confirms_a_perimeter_of_this_commune_only(zone):
    case, officer = filed(zone, point=None), officer_of(zone)

    with pytest.raises(scoping.NotThisZone):
        scoping.confirm_zone(case, zone=factories.ZoneFactory(), by=officer, on=FILED)
    with pytest.raises(PermissionDenied):
        scoping.confirm_zone(case, zone=zone, by=case.applicant, on=FILED)
    case = scoping.confirm_zone(case, zone=zone, reason="Plan cadastral", by=officer, on=FILED)

    assert not case.awaits_zone_check
    assert case.journal.get(event=Event.ZONE_CONFIRMED).facts["reason"] == "Plan cadastral"
    assert not case.journal.for_landlord().filter(event=Event.ZONE_CONFIRMED).exists()


# Scenario 27: a mobility lease is out of scope by default, and the officer may keep it with a reason.
def test_a_mobility_lease_goes_no_further_without_a_reason(zone):
    case, officer = filed(zone, lease_kind=LeaseKind.MOBILITY), officer_of(zone)

    with pytest.raises(scoping.ScopeToSettle):
        completeness.declare_complete(case, by=officer, on=FILED)
    scoping.keep_in_scope(case, reason="Le bail dure un an.", by=officer, on=FILED)

    assert completeness.declare_complete(case, by=officer, on=FILED).state == State.UNDER_REVIEW
    assert case.journal.get(event=Event.KEPT_IN_SCOPE).facts == {"reason": "Le bail dure un an."}


def test_the_settings_put_a_mobility_lease_in_scope(zone):
    RuleChange.objects.create(
        authority=zone.authority, rule=Rule.MOBILITY_IN_SCOPE, value=True, since=FILED, by=factories.UserFactory()
    )
    case = filed(zone, lease_kind=LeaseKind.MOBILITY)

    assert completeness.declare_complete(case, by=officer_of(zone), on=FILED).state == State.UNDER_REVIEW


@pytest.mark.parametrize(
    ("agrees", "allowed_by_rule", "may_file"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_a_buyer_files_with_the_agreement_of_the_seller_where_the_authority_takes_it(zone, agrees, allowed_by_rule, may_file):
    if not allowed_by_rule:
        RuleChange.objects.create(
            authority=zone.authority, rule=Rule.FUTURE_BUYER, value=False, since=FILED, by=factories.UserFactory()
        )
    fields = {"future_buyer": True, "seller_agrees": agrees}

    if may_file:
        case = filed(zone, **fields)
        line = next(line for line in dossier.checklist(case, on=FILED) if line.kind == PieceKind.SELLER_AGREEMENT)
        assert not line.required
    else:
        with pytest.raises(scoping.BuyerWithoutSeller):
            filed(zone, **fields)


# -- screens


def main(response):
    text = response.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    return text[text.index("<main") : text.index("</main>")]


def test_the_case_page_says_what_is_to_settle_and_the_screens_settle_it(client, zone):
    case, officer = filed(zone, point=None, lease_kind=LeaseKind.MOBILITY), officer_of(zone)
    client.force_login(officer)

    page = main(client.get(reverse("case", args=[case.pk])))
    assert "Ce bail paraît hors champ" in page
    assert "le logement n’est pas placé sur la carte" in page

    assert client.post(reverse("case-keep", args=[case.pk]), {"reason": ""}).status_code == 422
    client.post(reverse("case-keep", args=[case.pk]), {"reason": "Bail d’un an."})
    url = reverse("case-zone", args=[case.pk])
    assert zone.name in main(client.get(url))
    assert client.post(url, {"zone": ""}).status_code == 422
    client.post(url, {"zone": zone.pk, "reason": "Plan"})

    page = main(client.get(reverse("case", args=[case.pk])))
    assert "Gardé dans le champ : Bail d’un an." in page
    assert "À vérifier par vous" not in page


def test_the_landlord_is_told_before_the_deposit_that_the_lease_is_not_concerned(client, zone):
    case = draft(zone, lease_kind=LeaseKind.TOURIST)
    factories.prove_address(case.applicant)
    client.force_login(case.applicant)

    page = main(client.get(reverse("application-step", args=[case.pk, "depot"])))

    assert "cette location n’est pas concernée" in page
    assert reverse("qualification") in page


def test_a_buyer_without_agreement_is_told_why_on_the_first_step(client, zone):
    client.force_login(factories.UserFactory())
    answers = {
        "commune": zone.commune_id, "nature": "again", "lease_kind": "unfurnished", "separate_leases": 1, "future_buyer": "on",
    }  # fmt: skip

    refused = client.post(reverse("application-start"), answers)

    assert refused.status_code == 422
    assert "seul le vendeur est bailleur" in main(refused)
    assert client.post(reverse("application-start"), answers | {"seller_agrees": "on"}).status_code == 302
    assert Application.objects.get().seller_agrees
