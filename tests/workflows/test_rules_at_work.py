"""What the law leaves open changes something where it is asked: two answers, two screens."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from notifications.models import Transmission
from permis import rules
from permis.models import RuleChange
from permis.rules import Rule
from permis.sanction_guards import RightToErr
from permis.sanctions import euros
from tests import factories
from tests.workflows import partners, sanctioned
from tests.workflows.desk import words
from workflows.actions import fines, sanctions, transmissions
from workflows.statistics import annual, tally

pytestmark = pytest.mark.django_db


def settle(authority, rule, value, reason=""):
    return RuleChange.objects.create(
        authority=authority, rule=rule, value=value, reason=reason, since=date(2020, 1, 1), by=factories.UserFactory()
    )


def deposit(landlord, case):
    return words(landlord.get(reverse("application-step", args=[case.pk, "depot"])))


def test_a_fee_is_announced_with_its_deliberation_where_there_is_one(landlord, case):
    assert "participation" not in deposit(landlord, case)
    settle(case.authority, Rule.FEE, True, "délibération n° 2026-02-11 du 24 février 2026")
    assert "Une participation vous sera demandée" in deposit(landlord, case)
    assert "délibération n° 2026-02-11 du 24 février 2026" in deposit(landlord, case)
    settle(case.authority, Rule.FEE, False, "délibération n° 2026-05-03 du 5 mai 2026")
    assert "participation" not in deposit(landlord, case)


def test_the_asbestos_report_is_proposed_unless_the_town_does_not_want_it(landlord, case):
    def proposed():
        return 'value="asbestos"' in landlord.get(reverse("application-step", args=[case.pk, "diagnostics"])).content.decode()

    assert proposed()
    settle(case.authority, Rule.ASBESTOS, False)
    assert not proposed()


def test_what_holds_is_found_with_its_reason(case):
    assert rules.change(case.authority, Rule.FEE, on=date(2026, 1, 1)) is None
    settle(case.authority, Rule.FEE, True, "délibération")
    assert rules.change(case.authority, Rule.FEE, on=date(2026, 1, 1)).reason == "délibération"
    assert rules.change(case.authority, Rule.FEE, on=date(2019, 12, 31)) is None


def test_a_mended_first_breach_is_fined_where_the_town_does_not_apply_the_right_to_err():
    sanction = sanctioned.to_decide()
    town, by, on = sanction.authority, sanctioned.jurist(sanction.authority), sanctioned.AFTER
    sanction = sanctions.regularise(sanction, regularised_on=sanctioned.UNTIL, receipt="APML 42", by=by, on=on)
    fine = {"amount": 500, "reasons": sanctioned.REASONS, "by": by, "on": on}
    with pytest.raises(RightToErr):
        fines.propose_fine(sanction, **fine)

    settle(town, Rule.RIGHT_TO_ERR, False)

    assert fines.propose_fine(sanction, **fine).amount == 500


@pytest.mark.parametrize(("days", "month"), [(8, 6), (15, 3)])
def test_what_is_owed_to_partners_is_due_when_the_town_says(days, month):
    delegation = factories.DelegationFactory(starts_on=date(2025, 1, 1))
    town = delegation.delegate
    staff = factories.member(town, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)
    settle(town, Rule.TRANSMISSION_DAYS, days)
    settle(town, Rule.REPORT_MONTH, month)

    partners.decided(factories.ApplicationFactory(authority=town, commune=delegation.commune), staff)
    report = transmissions.open_report(town, on=date(2027, 1, 4))

    assert {(each.due_on - partners.NOTICE).days for each in Transmission.objects.filter(kind="caf")} == {days}
    assert (report.due_on.year, report.due_on.month) == (2027, month)


def test_the_fines_of_the_year_are_in_the_report_of_the_mayor():
    sanction = sanctioned.titled()
    town = sanction.authority

    def told(year):
        sections = annual.of(town, year=year, on=date(2027, 1, 4)).sections
        return next((dict(part.rows) for part in sections if part.title == "Sanctions"), None)

    assert told(2025)["Amendes prononcées"] == "1"
    assert told(2025)["Montant prononcé"] == euros(2000)
    assert told(2026) is None


def test_late_requests_are_told_on_the_dashboard(client, time_machine, incomplete):
    time_machine.move_to("2026-12-20T12:00:00Z")
    manager = factories.member(incomplete.authority, Role.MANAGER)
    client.force_login(manager)
    incomplete.piece_requests.update(is_late=True, requested_on=date(2026, 12, 1))
    tally.keep(incomplete)

    page = words(client.get(reverse("dashboard")))

    assert "dans les cinq derniers jours du délai : 1 sur 1" in page
