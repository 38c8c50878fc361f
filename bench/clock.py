"""What the clock costs: permits that the silence grants, by one process then by two, and a run that finds nothing.

    .venv/bin/python -m bench.clock                    # 200 due cases for one process, 200 for two
    .venv/bin/python -m bench.clock 10000              # 10,000 for each
    .venv/bin/python -m bench.clock 200 1000000        # among a million other cases

Starts PostgreSQL by itself, with its fsync as in production, in a scratch folder that it removes. Checks that each permit was
granted once, with one line of its journal and its messages, and exits 1 if not. A case is filed by the action, then copied row
by row; the lines of the copied journals are not sealed anew.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from permis.models import Application

CASES, OTHERS = 200, 0
# Keys of the copies: those of the first case, and as many hundreds as it takes.
STRIDE = 100
FREE_KEYS = 1_000_000_000
# The rows of a filed case, and their columns that name another row of it.
ROWS = {
    "permis_application": ["id"],
    "permis_dwelling": ["id", "application_id"],
    "permis_lessor": ["id", "application_id"],
    "permis_entry": ["id", "application_id"],
    "viewflow_process": ["id"],
    "workflows_permisprocess": ["process_ptr_id", "application_id"],
    "viewflow_task": ["id", "process_id"],
    "workflows_workitem": ["id", "application_id", "task_id"],
}
EMPTY_RUNS = 20


def main(cases: int, others: int) -> int:
    os.environ |= {"PERMIS_NO_BOOTSTRAP": "1", "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"}
    folder = Path(tempfile.mkdtemp(prefix="permis-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the database has left it
    folder.chmod(0o755)  # root runs the database as `nobody`
    os.environ["PERMIS_DATA_DIR"] = str(folder)
    prepare()

    case = filed()
    queries = queries_of_a_grant()
    first = 1
    if others:
        live_in(case, first, others)
        first += others
    for processes in (1, 2):
        make_due(case, first, cases)
        first += cases
        seconds = granted_by(processes)
        who = "1 processus" if processes == 1 else f"{processes} processus"
        print(f"{who:14}{cases:>8} autorisations tacites en {seconds:7.1f} s : {cases / seconds:6.1f} par seconde")
    print(f"requêtes par autorisation tacite : {queries}")
    asked, lasted = empty_run()
    print(f"passage sans rien à faire, parmi {2 * cases + others + 2} dossiers : {asked} requêtes, {lasted * 1000:.1f} ms")
    return check(2 * cases)


def prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def filed() -> Application:
    """A case filed today, in a town with a manager."""
    from accounts.enums import Role
    from tests import factories
    from workflows.actions import intake

    draft = factories.ApplicationFactory(accuracy_declared=True)
    factories.member(draft.authority, Role.OFFICER, Role.MANAGER)
    return intake.submit(draft, by=draft.applicant, on=draft.authority.today())


def queries_of_a_grant() -> int:
    """Of one case of its own, its transaction included."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from workflows.actions import clock

    case = filed()
    with CaptureQueriesContext(connection) as captured:
        clock.grant_tacitly(case, on=case.tacit_on + timedelta(days=1))
    return len(captured)


def copy(case: Application, table: str, first: int, count: int, **changes: str) -> None:
    """Copies numbered from ``first`` of the rows of a case; ``changes`` are SQL expressions, `n` the number of the copy."""
    from django.db import connection

    moved = {name: f"{name} + n * {STRIDE}" for name in ROWS[table]}
    owners = {
        "viewflow_process": f"id = {case.process.pk}",
        "viewflow_task": f"process_id = {case.process.pk}",
        "permis_application": f"id = {case.pk}",
    }
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        values = [(moved | changes).get(name, f'"{name}"') for name in names]
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(f'{chr(34)}{name}{chr(34)}' for name in names)}) "
            f"SELECT {', '.join(values)} FROM {table}, generate_series({first}, {first + count - 1}) AS n "
            f"WHERE {owners.get(table, f'application_id = {case.pk}')}"
        )
        if "id" in ROWS[table]:
            # What the clock writes meanwhile takes no key of a copy to come.
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), {FREE_KEYS})) FROM {table}")


