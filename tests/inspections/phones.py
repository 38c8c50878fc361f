"""Phones of the tests: what one writes, sends and is answered."""

import io
import json
from datetime import UTC, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from random import Random
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from PIL import Image

from accounts.models import User
from inspections.models import Visit
from tests import factories
from tests.workflows.test_actions import file
from workflows.actions import appointments, completeness

CHUNK = 64 * 1024


def planned(authority, inspector: User, *, days: int = 0, hour: int = 9) -> Visit:
    """A visit of this person, so many days from today, planned today."""
    today = authority.today()
    case = completeness.declare_complete(
        file(factories.ApplicationFactory(authority=authority), on=today), by=inspector, on=today
    )
    start = datetime.combine(today + timedelta(days), time(hour), tzinfo=UTC)
    return appointments.plan_visit(
        case, inspector=inspector, starts_at=start, ends_at=start + timedelta(hours=1), by=inspector, on=today
    )


@cache
def picture(seed: int = 0, size: int = 0) -> bytes:
    """A JPEG, as long as asked: readers ignore what follows its end."""
    drawn = io.BytesIO()
    Image.new("RGB", (32, 32), (seed % 256, 90, 120)).save(drawn, "JPEG")
    content = drawn.getvalue()
    return content + Random(seed).randbytes(max(0, size - len(content)))


class Phone:
    """One device of one person: it numbers what it writes, as `queue.js` does."""

    def __init__(self, client: Client, visit: Visit, device: UUID | None = None) -> None:
        self.client, self.visit = client, visit
        self.device = device or uuid4()
        self.sequence = self.cursor = 0

    def write(self, kind: str, /, *, base: int | None = None, **payload: object) -> dict:
        self.sequence += 1
        return {
            "id": str(uuid4()),
            "sequence": self.sequence,
            "base": self.cursor if base is None else base,
            "kind": kind,
            "at": "2026-03-12T09:10:00Z",
            "payload": payload,
        }

    def answer(self, code: str = "H04", reply: str = "conform", **more: object) -> dict:
        base = more.pop("base", None)
        return self.write("answer", base=base, **{"room": None, "code": code, "reply": reply, **more})

    def photo(self, content: bytes, identifier: str = "", **more: object) -> dict:
        return self.write(
            "photo", photo=identifier or str(uuid4()), room=None, code="H04", sha256=sha256(content).hexdigest(),
            size=len(content), taken_at="2026-03-12T09:12:00Z", **more,
        )  # fmt: skip

    def send(self, *entries: dict, sent_at: str = "", **more: object) -> HttpResponse:
        sent_at = sent_at or datetime.now(UTC).isoformat()
        body = {"device": str(self.device), "label": "Téléphone", "sent_at": sent_at, "cursor": self.cursor, "entries": entries}
        response = self.client.post(f"/visites/{self.visit.pk}/saisie/", json.dumps(body | more), content_type="application/json")
        if response.status_code == 200:
            self.cursor = response.json()["cursor"]
        return response

    def put(self, photo: str, offset: int, content: bytes) -> HttpResponse:
        return self.client.put(
            f"/visites/{self.visit.pk}/photos/{photo}/", content, content_type="application/octet-stream",
            headers={"Upload-Offset": str(offset), "X-Device": str(self.device)},
        )  # fmt: skip

    def upload(self, photo: str, content: bytes, start: int = 0) -> HttpResponse:
        response = None
        for offset in range(start, len(content), CHUNK):
            response = self.put(photo, offset, content[offset : offset + CHUNK])
        return response

    def finish(self) -> HttpResponse:
        return self.client.post(f"/visites/{self.visit.pk}/terminer/", headers={"X-Device": str(self.device)})
