"""What an authority adds to its acts and leaves out of them: the law’s own mentions cannot be left out, whoever asks.

An act is a row of sections, each under its heading. A template adds paragraphs after a section, or withholds a section; the
order of the others, the table of works, the signature and the remedies are not its business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.text import slugify

from documents.content import Block, Content
from documents.enums import ActKind
from documents.mentions import MENTIONS, Mention

START = "debut"
KINDS = {"paragraph": "Paragraphe", "heading": "Titre", "item": "Point d’une liste", "note": "Encadré"}
_ARTICLE = re.compile(r"^Article (\d+) – ")


class MentionMissing(Exception):
    """The law wants this act to say something that the template would leave out."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = mentions
        told = " ; ".join(f"{mention.meaning} ({mention.basis})" for mention in mentions)
        super().__init__(f"La loi veut que cet acte dise : {told}. Gardez la partie qui le dit.")


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; the first has none."""

    key: str
    title: str
    blocks: list[Block]


@dataclass(frozen=True)
class Addition:
    """One block of the authority’s own, after a section."""

    after: str
    kind: str
    text: str


@dataclass(frozen=True)
class Template:
    """What one authority does to one kind of act."""

    added: Sequence[Addition] = ()
    withheld: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Template:
        return cls([Addition(**each) for each in data.get("added", [])], frozenset(data.get("withheld", [])))

    def as_data(self) -> dict[str, Any]:
        """The JSON form, the only one that is stored."""
        return {"added": [vars(each) for each in self.added], "withheld": sorted(self.withheld)}


def sections(content: Content) -> list[Section]:
    """The act cut at its headings; the number of an article is no part of its name."""
    found = [Section(START, "Début de l’acte", [])]
    for block in content.blocks:
        if block.kind == "heading":
            title = _ARTICLE.sub("", block.text)
            found.append(Section(slugify(title), title, []))
        found[-1].blocks.append(block)
    return found


def tailored(content: Content, template: Template) -> Content:
    """The act with what the authority adds, without what it withholds; articles are numbered again."""
    known = sections(content)
    kept = [section for section in known if section.key not in template.withheld or section.key == START]
    blocks: list[Block] = []
    for section in kept:
        blocks += section.blocks
        blocks += [Block(each.kind, each.text) for each in template.added if each.after == section.key]  # type: ignore[arg-type]
    # What follows a section that this act does not have goes to its end rather than out of it.
    present = {section.key for section in kept}
    blocks += [Block(each.kind, each.text) for each in template.added if each.after not in present]  # type: ignore[arg-type]
    return replace(content, blocks=_numbered(blocks))


def require_mentions(kind: ActKind, specimen: Content, template: Template) -> None:
    """Refuse a template that leaves out what the law asks of this kind of act. Raises MentionMissing."""
    said = [block.text for block in tailored(specimen, replace(template, added=())).blocks]
    text = "\n".join(said)
    shows_works = any(block.kind == "works" for block in tailored(specimen, template).blocks)
    missing = [
        mention
        for mention in MENTIONS[kind]
        if not (shows_works if mention.is_works else any(words in text for words in mention.words))
    ]
    if missing:
        raise MentionMissing(missing)


def locked(kind: ActKind, specimen: Content) -> set[str]:
    """The sections that no template may withhold."""
    found = {START}
    for section in sections(specimen):
        try:
            require_mentions(kind, specimen, Template(withheld=frozenset({section.key})))
        except MentionMissing:
            found.add(section.key)
    return found


def _numbered(blocks: list[Block]) -> list[Block]:
    number = 0
    found = []
    for block in blocks:
        if block.kind == "heading" and _ARTICLE.match(block.text):
            number += 1
            block = replace(block, text=_ARTICLE.sub(f"Article {number} – ", block.text))
        found.append(block)
    return found
