"""« Mon logement est-il concerné ? », without account: the commune, the letting, then one answer that can be kept."""

from __future__ import annotations

import re
from typing import Any

from allauth.core import ratelimit
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from documents import rendering
from territories.models import Commune
from workflows import prefill, qualifying
from workflows.forms.qualification import CommuneForm, LettingFactsForm
from workflows.presentation import outline
from workflows.qualifying import Answer, Facts
from workflows.views.downloads import pdf

SHEET = "answer"
INSEE = re.compile(r"[0-9AB]{5}")
MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def qualification(request: HttpRequest) -> HttpResponse:
    """Écran « Mon logement est-il concerné ? »."""
    if insee := request.GET.get("insee", ""):
        if not INSEE.fullmatch(insee):
            raise Http404
        return _letting(request, get_object_or_404(Commune, pk=insee))
    form = CommuneForm(request.GET if "commune" in request.GET else None)
    found: list[Commune] = []
    if form.is_valid():
        found = list(_named(form.cleaned_data["commune"])[: MOST + 1])
        if len(found) == 1:
            return redirect(f"{reverse('qualification')}?insee={found[0].pk}")
        if not found:
            form.add_error("commune", "Aucune commune ne porte ce nom. Vérifiez l’orthographe, ou écrivez son code postal.")
    context = {"form": form, "found": found[:MOST], "has_more": len(found) > MOST}
    return render(request, "workflows/qualification.html", context, status=422 if form.errors else 200)


def _named(text: str) -> QuerySet[Commune]:
    """Communes by the beginning of their name, or by one of their postcodes."""
    if text.isdecimal():
        return Commune.objects.filter(Q(postcodes__contains=[text]) | Q(pk=text)).order_by("sort_key", "pk")
    return Commune.objects.named_like(text).order_by("sort_key", "pk")


def _letting(request: HttpRequest, commune: Commune) -> HttpResponse:
    zones = qualifying.zones_of(commune)
    today = zones[0].authority.today() if zones else timezone.localdate()
    if not zones:
        return _answered(request, qualifying.not_here(commune, on=today))
    if request.method == "POST" and not ratelimit.consume(request, action="qualification"):
        return ratelimit.respond_429(request)
    is_asked = request.method == "POST" and "again" not in request.POST
    form = LettingFactsForm(request.POST if is_asked else None, zones=zones, initial=request.POST.dict())
    if form.is_bound and form.is_valid():
        prefill.keep(request.session, commune=commune.pk, **form.cleaned_data)
        return _answered(request, qualifying.answer(Facts(commune=commune, **form.cleaned_data), on=today))
    drawn = [(zone, outline(zone.geometry)) for zone in zones if zone.geometry]
    context = {"commune": commune, "form": form, "drawn": drawn, "zones": zones}
    return render(request, "workflows/qualification_letting.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The answer on screen, or as a sheet to keep."""
    if "pdf" in request.POST or "pdf" in request.GET:
        content = rendering.render_sheet(SHEET, _sheet(answer))
        return pdf(content, f"reponse-{answer.on.isoformat()}.pdf")
    again = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "pdf")]
    context = {
        "answer": answer,
        "dated": qualifying.dated(answer),
        "contact": qualifying.contact(answer),
        "again": again,
        "insee": request.GET["insee"],
    }
    return render(request, "workflows/qualification_answer.html", context)


def _sheet(answer: Answer) -> dict[str, Any]:
    authority = answer.authority
    return {
        "title": answer.title,
        "on": answer.on.isoformat(),
        "said": qualifying.dated(answer),
        "authority": f"{authority.kind_label} {authority.name}" if authority else "Permis de louer",
        "facts": answer.facts,
        "why": answer.why,
        "basis": answer.basis,
        "next_steps": answer.next_steps,
        "prepare": answer.prepare,
        "contact": qualifying.contact(answer),
    }
