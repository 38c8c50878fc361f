"""A process that visits pages on orders read on its input: one a site and a database, so that several are measured in turn.

python -m bench.visitor     with DJANGO_SETTINGS_MODULE, PERMIS_DATA_DIR and perhaps BENCH_DATABASE
"""

from __future__ import annotations

import gc
import json
import os
import re
import subprocess
import sys
import time
from html import unescape
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from django.test import Client

ROOT = Path(__file__).resolve().parent.parent


class Visitor:
    """The other end, in the process that compares."""

    def __init__(
        self, data_dir: Path, *, settings: str = "bench.settings", database: str = "", module: str = "bench.visitor"
    ) -> None:
        environment = {
            **os.environ,
            "PERMIS_DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": settings,
            "BENCH_DATABASE": database,
            "LOG_LEVEL": "ERROR",
        }
        environment.pop("PERMIS_TEST", None)
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-W", "ignore", "-m", module]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, do: str, **order: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit(f"La mesure s’est arrêtée : {do} {order}")
        return json.loads(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=60)


_CASES = "permis_application WHERE commune_id = %s AND state <> 'draft'"
_JOINED = "JOIN permis_application application ON application.id = {}.application_id WHERE application.commune_id = %s"
LIVE = (
    f"SELECT date_trunc('month', received_on), regime, count(*) FROM {_CASES} GROUP BY 1, 2",
    f"SELECT state, regime, count(*) FROM {_CASES} GROUP BY 1, 2",
    f"SELECT count(*) FILTER (WHERE tacit_on < current_date), count(*) FILTER (WHERE tacit_on < current_date + 6) FROM {_CASES}"
    " AND state IN ('submitted', 'under_review', 'awaiting_decision', 'decision_signed')",
    "SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY notified_on - received_on),"
    f" percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY clock_started_on - received_on) FROM {_CASES}",
    f"SELECT outcome, date_trunc('month', notified_on), count(*) FROM {_CASES} AND notified_on IS NOT NULL GROUP BY 1, 2",
    f"SELECT date_trunc('month', tacit_on), count(*) FROM {_CASES} AND notified_on IS NULL AND valid_until IS NOT NULL GROUP BY 1",
    f"SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY visit.reported_on - application.received_on) FROM"
    f" inspections_visit visit {_JOINED.format('visit')} AND visit.state = 'done'",
    f"SELECT visit.state, visit.purpose, count(*) FROM inspections_visit visit {_JOINED.format('visit')} GROUP BY 1, 2",
    f"SELECT finding.code, count(*) FROM inspections_finding finding JOIN inspections_visit visit ON visit.id = finding.visit_id"
    f" {_JOINED.format('visit')} GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
    f"SELECT dwelling.dpe_class, count(*) FROM permis_dwelling dwelling {_JOINED.format('dwelling')} GROUP BY 1",
    f"SELECT ground, count(*) FROM permis_decision decision CROSS JOIN unnest(decision.grounds) ground {_JOINED.format('decision')}"
    " GROUP BY 1",
    f"SELECT work.state, work.due_on < current_date, count(*) FROM permis_prescribedwork work JOIN permis_decision decision"
    f" ON decision.id = work.decision_id {_JOINED.format('decision')} GROUP BY 1, 2",
)


class Orders:
    """What may be asked; the names are those of the orders."""

    def __init__(self) -> None:
        self.client: Client

    def sign_in(self, email: str) -> None:
        from django.test import Client

        from accounts.models import User

        self.client = Client()
        self.client.force_login(User.objects.get(email=email))

    def officer(self) -> dict[str, Any]:
        """Who works for the authority of the largest commune, and follows the most cases there."""
        from django.db.models import Count

        from accounts.enums import Role
        from accounts.models import User
        from permis.models import Application
        from workflows.models import WorkItem

        town = (
            Application.objects.values("commune", "authority").annotate(cases=Count("pk")).order_by("-cases", "commune").first()
        )
        people = User.objects.filter(memberships__role=Role.OFFICER, memberships__authority=town["authority"])
        followed = people.annotate(items=Count("work_items")).order_by("-items", "pk").first()
        manager = User.objects.filter(memberships__role=Role.MANAGER, memberships__authority=town["authority"]).first()
        return {
            "email": followed.email,
            "manager": manager.email,
            "cases": Application.objects.count(),
            "of_commune": town["cases"],
            "commune": town["commune"],
            "open": WorkItem.objects.filter(authority=town["authority"]).count(),
        }

    def get(self, path: str, times: int = 1) -> dict[str, Any]:
        """How long the page takes, in milliseconds, middleware and templates included."""
        spent, answer = [], None
        gc.collect()
        for _ in range(times):
            started = time.perf_counter()
            answer = self.client.get(path)
            content = answer.getvalue() if answer.streaming else answer.content
            spent.append((time.perf_counter() - started) * 1000)
        return {"ms": spent, "status": answer.status_code, "bytes": len(content)}

    def figures(self, path: str) -> list[str]:
        """The lists of cases to which the figures of a page lead."""
        page = unescape(self.client.get(path).content.decode())
        return sorted(set(re.findall(r'href="(/tableau-de-bord/dossiers/[^"]+)"', page)))

    def live(self, commune: str) -> float:
        """How long the figures of a commune take when they are counted over its cases, in milliseconds: what was done before.

        Volumes by month and state, what is due, delays with their median and 90th percentile, outcomes, defects, energy classes,
        works and visits, each by one statement over the rows themselves.
        """
        from django.db import connection

        started = time.perf_counter()
        with connection.cursor() as cursor:
            for statement in LIVE:
                cursor.execute(statement, [commune])
                cursor.fetchall()
        return (time.perf_counter() - started) * 1000

    def fold(self) -> None:
        """What the worker does every ten minutes: other measures have added to the figures since."""
        from django.db import connection

        from workflows.statistics import tally

        tally.fold()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE workflows_tally")

    def look(self, path: str, times: int = 9) -> dict[str, Any]:
        """Its queries, the time that the database takes for them, and that of the same statements alone."""
        from django.db import connection

        log: list[tuple[str, Any, float]] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            started = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                log.append((sql, params, (time.perf_counter() - started) * 1000))

        through = []
        for _ in range(times):
            log.clear()
            with connection.execute_wrapper(watch):
                self.client.get(path)
            through.append(sum(ms for _, _, ms in log))
        bare = []
        reads = [(sql, params) for sql, params, _ in log if sql.lstrip().upper().startswith(("SELECT", "WITH"))]
        for _ in range(times):
            # A cursor of the driver, with nothing of Django around it.
            with connection.connection.cursor() as cursor:
                started = time.perf_counter()
                for sql, params in reads:
                    cursor.execute(sql, params)
                    cursor.fetchall()
                bare.append((time.perf_counter() - started) * 1000)
        queries = sorted(((round(ms, 3), sql) for sql, _, ms in log), reverse=True)
        return {"queries": len(log), "database_ms": median(through), "bare_ms": median(bare), "slowest": queries[:4]}


def obey(what: type) -> None:
    """Take orders until the input ends, in a process that starts as those of the server do."""
    import_module("config.wsgi")
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    is_ours = not os.environ["BENCH_DATABASE"]  # a peer has tables of its own to make, which its pages do without
    if is_ours and executor.migration_plan(executor.loader.graph.leaf_nodes()):
        sys.exit("Cette base est d’une version antérieure : chargez-la de nouveau par « manage.py load_bench --reset ».")
    orders = what()
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(getattr(orders, order.pop("do"))(**order)), flush=True)


if __name__ == "__main__":
    obey(Orders)
