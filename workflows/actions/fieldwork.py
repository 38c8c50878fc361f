"""Fieldwork: a visit entered on the spot becomes the report of the visit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import User
from documents.french import listing
from inspections import findings, grid, survey
from inspections.enums import Conclusion, EntryKind, VisitState
from inspections.models import Entry, Visit
from inspections.models.visit import can_inspect
from inspections.survey import Survey
from permis import deadlines, guards
from permis.models import Application
from workflows.actions import inspection
from workflows.guards import require_permission

# Less than that is the time a request takes; more, a clock that is wrong.
TRUSTED_SKEW = timedelta(minutes=2)


class PhotosMissing(guards.Refusal):
    code = "photos_missing"
    message = "Des photos de cette visite ne sont pas encore arrivées. Laissez le téléphone les envoyer."

    def __init__(self, photos: list[UUID]) -> None:
        super().__init__()
        self.photos = photos


class NothingConcluded(guards.Refusal):
    code = "nothing_concluded"
    message = "Cette visite n’a pas encore de conclusion. Choisissez-la, puis terminez."


class VisitCancelled(guards.Refusal):
    code = "wrong_state"
    message = "Ce rendez-vous a été annulé. Ce que vous avez saisi est gardé avec le dossier : parlez-en à l’instructeur."


@transaction.atomic
def finish_visit(visit: Visit, *, by: User, on: date) -> Visit:
    """Terminer une visite : ce qui a été saisi sur place en devient le rapport ; une seconde fois n’y change rien.

    Raises PhotosMissing, NothingConcluded, VisitCancelled, VisitToCome, OpenConflicts.
    """
    Application.objects.locked().get(pk=visit.application_id)
    # Entries come in under the lock of their visit: none slips in between what is read and what is reported.
    visit = Visit.objects.select_for_update(of=("self",)).select_related("application__authority", "grid").get(pk=visit.pk)
    require_permission(can_inspect(visit, by))
    if visit.state == VisitState.CANCELLED:
        raise VisitCancelled
    if visit.state != VisitState.PLANNED:
        return visit
    entries = list(visit.entries.order_by("number"))
    seen = survey.of(entries)
    if missing := _missing_photos(visit, seen):
        raise PhotosMissing(missing)
    outcome = seen.get(EntryKind.OUTCOME)
    if outcome and (seen.conflicts or seen.get(EntryKind.CONCLUSION)):
        raise inspection.OpenConflicts
    if outcome:
        fail = inspection.record_no_show if outcome["outcome"] == VisitState.NO_SHOW else inspection.record_access_refused
        visit = fail(visit, by=by, on=on)
        visit.report = outcome.get("note") or ""
        visit.save(update_fields=["report"])
        return visit
    conclusion = seen.get(EntryKind.CONCLUSION)
    if not conclusion.get("conclusion"):
        raise NothingConcluded
    people = seen.get(EntryKind.PEOPLE)
    return inspection.record_visit(
        visit,
        conclusion=Conclusion(conclusion["conclusion"]),
        findings=findings.of_survey(seen, grid.followed_by(visit)),
        started_at=_instant(entries, seen, EntryKind.START),
        finished_at=_instant(entries, seen, EntryKind.FINISH),
        people_present=", ".join(part for part in (people.get("present"), people.get("capacity")) if part),
        consent=people.get("consent"),
        rooms_not_visited=_cut(listing(list(_not_visited(seen))), Visit._meta.get_field("rooms_not_visited").max_length),
        report=conclusion.get("text") or "",
        by=by,
        on=on,
    )


def warnings(visit: Visit) -> list[str]:
    """What a finished visit must be read with: kept as it is, and said."""
    said, authority = [], visit.application.authority
    hours = [authority.local(each).time() for each in (visit.started_at, visit.finished_at) if each]
    if any(not deadlines.is_within_visit_hours(each, each) for each in hours):
        said.append("Cette visite s’est faite en dehors de 6 h à 21 h (CCH L. 635-3) : dites pourquoi dans le rapport.")
    return said


def _missing_photos(visit: Visit, seen: Survey) -> list[UUID]:
    announced = [UUID(photo["photo"]) for photo in seen.photos]
    whole = set(visit.photos.filter(pk__in=announced, file__isnull=False).values_list("pk", flat=True))
    return [each for each in announced if each not in whole]


def _not_visited(seen: Survey) -> Iterable[str]:
    for room in seen.rooms:
        if room.get("visited") is False:
            yield f"{room['name']} ({room['reason']})" if room.get("reason") else room["name"]


def _instant(entries: list[Entry], seen: Survey, kind: EntryKind) -> datetime | None:
    """When the phone says that it was, corrected by what its clock was wrong by when it sent it."""
    said = seen.get(kind)
    if not said:
        return None
    standing = next(each for each in reversed(entries) if each.key == kind and each.payload == said)
    skew = timedelta(seconds=standing.skew_seconds)
    moment = datetime.fromisoformat(said["at"]).astimezone(UTC)
    return moment if abs(skew) <= TRUSTED_SKEW else moment - skew


def _cut(text: str, longest: int | None) -> str:
    return text if longest is None or len(text) <= longest else f"{text[: longest - 1]}…"
