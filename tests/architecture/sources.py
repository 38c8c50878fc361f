"""The project's own Python files."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ["config", "workflows", "inspections", "notifications", "documents", "permis", "accounts", "territories"]


def modules(*, with_tests: bool = False) -> Iterator[Path]:
    """Every module written by hand: migrations are generated."""
    for package in [*PACKAGES, *(["tests"] if with_tests else [])]:
        yield from (file for file in sorted((ROOT / package).rglob("*.py")) if "migrations" not in file.parts)


def trees() -> Iterator[tuple[str, ast.Module]]:
    for file in modules():
        yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def nodes(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Each node of a kind, and where it stands."""
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield f"{name}:{getattr(node, 'lineno', 0)}", node


def templates() -> Iterator[Path]:
    """Every template of a page."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.html"))
