"""What the actions give to the outbox is what its texts use."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from notifications.enums import Kind


def calls() -> list[tuple[Path, ast.Call]]:
    """Every `outbox.enqueue(Kind.…)` of the actions."""
    found = []
    for path in (settings.BASE_DIR / "workflows" / "actions").glob("*.py"):
        nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        found += [(path, node) for node in nodes if ast.unparse(node.func) == "outbox.enqueue"]
    return found


CALLS = [
    pytest.param(Kind[node.args[0].attr], node, id=f"{path.stem}-{node.args[0].attr.lower()}")
    for path, node in calls()
    if isinstance(node.args[0], ast.Attribute)
]


@pytest.mark.parametrize(("kind", "call"), CALLS)
def test_an_action_gives_what_the_message_needs_and_nothing_else(kind, call):
    given = {keyword.arg for keyword in call.keywords}

    assert given - {"application", "on", "acts", "once", "to", "url"} == kind.needs
