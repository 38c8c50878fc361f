"""Pages of the site itself: health, errors, and the mails that the demo keeps."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

MAILS_SHOWN = 100


def live(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked of it."""
    return JsonResponse({"status": "ok"})


def accessibility(request: HttpRequest) -> HttpResponse:
    """Écran « Accessibilité »."""
    return render(request, "accessibility.html")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """No database here: it may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=500)


@dataclass(frozen=True)
class Mail:
    name: str
    subject: str
    recipient: str
    sent_at: datetime
    body: str
    attachments: list[str]


def demo_mails(request: HttpRequest) -> HttpResponse:
    """Écran « Courriels de la démonstration », les plus récents d’abord."""
    files = sorted(_mail_files(), key=lambda path: path.stat().st_mtime_ns, reverse=True)[:MAILS_SHOWN]
    return render(request, "demo/mails.html", {"mails": [_read(path) for path in files]})


def demo_mail(request: HttpRequest, name: str) -> HttpResponse:
    """Un courriel de la démonstration."""
    found = {path.name: path for path in _mail_files()}.get(name)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": _read(found)})


def _mail_files() -> list[Path]:
    return list(settings.MAIL_DIR.glob("*.log")) if settings.MAIL_DIR.is_dir() else []


def _read(path: Path) -> Mail:
    """Django's file backend keeps one message a file, followed by a line of dashes."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(preferencelist=("plain",))
    return Mail(
        name=path.name,
        subject=str(message["subject"] or ""),
        recipient=str(message["to"] or ""),
        sent_at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC),
        body=body.get_content() if body is not None else "",
        attachments=[part.get_filename() or "" for part in message.iter_attachments()],
    )
