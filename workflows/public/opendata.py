"""Open data, for everybody: the datasets of each authority, their licence and their schemas."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from territories.models import Authority
from workflows.exports import opendata

PAGE = 50
HOUR = 3600
CSV_TYPE, GEOJSON_TYPE = "text/csv; charset=utf-8", "application/geo+json"


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Écran « Données ouvertes »."""
    authorities = Authority.objects.filter(zones__isnull=False).distinct().order_by("name", "pk")
    page = Paginator(authorities, PAGE).get_page(request.GET.get("page", ""))
    publishing, last = opendata.publishing(page), opendata.last_published(page)
    context: dict[str, Any] = {
        "page": page,
        "authorities": [(each, each.pk in publishing, last.get(each.pk)) for each in page],
        "schemas": [(name, opendata.schema(name)) for name in opendata.SCHEMAS],
        "licence": opendata.LICENCE,
        "licence_url": opendata.LICENCE_URL,
        "fewest": opendata.FEWEST,
    }
    return render(request, "workflows/open_data.html", context)


@require_safe
def schema(request: HttpRequest, name: str) -> HttpResponseBase:
    """Le schéma d’un jeu de données (Table Schema)."""
    if name not in opendata.SCHEMAS:
        raise Http404
    return JsonResponse(opendata.schema(name), json_dumps_params={"ensure_ascii": False, "indent": 2})


@require_safe
def zones(request: HttpRequest, siren: str, form: str) -> HttpResponseBase:
    """Les périmètres d’une collectivité, en GeoJSON ou en CSV."""
    authority = get_object_or_404(Authority, siren=siren)
    writers = {"geojson": (opendata.zones_geojson, GEOJSON_TYPE), "csv": (opendata.zones_csv, CSV_TYPE)}
    if form not in writers:
        raise Http404
    write, content_type = writers[form]
    tag = f"{opendata.zones_etag(authority)}-{form}"
    return _published(request, partial(write, authority), content_type, f"perimetres-{siren}.{form}", tag=tag)


@require_safe
def decisions(request: HttpRequest, siren: str) -> HttpResponseBase:
    """Les décisions d’une collectivité, trimestre par trimestre, si elle les publie."""
    authority = get_object_or_404(Authority, siren=siren)
    if not opendata.publishes_decisions(authority):
        raise Http404
    quarters = opendata.quarters(authority)
    tag = hashlib.sha256("".join([opendata.VERSION, *(each.sha256 for each in quarters)]).encode()).hexdigest()
    changed_at = max((each.made_at for each in quarters), default=None)
    write, name = partial(opendata.decisions_csv, authority), f"decisions-{siren}.csv"
    return _published(request, write, CSV_TYPE, name, tag=tag, changed_at=changed_at)


def _published(
    request: HttpRequest,
    write: Callable[[], Iterator[bytes]],
    content_type: str,
    name: str,
    *,
    tag: str,
    changed_at: datetime | None = None,
) -> HttpResponseBase:
    """The file, or that whoever asks has it already; anybody may keep it for an hour."""
    etag, moment = quote_etag(tag), int(changed_at.timestamp()) if changed_at else None
    known = get_conditional_response(request, etag=etag, last_modified=moment)
    response: HttpResponseBase = known or StreamingHttpResponse(
        write() if request.method == "GET" else (),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Access-Control-Allow-Origin": "*"},
    )
    response.headers["ETag"] = etag
    if moment is not None:
        response.headers["Last-Modified"] = http_date(moment)
    patch_cache_control(response, public=True, max_age=HOUR)
    return response
