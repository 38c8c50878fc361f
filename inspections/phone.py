"""The application with which an inspector does a visit without network: a page, the worker that keeps it, and what installs it.

None of the three says anything of anybody: they may be kept by any phone. What it holds of visits comes from `inspections.views`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SOURCES = Path(__file__).parent / "static" / "inspections" / "phone"
WORKER = "inspections/phone/sw.js"
VENDORED = (
    *(f"vendor/lit-html/{name}.js" for name in ("lit-html", "directive", "directive-helpers")),
    *(f"vendor/lit-html/directives/{name}.js" for name in ("keyed", "live")),
    "vendor/idb/index.js",
    "vendor/atkinson/atkinson-hyperlegible-next-latin-wght-normal.woff2",
)
PHOTOS_ARE_BLOBS = csp_update({"img-src": ["blob:"], "manifest-src": ["'self'"], "worker-src": ["'self'"]})


def files() -> list[str]:
    """What the page is made of, below the static files: its own modules, and what others wrote."""
    own = (f"inspections/phone/{file.name}" for file in SOURCES.iterdir() if file.suffix in (".js", ".css", ".svg"))
    return sorted(name for name in own if name != WORKER) + list(VENDORED)


@PHOTOS_ARE_BLOBS
@require_safe
def phone(_request: HttpRequest) -> HttpResponse:
    """Écran « Visites sur le téléphone »."""
    return HttpResponse(render_to_string("inspections/phone.html", {"static": settings.STATIC_URL, "modules": _modules()}))


@never_cache
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, with a version of its own for each state of the files."""
    names = files()
    contents = [_content(name) for name in (*names, WORKER)]
    template = (Path(__file__).parent / "templates" / "inspections" / "phone.html").read_bytes()
    version = hashlib.sha256(b"".join(hashlib.sha256(each).digest() for each in (*contents, template))).hexdigest()[:16]
    kept = [reverse("phone"), *(settings.STATIC_URL + name for name in names)]
    head = f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(kept)};\n"
    script = HttpResponse(head + contents[-1].decode(), content_type="text/javascript; charset=utf-8")
    script["Service-Worker-Allowed"] = "/"
    return script


@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """What a phone needs to install the application."""
    pictures = (
        ("icon.svg", "any", "image/svg+xml", "any"),
        ("icon-192.png", "192x192", "image/png", "any maskable"),
        ("icon-512.png", "512x512", "image/png", "any maskable"),
    )
    content = {
        "id": reverse("phone"),
        "name": "Visites – Permis de louer",
        "short_name": "Visites",
        "lang": "fr",
        "start_url": reverse("phone"),
        "scope": reverse("phone"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f3f1eb",
        "theme_color": "#0b3740",
        "icons": [
            {"src": f"{settings.STATIC_URL}inspections/phone/{name}", "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in pictures
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _modules() -> list[str]:
    """The modules of the first screen, so that a slow network brings them all at once."""
    own = ("main", "app", "day", "format", "frame", "icons", "ledger", "queue", "store", "survey", "words")
    others = ("lit-html/lit-html", "lit-html/directive", "lit-html/directives/keyed", "idb/index")
    return [f"inspections/phone/{name}.js" for name in own] + [f"vendor/{name}.js" for name in others]


def _content(name: str) -> bytes:
    """A static file as it is served under its plain name."""
    found = Path(settings.STATIC_ROOT) / name if settings.STATIC_ROOT else finders.find(name)
    return Path(str(found)).read_bytes()
