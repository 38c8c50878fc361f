"""Whatever hour a person asks for, what is accepted is exactly what the law and the diary allow, in every territory."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from permis import guards
from tests import factories
from tests.workflows.test_actions import CHECK, reviewed
from workflows.actions import appointments

pytestmark = pytest.mark.django_db
LAST = date(2026, 4, 2)
# From before the change of clocks of 29 March to after the end of the month.
START = datetime(2026, 3, 27, tzinfo=UTC)
MINUTES = st.integers(0, 9 * 24 * 12).map(lambda steps: 5 * steps)


@pytest.mark.parametrize(
    "zone", ["Europe/Paris", "Indian/Reunion", "America/Cayenne", "America/Miquelon", "Pacific/Tahiti", "Pacific/Noumea"]
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.tuples(MINUTES, st.integers(1, 18 * 60)), min_size=1, max_size=12))
def test_what_is_accepted_is_what_is_allowed(zone, wanted):
    with transaction.atomic():
        authority = factories.AuthorityFactory(time_zone=zone)
        staff = factories.member(authority, Role.OFFICER, Role.INSPECTOR)
        other, case = (reviewed(factories.ApplicationFactory(authority=authority), staff) for _ in range(2))
        assert case.tacit_on == LAST
        noon = datetime.combine(date(2026, 3, 30), time(12), authority.zone_info)
        held = appointments.plan_visit(
            other, inspector=staff, starts_at=noon, ends_at=noon + timedelta(hours=1), by=staff, on=CHECK
        )
        visit = appointments.plan_visit(
            case, inspector=staff, starts_at=noon + timedelta(hours=2), ends_at=noon + timedelta(hours=3), by=staff, on=CHECK
        )
        for minutes, lasting in wanted:
            starts_at = START + timedelta(minutes=minutes)
            ends_at = starts_at + timedelta(minutes=lasting)
            start, end = authority.local(starts_at), authority.local(ends_at)
            is_allowed = (
                start.date() == end.date()
                and time(6) <= start.time()
                and end.time() <= time(21)
                and start.date() <= LAST
                and (ends_at <= held.starts_at or starts_at >= held.ends_at)
            )
            try:
                visit = appointments.move_visit(visit, inspector=staff, starts_at=starts_at, ends_at=ends_at, by=staff, on=CHECK)
            except guards.Refusal:
                assert not is_allowed, (start, end)
            else:
                assert is_allowed, (start, end)
        transaction.set_rollback(True)
