"""The phone's page on a slow network and a slow processor, beside the task form of viewflow's own interface.

    npm ci --prefix bench/lighthouse && .venv/bin/python -m bench.phone

First load by Lighthouse (700 kbit/s, 150 ms, processor four times slower), median of five; then the same page again and without
network, by Chromium alone, which also sends fifty photos of noise. Starts everything by itself on this machine: PostgreSQL, the two sites in granian with static files compressed as in production, Debian's Chromium.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.upload import prepare

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from accounts.models import User
    from bench.serving import Web

LIGHTHOUSE = Path(__file__).parent / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ROUNDS = 5
KILOBITS, LATENCY_MS, SLOWER = 700, 150, 4
PAGE = "/visites/telephone/"
PHOTOS, PHOTO_BYTES = 50, 300_000
READY = ".pl-hour"  # the visits of the day are there


@dataclass(frozen=True)
class Load:
    """What loading a page costs."""

    kilobytes: float
    requests: int
    interactive: float


def main() -> None:
    if not CHROMIUM or not LIGHTHOUSE.exists():
        sys.exit("Il faut Chromium, et Lighthouse : npm ci --prefix bench/lighthouse.")
    os.environ |= {"PERMIS_TEST": "1", "PERMIS_NO_BOOTSTRAP": "1", "DJANGO_SETTINGS_MODULE": "bench.settings"}
    folder = Path(tempfile.mkdtemp(prefix="permis-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the database has left it
    folder.chmod(0o755)  # root runs the database as `nobody`
    os.environ["PERMIS_DATA_DIR"] = str(folder)
    prepare()
    from bench.serving import Web, session_of
    from tests import factories

    inspector = a_day_of_visits()
    session = session_of(inspector)
    with Web(folder, **static(folder, "bench.settings")) as ours:
        first = median_of(lighthouse(ours, PAGE, session) for _ in range(ROUNDS))
        again = [each for _ in range(ROUNDS) for each in [loads_again(ours, session)]]
        photos = send_photos(ours, session)
    stranger = factories.UserFactory()
    task, session = peer_task(stranger), session_of(stranger)
    with Web(folder, settings="bench.peer", **static(folder, "bench.peer")) as theirs:
        other = median_of(lighthouse(theirs, task, session) for _ in range(ROUNDS))
    print(f"{KILOBITS} kbit/s, {LATENCY_MS} ms, processeur ÷ {SLOWER}, médiane de {ROUNDS}", end="\n\n")
    print(f"{'':44}{'Ko reçus':>10}{'requêtes':>10}{'utilisable':>14}")
    for name, load in (("téléphone, première fois", first), ("formulaire de tâche de viewflow", other)):
        print(f"{name:44}{load.kilobytes:>10.1f}{load.requests:>10}{load.interactive:>12.2f} s")
    ratios = f"{first.kilobytes / other.kilobytes:>10.2f}{first.requests / other.requests:>10.2f}"
    print(f"{'rapport':44}{ratios}{first.interactive / other.interactive:>14.2f}")
    print(f"{'téléphone, de nouveau':64}{median(known for known, _ in again):>12.2f} s")
    print(f"{'téléphone, sans réseau':64}{median(offline for _, offline in again):>12.2f} s")
    print(f"\n{PHOTOS} photos de {PHOTO_BYTES // 1000} Ko à {KILOBITS} kbit/s : {photos:.2f} × ce que le réseau permet")


def a_day_of_visits() -> User:
    """An inspector who has five visits today."""
    from accounts.enums import Role
    from tests import factories
    from tests.inspections.phones import planned

    authority = factories.AuthorityFactory()
    inspector = factories.member(authority, Role.INSPECTOR, Role.OFFICER)
    for place in range(5):
        planned(authority, inspector, hour=8 + 2 * place)
    return inspector


def peer_task(user: User) -> str:
    """The address of a task that this person holds in viewflow's interface."""
    command = f"import django; django.setup(); from bench.peer_urls import new_task; print(new_task({user.pk}))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.peer"} | database()
    answer = subprocess.run([sys.executable, "-W", "ignore", "-c", command], env=environment, check=True, stdout=subprocess.PIPE)
    return answer.stdout.decode().strip()


def database() -> dict[str, str]:
    from urllib.parse import quote

    from django.db import connection

    place = connection.settings_dict
    return {"DATABASE_URL": f"postgresql://{place['USER']}@{quote(place['HOST'], safe='')}/{place['NAME']}"}


def static(folder: Path, settings: str) -> dict[str, str]:
    """Static files gathered and compressed for one site."""
    place = {"BENCH_STATIC": str(folder / settings)}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "django", "collectstatic", "--noinput", "-v", "0"],
        env=os.environ | place | {"DJANGO_SETTINGS_MODULE": settings} | database(), check=True,
    )  # fmt: skip
    return place


