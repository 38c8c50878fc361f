"""Acts as PDF/A-3a and PDF/UA-1 by typst: the same content gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import typst

from documents.content import Content
from documents.enums import ActKind

TEMPLATE = Path(__file__).parent / "typst" / "act.typ"
STANDARDS = ["a-3a", "ua-1"]
_MISSING_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


class RenderingFailed(Exception):
    """The act could not be made; nothing was issued."""


def render(content: dict[str, Any], *, draft: bool = False) -> bytes:
    """The PDF of an act. Texts typed by people reach typst as data, never as source."""
    text = json.dumps(_printable(content), ensure_ascii=False)
    while True:
        inputs = {"content": text, "draft": "yes" if draft else "no"}
        try:
            return bytes(typst.compile(TEMPLATE, sys_inputs=inputs, pdf_standards=STANDARDS, ignore_system_fonts=True))
        except typst.TypstError as error:
            text = _without_missing_glyphs(text, str(error))


def fingerprint(kind: ActKind, content: Content) -> str:
    """SHA-256 of what the act says, in canonical form: two drafts that say the same have the same fingerprint."""
    canonical = json.dumps([str(kind), content.as_data()], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _without_missing_glyphs(text: str, error: str) -> str:
    """The archival standard refuses a character that no embedded font can draw: it is printed as a question mark."""
    found = _MISSING_GLYPH.search(error)
    missing = set(json.loads(f'"{found[1]}"') if found else "") - set("?")
    if not missing & set(text):
        raise RenderingFailed(error)
    return text.translate(dict.fromkeys(map(ord, missing), "?"))


def _printable(value: Any) -> Any:
    """Control characters and private-use or unassigned ones have no glyph and no reading: they become a question mark."""
    if isinstance(value, str):
        return "".join(_printable_char(char) for char in value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


def _printable_char(char: str) -> str:
    if char in "\n\t":
        return char
    return "?" if unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} else char
