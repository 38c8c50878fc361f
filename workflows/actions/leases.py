"""The lease signed under a permit: declared, it uses the permit up; and the warnings while none is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from notifications import outbox
from notifications.enums import Kind
from permis import attached, deadlines, guards, journal, permissions
from permis.alarms import Alarm
from permis.enums import LeaseSource, State
from permis.models import Application, Lease
from permis.models.journal import Event
from workflows import flows
from workflows.actions import owed
from workflows.actions.pending_transfers import close_without_permit
from workflows.actions.works import to_settle
from workflows.guards import require, require_permission


class TooManyLeases(guards.Refusal):
    code = "wrong_state"
    message = "Cette autorisation ne couvre pas d’autre bail : chaque nouvelle mise en location en demande une (CCH L. 635-4)."


@transaction.atomic
def declare_lease(
    application: Application,
    *,
    signed_on: Sequence[date],
    by: User,
    on: date,
    source: LeaseSource = LeaseSource.LANDLORD,
    evidence: str = "",
) -> list[Lease]:
    """Déclarer les baux signés sous l’autorisation : un, ou un par colocataire quand chacun a le sien.

    Raises LeaseInTheFuture, LeaseTooEarly, TooLate, PriorWorksNotLifted, TooManyLeases.
    """
    application = Application.objects.locked().get(pk=application.pk)
    if application.state == State.USED:
        require_permission(permissions.can_declare_lease(application, by))
    else:
        require(application.declare_lease, by)
    if any(day > on for day in signed_on):
        raise guards.LeaseInTheFuture
    if len(signed_on) > left(application):
        raise TooManyLeases
    for day in signed_on:
        guards.require_usable(application, day)
    if application.state != State.USED:
        application.declare_lease(on=min(signed_on))
    application.lease_signed_on = min(application.lease_signed_on or min(signed_on), *signed_on)
    application.save()
    source = source if not permissions.is_applicant(application, by) else LeaseSource.LANDLORD
    facts = {"source": source, "evidence": evidence, "declared_on": on, "declared_by": by}
    leases = [Lease.objects.create(application=application, signed_on=day, **facts) for day in sorted(signed_on)]
    for lease in leases:
        journal.record(
            application, Event.LEASE_DECLARED, by=by, on=lease.signed_on, lease=lease.pk, source=source, reason=evidence
        )
    close_without_permit(application, by=by, on=on)
    works = list(to_settle(application)) if application.follows_works else []
    outbox.enqueue(Kind.LEASE_DECLARED, application=application, on=on, leases=leases, works=works)
    flows.advance(application)
    return leases


def left(application: Application) -> int:
    """How many leases the permit may still be used for: one, or as many as a shared dwelling has tenants."""
    if application.state not in (*State.authorising(), State.USED, State.LAPSED):
        return 0
    return max(application.separate_leases, 1) - attached.of(application.leases).count()


@transaction.atomic
def warn_of_lapse(application: Application, *, on: date) -> Application | None:
    """Annoncer au titulaire la fin de l’autorisation, quatre-vingt-dix puis trente jours avant ; chaque fois une seule."""
    application = Application.objects.locked().get(pk=application.pk)
    until = application.valid_until
    if application.state not in State.authorising() or until is None:
        return None
    warning = owed.step(application, Alarm.LAPSE, deadlines.lapse_warnings_on(until), on=on, until=until)
    if warning is None or journal.is_told(application, Event.LAPSE_WARNED, warning=warning):
        return None
    journal.record(application, Event.LAPSE_WARNED, on=on, warning=warning, valid_until=until)
    outbox.enqueue(Kind.LAPSE_WARNING, application=application, on=on, once=warning.isoformat())
    return application
