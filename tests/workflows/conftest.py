"""A draft, its people, the same case once a piece was asked for; a visit of today and its people. A module may define its own."""

from datetime import UTC, datetime, time, timedelta

import pytest

from accounts.enums import Role
from permis.enums import PieceKind
from tests import factories
from tests.workflows.sending import give
from tests.workflows.test_actions import reviewed
from tests.workflows.test_rights import STAFF
from workflows.actions import appointments, completeness, intake


@pytest.fixture
def case():
    return factories.ApplicationFactory()


@pytest.fixture
def landlord(case, client):
    client.force_login(case.applicant)
    return client


@pytest.fixture
def officer(case):
    return factories.member(case.authority, Role.OFFICER)


@pytest.fixture
def incomplete(case, officer):
    """Filed, and the DPE asked for."""
    give(case, PieceKind.PHOTOS, examined=False)
    today = case.authority.today()
    filed = intake.submit(case, by=case.applicant, on=today)
    reasons = {"dpe": "Le DPE n’est pas joint."}
    return completeness.request_missing(
        filed, kinds=[PieceKind.DPE], respond_by=today + timedelta(30), by=officer, on=today, reasons=reasons
    )


@pytest.fixture
def town():
    return factories.AuthorityFactory()


@pytest.fixture
def staff(town):
    return factories.member(town, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)


@pytest.fixture
def boss(town):
    """Who holds every role that follows a case."""
    return factories.member(town, *STAFF)


@pytest.fixture
def today(town):
    return town.today()


@pytest.fixture
def visit(town, staff, time_machine):
    time_machine.move_to(datetime(2026, 3, 12, 12, tzinfo=UTC))
    case = reviewed(factories.ApplicationFactory(authority=town), staff)
    start = datetime.combine(town.today(), time(9), tzinfo=UTC)
    return appointments.plan_visit(
        case, inspector=staff, starts_at=start, ends_at=start.replace(hour=10), by=staff, on=town.today()
    )
