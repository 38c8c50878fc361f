"""The report of a visit: conflicts settled, established as an act, corrected by another; the first is kept."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from documents import acts
from documents.enums import ActKind
from inspections.conflicts import contested
from inspections.enums import Conclusion, SignatureGiven, VisitState
from inspections.models import Device, Entry, Report, Visit
from inspections.models.visit import can_inspect
from permis import guards, journal
from permis.models import Application
from permis.models.journal import Event
from workflows import flows, reporting
from workflows.actions import danger, inspection
from workflows.guards import require_permission

DESK = "Ordinateur du service"


class AlreadyEstablished(guards.Refusal):
    code = "wrong_state"
    message = "Le rapport de cette visite est déjà établi. Pour le corriger, dites pourquoi."


class ConflictGone(guards.Refusal):
    code = "wrong_state"
    message = "Cet écart est déjà tranché, ou une saisie plus récente est arrivée. Relisez la liste."


@transaction.atomic
def write_up(
    visit: Visit, *, conclusion: Conclusion, findings: Sequence[dict[str, Any]], by: User, on: date, **report: Any
) -> Report:
    """Rendre compte d’une visite et en établir le rapport, en une fois. Raises OpenConflicts."""
    said, established = _apart(report)
    visit = inspection.record_visit(visit, conclusion=conclusion, findings=findings, by=by, on=on, **said)
    return establish(visit, conclusion=conclusion, by=by, on=on, **established)


@transaction.atomic
def establish(
    visit: Visit,
    *,
    conclusion: Conclusion,
    by: User,
    on: date,
    findings: Sequence[dict[str, Any]] | None = None,
    reason: str = "",
    **report: Any,
) -> Report:
    """Établir le rapport d’une visite faite, ou le corriger : un nouvel acte, l’ancien gardé. Raises AlreadyEstablished."""
    application = Application.objects.locked().get(pk=visit.application_id)
    visits = Visit.objects.select_for_update(of=("self",)).select_related("inspector", "application__authority", "grid")
    visit = visits.get(pk=visit.pk, application=application)
    require_permission(can_inspect(visit, by))
    if visit.state != VisitState.DONE:
        raise guards.WrongState
    before = visit.reports.order_by("-number").first()
    if before is not None and not reason:
        raise AlreadyEstablished
    said, established = _apart(report)
    visit.conclusion = conclusion
    for name, value in said.items():
        setattr(visit, name, value)
    visit.save()
    if findings is not None:
        visit.findings.all().delete()
        inspection.keep_findings(visit, findings)
    established = {"signature": SignatureGiven.NOT_ASKED} | established
    number = before.number + 1 if before else 1
    version = Report(
        visit=visit,
        number=number,
        reason=reason if before else "",
        conclusion=conclusion,
        author=by,
        established_on=on,
        **established,
    )
    content = reporting.visit_report(visit, version, before=before, on=on)
    version.act = acts.freeze(application, ActKind.VISIT_REPORT, content, on=on)
    version.save()
    event = Event.REPORT_CORRECTED if before else Event.REPORT_ESTABLISHED
    facts = {"reason": reason} if before else {}
    journal.record(
        application, event, by=by, on=on, visit=visit.pk, number=number, conclusion=conclusion, act=version.act_id, **facts
    )
    danger.alert(application, visit, list(visit.findings.order_by("position")), by=by, on=on)
    flows.advance(application)
    return version


@transaction.atomic
def settle_conflict(visit: Visit, *, keep: uuid.UUID, by: User, on: date) -> Entry:
    """Trancher entre deux saisies : celle qui est gardée est écrite de nouveau, en connaissance des deux. Raises ConflictGone."""
    application = Application.objects.locked().get(pk=visit.application_id)
    visits = Visit.objects.select_for_update(of=("self",)).select_related("application__authority")
    visit = visits.get(pk=visit.pk, application=application)
    require_permission(can_inspect(visit, by))
    entries = list(visit.entries.order_by("number"))
    chosen = next((entry for entry in entries if entry.pk == keep), None)
    if chosen is None or chosen not in contested(entries).get(chosen.key, []):
        raise ConflictGone
    device, last = desk_of(by), entries[-1].number
    own = [entry.sequence for entry in entries if entry.device_id == device.pk]
    settled = Entry.objects.create(
        id=uuid.uuid4(),
        visit=visit,
        device=device,
        sequence=max(own, default=0) + 1,
        number=last + 1,
        base=last,
        kind=chosen.kind,
        key=chosen.key,
        payload=chosen.payload,
        made_at=timezone.now(),
        author=by,
    )
    journal.record(application, Event.CONFLICT_SETTLED, by=by, on=on, visit=visit.pk, key=chosen.key, kept=str(chosen.pk))
    flows.advance(application)
    return settled


def desk_of(user: User) -> Device:
    """The device in whose name a person writes from the office: always the same one."""
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"permis-de-louer/bureau/{user.pk}")
    device, _ = Device.objects.update_or_create(id=key, defaults={"user": user, "label": DESK, "last_seen_at": timezone.now()})
    return device


def _apart(report: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of the visit, and what of this version of its report."""
    of_version = {"mandate", "signature", "others_conform"}
    return (
        {name: value for name, value in report.items() if name not in of_version},
        {name: value for name, value in report.items() if name in of_version},
    )
