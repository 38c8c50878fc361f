"""Everything in order: the territory, the plan, the rows by COPY in several processes, the indexes, the read models, ANALYZE."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from random import Random
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Max
from viewflow.workflow.models import Task

from accounts.models import User
from bench.million import plan as planning
from bench.million import tables, territory
from bench.million.plan import Plan
from bench.million.rows import Writer
from permis import indexing
from permis.models import Application, Counter
from territories.enums import Regime
from territories.models import Authority
from workflows import projection, standing
from workflows.models import PermisProcess, WorkItem
from workflows.statistics import recount

CHUNK = 2000
# The columns of a worklist row that this loader writes as they must be; others are projected by the code of the flow.
KNOWN = {"id", "application_id", "task_id", "node", "authority_id", "commune_id", "role", "owner_id", "legal_date", "opened_at"}
Say = Callable[[str], object]
_writer: Writer


class NotEmpty(Exception):
    def __init__(self) -> None:
        super().__init__("Cette base contient déjà des collectivités ou des dossiers : choisissez un autre dossier, ou --reset.")


def load(*, cases: int, communes: int, seed: int, workers: int, today: date, say: Say) -> None:
    """Fill an empty database; the same seed and the same day give the same rows. Raises NotEmpty."""
    global _writer
    if Authority.objects.exists() or Application.objects.exists():
        raise NotEmpty
    started = time.monotonic()
    draw = Random(seed)
    with _step(say, "Territoire et plan"):
        towns = territory.make(communes=communes, cases=cases, today=today, draw=draw)
        plan = planning.draw_plan(cases=cases, shares=territory.weights(communes), today=today, draw=draw)
        planning.give_slots(plan, [[key for key, _ in town.staff.inspectors] for town in towns])
        first_user = User.objects.aggregate(last=Max("pk"))["last"]
        _writer = Writer(plan, towns, first_user=first_user)
    with tables.bare(table.name for table in _writer.tables):
        _copy(seed, workers, cases, say)
        say("Index, unicités et clés étrangères…")
    with _step(say, "Numéros et séquences"):
        _keep_counting(plan, [town.insee for town in towns])
    if {field.attname for field in WorkItem._meta.concrete_fields} - KNOWN:
        with _step(say, "Lignes des listes de travail"):
            _project(workers)
    with _step(say, "Chiffres"):
        recount.mend()
    with _step(say, "Index de recherche"):
        _reindex(workers)
    with _step(say, "ANALYZE"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(f"{cases:,} dossiers, {WorkItem.objects.count():,} tâches ouvertes, en {time.monotonic() - started:.0f} s")


def _jobs(cases: int) -> list[tuple[str, int, int]]:
    """Landlords first: a name, a first number and an end."""
    landlords = max(_writer.plan.landlords, default=-1) + 1
    return [
        (what, first, min(first + CHUNK, count))
        for what, count in (("landlords", landlords), ("cases", cases))
        for first in range(0, count, CHUNK)
    ]


def _copy(seed: int, workers: int, cases: int, say: Say) -> None:
    jobs = [(seed, *job) for job in _jobs(cases)]
    started, step = time.monotonic(), max(len(jobs) // 10, 1)

    def tell(done: int, rows: int) -> None:
        if done % step == 0 or done == len(jobs):
            say(f"  {100 * done // len(jobs)} %, {rows:,} lignes, {time.monotonic() - started:.0f} s")

    total = 0
    if workers <= 1:
        for done, job in enumerate(jobs, start=1):
            tell(done, total := total + _run(job))
        return
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(workers, initializer=connections.close_all) as pool:
        for done, rows in enumerate(pool.imap_unordered(_run, jobs), start=1):
            tell(done, total := total + rows)


def _run(job: tuple[int, str, int, int]) -> int:
    """One chunk, in one transaction; how many rows it holds."""
    seed, what, first, end = job
    if what == "landlords":
        for number in range(first, end):
            _writer.add_landlord(number)
    else:
        draw = Random(f"{seed} {first}")
        for place in range(first, end):
            _writer.add_case(place, draw)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        return sum(table.send(cursor) for table in _writer.tables)


def _keep_counting(plan: Plan, insees: list[str]) -> None:
    """The next deposit takes the number after the last, and each table goes on after its last key."""
    Counter.objects.bulk_create(
        Counter(regime=Regime.DML if declared else Regime.APML, commune_id=insees[town], year=year, last=last)
        for (declared, town, year), last in plan.counters.items()
    )
    with connection.cursor() as cursor:
        for name in {table.name for table in _writer.tables} - {PermisProcess._meta.db_table}:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name})) FROM {name} LIMIT 1"
            )


def _project(workers: int) -> None:
    """The columns that the worklists have gained, by the code that keeps them."""
    found = Application.objects.filter(work_items__isnull=False).order_by("pk").values_list("pk", flat=True)
    keys = sorted(set(found))
    chunks = [keys[first : first + 500] for first in range(0, len(keys), 500)]
    _shared(workers, _keep_lists, chunks)


def _keep_lists(keys: list[int]) -> None:
    tasks: dict[int, list[Task]] = {}
    for item in WorkItem.objects.filter(application__in=keys).select_related("task").order_by("pk"):
        tasks.setdefault(item.application_id, []).append(item.task)
    with transaction.atomic():
        cases = Application.objects.filter(pk__in=keys).order_by("pk")
        for application, case in zip(cases, standing.of_each(keys), strict=True):
            projection.keep(application, case, tasks[application.pk], opened=[], closed=[])


def _reindex(workers: int) -> None:
    """What a case is found by, by the code that compares and mends it."""
    last = Application.objects.aggregate(last=Max("pk"))["last"]
    ranges = [(first, min(first + 499, last)) for first in range(1, last + 1, 500)]
    _shared(workers, _mend_index, ranges)


def _shared(workers: int, work: Callable[[Any], None], parts: Sequence[Any]) -> None:
    """Each part once, by so many processes."""
    if workers <= 1:
        for part in parts:
            work(part)
        return
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(workers, initializer=connections.close_all) as pool:
        pool.map(work, parts)


def _mend_index(keys: tuple[int, int]) -> None:
    indexing.compare(*keys, mend=True)


@contextmanager
def _step(say: Say, name: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"{name} : {time.monotonic() - started:.1f} s")
