"""The content of an act, as plain data: what is frozen, fingerprinted and rendered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Letterhead:
    """Who writes: designation and contacts required by CRPA R.112-5 and R.112-11-1."""

    kind_label: str
    name: str
    department: str
    service: str
    postal_address: str
    phone: str
    email: str
    logo: str = ""


@dataclass(frozen=True)
class Block:
    """One piece of text: `cite` opens with « Vu », `consider` with « Considérant », `note` is framed, `works` is the table."""

    kind: Literal[
        "heading", "paragraph", "cite", "consider", "enact", "item", "note", "works", "table", "figures", "drawing", "chart"
    ]
    text: str = ""


@dataclass(frozen=True)
class Table(Block):
    """Rows under a header; ``widths`` are the shares of the columns."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Figure:
    """A photo: the key of its served picture, what is printed under it, and what it shows for who cannot see it."""

    picture: str
    caption: str
    alt: str


@dataclass(frozen=True)
class Figures(Block):
    figures: list[Figure] = field(default_factory=list)


@dataclass(frozen=True)
class Drawing(Block):
    """A drawing of ours in SVG, such as a signature by finger; ``text`` says what it is."""

    svg: str = ""


@dataclass(frozen=True)
class Chart(Block):
    """A chart of ours in SVG, over the width of the page; ``text`` says what it shows."""

    svg: str = ""


@dataclass(frozen=True)
class Work:
    """A defect, its proof and basis, and the works prescribed for it (CCH L.635-3)."""

    code: str
    place: str
    finding: str
    evidence: str
    basis: str
    work: str
    proof: str
    due: str


@dataclass(frozen=True)
class Signature:
    """Place and date, then name and capacity; without a mention of the seal, room is left for a signature by hand."""

    place: str
    date: str
    name: str
    capacity: str
    mention: str = ""


@dataclass(frozen=True)
class Content:
    """One act: `on` is its date in ISO form, `dated` the place and date of a letter, which has no signature block.

    ``noun`` is what was filed, a « demande » or a « déclaration ».
    """

    title: str
    subtitle: str
    reference: str
    on: str
    letterhead: Letterhead
    subject: list[str]
    recipient: list[str] = field(default_factory=list)
    dated: str = ""
    blocks: list[Block] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    signature: Signature | None = None
    remedies: list[str] = field(default_factory=list)
    annex: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    noun: str = "demande"

    def as_data(self) -> dict[str, Any]:
        """The JSON form, the only one that is stored."""
        return asdict(self)
