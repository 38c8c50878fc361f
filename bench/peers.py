"""The databases of those we are compared with: copies of ours, where the tasks belong to the stock flow."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

VIEWFLOW, ADMIN = "peer_viewflow", "peer_admin"
# In a process of its own, for nobody may be connected to the database that is copied.
_COPY = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    settings = connection.settings_dict
    cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [{name!r}])
    there = cursor.fetchone()[0]
connection.close()
if not there:
    import psycopg
    with psycopg.connect(dbname="template1", user=settings["USER"], host=settings["HOST"], autocommit=True) as server:
        server.execute('CREATE DATABASE "{name}" TEMPLATE "' + settings["NAME"] + '" STRATEGY FILE_COPY')
    with psycopg.connect(dbname={name!r}, user=settings["USER"], host=settings["HOST"], autocommit=True) as copy:
        for statement in {statements!r}:
            copy.execute(statement)
"""
_STOCK = [
    "SET work_mem = '256MB'",
    "SET maintenance_work_mem = '512MB'",
    "UPDATE viewflow_task SET flow_task = replace(flow_task, 'workflows/flows.PermisFlow', 'bench/stock.StockFlow')",
    # Whoever follows a case is the owner of its task, which is then in an inbox and no more in the queue.
    "UPDATE viewflow_task SET status = 'ASSIGNED', owner_id = item.owner_id, assigned = created"
    " FROM workflows_workitem item WHERE item.task_id = viewflow_task.id AND item.owner_id IS NOT NULL",
    "UPDATE viewflow_process SET flow_class = 'bench/stock.StockFlow'",
    # As compact as if they had been written so.
    "CLUSTER viewflow_task USING viewflow_task_pkey",
    "CLUSTER viewflow_process USING viewflow_process_pkey",
    "VACUUM ANALYZE",
]


def copy_for_viewflow(data_dir: Path) -> str:
    """The name of the database where every process and task is of the stock flow; made the first time."""
    return _copied(data_dir, VIEWFLOW, _STOCK)


def copy_for_admin(data_dir: Path) -> str:
    return _copied(data_dir, ADMIN, ["VACUUM ANALYZE"])


def _copied(data_dir: Path, name: str, statements: list[str]) -> str:
    environment = {**os.environ, "PERMIS_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "bench.settings"}
    environment.pop("PERMIS_TEST", None)
    code = _COPY.format(name=name, statements=statements)
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], env=environment, check=True)
    return name
