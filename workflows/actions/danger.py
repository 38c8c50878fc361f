"""A danger seen at a visit: the manager hears of it at once, and may hand it over to the police power. The case goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from documents import acts
from documents.enums import ActKind
from documents.models import Act
from inspections.enums import Severity
from inspections.models import Finding, Visit
from notifications import outbox
from notifications.enums import Kind
from permis import guards, journal, permissions
from permis.models import Application
from permis.models.journal import Event
from workflows import flows, reporting
from workflows.guards import require_permission


class NoDanger(guards.Refusal):
    code = "wrong_state"
    message = "Aucun danger n’est constaté dans ce dossier : il n’y a pas de quoi saisir le pouvoir de police."


def alert(application: Application, visit: Visit, findings: Sequence[Finding], *, by: User, on: date) -> None:
    """Alerter le responsable d’un danger, une fois par visite. The caller holds the case locked."""
    dangers = [each for each in findings if each.severity == Severity.DANGER]
    if not dangers or application.journal.filter(event=Event.DANGER_FOUND, facts__visit=visit.pk).exists():
        return
    journal.record(application, Event.DANGER_FOUND, by=by, on=on, visit=visit.pk, codes=[each.code for each in dangers])
    outbox.enqueue(Kind.DANGER_FOUND, application=application, on=on, once=f"visit {visit.pk}", visit=visit, dangers=dangers)


@transaction.atomic
def police_note(
    visit: Visit,
    *,
    recipient: str,
    seen: str,
    measures: str,
    by: User,
    on: date,
    occupants: str = "",
    with_photos: bool = True,
) -> Act:
    """Établir la note de saisine du pouvoir de police (CCH L.511-1 et suivants, L.511-19). Raises NoDanger."""
    application = Application.objects.locked().get(pk=visit.application_id)
    visit = Visit.objects.select_related("inspector", "application__authority").get(pk=visit.pk, application=application)
    require_permission(permissions.can_manage(application, by))
    if not visit.findings.filter(severity=Severity.DANGER).exists():
        raise NoDanger
    content = reporting.police_note(
        visit,
        recipient=recipient,
        occupants=occupants,
        seen=seen,
        measures=measures,
        with_photos=with_photos,
        by=by,
        capacity=f"{Role.MANAGER.label}, {application.authority.service}",
        on=on,
    )
    act = acts.freeze(application, ActKind.POLICE_NOTE, content, on=on)
    journal.record(application, Event.POLICE_NOTE, by=by, on=on, visit=visit.pk, act=act.pk)
    flows.advance(application)
    return act
