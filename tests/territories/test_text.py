"""Text as people and addresses give it."""

import pytest

from territories.text import row_key, row_keys


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", " 4", "²", "1" * 10, "9" * 5000])
def test_no_other_text_names_a_row(text):
    assert row_key(text) is None


def test_the_keys_of_rows_come_in_their_order():
    assert row_keys(["12", "x", "3", "9" * 5000, "12"]) == [12, 3, 12]
