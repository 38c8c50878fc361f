"""A phone in an inspector's hands: a small screen, fingers, a network that comes and goes."""

import io
import json
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.journeys.conftest import PASSWORD, Demo

ADDRESS = "/visites/telephone/"
SCREEN = {"width": 390, "height": 844}
# What waits on the phone's disk, read beside the application; it also holds what the service has of other visits.
DISK = """async () => {
  const open = indexedDB.open('visites');
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const all = (table) => new Promise((done) => { const asked = db.transaction(table).objectStore(table).getAll(); asked.onsuccess = () => done(asked.result); });
  const [entries, blobs] = [await all('entries'), await all('blobs')];
  db.close();
  const hex = (sum) => [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const photos = await Promise.all(blobs.map(async ({id, blob}) => [id, hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())), blob.size]));
  const said = ({id, visit, sequence, kind, payload}) => ({id, visit, sequence, kind, payload});
  return {entries: entries.filter(({state}) => state === 'pending').map(said), photos};
}"""
ROWS = """
import json
from inspections.models import Entry, Photo
entries = Entry.objects.filter(visit_id={visit}).order_by("number")
rows = [dict(id=str(e.pk), visit=e.visit_id, sequence=e.sequence, kind=e.kind, payload=e.payload) for e in entries]
photos = [[str(p.pk), p.file.sha256, p.file.size] for p in Photo.objects.filter(visit_id={visit}).select_related("file") if p.file]
print(json.dumps(dict(entries=rows, photos=photos, state=entries[0].visit.state if rows else "")))
"""


class Phone:
    """One phone; `kill` ends its tab as a phone does, `open` starts it again."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=url, locale="fr-FR", viewport=SCREEN, has_touch=True, timezone_id="Europe/Paris"
        )
        self.page: Page = self.context.new_page()

    def sign_in(self, name: str = "visite") -> None:
        self.page.goto(f"/connexion/?next={ADDRESS}")
        self.page.locator("input[type=email]").fill(f"{name}@demo.test")
        self.page.locator("input[type=password]").fill(PASSWORD)
        self.page.locator("form button[type=submit]").last.click()
        self.page.wait_for_url(re.compile(ADDRESS))

    def open(self, hash_: str = "") -> None:
        self.page.goto(ADDRESS + hash_)
        expect(self.page.locator(".pl-sync")).to_be_visible()

    def kill(self) -> None:
        self.page.close(run_before_unload=False)
        self.page = self.context.new_page()

    def wait_until_ready(self) -> None:
        """Everything needed without network is on the phone."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        expect(self.page.locator(".pl-stop").first).to_be_visible(timeout=20_000)
        expect(self.page.get_by_text("À télécharger avec du réseau")).to_have_count(0, timeout=20_000)

    def send_in_pieces(self, *, most: int = 60) -> None:
        """The network comes for a moment, then a longer one, up to five seconds, and is cut in between, until all has left."""
        sent = self.page.locator(".pl-sync", has_text="Tout est envoyé")
        for turn in range(most):
            self.context.set_offline(False)
            with suppress(AssertionError):
                expect(sent).to_be_visible(timeout=min(250 * 2**turn, 5_000))
                return
            self.context.set_offline(True)
            self.page.wait_for_timeout(500)
        self.page.goto(ADDRESS + "#/envoi")
        raise AssertionError(f"something never left the phone: {self.page.locator('main').inner_text()}")

    def disk(self) -> dict[str, Any]:
        return self.page.evaluate(DISK)


def phones(browser: Browser, demo: Demo) -> Iterator[Phone]:
    phone = Phone(browser, demo.url)
    yield phone
    phone.context.close()


def rows(demo: Demo, visit: int) -> dict[str, Any]:
    """What the service kept of a visit."""
    return json.loads(demo.manage("shell", "-v", "0", "-c", ROWS.format(visit=visit)).strip().splitlines()[-1])


def picture(seed: int) -> FilePayload:
    """A photo as a camera takes it, unlike any other."""
    noise = random.Random(seed).randbytes(160 * 120 * 3)
    content = io.BytesIO()
    Image.frombytes("RGB", (160, 120), noise).resize((2400, 1800)).save(content, "JPEG", quality=90)
    return {"name": f"{seed}.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def reply(page: Page, code: str, words: str) -> None:
    """Touch one of the four answers to an item."""
    group = page.locator(f"li[id^='{code}-'] .pl-answers").first
    group.locator("label", has_text=re.compile(rf"^\s*{words}\s*$")).click()
    expect(group.get_by_label(words, exact=True)).to_be_checked()


def sign(page: Page) -> None:
    """Draw with a finger."""
    canvas = page.locator("#signature")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 80)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + step * 20, box["y"] + (60 if step % 2 else 110))
    page.mouse.up()
