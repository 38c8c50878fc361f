"""Delegations: announced a year before they end; open cases go to who is competent that day, and nothing else of them changes."""

from datetime import date

import pytest

from accounts.enums import Role
from notifications.enums import Kind
from notifications.models import Message
from permis.enums import Channel, State
from permis.models import Application
from tests import factories
from tests.workflows.test_actions import file
from workflows.actions import clock, completeness, delegations, intake

pytestmark = pytest.mark.django_db
ENDS = date(2026, 12, 31)


@pytest.fixture
def delegation():
    return factories.DelegationFactory(starts_on=date(2026, 1, 1), ends_on=ENDS)


def filed(delegation, **fields):
    draft = factories.ApplicationFactory(authority=delegation.delegate, commune=delegation.commune, **fields)
    return file(draft, on=date(2026, 12, 20))


def test_open_cases_go_back_to_the_epci_the_day_after(delegation):
    officer = factories.member(delegation.delegate, Role.OFFICER)
    case = completeness.assign(filed(delegation), officer=officer, by=officer, on=date(2026, 12, 21))
    piece = case.files.first()
    key = piece.key if piece else case.storage_folder
    assert clock.run(delegation.epci, on=ENDS)["handed_over"] == 0
    assert clock.run(delegation.epci, on=date(2027, 1, 1))["handed_over"] == 1
    assert clock.run(delegation.epci, on=date(2027, 1, 1))["handed_over"] == 0

    moved = Application.objects.get(pk=case.pk)
    assert (moved.authority, moved.officer, moved.number, moved.tacit_on) == (delegation.epci, None, case.number, case.tacit_on)
    assert (piece.__class__.objects.get(pk=piece.pk).key if piece else moved.storage_folder) == key, (
        "its files stay where they are"
    )
    assert set(moved.work_items.values_list("authority", flat=True)) == {delegation.epci.pk}
    line = moved.journal.get(event="handed_over")
    assert (line.facts["former"], line.facts["to"]) == (delegation.delegate.name, delegation.epci.name)
    assert Message.objects.filter(kind=Kind.HANDED_OVER, application=case).exists()
    assert not Application.objects.visible_to(officer).filter(pk=case.pk).exists()


def test_open_cases_go_to_the_commune_when_the_delegation_begins():
    delegation = factories.DelegationFactory(starts_on=date(2027, 1, 1))
    boss = factories.member(delegation.delegate, Role.MANAGER)
    case = file(factories.ApplicationFactory(authority=delegation.epci, commune=delegation.commune), on=date(2026, 12, 20))
    elsewhere = file(factories.ApplicationFactory(authority=delegation.epci), on=date(2026, 12, 20))
    clock.run(delegation.epci, on=date(2027, 1, 1))
    assert Application.objects.get(pk=case.pk).authority == delegation.delegate
    assert Application.objects.get(pk=elsewhere.pk).authority == delegation.epci
    assert Message.objects.get(kind=Kind.CASE_TAKEN_OVER).recipient == boss.email


def test_a_closed_case_stays_with_who_decided_it(delegation):
    case = filed(delegation)
    intake.withdraw(case, by=case.applicant, on=date(2026, 12, 22))
    clock.run(delegation.epci, on=date(2027, 1, 1))
    left = Application.objects.get(pk=case.pk)
    assert (left.authority, left.state) == (delegation.delegate, State.WITHDRAWN)


def test_a_draft_is_filed_with_who_is_competent_that_day(delegation):
    draft = factories.ApplicationFactory(
        authority=delegation.delegate, commune=delegation.commune, channel=Channel.ONLINE, accuracy_declared=True
    )
    assert file(draft, on=date(2027, 1, 4)).authority == delegation.epci


def test_its_end_is_announced_a_year_before_once_to_both(delegation):
    people = {factories.member(each, Role.MANAGER, Role.ADMINISTRATOR).email for each in (delegation.epci, delegation.delegate)}
    factories.member(delegation.epci, Role.OFFICER)
    assert delegations.announce(delegation, on=date(2025, 12, 30)) == 0
    assert delegations.announce(delegation, on=date(2025, 12, 31)) == 2
    assert delegations.announce(delegation, on=date(2026, 1, 1)) == 0
    assert set(Message.objects.filter(kind=Kind.DELEGATION_ENDING).values_list("recipient", flat=True)) == people
    delegation.ends_on = date(2027, 6, 30)
    delegation.save()
    assert delegations.announce(delegation, on=date(2026, 7, 1)) == 2, "prolonged, it ends another day"
    delegation.ends_on = None
    assert delegations.announce(delegation, on=date(2026, 7, 1)) == 0
