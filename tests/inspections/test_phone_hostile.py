"""Whatever a phone sends, or somebody in its name: a French sentence and a 4xx, nothing kept, never a failure of ours."""

import json
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspections import payloads
from inspections.enums import EntryKind
from inspections.models import Entry
from inspections.payloads import Malformed
from tests.inspections.phones import picture

pytestmark = pytest.mark.django_db
NESTED = '{"a":' * 2000 + "1" + "}" * 2000


def send(phone, body):
    return phone.client.post(f"/visites/{phone.visit.pk}/saisie/", body, content_type="application/json")


def well_made(phone, **changes):
    entry = phone.answer() | changes.pop("entry", {})
    body = {"device": str(phone.device), "label": "T", "sent_at": "2026-03-12T12:00:00Z", "cursor": 0, "entries": [entry]}
    return json.dumps(body | changes)


def is_refused(answer):
    assert answer.status_code == 400, answer.content
    sentence = answer.json()["error"]
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff\xfe", b"[]", b"null", b'"texte"', b"3", b"{}", b'{"entries": {}}', b'{"entries": [1]}', b"NaN",
        b"[" * 100_000, NESTED.encode(), b'{"entries": [], "cursor": 1e999}', b'{"entries": [], "cursor": ' + b"9" * 5000 + b"}",
        json.dumps({"entries": [{}] * 101}).encode(),
    ],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_a_body_that_is_none(phone, body):
    is_refused(send(phone, body))


@pytest.mark.parametrize(
    "changes",
    [
        {"device": "7"}, {"device": None}, {"device": "G" * 36}, {"label": "x" * 121}, {"label": 3}, {"sent_at": "hier"},
        {"sent_at": "0001-01-01T00:00:00+14:00"}, {"sent_at": "2026-03-12T12:00:00"}, {"sent_at": 5}, {"cursor": -1},
        {"cursor": 2**31}, {"cursor": True}, {"cursor": "0"}, {"label": "a\0b"}, {"label": "\ud800"},
    ],
    ids=str,
)  # fmt: skip
def test_an_envelope_that_cannot_be_read(phone, changes):
    is_refused(send(phone, well_made(phone, **changes)))


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "x"}, {"id": "6F1C2E4A-0B7D-4C58-9A33-2D5E8F7A1B90"}, {"sequence": 0}, {"sequence": -1}, {"sequence": 2**40}, {"base": -1},
        {"base": "1"}, {"kind": "secret"}, {"kind": None}, {"kind": ["start"]}, {"at": "9999-99-99"}, {"at": None},
        {"payload": None}, {"payload": []}, {"payload": {}}, {"payload": {"code": "H04", "reply": "conform", "note": "x" * 70_000}},
        {"payload": {"code": "H04", "reply": "conform", "note": "x" * 4001}}, {"payload": {"code": "H04", "reply": "conform", "note": 4}},
        {"payload": {"code": "'; DROP", "reply": "conform"}}, {"payload": {"code": "H04", "reply": "conform", "room": "cuisine"}},
        {"payload": {"code": "H04", "reply": "conform", "extra": "\0"}}, {"payload": {"code": "H04", "reply": "conform", "x": [[[[[[[[1]]]]]]]]}},
        {"payload": {"code": "H04", "reply": ["conform"]}}, {"kind": "measure", "payload": {"room": "6f1c2e4a-0b7d-4c58-9a33-2d5e8f7a1b90", "measure": "surface", "value": 9}},
        {"kind": "signature", "payload": {"strokes": [[[0, 2]]]}}, {"kind": "signature", "payload": {"strokes": "trait"}},
        {"kind": "signature", "payload": {"strokes": [[[0]]]}}, {"kind": "outcome", "payload": {"outcome": "done"}},
        {"kind": "finish", "payload": {"at": "demain"}}, {"kind": "people", "payload": {"consent": "oui"}},
    ],
    ids=str,
)  # fmt: skip
def test_an_entry_that_cannot_be_kept(phone, entry):
    is_refused(send(phone, well_made(phone, entry=entry)))


def test_a_body_that_is_too_long_is_not_read(phone):
    is_refused(send(phone, well_made(phone, label="x" * (payloads.MAX_BODY + 1))))
    is_refused(send(phone, b" " * 3 * 1024 * 1024))


def test_a_base_that_no_server_gave_changes_nothing(phone):
    assert phone.send(phone.answer(base=2**31 - 1)).status_code == 200
    assert Entry.objects.get().base == 0


def test_a_clock_of_another_century_is_measured_as_far_as_it_goes(phone):
    assert phone.send(phone.answer(), sent_at="2199-01-01T00:00:00Z").status_code == 200
    assert Entry.objects.get().skew_seconds == 2**31 - 1


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 30, "1.5", "٣x"])
def test_an_offset_that_is_none(phone, offset):
    entry = phone.photo(picture())
    phone.send(entry)
    url = f"/visites/{phone.visit.pk}/photos/{entry['payload']['photo']}/"
    answer = phone.client.put(url, b"x", content_type="application/octet-stream", headers={"Upload-Offset": offset})
    assert (answer.status_code, "Upload-Offset" in answer.json()["error"]) == (400, True)


def test_a_chunk_that_is_too_long(phone):
    entry = phone.photo(picture())
    phone.send(entry)
    assert phone.put(entry["payload"]["photo"], 0, b"x" * (512 * 1024 + 1)).status_code == 400


def test_addresses_that_name_nothing(phone, signed_in):
    assert signed_in.put(f"/visites/{phone.visit.pk}/photos/pas-un-uuid/").status_code == 404
    answer = signed_in.post(f"/visites/{10**30}/saisie/", "{}", content_type="application/json")
    assert (answer.status_code, "n’existe pas" in answer.json()["error"]) == (404, True)
    assert signed_in.get("/visites/telephone/journee/?device=x").status_code == 400


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(list(EntryKind)),
    st.dictionaries(
        st.sampled_from([
            "at", "room", "kind", "name", "position", "visited", "reason", "code", "reply", "note", "measure", "value", "photo",
            "sha256", "size", "taken_at", "present", "consent", "conclusion", "text", "strokes", "outcome", "severity",
        ]),
        anything,
        max_size=8,
    ),
)  # fmt: skip
def test_any_payload_is_read_or_refused(kind, payload):
    """Pure: what is read can be written to the database, what is not is `Malformed`, never another failure."""
    entry = {"id": str(uuid4()), "sequence": 1, "base": 0, "kind": kind, "at": "2026-03-12T09:00:00Z", "payload": payload}
    body = {"device": str(uuid4()), "label": "", "sent_at": "2026-03-12T09:00:00Z", "cursor": 0, "entries": [entry]}
    with suppress(Malformed):
        [read] = payloads.read(json.dumps(body).encode()).entries
        assert json.dumps(read.payload) == json.dumps(payload)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(extra=st.dictionaries(st.text(max_size=8), anything, max_size=4))
def test_whatever_is_added_is_kept_as_it_came_or_refused(phone, extra):
    entry = phone.answer(**{f"x{name}": value for name, value in extra.items()})
    answer = phone.send(entry)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert payloads.alike(Entry.objects.get(pk=entry["id"]).payload, entry["payload"])
        assert phone.send(entry).status_code == 200, "the same again"
    else:
        phone.sequence -= 1
