"""What measures say of the items they answer: exact at the borders, and the same on the phone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.french import typeset
from inspections import grid, measuring
from inspections.enums import Reply, RoomKind
from inspections.grid import Grid, Item
from inspections.measuring import Declared
from permis.enums import LeaseKind
from permis.models import Application, Dwelling
from tests.inspections import phone

GRID = grid.national()
CONFORM, NON_CONFORM, NOT_APPLICABLE = Reply.CONFORM, Reply.NON_CONFORM, Reply.NOT_APPLICABLE
NOTHING_DECLARED = Declared()


def room(name, kind="living", surface=None, height=None, volume=None):
    """The entries of one room and of its measures."""
    said = [("room", {"room": name, "name": name, "kind": kind})]
    found = {"surface": surface, "height": height, "volume": volume}
    return said + [("measure", {"room": name, "measure": measure, "value": value}) for measure, value in found.items() if value]


def verdicts(*rooms, declared=NOTHING_DECLARED, of=GRID):
    return measuring.verdicts(phone.read(phone.written(*(each for found in rooms for each in found))), of, declared)


def told(check, *rooms, **said):
    """The verdicts of the items that name a check: (room, reply, sentence)."""
    codes = {item.code for section in GRID.sections for item in section.items if item.measured == check}
    return [(each.room, each.reply, each.sentence) for each in verdicts(*rooms, **said) if each.code in codes]


def reply(check, *rooms, **said):
    [(_, found, _)] = told(check, *rooms, **said)
    return found


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ({"surface": "9.00", "height": "2.20"}, CONFORM),
        ({"surface": "8.99", "height": "2.20"}, NON_CONFORM),
        ({"surface": "9", "height": "2.19"}, NON_CONFORM),
        ({"surface": "8", "height": "2.5"}, CONFORM),
        ({"surface": "7.99999", "height": "2.5"}, NON_CONFORM),
        ({"surface": "8.00", "height": "2.50", "volume": "19.99"}, NON_CONFORM),
        ({"volume": "20.00"}, CONFORM),
        ({"volume": "19.999999"}, None),
        ({"volume": "19.99", "surface": "8.99"}, NON_CONFORM),
        ({"volume": "19.99", "height": "2.19"}, NON_CONFORM),
        ({"volume": "19.99", "surface": "12"}, None),
        ({"surface": "30"}, None),
        ({"surface": "5"}, None),
        ({"height": "1.90"}, None),
        ({"surface": "9,00", "height": "2,20"}, None),
        ({"surface": "0", "height": "0.00"}, None),
        ({"surface": "-9", "height": "NaN"}, None),
        ({}, None),
    ],
)
def test_a_main_room_is_nine_square_metres_and_high_enough_or_twenty_cubic_metres(measures, expected):
    assert reply("main_room", room("Séjour", **measures)) == expected


def test_one_main_room_is_enough_whichever_it_is_and_a_kitchen_is_none():
    small, large = room("Séjour", surface="6", height="2.4"), room("Chambre", "bedroom", surface="10", height="2.4")
    assert reply("main_room", small, large, declared=Declared(rooms=5)) == CONFORM
    assert reply("main_room", small, room("Cuisine", "kitchen", surface="20", height="2.6")) == NON_CONFORM
    assert reply("main_room", room("Cuisine", "kitchen", surface="20", height="2.6")) is None


def test_nothing_is_said_of_all_rooms_before_all_are_entered():
    [(_, found, sentence)] = told("main_room", room("Séjour", surface="6", height="2.4"), declared=Declared(rooms=2))
    assert found is None
    assert "1 sur 2 déclarées" in sentence


@pytest.mark.parametrize(
    ("rooms", "expected"),
    [
        ([("12", "2.5"), ("7.00", "2.5")], [CONFORM, CONFORM]),
        ([("12", "2.5"), ("6.99", "2.5")], [CONFORM, NON_CONFORM]),
        ([("6", "2.5")], [NOT_APPLICABLE]),
        ([("6.5", "3.1"), ("6.9", "2.3")], [NOT_APPLICABLE, NON_CONFORM]),
        ([("6", "2.3"), ("6", "2.3")], [NOT_APPLICABLE, NON_CONFORM]),
        ([("6", "2.5"), (None, None)], [None, None]),
    ],
)
def test_other_main_rooms_are_of_seven_square_metres(rooms, expected):
    entered = [room(f"Pièce {place}", surface=surface, height=height) for place, (surface, height) in enumerate(rooms)]
    assert [found for _, found, _ in told("other_room", *entered)] == expected


@pytest.mark.parametrize(("height", "expected"), [("2.20", CONFORM), ("2.2", CONFORM), ("2.199999", NON_CONFORM), (None, None)])
def test_a_ceiling_is_judged_in_each_room_where_the_grid_looks_at_it(height, expected):
    entered = [room(kind, kind, height=height) for kind in RoomKind.values]
    looked_at = next(item for section in GRID.sections for item in section.items if item.measured == "ceiling").rooms
    assert [(name, found) for name, found, _ in told("ceiling", *entered)] == [
        (kind, expected) for kind in RoomKind.values if kind in looked_at
    ]


@pytest.mark.parametrize(
    ("declared", "measured", "expected"),
    [
        ("50", "47.50", CONFORM), ("50", "47.499999", NON_CONFORM), ("50", "52.50", CONFORM), ("50", "52.500001", NON_CONFORM),
        ("33.33", "31.6635", CONFORM), ("33.33", "31.663499", NON_CONFORM), ("33.33", "34.9965", CONFORM),
    ],
)  # fmt: skip
def test_the_declared_surface_is_the_measured_one_within_a_twentieth(declared, measured, expected):
    said = Declared(surface=Decimal(declared), rooms=1)
    assert reply("declared_surface", room("Séjour", surface=measured), declared=said) == expected
    assert reply("declared_surface", room("Tout", "dwelling", surface=measured), room("Séjour"), declared=said) == expected


def test_the_measured_surface_is_of_all_rooms_but_the_common_parts():
    said = Declared(surface=Decimal(40), rooms=1)
    rooms = [room("Séjour", surface="25"), room("Cuisine", "kitchen", surface="10"), room("Eau", "bathroom", surface="5")]
    assert reply("declared_surface", *rooms, room("Palier", "building", surface="30"), declared=said) == CONFORM
    assert reply("declared_surface", *rooms, room("WC", "toilet"), declared=said) is None
    assert reply("declared_surface", *rooms, declared=replace(said, rooms=2)) is None
    assert reply("declared_surface", *rooms) is None, "nothing was declared"


def test_in_a_shared_dwelling_each_bedroom_is_large_enough():
    good, small = room("Chambre 1", "bedroom", "9", "2.2"), room("Chambre 2", "bedroom", "8.9", "2.2")
    shared = Declared(shared=True)
    assert reply("shared_rooms", good, small) == NOT_APPLICABLE
    assert reply("shared_rooms", good, declared=shared) == CONFORM
    assert reply("shared_rooms", good, room("Chambre 3", "bedroom"), declared=shared) is None
    [(_, found, sentence)] = told("shared_rooms", good, small, room("Chambre 3", "bedroom"), declared=shared)
    assert (found, "Chambre 2" in sentence, "Chambre 1" in sentence) == (NON_CONFORM, True, False)
    assert reply("shared_rooms", room("Séjour", surface="30", height="3"), declared=shared) is None


def test_a_sentence_gives_the_figures_and_the_rule():
    [(_, _, sentence)] = told("main_room", room("Séjour", surface="8.99", height="2.2"))
    assert sentence == (
        "Aucune pièce n’y répond\u00a0: Séjour, 8,99\u00a0m², 2,20\u00a0m de haut, 19,778\u00a0m³. Règle\u00a0: 9\u00a0m² et 2,20\u00a0m de haut, "
        f"ou 20\u00a0m³, dans une pièce principale au moins ({typeset('décret 2002-120, art. 4')})."
    )


@pytest.mark.parametrize(
    ("value", "text"), [("9.00", "9"), ("2.2", "2,20"), ("19.6881", "19,6881"), ("100", "100"), ("0.05", "0,05")]
)
def test_figures_are_written_in_full_and_in_french(value, text):
    assert measuring.french(Decimal(value)) == text


def test_what_the_application_declares():
    application = Application(lease_kind=LeaseKind.UNFURNISHED)
    application.dwelling = Dwelling(surface=Decimal("52.40"), rooms=3)
    assert Declared.of(application).as_data() == {"surface": "52.40", "rooms": 3, "shared": False}
    application.separate_leases = 2
    assert Declared.of(application).shared
    application.separate_leases, application.lease_kind = 1, LeaseKind.COLOCATION
    assert Declared.of(application).shared


NUMBERS = st.decimals("0.01", "99", places=2).map(str) | st.sampled_from(
    ["9", "9.00", "2.20", "2.2", "20.00", "7", "8.99", "2.19", "1e3", ""]
)
LARGER = st.decimals("0", "50", places=3)


@st.composite
def visits(draw):
    found = []
    for place in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(RoomKind.values))
        found += room(f"Pièce {place}", kind, *(draw(st.none() | NUMBERS) for _ in range(3)))
    surface = draw(st.none() | st.decimals("1", "200", places=2))
    return phone.written(*found), Declared(surface, draw(st.none() | st.integers(1, 4)), draw(st.booleans()))


@pytest.mark.node
def test_the_phone_judges_all_measures_as_the_server_does():
    drawn = []

    @settings(max_examples=400, database=None, deadline=None)
    @given(visits())
    def draw(visit):
        drawn.append(visit)

    draw()
    cases = [{"entries": entries, "dwelling": declared.as_data()} for entries, declared in drawn]
    for (entries, declared), answer in zip(drawn, phone.under_node("verdicts", cases, grid=GRID.as_data()), strict=True):
        expected = measuring.verdicts(phone.read(entries), GRID, declared)
        assert answer == [
            {"code": each.code, "room": each.room, "reply": each.reply, "sentence": each.sentence} for each in expected
        ]


@given(visits(), LARGER)
def test_one_large_room_is_enough_whatever_the_others_are(visit, more):
    entries, declared = visit
    said = [(each["kind"], each["payload"]) for each in entries]
    grown = phone.written(*said, *room("Grande", surface=str(9 + more), height="2.20"))
    codes = {item.code for section in GRID.sections for item in section.items if item.measured == "main_room"}
    [found] = [each.reply for each in measuring.verdicts(phone.read(grown), GRID, declared) if each.code in codes]
    assert found == CONFORM


@given(st.decimals("1", "300", places=2), st.decimals("1", "300", places=2))
def test_the_border_of_a_twentieth_is_exact(declared, measured):
    found = reply("declared_surface", room("Séjour", surface=f"{measured:f}"), declared=Declared(declared, 1))
    assert (found == CONFORM) == (abs(measured - declared) * 20 <= declared)


def test_an_item_is_judged_by_what_it_measures_whatever_its_code():
    item = Item("X01", "Chambre", "Mesurée", grid.Severity.RESERVE, "", "Limiter", (RoomKind.BEDROOM,), measured="ceiling")
    own = Grid("1", (grid.Section("B", "Pièces", (item,)),))
    [found] = verdicts(room("Chambre", "bedroom", height="2.10"), of=own)
    assert (found.code, found.room, found.reply) == ("X01", "Chambre", NON_CONFORM)
    assert found.sentence == "Chambre, 2,10\u00a0m de haut. Règle\u00a0: 2,20\u00a0m de haut."
