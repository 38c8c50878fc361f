"""A visit of today, the person who makes it, and their phone."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.enums import Role
from tests import factories
from tests.inspections.phones import Phone, planned


@pytest.fixture
def town():
    return factories.AuthorityFactory()


@pytest.fixture
def inspector(town):
    return factories.member(town, Role.INSPECTOR, Role.OFFICER)


@pytest.fixture
def visit(town, inspector, time_machine):
    time_machine.move_to(datetime(2026, 3, 12, 12, tzinfo=UTC))
    return planned(town, inspector)


@pytest.fixture
def signed_in(inspector):
    client = Client()
    client.force_login(inspector)
    return client


@pytest.fixture
def phone(signed_in, visit):
    return Phone(signed_in, visit)


@pytest.fixture
def other_phone(signed_in, visit):
    return Phone(signed_in, visit)
