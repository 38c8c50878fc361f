"""Who may sign what, where and when; and what the act says of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import SignaturePower
from permis.enums import Ground, Outcome
from tests import factories
from tests.workflows import sanctioned
from tests.workflows.test_actions import DRAFT, SIGN, WORK, visited
from workflows.actions import decision, fines, sealing
from workflows.powers import NoSignaturePower, signature_power

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(town):
    return factories.ApplicationFactory(authority=town)


def power_of(user, town, **scope):
    """The power of a person, with this scope and no other."""
    power = user.signature_powers.get(authority=town)
    communes = scope.pop("communes", [])
    for name, value in scope.items():
        setattr(power, name, value)
    power.save()
    power.communes.set(communes)
    return power


@pytest.mark.parametrize(
    ("scope", "outcome", "signs"),
    [
        ({}, Outcome.REFUSED, True),
        ({}, "", True),
        ({"outcomes": ["granted"]}, Outcome.GRANTED, True),
        ({"outcomes": ["granted"]}, Outcome.REFUSED, False),
        ({"outcomes": ["granted"]}, "", False),
        ({"regimes": ["APML"]}, Outcome.GRANTED, True),
        ({"regimes": ["DML"]}, Outcome.GRANTED, False),
        ({"ends_on": SIGN}, Outcome.GRANTED, True),
        ({"ends_on": SIGN - timedelta(1)}, Outcome.GRANTED, False),
        ({"starts_on": SIGN + timedelta(1)}, Outcome.GRANTED, False),
    ],
)
def test_a_power_covers_what_its_scope_says(draft, town, staff, scope, outcome, signs):
    power = power_of(staff, town, **scope)
    if signs:
        assert signature_power(draft, by=staff, on=SIGN, outcome=outcome) == power
    else:
        with pytest.raises(NoSignaturePower):
            signature_power(draft, by=staff, on=SIGN, outcome=outcome)


def test_a_power_over_some_communes_serves_there_alone(draft, town, staff):
    elsewhere = factories.CommuneFactory()
    power_of(staff, town, communes=[elsewhere])
    with pytest.raises(NoSignaturePower, match=f"ne couvre pas un refus à {draft.commune.name}"):
        signature_power(draft, by=staff, on=SIGN, outcome=Outcome.REFUSED)
    power = power_of(staff, town, communes=[elsewhere, draft.commune])
    assert signature_power(draft, by=staff, on=SIGN, outcome=Outcome.REFUSED) == power


def test_who_may_not_sign_is_told_who_may(draft, town, staff):
    mayor = factories.member(town, Role.SIGNATORY, first_name="Odile", last_name="Pineau")
    power_of(mayor, town, capacity="La Maire")
    gone = factories.member(town, Role.SIGNATORY, is_active=False)
    power_of(staff, town, outcomes=["granted"])
    with pytest.raises(NoSignaturePower) as told:
        signature_power(draft, by=staff, on=SIGN, outcome=Outcome.REFUSED)
    assert str(told.value).endswith("Peuvent signer : Odile Pineau (la Maire).")
    assert gone.full_name not in str(told.value)


def test_one_that_holds_in_every_circumstance_comes_before_a_replacement(draft, town, staff):
    power_of(staff, town, rank=1, starts_on=date(2026, 1, 1))
    own = SignaturePower.objects.create(user=staff, authority=town, capacity="La Vice-présidente", starts_on=date(2025, 1, 1))
    assert signature_power(draft, by=staff, on=SIGN, outcome=Outcome.GRANTED) == own


def test_the_act_names_the_delegation_of_this_decision_and_the_absence(draft, town, staff):
    power_of(staff, town, delegation="l’arrêté n° 12", outcomes=["granted"])
    other = {"user": staff, "authority": town, "capacity": "Le Directeur", "starts_on": date(2025, 1, 1)}
    SignaturePower.objects.create(delegation="l’arrêté n° 31", outcomes=["refused"], rank=1, **other)
    case = visited(draft, staff)
    facts = {"works": [WORK], "grounds": [Ground.DECENCY]}
    decision.propose_decision(case, outcome=Outcome.REFUSED, by=staff, on=DRAFT, **facts)
    content = decision.preview(type(case).objects.get(pk=case.pk), by=staff, on=SIGN).content
    words = str(content)
    assert "l’arrêté n° 31 donnant délégation de signature à" in words
    assert "en cas d’absence ou d’empêchement du titulaire" in words
    assert "par délégation, en cas d’absence ou d’empêchement," in content["signature"]["capacity"]
    assert "arrêté n° 12" not in words


def test_every_act_of_a_replacement_says_so():
    sanction = sanctioned.proposed()
    by = sanctioned.signatory(sanction.authority)
    by.signature_powers.update(rank=1, delegation="l’arrêté n° 31 du 2 mai 2025")

    fine = str(fines.preview(sanction, by=by, on=sanctioned.AFTER).content)

    assert "donnant délégation de signature à" in fine
    assert "en cas d’absence ou d’empêchement du titulaire" in fine
    draft = factories.ApplicationFactory(authority=sanction.authority)
    assert sealing.signatory_of(draft, by=by, on=sanctioned.AFTER).replaces


def test_an_administrator_gives_a_power_with_its_scope_and_corrects_it_before_it_begins(client, town, staff):
    admin, commune = factories.member(town, Role.ADMINISTRATOR), factories.CommuneFactory(epci_siren=town.siren)
    start = town.today() + timedelta(5)
    client.force_login(admin)
    answers = {
        "user": staff.pk, "capacity": "Le Directeur", "delegation": "arrêté 2026-7", "starts_on": start.isoformat(), "ends_on": "",
        "communes": [commune.pk], "regimes": ["APML"], "outcomes": ["granted"], "rank": "1",
    }  # fmt: skip
    assert client.post(reverse("signature-power-create"), answers).status_code == 302
    power = SignaturePower.objects.get(capacity="Le Directeur")
    assert (list(power.communes.all()), power.regimes, power.outcomes, power.rank) == ([commune], ["APML"], ["granted"], 1)
    page = client.get(reverse("settings")).content.decode()
    assert f"autorisation · APML · {commune.name} · en cas d’absence" in page

    assert client.post(reverse("signature-power", args=[power.pk]), answers | {"outcomes": []}).status_code == 302
    power.refresh_from_db()
    assert power.outcomes == []


def test_a_power_that_has_begun_only_ends_and_its_person_is_a_signatory(client, town, staff):
    client.force_login(factories.member(town, Role.ADMINISTRATOR))
    power = staff.signature_powers.get()
    url = reverse("signature-power", args=[power.pk])
    assert client.post(url, {"ends_on": town.today().isoformat(), "capacity": "Le Roi"}).status_code == 302
    power.refresh_from_db()
    assert (power.ends_on, power.capacity) == (town.today(), "Le Président")

    answers = {"user": factories.member(town, Role.OFFICER).pk, "capacity": "X", "starts_on": "2026-01-01", "rank": "0"}
    assert client.post(reverse("signature-power-create"), answers).status_code == 422
