"""Names, addresses and notes that break software elsewhere go through every screen, mail and act of a case, as words."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from accounts.enums import Role
from notifications.models import Message
from permis.models import Application
from tests import factories
from tests.conftest import REFERENCE_DATA
from workflows.actions import gathering

pytestmark = [pytest.mark.django_db, pytest.mark.reference_data]
# Words of several strings at once: half a dozen cases carry them all.
BUNDLES = 8
MARKUP = ("<script>alert", "<img src=x", "<svg/onload", "<svg onload", "<iframe", "javascript:alert(1)>")


@pytest.fixture
def boss(client, town):
    person = factories.member(town, Role.OFFICER, Role.INSPECTOR, Role.SIGNATORY, Role.MANAGER)
    client.force_login(person)
    return person


def bundles():
    strings = json.loads((REFERENCE_DATA / "text" / "blns.json").read_text(encoding="utf-8"))
    return [" ".join(strings[start::BUNDLES]).replace("\x00", "") for start in range(BUNDLES)]


class Clerk:
    """Somebody who types the same words everywhere."""

    def __init__(self, client, words):
        self.client, self.words = client, words

    def send(self, name, *arguments, **answers):
        answer = self.client.post(reverse(name, args=arguments), answers)
        assert answer.status_code == 302, (name, answer.context and answer.context["form"].errors)
        return answer.url

    def see(self, name, *arguments):
        answer = self.client.get(reverse(name, args=arguments))
        assert answer.status_code == 200
        page = answer.content.decode()
        assert [markup for markup in MARKUP if markup in page] == [], name
        return answer

    def words_of(self, length):
        return self.words[:length]


@pytest.mark.parametrize("place", range(BUNDLES))
def test_words_stay_words(client, town, boss, place):
    zone, today = factories.ZoneFactory(authority=town), town.today()
    clerk = Clerk(client, bundles()[place])
    text = clerk.words_of
    url = clerk.send(
        "entry", channel="paper", received_on=today.isoformat(), commune=zone.commune_id, nature="again", lease_kind="unfurnished",
        separate_leases="1", access_name=text(120), access_phone=text(30),
    )  # fmt: skip
    pk = int(url.split("/")[2])
    places = {name: text(40) for name in ("building", "staircase", "floor", "door", "lot")}
    clerk.send("application-step", pk, "adresse", address=text(200), complement=text(120), postcode="33920", **places)
    clerk.send("application-step", pk, "logement", housing="collective", surface="41,5", rooms="2", furnished="False")
    clerk.send("application-step", pk, "equipements", electricity="recent", gas="absent")
    lessor = {
        "kind": "person", "first_name": text(80), "last_name": text(80), "address": text(200), "postcode": "33000",
        "city": text(60), "country": "France", "email": "a@b.fr",
    }  # fmt: skip
    counts = {"lessors-TOTAL_FORMS": "1", "lessors-INITIAL_FORMS": "0"}
    clerk.send("application-step", pk, "bailleur", **counts, **{f"lessors-0-{name}": value for name, value in lessor.items()})
    case = Application.objects.get(pk=pk)
    upload = factories.upload(name="a" + text(100).replace("/", "_"))
    gathering.add_piece(case, kinds=factories.all_kinds(), upload=upload, by=boss, on=today)
    clerk.see("application-step", pk, "depot")
    clerk.send("application-step", pk, "depot", accuracy_declared="on")
    clerk.send("case-note", pk, text=text(4000))
    clerk.send("case-check", pk)
    clerk.send("case-waive-visit", pk, reason=text(1500))
    work = {
        "place": text(120),
        "finding": text(900),
        "evidence": text(250),
        "basis": text(160),
        "work": text(900),
        "proof": text(160),
    }
    clerk.send(
        "case-draft", pk, outcome="refused", grounds=["decency"], considerations=text(3000), order_number=text(40),
        **{"works-TOTAL_FORMS": "1", "works-INITIAL_FORMS": "0"}, **{f"works-0-{name}": value for name, value in work.items()},
    )  # fmt: skip
    preview = clerk.see("case-sign", pk).context["preview"]
    clerk.send("case-sign", pk, act=preview.pk)
    clerk.send("case-notify", pk, means="hand", notified_on=today.isoformat(), recipient=text(160))
    for name in ("case", "case-correct-date", "case-notify"):
        clerk.see(name, pk)
    clerk.see("worklist")
    messages = Message.objects.filter(application=case)
    assert messages.exists()
    for message in messages:
        assert len(message.subject.splitlines()) == 1
        assert [markup for markup in MARKUP if markup in message.html] == []
