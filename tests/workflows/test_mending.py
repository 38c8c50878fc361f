"""The figures are written anew while actions run: they wait for it, and neither waits for the other for ever."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import connection, transaction

from permis.models import Application
from tests import factories
from tests.workflows.test_actions import DEPOSIT, file
from workflows.statistics import recount, tally


def mend():
    try:
        return recount.mend()
    finally:
        connection.close()


def is_waited_for():
    """Whether somebody waits for a lock that this transaction holds, and has so for a while."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))")
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_an_action_that_has_locked_its_case_ends_while_the_figures_are_written_anew():
    case = file(factories.ApplicationFactory(), on=DEPOSIT)
    with ThreadPoolExecutor(1) as worker:
        with transaction.atomic():
            locked = Application.objects.locked().get(pk=case.pk)
            mending = worker.submit(mend)
            for _ in range(40):
                sleep(0.05)
                if mending.done() or is_waited_for():
                    break
            tally.keep(locked)
        assert mending.result(timeout=30) == 1
    assert recount.recount().is_right
