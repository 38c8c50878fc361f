"""Words that nobody who uses the software is to read."""

import ast

from tests.architecture.sources import ROOT, modules

SHOWN = {".html", ".js", ".txt", ".typ"}
# What operators and administrators read.
FOR_OPERATORS = {
    "config/settings.py", "documents/health.py", "documents/scanning.py", "workflows/templates/workflows/settings_files.html"
}  # fmt: skip
# A landlord reads « vérification en cours »: the other word makes people afraid for their computer.
UNSPOKEN = ("antivirus", "anti-virus", "virus", "clamav", "clamd")


def sentences(tree: ast.Module) -> list[str]:
    """Every string of a module but its docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in strings if id(node) not in docstrings]


def test_a_landlord_never_reads_of_a_virus():
    """In templates, scripts, labels and messages; operators read of it in the settings and the logs."""
    pages = [
        path
        for path in ROOT.rglob("*")
        if path.suffix in SHOWN and not {"node_modules", ".venv", "staticfiles"} & set(path.parts)
    ]
    told = {str(path.relative_to(ROOT)): [path.read_text(encoding="utf-8")] for path in pages}
    for path in modules():
        told[str(path.relative_to(ROOT))] = sentences(ast.parse(path.read_text(encoding="utf-8")))
    told["docs/guides/bailleur.md"] = [(ROOT / "docs" / "guides" / "bailleur.md").read_text(encoding="utf-8")]

    assert len(told) > 150
    assert [
        (where, word)
        for where, said in told.items()
        if where not in FOR_OPERATORS
        for word in UNSPOKEN
        if any(word in each.lower() for each in said)
    ] == []
