"""A hundred requests a second, come what may, on the web server as in production, with two workers on two cores.

    manage.py load_bench && manage.py bench load                 # ten minutes; `--seconds 60` for a first look

Open loop: a request leaves at its hour whether or not the others were answered, and waits from that hour on. 80 % are lists, 10 % cases,
5 % dashboards, 4 % transitions (a file declared complete), 1 % deposits. What is filed is prepared before, and stays in the database.
"""

from __future__ import annotations

import argparse
import http.client
import os
import queue
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from bench.measuring import ROOT, Line, at_least, at_most, middle, number, publish, quantile

SHARES = {"liste": 80, "dossier": 10, "tableau de bord": 5, "transition": 4, "dépôt": 1}
TABS = ("", "check", "soon", "plan", "visit", "pieces", "draft", "sign", "notify", "works")
AUTHORITIES = 12
THREADS = 64
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Request:
    kind: str
    method: str
    path: str
    session: str
    body: str = ""


@dataclass(frozen=True)
class Answer:
    kind: str
    seconds: float
    fault: str


def main() -> None:
    options = _options()
    os.environ |= {"PERMIS_DATA_DIR": str(options.data_dir), "DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from bench.serving import Web

    total = options.rate * options.seconds
    requests = Prepared(Random(2026), total).requests()
    with Web(options.data_dir, workers=options.workers) as web:
        for request in [each for each in requests if each.method == "GET"][:40]:
            _ask(http.client.HTTPConnection("127.0.0.1", web.port, timeout=60), request)  # warm up
        used = web.processor()
        answers, late = _send(requests, rate=options.rate, port=web.port)
        used = web.processor() - used
    _publish(answers, late, used, options)


def _publish(answers: list[Answer], late: float, used: float, options: argparse.Namespace) -> None:
    spent: defaultdict[str, list[float]] = defaultdict(list)
    faults = [each for each in answers if each.fault]
    for each in answers:
        spent[each.kind].append(each.seconds * 1000)
        spent[""].append(each.seconds * 1000)
    lines = [
        Line("requêtes", number(len(answers), "", 0)),
        at_least("requêtes par seconde", options.rate, 100, digits=0),
        Line("médiane", number(middle(spent[""]), "ms")),
        at_most("95ᵉ centile", quantile(spent[""], 0.95), 100, "ms"),
        at_most("99ᵉ centile", quantile(spent[""], 0.99), 300, "ms"),
        at_most("erreurs", len(faults), 0, "", digits=0),
        *(
            Line(
                f"{kind}, {number(len(spent[kind]), '', 0)} : médiane, 95ᵉ, 99ᵉ",
                ", ".join(number(value, "ms", 0) for value in (middle(spent[kind]), quantile(spent[kind], 0.95), quantile(spent[kind], 0.99))),
            )
            for kind in SHARES
            if spent[kind]
        ),
        Line("processeur du serveur web", number(used / options.seconds, "cœur", 2)),
        Line("retard du générateur, au plus", number(late * 1000, "ms", 0)),
    ]  # fmt: skip
    seen = sorted({f"- {each.kind} : {each.fault}" for each in faults})[:5]
    publish("Charge", "load", lines, after="\n".join(seen))


class Prepared:
    """The people who are signed in, what they look at, and what they will file."""

    def __init__(self, draw: Random, total: int) -> None:
        from django.db.models import Count

        from accounts.enums import Role
        from accounts.models import User
        from bench.serving import session_of
        from territories.models import Authority
        from workflows.models import WorkItem

        self.draw, self.total = draw, total
        counted = WorkItem.objects.values("authority").annotate(items=Count("pk")).order_by("-items", "authority")
        self.authorities = [row["authority"] for row in counted[:AUTHORITIES]]
        self.sessions: dict[tuple[int, str], list[str]] = {}
        for authority in self.authorities:
            for role in (Role.OFFICER, Role.MANAGER):
                people = User.objects.filter(memberships__authority=authority, memberships__role=role).order_by("pk")[:3]
                self.sessions[authority, role] = [session_of(person) for person in people]
        self.communes = {
            pk: list(Authority.objects.get(pk=pk).zones.values_list("commune", flat=True).distinct()) for pk in self.authorities
        }
        self.cases = {pk: self._some_cases(pk) for pk in self.authorities}

    def requests(self) -> list[Request]:
        kinds = self.draw.choices(list(SHARES), SHARES.values(), k=self.total)
        deposits, transitions = iter(self._deposits(kinds.count("dépôt"))), iter(self._transitions(kinds.count("transition")))
        makers = {
            "liste": self._list, "dossier": self._case, "tableau de bord": self._board, "transition": lambda: next(transitions),
            "dépôt": lambda: next(deposits),
        }  # fmt: skip
        return [makers[kind]() for kind in kinds]

    def _session(self, authority: int, role: str = "officer") -> str:
        return self.draw.choice(self.sessions[authority, role])

    def _list(self) -> Request:
        authority = self.draw.choice(self.authorities)
        query = {"file": self.draw.choice(TABS)}
        if self.draw.random() < 0.3:
            query["commune"] = self.draw.choice(self.communes[authority])
        return Request("liste", "GET", f"/dossiers/?{urlencode(query)}", self._session(authority))

    def _case(self) -> Request:
        authority = self.draw.choice(self.authorities)
        return Request("dossier", "GET", f"/dossiers/{self.draw.choice(self.cases[authority])}/", self._session(authority))

    def _board(self) -> Request:
        authority = self.draw.choice(self.authorities)
        insee = f"{self.draw.choice(self.communes[authority])}/" if self.draw.random() < 0.5 else ""
        return Request("tableau de bord", "GET", f"/tableau-de-bord/{insee}", self._session(authority, "manager"))

    def _some_cases(self, authority: int) -> list[int]:
        """Open ones and old ones, half and half."""
        from permis.models import Application

        cases = Application.objects.filter(authority=authority)
        open_ones = list(cases.filter(work_items__isnull=False).order_by("pk").values_list("pk", flat=True).distinct()[:500])
        return open_ones + list(cases.order_by("pk").values_list("pk", flat=True)[:500])

    def _transitions(self, count: int) -> list[Request]:
        """Files to declare complete; once there are no more of them, cases to assign again."""
        from accounts.enums import Role
        from accounts.models import User
        from permis.models import Application

        waiting = Application.objects.filter(state="submitted", regime="APML", channel="online", authority__in=self.authorities)
        made = [
            Request("transition", "POST", f"/dossiers/{pk}/verifier/", self._session(authority), urlencode({"seen": ""}))
            for pk, authority in waiting.order_by("pk").values_list("pk", "authority")[:count]
        ]
        self.draw.shuffle(made)
        while len(made) < count:
            authority = self.draw.choice(self.authorities)
            person = User.objects.filter(memberships__authority=authority, memberships__role=Role.OFFICER).order_by("pk").first()
            case = self.draw.choice(self.cases[authority])
            body = urlencode({"officer": person.pk})
            made.append(Request("transition", "POST", f"/dossiers/{case}/attribuer/", self._session(authority), body))
        return made

    def _deposits(self, count: int) -> list[Request]:
        """Paper drafts of the largest authority, ready to be filed by the person who entered them."""
        from bench import case_runs
        from bench.serving import session_of

        orders: Any = case_runs.Orders()
        orders.staff()
        session = session_of(orders.person)
        body = urlencode({"accuracy_declared": "on"})
        return [Request("dépôt", "POST", f"/demandes/{orders._draft().pk}/depot/", session, body) for _ in range(count)]


def _send(requests: list[Request], *, rate: int, port: int) -> tuple[list[Answer], float]:
    """Each request at its hour, by whichever thread is free; what was answered, and by how much the generator itself was late."""
    waiting: queue.SimpleQueue[tuple[float, Request] | None] = queue.SimpleQueue()
    answers: list[Answer] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while (order := waiting.get()) is not None:
            due, request = order
            fault = _ask(connection, request)
            answers.append(Answer(request.kind, time.monotonic() - due, fault))

    threads = [threading.Thread(target=work, daemon=True) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    late, started = 0.0, time.monotonic() + 0.5
    for place, request in enumerate(requests):
        due = started + place / rate
        if (left := due - time.monotonic()) > 0:
            time.sleep(left)
        late = max(late, time.monotonic() - due)
        waiting.put((due, request))
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.join()
    return answers, late


def _ask(connection: http.client.HTTPConnection, request: Request) -> str:
    """What is wrong with the answer; nothing when it is what a person expects."""
    headers = {"Cookie": f"sessionid={request.session}; csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32}
    try:
        connection.request(request.method, request.path, request.body or None, headers | (FORM if request.body else {}))
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as failure:
        connection.close()
        return type(failure).__name__
    return "" if answer.status == (200 if request.method == "GET" else 302) else f"{answer.status} {request.path.split('?')[0]}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py bench load")
    parser.add_argument("--data-dir", type=lambda text: Path(text).absolute(), default=ROOT / ".bench")
    parser.add_argument("--rate", type=int, default=100, help="requêtes par seconde")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--workers", type=int, default=2, help="processus du serveur web")
    return parser.parse_args()


if __name__ == "__main__":
    main()