def make_due(case: Application, first: int, count: int) -> None:
    """As many cases whose month ended yesterday."""
    yesterday = case.authority.today() - timedelta(days=1)
    changes = {"number": f"'{case.number[:-5]}' || lpad(n::text, 8, '0')", "tacit_on": f"DATE '{yesterday}'"}
    for table in ROWS:
        copy(case, table, first, count, **(changes if table == "permis_application" else {}))
    analyse()


def live_in(case: Application, first: int, count: int) -> None:
    """Other cases, as after ten years: three in a hundred are open, five hold a permit, and what was to be told was told."""
    running, held = "n % 100 IN (0, 1, 2)", "n % 100 BETWEEN 3 AND 7"
    until = "CURRENT_DATE + (n % 730)::int"
    copy(
        case,
        "permis_application",
        first,
        count,
        number="'AUTRE ' || n",
        state=f"CASE WHEN {running} THEN 'under_review' WHEN {held} THEN 'granted' ELSE 'used' END",
        tacit_on="CURRENT_DATE + (n % 30)::int",
        notified_on="CURRENT_DATE",
        valid_until=f"CASE WHEN {held} THEN {until} END",
        told_alarm=f"CASE WHEN {running} THEN 'deadline' WHEN {held} THEN 'lapse' ELSE '' END",
        told_of=f"CASE WHEN {running} THEN CURRENT_DATE + (n % 30)::int WHEN {held} THEN {until} END",
        tell_on=f"CASE WHEN {running} AND n % 30 > 2 THEN CURRENT_DATE + 1 + (n % 5)::int WHEN {held} AND n % 730 > 30 THEN {until} - 30 END",
    )
    analyse()


def analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def granted_by(processes: int) -> float:
    """Seconds for so many workers to run the clock together, from the start to the last of them."""
    from django.db import connection
    from django.utils import timezone

    from workflows.actions import clock

    connection.close()
    started, children = time.perf_counter(), []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                clock.run_everywhere(now=timezone.now())
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if any(codes):
        sys.exit("Un processus a échoué.")
    return time.perf_counter() - started


def empty_run() -> tuple[int, float]:
    """Queries of a run that finds nothing, and its median time in seconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from workflows.actions import clock

    analyse()
    clock.run_everywhere(now=timezone.now())
    with CaptureQueriesContext(connection) as captured:
        done = clock.run_everywhere(now=timezone.now())
    if any(done.values()):
        sys.exit(f"Il restait à faire : {json.dumps(done)}")
    lasted = []
    for _ in range(EMPTY_RUNS):
        started = time.perf_counter()
        clock.run_everywhere(now=timezone.now())
        lasted.append(time.perf_counter() - started)
    return len(captured), median(lasted)


def check(expected: int) -> int:
    """Each granted once, with the messages that go with it; the case of `queries_of_a_grant` is one more."""
    from django.db.models import Count

    from notifications.enums import Kind
    from notifications.models import Message
    from permis.enums import State
    from permis.models import Application, Entry
    from permis.models.journal import Event

    def most(rows: Any) -> int:
        return max(rows.values("application").annotate(times=Count("pk")).values_list("times", flat=True))

    granted = Application.objects.filter(state=State.GRANTED_TACIT).count()
    lines = Entry.objects.filter(event=Event.GRANTED_TACITLY)
    alerts = Message.objects.filter(kind=Kind.TACIT_ALERT)
    found = (granted, lines.count(), most(lines), alerts.count(), most(alerts))
    print("une fois chacune" if found == (expected + 1, expected + 1, 1, expected + 1, 1) else f"FAUX : {found}")
    return int(found != (expected + 1, expected + 1, 1, expected + 1, 1))


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given + [CASES, OTHERS][len(given) :])))
