"""Acts as PDF/A-3a and PDF/UA-1 by typst: the same content gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typst

from documents.content import Content
from documents.enums import ActKind
from documents.french import typeset

TEMPLATES = Path(__file__).parent / "typst"
TEMPLATE = TEMPLATES / "act.typ"
SCREEN_PPI = 110
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# What the embedded Libertinus draws, whole blocks only: Latin, Greek, Cyrillic, punctuation, currencies, arrows, mathematics.
# The archival standard refuses a character without glyph, and typst 0.15 panics on some Arabic ligatures: both stay out.
DRAWABLE = (
    "\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u202f-\u2040\u2044-\u2052\u2054-\u205e\u2070\u2071\u2074-\u208e\u2090-\u209c\u20a0-\u20c0"
    "\u2116\u2122\u2126\u2153-\u2184\u2190-\u23ff\u2500-\u25ff\u2713\u2714\ufb00-\ufb06\ufffd"
)
_UNDRAWABLE = re.compile(f"[^{DRAWABLE}]")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_SPACES = re.compile("[\t\u1680\u2000-\u200a\u205f\u3000]")
_ENDLESS_WORD = re.compile(r"\S{41,}")
_NOT_TEXT = {"logo", "svg", "picture", "qr"}
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


class RenderingFailed(Exception):
    """The act could not be made; nothing was issued."""


def render(content: dict[str, Any], *, draft: bool = False, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of an act, with its photos by key. Texts typed by people reach typst as data, never as source."""
    with _beside(pictures or {}) as template:
        return _compiled(template, content, draft="yes" if draft else "no")


def render_sheet(name: str, content: dict[str, Any]) -> bytes:
    """The PDF of a sheet to be filled in by hand: no act, nothing is issued by it."""
    return _compiled(TEMPLATES / f"{name}.typ", content)


def _compiled(template: Path, content: dict[str, Any], **more: str) -> bytes:
    inputs = {"content": json.dumps(_printable(content), ensure_ascii=False), **more}
    try:
        return bytes(typst.compile(template, sys_inputs=inputs, pdf_standards=["a-3a", "ua-1"], ignore_system_fonts=True))
    except typst.TypstError as error:
        raise RenderingFailed(str(error)) from error


def can_draw(logo: str) -> bool:
    """Whether the acts can carry this SVG: one that cannot be drawn would stop every act."""
    source = b'#image(bytes(sys.inputs.logo), format: "svg", width: 15mm)'
    try:
        typst.compile(source, sys_inputs={"logo": logo}, ignore_system_fonts=True)
    except typst.TypstError:
        return False
    return True


def pages(content: dict[str, Any], *, pictures: Mapping[str, bytes] | None = None) -> list[bytes]:
    """Each page of the act as a PNG picture, for reading on a screen; the PDF alone is the act."""
    inputs = {"content": json.dumps(_printable(content), ensure_ascii=False), "draft": "no"}
    with _beside(pictures or {}) as template:
        found = typst.compile(template, sys_inputs=inputs, format="png", ppi=SCREEN_PPI, ignore_system_fonts=True)
    return [bytes(page) for page in found] if isinstance(found, list) else [bytes(found)]


@contextmanager
def _beside(pictures: Mapping[str, bytes]) -> Iterator[Path]:
    """The template, in a folder of its own where the pictures rest under their keys: typst reads nothing above it."""
    if not pictures:
        yield TEMPLATE
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for key, picture in pictures.items():
            place = root / key
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(picture)
        yield Path(shutil.copy(TEMPLATE, root))


def page_numbers(content: dict[str, Any]) -> range:
    """The numbers of the pages of an act, from the first one, to show them one after another."""
    return range(1, len(pages(content)) + 1)


def fingerprint(kind: ActKind, content: Content) -> str:
    """SHA-256 of what the act says, in canonical form: two drafts that say the same have the same fingerprint."""
    canonical = json.dumps([str(kind), content.as_data()], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()


def printable(text: str) -> str:
    """The text as the act prints it: French spacing, and a replacement mark for each character that no font draws."""
    text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    return _ENDLESS_WORD.sub(_breakable, typeset(_UNDRAWABLE.sub(REPLACEMENT, text)))


def _breakable(word: re.Match[str]) -> str:
    """A word longer than a line may break anywhere, rather than leave the page."""
    return "\N{ZERO WIDTH SPACE}".join(word[0])


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: item if key in _NOT_TEXT else _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value
