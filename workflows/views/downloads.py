"""Files that a screen answers with: shown by the browser, or kept."""

from __future__ import annotations

from django.http import HttpResponse

from documents.storage import PDF


def pdf(content: bytes, name: str) -> HttpResponse:
    """A sheet to read or to print, shown in the browser."""
    return _file(content, name, PDF, how="inline")


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file that the browser keeps rather than shows."""
    return _file(content, name, content_type, how="attachment")


def _file(content: bytes, name: str, content_type: str, *, how: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": f'{how}; filename="{name}"'})
