"""A page that asks once what its case has says the same as one that asks for each thing."""

import re
from datetime import UTC, datetime, time

import pytest
from django.urls import reverse

from accounts.enums import Role
from permis import attached
from permis.models import Application
from tests import factories
from tests.workflows.test_invariant import STEPS, Walk
from workflows.actions import exchanges, intake

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def filed(case):
    return intake.submit(case, by=case.applicant, on=case.authority.today())


@pytest.mark.parametrize("seed", range(3))
def test_the_pages_of_a_walk_are_those_that_ask_for_everything(client, seed, monkeypatch, time_machine):
    walk, ask = Walk(seed), attached.ask
    for number in range(STEPS):
        walk.step()
        if number % 6 != 5:
            continue
        time_machine.move_to(datetime.combine(walk.day, time(12), tzinfo=UTC))
        for person, name in ((walk.staff, "case"), (walk.case.applicant, "application")):
            client.force_login(person)
            address = reverse(name, args=[walk.case.pk])
            monkeypatch.setattr(attached, "ask", ask)
            spared = client.get(address)
            monkeypatch.setattr(attached, "ask", lambda case: None)
            whole = client.get(address)
            assert spared.status_code == whole.status_code == 200
            assert TOKEN.sub("", spared.content.decode()) == TOKEN.sub("", whole.content.decode()), (number, name)


def test_what_a_case_has_not_costs_no_query(filed, django_assert_num_queries):
    case = Application.objects.get(pk=filed.pk)
    attached.ask(case)
    with django_assert_num_queries(0):
        found = attached.of(case.hearings).standing().prefetch_related("works").order_by("pk")
        assert not found
        assert list(found) == []
        assert (found.first(), found.last(), found.count(), found.exists()) == (None, None, 0, False)
    with pytest.raises(AttributeError):
        found._result_cache  # noqa: B018 (nothing of a queryset beyond what a page reads of it)


def test_what_a_case_has_is_read(filed, officer):
    exchanges.write(filed, text="Bonjour", by=filed.applicant, on=filed.authority.today())
    case = Application.objects.get(pk=filed.pk)
    assert attached.of(case.hearings).count() == 0  # asked of the database: nobody asked before
    attached.ask(case)
    assert attached.has(case, "exchanges")
    assert attached.of(case.exchanges).get().text == "Bonjour"
    assert not attached.has(case, "hearings")


def test_what_every_case_has_is_never_taken_for_missing(filed):
    case = Application.objects.get(pk=filed.pk)
    attached.ask(case)
    assert attached.of(case.lessors).count() == 1
    assert attached.has(case, "dwelling")


def test_a_neighbour_is_another_case_at_the_same_address(filed, client):
    officer = factories.member(filed.authority, Role.OFFICER)
    attached.ask(filed)
    assert not attached.has(filed, attached.NEIGHBOURS)
    other = factories.ApplicationFactory(authority=filed.authority, commune=filed.commune)
    other.dwelling.address = filed.dwelling.address
    other.dwelling.save()
    other = intake.submit(other, by=other.applicant, on=filed.authority.today())
    attached.ask(filed)
    assert attached.has(filed, attached.NEIGHBOURS)
    client.force_login(officer)
    assert other.number in client.get(filed.get_absolute_url()).content.decode()
