"""The phone's own queue, under Node: against answers chosen one by one, then against the real service through a bad network.

`QUEUE_RUNS` says how many visits are entered while phones die and connections are cut; the continuous integration asks for more.
"""

import base64
import json
import logging
import os
import random
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.enums import Role
from inspections import survey
from inspections.enums import VisitState
from inspections.models import Entry, Photo, PhotoChunk, Visit
from tests import factories, node
from tests.faults import FaultProxy
from tests.inspections.phones import planned
from tests.serving import start_site

pytestmark = pytest.mark.node
logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
RUNS = int(os.environ.get("QUEUE_RUNS", "6"))
SEED = int(os.environ.get("QUEUE_SEED", "4"))
TOGETHER = 10
STEPS = 40
CALM_AFTER, PATIENCE = 10, 120


def test_the_queue_answers_each_answer_as_it_should(tmp_path):
    modules = node.lay_out(tmp_path, "queue.js", "ledger.js")
    checks = [node.find(), "--test", "--test-reporter=tap", str(HERE / "queue_checks.mjs")]
    done = subprocess.run(
        checks, env=node.environment(PHONE=str(modules), TMPDIR=str(tmp_path)), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n# fail 0" in done.stdout
    assert "\n# pass 0" not in done.stdout


@dataclass
class Device:
    """One phone of one visit, and what its disk tells of all that it ever wrote."""

    visit: int
    store: Path
    seed: int
    finishes: bool
    id: UUID = field(default_factory=uuid4)
    written: list[dict] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    pictures: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, dict] = field(default_factory=dict)

    def as_plan(self) -> dict:
        return {
            "visit": self.visit, "store": str(self.store), "seed": self.seed, "finishes": self.finishes, "device": str(self.id),
            "steps": STEPS,
        }  # fmt: skip

    def read_disk(self) -> None:
        seen = set()
        for line in self.store.read_text().splitlines():
            for table, key, value in json.loads(line):
                if key is None or value is None:
                    self.rows.pop(f"{table} {key}", None)
                    continue
                self.rows[f"{table} {key}"] = value
                if table == "blobs":
                    self.pictures[key] = base64.b64decode(value["blob"])
                if table == "entries" and value["device"] == str(self.id):
                    if value["state"] == "refused":
                        self.refused.add(key)
                    if key not in seen:
                        seen.add(key)
                        self.written.append(value)

    @property
    def kept(self) -> list[dict]:
        """What the service must have, in the order in which it was written."""
        return [entry for entry in self.written if entry["id"] not in self.refused]


