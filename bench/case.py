"""A whole case by our actions, with the engine, the journal and the outbox, beside the stock engine on the same graph.

    manage.py load_bench && manage.py bench case            # `--profile` says where the time goes

One writer each, in turn: cases a second, by the medians of the rounds. What prepares a case is not counted, nor the rendering and
the seal of the act, timed apart. `pgbench -N` says what the database itself does in a second.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from bench import peers
from bench.measuring import ROOT, Line, at_least, middle, number, publish
from bench.visitor import Visitor

RUNS = "bench.case_runs"


def main() -> None:
    options = _options()
    database = peers.copy_for_viewflow(options.data_dir)
    with ExitStack() as stack:
        ours = stack.enter_context(Visitor(options.data_dir, module=RUNS))
        stock = stack.enter_context(Visitor(options.data_dir, settings="bench.peer", database=database, module=RUNS))
        ours.ask("staff")
        ours.ask("ours", count=2)  # warm up
        if options.profile:
            print(json.dumps(ours.ask("queries"), indent=1, ensure_ascii=False))
            print("\n".join(ours.ask("profile", count=options.cases)))
            return
        stock.ask("stock", count=2)
        pgbench = Pgbench(options.data_dir)
        rates: dict[str, list[float]] = {"ours": [], "stock": [], "pgbench": [], "ours worked": [], "stock worked": []}
        steps: dict[str, list[float]] = {}
        for _ in range(options.rounds):
            spent = ours.ask("ours", count=options.cases)
            rates["ours worked"].append(spent.pop("processor") / options.cases * 1000)
            for name, seconds in spent.items():
                steps.setdefault(name, []).append(seconds / options.cases * 1000)
            rates["ours"].append(options.cases / sum(spent.values()))
            theirs = stock.ask("stock", count=options.cases)
            rates["stock"].append(options.cases / theirs["stock"])
            rates["stock worked"].append(theirs["processor"] / options.cases * 1000)
            rates["pgbench"].append(pgbench.run())
        queries, act = ours.ask("queries"), ours.ask("acts", count=3)
    half = {name: middle(values) for name, values in rates.items()}
    lines = [
        Line("nos actions, dossiers par seconde", number(half["ours"])),
        Line("viewflow seul, même graphe, dossiers par seconde", number(half["stock"])),
        at_least("rapport à viewflow seul", half["ours"] / half["stock"], 1, "×", digits=2),
        Line("processeur de Python par dossier, nous puis viewflow", f"{number(half['ours worked'], 'ms')}, {number(half['stock worked'], 'ms')}"),
        Line("pgbench -N, transactions par seconde", number(half["pgbench"], "", 0)),
        Line("requêtes d’un dossier entier", number(sum(queries["count"].values()), "", 0)),
        *(Line(f"{name}, par dossier", f"{number(middle(values), 'ms')}, {queries['count'][name]} requêtes") for name, values in steps.items()),
        Line("l’acte, rendu et scellé, hors de ce compte", number(act * 1000, "ms")),
    ]  # fmt: skip
    publish("Un dossier entier", "case", lines)


class Pgbench:
    """The benchmark of PostgreSQL itself, on the server of the measure: ten branches, one client, simple updates."""

    def __init__(self, data_dir: Path) -> None:
        environment = {**os.environ, "PERMIS_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "bench.settings"}
        environment.pop("PERMIS_TEST", None)
        code = (
            "import django; django.setup()\n"
            "from config import cluster; from django.db import connection; connection.ensure_connection()\n"
            "print(cluster._programs(), connection.settings_dict['HOST'], connection.settings_dict['USER'], sep='\\n')"
        )
        found = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code], env=environment, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        programs, host, user = found.stdout.split("\n")[:3]
        self._command = [f"{programs}/pgbench", "-h", host, "-U", user]
        there = subprocess.run([f"{programs}/createdb", "-h", host, "-U", user, "pgbench"], capture_output=True).returncode
        if there == 0:
            subprocess.run([*self._command, "-i", "-q", "-s", "10", "pgbench"], check=True, capture_output=True)

    def run(self, seconds: int = 3) -> float:
        """Transactions a second."""
        done = subprocess.run(
            [*self._command, "-N", "-c", "1", "-T", str(seconds), "pgbench"], check=True, capture_output=True, text=True
        )
        return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])  # type: ignore[index]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench case")
    parser.add_argument("--data-dir", type=lambda text: Path(text).absolute(), default=ROOT / ".bench")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cases", type=int, default=10, help="dossiers par tour")
    parser.add_argument("--profile", action="store_true", help="dit où passe le temps, et n’écrit rien")
    return parser.parse_args()


if __name__ == "__main__":
    main()
