"""The words of a message: a subject, a text, and the same text as a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.template import Context, Engine
from django.template.loader import render_to_string

from documents import french
from notifications.enums import Kind
from territories.models import Authority

SITE = "Permis de louer"
_SUBJECT_LENGTH = 250
_BLANK_LINES = re.compile(r"\n\s*\n")
_BULLET = "- "


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Paragraph:
    """Lines that go together, then the items of a list."""

    lines: list[str]
    items: list[str]


def write(kind: Kind, *, url: str, authority: Authority | None, **context: Any) -> Letter:
    """Write the message of this kind. The page is made from the text, so that both always say the same."""
    context = {**context, "authority": authority}
    subject = one_line(_written(f"{kind}.subject.txt", context))[:_SUBJECT_LENGTH]
    body = _written(f"{kind}.txt", context).strip()
    frame = {"subject": subject, "call": kind.call, "url": url, "authority": authority}
    return Letter(
        subject=subject,
        text=_written("_message.txt", {**frame, "body": body}).strip() + "\n",
        html=render_to_string("notifications/_page.html", {**frame, "site": SITE, "paragraphs": _paragraphs(body)}),
    )


def one_line(text: str) -> str:
    """A header holds one line: no name can add another."""
    return " ".join(text.splitlines()).strip()


def _written(name: str, context: dict[str, Any]) -> str:
    """A template of plain text: nothing is escaped for HTML, and typography is put right."""
    template = Engine.get_default().get_template(f"notifications/{name}")
    return _BLANK_LINES.sub("\n\n", french.typeset(template.render(Context(context, autoescape=False))))


def _paragraphs(body: str) -> list[Paragraph]:
    blocks = [block.splitlines() for block in body.split("\n\n")]
    return [
        Paragraph(
            lines=[line for line in block if not line.startswith(_BULLET)],
            items=[line.removeprefix(_BULLET) for line in block if line.startswith(_BULLET)],
        )
        for block in blocks
    ]
