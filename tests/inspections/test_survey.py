"""What a visit holds, read from its entries: the same on the server and on the phone."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections import survey
from inspections.enums import EntryKind
from tests.inspections import phone

CASES = json.loads(Path(__file__).with_name("survey_cases.json").read_text())
ROOMS, CODES, PHOTOS = st.sampled_from(["r1", "r2", "r3"]), st.sampled_from(["A02", "C05", "D06"]), st.sampled_from(["p1", "p2"])
PLACES = st.none() | ROOMS
PAYLOADS = {
    EntryKind.START: st.fixed_dictionaries({"at": st.text(max_size=5)}),
    EntryKind.ROOM: st.fixed_dictionaries({"room": ROOMS, "name": st.text(max_size=5)}, optional={"position": st.integers(-3, 9)}),
    EntryKind.ANSWER: st.fixed_dictionaries({"code": CODES, "reply": st.sampled_from(["conform", "non_conform"])}, optional={"room": PLACES}),
    EntryKind.MEASURE: st.fixed_dictionaries({"room": ROOMS, "measure": st.sampled_from(["surface", "height"]), "value": st.just("9.00")}),
    EntryKind.PHOTO: st.fixed_dictionaries({"photo": PHOTOS, "code": CODES}, optional={"room": PLACES}),
    EntryKind.PHOTO_REMOVED: st.fixed_dictionaries({"photo": PHOTOS}),
    EntryKind.CONCLUSION: st.fixed_dictionaries({"text": st.text(max_size=5)}),
}  # fmt: skip


@st.composite
def sequences(draw):
    """Entries as a server numbers them, shuffled: a conflict names an earlier entry of its key."""
    written, by_key = [], {}
    for number in range(1, draw(st.integers(0, 20)) + 1):
        kind = draw(st.sampled_from(sorted(PAYLOADS)))
        payload = draw(PAYLOADS[kind])
        key = survey.key_of(kind, payload)
        conflict = draw(st.none() | st.sampled_from(by_key[key])) if key in by_key else None
        by_key.setdefault(key, []).append(f"e{number}")
        written.append({"id": f"e{number}", "number": number, "kind": kind, "payload": payload, "conflict": conflict})
    return draw(st.permutations(written))


def told(entries):
    """The survey in the words of `phone_modules.mjs`."""
    found = phone.read(entries)
    return {
        "values": [list(each) for each in found.values.items()],
        "kinds": [list(each) for each in found.kinds.items()],
        "conflicts": [{"key": each.key, "standing": each.standing, "other": each.other} for each in found.conflicts],
        "rooms": found.rooms,
        "defects": found.defects,
        "photos_of": [list(found.photos_of(answer)) for answer in found.answers],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_case_reads_as_it_must(case):
    found = told(case["entries"])
    assert {name: found[name] for name in ("values", "conflicts", "rooms")} == {
        name: case[name] for name in ("values", "conflicts", "rooms")
    }


@pytest.mark.node
def test_the_phone_reads_each_case_the_same():
    found = phone.under_node("survey", [{"entries": case["entries"]} for case in CASES])
    assert found == [told(case["entries"]) for case in CASES]


@pytest.mark.node
def test_the_phone_reads_whatever_was_entered_as_the_server_does():
    drawn = []

    @settings(max_examples=300, database=None, deadline=None)
    @given(sequences())
    def draw(entries):
        drawn.append(entries)

    draw()
    found = phone.under_node("survey", [{"entries": entries} for entries in drawn])
    for entries, answer in zip(drawn, found, strict=True):
        assert answer == told(entries)


@given(sequences())
def test_the_order_of_arrival_changes_nothing(entries):
    assert told(entries) == told(sorted(entries, key=lambda each: each["number"]))


@pytest.mark.node
def test_what_is_not_numbered_yet_comes_last_in_the_order_it_was_written():
    entries = [
        {"id": "b", "sequence": 8, "kind": "conclusion", "payload": {"text": "après"}},
        {"id": "a", "sequence": 7, "kind": "conclusion", "payload": {"text": "avant"}},
        {"id": "s", "sequence": 1, "number": 3, "kind": "conclusion", "payload": {"text": "serveur"}, "conflict": None},
    ]
    [found] = phone.under_node("survey", [{"entries": entries}])
    assert found["values"] == [["conclusion", {"text": "après"}]]


@pytest.mark.parametrize(
    ("kind", "payload"), [("room", {}), ("answer", {"room": "r1"}), ("photo_removed", {}), ("measure", {"room": "r1"})]
)
def test_an_entry_that_does_not_say_of_what_it_speaks_has_no_key(kind, payload):
    with pytest.raises(KeyError):
        survey.key_of(kind, payload)
