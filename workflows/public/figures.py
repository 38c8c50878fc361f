"""The figures of an authority for everybody, quarter by quarter, as they were drawn and masked once the quarter was over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.views.decorators.http import require_safe

from documents.french import NBSP, plural
from inspections.enums import VisitState
from permis.enums import EnergyClass, Outcome
from territories.enums import Regime
from territories.models import Authority
from workflows.exports import opendata
from workflows.models import OpenDataset
from workflows.public.opendata import HOUR
from workflows.statistics import board, period, public
from workflows.statistics.board import Bar, Delay, Links, Month, Tile
from workflows.statistics.figures import TACIT, Figures
from workflows.statistics.measures import Measure
from workflows.statistics.period import Period

MASKED = "masqué"
COMMUNES = 40
# The quarters whose months are drawn, that of the page the last.
_QUARTERS = 4
_VISITS = (
    (VisitState.DONE, "Faites"),
    (VisitState.NO_SHOW, "Manquées"),
    (VisitState.ACCESS_REFUSED, "Accès refusé"),
)


@require_safe
def figures(request: HttpRequest, siren: str) -> HttpResponseBase:
    """Écran « Le permis de louer en chiffres » : un trimestre d’une collectivité qui publie, ou qu’aucun n’est encore publié."""
    authority = get_object_or_404(Authority, siren=siren)
    if not opendata.publishes_decisions(authority):
        raise Http404
    published = OpenDataset.objects.filter(authority=authority, figures__isnull=False).order_by("until")
    quarters = [period.quarter_until(until) for until in published.values_list("until", flat=True)]
    chosen = next((each for each in quarters if each.key == request.GET.get("trimestre", "")), quarters[-1] if quarters else None)
    context: dict[str, Any] = {
        "authority": authority,
        "quarters": quarters[::-1],
        "chosen": chosen,
        "fewest": opendata.FEWEST,
        "licence": opendata.LICENCE,
        "licence_url": opendata.LICENCE_URL,
    }
    if chosen is not None:
        asked = [chosen, *(chosen.earlier(months) for months in (3, 6, 9, 12))]
        kept = dict(published.filter(until__in=[each.end for each in asked]).values_list("until", "figures"))
        context |= _told(chosen, kept, request.GET.get("page", ""))
    return _kept(request, render(request, "workflows/public_figures.html", context))


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Anybody may keep the page for an hour, but that of a person who is signed in, which names them."""
    if request.user.is_authenticated:
        return response
    patch_cache_control(response, public=True, max_age=HOUR)
    set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def _told(chosen: Period, kept: Mapping[Any, Any], number: str) -> dict[str, Any]:
    """What the page shows of the quarter, of the months before it, and of its change in a year."""
    now, then = kept[chosen.end], kept.get(chosen.before.end)
    counts, nothing = Figures(), Links(False, chosen)
    for measure, name in ((Measure.GROUND, "grounds"), (Measure.DEFECT, "defects")):
        counts.counts[Regime.APML, measure].update(now[name])
    communes = now["communes"]
    return {
        "tiles": list(_tiles(now, then, chosen.before)),
        "declared": now["declared"],
        "months": _months([kept.get(chosen.earlier(back).end) for back in (9, 6, 3)] + [now]),
        "decided": now["decided"],
        "outcomes": _outcomes(now),
        "dropped": now["dropped"],
        "delays": [_delay(label, now["delays"][measure]) for measure, label in board.DELAYS],
        "lists": [
            ("energie", "Classe énergétique des logements", _energy(now)),
            ("motifs", "Motifs des refus et des conditions", board.grounds(counts, nothing)),
            ("defauts", "Défauts les plus relevés", board.defects(counts, nothing)),
            ("visites", "Visites", _bars([(label, now["visits"][key]) for key, label in _VISITS if key in now["visits"]])),
        ],
        "communes": Paginator(communes, COMMUNES).get_page(number),
        "others": tuple(
            public.rest_of(now[name], (each[place] for each in communes)) for name, place in (("received", 2), ("decided", 3))
        ),
    }


def _tiles(now: Mapping[str, Any], then: Mapping[str, Any] | None, before: Period) -> Iterator[Tile]:
    """The five figures; a change is told where both quarters show the count."""
    named = (
        ("received", "demande reçue", "demandes reçues", "Demandes d’autorisation déposées, en ligne ou sur papier."),
        (Measure.NOTIFIED, "", "", "Du dossier complet à la notification. La loi donne un mois."),
        (TACIT, "autorisation tacite", "autorisations tacites", "Décisions nées du silence. L’objectif est zéro."),
        (Outcome.REFUSED, "refus", "refus", "Danger, indécence ou arrêté de police."),
        ("lifted", "logement remis en état", "logements remis en état", "Travaux prescrits, faits, et conditions levées."),
    )
    for key, one, many, definition in named:
        count, was = _count(now, key), _count(then, key) if then else None
        if key == Measure.NOTIFIED:
            value = "–" if count is None else f"{count}{NBSP}j"
            yield Tile(value, "délai médian de réponse", *board.change_of_days(count, was, before), definition)
            continue
        told = ("", "") if count is None or was is None else board.change(count, was, before)
        yield Tile(
            MASKED if count is None else str(count), many if count is None else plural(count, one, many), *told, definition
        )


def _count(found: Mapping[str, Any], key: str) -> int | None:
    if key == Measure.NOTIFIED:
        median: int | None = found["delays"][key][0]
        return median
    count: int | None = found["outcomes"][key] if key in found["outcomes"] else found[key]
    return count


def _delay(label: str, found: Sequence[int | None]) -> Delay:
    median, ninth = found
    return Delay(label, median, ninth, before=None)


def _months(quarters: Sequence[Mapping[str, Any] | None]) -> list[Month]:
    """Those of the quarters that are published; nothing where all of them are masked."""
    told = [month for found in quarters if found for month in found["months"]]
    if not any(count for _, *counts in told for count in counts):
        return []
    return board.drawn((date.fromisoformat(day), received, decided) for day, received, decided in told)


def _outcomes(now: Mapping[str, Any]) -> list[Bar]:
    """Each outcome as a share of the decisions; nothing where all of them are masked."""
    whole, counts = now["decided"] or 0, now["outcomes"]
    if not any(counts.values()):
        return []
    return [
        Bar(label, counts[key], board.percent(counts[key] or 0, whole), "", icon, family)
        for key, label, icon, family in board.OUTCOMES
    ]


def _energy(now: Mapping[str, Any]) -> list[Bar]:
    counts = now["energy"]
    named = [*((each.value, f"Classe {each.value}") for each in EnergyClass), (public.UNKNOWN, "Classe inconnue")]
    return _bars([(label, counts[key]) for key, label in named]) if any(counts.values()) else []


def _bars(named: Sequence[tuple[str, int | None]]) -> list[Bar]:
    """Each as long as its share of the longest."""
    longest = max((count or 0 for _, count in named), default=0)
    return [Bar(label, count, board.percent(count or 0, longest)) for label, count in named]
