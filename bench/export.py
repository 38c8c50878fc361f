"""The cases of the largest authority as CSV and as XLSX, beside PostgreSQL's own COPY of the same rows: time, and memory that it takes.

    manage.py load_bench && manage.py bench export

Each measure is a process of its own, which reads its peak in /proc: Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.measuring import ROOT, Line, at_most, middle, number, publish

MEGABYTE = 1024 * 1024
WAYS = {"copy": "COPY de PostgreSQL", "csv": "CSV", "xlsx": "XLSX"}
MOST_RATIO, MOST_MEGABYTES = 1.5, 16


def main() -> None:
    options = _options()
    if options.child:
        print(json.dumps(measure(*options.child, rows=options.rows)))
        return
    lines = []
    for preset in ("essentiel", "tout"):
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(options.rounds):
            for way, runs in found.items():
                runs.append(_child(way, preset, options))
        half = {way: middle([each["seconds"] for each in runs]) for way, runs in found.items()}
        first = found["csv"][0]
        if not lines:
            lines.append(Line("lignes exportées", number(first["rows"], "", 0)))
        for way, name in WAYS.items():
            size = number(found[way][0]["bytes"] / MEGABYTE, "Mo")
            lines.append(Line(f"colonnes « {preset} », {name}", f"{number(half[way], 's', 2)}, {size}"))
        lines.append(at_most(f"colonnes « {preset} », CSV ÷ COPY", half["csv"] / half["copy"], MOST_RATIO, "×", digits=2))
        for way in ("csv", "xlsx"):
            grown = max(each["grown"] for each in found[way]) / MEGABYTE
            lines.append(at_most(f"colonnes « {preset} », {WAYS[way]}, mémoire de plus", grown, MOST_MEGABYTES, "Mo"))
    publish("Exports", "export", lines)


def _child(way: str, preset: str, options: argparse.Namespace) -> dict[str, float]:
    """One measure in a process of its own."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "PERMIS_DATA_DIR": str(options.data_dir)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-W", "ignore", "-m", "bench.export", "--rows", str(options.rows), "--child", way, preset]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measure(way: str, preset: str, *, rows: int) -> dict[str, float]:
    """Seconds, rows, bytes written and bytes of memory beyond what the process held before it began."""
    import django

    django.setup()
    from django.db import connection

    from bench.search import reader
    from workflows.exports import sheets
    from workflows.exports.columns import PRESETS, chosen
    from workflows.exports.models import Source
    from workflows.exports.selection import Selection

    user = reader(0)
    day = user.home_authority.today()  # type: ignore[union-attr]
    columns = chosen(next(each.keys for each in PRESETS if each.key == preset))
    found: Any = Selection(Source.CASES).cases(user, today=day)
    count = min(found.count(), rows)
    # As many as told, by their key: the way to the last of them is part of neither measure.
    last = found.order_by("pk").values_list("pk", flat=True)[count - 1]
    cases = found.filter(pk__lte=last)
    next(iter(sheets.values(cases.filter(pk=0), columns, day=day)), None)  # what the first query of a process costs
    Path("/proc/self/clear_refs").write_text("5")
    before, start, size = memory("VmRSS"), time.perf_counter(), 0
    if way == "copy":
        values = cases.values_list(*(sheets.expression(column.on(day)) for column in columns))
        statement = connection.ops.compose_sql(*values.query.sql_with_params())  # type: ignore[attr-defined]  # of PostgreSQL alone
        with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as lines:
            size = sum(len(line) for line in lines)
    elif way == "csv":
        size = sum(len(chunk) for chunk in sheets.csv_chunks(cases, columns, day=day))
    else:
        notice = sheets.Notice("Dossiers", [("Filtres", "tous")])
        with sheets.xlsx(sheets.values(cases, columns, day=day), columns, notice=notice) as file:
            size = file.seek(0, 2)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "rows": count, "bytes": size, "grown": max(0, memory("VmHWM") - before)}


def memory(name: str) -> int:
    """Bytes of this process, by the name that the kernel gives them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench export")
    parser.add_argument("--data-dir", type=lambda text: Path(text).absolute(), default=ROOT / ".bench")
    parser.add_argument("--rows", type=int, default=100_000, help="au plus")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("WAY", "PRESET"), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