def run(plan: Path, rng: random.Random, proxy: FaultProxy) -> int:
    """A process with phones, killed a few times at any moment, then left to finish; how often it was killed."""
    command, kills = [node.find(), str(HERE / "queue_runs.mjs"), str(plan)], 0
    for delay in [rng.uniform(0.05, 0.7) for _ in range(rng.randint(2, 5))]:
        process = subprocess.Popen(command, env=node.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()
            kills += 1
        said = process.communicate()[0].decode()
        assert process.returncode in (0, -9), said
    with subprocess.Popen(command, env=node.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            process.wait(timeout=CALM_AFTER)
        except subprocess.TimeoutExpired:
            proxy.calm = True
        try:
            said = process.communicate(timeout=PATIENCE)[0].decode()
        finally:
            process.kill()  # nothing, if it has ended; else it would send for ever
    assert process.returncode == 0, said
    return kills


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_nor_doubled_and_the_order_of_each_phone_is_kept(tmp_path, settings):
    settings.STORAGES["default"]["OPTIONS"]["location"] = tmp_path / "site" / "files-test"
    rng, figures, started = random.Random(SEED), Counter(), time.monotonic()
    modules = node.lay_out(tmp_path, "queue.js", "ledger.js")
    town = factories.AuthorityFactory()
    (tmp_path / "site").mkdir()
    with start_site(tmp_path / "site") as port:
        for first in range(0, RUNS, TOGETHER):
            # Nobody is in two places at once: a person's day holds as many visits as are entered together.
            inspector = factories.member(town, Role.INSPECTOR, Role.OFFICER)
            client = Client()
            client.force_login(inspector)
            with FaultProxy(port, seed=rng.randrange(2**32)) as proxy:
                devices, processes = [], {"a": [], "b": []}
                for place in range(first, min(first + TOGETHER, RUNS)):
                    visit = planned(town, inspector, hour=7 + place % TOGETHER)
                    for name in "ab" if place % 2 else "a":
                        device = Device(visit.pk, tmp_path / f"{place}{name}", rng.randrange(2**32), finishes=name == "a")
                        processes[name].append(device)
                        devices.append(device)
                figures["kills"] += _enter(processes, tmp_path, modules, client, proxy, rng)
                figures.update(proxy.counts)
            for device in devices:
                device.read_disk()
            for visit in {device.visit for device in devices}:
                figures.update(_compare(visit, [device for device in devices if device.visit == visit]))
    logger.info("%s runs in %.0f s: %s", RUNS, time.monotonic() - started, dict(figures))
    assert not PhotoChunk.objects.exists()


def _enter(processes, folder, modules, client, proxy, rng) -> int:
    """Both processes at once, each with its phones; how often they were killed."""
    plans = []
    for name, phones in processes.items():
        if not phones:
            continue
        plan = folder / f"plan-{name}"
        token = "a" * 32
        plan.write_text(
            json.dumps({
                "modules": str(modules),
                "service": f"http://127.0.0.1:{proxy.port}",
                "cookies": f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}",
                "csrf": token,
                "phones": [device.as_plan() for device in phones],
            })
        )  # fmt: skip
        plans.append((plan, random.Random(rng.random())))
    with ThreadPoolExecutor(2) as threads:
        # The first to fail is the one to hear: the other waits for what it never sends.
        return sum(done.result() for done in as_completed(threads.submit(run, *each, proxy) for each in plans))


def _compare(visit: int, devices: list[Device]) -> Counter[str]:
    """The rows of the service are what the phones wrote, item by item and byte by byte."""
    entries = list(Entry.objects.filter(visit=visit).order_by("number"))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert len(entries) == sum(len(device.kept) for device in devices), "0 lost, 0 doubled"
    for device in devices:
        own = [entry for entry in entries if entry.device_id == device.id]
        assert [entry.sequence for entry in own] == list(range(1, len(own) + 1))
        assert [(str(entry.pk), entry.kind, entry.payload) for entry in own] == [
            (each["id"], each["kind"], each["payload"]) for each in device.kept
        ]
    photos = {str(photo.pk): photo for photo in Photo.objects.filter(visit=visit).select_related("file__application")}
    pictures = {name: content for device in devices for name, content in device.pictures.items()}
    assert set(photos) == set(pictures)
    for name in {photo["photo"] for photo in survey.of(entries).photos}:
        assert photos[name].file is not None, "each photo that counts is whole"
    whole = [photo for photo in photos.values() if photo.file]
    for photo in whole:
        with default_storage.open(photo.file.location) as file:
            assert file.read() == pictures[str(photo.pk)]
    done = Visit.objects.get(pk=visit)
    state = VisitState.PLANNED if survey.of(entries).conflicts else VisitState.DONE
    assert (done.state, done.application.files.count() - 1) == (state, len(whole)), (
        "no file twice; what is contested is not closed"
    )
    if len(devices) == 1:
        left = [name.split()[0] for name in devices[0].rows]
        assert {"entries", "photos", "blobs"} & set(left) == set(), "the phone forgets what is closed"
    return Counter(
        entries=len(entries), photos=len(whole), bytes=sum(photo.size for photo in whole),
        refused=sum(len(device.refused) for device in devices), conflicts=sum(entry.conflicts_with_id is not None for entry in entries),
    )  # fmt: skip
