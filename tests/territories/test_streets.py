"""The streets of a perimeter as an administrator types them."""

import pytest

from territories import streets


@pytest.mark.parametrize(
    ("line", "street"),
    [
        ("rue de la Gare", {"name": "rue de la Gare"}),
        ("rue de la Gare, 1-57, impair", {"name": "rue de la Gare", "from": 1, "to": 57, "side": "odd"}),
        ("avenue Gambetta, 20-, pair", {"name": "avenue Gambetta", "from": 20, "side": "even"}),
        ("avenue Gambetta, -19", {"name": "avenue Gambetta", "to": 19}),
    ],
)
def test_a_line_is_a_street_and_back(line, street):
    assert streets.of_lines(line) == [street]
    assert streets.as_line(street) == line


@pytest.mark.parametrize("line", ["rue de la Gare, 57-1", ", 1-57", "rue de la Gare, tout", "rue de la Gare, -"])
def test_a_line_that_cannot_be_read_is_named(line):
    with pytest.raises(streets.UnreadableStreet, match="ne se lit pas"):
        streets.of_lines(line)


def test_empty_lines_are_nothing():
    assert streets.of_lines("\n  \n") == []
