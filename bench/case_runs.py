"""Whole cases led by our actions, or by the stock engine, in a process that a measure gives its orders to."""

from __future__ import annotations

import cProfile
import hashlib
import pstats
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bench.visitor import ROOT, obey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from permis.models import Application

# The way of an ordinary case: the tasks that somebody does, one after the other.
WAY = ("check_pieces", "plan_visit", "visit_dwelling", "draft_decision", "sign_decision", "notify_decision")


class Orders:
    """What may be asked; the names are those of the orders."""

    def __init__(self) -> None:
        self.rank = 0
        self.act_seconds = 0.0

    # -- ours

    def staff(self) -> None:
        """One person who does everything in the largest authority, and the commune of the cases."""
        from django.db.models import Count

        from accounts.enums import Role
        from accounts.models import Membership, SignaturePower, User
        from permis.models import Application
        from territories.models import Authority, Commune

        town = (
            Application.objects.values("commune", "authority").annotate(cases=Count("pk")).order_by("-cases", "commune").first()
        )
        self.authority = Authority.objects.get(pk=town["authority"])
        self.commune = Commune.objects.get(pk=town["commune"])
        self.person, is_new = User.objects.get_or_create(email="tout@bench.example", first_name="Camille", last_name="Toutain")
        if is_new:
            for role in (Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER):
                Membership.objects.create(user=self.person, role=role, authority=self.authority)
            SignaturePower.objects.create(
                user=self.person, authority=self.authority, capacity="Le Président", starts_on=date(2010, 1, 1)
            )
        self.today = self.authority.today()
        self.rank = Application.objects.count()

    def ours(self, count: int) -> dict[str, float]:
        """Seconds of each action over that many cases, and of processor here; what prepares a case is not counted."""
        spent: Counter[str] = Counter()
        for draft in [self._draft() for _ in range(count)]:
            for name, step in self._lead(draft):
                started, worked = time.perf_counter(), time.process_time()
                step()
                spent[name] += time.perf_counter() - started
                spent["processor"] += time.process_time() - worked
        return dict(spent)

    def profile(self, count: int) -> list[str]:
        """The functions in which time is spent, ours and others', by their own time and by all that they call."""
        profiler = cProfile.Profile()
        for draft in [self._draft() for _ in range(count)]:
            for _, step in self._lead(draft):
                profiler.enable()
                step()
                profiler.disable()
        stats = pstats.Stats(profiler)
        rows = [
            (cumulative / count * 1000, own / count * 1000, calls / count, f"{_short(file)}:{name}")
            for (file, _, name), (_, calls, own, cumulative, _) in stats.stats.items()  # type: ignore[attr-defined]
        ]
        ours = [row for row in rows if not row[3].startswith(("site-packages", "~", "lib"))]
        return [
            f"{cumulative:8.2f} ms {own:8.2f} ms {calls:8.1f} ×  {where}"
            for cumulative, own, calls, where in [*sorted(ours, reverse=True)[:45], *sorted(rows, key=lambda row: -row[1])[:25]]
        ]

    def queries(self) -> dict[str, Any]:
        """The statements of one case: how many in each action, and those that come back."""
        count: Counter[str] = Counter()
        said: Counter[str] = Counter()
        took: Counter[str] = Counter()
        for name, step in self._lead(self._draft()):
            with _watched() as log:
                step()
            count[name] = len(log)
            for sql, seconds in log:
                said[_shape(sql)] += 1
                took[_shape(sql)] += seconds * 1000
        return {"count": dict(count), "repeated": [(n, round(took[sql], 2), sql) for sql, n in said.most_common(40)]}

    def acts(self, count: int) -> float:
        """Seconds of an act rendered and sealed, which the cases above do without."""
        from django.utils import timezone

        from documents import acts
        from workflows.actions import decision

        spent = 0.0
        for draft in [self._draft() for _ in range(count)]:
            for name, step in self._lead(draft):
                step()
                if name == "propose_decision":
                    break
            case = type(draft).objects.get(pk=draft.pk)
            started = time.perf_counter()
            act = decision.preview(case, by=self.person, on=self.today)
            acts.seal(act, name="Camille Toutain, Le Président", reason="Décision signée", at=timezone.now())
            spent += time.perf_counter() - started
        return spent / count

    def _draft(self) -> Application:
        """A draft ready to be filed, with its file examined."""
        from documents.models import Piece, Scan, StoredFile
        from permis import addresses
        from permis.enums import Channel
        from permis.models import Application, Dwelling, Lessor
        from territories.models import Zone

        self.rank += 1
        case = Application.objects.create(
            authority=self.authority, commune=self.commune, channel=Channel.PAPER, nature="again",
            zone=Zone.objects.filter(commune=self.commune, regime="APML").first(), lease_planned_on=self.today + timedelta(days=60),
        )  # fmt: skip
        Dwelling.objects.create(
            application=case, address=f"{self.rank} rue de la Mesure", postcode="33000", housing="collective", surface=Decimal("58.4"), rooms=3,
            furnished=False, construction_year=2010, electricity="recent", gas="absent", latitude=44.5, longitude=-1,
            address_key=addresses.key(self.commune.pk, f"{self.rank} rue de la Mesure"),
        )  # fmt: skip
        Lessor.objects.create(
            application=case, civility="mrs", first_name="Hélène", last_name="Duprat", address="5 allée des Tilleuls", postcode="33000",
            city="Bordeaux", email=f"h.duprat{self.rank}@courriel.test",
        )  # fmt: skip
        file = StoredFile.objects.create(
            application=case, sha256=hashlib.sha256(b"%d" % case.pk).hexdigest(), state="pending", name="dpe.pdf",
            content_type="application/pdf", size=1,
        )  # fmt: skip
        Scan.objects.create(file=file, engine="bench", sha256=file.sha256, verdict="clean")
        file.state = "clean"
        file.save()
        for kind in ("form", "dpe", "erp"):
            Piece.objects.create(application=case, kind=kind, file=file, received_on=self.today, established_on=self.today)
        return case

    def _lead(self, draft: Application) -> Iterator[tuple[str, Any]]:
        """The actions of a case, each to be called before the next one is asked for."""
        from permis.enums import Means, Outcome
        from permis.models import Application
        from workflows.actions import appointments, completeness, decision, inspection, intake, notification

        by, on = self.person, self.today
        made: dict[str, Any] = {}

        yield "submit", lambda: intake.submit(draft, by=by, on=on)
        yield "declare_complete", lambda: completeness.declare_complete(draft, by=by, on=on)
        start = self._free_hour()
        yield (
            "plan_visit",
            lambda: made.update(
                visit=appointments.plan_visit(
                    draft, inspector=by, starts_at=start, ends_at=start + timedelta(minutes=5), by=by, on=on, occupied=False
                )
            ),
        )
        visit = made["visit"]
        # It was this morning: an appointment is never made in the past, and nobody waits for tomorrow here.
        type(visit).objects.filter(pk=visit.pk).update(starts_at=start - timedelta(days=20), ends_at=start - timedelta(days=20) + timedelta(minutes=5))  # fmt: skip
        yield "record_visit", lambda: inspection.record_visit(visit, conclusion="favourable", by=by, on=on)
        yield (
            "propose_decision",
            lambda: decision.propose_decision(
                draft, outcome=Outcome.GRANTED, considerations="que la visite n’a relevé aucun désordre ;", by=by, on=on
            ),
        )
        act = self._prepared(Application.objects.get(pk=draft.pk))
        with without_ink():
            yield "sign", lambda: decision.sign(draft, act=act, by=by, on=on)
        yield (
            "notify",
            lambda: notification.notify(draft, means=Means.HAND, notified_on=on, recipient="Mme Duprat", by=by, on=on),
        )

    def _free_hour(self) -> datetime:
        """A start that no other appointment of the person meets: five minutes after the one before, in the hours of the law."""
        slot = self.rank % 2000
        midnight = self.authority.midnight(self.today + timedelta(days=1 + slot // 160))
        return midnight + timedelta(hours=7, minutes=5 * (slot % 160))

    def _prepared(self, case: Application) -> Any:
        """The act as it is previewed and as it will be sealed: its content is the true one, nothing of it is rendered."""
        from workflows.actions import decision

        with without_ink():
            return decision.preview(case, by=self.person, on=self.today)

    # -- the stock engine

    def stock(self, count: int) -> dict[str, float]:
        """The same way through the same graph, as the views of viewflow walk it: lock, assign, start, save the process, execute."""
        from viewflow.workflow.models import Task

        from accounts.models import User
        from bench.stock import StockFlow

        user, request = User.objects.order_by("pk").first(), object()
        spent, worked = 0.0, time.process_time()
        for _ in range(count):
            started = time.perf_counter()
            process = StockFlow.start.run(first=WAY[0])
            for name, after in pairwise([*WAY, ""]):
                task = Task.objects.get(process=process, status="NEW", flow_task=getattr(StockFlow.instance, name))
                with task.activation() as activation:
                    activation.assign(user)
                    activation.start(request)
                    activation.process.data = {"next": [after] if after else []}
                    activation.process.save()
                    activation.execute()
            spent += time.perf_counter() - started
        return {"stock": spent, "processor": time.process_time() - worked}


@contextmanager
def without_ink() -> Iterator[None]:
    """Acts that nothing draws nor seals: both are timed apart."""
    from unittest.mock import patch

    with (
        patch("documents.rendering.render", lambda content, **_: repr(content).encode()),
        patch("documents.sealing.seal", lambda pdf, **_: pdf + b"sealed"),
    ):
        yield


@contextmanager
def _watched() -> Iterator[list[tuple[str, float]]]:
    from django.db import connection

    log: list[tuple[str, float]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            log.append((sql, time.perf_counter() - started))

    with connection.execute_wrapper(watch):
        yield log


def _shape(sql: str) -> str:
    """A statement without the list of its columns."""
    _, found, tail = sql.partition(" FROM ")
    if sql.startswith("SELECT") and found:
        return f"SELECT … FROM {tail}"[:230]
    return sql[:160]


def _short(file: str) -> str:
    for mark in ("site-packages/", "lib/python3.11/"):
        if mark in file:
            return f"{mark.partition('/')[0]}/{file.rpartition(mark)[2]}"
    return file.removeprefix(f"{ROOT}/")


if __name__ == "__main__":
    obey(Orders)