def lighthouse(web: Web, path: str, session: str) -> Load:
    """One cold load, as Lighthouse sees it."""
    headers = json.dumps({"Cookie": f"sessionid={session}"})
    throttling = {
        "requestLatencyMs": LATENCY_MS,
        "downloadThroughputKbps": KILOBITS,
        "uploadThroughputKbps": KILOBITS,
        "cpuSlowdownMultiplier": SLOWER,
    }
    command = [
        "node", str(LIGHTHOUSE), f"http://127.0.0.1:{web.port}{path}", "--quiet", "--output=json", "--only-categories=performance",
        "--throttling-method=devtools", *(f"--throttling.{name}={value}" for name, value in throttling.items()),
        f"--extra-headers={headers}", f"--chrome-flags={' '.join(FLAGS)}", "--max-wait-for-load=60000",
    ]  # fmt: skip
    answer = subprocess.run(command, env=os.environ | {"CHROME_PATH": str(CHROMIUM)}, check=True, capture_output=True)
    audits = json.loads(answer.stdout)["audits"]
    return load_of(audits)


def load_of(audits: dict[str, Any]) -> Load:
    requests = audits["network-requests"]["details"]["items"]
    # Lighthouse gives its cookie to the page, not to the picture of the process that viewflow frames in it: so much less to load.
    wrong = [each["url"] for each in requests if each.get("statusCode", 200) >= 400 and not each["url"].endswith("/chart/")]
    if wrong:
        raise SystemExit(f"Adresses en erreur : {wrong}")
    return Load(
        kilobytes=sum(each.get("transferSize", 0) for each in requests) / 1024,
        requests=len(requests),
        interactive=audits["interactive"]["numericValue"] / 1000,
    )


def median_of(loads: Iterator[Load]) -> Load:
    seen = list(loads)
    return Load(
        median(each.kilobytes for each in seen),
        int(median(each.requests for each in seen)),
        median(each.interactive for each in seen),
    )


@contextmanager
def phone(web: Web, session: str) -> Iterator[tuple[BrowserContext, Page]]:
    """A phone whose page was loaded once, its worker installed."""
    from playwright.sync_api import sync_playwright

    url = f"http://127.0.0.1:{web.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        page = context.new_page()
        page.goto(f"{url}{PAGE}")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_selector(READY, state="attached")
        yield context, page
        browser.close()


def loads_again(web: Web, session: str) -> tuple[float, float]:
    """Seconds until the page can be used: loaded once more, then without network."""
    with phone(web, session) as (context, page):
        devtools = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        slow(devtools, KILOBITS)
        url = f"http://127.0.0.1:{web.port}{PAGE}"
        known = timed(page, url)
        context.set_offline(True)
        return known, timed(page, url)


def timed(page: Page, url: str) -> float:
    page.goto("about:blank")
    start = time.monotonic()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(READY, state="attached")
    return time.monotonic() - start


def slow(devtools: Any, kilobits: int) -> None:
    bytes_a_second = kilobits * 1000 / 8
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": bytes_a_second,
            "uploadThroughput": bytes_a_second,
        },
    )


def send_photos(web: Web, session: str) -> float:
    """How long fifty photos take, over what their bytes alone would at the speed of the network."""
    with phone(web, session) as (context, page):
        page.evaluate(
            """async ([count, size]) => {
              const part = (name) => import(`/static/inspections/phone/${name}.js`);
              const [{ Queue }, { openStore }, { digest }] = await Promise.all(["queue", "store", "shrink"].map(part));
              const queue = new Queue({ store: await openStore(), fetch: (...request) => fetch(...request) });
              window.sending = await queue.start();
              await queue.bring();
              const { visits } = await queue.day();
              for (let place = 0; place < count; place += 1) {
                const noise = new Uint8Array(size);
                for (let at = 0; at < size; at += 65536) crypto.getRandomValues(noise.subarray(at, at + 65536));
                noise.set([0xff, 0xd8, 0xff, 0xe0]);
                const blob = new Blob([noise], { type: "image/jpeg" });
                const taken = { photo: crypto.randomUUID(), room: null, code: "A05", taken_at: new Date().toISOString() };
                await queue.addPhoto(visits[0].id, { ...taken, sha256: await digest(blob) }, blob);
              }
            }""",
            [PHOTOS, PHOTO_BYTES],
        )
        slow(context.new_cdp_session(page), KILOBITS)
        start = time.monotonic()
        left = page.evaluate("window.sending.flush({ now: true }).then(() => window.sending.state())")
        took = time.monotonic() - start
        if left["pending"] or left["refused"]:
            raise SystemExit(f"Des photos ne sont pas parties : {left}")
        return took / (PHOTOS * PHOTO_BYTES * 8 / 1000 / KILOBITS)


if __name__ == "__main__":
    main()
