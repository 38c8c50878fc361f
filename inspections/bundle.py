"""The day's bundle: all that a phone brings along, so that the visits of the week are done without network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from documents.enums import FileState
from documents.models import Piece
from inspections import grid
from inspections.enums import VisitState
from inspections.measuring import Declared
from inspections.models import Entry, GridSnapshot, Photo, Visit
from permis import sheet
from permis.models import Application
from territories.models import Authority

DAYS = 8


def visits_of(user: User, *, at: datetime) -> QuerySet[Visit]:
    """The visits that a person still has to make: today and the seven days that follow, and those before not yet finished."""
    zone = user.home_authority.zone_info if user.home_authority else timezone.get_default_timezone()
    first = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    authorities = user.authorities_as(*Role.visiting())
    mine = Visit.objects.visible_to(user).filter(application__authority__in=authorities, inspector=user)
    return mine.filter(state=VisitState.PLANNED, starts_at__lt=first + timedelta(days=DAYS)).order_by("starts_at", "pk")


def of(user: User, *, at: datetime) -> list[dict[str, Any]]:
    """The bundle of a person, in a number of queries that does not depend on how many visits they have."""
    pieces = Piece.objects.current().filter(file__state=FileState.CLEAN).select_related("file").order_by("pk")
    past = Visit.objects.filter(state=VisitState.DONE).prefetch_related("findings").order_by("starts_at")
    visits = visits_of(user, at=at).select_related(
        "grid", "application__dwelling", "application__commune", "application__authority", "application__agent"
    )
    visits = visits.prefetch_related(
        "application__lessors",
        Prefetch("application__pieces", pieces),
        Prefetch("application__visits", past),
        Prefetch("entries", Entry.objects.select_related("author").order_by("number")),
        Prefetch("photos", Photo.objects.order_by("taken_at", "pk")),
    )
    grids: dict[int, GridSnapshot] = {}
    return [_visit(each, _grid(each, grids)) for each in visits]


def entry_data(entry: Entry) -> dict[str, Any]:
    """One entry as phones receive it: as it was written, with what the server added."""
    return {
        "id": str(entry.pk),
        "device": str(entry.device_id),
        "sequence": entry.sequence,
        "number": entry.number,
        "base": entry.base,
        "kind": entry.kind,
        "key": entry.key,
        "at": entry.made_at.isoformat(),
        "payload": entry.payload,
        "conflict": conflict_of(entry),
        "author": entry.author.full_name,
        "late": entry.is_late,
    }


def conflict_of(entry: Entry) -> str | None:
    """Which entry this one contradicts without having known of it."""
    return str(entry.conflicts_with_id) if entry.conflicts_with_id else None


def _grid(visit: Visit, known: dict[int, GridSnapshot]) -> GridSnapshot:
    """The grid of a visit; the one of its authority is read once for all those that have none yet."""
    if visit.grid is not None:
        return visit.grid
    authority: Authority = visit.application.authority
    if authority.pk not in known:
        known[authority.pk] = grid.snapshot_of(authority)
    return known[authority.pk]


def _scoped(content: dict[str, Any], codes: set[str]) -> dict[str, Any]:
    """The points that a visit looks at: all of them, or those that a counter-visit comes back for."""
    if not codes:
        return content
    sections = ({**each, "items": [item for item in each["items"] if item["code"] in codes]} for each in content["sections"])
    return {**content, "sections": [each for each in sections if each["items"]]}


def _visit(visit: Visit, of_grid: GridSnapshot) -> dict[str, Any]:
    application = visit.application
    entries = list(visit.entries.all())
    return {
        "id": visit.pk,
        "number": str(application),
        "time_zone": application.authority.time_zone,
        "starts_at": application.authority.local(visit.starts_at).isoformat(),
        "ends_at": application.authority.local(visit.ends_at).isoformat(),
        "purpose": visit.get_purpose_display(),
        "state": visit.state,
        "address": application.dwelling.address,
        "commune": f"{application.dwelling.postcode} {application.commune.name}",
        "dwelling": list(_designation(application)),
        "people": list(_people(application)),
        "instructions": visit.instructions,
        "grid": _scoped(of_grid.content, set(visit.codes())),
        "grid_digest": of_grid.digest,
        "declared": Declared.of(application).as_data(),
        "facts": [{"label": label, "value": value} for label, value in _facts(application)],
        "documents": [_document(piece) for piece in application.pieces.all()],
        "past": [_past(each) for each in application.visits.all()],
        "alerts": list(_alerts(application)),
        "entries": [entry_data(each) for each in entries],
        "cursor": entries[-1].number if entries else 0,
        "uploaded": [str(photo.pk) for photo in visit.photos.all() if photo.file_id],
        "report_url": reverse("visit-report", args=[visit.pk]),
    }


def _designation(application: Application) -> Iterable[str]:
    """The lines that lead to the door."""
    dwelling = application.dwelling
    named = (
        ("Bâtiment", dwelling.building),
        ("Escalier", dwelling.staircase),
        ("Étage", dwelling.floor),
        ("Porte", dwelling.door),
    )
    for label, value in (("Complément", dwelling.complement), *named, ("Lot", dwelling.lot)):
        if value:
            yield f"{label} : {value}"


def _facts(application: Application) -> Iterable[tuple[str, str]]:
    """The day after which silence grants, then what the application says of the dwelling."""
    if application.tacit_on is not None:
        yield "Échéance", f"{application.tacit_on:%d/%m/%Y}"
    yield from sheet.dwelling_rows(application)


def _people(application: Application) -> Iterable[dict[str, str]]:
    """Whom to call before the door."""
    if application.access_name or application.access_phone:
        yield {"name": application.access_name, "role": "Ouvre le logement", "phone": application.access_phone}
    for lessor in application.lessors.all():
        yield {"name": lessor.name, "role": "Bailleur", "phone": lessor.phone}
    agent = getattr(application, "agent", None)
    if agent is not None:
        yield {"name": agent.name, "role": "Mandataire", "phone": agent.phone}


def _document(piece: Piece) -> dict[str, Any]:
    file = piece.file
    return {"name": str(piece), "pages": [reverse("file-page", args=[file.pk, page]) for page in file.picture_numbers]}


def _past(visit: Visit) -> dict[str, Any]:
    local = visit.application.authority.local(visit.starts_at)
    findings = [f"{each.place} : {each.description} ({each.get_severity_display()})" for each in visit.findings.all()]
    return {"on": local.date().isoformat(), "conclusion": visit.get_conclusion_display(), "findings": findings}


def _alerts(application: Application) -> Iterable[str]:
    """What must be known before going in."""
    if application.police_order:
        yield "Un arrêté de police frappe l’immeuble."
