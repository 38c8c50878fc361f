"""How much of the law the tests that need no database would miss: each line of it is changed a little, and they are run.

    .venv/bin/python -m bench.mutants                 # the five files below, a few minutes
    .venv/bin/python -m bench.mutants permis.guards   # one of them

A change that no test notices survives, and is printed with its line. Changes: comparisons turned, constants one more or less,
conditions denied, `and` for `or`, what is raised or returned dropped. The tests are collected once, and run once to learn which
function each of them calls; then each change runs those that call its function, the quickest first, in a process of its own, until
one fails. Functions keep their identity, so that the transitions which hold them run the changed code.
"""

from __future__ import annotations

import ast
import copy
import importlib
import os
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import django
import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parent.parent
MODULES = ["permis.deadlines", "permis.permissions", "permis.numbering", "permis.enums", "permis.guards"]
TESTS = "tests/permis"
TOO_LONG = 120
SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    module: str
    line: int
    what: str
    tree: ast.Module
    # The first line of the function that holds it; None for what the module itself says.
    function: int | None


def mutants(name: str) -> Iterator[Mutant]:
    """Every small change of a module, one at a time."""
    source = Path(importlib.import_module(name).__file__ or "").read_text()
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for index, node in enumerate(ast.walk(tree)):
        line = getattr(node, "lineno", 0)
        held = next((each for each in functions if each.lineno <= line <= (each.end_lineno or 0)), None)
        first = min([held.lineno, *(each.lineno for each in held.decorator_list)]) if held else None
        for what, change in changes(node):
            mutated = copy.deepcopy(tree)
            change(list(ast.walk(mutated))[index])
            yield Mutant(name, line, what, ast.fix_missing_locations(mutated), first)


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """What may be changed in one node, in words and in deed."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            if type(operator) in SWAPS:
                swapped = SWAPS[type(operator)]
                yield f"{type(operator).__name__} → {swapped.__name__}", lambda it, p=place, s=swapped: it.ops.__setitem__(p, s())
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for step in (1, -1):
            yield f"{node.value} → {node.value + step}", lambda it, s=step: setattr(it, "value", it.value + s)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield f"{node.value} → {not node.value}", lambda it: setattr(it, "value", not it.value)
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} → {other.__name__}", lambda it, o=other: setattr(it, "op", o())
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not _is_for_types(node.test):
        yield "condition denied", lambda it: setattr(it, "test", ast.UnaryOp(ast.Not(), it.test))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda it: setattr(it, "op", ast.Not()) or setattr(it, "operand", ast.UnaryOp(ast.Not(), it.operand))
    for body in ("body", "orelse"):
        for place, child in enumerate(getattr(node, body, None) or [] if not isinstance(node, ast.IfExp | ast.Lambda) else []):
            if isinstance(child, ast.Raise | ast.Return):
                kind = "raise" if isinstance(child, ast.Raise) else "return"
                yield (
                    f"{kind} dropped, line {child.lineno}",
                    lambda it, b=body, p=place: getattr(it, b).__setitem__(p, ast.Pass()),
                )


def _is_for_types(test: ast.expr) -> bool:
    """`if TYPE_CHECKING:`, which never runs."""
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def put(module: types.ModuleType, tree: ast.Module) -> None:
    """Run the changed source as this module: new constants, and the old functions with the new code."""
    fresh = types.ModuleType(module.__name__)
    fresh.__file__ = module.__file__
    exec(compile(tree, module.__file__ or "", "exec"), fresh.__dict__)  # noqa: S102 (our own source)
    _pour(module, vars(module), vars(fresh), module.__name__)


def _pour(owner: Any, old: Any, new: Any, home: str) -> None:
    for name, value in list(new.items()):
        before = old.get(name)
        function, changed = _function(before), _function(value)
        if function and changed and changed.__module__ == home:
            function.__code__, function.__defaults__, function.__kwdefaults__ = (
                changed.__code__,
                changed.__defaults__,
                changed.__kwdefaults__,
            )
        elif isinstance(value, type) and isinstance(before, type) and value.__module__ == home:
            _pour(before, vars(before), vars(value), home)
        elif (
            isinstance(owner, types.ModuleType)
            and not name.startswith("__")
            and type(value) in (int, tuple, bool, frozenset, date)
        ):
            setattr(owner, name, value)


def _function(value: Any) -> types.FunctionType | None:
    value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
    return value if isinstance(value, types.FunctionType) else None


class Runner:
    """A plugin of pytest that, once the tests are collected, runs them on each mutant."""

    def __init__(self, names: list[str]) -> None:
        self.names, self.is_sound = names, True
        self.files = {str(Path(importlib.import_module(name).__file__ or "")): name for name in names}
        self.callers: dict[tuple[str, int], list[pytest.Item]] = {}
        self.lasted: dict[str, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if not item.get_closest_marker("django_db")]
        for item in items:
            self.learn(item)
        for called in self.callers.values():
            called.sort(key=lambda item: self.lasted[item.nodeid])
        if not self.is_sound:
            print("Les tests échouent sur le code tel qu’il est : corrigez-les d’abord.")
            return True
        alive, total, started = 0, 0, time.monotonic()
        for name in self.names:
            found = list(mutants(name))
            left = [mutant for mutant in found if self.survives(mutant, items)]
            alive, total = alive + len(left), total + len(found)
            print(f"\n{name}: {len(found) - len(left)} killed of {len(found)}", flush=True)
            for mutant in left:
                print(f"    {name}:{mutant.line}  {mutant.what}", flush=True)
        share = 100 * (total - alive) / max(total, 1)
        print(f"\n{total - alive} killed of {total}, {share:.1f} %, in {time.monotonic() - started:.0f} s")
        return True

    def learn(self, item: pytest.Item) -> None:
        """Run a test once, and keep which functions of the law it calls."""
        called: set[tuple[str, int]] = set()

        def trace(frame: types.FrameType, _event: str, _argument: object) -> None:
            if frame.f_code.co_filename in self.files:
                called.add((self.files[frame.f_code.co_filename], frame.f_code.co_firstlineno))

        started = time.monotonic()
        sys.settrace(trace)
        try:
            self.is_sound = passes(item) and self.is_sound
        finally:
            sys.settrace(None)
        self.lasted[item.nodeid] = time.monotonic() - started
        for function in called:
            self.callers.setdefault(function, []).append(item)

    def survives(self, mutant: Mutant, items: list[pytest.Item]) -> bool:
        """Whether every test that calls its function passes, in a process of its own."""
        chosen = items if mutant.function is None else self.callers.get((mutant.module, mutant.function), [])
        child = os.fork()
        if child == 0:
            code = 1
            signal.alarm(TOO_LONG)
            try:
                put(importlib.import_module(mutant.module), mutant.tree)
                code = 0 if all(passes(item) for item in chosen) else 1
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def passes(item: pytest.Item) -> bool:
    return all(report.passed for report in runtestprotocol(item, log=False, nextitem=None))


def main(names: list[str]) -> int:
    os.chdir(ROOT)
    os.environ.setdefault("PERMIS_TEST", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    runner = Runner(names)
    pytest.main(["-q", "-s", "-p", "no:cacheprovider", "-p", "no:randomly", TESTS], plugins=[runner])
    return 0 if runner.is_sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or MODULES))
