"""The figures of the dashboards: after random transitions by four writers, some of them undone, beside a recount; and what keeping them costs.

    manage.py bench figures                             # a hundred thousand transitions, some hours
    manage.py bench figures --transitions 400           # a first look

Starts PostgreSQL by itself in a scratch folder that it removes. The writers draw their verbs as the tests of the invariant do, on
cases of the same few communes, while the figures are folded; one transition in ten is undone once it is done. Acts are prepared and
neither drawn nor sealed. Exits 1 if one figure differs from what the cases say.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from contextlib import nullcontext
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bench.case_runs import without_ink
from bench.clock import start_afresh
from bench.measuring import Line, at_most, middle, number, publish

if TYPE_CHECKING:
    from territories.models import Authority, Commune
    from tests.workflows.test_invariant import Walk

WRITERS, TOWNS = 4, 3
# A case is followed that long, as in the tests.
STEPS = 35
UNDONE = 0.1
# How a step ends whose verb the law refused.
REFUSED = "(refused)"
# Keys of what each writer makes, far from those of the others.
APART = 10_000_000


class Undone(Exception):
    """A transition that did all it had to, and whose transaction is given up."""


def main() -> int:
    options = _options()
    start_afresh("CRITICAL")

    from workflows.statistics import recount, tally

    started = time.perf_counter()
    done = written_by_all(options.transitions)
    seconds = time.perf_counter() - started
    tally.fold()
    with recount.one_snapshot():
        found = recount.recount()
    wrong = len(found.wrong) + len(found.stale)
    cost = cost_of_keeping(options.rounds)
    publish(
        "Chiffres tenus", "figures",
        [
            Line("transitions gardées, annulées une fois faites", f"{number(done['done'], '', 0)}, {number(done['undone'], '', 0)}"),
            Line("écrivains, transitions gardées par seconde", f"{WRITERS}, {number(done['done'] / seconds)}"),
            Line("refusées par la loi, par un verrou croisé", f"{number(done['refused'], '', 0)}, {number(done['deadlocks'], '', 0)}"),
            Line("dossiers", number(found.cases, "", 0)),
            at_most("écarts avec un recompte des dossiers", wrong, 0, "", digits=0),
            at_most("ce que coûte de tenir les chiffres", 100 * cost, 20, "%"),
        ],
    )  # fmt: skip
    return int(wrong > 0)


def written_by_all(transitions: int) -> dict[str, int]:
    """What the writers did together; each is a process."""
    from django.db import connections

    from tests import factories

    authorities = [factories.AuthorityFactory() for _ in range(TOWNS)]
    places = [(each, factories.CommuneFactory(epci_siren=each.siren)) for each in authorities]
    connections.close_all()
    pipes = []
    for rank in range(1, WRITERS + 1):
        reading, writing = os.pipe()
        if not os.fork():
            code = 1
            try:
                told = written(rank, places, transitions // WRITERS)
                os.write(writing, json.dumps(told).encode())
                code = 0
            except BaseException:
                # The process ends here: nobody above it would say why.
                traceback.print_exc()
            finally:
                os._exit(code)
        os.close(writing)
        pipes.append(reading)
    told = []
    for reading in pipes:
        with os.fdopen(reading) as answer:
            told.append(json.loads(answer.read() or sys.exit("Un écrivain a échoué.")))
    return {name: sum(each[name] for each in told) for name in told[0]}


def written(rank: int, places: list[tuple[Authority, Commune]], transitions: int) -> dict[str, int]:
    """One writer, case after case; what meets the lock of another one and must give way is counted and left."""
    from django.db import OperationalError, transaction

    from tests import factories
    from tests.workflows.test_invariant import Walk
    from workflows.statistics import tally

    factories.UserFactory.reset_sequence(rank * APART, force=True)
    draw, count = Random(rank), {"done": 0, "undone": 0, "refused": 0, "deadlocks": 0}
    with without_ink():
        while count["done"] < transitions:
            walk = Walk(draw.randrange(10**9), draw.choice(places))
            for _ in range(STEPS):
                try:
                    with transaction.atomic():
                        is_done = not walk.step().endswith(REFUSED)
                        if is_done and draw.random() < UNDONE:
                            raise Undone
                except Undone:
                    count["undone"] += 1
                except (OperationalError, ExceptionGroup) as fault:
                    if not is_crossed(fault):
                        raise
                    count["deadlocks"] += 1
                else:
                    count["done" if is_done else "refused"] += 1
            tally.fold()
    return count


def is_crossed(fault: Exception) -> bool:
    """Whether the database ended a transaction for another one; the clock tells what several cases met in one group."""
    from django.db import OperationalError

    met = fault.exceptions if isinstance(fault, ExceptionGroup) else (fault,)
    return all(isinstance(each, OperationalError) for each in met)


def cost_of_keeping(rounds: int) -> float:
    """How much longer the same transitions take, as a share: each walk is made with the figures and without, what is refused apart."""
    from tests.workflows.test_invariant import Walk

    spent: dict[bool, list[float]] = {True: [], False: []}
    with without_ink():
        for seed in range(rounds):
            for keeps in (True, False) if seed % 2 else (False, True):
                walk = Walk(seed)
                unkept: Any = nullcontext() if keeps else patch("workflows.flows.tally.keep", lambda *_: None)
                with unkept:
                    spent[keeps].append(sum(_lasted(walk) for _ in range(STEPS)))
    return middle([kept / bare for kept, bare in zip(spent[True], spent[False], strict=True)]) - 1


def _lasted(walk: Walk) -> float:
    """Seconds of a transition; nothing where the law refused it."""
    started = time.perf_counter()
    is_done = not walk.step().endswith(REFUSED)
    return time.perf_counter() - started if is_done else 0.0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench figures")
    parser.add_argument("--transitions", type=int, default=100_000, help="en tout")
    parser.add_argument("--rounds", type=int, default=20, help="dossiers suivis avec et sans les chiffres")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
