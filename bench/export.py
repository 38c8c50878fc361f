"""A hundred thousand cases as CSV and as XLSX, beside PostgreSQL's own COPY of the same rows: time, and memory that it takes.

    .venv/bin/python -m bench.export [--rows 100000] [--rounds 3]

Starts PostgreSQL by itself in a folder of its own, copies one case as often as told, and leaves nothing behind. Each measure is
a process of its own, which reads its peak in /proc. Linux only.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
DAY = date(2026, 6, 1)
WAYS = ("copy", "csv", "xlsx")
# Goals of `docs/performance.md`.
MOST_RATIO, MOST_BYTES = 1.5, 16 * MEGABYTE


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("WAY", "PRESET"))
    asked = parser.parse_args()
    os.environ |= {"PERMIS_TEST": "1", "PERMIS_NO_BOOTSTRAP": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    if asked.child:
        print(json.dumps(measure(*asked.child)))
        return
    folder = Path(tempfile.mkdtemp(prefix="permis-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the database has left it
    folder.chmod(0o755)  # root runs the database as `nobody`
    os.environ["PERMIS_DATA_DIR"] = str(folder)
    address = prepare(asked.rows)
    print(f"{asked.rows:,} dossiers, médiane de {asked.rounds} tours entrelacés", end="\n\n")
    print(f"{'colonnes':12}{'':8}{'durée':>10}{'/ COPY':>9}{'mémoire de plus':>18}{'octets':>14}")
    for preset in ("essentiel", "tout"):
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(asked.rounds):
            for way in WAYS:
                found[way].append(child(way, preset, address))
        base = median(each["seconds"] for each in found["copy"])
        for way in WAYS:
            seconds, grown = median(each["seconds"] for each in found[way]), max(each["grown"] for each in found[way])
            figures = f"{seconds:>8.2f} s{seconds / base:>9.2f}{grown / MEGABYTE:>15.1f} Mo{found[way][0]['bytes']:>14,.0f}"
            is_held = grown <= MOST_BYTES and (way != "csv" or seconds <= MOST_RATIO * base)
            print(f"{preset:12}{way:8}{figures}{'' if is_held else '   but manqué'}")


def prepare(rows: int) -> str:
    """The database, one case with everything, and its copies; its address for the processes that measure."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    load(rows)
    database = connection.settings_dict
    return f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}"


def load(rows: int) -> None:
    """One conditional permit with two lessors, a visit and two works, and as many copies of all that, in the database itself."""
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.enums import Role
    from inspections.models import Visit
    from permis.models import Application, Decision, Lessor, PrescribedWork
    from tests import factories

    town = factories.AuthorityFactory()
    officer = factories.member(town, Role.OFFICER)
    case = factories.ApplicationFactory(authority=town, officer=officer, sheet={"dpe_class": "D", "door": "12"})
    facts: dict[str, Any] = {
        "kind": "company",
        "company": "SCI Les Platanes",
        "address": "1 quai",
        "postcode": "33000",
        "city": "Bordeaux",
    }
    Lessor.objects.create(application=case, position=1, **facts)
    decision = Decision.objects.create(
        application=case, outcome="conditional", mode="prior", grounds=["decency"], drafted_by=officer
    )
    for rank in (1, 2):
        work = {"place": "Séjour", "finding": "Prise descellée", "basis": "décret 2002-120", "work": "Remplacer", "due_on": DAY}
        PrescribedWork.objects.create(decision=decision, position=rank, **work)
    now = timezone.now()
    done = {"state": "done", "conclusion": "favourable", "reported_on": DAY}
    Visit.objects.create(application=case, inspector=officer, starts_at=now, ends_at=now + timezone.timedelta(hours=1), **done)
    dates = {
        "received_on": DAY,
        "clock_started_on": DAY,
        "tacit_on": DAY,
        "signed_on": DAY,
        "notified_on": DAY,
        "valid_until": DAY,
    }
    granted = {"state": "granted_conditional", "outcome": "conditional", "mode": "prior"}
    Application.objects.filter(pk=case.pk).update(number="APML 033000 26 00000", **dates, **granted)
    with transaction.atomic(), connection.cursor() as cursor:
        copied(cursor, "permis_application", case.pk, rows, number="'APML ' || n", received_on="received_on - mod(n, 2000)")
        for model in ("permis_dwelling", "permis_lessor", "inspections_visit", "permis_decision"):
            of_case = "application_id = %s"
            copied(cursor, model, case.pk, rows, where=of_case, application_id=f"{case.pk} + n")
        first = decision.pk
        copied(cursor, "permis_prescribedwork", first, rows, where="decision_id = %s", decision_id=f"{first} + n")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def copied(cursor: Any, table: str, key: int, rows: int, *, where: str = "id = %s", **changes: str) -> None:
    """Copies of some rows of a table, with keys that follow theirs and these columns changed; ``n`` is the rank of the copy."""
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    columns = [name for (name,) in cursor.fetchall()]
    cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}", [key])
    (count,) = cursor.fetchone()
    changes = {"id": f"id + n * {count}", **changes}
    values = ", ".join(changes.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {rows - 1}) AS n WHERE {where} ORDER BY n",
        [key],
    )


def child(way: str, preset: str, address: str) -> dict[str, float]:
    """One measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.export", "--child", way, preset],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": address}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def measure(way: str, preset: str) -> dict[str, float]:
    """Seconds, bytes written and bytes of memory beyond what the process held before it began."""
    import django

    django.setup()
    from accounts.models import User
    from workflows.exports import sheets
    from workflows.exports.columns import PRESETS, chosen
    from workflows.exports.models import Source
    from workflows.exports.selection import Selection

    user = User.objects.get(memberships__isnull=False)
    columns = chosen(next(each.keys for each in PRESETS if each.key == preset))
    cases = Selection(Source.CASES).cases(user, today=DAY)
    next(iter(sheets.values(cases.filter(pk=0), columns, day=DAY)), None)  # what the first query of a process costs
    Path("/proc/self/clear_refs").write_text("5")
    before, start, size = memory("VmRSS"), time.perf_counter(), 0
    if way == "copy":
        rows = cases.values_list(*(sheets.expression(column.on(DAY)) for column in columns))
        size = sum(len(line) for line in sheets._copied(rows))
    elif way == "csv":
        size = sum(len(chunk) for chunk in sheets.csv_chunks(cases, columns, day=DAY))
    else:
        notice = sheets.Notice("Dossiers", [("Filtres", "tous")])
        with sheets.xlsx(sheets.values(cases, columns, day=DAY), columns, notice=notice) as file:
            size = file.seek(0, 2)
    return {"seconds": time.perf_counter() - start, "bytes": size, "grown": max(0, memory("VmHWM") - before)}


def memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
