"""What every measure shares: times, the machine they were taken on, and the section of `docs/performance.md` that holds them."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "performance.md"
SPACE = "\N{NO-BREAK SPACE}"
HEAD = """# Performances

Chaque section est réécrite par la mesure dont elle porte la commande ; rien n’y est arrondi en notre faveur. Une page mesurée est celle
que reçoit une personne : mêmes droits, même habillage. Les données viennent de `manage.py load_bench`, tirées d’une graine.
Les comparaisons sont faites sur la même machine, chaque concurrent dans sa base, par tours alternés, et l’on garde les médianes.
"""


@dataclass(frozen=True)
class Line:
    """One figure, and what was wanted of it: ``holds`` is None where nothing was."""

    what: str
    value: str
    goal: str = ""
    holds: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.holds is None else "tenu" if self.holds else "**non tenu**"


def at_most(what: str, value: float, limit: float, unit: str, *, digits: int = 1) -> Line:
    return Line(what, number(value, unit, digits), f"≤ {number(limit, unit, 1 if limit % 1 else 0)}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str = "", *, digits: int = 1) -> Line:
    return Line(what, number(value, unit, digits), f"≥ {number(limit, unit, 1 if limit % 1 else 0)}", value >= limit)


def number(value: float, unit: str = "", digits: int = 1) -> str:
    """« 1 234,5 ms »."""
    written = f"{value:,.{digits}f}".replace(",", SPACE).replace(".", ",")
    return f"{written}{SPACE}{unit}" if unit else written


def quantile(values: Sequence[float], share: float) -> float:
    """The value under which that share of them lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def middle(values: Sequence[float]) -> float:
    return median(values)


def machine() -> str:
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) // 2**20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    cores = os.cpu_count() or 1
    return f"{cores} cœurs{f' ({model})' if model else ''}, {memory} Go, Python {platform.python_version()}, PostgreSQL 18"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def publish(title: str, name: str, lines: Sequence[Line], *, after: str = "", day: date | None = None) -> None:
    """Print the table, and write it in its section of the document, in the place of the one that was there."""
    rows = [("mesure", "valeur", "objectif", "verdict"), *((each.what, each.value, each.goal, each.verdict) for each in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ("---",) * 4, *rows[1:]])
    command = f"manage.py bench {name} {' '.join(_told(sys.argv[1:]))}".strip()
    load = f"charge au départ {os.getloadavg()[0]:.1f}".replace(".", ",")
    made = f"Le {(day or date.today()):%d/%m/%Y}, par `{command}`, sur {machine()}, {load}."  # noqa: DTZ011
    print(f"\n{title}\n{made}\n")
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if after:
        print(f"\n{after}")
    body = f"## {title}\n\n{made}\n\n{table}\n" + (f"\n{after}\n" if after else "")
    document = DOCUMENT.read_text() if DOCUMENT.exists() else HEAD
    DOCUMENT.write_text(_replaced(document, title, body))


def _told(words: Sequence[str]) -> list[str]:
    """The options of the measure, but for the folders of this machine."""
    return [
        word
        for place, word in enumerate(words)
        if not any(each.endswith("-dir") for each in (word, *words[max(place - 1, 0) : place]))
    ]


def _replaced(document: str, title: str, body: str) -> str:
    section = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if section.search(document):
        return section.sub(lambda _: f"{body}\n", document).rstrip() + "\n"
    return f"{document.rstrip()}\n\n{body}"
