"""A draft, its people, and the same case once a piece was asked for; a module that wants others defines its own."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from permis.enums import PieceKind
from tests import factories
from tests.workflows.sending import give
from workflows.actions import completeness, intake


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
