"""Every line of the open decisions has four twins, whatever was decided; and as much is said as that leaves."""

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.exports.anonymity import FEWEST, Taken, publish, quarter_of

DAY = date(2026, 3, 12)
DAYS = [date(2026, month, day) for month in (1, 2, 3) for day in (1, 2)]
KINDS = [
    Taken(insee=insee, zone=zone, day=day, outcome=outcome, housing=housing, energy=energy)
    for insee in ("33001", "33002", "33003")
    for zone in ("", "a", "b")
    for day in DAYS
    for outcome in ("autorisation", "refus")
    for housing in ("", "maison", "immeuble")
    for energy in ("", "D", "G")
]
# A few kinds, each some times: lists of hundreds are slow to draw.
decided = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 7)), max_size=25).map(
    lambda drawn: [each for each, times in drawn for _ in range(times)]
)


def some(count, **facts):
    return [Taken(**{"insee": "33001", "zone": "a", "day": DAY, "outcome": "refus"} | facts) for _ in range(count)]


@settings(deadline=None)
@given(decided)
def test_nobody_is_alone(decisions):
    lines = publish(decisions)

    classes = Counter((line.insee, line.zone, line.moment, line.housing, line.energy) for line in lines)
    assert all(size >= FEWEST for size in classes.values())
    assert len(decisions) - len(lines) < FEWEST


@settings(deadline=None)
@given(decided)
def test_the_order_tells_nothing(decisions):
    assert publish(decisions) == publish(decisions[::-1]) == sorted(publish(decisions))


@settings(deadline=None)
@given(decided)
def test_what_is_said_is_true(decisions):
    known = Counter((each.outcome, each.grounds) for each in decisions)
    told = Counter((line.outcome, line.grounds) for line in publish(decisions))
    assert all(told[key] <= known[key] for key in told)


def test_as_much_as_five_share():
    lines = publish(
        some(5)  # one day
        + some(3, zone="b") + some(2, zone="b", day=date(2026, 3, 20))  # one month
        + some(3, zone="c") + some(2, zone="c", day=date(2026, 1, 20))  # one quarter
        + some(3, zone="d") + some(2, zone="e")  # one commune
        + some(3, insee="33002") + some(2, insee="33003")  # the authority
    )  # fmt: skip

    told = Counter((line.insee, line.zone, line.moment, line.precision) for line in lines)
    assert told == {
        ("33001", "a", "2026-03-12", "jour"): 5,
        ("33001", "b", "2026-03", "mois"): 5,
        ("33001", "c", "2026-T1", "trimestre"): 5,
        ("33001", "", "2026-T1", "trimestre"): 5,
        ("", "", "2026-T1", "trimestre"): 5,
    }


def test_fewer_than_five_in_all_are_not_published():
    assert publish(some(4)) == []


def test_a_type_that_one_dwelling_alone_has_hides_all_of_them():
    """Were it left to the others, the one without a type would be told by that."""
    assert {line.housing for line in publish(some(9, housing="immeuble") + some(1, housing="maison"))} == {""}
    assert {line.housing for line in publish(some(5, housing="immeuble") + some(5, housing="maison"))} == {"immeuble", "maison"}
    lines = publish(some(6, housing="immeuble", energy="D") + some(4, housing="immeuble", energy="G"))
    assert {(line.housing, line.energy) for line in lines} == {("immeuble", "")}


def test_quarters():
    assert [quarter_of(date(2026, month, 1)) for month in (1, 3, 4, 12)] == ["2026-T1", "2026-T1", "2026-T2", "2026-T4"]
