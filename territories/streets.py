"""The streets of a perimeter, a line each: as an administrator types them, and as a zone keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from territories.text import one_line

_SIDES = {"impair": "odd", "pair": "even"}
_WORDS = {side: word for word, side in _SIDES.items()}
_RANGE = re.compile(r"(\d{1,4})?\s*-\s*(\d{1,4})?")


class UnreadableStreet(Exception):
    def __init__(self, line: str) -> None:
        super().__init__(f"Cette ligne ne se lit pas : « {line} ». Écrivez par exemple « rue de la Gare, 1-57, impair ».")


def of_lines(text: str) -> list[dict[str, Any]]:
    """One street a line: its name, then its numbers and its side where it is not whole. Raises UnreadableStreet."""
    return [_street(line) for line in (one_line(each) for each in text.splitlines()) if line]


def as_line(street: Mapping[str, Any]) -> str:
    """« rue de la Gare, 1-57, impair »."""
    first, last = street.get("from"), street.get("to")
    numbers = f"{first or ''}-{last or ''}" if first or last else ""
    return ", ".join(part for part in (str(street.get("name", "")), numbers, _WORDS.get(street.get("side", ""), "")) if part)


def _street(line: str) -> dict[str, Any]:
    name, *rest = [part.strip() for part in line.split(",")]
    street: dict[str, Any] = {"name": name}
    for part in rest:
        found = _RANGE.fullmatch(part)
        if part.lower() in _SIDES:
            street["side"] = _SIDES[part.lower()]
        elif found and (found[1] or found[2]):
            street |= {key: int(number) for key, number in (("from", found[1]), ("to", found[2])) if number}
        else:
            raise UnreadableStreet(line)
    if not name or street.get("from", 0) > street.get("to", 9999):
        raise UnreadableStreet(line)
    return street
