"""The two addresses of the disk storage: they do for it what presigned addresses do for S3."""

from __future__ import annotations

import logging
from typing import Any

from django.core import signing
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from documents.backends import (
    GET_SALT,
    GET_SECONDS,
    PUT_SALT,
    PUT_SECONDS,
    DiskStorage,
    NothingThere,
    StorageFailed,
    answering,
)
from documents.enums import FileState
from documents.models import StoredFile

logger = logging.getLogger(__name__)
CHUNK = 64 * 1024


@csrf_exempt  # the address itself is the proof: signed for this person, this file and a quarter of an hour
@require_http_methods(["PUT"])
def put(request: HttpRequest, token: str) -> HttpResponse:
    """Write one announced file by chunks: its type and its length are those that were signed, and it is written once."""
    facts = _facts(token, PUT_SALT, PUT_SECONDS)
    if request.user.pk != facts["user"]:
        raise Http404
    if not StoredFile.objects.filter(state=FileState.AWAITED, quarantine=facts["key"]).exists():
        return HttpResponse(status=409)  # it came, or nobody wants it any more
    if request.headers.get("Content-Type") != facts["type"] or request.headers.get("Content-Length") != str(facts["size"]):
        return HttpResponse(status=403)
    try:
        status = _receive(request, facts)
    except StorageFailed as obstacle:
        logger.exception("disk storage failed")
        return HttpResponse(str(obstacle), status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=status)


def _receive(request: HttpRequest, facts: dict[str, Any]) -> int:
    disk, written = _disk(), 0
    with disk.draft() as draft:
        try:
            while chunk := request.read(CHUNK):
                written += len(chunk)
                if written > facts["size"]:
                    return 403
                with answering():
                    draft.write(chunk)
        except UnreadablePostError:
            return 400
        if written != facts["size"]:
            return 400
        # An address is used once: what is under its key is never replaced.
        return 201 if disk.settle(draft, facts["key"], once=True) else 409


@require_GET
def get(request: HttpRequest, token: str) -> HttpResponseBase:
    """The bytes of a signed address, in a page that can do nothing."""
    facts = _facts(token, GET_SALT, GET_SECONDS)
    try:
        with answering():
            content = _disk().open(facts["key"], "rb")
    except NothingThere:
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
