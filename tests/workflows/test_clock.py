"""The periodic task, frozen around the authority's midnight; run twice, the second run does nothing."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import OperationalError, connection

from accounts.enums import Role
from notifications.models import Message
from permis.enums import State
from permis.models import Application
from permis.models.journal import Event
from tests import factories
from tests.workflows.test_actions import DEPOSIT, file, open_tasks, signed
from workflows.actions import clock
from workflows.tasks import run_clock

pytestmark = pytest.mark.django_db
# The last day is 2 April 2026; in Paris it ends at 22:00 UTC.
BEFORE_MIDNIGHT, AFTER_MIDNIGHT = datetime(2026, 4, 2, 21, 59, tzinfo=UTC), datetime(2026, 4, 2, 22, 1, tzinfo=UTC)


def filed(time_zone="Europe/Paris"):
    return file(factories.ApplicationFactory(authority=factories.AuthorityFactory(time_zone=time_zone)))


def run_at(moment):
    with time_machine.travel(moment, tick=False):
        run_clock(0)


def state(case):
    return Application.objects.get(pk=case.pk).state


def test_silence_grants_from_the_authority_s_midnight():
    case = filed()
    run_at(BEFORE_MIDNIGHT)
    assert state(case) == State.SUBMITTED
    run_at(AFTER_MIDNIGHT)
    assert state(case) == State.GRANTED_TACIT


@pytest.mark.parametrize(
    ("time_zone", "granted"), [("Indian/Reunion", True), ("Europe/Paris", False), ("America/Guadeloupe", False)]
)
def test_each_authority_has_its_own_midnight(time_zone, granted):
    """At 20:30 UTC on the last day it is past midnight in La Réunion only."""
    case = filed(time_zone)
    run_at(datetime(2026, 4, 2, 20, 30, tzinfo=UTC))
    assert (state(case) == State.GRANTED_TACIT) is granted


def test_a_case_that_fails_keeps_no_other_from_its_permit(monkeypatch, caplog):
    broken, others = filed(), [filed("Indian/Reunion"), filed(), filed()]
    grant = clock.grant

    def fail(application, *, on):
        if application.pk == broken.pk:
            raise LookupError("no template for this case")
        grant(application, on=on)

    monkeypatch.setattr(clock, "grant", fail)
    with pytest.raises(ExceptionGroup) as failed:
        run_at(AFTER_MIDNIGHT)

    assert [state(case) for case in others] == [State.GRANTED_TACIT] * 3
    assert state(broken) == State.SUBMITTED
    assert failed.group_contains(LookupError, match="no template")
    assert f"pk={broken.pk}" in caplog.text

    monkeypatch.undo()
    run_at(AFTER_MIDNIGHT)
    assert state(broken) == State.GRANTED_TACIT


@pytest.mark.parametrize("is_usable", [True, False])
def test_a_deadlock_keeps_no_other_waiting_and_a_lost_database_stops_at_once(monkeypatch, is_usable):
    """PostgreSQL ends one of two transactions that wait for each other; it says the same kind of error when it goes away."""
    broken, other = filed(), filed()
    grant = clock.grant

    def fail(application, *, on):
        if application.pk == broken.pk:
            raise OperationalError("deadlock detected")
        grant(application, on=on)

    monkeypatch.setattr(clock, "grant", fail)
    monkeypatch.setattr(connection, "is_usable", lambda: is_usable)
    with pytest.raises(ExceptionGroup if is_usable else OperationalError):
        run_at(AFTER_MIDNIGHT)
    if is_usable:
        assert (state(broken), state(other)) == (State.SUBMITTED, State.GRANTED_TACIT)


def test_a_second_run_does_nothing():
    case = filed()
    run_at(AFTER_MIDNIGHT)
    lines, messages = case.journal.count(), Message.objects.count()
    run_at(AFTER_MIDNIGHT)
    assert (case.journal.count(), Message.objects.count()) == (lines, messages)


def test_a_worker_that_was_down_catches_up_with_the_right_dates():
    case = filed()
    run_at(datetime(2026, 5, 20, 8, tzinfo=UTC))
    case = Application.objects.get(pk=case.pk)
    assert case.valid_until == date(2028, 4, 2)
    assert case.journal.get(event=Event.GRANTED_TACITLY).on == date(2026, 4, 2)


def test_three_alerts_each_once():
    case = filed()
    manager = factories.member(case.authority, Role.MANAGER)
    for day in range(20, 32):
        run_at(datetime(2026, 3, day, 8, tzinfo=UTC))
    run_at(datetime(2026, 4, 1, 8, tzinfo=UTC))
    run_at(datetime(2026, 4, 2, 8, tzinfo=UTC))
    assert case.journal.filter(event=Event.ALERTED).count() == 3
    assert Message.objects.filter(kind="deadline_alert", recipient=manager.email).count() == 3


def test_a_signed_refusal_that_was_not_notified_is_told_to_the_manager():
    authority = factories.AuthorityFactory()
    staff = factories.member(authority, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)
    work = {"place": "Séjour", "finding": "Prise descellée", "basis": "décret 2002-120", "work": "Remplacer la prise"}
    case = signed(factories.ApplicationFactory(authority=authority), staff, "refused", grounds=["decency"], works=[work])
    run_at(AFTER_MIDNIGHT)
    assert state(case) == State.GRANTED_TACIT
    assert open_tasks(case) == set()
    assert "Refus tardif" in Message.objects.get(kind="tacit_alert", recipient=staff.email).text


def test_a_case_decided_meanwhile_is_skipped():
    case = filed()
    Application.objects.filter(pk=case.pk).update(tacit_on=date(2030, 1, 1))
    assert clock.run(case.authority, on=DEPOSIT)["granted"] == 0
