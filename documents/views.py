"""The two addresses of the disk storage: they do for it what presigned addresses do for S3."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from django.core import signing
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from documents.backends import GET_SALT, GET_SECONDS, PUT_SALT, PUT_SECONDS, DiskStorage

CHUNK = 64 * 1024


@csrf_exempt  # the address itself is the proof: signed for this person, this file and a quarter of an hour
@require_http_methods(["PUT"])
def put(request: HttpRequest, token: str) -> HttpResponse:
    """Write one announced file by chunks: its type and its length are those that were signed, and it is written once."""
    facts = _facts(token, PUT_SALT, PUT_SECONDS)
    if request.user.pk != facts["user"]:
        raise Http404
    if request.headers.get("Content-Type") != facts["type"] or request.headers.get("Content-Length") != str(facts["size"]):
        return HttpResponse(status=403)
    target = Path(_disk().path(facts["key"]))
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    written = 0
    try:
        with draft.open("wb") as file:
            while chunk := request.read(CHUNK):
                written += len(chunk)
                if written > facts["size"]:
                    return HttpResponse(status=403)
                file.write(chunk)
        if written != facts["size"]:
            return HttpResponse(status=400)
        # A link is refused where a file already is: an address is used once.
        try:
            os.link(draft, target)
        except FileExistsError:
            return HttpResponse(status=409)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    return HttpResponse(status=201)


@require_GET
def get(request: HttpRequest, token: str) -> HttpResponseBase:
    """The bytes of a signed address, in a page that can do nothing."""
    facts = _facts(token, GET_SALT, GET_SECONDS)
    try:
        content = _disk().open(facts["key"], "rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=facts["type"])
    response.headers["Content-Disposition"] = facts["as"]
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'self'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _facts(token: str, salt: str, seconds: int) -> dict[str, Any]:
    try:
        return dict(signing.loads(token, salt=salt, max_age=seconds))
    except signing.BadSignature:
        raise Http404 from None


def _disk() -> DiskStorage:
    """Signed addresses of the disk mean nothing where files rest elsewhere."""
    backend = getattr(default_storage, "_wrapped", default_storage)
    if not isinstance(backend, DiskStorage):
        raise Http404
    return backend
