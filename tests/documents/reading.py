"""How the tests read an act back."""

import io

from pypdf import PdfReader

from documents import rendering
from documents.content import Content


def text_of(pdf: bytes) -> str:
    """The words of a PDF on one line, every kind of space made plain and line-end hyphens kept."""
    pages = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).split())


def printed(content: Content) -> str:
    return text_of(rendering.render(content.as_data()))
