"""What the clock costs: permits that the silence grants, by one process then by two, and a run that finds nothing.

    manage.py bench clock                               # among a million other cases
    manage.py bench clock --cases 200 --others 0        # a first look

A tenth of the cases to one worker, a tenth to two, then all of them to two that are killed at any moment and started again.
Starts PostgreSQL by itself, with its fsync as in production, in a scratch folder that it removes. Checks that each permit was
granted once, with one line of its journal and its messages, and exits 1 if not. A case is filed by the action, then copied row
by row; the lines of the copied journals are not sealed anew.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.measuring import Line, at_least, at_most, number, publish

if TYPE_CHECKING:
    from permis.models import Application

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
    "workflows_casetally": ["application_id"],
}
EMPTY_RUNS = 20


def main() -> int:
    options = _options()
    start_afresh("ERROR")

    case = filed()
    queries = queries_of_a_grant()
    if options.others:
        live_in(case, 1, options.others)
    first, few = 1 + options.others, max(options.cases // 10, 1)
    rates, kills = {}, 0
    for name, workers, count in (("un processus", 1, few), ("deux processus", 2, few), ("deux processus tués", 2, options.cases)):
        make_due(case, first, count)
        first += count
        seconds, kills = granted_by(workers, killed=name.endswith("tués"))
        rates[name] = count / seconds
    asked, lasted = empty_run()
    granted = 2 * few + options.cases
    wrong = wrong_among(granted)
    publish(
        "Horloge", "clock",
        [
            Line("autres dossiers", number(options.others, "", 0)),
            Line("autorisations tacites par seconde, un processus", number(rates["un processus"])),
            at_least("autorisations tacites par seconde, deux processus", rates["deux processus"], 100),
            Line(f"les mêmes, tués {kills} fois, {number(options.cases, '', 0)} dossiers", number(rates["deux processus tués"])),
            Line("requêtes par autorisation tacite", number(queries, "", 0)),
            at_most(f"constatées autrement qu’une fois, sur {number(granted, '', 0)}", wrong, 0, "", digits=0),
            Line("passage sans rien à faire, requêtes", number(asked, "", 0)),
            at_most("passage sans rien à faire, médiane", lasted * 1000, 5, "ms"),
        ],
    )  # fmt: skip
    return int(wrong > 0)


def start_afresh(log_level: str) -> None:
    """Django on an empty database of its own, in a scratch folder that goes with this process."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": log_level}
    os.environ.pop("DATABASE_URL", None)
    folder = Path(tempfile.mkdtemp(prefix="permis-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the database has left it
    folder.chmod(0o755)  # root runs the database as `nobody`
    os.environ["PERMIS_DATA_DIR"] = str(folder)
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
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table]
        )
        names = [name for (name,) in cursor.fetchall()]
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


def granted_by(workers: int, *, killed: bool) -> tuple[float, int]:
    """Seconds for so many workers to run the clock together, from the start to the last of them; how often one was killed."""
    from django.db import connection

    connection.close()
    draw, kills, started = Random(2026), 0, time.perf_counter()
    running = {_worker() for _ in range(workers)}
    while running:
        time.sleep(draw.uniform(0.2, 4) if killed else 0.01)
        ended = {pid for pid in running if _has_ended(pid)}
        running -= ended
        if killed and running and not ended:
            victim = draw.choice(sorted(running))
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            running = running - {victim} | {_worker()}
            kills += 1
    return time.perf_counter() - started, kills


def _worker() -> int:
    """A process that does all that the clock owes, and ends; its number."""
    from django.utils import timezone

    from workflows.actions import clock

    child = os.fork()
    if child:
        return child
    code = 1
    try:
        clock.run_everywhere(now=timezone.now())
        code = 0
    finally:
        os._exit(code)


def _has_ended(pid: int) -> bool:
    found, status = os.waitpid(pid, os.WNOHANG)
    if found and os.waitstatus_to_exitcode(status):
        sys.exit("Un processus a échoué.")
    return bool(found)


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


def wrong_among(expected: int) -> int:
    """How many were not granted once, with its line of the journal and its message; the case of `queries_of_a_grant` is one more."""
    from django.db.models import Count

    from notifications.enums import Kind
    from notifications.models import Message
    from permis.enums import State
    from permis.models import Application, Entry
    from permis.models.journal import Event

    def once(rows: Any) -> set[int]:
        times = rows.values("application").annotate(times=Count("pk"))
        return {each["application"] for each in times if each["times"] == 1}

    granted = set(Application.objects.filter(state=State.GRANTED_TACIT).values_list("pk", flat=True))
    lines = once(Entry.objects.filter(event=Event.GRANTED_TACITLY))
    return expected + 1 - len(granted & lines & once(Message.objects.filter(kind=Kind.TACIT_ALERT)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench clock")
    parser.add_argument("--cases", type=int, default=10_000, help="dossiers dont le mois est passé")
    parser.add_argument("--others", type=int, default=1_000_000, help="autres dossiers")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
