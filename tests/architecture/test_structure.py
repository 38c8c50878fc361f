"""What the architecture promises and no linter knows."""

import ast
import os
import re
import subprocess
import sys
from collections import Counter

from tests.architecture.sources import ROOT, modules, nodes, templates

LONGEST_MODULE = 400


def test_import_contracts_hold():
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_are_short():
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in modules(with_tests=True)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_query_writes_a_state_around_the_transitions():
    """`update()` and `bulk_update()` go around guards, permissions and the lock of the state machine."""
    found = [
        where
        for where, call in nodes(ast.Call)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"update", "update_or_create"}
        and any(keyword.arg == "state" for keyword in call.keywords)
    ]

    assert found == []


def test_no_model_orders_itself():
    """An order in `Meta` sorts every query, also those that only count; the query that needs an order says it."""
    found = [
        where
        for where, meta in nodes(ast.ClassDef)
        if meta.name == "Meta"
        and any(isinstance(line, ast.Assign) and getattr(line.targets[0], "id", "") == "ordering" for line in meta.body)
    ]

    assert found == []


def test_no_signal_moves_anything():
    signals = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django_fsm.signals")
    found = [where for where, line in nodes(ast.ImportFrom) if line.module is not None and line.module.startswith(signals)]

    assert found == []


def test_no_generic_relation():
    found = [where for where, line in nodes(ast.ImportFrom) if line.module == "django.contrib.contenttypes.fields"]

    assert found == []


def test_only_the_settings_read_the_environment():
    """The set-up before the settings exist, and what is handed to child processes, are the exceptions."""
    allowed = (
        "config/settings.py",
        "config/bootstrap.py",
        "config/cluster.py",
        "config/wsgi.py",
        "config/management/",
        "config/demo/",
    )
    found = [
        where for where, node in nodes(ast.Attribute) if node.attr in {"environ", "getenv"} and not where.startswith(allowed)
    ]

    assert found == []


def test_the_law_has_no_clock():
    """`permis` is told the day; only the journal asks for the instant at which it writes."""
    found = [
        where
        for where, node in nodes(ast.Attribute)
        if where.startswith("permis/")
        and not where.startswith("permis/journal.py")
        and node.attr in {"now", "today", "localdate", "localtime"}
        and "commands" not in where
    ]

    assert found == []


def test_no_generic_drawers():
    drawers = {"core", "common", "utils", "helpers", "services", "managers", "signals"}

    assert [str(file) for file in modules() if drawers & {file.stem, *file.relative_to(ROOT).parts}] == []


def test_every_fragment_that_two_screens_share_is_in_the_gallery():
    """`/composants/` shows each of them, alone or within another, so that nobody draws one a second time."""
    include = re.compile(r'include "(\w+/_\w+\.html)"')
    gallery = ROOT / "config" / "templates" / "demo" / "components.html"
    within = {file: include.findall(file.read_text()) for file in templates()}
    used = Counter(name for file, names in within.items() if file != gallery for name in names)
    shown, waiting = set(), list(within[gallery])
    while waiting:
        name = waiting.pop()
        shown.add(name)
        waiting += [
            each for file, names in within.items() if file.match(f"templates/{name}") for each in names if each not in shown
        ]
    assert {name for name, times in used.items() if times > 1} - shown == set()


def test_every_fragment_says_what_it_expects():
    fragments = [file for file in templates() if file.name.startswith("_") and file.suffix == ".html"]
    assert [file.name for file in fragments if not file.read_text().startswith("{# expects: ")] == []
