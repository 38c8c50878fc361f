"""Visits entered on phones: entries written as the server keeps them, photos as files of the case."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from PIL import Image

from documents import examining, figures, receiving, rendering
from inspections import findings, grid, survey
from inspections.enums import Conclusion
from inspections.models import Device, Entry, Photo
from tests import factories
from tests.documents.reading import text_of
from workflows.actions import inspection, report

ROOM, OTHER_ROOM = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))
AT = datetime(2026, 3, 12, 9, 5, tzinfo=UTC)

DANGER = {"code": "D01", "place": "Escalier", "description": "Garde-corps descellé", "severity": "D", "work": "Condamner l’accès"}
RESERVE = {
    "code": "C05",
    "place": "Chambre 2",
    "description": "Moisissures",
    "severity": "R",
    "basis": "décret",
    "work": "Assainir",
}


def done(visit, staff, today, *found, **said):
    return inspection.record_visit(visit, conclusion=Conclusion.RESERVES, findings=found, by=staff, on=today, **said)


def from_phone(visit, staff, today):
    read = survey.of(visit.entries.all())
    done(visit, staff, today, *findings.of_survey(read, grid.followed_by(visit)), people_present="Mme Duprat", consent=True)


def established(visit, staff, today, **more):
    return report.establish(visit, conclusion=Conclusion.RESERVES, by=staff, on=today, **more)


def printed(act):
    return text_of(rendering.render(act.content, pictures=figures.of(act.content)))


class Phone:
    """A phone of a person: it writes entries of one visit, knowing or not those of another phone."""

    def __init__(self, visit, user, label="Téléphone"):
        self.visit, self.user = visit, user
        self.device = Device.objects.create(id=uuid.uuid4(), user=user, label=label, last_seen_at=timezone.now())

    def write(self, what, *, against=None, skew=0, **payload):
        known = list(self.visit.entries.order_by("number"))
        return Entry.objects.create(
            id=uuid.uuid4(),
            visit=self.visit,
            device=self.device,
            sequence=sum(entry.device_id == self.device.pk for entry in known) + 1,
            number=len(known) + 1,
            base=len(known),
            kind=what,
            key=survey.key_of(what, payload),
            payload=payload,
            made_at=AT,
            skew_seconds=skew,
            author=self.user,
            conflicts_with=against,
        )

    def answer(self, code, reply="conform", *, room=None, against=None, **more):
        return self.write("answer", against=against, room=room, code=code, reply=reply, **more)

    def room(self, name="Chambre 2", *, room=ROOM, kind="bedroom", **more):
        return self.write("room", room=room, kind=kind, name=name, position=1, **({"visited": True} | more))

    def photo(self, code, *, room=None, examined=True, people=False, colour="red"):
        """A photo whose bytes came; examined, it is a picture that may be shown."""
        picture = io.BytesIO()
        Image.new("RGB", (1200, 900), colour).save(picture, "JPEG")
        file = receiving.receive(self.visit.application, factories.upload(picture.getvalue(), f"{code}.jpg"), by=self.user)
        pk = uuid.uuid4()
        Photo.objects.create(id=pk, visit=self.visit, sha256="0" * 64, size=9, taken_at=AT, file=file)
        if examined:
            examining.examine(file)
        return self.write(
            "photo", photo=str(pk), room=room, code=code, sha256="0" * 64, size=9, taken_at=AT.isoformat(), caption="Angle nord",
            people=people,
        )  # fmt: skip

    def whole(self):
        """An ordinary visit: one room, a reserve with its photo, a measure, a signature."""
        self.write("start", at=AT.isoformat())
        self.room()
        self.answer("C05", "non_conform", room=ROOM, note="Moisissures sur 1,2 m²")
        self.answer("A01")
        self.write("measure", room=ROOM, measure="height", value="2.31")
        self.photo("C05", room=ROOM)
        self.write("people", present="Mme Duprat", capacity="bailleresse", consent=True, consent_note="Par écrit")
        self.write("conclusion", conclusion="reserves", text="Logement propre.")
        self.write("signature", name="Mme Duprat", strokes=[[[0.1, 0.2], [0.5, 0.9]]], refused=False, reason="")
        self.write("finish", at=(AT + timedelta(minutes=40)).isoformat())
