"""The phone's modules under Node, beside their twins in Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspections import survey
from inspections.survey import Survey
from tests import node

DRIVER = Path(__file__).with_name("phone_modules.mjs")
USED = ("survey.js", "measuring.js", "suggestion.js")


@dataclass
class Written:
    """An entry as the survey reads it, without a database."""

    id: str
    number: int
    kind: str
    key: str
    payload: dict[str, Any]
    conflicts_with_id: str | None


def read(entries: Sequence[dict[str, Any]]) -> Survey:
    """The survey of entries in the form that a phone knows."""
    return survey.of(
        Written(
            each["id"],
            each["number"],
            each["kind"],
            survey.key_of(each["kind"], each["payload"]),
            each["payload"],
            each.get("conflict"),
        )
        for each in entries
    )


def written(*said: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of one device, in order."""
    return [
        {"id": f"e{place}", "number": place, "kind": kind, "payload": payload} for place, (kind, payload) in enumerate(said, 1)
    ]


def under_node(asked: str, cases: Sequence[dict[str, Any]], **shared: Any) -> list[Any]:
    """What the phone's modules answer to each case, in one process."""
    question = json.dumps({"asked": asked, "shared": shared, "cases": list(cases)})
    with tempfile.TemporaryDirectory() as folder:
        modules = node.lay_out(Path(folder), *USED)
        shutil.copy(DRIVER, modules)
        command = [str(node.find()), DRIVER.name]
        done = subprocess.run(command, cwd=modules, input=question, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers: list[Any] = json.loads(done.stdout)
    return answers
