"""What a map shows: the zones in force and the dwellings that somebody has placed; tiles only where the site has some."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from inspections.models import Visit
from permis.models import Application, Dwelling
from territories.models import Zone
from workflows.presentation import Badge


def of(stops: Sequence[tuple[int, Visit]], *, authorities: Collection[int], on: date) -> str:
    """The map as the page hands it to its script; ``stops`` are numbered as the list beside it."""
    return _content(authorities, on, stops=[_stop(*stop) for stop in stops if _dwelling(stop[1]).place])


def of_cases(cases: Sequence[Application], *, authorities: Collection[int], on: date) -> str:
    """The same map with cases, gathered where they are close; each has the colour and the shape of its state."""
    return _content(authorities, on, cases=[_case(case) for case in cases])


def _content(authorities: Collection[int], on: date, **marks: Any) -> str:
    zones = Zone.objects.in_force(on).filter(authority__in=authorities, geometry__isnull=False).order_by("pk")
    features = [
        {"type": "Feature", "geometry": geometry, "properties": {"name": name if commune in name else f"{commune}, {name}"}}
        for geometry, commune, name in zones.values_list("geometry", "commune__name", "name")
    ]
    return json.dumps({"tiles": settings.TILES_URL, "zones": features, "stops": [], "cases": []} | marks, ensure_ascii=False)


def _case(case: Application) -> dict[str, Any]:
    badge = Badge.of_case(case)
    return {
        "place": case.dwelling.place,
        "label": f"{case.number}, {case.dwelling.street_line}\u00a0: {badge.label}",
        "target": case.get_absolute_url(),
        "family": badge.family,
    }


def _stop(number: int, visit: Visit) -> dict[str, Any]:
    dwelling = _dwelling(visit)
    return {
        "number": number,
        "place": dwelling.place,
        "label": f"{number}. {dwelling.street_line}",
        "target": f"#visite-{visit.pk}",
    }


def _dwelling(visit: Visit) -> Dwelling:
    dwelling: Dwelling = visit.application.dwelling
    return dwelling
